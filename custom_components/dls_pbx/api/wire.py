"""How the PBX writes and what it means: PHP's shapes, numbers, durations, times, and words that must not leak.

The PBX prints what an Asterisk console prints. One fact comes in many spellings; each function here reads them
all and answers None for a text it does not know, because a new word of the PBX must not take an entity down.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta, tzinfo
from functools import lru_cache
import re
from typing import Any

from .exceptions import DlsPbxResponseError

type Row = dict[str, Any]

# A start time computed from an elapsed time jitters with the network and with the PBX's rounding.
CLOCK_TOLERANCE = timedelta(seconds=2)

_CLOCK = re.compile(r"(?:(\d+):)?(\d+):(\d{1,2})")
_UNITS = re.compile(r"(\d+)\s*(w|d|h|m|s)[a-z]*", re.IGNORECASE)
_UNIT_SECONDS = {"w": 604800, "d": 86400, "h": 3600, "m": 60, "s": 1}
# Seven digits and more, however grouped, are a phone number: extensions are shorter, times have colons.
_PHONE_NUMBER = re.compile(r"\+?\d(?:[\s().-]{0,2}\d){6,}")
_DATE_FORMATS = ("%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%m/%d/%Y %I:%M %p", "%m/%d/%y %I:%M %p")


def pairs(value: Any) -> Iterable[tuple[str, Any]]:
    """Read a map that PHP may have written as a list (keys 0..n-1) or as `[]`, `""` or null (empty)."""
    match value:
        case dict():
            return value.items()
        case list():
            return ((str(index), item) for index, item in enumerate(value))
        case None | "" | False:
            return ()
    raise DlsPbxResponseError("The PBX sent a value where a list belongs")


def row_map(value: Any) -> dict[str, Row]:
    """Read a map of rows, in either of PHP's shapes."""
    found = dict(pairs(value))
    if not all(isinstance(row, dict) for row in found.values()):
        raise DlsPbxResponseError("The PBX sent something else than rows")
    return found


def rows(value: Any) -> Iterable[Row]:
    """Read a list of rows, in either of PHP's shapes."""
    return row_map(value).values()


def text(value: Any) -> str | None:
    """Read a text; blank means none."""
    if value is None or isinstance(value, (dict, list)):
        return None
    return str(value).strip() or None


def integer(value: Any) -> int | None:
    """Read a whole number, however it is quoted."""
    number = decimal(value)
    return None if number is None else int(number)


def decimal(value: Any) -> float | None:
    """Read a number, however it is quoted."""
    if isinstance(value, bool) or value is None:
        return None
    try:
        number = float(value)
    except TypeError, ValueError:
        return None
    return number if abs(number) < 1e15 else None  # noqa: PLR2004 - NaN and infinity are no figures


def boolean(value: Any) -> bool | None:
    """Read a yes or no in PHP's, Asterisk's and people's spellings."""
    match str(value).strip().casefold():
        case "1" | "yes" | "true" | "on" | "locked":
            return True
        case "0" | "no" | "false" | "off" | "unlocked":
            return False
    return None


@lru_cache(maxsize=8192)
def _duration(value: str) -> timedelta | None:
    if value.isdigit():
        return timedelta(seconds=int(value))
    if clock := _CLOCK.fullmatch(value):
        hours, minutes, seconds = (int(part or 0) for part in clock.groups())
        return timedelta(hours=hours, minutes=minutes, seconds=seconds)
    if value.casefold() == "now":
        return timedelta(0)
    if units := _UNITS.findall(value):
        return timedelta(seconds=sum(int(number) * _UNIT_SECONDS[unit.lower()] for number, unit in units))
    return None


def duration(value: Any) -> timedelta | None:
    """Read a span: `4s`, `30 secs ago`, `0:04`, `75:10`, `146:42:08`, `0h4m3s`, `1 minute(s)`, `Now`, `85`."""
    try:
        return _duration(value.strip() if isinstance(value, str) else str(value))
    except OverflowError:
        return None


def since(value: Any, now: datetime, before: datetime | None = None) -> datetime | None:
    """Turn an elapsed time into when it began; `before` is kept while it agrees within two seconds."""
    span = duration(value)
    if span is None:
        return None
    try:
        began = now - span
    except OverflowError:
        return None
    return before if before is not None and abs(began - before) <= CLOCK_TOLERANCE else began


def instant(value: Any, zone: tzinfo) -> datetime | None:
    """Read a time: the PBX's local time without a zone, or unix seconds. The answer is aware."""
    if not (written := text(value)):
        return None
    for date_format in _DATE_FORMATS:
        try:
            return datetime.strptime(written, date_format).replace(tzinfo=zone)
        except ValueError:
            continue
    try:
        return datetime.fromtimestamp(float(written), UTC).astimezone(zone)
    except ValueError, OverflowError, OSError:
        return None


def local_text(moment: datetime, zone: tzinfo) -> str:
    """Write a time as the PBX reads it: its local time, without a zone."""
    return moment.astimezone(zone).strftime("%Y-%m-%d %H:%M:%S")


def same_but(row: Mapping[str, Any], before: Mapping[str, Any], *fields: str) -> bool:
    """Tell whether two rows differ in nothing but `fields`."""
    return all(field in row and field in before for field in fields) and (
        {**row, **{field: before[field] for field in fields}} == before
    )


def masked(words: str) -> str:
    """Hide phone numbers in a text that people will read, all but the last two digits."""
    return _PHONE_NUMBER.sub(lambda number: "…" + number.group()[-2:], words)
