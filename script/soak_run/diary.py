"""Diary of a week: what will happen to an office, its PBX and its Home Assistant, drawn from a seed."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from random import Random
from typing import Any, Final
from zoneinfo import ZoneInfo

ZONE: Final = ZoneInfo("America/Chicago")
# Weeks with a change of the clocks on their Sunday, at two o'clock in the night: it begins, it ends.
SPRING, AUTUMN = date(2026, 3, 4), date(2026, 10, 28)
# When the day's figures are compared: nothing else happens from a while before on, and nearly nobody calls.
EVENING: Final = (23, 40)


class Kind(StrEnum):
    """What can happen."""

    OUTAGE = "the PBX cannot be reached"
    ERRORS = "the PBX answers with errors"
    SLOW = "the PBX is slow"
    RESTART = "Home Assistant restarts"
    KILL = "Home Assistant is killed"
    KILL_ASKING = "Home Assistant is killed while answers are on their way"
    RELOAD = "the integration is reloaded"
    KEY = "the key is renewed"
    CLOCK = "Home Assistant's clock is wrong"
    PBX_RESTART = "the PBX restarts"
    LATE_ROWS = "rows come late"
    UPGRADE = "the PBX is upgraded"
    TICK = "somebody ticks off a callback"
    NIGHT_CALLS = "callers wait and talk over midnight"
    EVENING = "the day's figures are compared"


# How long, in seconds, at least and at most.
_LENGTHS: Final[Mapping[Kind, tuple[int, int]]] = {
    Kind.OUTAGE: (90, 2400),
    Kind.ERRORS: (90, 1800),
    Kind.SLOW: (60, 240),
    Kind.RESTART: (40, 1200),
    Kind.KILL: (40, 1200),
    Kind.KILL_ASKING: (40, 600),
    Kind.RELOAD: (0, 0),
    Kind.KEY: (30, 900),
    Kind.CLOCK: (600, 7200),
    Kind.PBX_RESTART: (20, 180),
    Kind.LATE_ROWS: (1800, 5400),
    Kind.TICK: (0, 0),
}
# While these last, other things happen as well.
LASTING: Final = frozenset({Kind.CLOCK, Kind.LATE_ROWS})
_BY_DAY: Final = tuple(_LENGTHS)
_BY_NIGHT: Final = (Kind.OUTAGE, Kind.ERRORS, Kind.RESTART, Kind.KILL, Kind.RELOAD, Kind.CLOCK, Kind.PBX_RESTART)
_FURTHEST: Final = 720  # seconds that a clock is wrong

# Other ways to say the same, as a later version may have them.
# None that begins to take the ids of calls for numbers: 1782914400.9 is then what 1782914400.90 was before, and another
# call of the same second; nobody can tell which of the two is meant.
DIALECTS: Final[Sequence[Mapping[str, Any]]] = (
    {"numbers": "numbers", "durations": "lettered", "body_encodings": "form", "array_names": "brackets"},
    {"numbers": "strings", "durations": "clock", "body_encodings": "json", "empty_maps": "object"},
    {"durations": "seconds", "php_escapes": True, "sequential_maps": "object"},
    {"blanks": "null", "zeros": "null", "durations": "ago", "shuffled_keys": True, "body_encodings": "xml"},
    {"time_zones": "country_city", "report_columns": "reordered", "taken_calls": "agent", "page_cap": 20},
)
_LATE: Final[Sequence[Mapping[str, Any]]] = ({"rows": "late"}, {"rows": "ragged"}, {"rows": "ragged", "marks": "late"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """Something that happens, from when and for how long; `how` is what else was drawn for it."""

    at: datetime
    kind: Kind
    seconds: int = 0
    how: Mapping[str, Any]

    def __str__(self) -> str:
        """Return a line of the diary."""
        local = self.at.astimezone(ZONE)
        how = ", ".join(f"{name} {value}" for name, value in self.how.items())
        length = f" for {timedelta(seconds=self.seconds)}" if self.seconds else ""
        return f"{local:%a %d %b %H:%M:%S}  {self.kind}{length}{f' ({how})' if how else ''}"


def draw(seed: int, days: int) -> tuple[datetime, Sequence[Happening]]:
    """Return when the week begins, and what happens in it in order."""
    rng = Random(seed)
    first = AUTUMN if seed % 2 else SPRING
    begin = datetime.combine(first, time(7, 30), ZONE).astimezone(UTC)
    dates = [first + timedelta(days=day) for day in range(days)]
    upgraded = dates[len(dates) // 2]
    found = [one for day in dates for one in _day(rng, day, begin, upgraded=day == upgraded)]
    return begin, sorted(found, key=lambda one: one.at)


def draw_short(seed: int) -> tuple[datetime, Sequence[Happening]]:
    """Return the same of a short night: one of everything, over midnight and a change of the clocks."""
    rng = Random(seed)
    sunday = (AUTUMN if seed % 2 else SPRING) + timedelta(days=4)
    saturday = sunday - timedelta(days=1)
    begin, end = _at(saturday, 23, 0), _at(sunday, 3, 30)
    wanted = rng.sample(_BY_DAY, len(_BY_DAY))
    found = list(_spread(rng, wanted, _at(sunday, 0, 10), end, begin))
    found += [
        Happening(at=_at(saturday, 23, 57), kind=Kind.NIGHT_CALLS, seconds=600, how={}),
        Happening(at=begin + (end - begin) / 2, kind=Kind.UPGRADE, how=rng.choice(DIALECTS)),
        Happening(at=end + timedelta(hours=2), kind=Kind.EVENING, how={}),
    ]
    return begin, sorted(found, key=lambda one: one.at)


def _day(rng: Random, day: date, begin: datetime, *, upgraded: bool) -> Iterator[Happening]:
    yield from _spread(rng, rng.sample(_BY_NIGHT, 2), _at(day, 0, 20), _at(day, 6, 30), begin)
    wanted = list(_BY_DAY) if day.weekday() < 5 else rng.sample(_BY_DAY, 4)  # noqa: PLR2004 - Saturday
    rng.shuffle(wanted)
    yield from _spread(rng, wanted, _at(day, 7, 40), _at(day, 21, 30), begin)
    if upgraded:
        yield Happening(at=_at(day, 12, 0), kind=Kind.UPGRADE, how=rng.choice(DIALECTS))
    yield Happening(at=_at(day, *EVENING), kind=Kind.EVENING, how={})
    yield Happening(at=_at(day, 23, 57), kind=Kind.NIGHT_CALLS, seconds=600, how={})


def _at(day: date, hour: int, minute: int) -> datetime:
    return datetime.combine(day, time(hour, minute), ZONE).astimezone(UTC)


def _spread(rng: Random, kinds: Sequence[Kind], start: datetime, end: datetime, begin: datetime) -> Iterator[Happening]:
    """Yield one after the other, each in its own part of the time."""
    part = int((end - start).total_seconds()) // len(kinds)
    for turn, kind in enumerate(kinds):
        shortest, longest = _LENGTHS[kind]
        seconds = rng.randint(shortest, longest)
        if kind not in LASTING:
            seconds = min(seconds, part - 120)
        at = start + timedelta(seconds=turn * part + rng.randint(0, max(part - seconds - 60, 0)))
        if at > begin:
            yield Happening(at=at, kind=kind, seconds=seconds, how=_details(rng, kind))


def _details(rng: Random, kind: Kind) -> Mapping[str, Any]:
    match kind:
        case Kind.CLOCK:
            return {"wrong": rng.choice((-1, 1)) * rng.randint(60, _FURTHEST)}
        case Kind.LATE_ROWS:
            return rng.choice(_LATE)
        case Kind.ERRORS:
            return {"kind": rng.choice(("server_error", "html", "empty", "session_down", "reset_after", "truncated"))}
        case Kind.SLOW:
            return {"delay": rng.randint(2, 25)}
        case Kind.KILL_ASKING:
            return {"delay": rng.randint(8, 25), "after": rng.randint(5, 60)}
        case _:
            return {}
