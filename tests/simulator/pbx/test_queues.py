"""Call queues keep app_queue's rules, so that what Home Assistant shows of a queue is what a real one would show."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from simulator.engine import PbxError
from simulator.models import Agent, DeviceState, Queue, Registration
from simulator.pbx.simulated import SimulatedPbx
from tests.simulator.conftest import Wait

TOM, PHONE, NORTH = "beaucrn6", "phone100", "north100"


def queue(pbx: SimulatedPbx, name: str = "support_queue") -> Queue:
    """Return a queue's row."""
    return next(queue for queue in pbx.queues() if queue.name == name)


def agent(pbx: SimulatedPbx, auth_id: str = TOM, name: str = "support_queue") -> Agent:
    """Return an agent's row."""
    return next(agent for agent in queue(pbx, name).agents if agent.auth_id == auth_id)


def test_a_caller_rings_the_free_agent_and_then_talks_to_him(pbx: SimulatedPbx, wait: Wait) -> None:
    """A dashboard would not see who is being called and who talks to whom."""
    call = pbx.call_in("+1 (815) 555-0101", to="support_queue")
    assert agent(pbx).device_state is DeviceState.RINGING
    assert [caller.number for caller in queue(pbx).callers] == ["8155550101"]
    wait(8)
    pbx.answer(call, by=TOM)
    assert agent(pbx).device_state is DeviceState.IN_USE
    assert (agent(pbx).in_call, agent(pbx).connected_to) == (True, "8155550101")
    assert queue(pbx).callers == []


def test_an_agents_count_and_last_call_change_when_the_call_ends(pbx: SimulatedPbx, wait: Wait) -> None:
    """Completed calls would be counted while they still go on, which app_queue does not do."""
    call = pbx.call_in("8155550101", to="support_queue")
    pbx.answer(call)
    wait(60)
    assert (queue(pbx).completed, agent(pbx).call_count, agent(pbx).last_call_at) == (0, 0, None)
    pbx.hang_up(call)
    assert (queue(pbx).completed, agent(pbx).call_count, agent(pbx).last_call_at) == (1, 1, pbx.now())
    assert not agent(pbx).in_call


def test_a_paused_agent_gets_no_calls_and_still_reads_not_in_use(pbx: SimulatedPbx) -> None:
    """A paused agent would look busy, or available."""
    pbx.pause_agent("support_queue", TOM, "lunch")
    call = pbx.call_in("8155550101", to="support_queue")
    assert agent(pbx).device_state is DeviceState.NOT_IN_USE
    assert (agent(pbx).paused, agent(pbx).pause_reason, agent(pbx).paused_at) == (True, "lunch", pbx.now())
    with pytest.raises(PbxError, match="does not ring"):
        pbx.answer(call, by=TOM)
    pbx.resume_agent(None, TOM)
    assert agent(pbx).device_state is DeviceState.RINGING
    assert (agent(pbx).pause_reason, agent(pbx).paused_at) == (None, None)


def test_an_agent_on_another_call_gets_none_unless_his_phone_may_ring_in_use(pbx: SimulatedPbx) -> None:
    """Agents would be offered calls they cannot take."""
    pbx.log_in_agent("support_queue", PHONE, ring_in_use=True)
    for auth_id in (TOM, PHONE):
        pbx.call_out(auth_id, "3125550100")
    pbx.call_in("8155550101", to="support_queue")
    assert agent(pbx).device_state is DeviceState.IN_USE
    assert agent(pbx, PHONE).device_state is DeviceState.RING_IN_USE


def test_an_agent_who_cannot_be_reached_gets_no_calls(pbx: SimulatedPbx) -> None:
    """A queue would count on a phone without network."""
    pbx.log_in_agent("support_queue", "cpirg16m")  # never registered
    call = pbx.call_in("8155550101", to="support_queue")
    assert agent(pbx, "cpirg16m").device_state is DeviceState.UNAVAILABLE
    assert pbx.call(call).ringing == [TOM]


