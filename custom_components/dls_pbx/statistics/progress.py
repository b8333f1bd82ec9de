"""Progress of the statistics of a PBX, as it outlives a restart: how far they are filled."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final, Self

from ..records.cursor import stored_time

_A_DAY: Final = timedelta(days=1)


@dataclass(slots=True, kw_only=True)
class Progress:
    """Hours from `since` up to `until` are in the database; all times are full hours in UTC."""

    slug: str  # begins the PBX's statistic IDs
    since: datetime
    until: datetime
    kept: datetime | None = None  # what the database says of hours before it is not counted anew
    filled: bool = False  # whether it has once got as far as the present
    calls: int = 0  # counted until then
    first: datetime | None = None  # the hour in which the first of them began
    refused: datetime | None = None  # the PBX gives nothing from so long ago on
    queues: dict[str, str] = field(default_factory=dict)  # what statistic IDs call a queue, for ever

    @classmethod
    def from_stored(cls, stored: Mapping[str, Any]) -> Self:
        """Read what `as_stored` wrote."""
        kept, first, refused = (stored.get(key) for key in ("kept", "first", "refused"))
        return cls(
            slug=stored["slug"],
            since=stored_time(stored["since"]),
            until=stored_time(stored["until"]),
            kept=kept and stored_time(kept),
            filled=stored["filled"],
            calls=stored["calls"],
            first=first and stored_time(first),
            refused=refused and stored_time(refused),
            queues=dict(stored.get("queues", {})),
        )

    def as_stored(self) -> dict[str, Any]:
        """Return it as JSON takes it."""
        return {
            "slug": self.slug,
            "since": self.since.isoformat(),
            "until": self.until.isoformat(),
            "kept": self.kept and self.kept.isoformat(),
            "filled": self.filled,
            "calls": self.calls,
            "queues": dict(self.queues),
        } | {key: moment.isoformat() for key, moment in (("first", self.first), ("refused", self.refused)) if moment}

    @property
    def begun(self) -> bool:
        """Whether there is anything yet."""
        return self.until > self.since

    def percent(self, now: datetime) -> int:
        """Return how much of the time up to now is there."""
        return min(int(100 * (self.until - self.since) / max(now - self.since, _A_DAY)), 100)

    def reach_back(self, since: datetime, look_back: timedelta) -> None:
        """Go through all of it again if more history is wanted than there is: sums count from the first hour on.

        What is there already stays as it is, but for the last hours, for the PBX may have forgotten those calls.
        """
        if self.since - since >= _A_DAY and (self.refused is None or self.refused - since >= _A_DAY):
            kept = self.until - look_back
            self._start(since, max(kept, self.kept) if self.kept else kept)

    def start_over(self, since: datetime) -> None:
        """Forget how far it got."""
        self._start(since, None)

    def _start(self, since: datetime, kept: datetime | None) -> None:
        self.since = self.until = since
        self.kept, self.filled, self.calls, self.first, self.refused = kept, False, 0, None, None

    def give_up_before(self, since: datetime) -> None:
        """Begin later than was wanted: the PBX gives nothing older."""
        refused = self.since
        self._start(since, self.kept)
        self.refused = refused

    def reached(self, hour: datetime, calls: int, first: datetime | None) -> None:
        """Note that there is more: `calls` began between what was there before and `hour`, the `first` of them then."""
        self.calls += calls
        self.first = self.first or first
        self.until = max(self.until, hour)
