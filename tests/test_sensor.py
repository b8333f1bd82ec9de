"""What the sensors show, and that they follow what happens at the PBX."""

from datetime import timedelta

from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from syrupy.assertion import SnapshotAssertion

from custom_components.dls_pbx.const import CONF_PHONES
from simulator.pbx import SimulatedPbx
from tests.conftest import Poll
from tests.office import ANNE_MARIE, CALLER, JERRY, NOW, OTHER_CALLER, TOM, ZOE
from tests.shown import entity_of, product_text, state_of, states_of

COUNT = (None, None, "measurement", None, True)
COUNTER = (None, None, "total_increasing", None, True)
SECONDS = ("s", "duration", "measurement", None, True)
FAX_COUNTER = (None, None, "total_increasing", "diagnostic", False)
TEXT = (None, None, None, None, True)
DIAGNOSTIC_TEXT = (None, None, None, "diagnostic", True)
DIAGNOSTIC_COUNT = (None, None, "measurement", "diagnostic", True)

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
    (f"phone_{TOM}", "voicemail_new", *COUNT),
    (f"phone_{TOM}", "voicemail_old", *COUNT),
    (f"phone_{TOM}", "latency", "ms", "duration", "measurement", "diagnostic", False),
    (f"phone_{TOM}", "last_provisioned", None, "timestamp", None, "diagnostic", True),
    (f"phone_{TOM}", "calls_in", *DIAGNOSTIC_COUNT),
    (f"phone_{TOM}", "calls_out", *DIAGNOSTIC_COUNT),
    ("conference_2000", "participants", *COUNT),
    ("conference_2000", "admins", *COUNT),
    ("campaign_1", "status", *TEXT),
    ("campaign_1", "last_log", *TEXT),
    ("campaign_1", "type", *DIAGNOSTIC_TEXT),
    ("campaign_1", "call_ratio", *DIAGNOSTIC_TEXT),
    ("campaign_1", "max_attempts", *DIAGNOSTIC_TEXT),
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


# --- waiting -------------------------------------------------------------------------------------------------------


async def test_nobody_waiting_is_zero(hass: HomeAssistant, loaded: MockConfigEntry) -> None:
    """An automation on "longest wait above 60" needs a number to compare with."""
    for object_id in ("pbx", "queue_support", "queue_night"):
        assert states_of(hass, object_id, "callers_waiting", "longest_wait") == {
            "callers_waiting": "0",
            "longest_wait": "0",
        }


async def test_the_pbx_joins_the_waits_of_its_queues(
    hass: HomeAssistant, pbx: SimulatedPbx, loaded: MockConfigEntry, poll: Poll
) -> None:
    """One tile tells whether anyone in the house is waiting, and since when."""
    pbx.call_in(CALLER, to="night")
    await poll(30)
    pbx.call_in(OTHER_CALLER, to="support")
    pbx.call_in("3125550111", to="support")
    await poll(15)
    assert states_of(hass, "queue_night", "callers_waiting", "longest_wait") == {
        "callers_waiting": "1",
        "longest_wait": "45",
    }
    assert states_of(hass, "queue_support", "callers_waiting", "longest_wait") == {
        "callers_waiting": "2",
        "longest_wait": "15",
    }
    assert states_of(hass, "pbx", "callers_waiting", "longest_wait") == {
        "callers_waiting": "3",
        "longest_wait": "45",
    }


async def test_a_wait_grows_while_nothing_else_happens(
    hass: HomeAssistant, pbx: SimulatedPbx, loaded: MockConfigEntry, poll: Poll
) -> None:
    """A queue in which only the clock moves is the very one to worry about."""
    pbx.call_in(CALLER, to="night")
    waits = []
    for _ in range(4):
        await poll(15)
        waits.append((state_of(hass, "queue_night", "longest_wait"), state_of(hass, "pbx", "longest_wait")))
    assert waits == [("15", "15"), ("30", "30"), ("45", "45"), ("60", "60")]


async def test_a_wait_ends_with_the_caller_who_waited(
    hass: HomeAssistant, pbx: SimulatedPbx, loaded: MockConfigEntry, poll: Poll
) -> None:
    """Once the first caller is helped, the next one's wait counts."""
    first = pbx.call_in(CALLER, to="night")
    await poll(60)
    pbx.call_in(CALLER, to="night")
    await poll(10)
    assert state_of(hass, "queue_night", "longest_wait") == "70"
    pbx.abandon(first)
    await poll(4)
    assert states_of(hass, "queue_night", "callers_waiting", "longest_wait") == {
        "callers_waiting": "1",
        "longest_wait": "14",
    }


