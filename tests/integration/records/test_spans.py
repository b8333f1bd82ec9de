"""Where calls are looked for that have just ended: in few questions, with little that is known, and where they are."""

from datetime import UTC, datetime, timedelta

import pytest

from custom_components.dls_pbx.api.models import Call, CallDirection, CallRecord, CallStatus, RecordDirection
from custom_components.dls_pbx.records.ended import Ended
from custom_components.dls_pbx.records.spans import FEW, SLACK, Span, spans

NOON = datetime(2026, 11, 23, 18, tzinfo=UTC)


def at(seconds: float) -> datetime:
    """Return a time after noon."""
    return NOON + timedelta(seconds=seconds)


def a_call(seconds: float | None) -> Call:
    """Return a call that began then."""
    began = None if seconds is None else at(seconds)
    return Call(direction=CallDirection.INBOUND, status=CallStatus.CONNECTED, started_at=began)


def a_record(seconds: float) -> CallRecord:
    """Return a row of a call that began then."""
    return CallRecord(id=f"{seconds}", began=at(seconds), direction=RecordDirection.INBOUND, bridged=True)


@pytest.mark.parametrize(("between", "number"), [(0, 1), (FEW, 1), (FEW + 1, 2)])
def test_what_lies_between_is_read_again_as_long_as_that_is_less_than_a_question(between: int, number: int) -> None:
    """Two calls that ended at once may have begun an hour apart: all others of that hour would be read again."""
    known = [at(100 + index) for index in range(between)]
    found = spans([at(3600), at(0)], known)
    assert len(found) == number
    assert (found[0].start, found[-1].end) == (at(0) - SLACK, at(3600) + SLACK)


def test_each_span_goes_on_from_the_one_before_it() -> None:
    """A look at three calls would leave one of them out, or read the whole morning again."""
    known = [at(100 + index) for index in range(FEW + 10)]
    found = spans([at(0), at(3600), at(3620)], known)
    assert found == [Span(at(0) - SLACK, at(0) + SLACK), Span(at(3600) - SLACK, at(3620) + SLACK)]


def test_an_offset_is_learnt_from_a_call_that_brought_one_row() -> None:
    """A PBX whose clock is ten minutes slow has its rows ten minutes earlier."""
    ended = Ended()
    ended.add([a_call(0)])
    assert (ended.first(), ended.spans([])) == (None, [])
    ended.found([a_record(-600)])
    ended.add([a_call(60)])
    assert ended.first() == at(-540)
    assert ended.spans([]) == [Span(at(-540) - SLACK, at(-540) + SLACK)]


@pytest.mark.parametrize("news", [[], [a_record(0), a_record(1)]])
def test_nothing_is_learnt_where_it_could_be_another_call(news: list[CallRecord]) -> None:
    """A wrong idea of the PBX's clock would have everything looked for in the wrong place."""
    ended = Ended()
    ended.add([a_call(0)])
    ended.found(news)
    ended.add([a_call(60)])
    assert ended.first() is None


def test_where_nothing_is_found_again_and_again_nobody_looks_any_more() -> None:
    """The PBX's clock was set: two questions for each call would be one too many, until it is known by how much."""
    ended = Ended()
    ended.add([a_call(0)])
    ended.found([a_record(0)])
    for _ in range(3):
        ended.add([a_call(60)])
        assert ended.first()
        ended.looked(hit=False)
        ended.found([])
    ended.add([a_call(60)])
    assert ended.first() is None
    ended.found([a_record(3660)])
    ended.add([a_call(120)])
    assert ended.first() == at(3720)


def test_what_is_missed_now_and_then_is_no_reason_to_give_up() -> None:
    """A row that comes some seconds late, three times a year, would have every call looked for everywhere."""
    ended = Ended()
    ended.add([a_call(0)])
    ended.found([a_record(0)])
    for hit in (False, True) * 5:
        ended.looked(hit=hit)
    ended.add([a_call(60)])
    assert ended.first() == at(60)


def test_a_call_of_which_nobody_knows_when_it_began_is_looked_for_everywhere() -> None:
    """The PBX may say anything instead of a length."""
    ended = Ended()
    ended.add([a_call(0)])
    ended.found([a_record(0)])
    ended.add([a_call(60), a_call(None)])
    assert ended.first() is None
