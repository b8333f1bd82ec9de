"""Some of the cases of script/matrix: a fault or quirk, an action that has it, and a moment in the life of an entry."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

from freezegun.api import FrozenDateTimeFactory
import pytest

from script.matrix_run.cases import Cases, a_house_without_pbx
from script.matrix_run.compare import complaints
from script.matrix_run.lives import Case, Moment, Outcome
from script.matrix_run.office import WHERE
from script.matrix_run.plan import Cell, by_chance, in_pairs, one_at_a_time
from script.matrix_run.troubles import TROUBLES
from simulator.faults.orders import FaultKind
from simulator.quirks.switches import NAMES

COUNT, PAIRS = 6, 2


@pytest.fixture
async def cases(socket_enabled: None, frozen: FrozenDateTimeFactory, tmp_path: Path) -> AsyncIterator[Cases]:
    """Return a Home Assistant in which cases are tried."""
    async with AsyncExitStack() as stack:
        yield Cases(await stack.enter_async_context(a_house_without_pbx(tmp_path, frozen)))


async def _failures(cases: Cases, cells: list[Cell]) -> list[tuple[str, list[str]]]:
    found = [(cell.name, await cases.complaints(cell.case)) for cell in cells]
    return [(name, wrong) for name, wrong in found if wrong]


async def test_whatever_goes_wrong_nothing_is_false_doubled_lost_or_down_for_good(cases: Cases) -> None:
    """A night's maintenance at the PBX would be a morning's work at the office."""
    assert await _failures(cases, by_chance(one_at_a_time(), COUNT, seed=1)) == []


async def test_two_troubles_at_once_are_no_worse_than_one(cases: Cases) -> None:
    """Faults come together, and each alone is what everybody has tried."""
    assert await _failures(cases, list(in_pairs(PAIRS, seed=1))) == []


def test_every_fault_and_quirk_meets_every_action_at_every_moment() -> None:
    """What nobody tries happens at the office first."""
    tried = {
        (cell.row, action, cell.case.moment) for cell in one_at_a_time(whole=True) for _, action in cell.case.wrong
    }
    rows = {*FaultKind, *NAMES} - {"values_of"}  # means nothing by itself
    assert {row for row, _, _ in tried} == rows
    assert tried == {(row, action, moment) for row in rows for action in WHERE for moment in Moment}


def test_what_came_out_otherwise_is_seen() -> None:
    """A matrix that sees nothing finds nothing."""
    case = Case(Moment.RUNNING, "status.users", ((TROUBLES[0], "status.users"),))
    twin = Outcome(meanwhile={"a": "3"}, after={"a": "3", "b": "on"})
    twin.told["sms:received"], twin.done["sms.send_sms"] = 1, 1
    assert list(complaints(case, twin, twin)) == []
    worse = Outcome(meanwhile={"a": "0"}, after={"a": "unavailable"}, wrong=["ERROR of asyncio: Traceback"])
    worse.told["call:missed"], worse.done["dialer.add_contact"] = 2, 1
    assert list(complaints(case, twin, worse)) == [
        "ERROR of asyncio: Traceback",
        "meanwhile a was 0, not 3",
        "in the end a is unavailable, not 3",
        "in the end b is None, not on",
        "told 2 times too often: call:missed",
        "told 1 times too seldom: sms:received",
        "done 1 times too often: dialer.add_contact",
        "done 1 times too seldom: sms.send_sms",
    ]
