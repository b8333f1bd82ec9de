"""Cursor over records, which tells what is news: pure bookkeeping, without the PBX and without a disk.

The PBX cannot be asked for what is new. It is asked for the time since the newest record and some before it, and
records are known again by their ids: rows come late (a call's row carries its beginning and appears at its end), come
out of order, and come again changed.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Self

# How far a look now and then reaches back: longer than any call.
LONG_OVERLAP: Final = timedelta(hours=24)
# Ids are kept for as long as a look can bring them back.
KEPT: Final = LONG_OVERLAP + timedelta(hours=1)
# More in a day and a record is dropped from memory early, and what is older than it is never told.
MOST_KEPT: Final = 50_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """A record's id, when it began, and between whom: a PBX that takes ids for numbers gives two calls the same."""

    id: str
    began: datetime
    ends: tuple[str | None, ...] = field(default=(), repr=False)


@dataclass(slots=True, kw_only=True)
class Cursor:
    """How far the records have been told."""

    baseline: datetime  # the first set-up
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
            baseline=stored_time(stored["baseline"]),
            floor=stored_time(stored["floor"]),
            newest=newest and stored_time(newest),
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
        if not self.read:
            # What no look has shown is history all the same.
            self.floor = now - overlap
        return max(self._newest_by(now) - overlap, self.floor)

    def begin_after(self, newest: Iterable[Stamp]) -> None:
        """Take everything up to the newest record for history, of which the first look has shown nothing."""
        stamps = list(newest)
        # In another order than was asked for it is not the newest.
        if stamps and stamps[0].began >= stamps[-1].began:
            self.floor = min(stamps[0].began, self.floor)
            self.note(stamps)

    def is_news(self, stamp: Stamp) -> bool:
        """Tell whether a record has to be told.

        What the first whole look shows was there before us, and we know it by its id: by its time it could be of
        after us, or the other way round, where the PBX's clock or ours is wrong, or the zone.
        """
        return self.read and stamp.id not in self.seen and stamp.began >= self.floor

    def note(self, stamps: Iterable[Stamp]) -> None:
        """Remember records."""
        self.seen.update({stamp.id: stamp.began for stamp in stamps if stamp.began >= self.floor})

    def forget(self, stamps: Iterable[Stamp]) -> None:
        """Take records that were not told for unseen."""
        for stamp in stamps:
            self.seen.pop(stamp.id, None)

    def advance(self, now: datetime) -> None:
        """Go on to the newest record after a whole look, and forget records that no look can bring back.

        Not before its end: what comes out of turn must not be taken for history.
        """
        self.read = True
        self.newest = max(self.seen.values(), default=self.newest)
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


def stored_time(written: str) -> datetime:
    """Read a time that was stored; ValueError for one without a zone, which compares with no other."""
    found = datetime.fromisoformat(written)
    if found.tzinfo is None:
        raise ValueError("A stored time has no zone")
    return found
