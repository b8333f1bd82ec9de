"""Cursor over records, which tells what is news: pure bookkeeping, without the PBX and without a disk.

The PBX cannot be asked for what is new. It is asked for the time since the newest record and some before it, and
records are known again by their ids: rows come late (a call's row carries its beginning and appears at its end), come
out of order, and come again changed.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Self

# How far each look reaches back behind the newest record: longer than most calls, and than an hour that summer time
# repeats.
OVERLAP: Final = timedelta(hours=2)
# How far a look now and then does: longer than any call.
LONG_OVERLAP: Final = timedelta(hours=24)
# Ids are kept for as long as a look can bring them back.
KEPT: Final = LONG_OVERLAP + timedelta(hours=1)
# More in a day and a record is dropped from memory early, and what is older than it is never told.
MOST_KEPT: Final = 50_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """A record's id, when it began, and when it was over."""

    id: str
    began: datetime
    ended: datetime


@dataclass(slots=True, kw_only=True)
class Cursor:
    """How far the records have been told."""

    baseline: datetime  # the first set-up: what was over by then is history
    floor: datetime  # what began before is told or history
    newest: datetime | None = None
    read: bool = False  # whether the PBX has ever been read to the end
    seen: dict[str, datetime] = field(default_factory=dict)

    @classmethod
    def at(cls, now: datetime) -> Self:
        """Begin at the first set-up."""
        return cls(baseline=now, floor=now - KEPT)

    @classmethod
    def from_stored(cls, stored: Mapping[str, Any]) -> Self:
        """Read what `as_stored` wrote."""
        newest = stored["newest"]
        return cls(
            baseline=datetime.fromisoformat(stored["baseline"]),
            floor=datetime.fromisoformat(stored["floor"]),
            newest=newest and datetime.fromisoformat(newest),
            read=stored["read"],
            seen={key: datetime.fromtimestamp(began, UTC) for key, began in stored["seen"].items()},
        )

    def as_stored(self) -> dict[str, Any]:
        """Return it as JSON takes it."""
        return {
            "baseline": self.baseline.isoformat(),
            "floor": self.floor.isoformat(),
            "newest": self.newest and self.newest.isoformat(),
            "read": self.read,
            "seen": {key: began.timestamp() for key, began in self.seen.items()},
        }

    def start(self, now: datetime, overlap: timedelta) -> datetime:
        """Return from when on to look. The PBX's times count, not ours, which a clock that is set would spoil."""
        return max(self._newest_by(now) - overlap, self.floor)

    def is_news(self, stamp: Stamp, unseen: timedelta) -> bool:
        """Tell whether a record has to be told; `unseen` is how much longer it may have taken than it says."""
        if stamp.id in self.seen or stamp.began < self.floor:
            return False
        # At the first look the records themselves tell what was there before us.
        return stamp.ended + (unseen if self.read else timedelta(0)) > self.baseline

    def note(self, stamps: Iterable[Stamp], now: datetime) -> None:
        """Remember records, and forget those that no look can bring back."""
        for stamp in stamps:
            if stamp.began >= self.floor:
                self.seen[stamp.id] = stamp.began
                self.newest = max(self.newest or stamp.began, stamp.began)
        self._raise_floor(self._newest_by(now) - KEPT)
        if len(self.seen) > MOST_KEPT:
            self._raise_floor(sorted(self.seen.values())[len(self.seen) - MOST_KEPT])

    def _newest_by(self, now: datetime) -> datetime:
        # One record from the future, by a slip of the PBX's clock, must not hide those of today.
        return min(self.newest or self.baseline, now)

    def _raise_floor(self, floor: datetime) -> None:
        if floor > self.floor:
            self.floor = floor
            self.seen = {key: began for key, began in self.seen.items() if began >= floor}
