"""Every way of reading the vendor's page gives the same office, whichever of them the PBX plays."""

from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.dls_pbx.const import LOGGER
from simulator.app import Simulator
from simulator.pbx.simulated import SimulatedPbx
from tests.helpers.entities import all_states
from tests.helpers.office import ANNE_MARIE, CALLER, JERRY, OTHER_CALLER, TOM
from tests.helpers.quirks import EVERY_QUIRK, NOT_ABOUT_ANSWERS
from tests.integration.conftest import Poll

# Of answers that are no status, or no answer.
NOT_STATUS = NOT_ABOUT_ANSWERS | {"error_status", "consent_keys"}
QUIRKS = [(name, value) for name, value in EVERY_QUIRK if name not in NOT_STATUS]
# Where the PBX says how long in words that nobody knows, nobody knows how long: but everything else.
LOST = {
    ("durations", "words"): {
        "pbx_longest_wait",
        "queue_night_longest_wait",
        *(f"queue_{queue}_hold_time" for queue in ("support", "night", "0")),
    }
}


@pytest.fixture
async def busy(
    hass: HomeAssistant, pbx: SimulatedPbx, all_entities: None, entry: MockConfigEntry, poll: Poll
) -> MockConfigEntry:
    """Return the config entry, set up on an office where everything goes on that a status action can tell."""
    pbx.add_queue("0")
    pbx.log_in_agent("night", JERRY)
    pbx.pause_agent("night", JERRY, "lunch: back at 1 (or so)")
    call = pbx.call_in(OTHER_CALLER, to="support")
    pbx.call_in(CALLER, to="night")
    pbx.join_conference("2000", OTHER_CALLER)
    pbx.join_conference("2000", JERRY, admin=True)
    pbx.lock_conference("2000")
    pbx.send_fax(TOM, "7735550112")
    pbx.fax_progress(pbx.send_fax(TOM, "7735550111"), page=2, pages=3)
    pbx.log_campaign("1", "INFO", "Placing call to pd-12-8-3 at 8155550123")
    assert await hass.config_entries.async_setup(entry.entry_id)
    await poll(60)  # in whole minutes: one of the PBX's ways of telling how long knows no seconds
    pbx.answer(call, by=ANNE_MARIE)
    pbx.call_in(CALLER, to="69")
    await poll(300)
    return entry


async def _look(hass: HomeAssistant, entry: MockConfigEntry) -> tuple[dict[str, str], dict[str, str | None]]:
    """Return the states and the devices' names as they are after a fresh start."""
    await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    devices = dr.async_entries_for_config_entry(dr.async_get(hass), entry.entry_id)
    return all_states(hass), {str(device.identifiers): device.name for device in devices}


@pytest.mark.parametrize(("name", "value"), QUIRKS)
async def test_a_quirk_of_the_pbx_changes_nothing_that_is_shown(
    hass: HomeAssistant,
    caplog: pytest.LogCaptureFixture,
    simulator: Simulator,
    busy: MockConfigEntry,
    poll: Poll,
    name: str,
    value: Any,
) -> None:
    """There is no PBX to try: whatever the page leaves open must not decide whether the integration works."""
    plain = await _look(hass, busy)
    shown, lost = plain[0], LOST.get((name, value), set())
    assert {shown["queue_night_longest_wait"], shown["pbx_longest_wait"]} == {"360"}
    assert shown["queue_support_hold_time"] == "60"
    expected = {one: "unknown" if one in lost else state for one, state in shown.items()}

    simulator.control.quirk(**{name: value})
    assert await _look(hass, busy) == (expected, plain[1])
    assert [record for record in caplog.records if record.name == LOGGER.name and record.levelname != "DEBUG"] == []


async def test_a_quirk_that_comes_overnight_changes_nothing_that_is_shown(
    hass: HomeAssistant, simulator: Simulator, busy: MockConfigEntry, poll: Poll
) -> None:
    """A PBX is updated while Home Assistant goes on, and rows are compared with those before."""
    waits = ("pbx_longest_wait", "queue_night_longest_wait")
    await poll(3600)  # the consent lists are not read sooner
    waited = 360 + 3600
    plain = all_states(hass)
    assert [plain.pop(one) for one in waits] == [str(waited)] * 2
    for name, value in QUIRKS:
        lost = LOST.get((name, value), set())
        expected = {one: "unknown" if one in lost else state for one, state in plain.items()}
        simulator.control.quirk(**{name: value})
        await poll(360)
        waited += 360
        shown = all_states(hass)
        assert [shown.pop(one) for one in waits] == ["unknown" if one in lost else str(waited) for one in waits], name
        assert shown == expected, (name, value)
        simulator.control.plain()
        await poll(360)
        waited += 360
        shown = all_states(hass)
        assert [shown.pop(one) for one in waits] == [str(waited)] * 2, (name, value)
        assert shown == plain, (name, value)
