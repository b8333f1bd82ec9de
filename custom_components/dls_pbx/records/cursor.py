"""Cursor over records, which tells what is news: pure bookkeeping, without the PBX and without a disk.

The PBX cannot be asked for what is new. It is asked for the time since the newest record and some before it, and
records are known again by their ids: rows come late (a call's row carries its beginning and appears at its end), come
out of order, and come again changed.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from heapq import heapify, heappop, heappush
import re
from typing import Any, Final, Self

from .merge_patch import difference

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


def in_order(stamps: Iterable[Stamp]) -> list[Stamp]:
    """Sort by time; of one second, by the ids' numbers, which run on."""
    return sorted(stamps, key=lambda one: (one.began, _order(one.id)))


def _order(key: str) -> tuple[list[int], str]:
    return [int(part) if part.isdecimal() else 0 for part in key.split(".")], key


def _writing(key: str) -> str:
    """Return how an id is written, whatever its numbers: `0.0` for `1438187640.11`."""
    return re.sub(r"\d+", "0", key)


@dataclass(slots=True, kw_only=True)
class Cursor:
    """How far the records have been told."""

    baseline: datetime  # the first set-up
    floor: datetime  # what began before is told or history
    newest: datetime | None = None
    read: bool = False  # whether the PBX has ever been read to the end
    seen: dict[str, datetime] = field(default_factory=dict)
    _begun: dict[datetime, list[str]] = field(init=False, repr=False)  # the ids by their beginnings
    _moments: list[datetime] = field(init=False, repr=False)  # a heap: what comes to be forgotten first is at hand
    _latest: datetime | None = field(init=False, repr=False)  # of what was seen
    _changed: dict[str, float | None] = field(default_factory=dict, init=False, repr=False)  # of `seen`
    _written: dict[str, Any] = field(default_factory=dict, init=False, repr=False)  # of the rest, as it was last

    def __post_init__(self) -> None:
        """Put the ids in order."""
        self._begun = defaultdict(list)
        for key, began in self.seen.items():
            self._begun[began].append(key)
        self._moments = list(self._begun)
        heapify(self._moments)
        self._find_latest()

    def _find_latest(self) -> None:
        self._latest = max((began for began, keys in self._begun.items() if keys), default=None)

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
        return self.read and stamp.id not in self.seen and stamp.began >= self.floor

    def renamed(self, listed: Iterable[Stamp]) -> dict[str, str]:
        """Return new ids by the old ones, of records that the PBX lists under ids in another writing by now.

        After an upgrade it may write all of them in another way, leave them out, or begin to give them. Such a record
        began at the very moment of one that was noted and that is listed no more, or all of a day would be told again.
        A writing in which others are listed is in use: one of these that is missing is on the next page.
        """
        stamps = list(listed)
        there = {stamp.id for stamp in stamps}
        unseen = in_order(one for one in stamps if one.id not in self.seen)
        if not unseen:
            return {}
        in_use = {_writing(stamp.id) for stamp in stamps if stamp.id in self.seen}
        found = dict[str, str]()
        for stamp in unseen:
            gone = (key for key in self._begun.get(stamp.began, ()) if key not in there and key not in found)
            others = [key for key in gone if _writing(key) not in {*in_use, _writing(stamp.id)}]
            if others:
                found[min(others, key=_order)] = stamp.id
        for old, new in found.items():
            self._note(new, self._drop(old))
        return found

    def note(self, stamps: Iterable[Stamp]) -> None:
        """Remember records."""
        moved = False
        for stamp in stamps:
            before = self.seen.get(stamp.id)
            if stamp.began < self.floor or stamp.began == before:
                continue
            if before:
                # A PBX that corrects when a call began, or has two of the same id, is a rare one.
                self._drop(stamp.id)
                moved = True
            self._note(stamp.id, stamp.began)
        if moved:
            self._find_latest()

    def forget(self, stamps: Iterable[Stamp]) -> None:
        """Take records that were not told for unseen."""
        for stamp in stamps:
            if stamp.id in self.seen:
                self._drop(stamp.id)
        self._find_latest()

    def _note(self, key: str, began: datetime) -> None:
        if began not in self._begun:
            heappush(self._moments, began)
        self._begun[began].append(key)
        self.seen[key] = began
        self._changed[key] = began.timestamp()
        self._latest = max(self._latest or began, began)

    def _drop(self, key: str) -> datetime:
        began = self.seen.pop(key)
        self._begun[began].remove(key)
        self._changed[key] = None
        return began

    def advance(self, now: datetime) -> None:
        """Go on to the newest record after a whole look, and forget records that no look can bring back.

        Not before its end: what comes out of turn must not be taken for history.
        """
        self.read = True
        self.newest = self._latest or self.newest
        self._raise_floor(self._newest_by(now) - KEPT)
        while len(self.seen) > MOST_KEPT:
            self._raise_floor(self._moments[0] + datetime.resolution)

    def _newest_by(self, now: datetime) -> datetime:
        # One record from the future, by a slip of the PBX's clock, must not hide those of today.
        return min(self.newest or self.baseline, now)

    def _raise_floor(self, floor: datetime) -> None:
        self.floor = max(self.floor, floor)
        while self._moments and self._moments[0] < self.floor:
            for key in self._begun.pop(heappop(self._moments)):
                del self.seen[key]
                self._changed[key] = None


def stored_time(written: str) -> datetime:
    """Read a time that was stored; ValueError for one without a zone, which compares with no other."""
    found = datetime.fromisoformat(written)
    if found.tzinfo is None:
        raise ValueError("A stored time has no zone")
    return found
