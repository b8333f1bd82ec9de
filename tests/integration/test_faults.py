"""Whatever goes wrong at the PBX or on the way: nothing breaks, nothing is made up, and everything comes back."""

import logging
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.const import STATE_UNAVAILABLE
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_fire_time_changed

from custom_components.dls_pbx.const import LOGGER
from simulator.app import Simulator
from simulator.faults.orders import FaultKind
from simulator.pbx.simulated import SimulatedPbx
from simulator.quirks.switches import PERMISSION_TEXTS
from tests.helpers import faults
from tests.helpers.entities import ENTRY_ID, all_states, entity_of, state_of
from tests.helpers.office import CALLER, JERRY, KEY, OTHER_CALLER, TOM
from tests.integration.conftest import Poll

# What each action tells, by the keys of the contract; the fax statistics are with the faxes.
SHOWN_BY = {
    "status.users": {
        "registered", "voicemail_new", "voicemail_old", "latency", "phones_registered", "phones_unregistered",
    },
    "status.queues": {
        "callers_waiting", "longest_wait", "hold_time", "completed_calls", "lost_calls", "abandon_rate",
        "agents_logged_in", "agents_available", "agents_on_call", "agents_paused", "agent_state",
    },
    "status.calls": {
        "active_calls", "inbound_calls", "outbound_calls", "internal_calls", "ringing_calls", "call_state", "in_call",
    },
    "status.faxes": {"faxes_queued", "faxes_processing", "faxes_completed", "faxes_failed"},
    "status.conferences": {"conference_participants", "participants", "admins", "locked"},
    "status.provisioning": {"last_provisioned", "provisioned", "calls_in", "calls_out"},
    "status.dialer": {"status", "type", "call_ratio", "max_attempts"},
    "status.dialerlogs": {"last_log"},
    "reports.report": {
        "calls_today", "missed_calls_today", "abandoned_calls_today",
        "service_level_today", "answer_speed_today", "talk_time_today",
    },
    "sms.query_sms": {"sms"},
}  # fmt: skip

# Those that take down what they hit and nothing else: the others are held back, or no failure of anybody's.
FAULTS = [
    (kind, options)
    for kind, options in faults.FAULTS
    if kind not in {*faults.HELD_BACK, *faults.ABOUT_THE_KEY, FaultKind.CLOSING}
]
EVENTS = ("_call", "_fax", "_sms", "_queue")


@pytest.fixture
async def busy(hass: HomeAssistant, pbx: SimulatedPbx, all_entities: None, entry: MockConfigEntry) -> MockConfigEntry:
    """Return the config entry, set up on an office where one of everything goes on."""
    pbx.call_in(CALLER, to="night")
    pbx.answer(pbx.call_in(OTHER_CALLER, to="69"))
    pbx.call_in(CALLER, to="100")  # it rings
    pbx.join_conference("2000", OTHER_CALLER)
    pbx.fax_progress(pbx.send_fax(TOM, "7735550111"))
    assert await async_setup_component(hass, "homeassistant", {})
    assert await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    return entry


def _unavailable(hass: HomeAssistant) -> set[str]:
    """Return the unique ids of what is unavailable."""
    return {unique_id for unique_id, state in all_states(hass).items() if state == STATE_UNAVAILABLE}


def _is_ours(unique_id: str) -> bool:
    """Tell whether we know it without the PBX."""
    return unique_id.startswith(("pbx_connected", "pbx_callbacks"))


def _of_action(hass: HomeAssistant, action: str) -> set[str]:
    """Return the unique ids of what an action tells."""
    keys = SHOWN_BY[action]
    entities = er.async_entries_for_config_entry(er.async_get(hass), ENTRY_ID)
    return {
        entity.unique_id.removeprefix(f"{ENTRY_ID}_")
        for entity in entities
        if entity.translation_key in keys
        or (action == "status.faxes" and str(entity.translation_key).startswith("fax_"))
    }


def _lines(caplog: pytest.LogCaptureFixture) -> list[int]:
    """Return the levels of what the integration said above DEBUG."""
    return [one.levelno for one in caplog.records if one.name == LOGGER.name and one.levelno > logging.DEBUG]


def _check_log(caplog: pytest.LogCaptureFixture) -> None:
    """Nothing failed that nobody caught, and nobody said the key."""
    ours = [record for record in caplog.records if record.name.startswith(LOGGER.name)]
    assert [record for record in caplog.records if record.levelno >= logging.ERROR] == []
    assert [record for record in ours if record.exc_info] == []
    assert KEY not in caplog.text


def test_every_entity_belongs_to_one_action() -> None:
    """Otherwise the checks below would check less than they say."""
    keys = [key for keys in SHOWN_BY.values() for key in keys]
    assert len(keys) == len(set(keys))


