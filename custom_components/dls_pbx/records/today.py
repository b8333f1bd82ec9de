"""Sums of today's calls: of the PBX, of its queues, and of people where the options ask for that."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Final

from ..api.models import CallRecord
from ..options import Thresholds
from .figures import Figures, figures
from .people import PersonFigures, person_figures

_NOBODY: Final = PersonFigures()


class Today:
    """Sums since midnight at the PBX; a call that is corrected counts in place of what it was before."""

    def __init__(self, thresholds: Thresholds, *, of_people: bool) -> None:
        self._thresholds = thresholds
        self._of_people = of_people
        self._queues: dict[str, Figures] = {}  # "" = the PBX
        self._people: dict[str, PersonFigures] = {}  # by what the CDR calls them

    def begin(self, midnight: datetime, known: Iterable[CallRecord]) -> None:
        """Begin a day; of the calls that are known only those count that are of it."""
        self._midnight = midnight
        self._queues.clear()
        self._people = {label: sums.before_today() for label, sums in self._people.items()}
        for record in known:
            self._count(record, 1)

    def count(self, record: CallRecord, before: CallRecord | None) -> None:
        """Count a call, in place of what was known of it before."""
        if before:
            self._count(before, -1)
        self._count(record, 1)

    def of(self, queue: str) -> Figures:
        """Return the figures of a queue, or of the PBX ("")."""
        return self._queues.get(queue, Figures())

    def people(self, auth_id_fn: Callable[[str], str | None]) -> Mapping[str, PersonFigures]:
        """Return people's figures by their auth IDs; `auth_id_fn` tells whom the CDR means."""
        found: dict[str, PersonFigures] = {}
        for label, sums in self._people.items():
            if auth_id := auth_id_fn(label):
                found[auth_id] = found.get(auth_id, _NOBODY).plus(sums)
        return found

    def _count(self, record: CallRecord, sign: int) -> None:
        is_of_today = record.began >= self._midnight
        if is_of_today:
            for name, counts in figures(record, self._thresholds).items():
                self._queues[name] = self.of(name) + counts if sign > 0 else self.of(name) - counts
        if self._of_people:
            for label, one in person_figures(record).items():
                counted = one if is_of_today else one.before_today()
                self._people[label] = self._people.get(label, _NOBODY).plus(counted, sign)
