"""Queues: what their agents do, who waits, and what of that is news."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from custom_components.dls_pbx.api import DlsPbxClient
from custom_components.dls_pbx.api.models import AgentState, DeviceState
from simulator.clock import ManualClock
from simulator.pbx.simulated import SimulatedPbx
from tests.helpers.office import ANNE_MARIE, CALLER, NOW, TOM
from tests.helpers.scripted_server import Scripted


async def test_an_agent_who_pauses_is_news_of_the_queue_alone(client: DlsPbxClient, pbx: SimulatedPbx) -> None:
    """The other agents and queues stay as they are."""
    before = await client.queues()
    pbx.pause_agent("support", TOM, "lunch (long)")
    after = await client.queues(before)
    assert after.changed == {"support"}
    agents = after.rows["support"].agents
    assert agents[ANNE_MARIE] is before.rows["support"].agents[ANNE_MARIE]
    assert (agents[TOM].state, agents[TOM].pause_reason, agents[TOM].paused_since) == (
        AgentState.PAUSED,
        "lunch (long)",
        NOW,
    )


async def test_an_agent_who_logs_out_is_news(client: DlsPbxClient, pbx: SimulatedPbx) -> None:
    """Else the queue seems attended."""
    before = await client.queues()
    pbx.log_out_agent("support", TOM)
    after = await client.queues(before)
    assert after.changed == {"support"}
    assert list(after.rows["support"].agents) == [ANNE_MARIE]


async def test_a_waiting_caller_is_known_again(client: DlsPbxClient, pbx: SimulatedPbx, clock: ManualClock) -> None:
    """Who has waited longest is who came first, not who was counted first."""
    pbx.call_in(CALLER, to="night")
    clock.advance(30)
    pbx.call_in(CALLER, to="night")
    before = await client.queues()
    assert [caller.since for caller in before.rows["night"].callers] == [NOW, NOW + timedelta(seconds=30)]
    clock.advance(30)
    pbx.abandon(pbx.live_calls()[0].id)
    after = await client.queues(before)
    assert after.changed == {"night"}
    (left,) = after.rows["night"].callers
    assert left is before.rows["night"].callers[1]
    assert after.rows["night"].waiting_since == NOW + timedelta(seconds=30)
    assert after.rows["night"].lost == 1


async def test_two_callers_who_look_alike_are_two(scripted: Scripted, reader: DlsPbxClient, clock: ManualClock) -> None:
    """Anonymous callers who came a second apart wait each for as long as they wait."""

    def waits(*times: str) -> dict[str, Any]:
        return {"queues": {"q": {"calls_waiting": [{"number": "anonymous", "wait_time": time} for time in times]}}}

    scripted.shows(**waits("0:10", "0:09"))
    before = await reader.queues()
    clock.advance(4)
    scripted.shows(**waits("0:14", "0:13"))
    after = await reader.queues(before)
    assert after.changed == set()
    scripted.shows(**waits("0:14", "0:13", "0:02"))
    later = await reader.queues(after)
    assert [caller.since for caller in later.rows["q"].callers] == [
        NOW - timedelta(seconds=10),
        NOW - timedelta(seconds=9),
        NOW + timedelta(seconds=2),
    ]


async def test_what_did_not_change_of_a_queue_is_shared(scripted: Scripted, reader: DlsPbxClient) -> None:
    """Two hundred queues with ten agents each are not built anew because somebody waits."""
    agents = {"tom": {"status": "Not in use"}}
    caller = {"number": "1", "wait_time": "0:04"}
    scripted.shows(queues={"q": {"agents": agents, "calls_waiting": [caller], "lost": "1"}})
    before = (await reader.queues()).rows["q"]
    scripted.shows(queues={"q": {"agents": agents, "calls_waiting": [caller], "lost": "2"}})
    snapshot = await reader.queues()
    assert snapshot.rows["q"] == replace(before, lost=2)
    scripted.shows(queues={"q": {"agents": agents, "calls_waiting": [caller], "lost": "3"}})
    changed = await reader.queues(snapshot)
    assert changed.rows["q"].lost == 3
    assert changed.rows["q"].agents is snapshot.rows["q"].agents
    assert changed.rows["q"].callers is snapshot.rows["q"].callers


@pytest.mark.parametrize("tails", [("", ""), (" (login was 60 secs ago)", " (login was 75 secs ago)")])
async def test_an_agent_who_changes_keeps_their_clocks(
    scripted: Scripted, reader: DlsPbxClient, clock: ManualClock, tails: tuple[str, str]
) -> None:
    """Another penalty is no other last call."""
    agent = {"penalty": "0", "lastcall": "30 secs ago", "otherdata": tails[0]}
    scripted.shows(queues={"q": {"agents": {"tom": agent}}})
    before = await reader.queues()
    clock.advance(15)
    agent = {"penalty": "1", "lastcall": "45 secs ago", "otherdata": tails[1]}
    scripted.shows(queues={"q": {"agents": {"tom": agent}}})
    after = await reader.queues(before)
    assert after.rows["q"].agents["tom"] == replace(before.rows["q"].agents["tom"], penalty=1)


@pytest.mark.parametrize(
    ("status", "paused", "state"),
    [
        ("Not in use", "0", AgentState.AVAILABLE),
        ("Not in use", "1", AgentState.PAUSED),
        ("In use", "1", AgentState.ON_CALL),
        ("Busy", "0", AgentState.ON_CALL),
        ("On Hold", "0", AgentState.ON_CALL),
        ("Ringing", "0", AgentState.RINGING),
        ("Ring+Inuse", "0", AgentState.RINGING),
        ("Unavailable", "0", AgentState.UNREACHABLE),
        ("Invalid", "1", AgentState.UNREACHABLE),
        ("Unknown", "0", None),
        ("Unknown", "1", AgentState.PAUSED),
        ("Daydreaming", "", None),
    ],
)
async def test_an_agents_state_is_what_a_caller_would_find(
    scripted: Scripted, reader: DlsPbxClient, status: str, paused: str, state: AgentState | None
) -> None:
    """A paused agent's phone reads "not in use": counted as available, callers wait for nobody."""
    scripted.shows(queues={"q": {"agents": {"tom": {"status": status, "paused": paused}}}})
    queue = (await reader.queues()).rows["q"]
    agent = queue.agents["tom"]
    assert agent.state is state
    assert queue.agents_paused == (paused == "1")
    assert (agent.device_state is DeviceState.UNKNOWN) is (status in {"Unknown", "Daydreaming"})