def test_a_phone_that_drops_off_stops_ringing_and_rings_again_when_it_is_back(pbx: SimulatedPbx) -> None:
    """A caller would hang on to a dead phone, or wait beside one that is back."""
    pbx.add_queue("turns", "linear")
    for auth_id in (TOM, PHONE):
        pbx.log_in_agent("turns", auth_id)
    call = pbx.call_in("8155550101", to="turns")
    rung: list[list[str]] = []
    for auth_id, registration in (
        (TOM, Registration.UNREACHABLE),
        (PHONE, Registration.UNKNOWN),
        (TOM, Registration.LAGGED),
    ):
        pbx.set_registration(auth_id, registration)
        rung.append(list(pbx.call(call).ringing))
    assert rung == [[PHONE], [], [TOM]]


def test_the_next_caller_rings_as_soon_as_an_agent_is_free(pbx: SimulatedPbx) -> None:
    """A caller would wait beside an idle agent."""
    first, second = (pbx.call_in(number, to="support_queue") for number in ("8155550101", "8155550102"))
    pbx.answer(first)
    assert pbx.call(second).ringing == []
    pbx.hang_up(first)
    assert pbx.call(second).ringing == [TOM]


def test_an_agent_who_answers_is_not_rung_by_the_next_caller(pbx: SimulatedPbx) -> None:
    """In the moment of answering, a phone would be given away twice."""
    pbx.log_in_agent("support_queue", PHONE)
    first, second = (pbx.call_in(number, to="support_queue") for number in ("8155550101", "8155550102"))
    pbx.answer(first, by=TOM)
    assert pbx.call(second).ringing == [PHONE]


def test_hold_time_is_a_moving_average_that_begins_with_the_first_call(pbx: SimulatedPbx, wait: Wait) -> None:
    """The hold time of a queue would jump about, or never move."""
    seen = []
    for hold in (8, 20, 0):
        call = pbx.call_in("8155550101", to="support_queue")
        wait(hold)
        pbx.answer(call)
        pbx.hang_up(call)
        seen.append(queue(pbx).hold_time)
    assert seen == [8, 11, 8]


def test_callers_who_give_up_or_are_turned_away_are_lost(pbx: SimulatedPbx, wait: Wait) -> None:
    """Lost calls would go unnoticed."""
    pbx.abandon(pbx.call_in("8155550101", to="support_queue"))
    pbx.add_queue("short", timeout=30)
    pbx.call_in("8155550102", to="short")
    wait(29)
    assert (queue(pbx).lost, queue(pbx, "short").lost) == (1, 0)
    wait(1)
    assert queue(pbx, "short").lost == 1
    assert pbx.calls() == []
    assert [row.abandoned_queues for row in pbx.call_records()] == [("support_queue",), ("short",)]


def test_a_caller_may_wait_for_more_than_an_hour(pbx: SimulatedPbx, wait: Wait) -> None:
    """The longest waits, which matter most, would be cut off."""
    pbx.call_in("8155550101", to="0")
    wait(75 * 60 + 10)
    assert pbx.now() - queue(pbx, "0").callers[0].joined_at == timedelta(minutes=75, seconds=10)


def test_a_caller_with_priority_goes_before_the_others(pbx: SimulatedPbx) -> None:
    """Positions in the queue would be wrong."""
    for number, priority in (("8155550101", 0), ("8155550102", 5), ("8155550103", 5), ("8155550104", 0)):
        pbx.call_in(number, to="0", priority=priority)
    assert [caller.number[-1] for caller in queue(pbx, "0").callers] == ["2", "3", "1", "4"]


