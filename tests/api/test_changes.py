"""What is new in an answer against the one before, and that nothing else is."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest

from custom_components.dls_pbx.api import DlsPbxClient
from custom_components.dls_pbx.api.models import AgentState, CallStatus, DeviceState, Snapshot
from simulator import facts
from simulator.app import Simulator
from simulator.clock import ManualClock
from simulator.pbx import SimulatedPbx
from tests.office import ANNE_MARIE, CALLER, JERRY, NOW, OTHER_CALLER, TOM
from tests.scripted import Scripted

from .asking import STATUS


@pytest.fixture
def busy(pbx: SimulatedPbx, clock: ManualClock) -> None:
    """Let something be in every answer."""
    for number in (CALLER, OTHER_CALLER):
        pbx.answer(pbx.call_in(number, to="support"))
    pbx.call_in("6305550101", to="support")
    pbx.call_in("6305550102", to="night")
    pbx.answer(pbx.call_out(JERRY, "8475550177"))
    pbx.join_conference("2000", CALLER)
    pbx.send_fax(TOM, OTHER_CALLER)
    pbx.start_campaign("1")
    clock.advance(75)


def kept(one: Snapshot[Any], other: Snapshot[Any]) -> Mapping[str, bool]:
    """Tell which of the rows are the very objects of the snapshot before."""
    return {key: row is one.rows.get(key) for key, row in other.rows.items()}


@pytest.mark.usefixtures("busy")
@pytest.mark.parametrize("action", STATUS)
async def test_a_first_answer_is_all_news(client: DlsPbxClient, action: str) -> None:
    """What is not told when it appears is never shown."""
    snapshot = await STATUS[action](client, None)
    assert snapshot.rows
    assert (snapshot.changed, snapshot.gone) == (snapshot.rows.keys(), set())


@pytest.mark.usefixtures("busy")
@pytest.mark.parametrize("action", STATUS)
async def test_the_same_bytes_are_the_same_snapshot(client: DlsPbxClient, action: str) -> None:
    """Not even parsing them again is the cheapest poll."""
    before = await STATUS[action](client, None)
    assert await STATUS[action](client, before) is before


@pytest.mark.usefixtures("busy")
@pytest.mark.parametrize("action", STATUS)
async def test_the_same_facts_in_other_bytes_are_no_news(sim: Simulator, client: DlsPbxClient, action: str) -> None:
    """An office where nothing happens must cost nothing, however the PBX writes that."""
    before = await STATUS[action](client, None)
    # A field more in the fax statistics is a statistic more.
    sim.control.quirk(whitespace="pretty", shuffled_keys=True, extra_fields=action != "status.faxes")
    after = await STATUS[action](client, before)
    assert after is not before
    assert (after.changed, after.gone) == (set(), set())
    assert all(kept(before, after).values())
    assert after.rows.keys() == before.rows.keys()


@pytest.mark.usefixtures("busy")
@pytest.mark.parametrize("action", ["status.queues", "status.calls", "status.faxes", "status.provisioning"])
@pytest.mark.parametrize("style", ["page", "seconds", "clock", "lettered", "waiting", "retry", "words"])
async def test_time_alone_is_no_news(
    sim: Simulator, client: DlsPbxClient, clock: ManualClock, action: str, style: str
) -> None:
    """Clocks tick in nearly every row: each of them would be written at every poll."""
    sim.control.quirk(durations=style)
    first = before = await STATUS[action](client, None)
    for _ in range(8):
        clock.advance(7)
        after = await STATUS[action](client, before)
        assert after is before or (after.changed, after.gone) == (set(), set())
        assert all(kept(first, after).values())
        assert after.rows.keys() == first.rows.keys()
        before = after
    if style not in {"words", "retry"} and action != "status.faxes":
        assert before is not first  # the clocks did tick


async def test_latencies_are_no_news_of_the_phones(client: DlsPbxClient, pbx: SimulatedPbx) -> None:
    """They jitter at every poll on every phone, and hardly anybody shows them."""
    before = await client.users()
    assert before.latencies[TOM] == 3
    pbx.set_registration(TOM, facts.Registration.OK, 4)
    after = await client.users(before)
    assert (after.changed, after.gone) == (set(), set())
    assert after.latencies[TOM] == 4
    assert all(kept(before, after).values())
    pbx.set_registration(TOM, facts.Registration.OK, 5)
    later = await client.users(after)
    assert later.latencies[TOM] == 5
    assert later.rows[TOM] is before.rows[TOM]


async def test_a_latency_that_is_no_longer_told_is_news(client: DlsPbxClient, pbx: SimulatedPbx) -> None:
    """Else the last one stands for ever."""
    before = await client.users()
    pbx.set_registration(TOM, facts.Registration.UNREACHABLE)
    after = await client.users(before)
    assert after.changed == {TOM}
    assert TOM not in after.latencies
    assert after.rows[TOM].registered is False


async def test_latencies_are_of_those_who_have_one(scripted: Scripted, reader: DlsPbxClient) -> None:
    """A phone that the PBX does not watch is no phone at no distance."""
    scripted.shows(users=[{"authid": "tom", "status": "OK (3 ms)"}, {"authid": "jerry", "status": "Unmonitored"}])
    latencies = (await reader.users()).latencies
    assert (dict(latencies), len(latencies), latencies.get("jerry")) == ({"tom": 3}, 1, None)


# The answer's name for its rows, a row, and which of its fields moves by itself.
MOVING: dict[str, tuple[str, dict[str, Any], str]] = {
    "status.users": ("users", {"authid": "tom", "user": "Tom", "status": "OK (3 ms)"}, "status"),
    "status.provisioning": (
        "provisioning",
        {"mac_address": "24:9a:d8:02:f4:4e", "device": "Yealink", "last_provision_delta": "00:59:07"},
        "last_provision_delta",
    ),
    "status.queues": ("queues", {"name": "Tom", "penalty": "0", "lastcall": "30 secs ago"}, "lastcall"),
}


@pytest.mark.parametrize("action", MOVING)
async def test_a_field_that_moves_may_be_missing(scripted: Scripted, reader: DlsPbxClient, action: str) -> None:
    """Another version of the PBX, or one quirk of PHP more: what it does not say is unknown, the rest is as it was."""
    answer, row, moving = MOVING[action]

    def shows(row: dict[str, Any]) -> None:
        scripted.shows(**{answer: {"q": {"queue": "q", "agents": {"tom": row}}} if answer == "queues" else [row]})

    def said(snapshot: Snapshot[Any]) -> Any:
        (found,) = snapshot.rows.values()
        return found.agents["tom"] if answer == "queues" else found

    shows(row)
    full = await STATUS[action](reader, None)
    shows({name: value for name, value in row.items() if name != moving})
    without = await STATUS[action](reader, full)
    alone = await STATUS[action](reader, None)
    assert said(without) == said(alone)
    shows(row)
    again = await STATUS[action](reader, without)
    assert said(again) == said(full)


async def test_other_bytes_without_news_change_no_latencies(sim: Simulator, client: DlsPbxClient) -> None:
    """What was news at the last poll is none at this one."""
    before = await client.users()
    sim.control.quirk(whitespace="pretty")
    after = await client.users(before)
    assert (after.changed, after.gone) == (set(), set())
    assert after.latencies is before.latencies


async def test_only_the_phone_that_changed_is_news(client: DlsPbxClient, pbx: SimulatedPbx) -> None:
    """A poll costs what changed, not what exists."""
    before = await client.users()
    pbx.set_voicemail(TOM, 3, 6)
    after = await client.users(before)
    assert (after.changed, after.gone) == ({TOM}, set())
    assert kept(before, after) == {auth_id: auth_id != TOM for auth_id in after.rows}
    assert (after.rows[TOM].voicemail_new, before.rows[TOM].voicemail_new) == (3, 2)


async def test_who_comes_and_who_goes_is_told(client: DlsPbxClient, pbx: SimulatedPbx) -> None:
    """Their devices come and go with them."""
    before = await client.users()
    pbx.remove_extension(JERRY)
    pbx.add_extension("700", "New", auth_id="newcomer")
    after = await client.users(before)
    assert (after.changed, after.gone) == ({"newcomer"}, {JERRY})
    assert JERRY not in after.latencies
    later = await client.users(after)
    assert later is after


async def test_a_move_to_another_address_is_no_news(
    client: DlsPbxClient, pbx: SimulatedPbx, scripted: Scripted
) -> None:
    """Nobody is shown a phone's address, and it changes as routers like."""
    scripted.shows()
    before = await client.users()
    pbx.remove_extension(JERRY)
    pbx.add_extension("69", "Jerry", auth_id=JERRY, address=("192.0.2.77", 5062))
    after = await client.users(before)
    assert (after.changed, after.gone) == (set(), set())


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