async def test_a_wait_of_more_than_an_hour_is_read_in_minutes(
    hass: HomeAssistant, pbx: SimulatedPbx, loaded: MockConfigEntry, poll: Poll
) -> None:
    """The PBX writes 75 minutes as "75:10", which is no time of day."""
    pbx.call_in(CALLER, to="night")
    await poll(75 * 60 + 10)
    assert state_of(hass, "queue_night", "longest_wait") == "4510"


# --- queues --------------------------------------------------------------------------------------------------------


async def test_a_queue_counts_the_calls_it_completed_and_lost(
    hass: HomeAssistant, pbx: SimulatedPbx, loaded: MockConfigEntry, poll: Poll
) -> None:
    """What the day's figures of a queue are drawn from."""
    counters = ("completed_calls", "lost_calls", "abandon_rate", "hold_time")
    # No call yet: a rate of 0 would praise a queue that nobody has called.
    assert list(states_of(hass, "queue_support", *counters).values()) == ["0", "0", "unknown", "0"]
    call = pbx.call_in(CALLER, to="support")
    await poll(8)
    pbx.answer(call, by=TOM)
    await poll(60)
    pbx.hang_up(call)
    await poll()
    assert list(states_of(hass, "queue_support", *counters).values()) == ["1", "0", "0.0", "8"]
    for _ in range(2):
        pbx.abandon(pbx.call_in(OTHER_CALLER, to="support"))
    await poll()
    assert list(states_of(hass, "queue_support", *counters).values())[:2] == ["1", "2"]
    assert float(state_of(hass, "queue_support", "abandon_rate") or 0) == pytest.approx(200 / 3)


AGENTS = ("agents_logged_in", "agents_available", "agents_on_call", "agents_paused")


async def test_agents_are_counted_by_what_they_can_do_for_a_caller(
    hass: HomeAssistant, pbx: SimulatedPbx, loaded: MockConfigEntry, poll: Poll
) -> None:
    """Whoever plans the shift sees who is there and who is free."""
    assert list(states_of(hass, "queue_support", *AGENTS).values()) == ["2", "2", "0", "0"]
    call = pbx.call_in(CALLER, to="support")
    pbx.answer(call, by=TOM)
    await poll()
    assert list(states_of(hass, "queue_support", *AGENTS).values()) == ["2", "1", "1", "0"]
    pbx.log_in_agent("support", JERRY)
    await poll()
    assert list(states_of(hass, "queue_support", *AGENTS).values()) == ["3", "2", "1", "0"]
    pbx.log_out_agent(None, ANNE_MARIE)
    await poll()
    assert list(states_of(hass, "queue_support", *AGENTS).values()) == ["2", "1", "1", "0"]
    assert list(states_of(hass, "queue_night", *AGENTS).values()) == ["0", "0", "0", "0"]


async def test_a_paused_agent_is_not_available(
    hass: HomeAssistant, pbx: SimulatedPbx, loaded: MockConfigEntry, poll: Poll
) -> None:
    """Asterisk goes on calling a paused agent's phone "Not in use": a queue would seem staffed at lunch."""
    pbx.pause_agent(None, TOM, "lunch")
    pbx.pause_agent(None, ANNE_MARIE)
    await poll()
    assert list(states_of(hass, "queue_support", *AGENTS).values()) == ["2", "0", "0", "2"]
    assert state_of(hass, f"phone_{TOM}", "agent_state") == "paused"
    pbx.resume_agent("support", TOM)
    await poll()
    assert list(states_of(hass, "queue_support", *AGENTS).values()) == ["2", "1", "0", "1"]
    assert state_of(hass, f"phone_{TOM}", "agent_state") == "available"


async def test_an_agent_paused_during_a_call_is_counted_as_both(
    hass: HomeAssistant, pbx: SimulatedPbx, loaded: MockConfigEntry, poll: Poll
) -> None:
    """He talks to the caller to the end, and takes no next one."""
    pbx.answer(pbx.call_in(CALLER, to="support"), by=TOM)
    pbx.pause_agent(None, TOM)
    await poll()
    assert list(states_of(hass, "queue_support", *AGENTS).values()) == ["2", "1", "1", "1"]
    assert state_of(hass, f"phone_{TOM}", "agent_state") == "on_call"


# --- agents --------------------------------------------------------------------------------------------------------