@pytest.mark.parametrize(
    ("tail", "reason", "paused", "logged_in"),
    [
        (" (ringinuse disabled) (dynamic)", None, None, None),
        (" (ringinuse enabled) (paused) (Not in use)", None, None, None),
        (" (paused was 9 secs ago)", None, 9, None),
        (" (paused:lunch) (login was 49 secs ago)", "lunch", None, 49),
        (" (paused:lunch was 9 secs ago) (login was 49 secs ago)", "lunch", 9, 49),
        (" (paused:lunch (long) was 9 secs ago) (in call)", "lunch (long)", 9, None),
        (" (paused:it was late was 1:30) (in call)", "it was late", 90, None),
        (" (paused:who was it)", "who was it", None, None),
        (" (paused:lunch was over a week ago)", "lunch", None, None),
        (" (login was 49 secs ago) (realtime)", None, None, 49),
        (" (logins are (paused", None, None, None),
        ("", None, None, None),
    ],
)
async def test_what_the_console_adds_is_read_if_it_is_there(
    scripted: Scripted, reader: DlsPbxClient, tail: str, reason: str | None, paused: int | None, logged_in: int | None
) -> None:
    """Some versions of Asterisk tell why and since when somebody pauses, some do not."""
    scripted.shows(queues={"q": {"agents": {"tom": {"otherdata": tail}}}})
    agent = (await reader.queues()).rows["q"].agents["tom"]
    assert agent.pause_reason == reason
    assert agent.paused_since == (None if paused is None else NOW - timedelta(seconds=paused))
    assert agent.logged_in_since == (None if logged_in is None else NOW - timedelta(seconds=logged_in))


@pytest.mark.parametrize(
    ("row", "waiting", "rate"),
    [
        ({"waiting": "3", "complete": "6", "lost": "2"}, 3, 25),
        ({"waiting": "", "complete": "", "lost": ""}, 0, None),
        ({"waiting": "0", "calls_waiting": [{"number": "1"}]}, 1, None),
        ({"calls_waiting": [{"number": "1", "wait_time": "0:04"}]}, 1, None),
        ({}, None, None),
    ],
)
async def test_a_queue_counts_what_it_shows(
    scripted: Scripted, reader: DlsPbxClient, row: dict[str, Any], waiting: int | None, rate: float | None
) -> None:
    """The page's own sample counts nobody beside one who waits."""
    scripted.shows(queues={"q": row})
    queue = (await reader.queues()).rows["q"]
    assert (queue.waiting, queue.abandon_rate) == (waiting, rate)
    assert queue.waiting_since == (NOW - timedelta(seconds=4) if "wait_time" in str(row) else None)


async def test_a_queue_is_as_it_was_after_a_row_that_could_not_be_read(
    scripted: Scripted, reader: DlsPbxClient
) -> None:
    """It would show the agents of before until one of them does something."""
    healthy = {"q": {"agents": {"tom": {"status": "Not in use"}}, "lost": "1"}, "r": {"lost": "1"}}
    scripted.shows(queues=healthy)
    before = await reader.queues()
    scripted.shows(queues=healthy | {"q": {"agents": 7}})
    broken = await reader.queues(before)
    assert broken.rows["q"] is before.rows["q"]
    scripted.shows(queues=healthy | {"q": {"agents": {"tom": {"status": "In use"}}, "lost": "1"}})
    after = await reader.queues(broken)
    assert after.rows["q"].agents["tom"].state is AgentState.ON_CALL
