"""What the sensors show, and that they follow what happens at the PBX."""

from dataclasses import replace
from unittest.mock import patch

from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from syrupy.assertion import SnapshotAssertion

from custom_components.dls_pbx.options import CONF_PHONES
from simulator.pbx.simulated import SimulatedPbx
from tests.helpers.entities import entity_of, product_text, state_of, states_of
from tests.helpers.office import CALLER, JERRY, OTHER_CALLER, TOM, ZOE
from tests.integration.conftest import Poll

COUNT = (None, None, "measurement", None, True)
COUNTER = (None, None, "total_increasing", None, True)
SECONDS = ("s", "duration", "measurement", None, True)
FAX_COUNTER = (None, None, "total_increasing", "diagnostic", False)
NO_STATISTICS = (None, None, None, None, True)
DIAGNOSTIC = (None, None, None, "diagnostic", True)

# The contract's table: object, key, then unit, device class, state class, category, on by default.
ROWS = [
    ("pbx", "active_calls", *COUNT),
    ("pbx", "inbound_calls", *COUNT),
    ("pbx", "outbound_calls", *COUNT),
    ("pbx", "internal_calls", *COUNT),
    ("pbx", "ringing_calls", *COUNT),
    ("pbx", "callers_waiting", *COUNT),
    ("pbx", "longest_wait", *SECONDS),
    ("pbx", "phones_registered", *COUNT),
    ("pbx", "phones_unregistered", *COUNT),
    ("pbx", "faxes_queued", *COUNT),
    ("pbx", "faxes_processing", *COUNT),
    ("pbx", "faxes_completed", *COUNTER),
    ("pbx", "faxes_failed", *COUNTER),
    ("pbx", "fax_current_sessions", None, None, "measurement", "diagnostic", False),
    ("pbx", "fax_reserved_sessions", None, None, "measurement", "diagnostic", False),
    ("pbx", "fax_transmit_attempts", *FAX_COUNTER),
    ("pbx", "fax_receive_attempts", *FAX_COUNTER),
    ("pbx", "fax_success", *FAX_COUNTER),
    ("pbx", "fax_switched_to_t_38", *FAX_COUNTER),
    ("pbx", "fax_call_dropped", *FAX_COUNTER),
    ("pbx", "fax_no_fax", *FAX_COUNTER),
    ("pbx", "fax_negotiation_failed", *FAX_COUNTER),
    ("pbx", "fax_train_failure", *FAX_COUNTER),
    ("pbx", "fax_retries_exceeded", *FAX_COUNTER),
    ("pbx", "fax_protocol_error", *FAX_COUNTER),
    ("pbx", "fax_tx_protocol_error", *FAX_COUNTER),
    ("pbx", "fax_rx_protocol_error", *FAX_COUNTER),
    ("pbx", "fax_file_error", *FAX_COUNTER),
    ("pbx", "fax_memory_error", *FAX_COUNTER),
    ("pbx", "fax_unknown_error", *FAX_COUNTER),
    ("pbx", "conference_participants", *COUNT),
    ("pbx", "callbacks_owed", *COUNT),
    *(
        (place, *row)
        for place in ("pbx", "queue_support")
        for row in (
            ("calls_today", *COUNT),
            ("missed_calls_today", *COUNT),
            ("abandoned_calls_today", *COUNT),
            ("service_level_today", "%", None, "measurement", None, True),
            ("answer_speed_today", *SECONDS),
            ("talk_time_today", *SECONDS),
        )
    ),
    ("queue_support", "callers_waiting", *COUNT),
    ("queue_support", "longest_wait", *SECONDS),
    ("queue_support", "hold_time", *SECONDS),
    ("queue_support", "completed_calls", *COUNTER),
    ("queue_support", "lost_calls", *COUNTER),
    ("queue_support", "abandon_rate", "%", None, "measurement", None, True),
    ("queue_support", "agents_logged_in", *COUNT),
    ("queue_support", "agents_available", *COUNT),
    ("queue_support", "agents_on_call", *COUNT),
    ("queue_support", "agents_paused", *COUNT),
    (f"phone_{TOM}", "call_state", None, "enum", None, None, True),
    (f"phone_{TOM}", "agent_state", None, "enum", None, None, True),
    (f"phone_{TOM}", "voicemail_new", *NO_STATISTICS),
    (f"phone_{TOM}", "voicemail_old", *NO_STATISTICS),
    (f"phone_{TOM}", "latency", "ms", "duration", "measurement", "diagnostic", False),
    (f"phone_{TOM}", "last_provisioned", None, "timestamp", None, "diagnostic", True),
    (f"phone_{TOM}", "calls_in", *DIAGNOSTIC),
    (f"phone_{TOM}", "calls_out", *DIAGNOSTIC),
    ("conference_2000", "participants", *COUNT),
    ("conference_2000", "admins", *COUNT),
    ("campaign_1", "status", *NO_STATISTICS),
    ("campaign_1", "last_log", *NO_STATISTICS),
    ("campaign_1", "type", *DIAGNOSTIC),
    ("campaign_1", "call_ratio", *DIAGNOSTIC),
    ("campaign_1", "max_attempts", *DIAGNOSTIC),
]