async def test_a_call_keeps_its_id_from_ringing_to_its_end(
    client: DlsPbxClient, pbx: SimulatedPbx, clock: ManualClock
) -> None:
    """Without it, each poll would show new calls and miss the ends of old ones."""
    call = pbx.call_in(CALLER, to="630")
    first = await client.calls()
    ((key, ringing),) = first.rows.items()
    clock.advance(6)
    pbx.answer(call)
    second = await client.calls(first)
    assert (second.changed, second.gone) == ({key}, set())
    assert (ringing.status, second.rows[key].status) == (CallStatus.RINGING, CallStatus.CONNECTED)
    assert second.rows[key].started_at is ringing.started_at
    clock.advance(6)
    pbx.transfer(call, "69")
    third = await client.calls(second)
    assert (third.rows.keys(), third.gone) == ({key}, set())
    assert third.rows[key].connected_to == "69@default-Jerry"
    assert third.rows[key].started_at is ringing.started_at
    pbx.hang_up(call)
    fourth = await client.calls(third)
    assert (fourth.rows, fourth.changed, fourth.gone) == ({}, set(), {key})


async def test_two_calls_that_look_alike_are_two(client: DlsPbxClient, pbx: SimulatedPbx, clock: ManualClock) -> None:
    """Anonymous callers at one queue differ in nothing, and are two people nevertheless."""
    calls = [pbx.call_in("anonymous", to="night") for _ in range(3)]
    before = await client.calls()
    assert len(before.rows) == 3
    clock.advance(20)
    pbx.hang_up(calls[1])
    after = await client.calls(before)
    assert (len(after.rows), after.changed, len(after.gone)) == (2, set(), 1)
    assert after.rows.keys() < before.rows.keys()