async def test_an_agents_state_follows_a_queue_call(
    hass: HomeAssistant, pbx: SimulatedPbx, loaded: MockConfigEntry, poll: Poll
) -> None:
    """A light on a desk shows whether its agent is free."""
    seen = [state_of(hass, f"phone_{TOM}", "agent_state")]
    call = pbx.call_in(CALLER, to="support")
    await poll()
    seen.append(state_of(hass, f"phone_{TOM}", "agent_state"))
    pbx.answer(call, by=TOM)
    await poll()
    seen.append(state_of(hass, f"phone_{TOM}", "agent_state"))
    pbx.hold(call)
    await poll()
    seen.append(state_of(hass, f"phone_{TOM}", "agent_state"))
    pbx.hang_up(call)
    await poll()
    seen.append(state_of(hass, f"phone_{TOM}", "agent_state"))
    assert seen == ["available", "ringing", "on_call", "on_call", "available"]


async def test_an_agent_whose_phone_is_off_is_unreachable(
    hass: HomeAssistant, pbx: SimulatedPbx, loaded: MockConfigEntry, poll: Poll
) -> None:
    """A queue rings a dead phone in vain."""
    pbx.log_in_agent("night", ZOE)
    await poll()
    assert state_of(hass, f"phone_{ZOE}", "agent_state") == "unreachable"
    assert list(states_of(hass, "queue_night", *AGENTS).values()) == ["1", "0", "0", "0"]


async def test_only_agents_have_an_agent_state(hass: HomeAssistant, loaded: MockConfigEntry) -> None:
    """A phone in the kitchen has none."""
    assert entity_of(hass, f"phone_{TOM}", "agent_state")
    assert entity_of(hass, f"phone_{JERRY}", "agent_state") is None


async def test_an_agent_paused_in_one_queue_is_available_in_the_other(
    hass: HomeAssistant, pbx: SimulatedPbx, loaded: MockConfigEntry, poll: Poll
) -> None:
    """Who is free in one queue can take a call."""
    pbx.log_in_agent("night", TOM)
    pbx.pause_agent("support", TOM)
    await poll()
    assert state_of(hass, f"phone_{TOM}", "agent_state") == "available"


# --- phones --------------------------------------------------------------------------------------------------------


async def test_both_ends_ring_until_the_call_is_answered(
    hass: HomeAssistant, pbx: SimulatedPbx, loaded: MockConfigEntry, poll: Poll
) -> None:
    """Who dials hears it ring too; "in a call" is when they talk."""
    call = pbx.call_internal(JERRY, "631")
    await poll()
    assert state_of(hass, f"phone_{JERRY}", "call_state") == "ringing"
    assert state_of(hass, f"phone_{ANNE_MARIE}", "call_state") == "ringing"
    assert state_of(hass, f"phone_{TOM}", "call_state") == "idle"
    pbx.answer(call)
    await poll()
    assert state_of(hass, f"phone_{JERRY}", "call_state") == "in_call"
    assert state_of(hass, f"phone_{ANNE_MARIE}", "call_state") == "in_call"
    pbx.hang_up(call)
    await poll()
    assert state_of(hass, f"phone_{JERRY}", "call_state") == "idle"
    assert state_of(hass, f"phone_{ANNE_MARIE}", "call_state") == "idle"


async def test_a_call_to_a_number_outside_rings_until_someone_there_answers(
    hass: HomeAssistant, pbx: SimulatedPbx, loaded: MockConfigEntry, poll: Poll
) -> None:
    """The mute button of the radio waits for the conversation, or comes with the dialling: the user's choice."""
    call = pbx.call_out(TOM, OTHER_CALLER)
    await poll()
    assert state_of(hass, f"phone_{TOM}", "call_state") == "ringing"
    pbx.answer(call)
    await poll()
    assert state_of(hass, f"phone_{TOM}", "call_state") == "in_call"


async def test_a_phone_that_rings_during_a_call_is_in_a_call(
    hass: HomeAssistant, pbx: SimulatedPbx, loaded: MockConfigEntry, poll: Poll
) -> None:
    """A second caller must not end the "do not disturb" of the first."""
    pbx.answer(pbx.call_in(CALLER, to="100"))
    pbx.call_in(OTHER_CALLER, to="100")
    await poll()
    assert state_of(hass, "phone_front100", "call_state") == "in_call"


async def test_a_queue_call_rings_at_its_agents(
    hass: HomeAssistant, pbx: SimulatedPbx, loaded: MockConfigEntry, poll: Poll
) -> None:
    """The PBX's list of calls names only the queue; the phones that ring are those of its free agents."""
    call = pbx.call_in(CALLER, to="support")
    await poll()
    assert state_of(hass, f"phone_{TOM}", "call_state") == "ringing"
    assert state_of(hass, f"phone_{ANNE_MARIE}", "call_state") == "ringing"
    pbx.answer(call, by=TOM)
    await poll()
    assert state_of(hass, f"phone_{TOM}", "call_state") == "in_call"
    assert state_of(hass, f"phone_{ANNE_MARIE}", "call_state") == "idle"


