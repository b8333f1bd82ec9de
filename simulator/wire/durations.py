"""Durations as the vendor's page writes them: every field has a shape of its own."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

MINUTE = 60
HOUR = 3600
WEEK = 7 * 24 * HOUR


def between(earlier: datetime, later: datetime) -> int:
    """Return the whole seconds from one time to another; never negative, clocks being what they are."""
    return max(0, int((later - earlier) / timedelta(seconds=1)))


def suffixed(seconds: int) -> str:
    """Write `4s` (a queue's hold time)."""
    return f"{seconds}s"


def ago(seconds: int) -> str:
    """Write `30 secs ago` (an agent's last call); Asterisk never changes to minutes."""
    return f"{seconds} secs ago"


def waiting(seconds: int) -> str:
    """Write `0:04` and `75:10` (a caller's wait): minutes are not capped."""
    return f"{seconds // MINUTE}:{seconds % MINUTE:02}"


def lettered(seconds: int) -> str:
    """Write `0h4m3s` (a live call)."""
    return f"{seconds // HOUR}h{seconds % HOUR // MINUTE}m{seconds % MINUTE}s"


def clock(seconds: int) -> str:
    """Write `00:59:07` and `146:42:08`: hours are not capped."""
    return f"{seconds // HOUR:02}:{seconds % HOUR // MINUTE:02}:{seconds % MINUTE:02}"


def delta(seconds: int) -> str:
    """Write a clock, or `Over a week ago` (a phone's last provisioning)."""
    return clock(seconds) if seconds <= WEEK else "Over a week ago"


def retry(seconds: int) -> str:
    """Write `1 minute(s)` or `Now` (a fax's next try)."""
    return f"{-(-seconds // MINUTE)} minute(s)" if seconds > 0 else "Now"


def words(_seconds: int) -> str:
    """Write something that no parser knows."""
    return "A good while"


# Other shapes in which any of the fields may come: a quirk puts one of them everywhere.
STYLES: Mapping[str, Callable[[int], str]] = {
    "seconds": str,
    "suffixed": suffixed,
    "ago": ago,
    "waiting": waiting,
    "lettered": lettered,
    "clock": clock,
    "delta": delta,
    "retry": retry,
    "words": words,
}