async def test_a_call_that_follows_another_is_a_new_one(
    client: DlsPbxClient, pbx: SimulatedPbx, clock: ManualClock
) -> None:
    """The caller who tries again has not waited since the first time."""
    first = pbx.call_in(CALLER, to="night")
    clock.advance(3)
    before = await client.calls()
    clock.advance(10)
    pbx.hang_up(first)
    pbx.call_in(CALLER, to="night")
    after = await client.calls(before)
    assert (len(after.rows), after.changed, after.gone) == (1, after.rows.keys(), before.rows.keys())


def inbound(*calls: tuple[str, str, str]) -> dict[str, Any]:
    """Return the answer with these calls: caller, to where, elapsed."""
    return {
        "calls": {
            "inbound": [
                {"callerid": caller, "connected_to": to, "status": "Connected", "elapsed": elapsed}
                for caller, to, elapsed in calls
            ]
        }
    }


async def test_the_call_that_began_nearest_is_the_same(
    scripted: Scripted, reader: DlsPbxClient, clock: ManualClock
) -> None:
    """Two calls of one caller within two seconds must not change places."""
    scripted.shows(**inbound(("1", "Queue:a", "0h0m5s"), ("1", "Queue:a", "0h0m3s")))
    before = await reader.calls()
    older, newer = before.rows
    clock.advance(4)
    scripted.shows(**inbound(("1", "Queue:a", "0h0m7s"), ("1", "Queue:a", "0h0m9s")))
    after = await reader.calls(before)
    assert (after.changed, after.gone) == (set(), set())
    scripted.shows(**inbound(("1", "Queue:a", "0h0m7s")))
    left = await reader.calls(after)
    assert (list(left.rows), left.gone) == ([newer], {older})


async def test_a_transferred_call_does_not_take_the_place_of_one_that_stayed(
    scripted: Scripted, reader: DlsPbxClient
) -> None:
    """Of two calls from behind one number, only one was moved."""
    scripted.shows(**inbound(("1", "Queue:a", "0h0m5s"), ("1", "Queue:b", "0h0m5s")))
    before = await reader.calls()
    moved, stayed = before.rows
    scripted.shows(**inbound(("1", "630@default-Tom", "0h0m5s"), ("1", "Queue:b", "0h0m5s")))
    after = await reader.calls(before)
    assert (after.changed, after.gone) == ({moved}, set())
    assert after.rows[stayed] is before.rows[stayed]


async def test_a_call_of_unknown_age_is_known_by_its_ends(scripted: Scripted, reader: DlsPbxClient) -> None:
    """A word for the age that is not known makes no new call at every poll."""
    scripted.shows(**inbound(("1", "Queue:a", "ages")))
    before = await reader.calls()
    scripted.shows(**inbound(("1", "Queue:a", "ages and ages")))
    after = await reader.calls(before)
    assert (after.changed, after.gone, after.rows) == (set(), set(), before.rows)


async def test_ids_of_calls_are_not_used_twice(client: DlsPbxClient, pbx: SimulatedPbx) -> None:
    """An id that comes back would make one call of two."""
    seen: set[str] = set()
    snapshot = await client.calls()
    for _ in range(5):
        call = pbx.call_in(CALLER, to="630")
        snapshot = await client.calls(snapshot)
        assert seen.isdisjoint(snapshot.rows)
        seen |= snapshot.rows.keys()
        pbx.hang_up(call)
        snapshot = await client.calls(snapshot)