async def test_the_same_extension_in_two_tenants_is_two_phones(
    hass: HomeAssistant, pbx: SimulatedPbx, loaded: MockConfigEntry, poll: Poll
) -> None:
    """Tom and Zoë both have 630: one must not ring for the other."""
    pbx.set_registration(ZOE, pbx.user(TOM).registration)
    pbx.call_in(CALLER, to="630@north-side")
    await poll()
    assert state_of(hass, f"phone_{ZOE}", "call_state") == "ringing"
    assert state_of(hass, f"phone_{TOM}", "call_state") == "idle"


async def test_a_call_finds_its_phone_after_its_user_was_renamed(
    hass: HomeAssistant, pbx: SimulatedPbx, loaded: MockConfigEntry, poll: Poll
) -> None:
    """Labels of calls carry the name, which may be one that the list of users has not got yet."""
    pbx.remove_extension(JERRY)
    pbx.add_extension("69", "Geraldine Jones-Smith", auth_id=JERRY)
    pbx.call_in(CALLER, to="69")
    await poll(16)  # the calls are asked, the users are not yet
    assert state_of(hass, f"phone_{JERRY}", "call_state") == "ringing"


async def test_messages_in_the_mailbox_are_new_and_old(
    hass: HomeAssistant, pbx: SimulatedPbx, loaded: MockConfigEntry, poll: Poll
) -> None:
    """A lamp for new voicemail."""
    assert states_of(hass, f"phone_{TOM}", "voicemail_new", "voicemail_old") == {
        "voicemail_new": "2",
        "voicemail_old": "6",
    }
    pbx.leave_voicemail(pbx.call_in(CALLER, to=TOM))
    await poll()
    assert state_of(hass, f"phone_{TOM}", "voicemail_new") == "3"
    pbx.read_voicemail(TOM)
    await poll()
    assert states_of(hass, f"phone_{TOM}", "voicemail_new", "voicemail_old") == {
        "voicemail_new": "0",
        "voicemail_old": "9",
    }


@pytest.mark.usefixtures("all_entities")
async def test_latency_follows_the_phone_and_is_unknown_without_one(
    hass: HomeAssistant, pbx: SimulatedPbx, loaded: MockConfigEntry, poll: Poll
) -> None:
    """Whoever hunts a bad line sees it in milliseconds, and no figure of a phone that does not answer."""
    registered = pbx.user(TOM).registration
    assert state_of(hass, f"phone_{TOM}", "latency") == "3"
    assert state_of(hass, f"phone_{ZOE}", "latency") == "unknown"
    pbx.set_registration(TOM, registered, 48)
    await poll()
    assert state_of(hass, f"phone_{TOM}", "latency") == "48"
    pbx.set_registration(TOM, pbx.user(ZOE).registration)
    pbx.set_registration(ZOE, registered, 7)
    await poll()
    assert state_of(hass, f"phone_{TOM}", "latency") == "unknown"
    assert state_of(hass, f"phone_{ZOE}", "latency") == "7"


async def test_a_phones_provisioning_follows_the_phone(
    hass: HomeAssistant, pbx: SimulatedPbx, loaded: MockConfigEntry, poll: Poll
) -> None:
    """When a phone last fetched its configuration, in the PBX's zone, and how much it is used."""
    assert state_of(hass, f"phone_{TOM}", "last_provisioned") == NOW.isoformat()
    pbx.answer(pbx.call_in(CALLER, to=TOM))
    pbx.call_out(JERRY, CALLER)
    await poll(600)
    assert states_of(hass, f"phone_{TOM}", "calls_in", "calls_out") == {"calls_in": "1", "calls_out": "0"}
    assert states_of(hass, f"phone_{JERRY}", "calls_in", "calls_out") == {"calls_in": "0", "calls_out": "1"}
    pbx.provision(TOM)
    await poll()
    assert state_of(hass, f"phone_{TOM}", "last_provisioned") == (NOW + timedelta(seconds=600)).isoformat()
    assert state_of(hass, f"phone_{JERRY}", "last_provisioned") == NOW.isoformat()


async def test_a_phone_that_is_not_provisioned_has_no_such_sensors(
    hass: HomeAssistant, loaded: MockConfigEntry
) -> None:
    """A softphone has no configuration to fetch."""
    assert entity_of(hass, "phone_front100", "last_provisioned") is None
    assert entity_of(hass, "phone_front100", "calls_in") is None


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
