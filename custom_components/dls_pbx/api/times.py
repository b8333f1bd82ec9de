"""Times and durations: the PBX's spans in all their shapes, beginnings computed from them, and times without a zone.

Everything here answers None for a text it does not know, because a new word of the PBX must not take an entity down.
"""

from datetime import UTC, datetime, timedelta, tzinfo
from functools import lru_cache
import re
from typing import Any, Final, NamedTuple

from . import vocabulary, wire

# A beginning computed from an elapsed time jitters with the network and with the PBX's rounding.
TOLERANCE = timedelta(seconds=2)
_TOLERANCE: Final = TOLERANCE.total_seconds()
# No call and no wait is longer. A PBX whose clock jumped in the middle of one writes spans of centuries.
LONGEST = timedelta(days=31)
# Asterisk keeps an unset time as 0, which makes an elapsed time of half a century.
_UNSET_BEFORE = datetime(2000, 1, 1, tzinfo=UTC)
_NEVER = datetime(2100, 1, 1, tzinfo=UTC)
_LONGEST_SPAN = 100  # characters: those that were read are remembered
_LONGEST = 12  # digits: Python refuses to read some thousands of them

# What the PBX writes where there is no time, or none that it would tell.
_NO_TIME: Final = frozenset(
    {"-", "0000-00-00", "0000-00-00 00:00:00", "n/a", "never", "none", "null", "over a week ago", "unknown"}
)

_CLOCK = re.compile(r"(?:(\d+):)?(\d+):(\d{1,2})")
_UNIT = r"(\d+)\s*(weeks?|wks?|w|days?|d|hours?|hrs?|h|minutes?|mins?|m|seconds?|secs?|s)(?:\(s\))?"
_WORDS = re.compile(rf"(?:{_UNIT}[\s,]*)+(?:ago)?", re.IGNORECASE)
_UNITS = re.compile(_UNIT, re.IGNORECASE)
_SECONDS = {"w": 604800, "d": 86400, "h": 3600, "m": 60, "s": 1}
# The page's samples; its report option `formatted_dates` writes short years.
_DATE_FORMATS = ("%m/%d/%Y %I:%M %p", "%m/%d/%y %I:%M %p")


class Span(NamedTuple):
    """A length of time, and the seconds of the smallest unit it was written in."""

    length: timedelta
    unit: int = 1


class Beginning(NamedTuple):
    """When something began, as an elapsed time tells it."""

    at: datetime | None
    unit: int = 1

    def off(self, before: datetime | None) -> timedelta | None:
        """Return how far an earlier reading lies from this one, or None if it is of another beginning."""
        if self.at is None or before is None:
            return timedelta(0) if self.at is before else None
        off = abs(self.at - before)
        # "5 minutes" stays for a minute, so what is computed from it wanders by as much.
        return off if off <= TOLERANCE + timedelta(seconds=self.unit if self.unit > 1 else 0) else None


def span(value: Any) -> Span | None:
    """Read a span: `4s`, `30 secs ago`, `0:04`, `75:10`, `146:42:08`, `0h4m3s`, `1 minute(s)`, `Now`, `85`."""
    if type(value) is str:  # each agent's, at each poll
        return _span(value.strip()) if len(value) <= _LONGEST_SPAN else None
    return _span(wire.text(value) or "")


@lru_cache(maxsize=8192)
def _span(written: str) -> Span | None:
    try:
        if written.isdecimal():
            return Span(timedelta(seconds=int(written)))
        if clock := _CLOCK.fullmatch(written):
            hours, minutes, seconds = (int(part or 0) for part in clock.groups())
            return Span(timedelta(hours=hours, minutes=minutes, seconds=seconds))
        if _WORDS.fullmatch(written):
            parts = [(int(number), _SECONDS[unit[0].lower()]) for number, unit in _UNITS.findall(written)]
            return Span(timedelta(seconds=sum(number * unit for number, unit in parts)), min(unit for _, unit in parts))
    except OverflowError, ValueError:  # more digits than a number may have
        return None
    return Span(timedelta(0)) if written.casefold() == "now" else None


def duration(value: Any) -> timedelta | None:
    """Read how long something takes."""
    if (found := span(value)) is None:
        _note("duration", value)
    return found.length if found and found.length <= LONGEST else None


def beginning(value: Any, now: datetime) -> Beginning:
    """Turn an elapsed time into when it began."""
    if (found := span(value)) is None:
        _note("duration", value)
        return Beginning(None)
    try:
        at = now - found.length
    except OverflowError:
        return Beginning(None)
    return Beginning(at, found.unit) if at > _UNSET_BEFORE else Beginning(None)


def since(value: Any, now: datetime, before: datetime | None = None) -> datetime | None:
    """Turn an elapsed time into when it began; `before` is kept while it agrees within two seconds."""
    found = beginning(value, now)
    return found.at if before is None or found.off(before) is None else before


def until(value: Any, now: datetime, before: datetime | None = None) -> datetime | None:
    """Turn the time that is left into when it is over; `before` is kept while it agrees. None for none that is left."""
    if (found := span(value)) is None:
        _note("duration", value)
        return None
    if not found.length or found.length > LONGEST:
        return None
    over = Beginning(now + found.length, found.unit)
    return over.at if before is None or over.off(before) is None else before


def still(value: Any, now: datetime, before: datetime | None) -> bool:
    """Tell whether an elapsed time is of the beginning that is known: `since` would answer `before`."""
    if before is not None and isinstance(value, str):
        number, _, ago = value.partition(" ")
        if ago == "secs ago" and number.isdecimal() and len(number) < _LONGEST:  # each agent's, at each poll
            return abs((now - before).total_seconds() - int(number)) <= _TOLERANCE
    return since(value, now, before) == before


def instant(value: Any, zone: tzinfo) -> datetime | None:
    """Read a time: the PBX's local time without a zone, or unix seconds. The answer is in UTC.

    UTC, because Python compares two times of one zone by their wall clocks. An hour that comes twice, when summer
    time ends, is read as the first. A time that nobody here will see is a slip, or stands for "never": none.
    """
    if not (written := wire.text(value)):
        return None
    try:
        if written.replace(".", "", 1).isdecimal():
            found = datetime.fromtimestamp(float(written), UTC) if float(written) else None
        else:
            parsed = _parsed(written)
            found = (parsed if parsed.tzinfo else parsed.replace(tzinfo=zone)).astimezone(UTC)
    except ValueError, OverflowError, OSError:
        _note("time", value)
        return None
    return found if found and _UNSET_BEFORE < found < _NEVER else None


def _note(field: str, value: Any) -> None:
    """Count a spelling that nobody knows, unless it stands for no time at all."""
    if isinstance(value, str) and (written := value.strip()) and written.casefold() not in _NO_TIME:
        vocabulary.note(field, vocabulary.shape(written))


def is_written(value: Any) -> bool:
    """Tell whether there is a time in a spelling that we know, however absurd it is."""
    if not (written := wire.text(value)):
        return False
    try:
        return written.replace(".", "", 1).isdecimal() or bool(_parsed(written))
    except ValueError:
        return False


def _parsed(written: str) -> datetime:
    for date_format in _DATE_FORMATS if "/" in written else ():
        try:
            return datetime.strptime(written, date_format)  # noqa: DTZ007 - the caller knows the zone
        except ValueError:
            continue
    return datetime.fromisoformat(written)


def local_text(moment: datetime, zone: tzinfo) -> str:
    """Write a time as the PBX reads it: its local time, without a zone."""
    return moment.astimezone(zone).strftime("%Y-%m-%d %H:%M:%S")
