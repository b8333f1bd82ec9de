"""Spans of the CDR: where rows are that nobody has read yet, in few questions and with few that were read before."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final, NamedTuple

# So many rows are as much as an answer costs that has none: a question more is worth sparing more than those.
FEW: Final = 20
# The PBX writes whole seconds, and a span of time that is counted back from now is true to about two.
SLACK: Final = timedelta(seconds=3)


class Span(NamedTuple):
    """From when to when calls began."""

    start: datetime
    end: datetime


def spans(began: Iterable[datetime], known: Iterable[datetime]) -> list[Span]:
    """Return spans that hold calls that `began` then; `known` are the beginnings of those that need not be read."""
    there = sorted(known)
    found: list[Span] = []
    for moment in sorted(began):
        span = Span(moment - SLACK, moment + SLACK)
        if found and bisect_left(there, span.start) - bisect_right(there, found[-1].end) <= FEW:
            found[-1] = Span(found[-1].start, span.end)
        else:
            found.append(span)
    return found
