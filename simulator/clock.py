"""Clocks for a PBX: the real one, and one that only moves when told."""

from datetime import UTC, datetime, timedelta


def real_clock() -> datetime:
    """Return the time, aware, in UTC."""
    return datetime.now(UTC)


class ManualClock:
    """A clock that stands still until it is advanced."""

    def __init__(self, now: datetime) -> None:
        self._start = self._now = now

    def __call__(self) -> datetime:
        """Return the time that the clock shows."""
        return self._now

    def advance(self, seconds: float) -> None:
        """Turn the clock forward."""
        self._now += timedelta(seconds=seconds)

    def reset(self) -> None:
        """Turn the clock back to where it started."""
        self._now = self._start
