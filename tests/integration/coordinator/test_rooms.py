"""Conference rooms: unavailable while nobody is in them, the same again when somebody is, gone after a week."""

from collections.abc import Mapping
from datetime import timedelta
import logging

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import Event, HomeAssistant
from homeassistant.helpers import device_registry as dr, entity_registry as er
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.dls_pbx.const import DOMAIN
from custom_components.dls_pbx.records.store import RecordStore
from simulator.app import Simulator
from simulator.pbx.simulated import SimulatedPbx
from tests.helpers.entities import ENTRY_ID, state_of, states_of
from tests.helpers.office import CALLER, OTHER_CALLER
from tests.helpers.restarts import House
from tests.integration.conftest import Poll

ROOM = "conference_2000"
KEYS = ("participants", "admins", "locked")
NOBODY = dict.fromkeys(KEYS, "unavailable")
WEEK = timedelta(days=7).total_seconds()


def _device(hass: HomeAssistant) -> dr.DeviceEntry | None:
    return dr.async_get(hass).async_get_device_by_identifier((DOMAIN, f"{ENTRY_ID}_{ROOM}"), config_entry_id=ENTRY_ID)


async def _use(pbx: SimulatedPbx, poll: Poll) -> None:
    """Let somebody be in the room for a poll, and nobody at the next one."""
    call = pbx.join_conference("2000", OTHER_CALLER)
    await poll()
    pbx.leave_conference(call)
    await poll()


async def test_an_empty_room_is_unavailable_and_back_at_once(
    hass: HomeAssistant, pbx: SimulatedPbx, loaded: MockConfigEntry, poll: Poll
) -> None:
    """Names, areas and automations of a room would go each time that a meeting ends."""
    await _use(pbx, poll)
    assert states_of(hass, ROOM, *KEYS) == NOBODY
    assert state_of(hass, "pbx", "conference_participants") == "0"
    pbx.join_conference("2000", CALLER)
    pbx.join_conference("2000", OTHER_CALLER, admin=True)
    await poll(61)
    assert states_of(hass, ROOM, *KEYS) == {"participants": "2", "admins": "1", "locked": "on"}
    assert state_of(hass, "pbx", "conference_participants") == "2"


async def test_a_known_room_that_empties_and_fills_writes_no_registry(
    hass: HomeAssistant, pbx: SimulatedPbx, loaded: MockConfigEntry, poll: Poll
) -> None:
    """Both registries are rewritten whole, many times an hour in a busy office: SD cards wear out."""
    await _use(pbx, poll)
    written: list[Event] = []
    for event_type in (dr.EVENT_DEVICE_REGISTRY_UPDATED, er.EVENT_ENTITY_REGISTRY_UPDATED):
        hass.bus.async_listen(event_type, written.append)
    for _ in range(3):
        await _use(pbx, poll)
    assert written == []


async def test_a_room_goes_after_a_week(
    hass: HomeAssistant, pbx: SimulatedPbx, loaded: MockConfigEntry, poll: Poll
) -> None:
    """A room that nobody uses any more would cry for attention for ever."""
    await _use(pbx, poll)
    await poll(WEEK - 700)
    assert _device(hass)
    await poll(400)
    assert _device(hass) is None
    assert states_of(hass, ROOM, *KEYS) == dict.fromkeys(KEYS)
    # And it may come back.
    pbx.join_conference("2000", CALLER)
    await poll()
    assert state_of(hass, ROOM, "participants") == "1"


async def test_a_room_that_is_used_every_day_stays(
    hass: HomeAssistant, pbx: SimulatedPbx, loaded: MockConfigEntry, poll: Poll
) -> None:
    """A week begins when it was last in use, not when it was first."""
    for _ in range(10):
        await _use(pbx, poll)
        await poll(24 * 3600)
    assert _device(hass)


async def test_an_outage_is_no_week_without_anybody(
    hass: HomeAssistant, simulator: Simulator, pbx: SimulatedPbx, loaded: MockConfigEntry, poll: Poll
) -> None:
    """Nobody could look; and who is in the room when the PBX is back finds it as it was."""
    await _use(pbx, poll)
    before = _device(hass)
    simulator.control.fail("status.conferences", "server_error", times=None)
    await poll(WEEK)
    await poll(WEEK)
    assert _device(hass) == before
    pbx.join_conference("2000", CALLER)
    simulator.control.heal()
    await poll()
    assert _device(hass) == before
    assert state_of(hass, ROOM, "participants") == "1"


@pytest.mark.parametrize("ends", ["stop", "kill"])
async def test_an_empty_room_outlives_a_restart(
    house: House, pbx: SimulatedPbx, caplog: pytest.LogCaptureFixture, ends: str
) -> None:
    """What was a meeting room yesterday is one today, and its entities have an integration behind them."""
    await house.start()
    call = pbx.join_conference("2000", OTHER_CALLER)
    await house.pass_time()
    pbx.leave_conference(call)
    await house.pass_time()
    await getattr(house, ends)()
    caplog.clear()
    await house.start()
    assert house.hass is not None
    assert states_of(house.hass, ROOM, *KEYS) == NOBODY
    pbx.join_conference("2000", CALLER)
    await house.pass_time()
    assert state_of(house.hass, ROOM, "participants") == "1"
    device = _device(house.hass)
    assert device
    assert len(er.async_entries_for_device(er.async_get(house.hass), device.id)) == len(KEYS)
    assert [record for record in caplog.records if record.levelno >= logging.ERROR] == []


async def test_a_room_that_was_late_long_ago_goes_after_a_restart(
    house: House, pbx: SimulatedPbx, frozen: FrozenDateTimeFactory
) -> None:
    """Home Assistant was down for ten days: that it saw nobody counts from the first good answer."""
    await house.start()
    call = pbx.join_conference("2000", OTHER_CALLER)
    await house.pass_time()
    pbx.leave_conference(call)
    await house.stop()
    frozen.tick(timedelta(days=10))
    await house.start()
    assert house.hass is not None
    assert _device(house.hass) is None


async def test_a_room_in_use_is_written_once_a_day(
    hass: HomeAssistant, pbx: SimulatedPbx, loaded: MockConfigEntry, poll: Poll, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A meeting of an hour would be sixty writes."""
    written: list[str] = []
    change = RecordStore.patch

    def note(store: RecordStore, section: str, patch: Mapping[str, str]) -> None:
        written.extend(patch.values() if section == "rooms" else ())
        change(store, section, patch)

    monkeypatch.setattr(RecordStore, "patch", note)
    pbx.join_conference("2000", CALLER)
    for _ in range(5):
        await poll()
    assert written == ["2026-11-23"]
    await poll(24 * 3600)
    await poll()
    assert written == ["2026-11-23", "2026-11-24"]
