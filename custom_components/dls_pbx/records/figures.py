"""Figures from the CDR: how many called, how many were missed, how fast and how long somebody spoke to them.

Service level, answer speed and talk time are about calls to queues: only for these does the PBX say how long a caller
waited. They use the industry's formulas; docs/entities.md has them in words.
"""

from dataclasses import dataclass, fields

from ..api.models import CallRecord
from ..options import Thresholds


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Sums over calls; seconds where they are times. Figures of several calls are the sum of theirs."""

    calls: int = 0
    missed: int = 0
    abandoned: int = 0
    answered: int = 0  # by a queue's agent
    answered_in_time: int = 0
    hold: float = 0  # of the answered ones, as is talk
    talk: float = 0

    def __add__(self, other: Figures) -> Figures:
        """Count more calls."""
        return self._combined(other, 1)

    def __sub__(self, other: Figures) -> Figures:
        """Take calls back."""
        return self._combined(other, -1)

    def _combined(self, other: Figures, sign: int) -> Figures:
        names = [field.name for field in fields(self)]
        return Figures(**{name: getattr(self, name) + sign * getattr(other, name) for name in names})

    @property
    def service_level(self) -> float | None:
        """Percentage of callers answered in time, of those answered and those who gave up; None before the first."""
        offered = self.answered + self.abandoned
        return 100 * self.answered_in_time / offered if offered else None

    @property
    def answer_speed(self) -> float | None:
        """Mean seconds until an answered caller was; None before the first."""
        return self.hold / self.answered if self.answered else None

    @property
    def talk_time(self) -> float | None:
        """Mean seconds that an agent spoke to an answered caller; None before the first."""
        return self.talk / self.answered if self.answered else None


def figures(record: CallRecord, thresholds: Thresholds) -> dict[str, Figures]:
    """Return what a call counts for the PBX ("") and for each queue that it was in."""
    if record.internal:
        return {}
    late_enough = record.hold >= thresholds.short_abandon
    answered = record.answered_queues

    def count(*, abandoned: bool, answered: int, share: int) -> Figures:
        return Figures(
            calls=1,
            missed=record.missed,
            abandoned=abandoned and late_enough,
            answered=answered,
            answered_in_time=answered and record.hold / share <= thresholds.service_level,
            hold=record.hold / share if answered else 0,
            talk=record.talk / share if answered else 0,
        )

    found = {"": count(abandoned=bool(record.abandoned_queues), answered=int(bool(answered)), share=1)}
    for queue in record.queues:
        # The CDR says how long a call was held and talked in all its queues together: of those that answered it each
        # gets its share.
        found[queue] = count(
            abandoned=queue in record.abandoned_queues,
            answered=int(queue in answered),
            share=len(answered),
        )
    return found