async def test_a_fax_that_moves_on_is_news(client: DlsPbxClient, pbx: SimulatedPbx) -> None:
    """Queued, under way, done: each shows."""
    fax = pbx.send_fax(TOM, OTHER_CALLER)
    before = await client.faxes()
    pbx.fax_progress(fax)
    after = await client.faxes(before)
    assert after.changed == {""}
    assert (before.rows[""].queued, after.rows[""].queued, after.rows[""].processing) == (1, 0, 1)


async def test_every_line_of_a_base_station_is_a_row(client: DlsPbxClient, pbx: SimulatedPbx) -> None:
    """Of several handsets on one base, all users have a phone."""
    pbx.add_phone(ANNE_MARIE, "24:9a:d8:02:f4:4e", "Yealink W70P")
    before = await client.provisioning()
    assert sorted(phone.extension or "" for phone in before.rows.values()) == [
        "630@default",
        "631@default",
        "69@default",
    ]
    assert len({phone.mac_address for phone in before.rows.values()}) == 2


async def test_a_phone_that_fetched_anew_is_news(client: DlsPbxClient, pbx: SimulatedPbx, clock: ManualClock) -> None:
    """That is what the row is for."""
    before = await client.provisioning()
    clock.advance(3600)
    pbx.provision(TOM)
    after = await client.provisioning(before)
    assert [after.rows[key].last_provisioned for key in after.changed] == [NOW + timedelta(hours=1)]


async def test_rooms_and_campaigns_come_and_go(client: DlsPbxClient, pbx: SimulatedPbx) -> None:
    """A room exists while somebody is in it, a campaign until it is deleted."""
    rooms, campaigns = await client.conferences(), await client.campaigns()
    assert rooms.rows == {}
    call = pbx.join_conference("2000", CALLER, admin=True)
    pbx.remove_campaign("1")
    pbx.add_campaign("2", "Recall")
    rooms, campaigns = await client.conferences(rooms), await client.campaigns(campaigns)
    assert (rooms.changed, rooms.rows["2000"].participants, rooms.rows["2000"].admins) == ({"2000"}, 1, 1)
    assert (campaigns.changed, campaigns.gone) == ({"2"}, {"1"})
    pbx.leave_conference(call)
    assert (await client.conferences(rooms)).gone == {"2000"}


async def test_a_line_in_the_log_is_news(client: DlsPbxClient, pbx: SimulatedPbx) -> None:
    """The log's last line is what is shown of it."""
    before = await client.campaign_logs()
    pbx.log_campaign("1", "INFO", "Placing call")
    after = await client.campaign_logs(before)
    assert after.changed == {"Reminders"}
    assert after.rows["Reminders"].output[-1].endswith("INFO: Placing call")


async def test_rows_without_an_id_are_left_out(scripted: Scripted, reader: DlsPbxClient) -> None:
    """They cannot be told apart from poll to poll, and must not take the others with them."""
    scripted.shows(users=[{"user": "Nobody"}, {"authid": "tom", "ext": "630"}, {"authid": "", "ext": "69"}])
    assert list((await reader.users()).rows) == ["tom", "69"]


@pytest.mark.parametrize(
    ("status", "host", "registered"),
    [
        ("OK (3 ms)", "192.0.2.1", True),
        ("LAGGED (2100 ms)", "192.0.2.1", True),
        ("ok(3ms)", "192.0.2.1", True),
        ("UNREACHABLE", "192.0.2.1", False),
        ("Unmonitored", "192.0.2.1", None),
        ("Unmonitored", "N/A", False),
        ("Unmonitored", "n/a", False),
        ("Unmonitored", "", False),
        ("UNKNOWN", "192.0.2.1", None),
        ("UNKNOWN", "N/A", False),
        ("Moonlighting", "192.0.2.1", None),
        (None, "192.0.2.1", None),
        ([], "192.0.2.1", None),
        (7, "192.0.2.1", None),
    ],
)
async def test_a_phone_that_the_pbx_does_not_watch_is_unknown(
    scripted: Scripted, reader: DlsPbxClient, status: Any, host: str, registered: bool | None
) -> None:
    """Neither on nor off would be true; but one without an address is off for sure."""
    scripted.shows(users=[{"authid": "tom", "status": status, "host": host}])
    assert (await reader.users()).rows["tom"].registered is registered


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
    agent = (await reader.queues()).rows["q"].agents["tom"]
    assert agent.state is state
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


async def test_a_call_tells_its_queue(client: DlsPbxClient, pbx: SimulatedPbx) -> None:
    """A queue's call never names the agent who took it."""
    pbx.call_in(CALLER, to="night")
    pbx.call_in(CALLER, to="69")
    found = [(call.is_queued, call.queue) for call in (await client.calls()).rows.values()]
    assert found == [(True, "night"), (False, None)]