@pytest.fixture
def meeting(pbx: SimulatedPbx) -> str:
    """Put someone into the conference room: the PBX shows only rooms in use."""
    return pbx.join_conference("2000", OTHER_CALLER)


async def test_every_sensor_of_the_contract_is_there_as_promised(
    hass: HomeAssistant, meeting: str, loaded: MockConfigEntry
) -> None:
    """Dashboards, statistics and automations hold on to these."""
    found = []
    for object_id, key, *_ in ROWS:
        entity = entity_of(hass, object_id, key)
        assert entity, f"{object_id} {key} is missing"
        assert entity.translation_key == key
        assert entity.has_entity_name
        found.append((
            object_id,
            key,
            entity.unit_of_measurement,
            entity.original_device_class,
            (entity.capabilities or {}).get("state_class"),
            entity.entity_category,
            entity.disabled_by is None,
        ))  # fmt: skip
    assert found == ROWS


async def test_no_sensor_is_there_that_the_contract_does_not_name(
    hass: HomeAssistant, entity_registry: er.EntityRegistry, meeting: str, loaded: MockConfigEntry
) -> None:
    """A name that slips out is one that users hold on to."""
    promised = {f"01PBX_{object_id}_{key}" for object_id, key, *_ in ROWS}
    kinds = ("pbx", "queue_support", f"phone_{TOM}", "conference_2000", "campaign_1")
    found = {
        entity.unique_id
        for entity in er.async_entries_for_config_entry(entity_registry, "01PBX")
        if entity.domain == "sensor" and entity.unique_id.startswith(tuple(f"01PBX_{kind}_" for kind in kinds))
    }
    assert found == promised


async def test_what_enums_can_show_is_known_beforehand(hass: HomeAssistant, loaded: MockConfigEntry) -> None:
    """The automation editor offers these as the states to wait for."""
    call_state = entity_of(hass, f"phone_{TOM}", "call_state")
    agent_state = entity_of(hass, f"phone_{TOM}", "agent_state")
    assert call_state
    assert agent_state
    assert call_state.capabilities == {"options": ["idle", "ringing", "in_call"]}
    assert sorted(agent_state.capabilities["options"]) == ["available", "on_call", "paused", "ringing", "unreachable"]


async def test_the_sensors_read_well(
    hass: HomeAssistant, snapshot: SnapshotAssertion, meeting: str, entry: MockConfigEntry
) -> None:
    """Names, units and states are the product: a change in any of them is seen here."""
    hass.config_entries.async_update_entry(entry, title="Small office", options={CONF_PHONES: [TOM, ZOE]})
    assert await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert product_text(hass, "sensor") == snapshot


# --- the PBX's calls -----------------------------------------------------------------------------------------------

CALLS = ("active_calls", "inbound_calls", "outbound_calls", "internal_calls", "ringing_calls")


async def test_calls_are_counted_by_direction(
    hass: HomeAssistant, pbx: SimulatedPbx, loaded: MockConfigEntry, poll: Poll
) -> None:
    """Whoever watches the lines sees how many are busy, and with what."""
    assert states_of(hass, "pbx", *CALLS) == dict.fromkeys(CALLS, "0")
    pbx.call_in(CALLER, to="support")
    ringing = pbx.call_in(OTHER_CALLER, to="100")
    pbx.call_out(JERRY, "3125550100")
    await poll()
    assert list(states_of(hass, "pbx", *CALLS).values()) == ["3", "2", "1", "0", "2"]
    pbx.hang_up(ringing)
    pbx.call_internal("100", "night")
    await poll()
    assert list(states_of(hass, "pbx", *CALLS).values()) == ["3", "1", "1", "1", "1"]


async def test_a_caller_in_a_queue_is_connected_and_not_ringing(
    hass: HomeAssistant, pbx: SimulatedPbx, loaded: MockConfigEntry, poll: Poll
) -> None:
    """The PBX answers who waits in a queue; counting them as ringing would show a phone nobody hears."""
    pbx.call_in(CALLER, to="night")
    await poll()
    assert state_of(hass, "pbx", "active_calls") == "1"
    assert state_of(hass, "pbx", "ringing_calls") == "0"


# --- faxes ---------------------------------------------------------------------------------------------------------

FAXES = ("faxes_queued", "faxes_processing", "faxes_completed", "faxes_failed")


async def test_faxes_are_counted_on_their_way_out(
    hass: HomeAssistant, pbx: SimulatedPbx, loaded: MockConfigEntry, poll: Poll
) -> None:
    """Whoever sent one sees whether it waits, is under way, or came to nothing."""
    seen = [list(states_of(hass, "pbx", *FAXES).values())]
    first = pbx.send_fax(TOM, "7735550111")
    pbx.send_fax(TOM, "7735550112")
    await poll()
    seen.append(list(states_of(hass, "pbx", *FAXES).values()))
    pbx.fax_progress(first)
    await poll()
    seen.append(list(states_of(hass, "pbx", *FAXES).values()))
    pbx.fax_fail(first)  # it waits for its next attempt
    await poll()
    seen.append(list(states_of(hass, "pbx", *FAXES).values()))
    pbx.fax_progress(first)
    pbx.fax_complete(first)
    await poll()
    seen.append(list(states_of(hass, "pbx", *FAXES).values()))
    assert seen == [
        ["0", "0", "0", "0"],
        ["2", "0", "0", "0"],
        ["1", "1", "0", "0"],
        ["2", "0", "1", "1"],
        ["1", "0", "2", "1"],
    ]


