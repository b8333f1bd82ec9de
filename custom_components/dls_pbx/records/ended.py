"""Ended calls: those that were seen to go, and where the CDR has to have rows of them by now."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final

from ..api.models import Call, CallRecord
from .spans import Span, spans

# So often in a row nothing is where it has to be, and nobody looks there any more.
_MOST_MISSES: Final = 3


class Ended:
    """Calls that ended since the last look at the CDR.

    A call's row bears the time of its beginning, by the PBX's clock and in its idea of the zone. How far that is from
    what we reckon from the call's length is learnt from a call that ended alone, and brought one row.
    """

    def __init__(self) -> None:
        self._began: list[datetime | None] = []
        self._offset: timedelta | None = None
        self._misses = 0

    def add(self, calls: Iterable[Call]) -> None:
        """Note calls that are gone."""
        self._began += [call.started_at for call in calls]

    def first(self) -> datetime | None:
        """Return when the first of them began by the CDR's clock; None where that cannot be said of all."""
        return min(self._marked(), default=None)

    def spans(self, known: Iterable[datetime]) -> Sequence[Span]:
        """Return where to look for them, in few questions."""
        return spans(self._marked(), known)

    def _marked(self) -> Sequence[datetime]:
        if self._offset is None or self._misses >= _MOST_MISSES or None in self._began:
            return ()
        return [moment + self._offset for moment in self._began if moment]

    def looked(self, *, hit: bool) -> None:
        """Note whether anything new was where they have to be."""
        self._misses = 0 if hit else self._misses + 1

    def found(self, news: Sequence[CallRecord]) -> None:
        """Note that somebody has looked for them, and what was new."""
        if len(self._began) == len(news) == 1 and (moment := self._began[0]):
            self._offset = news[0].began - moment
            self._misses = 0
        self._began = []