@pytest.mark.parametrize(
    ("strategy", "order"),
    [
        ("linear", [TOM, PHONE, NORTH, TOM]),
        ("rrmemory", [TOM, PHONE, NORTH, TOM]),
        ("leastrecent", [PHONE, NORTH, TOM, PHONE]),
        ("fewestcalls", [PHONE, NORTH, TOM, PHONE]),
    ],
)
def test_one_agent_rings_at_a_time(pbx: SimulatedPbx, wait: Wait, strategy: str, order: list[str]) -> None:
    """A queue with another strategy than ringall would ring everybody at once, or nobody after the first."""
    pbx.add_queue("turns", strategy)
    pbx.log_in_agent("turns", TOM)
    call = pbx.call_in("8155550101", to="turns")
    pbx.answer(call)
    pbx.hang_up(call)
    pbx.log_in_agent("turns", PHONE)
    pbx.log_in_agent("turns", NORTH)
    pbx.queue("turns").last_rung = ""
    call, rung = pbx.call_in("8155550102", to="turns"), []
    for _ in range(4):
        rung += pbx.call(call).ringing
        wait(15)
    assert rung == order


def test_agents_of_a_higher_penalty_ring_only_when_the_others_cannot(pbx: SimulatedPbx) -> None:
    """Those who only help out would be called like everybody else."""
    pbx.log_in_agent("support_queue", PHONE, penalty=1)
    call = pbx.call_in("8155550101", to="support_queue")
    assert pbx.call(call).ringing == [TOM]
    pbx.pause_agent(None, TOM)
    assert pbx.call(call).ringing == [PHONE]


def test_an_agent_who_logs_out_vanishes_but_a_static_one_cannot(pbx: SimulatedPbx) -> None:
    """Agents who went home would stay on the dashboard."""
    pbx.log_in_agent("support_queue", PHONE, dynamic=False)
    pbx.log_out_agent(None, TOM)
    assert [agent.auth_id for agent in queue(pbx).agents] == [PHONE]
    with pytest.raises(PbxError, match="static member"):
        pbx.log_out_agent("support_queue", PHONE)


def test_counters_start_again_after_a_restart_while_callers_stay(pbx: SimulatedPbx, wait: Wait) -> None:
    """A restart of the PBX would not look like one."""
    call = pbx.call_in("8155550101", to="support_queue")
    wait(5)
    pbx.answer(call)
    pbx.hang_up(call)
    pbx.abandon(pbx.call_in("8155550102", to="support_queue"))
    pbx.call_in("8155550103", to="support_queue")
    pbx.reset_counters()
    row = queue(pbx)
    assert (row.completed, row.lost, row.hold_time, len(row.callers)) == (0, 0, 0, 1)
    assert (agent(pbx).call_count, agent(pbx).last_call_at) == (0, None)


def test_a_queue_and_an_agent_go_with_their_calls(pbx: SimulatedPbx) -> None:
    """Removing what somebody is using would leave ghosts behind."""
    pbx.call_in("8155550101", to="0")
    pbx.answer(pbx.call_in("8155550102", to="support_queue"))
    pbx.remove_queue("0")
    pbx.remove_extension(TOM)
    assert pbx.calls() == []
    assert [(row.name, list(row.agents)) for row in pbx.queues()] == [("support_queue", [])]


@pytest.mark.parametrize(
    "refused",
    [
        lambda pbx: pbx.queue("nowhere"),
        lambda pbx: pbx.add_queue("0"),
        lambda pbx: pbx.add_queue("new", "fastest"),
        lambda pbx: pbx.log_in_agent("support_queue", TOM),
        lambda pbx: pbx.log_in_agent("support_queue", "nobody"),
        lambda pbx: pbx.pause_agent("0", TOM),
        lambda pbx: pbx.resume_agent(None, PHONE),
        lambda pbx: pbx.call_in("8155550101", to="nowhere"),
    ],
)
def test_what_makes_no_sense_at_a_queue_is_refused(pbx: SimulatedPbx, refused: Callable[[SimulatedPbx], None]) -> None:
    """A slip in a test or a demo would pass in silence."""
    before = pbx.queues()
    with pytest.raises(PbxError, match=r"\w+ \w+"):
        refused(pbx)
    assert (pbx.queues(), pbx.calls()) == (before, [])