@pytest.mark.usefixtures("all_entities")
async def test_every_field_of_the_fax_statistics_can_be_watched(
    hass: HomeAssistant, pbx: SimulatedPbx, loaded: MockConfigEntry, poll: Poll
) -> None:
    """Whoever hunts a bad fax line needs to know in which way it fails."""
    fax = pbx.send_fax(TOM, "7735550111")
    pbx.fax_progress(fax)
    await poll()
    assert state_of(hass, "pbx", "fax_current_sessions") == "1"
    assert state_of(hass, "pbx", "fax_transmit_attempts") == "1"
    pbx.set_fax_counters({"switched_to_t.38": 4, "train_failure": 5, "rx_protocol_error": 6, "success": 7})
    await poll()
    assert state_of(hass, "pbx", "fax_switched_to_t_38") == "4"
    assert state_of(hass, "pbx", "fax_train_failure") == "5"
    assert state_of(hass, "pbx", "fax_rx_protocol_error") == "6"
    assert state_of(hass, "pbx", "fax_success") == "7"
    shown = {key.removeprefix("fax_") for _, key, *_ in ROWS if key.startswith("fax_")}
    named = {field.replace("t.38", "t_38") for field in pbx.faxes()[1]} - {"completed_faxes", "failed_faxes"}
    assert shown == named


# --- conferences and campaigns -------------------------------------------------------------------------------------


async def test_participants_are_everyone_in_the_room(
    hass: HomeAssistant, pbx: SimulatedPbx, meeting: str, loaded: MockConfigEntry, poll: Poll
) -> None:
    """The administrator is a participant too."""
    pbx.join_conference("2000", TOM, admin=True)
    pbx.join_conference("2000", CALLER)
    await poll()
    assert states_of(hass, "conference_2000", "participants", "admins") == {"participants": "3", "admins": "1"}
    pbx.add_conference("3000")
    pbx.join_conference("3000", JERRY)
    await poll()
    assert state_of(hass, "pbx", "conference_participants") == "4"
    pbx.leave_conference(meeting)
    await poll()
    assert state_of(hass, "conference_2000", "participants") == "2"
    assert state_of(hass, "pbx", "conference_participants") == "3"


async def test_people_of_whom_the_pbx_says_nothing_are_not_nobody(
    hass: HomeAssistant, pbx: SimulatedPbx, loaded: MockConfigEntry, poll: Poll
) -> None:
    """A meeting would be over for whoever waits until the room is free."""
    pbx.join_conference("2000", CALLER)
    room = replace(pbx.conferences()[0], users="some")  # type: ignore[arg-type]  # a PBX may say so
    with patch.object(pbx, "conferences", lambda: [room]):
        await poll()
    assert state_of(hass, "pbx", "conference_participants") == "unknown"


async def test_a_campaign_tells_whether_it_runs_and_what_it_does(
    hass: HomeAssistant, pbx: SimulatedPbx, loaded: MockConfigEntry, poll: Poll
) -> None:
    """Who started a campaign sees it going, and how it is set."""
    keys = ("status", "type", "call_ratio", "max_attempts")
    assert list(states_of(hass, "campaign_1", *keys).values()) == ["Stopped", "blaster", "1.5", "3"]
    pbx.start_campaign("1")
    await poll()
    assert state_of(hass, "campaign_1", "status") == "Running"
    assert (state_of(hass, "campaign_1", "last_log") or "").endswith("STATUS: Ready for dialing")


async def test_the_last_line_of_a_log_masks_the_numbers_in_it(
    hass: HomeAssistant, pbx: SimulatedPbx, loaded: MockConfigEntry, poll: Poll
) -> None:
    """States are recorded for years; whom a campaign called is nobody's business by then."""
    pbx.log_campaign("1", "INFO", "Placing call to pd-12-8-3 at 8155550123, then +1 (815) 555-0124")
    await poll()
    assert state_of(hass, "campaign_1", "last_log") == (
        "[Nov 23 09:00:00] INFO: Placing call to pd-12-8-3 at …23, then …24"
    )
    pbx.log_campaign("1", "DEBUG", "x" * 400)
    await poll()
    assert len(state_of(hass, "campaign_1", "last_log") or "") == 255


async def test_a_campaign_that_never_ran_has_no_last_line(
    hass: HomeAssistant, pbx: SimulatedPbx, loaded: MockConfigEntry, poll: Poll
) -> None:
    """An empty log is nothing to show, and nothing to fail on."""
    pbx.add_campaign("7", "Spring")
    await poll()
    await poll()
    assert state_of(hass, "campaign_7", "status") == "Stopped"
    assert state_of(hass, "campaign_7", "last_log") == "unknown"
