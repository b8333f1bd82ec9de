"""Cursor over records, which tells what is news: pure bookkeeping, without the PBX and without a disk.

The PBX cannot be asked for what is new. It is asked for the time since the newest record and some before it, and
records are known again by their ids: rows come late (a call's row carries its beginning and appears at its end), come
out of order, and come again changed.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from heapq import heappop, heappush
from typing import Any, Final, Self

from .merge_patch import difference

# How far a look now and then reaches back: longer than any call.
LONG_OVERLAP: Final = timedelta(hours=24)
# Ids are kept for as long as a look can bring them back.
KEPT: Final = LONG_OVERLAP + timedelta(hours=1)
# Before what stands in for an id that was there: two texts of one message that have ids are two.
_HAD_ID: Final = "~"
# More in a day and a record is dropped from memory early, and what is older than it is never told.
MOST_KEPT: Final = 50_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """A record's id, when it began, and between whom: a PBX that takes ids for numbers gives two calls the same.

    `nameless` is what stands in for the id of a record that comes without, and is its `id` then: a PBX may begin to
    give ids, or leave them out for a while.
    """

    id: str
    began: datetime
    ends: tuple[str | None, ...] = field(default=(), repr=False)
    nameless: str | None = field(default=None, repr=False)

    @property
    def names(self) -> tuple[str, ...]:
        """Under which it is noted."""
        return (self.id,) if self.nameless in (None, self.id) else (self.id, f"{_HAD_ID}{self.nameless}")

    @property
    def other_name(self) -> str | None:
        """Under which the same record was noted if it came the other way then."""
        return f"{_HAD_ID}{self.id}" if self.nameless == self.id else self.nameless


@dataclass(slots=True, kw_only=True)
class Cursor:
    """How far the records have been told."""

    baseline: datetime  # the first set-up
    floor: datetime  # what began before is told or history
    newest: datetime | None = None
    read: bool = False  # whether the PBX has ever been read to the end
    seen: dict[str, datetime] = field(default_factory=dict)
    # The ids by their beginnings, a heap: those that come to be forgotten first are at hand.
    _by_age: list[tuple[datetime, str]] = field(init=False, repr=False)
    _latest: datetime | None = field(init=False, repr=False)  # of what was seen
    _changed: dict[str, float | None] = field(default_factory=dict, init=False, repr=False)  # of `seen`
    _written: dict[str, Any] = field(default_factory=dict, init=False, repr=False)  # of the rest, as it was last

    def __post_init__(self) -> None:
        """Put the ids in order."""
        self._sort()

    def _sort(self) -> None:
        self._by_age = sorted((began, key) for key, began in self.seen.items())
        self._latest = self._by_age[-1][0] if self._by_age else None

    @classmethod
    def at(cls, now: datetime) -> Self:
        """Begin at the first set-up."""
        return cls(baseline=now, floor=now - KEPT)

    @classmethod
    def from_stored(cls, stored: Mapping[str, Any]) -> Self:
        """Read what the patches of `changes` came to."""
        newest = stored.get("newest")
        cursor = cls(
            baseline=stored_time(stored["baseline"]),
            floor=stored_time(stored["floor"]),
            newest=newest and stored_time(newest),
            read=stored["read"],
            seen={key: datetime.fromtimestamp(began, UTC) for key, began in stored.get("seen", {}).items()},
        )
        cursor._written = cursor._bounds()
        return cursor

    def changes(self) -> dict[str, Any]:
        """Return what has changed since this was asked last, as a merge patch: the size of that, not of all ids."""
        before, self._written = self._written, self._bounds()
        changed, self._changed = self._changed, {}
        patch: dict[str, Any] = difference(before, self._written)
        return patch | ({"seen": changed} if changed else {})

    def _bounds(self) -> dict[str, Any]:
        return {
            "baseline": self.baseline.isoformat(),
            "floor": self.floor.isoformat(),
            "newest": self.newest and self.newest.isoformat(),
            "read": self.read,
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
        return self.read and not self.knows(stamp) and stamp.began >= self.floor

    @property
    def records(self) -> int:
        """How many records are remembered; some have two names."""
        return sum(not name.startswith(_HAD_ID) for name in self.seen)

    def knows(self, stamp: Stamp) -> bool:
        """Tell whether a record was noted, by its id or, of the same moment, without it."""
        return stamp.id in self.seen or (
            stamp.other_name is not None and self.seen.get(stamp.other_name) == stamp.began
        )

    def note(self, stamps: Iterable[Stamp]) -> None:
        """Remember records."""
        moved = False
        for name, began in ((name, stamp.began) for stamp in stamps for name in stamp.names):
            before = self.seen.get(name)
            if began >= self.floor and began != before:
                self.seen[name] = began
                self._changed[name] = began.timestamp()
                heappush(self._by_age, (began, name))
                self._latest = max(self._latest or began, began)
                moved |= before is not None
        if moved:
            # A PBX that corrects when a call began, or has two of the same id, is a rare one.
            self._sort()

    def forget(self, stamps: Iterable[Stamp]) -> None:
        """Take records that were not told for unseen."""
        for name in (name for stamp in stamps for name in stamp.names):
            if self.seen.pop(name, None):
                self._changed[name] = None
        self._sort()

    def advance(self, now: datetime) -> None:
        """Go on to the newest record after a whole look, and forget records that no look can bring back.

        Not before its end: what comes out of turn must not be taken for history.
        """
        self.read = True
        self.newest = self._latest or self.newest
        self._raise_floor(self._newest_by(now) - KEPT)
        while len(self.seen) > MOST_KEPT:
            self._raise_floor(self._by_age[0][0] + datetime.resolution)

    def _newest_by(self, now: datetime) -> datetime:
        # One record from the future, by a slip of the PBX's clock, must not hide those of today.
        return min(self.newest or self.baseline, now)

    def _raise_floor(self, floor: datetime) -> None:
        self.floor = max(self.floor, floor)
        while self._by_age and self._by_age[0][0] < self.floor:
            _, key = heappop(self._by_age)
            del self.seen[key]
            self._changed[key] = None


def stored_time(written: str) -> datetime:
    """Read a time that was stored; ValueError for one without a zone, which compares with no other."""
    found = datetime.fromisoformat(written)
    if found.tzinfo is None:
        raise ValueError("A stored time has no zone")
    return found