@pytest.mark.parametrize(("kind", "options"), FAULTS)
async def test_a_failing_action_takes_only_its_own_entities_down(
    hass: HomeAssistant,
    caplog: pytest.LogCaptureFixture,
    simulator: Simulator,
    busy: MockConfigEntry,
    poll: Poll,
    kind: str,
    options: dict[str, Any],
) -> None:
    """One broken PHP script must neither show an empty office nor hide the rest, nor fill the log."""
    caplog.set_level(logging.DEBUG)

    def shown() -> dict[str, str]:
        return {one: state for one, state in all_states(hass).items() if not one.endswith("longest_wait")}

    for action in SHOWN_BY:
        before = shown()
        own = _of_action(hass, action)
        assert own <= all_states(hass).keys(), action
        caplog.clear()
        simulator.control.fail(action, kind, None, **options)
        for _ in range(2):  # it goes on failing, and is told once
            await poll()
            assert _unavailable(hass) == own, action
            assert shown() == before | {one: STATE_UNAVAILABLE for one in own if one in before}, action
            assert _lines(caplog) == [logging.WARNING], action
        simulator.control.heal(action)
        await poll()
        assert shown() == before, action
        assert _lines(caplog) == [logging.WARNING, logging.INFO], action
        _check_log(caplog)


@pytest.mark.parametrize("kind", faults.HELD_BACK)
async def test_an_answer_that_does_not_come_is_given_up(
    hass: HomeAssistant,
    caplog: pytest.LogCaptureFixture,
    simulator: Simulator,
    frozen: FrozenDateTimeFactory,
    busy: MockConfigEntry,
    poll: Poll,
    kind: str,
) -> None:
    """A PBX that hangs, before its answer or in the middle of it, must not freeze what it last said."""
    caplog.set_level(logging.DEBUG)
    for action in SHOWN_BY:
        own = _of_action(hass, action)
        asked = next(
            entity.entity_id
            for entity in er.async_entries_for_config_entry(er.async_get(hass), ENTRY_ID)
            if entity.unique_id.removeprefix(f"{ENTRY_ID}_") in own
        )
        caplog.clear()
        fault = simulator.control.fail(action, kind)
        await hass.services.async_call("homeassistant", "update_entity", {"entity_id": asked})
        await fault.taken.wait()
        assert _unavailable(hass) == set(), action
        frozen.tick(31)
        async_fire_time_changed(hass)
        await hass.async_block_till_done(wait_background_tasks=True)
        assert _unavailable(hass) == own, action
        simulator.control.heal()
        await poll()
        assert _unavailable(hass) == set(), action
        assert _lines(caplog) == [logging.WARNING, logging.INFO], action
        _check_log(caplog)


async def test_an_outage_of_the_whole_pbx_is_told_once(
    hass: HomeAssistant,
    caplog: pytest.LogCaptureFixture,
    simulator: Simulator,
    busy: MockConfigEntry,
    poll: Poll,
) -> None:
    """Ten actions fail, and the log has one line for it, and one when it is over."""
    caplog.set_level(logging.DEBUG)
    before = {one: state for one, state in all_states(hass).items() if not one.endswith("longest_wait")}
    caplog.clear()
    await simulator.stop()
    for _ in range(3):
        await poll()
        assert {one for one in all_states(hass).keys() - _unavailable(hass) if not _is_ours(one)} == set()
        assert state_of(hass, "pbx", "connected") == "off"
    await simulator.start()
    await poll()
    assert {one: state for one, state in all_states(hass).items() if not one.endswith("longest_wait")} == before
    assert state_of(hass, "pbx", "connected") == "on"
    assert _lines(caplog) == [logging.WARNING, logging.INFO]
    _check_log(caplog)


async def test_the_pbx_is_connected_while_any_action_answers(
    hass: HomeAssistant, simulator: Simulator, busy: MockConfigEntry, poll: Poll
) -> None:
    """An automation on "connected" must neither cry wolf nor sleep."""
    for action in SHOWN_BY:
        assert state_of(hass, "pbx", "connected") == "on"
        simulator.control.fail(action, "html", None)
        await poll()
    assert state_of(hass, "pbx", "connected") == "off"
    simulator.control.heal("status.dialerlogs")
    await poll()
    assert state_of(hass, "pbx", "connected") == "on"


async def test_two_troubles_at_once_are_two_outages(
    hass: HomeAssistant,
    caplog: pytest.LogCaptureFixture,
    simulator: Simulator,
    busy: MockConfigEntry,
    poll: Poll,
) -> None:
    """A missing permission must not hide behind a broken page, nor its end behind the other's."""
    caplog.clear()
    simulator.control.fail("status.faxes", "no_permission", None)
    simulator.control.fail("status.dialer", "html", None)
    await poll()
    assert _lines(caplog) == [logging.WARNING] * 2
    simulator.control.heal("status.faxes")
    await poll()
    assert _lines(caplog) == [logging.WARNING, logging.WARNING, logging.INFO]
    assert _unavailable(hass) == _of_action(hass, "status.dialer")


