"""What the sensors of queues and agents show: who waits, how long, and who is there to help."""

from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from simulator.pbx.simulated import SimulatedPbx
from tests.helpers.entities import entity_of, state_of, states_of
from tests.helpers.office import ANNE_MARIE, CALLER, JERRY, OTHER_CALLER, TOM, ZOE
from tests.integration.conftest import Poll

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
    """A queue in which only the clock moves is the very one to worry about; an alarm goes off when it should."""
    pbx.call_in(CALLER, to="night")
    await poll(15)
    waits = []
    for _ in range(7 * 60):
        await poll(1)
        waits.append((state_of(hass, "queue_night", "longest_wait"), state_of(hass, "pbx", "longest_wait")))
    steps = ["15", "21", "31", "46", "61", "91", "121", "181", "241", "301"]
    assert list(dict.fromkeys(waits)) == [(step, step) for step in steps]


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
    await poll(5)
    assert states_of(hass, "queue_night", "callers_waiting", "longest_wait") == {
        "callers_waiting": "1",
        "longest_wait": "15",
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
