"""Calls in progress: known again from poll to poll, and told apart."""

from typing import Any

import pytest

from custom_components.dls_pbx.api import DlsPbxClient
from custom_components.dls_pbx.api.models import CallStatus
from simulator.clock import ManualClock
from simulator.pbx.simulated import SimulatedPbx
from tests.helpers.office import CALLER
from tests.helpers.scripted_server import Scripted
from tests.helpers.snapshots import kept


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


@pytest.mark.parametrize("off", [-2, -1, 1, 2])
async def test_a_call_is_known_again_though_its_clock_jitters(
    scripted: Scripted, reader: DlsPbxClient, clock: ManualClock, off: int
) -> None:
    """The network and the PBX's rounding move every beginning a little."""
    scripted.shows(**inbound(("1", "Queue:a", "0h0m5s"), ("2", "Queue:a", "0h0m5s")))
    before = await reader.calls()
    clock.advance(4)
    scripted.shows(**inbound(("1", "Queue:a", f"0h0m{9 + off}s"), ("2", "Queue:a", f"0h0m{9 + off}s")))
    after = await reader.calls(before)
    assert (after.changed, after.gone) == (set(), set())
    assert all(kept(before, after).values())


@pytest.mark.parametrize("moved", ["a", "b"])
@pytest.mark.parametrize("listed_first", [True, False])
async def test_a_transferred_call_does_not_take_the_place_of_one_that_stayed(
    scripted: Scripted, reader: DlsPbxClient, moved: str, listed_first: bool
) -> None:
    """Of two calls from behind one number, only one was moved."""
    scripted.shows(**inbound(("1", "Queue:a", "0h0m5s"), ("1", "Queue:b", "0h0m5s")))
    before = await reader.calls()
    (was,) = [key for key, call in before.rows.items() if call.queue == moved]
    (stays,) = before.rows.keys() - {was}
    rows = [("1", "630@default-Tom", "0h0m5s"), ("1", before.rows[stays].connected_to or "", "0h0m5s")]
    scripted.shows(**inbound(*rows[:: 1 if listed_first else -1]))
    after = await reader.calls(before)
    assert (after.changed, after.gone) == ({was}, set())
    assert after.rows[stays] is before.rows[stays]


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


async def test_a_call_tells_its_queue(client: DlsPbxClient, pbx: SimulatedPbx) -> None:
    """A queue's call never names the agent who took it."""
    pbx.call_in(CALLER, to="night")
    pbx.call_in(CALLER, to="69")
    found = [(call.is_queued, call.queue) for call in (await client.calls()).rows.values()]
    assert found == [(True, "night"), (False, None)]