async def test_an_outage_that_changes_its_face_is_still_one(
    hass: HomeAssistant,
    caplog: pytest.LogCaptureFixture,
    simulator: Simulator,
    busy: MockConfigEntry,
    poll: Poll,
) -> None:
    """A PBX that restarts is unreachable, then under maintenance, then busy: one line down, one up."""
    caplog.set_level(logging.INFO)
    caplog.clear()
    for kind in ("reset_before", "html", "rate_limited", "no_permission"):
        simulator.control.fail("status.faxes", kind, times=None)
        await poll()
        simulator.control.heal()
        assert _unavailable(hass) == _of_action(hass, "status.faxes")
    await poll()
    assert _lines(caplog) == [logging.WARNING, logging.INFO]


async def test_a_missing_permission_is_told_in_any_words_and_status(
    hass: HomeAssistant,
    caplog: pytest.LogCaptureFixture,
    simulator: Simulator,
    busy: MockConfigEntry,
    poll: Poll,
) -> None:
    """A user who may not see the faxes still sees the calls, and is not asked for another key."""
    own = _of_action(hass, "status.faxes")
    ways = [(text, status) for text in PERMISSION_TEXTS for status in (200, 400, 401, 403, 404, 422, 500)]
    ways.remove(("Forbidden", 401))  # which is HTTP's own way to ask for credentials
    for text, status in ways:
        simulator.control.quirk("status.faxes", permission_text=text, permission_status=status)
        simulator.control.fail("status.faxes", "no_permission")
        await poll(61)
        assert _unavailable(hass) == own, (text, status)
        await poll(61)
        assert _unavailable(hass) == set(), (text, status)
    assert hass.config_entries.flow.async_progress() == []
    _check_log(caplog)


@pytest.mark.parametrize("status", [200, 400, 404, 422, 500])
async def test_a_refusal_is_one_whatever_its_status(
    hass: HomeAssistant, simulator: Simulator, busy: MockConfigEntry, poll: Poll, status: int
) -> None:
    """PHP programs set HTTP statuses as they like."""
    simulator.control.quirk(error_status=status)
    simulator.control.fail("status.users", "echoed_key")
    await poll()
    assert _unavailable(hass) == _of_action(hass, "status.users")
    await poll()
    assert _unavailable(hass) == set()


@pytest.mark.parametrize(
    ("action", "retry_after"),
    [*((action, 900) for action in SHOWN_BY), ("status.calls", "Mon, 23 Nov 2026 15:20:01 GMT")],
)
async def test_the_pbx_is_left_alone_for_as_long_as_it_asks(
    hass: HomeAssistant, simulator: Simulator, busy: MockConfigEntry, poll: Poll, action: str, retry_after: int | str
) -> None:
    """Asking on makes a PBX that is short of breath lock us out, however much goes on there."""
    simulator.control.fail(action, "rate_limited", 1, retry_after=retry_after)
    await poll()
    assert _unavailable(hass) == _of_action(hass, action)
    asked = len(simulator.requests.of(action))
    for _ in range(14):
        await poll(60)
    assert len(simulator.requests.of(action)) == asked
    await poll(62)
    assert len(simulator.requests.of(action)) == asked + 1
    assert _unavailable(hass) == set()


@pytest.mark.parametrize("action", list(SHOWN_BY))
async def test_what_fails_at_set_up_comes_later(
    hass: HomeAssistant,
    caplog: pytest.LogCaptureFixture,
    simulator: Simulator,
    pbx: SimulatedPbx,
    all_entities: None,
    entry: MockConfigEntry,
    poll: Poll,
    action: str,
) -> None:
    """One broken PHP script must not keep the whole PBX out of Home Assistant, nor its own part out for good."""
    pbx.join_conference("2000", OTHER_CALLER)
    pbx.call_in(CALLER, to="69")
    simulator.control.fail(action, "html", None)
    assert await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert state_of(hass, "pbx", "connected") == "on"
    keys = {entity.translation_key for entity in er.async_entries_for_config_entry(er.async_get(hass), ENTRY_ID)}
    others = {key for other, keys in SHOWN_BY.items() if other != action for key in keys}
    # What hangs on an object that is not known yet is not there either: phones on users, campaigns' logs on campaigns.
    hanging = {
        "status.users": {"call_state", "in_call", "agent_state", *SHOWN_BY["status.provisioning"]},
        "status.dialer": SHOWN_BY["status.dialerlogs"],
        "status.queues": set(),
    }
    assert keys >= others - hanging.get(action, set())
    # What the PBX itself has is there from the beginning; its objects appear when they are known.
    of_records = _of_action(hass, action) if not action.startswith("status.") else set()
    assert _of_action(hass, action) == of_records
    assert _unavailable(hass) == of_records
    simulator.control.heal()
    await poll()
    later = all_states(hass)
    assert _lines(caplog) == [logging.WARNING, logging.INFO]
    _check_log(caplog)
    await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert {one: state for one, state in later.items() if not one.endswith(EVENTS)} == {
        one: state for one, state in all_states(hass).items() if not one.endswith(EVENTS)
    }
    assert entity_of(hass, f"phone_{JERRY}", "call_state")
    assert state_of(hass, f"phone_{JERRY}", "call_state") == "ringing"
