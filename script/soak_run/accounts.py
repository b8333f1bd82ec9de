"""Accounts of a week: what is in the PBX's books beside what is at Home Assistant, and where they differ."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from homeassistant.core import HomeAssistant
from homeassistant.util import slugify

from script.soak_run.callbacks import number_of, owed_by_the_cdr, todo_items
from script.soak_run.conversations import conversations_at_home, conversations_by_the_pbx
from script.soak_run.diary import ZONE
from script.soak_run.told import told, told_by_the_cdr, told_of_texts
from script.soak_run.week import Week
from simulator.models import CallRecord
from tests.databases.hours import Rows, rows_of, stored
from tests.helpers.books import by_the_cdr, figures_by_the_cdr, hour_of
from tests.helpers.entities import state_of
from tests.helpers.stored import stored as stored_on_disk

_SHOWN: Final = 20
_NEAR: Final = 0.01
# Of more than 50 calls the entities show a mean anew when it has moved by 1, or by 2 per cent (sensor.py).
_MEANS: Final = ("service_level_today", "answer_speed_today", "talk_time_today")
_SHARE: Final = 0.02

type Key = tuple[str, str]  # of an entity: the object, and the key


class Accounts:
    """Compares one week's, and keeps the rows of the table."""

    def __init__(self, week: Week, days: int) -> None:
        self._week = week
        self._since = week.begin - timedelta(days=days)
        self._rows: list[tuple[str, int, int, int]] = []
        week.pbx.run_until(week.pbx.now())
        # What the first look has shown is history.
        self._history = {row.unique_id for row in week.pbx.call_records()}
        self._texts = {one.id for one in week.pbx.messages()}

    def print(self) -> int:
        """Print the table; return how many things differ."""
        print(f"\n{'what':<34}{'in the books':>14}{'at home':>14}{'differs':>10}")
        for what, books, home, differs in self._rows:
            print(f"{what:<34}{books:>14,}{home:>14,}{differs:>10,}")
        return sum(row[-1] for row in self._rows)

    def _compare(
        self, what: str, books: Mapping[Any, Any], home: Mapping[Any, Any], near: Callable[[Any], float] = lambda _: 0
    ) -> None:
        """Note a row; say of the first few things how they differ. `near` tells how far a number may be off."""
        differing = [key for key in books.keys() | home.keys() if not _same(books.get(key), home.get(key), near(key))]
        for key in sorted(differing, key=str)[:_SHOWN]:
            print(f"   {what}: {key}: books {books.get(key)}, home {home.get(key)}", flush=True)
        self._rows.append((what, _size(books), _size(home), len(differing)))

    def compare_day(self) -> None:
        """Compare today's figures with the day up to now, and the PBX's own counters with what is shown of them."""
        pbx, hass = self._week.pbx, self._week.house.running
        local = pbx.now().astimezone(ZONE)
        midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
        queues = {"": "pbx"} | {queue.name: f"queue_{slugify(queue.name)}" for queue in pbx.queues()}
        books = {
            (queues[queue], key): value
            for queue, figures in figures_by_the_cdr(pbx, midnight, list(queues)).items()
            for key, value in figures.items()
        }
        self._compare(f"figures of {local:%a %d %b}", books, _shown(hass, books), lambda key: float(key[1] in _MEANS))
        counters = dict(self._counters(queues))
        self._compare(f"counters of {local:%a %d %b}", counters, _shown(hass, counters))

    def _counters(self, queues: Mapping[str, str]) -> Iterator[tuple[Key, float]]:
        """Yield what the PBX counts since it was started."""
        pbx = self._week.pbx
        for queue in pbx.queues():
            yield (queues[queue.name], "completed_calls"), queue.completed
            yield (queues[queue.name], "lost_calls"), queue.lost
        users = {(user.ext, user.tenant): user.auth_id for user in pbx.users()}
        for phone in pbx.provisioning():
            part = f"phone_{users[phone.ext, phone.tenant]}"
            yield (part, "calls_in"), phone.calls_in
            yield (part, "calls_out"), phone.calls_out

    async def compare_week(self) -> None:
        """Compare what was told, the statistics, the callbacks and the conversations."""
        pbx, house = self._week.pbx, self._week.house
        hass = house.running
        records = [row for row in pbx.call_records() if row.unique_id not in self._history]
        texts = [one for one in pbx.messages() if one.id not in self._texts]
        books, home = told_by_the_cdr(records, pbx.fax_jobs()) + told_of_texts(texts), told(house.happened)
        for what in sorted({line[0] for line in books | home}):
            self._compare(f"event {what}", _only(books, what), _only(home, what))
        self._compare("hours of statistics", *await self._hours())
        owed = owed_by_the_cdr(records, self._week.ticked)
        self._compare("callbacks owed, their last call", *self._last(owed, await todo_items(hass)))
        items = stored_on_disk(hass).get("callbacks", {}).values()
        tries = {_digits(item["number"]): _spelled(item["tries"]) for item in items if not item.get("completed")}
        calls = {number: _spelled(row.unique_id for row in rows) for number, rows in owed.items()}
        self._compare("calls of each", calls, tries)
        self._compare("conversations", conversations_by_the_pbx(pbx), await conversations_at_home(hass))

    def _last(
        self, owed: Mapping[str, Sequence[CallRecord]], items: Iterable[Mapping[str, Any]]
    ) -> tuple[dict[str, datetime], dict[str, datetime]]:
        books = {number: rows[-1].started_at.replace(microsecond=0) for number, rows in owed.items()}
        return books, {number_of(dict(item)): datetime.fromisoformat(item["due"]) for item in items}

    async def _hours(self) -> tuple[dict[str, float], dict[str, float]]:
        """Return value and sum of each hour: of a sum that is right none is missing before it."""
        rows: Rows = await rows_of(self._week.house, self._since - timedelta(days=1))
        parts = stored(self._week.house)["queues"]
        # A call that went on into the next hour counts for its own when the next one is over.
        until = hour_of(self._week.now) - timedelta(hours=1)
        books = by_the_cdr(self._week.pbx, self._since - timedelta(days=1), until, part=parts.__getitem__)
        home: dict[str, float] = {}
        expected: dict[str, float] = {}
        for series in rows.keys() | books.keys():
            total, hours = 0.0, books.get(series, {})
            for hour in sorted(hour for hour in rows.get(series, {}).keys() | hours.keys() if hour < until):
                total += hours.get(hour, 0)
                key = f"{series} {hour:%m-%d %H}"
                expected[key], expected[f"{key} sum"] = hours.get(hour, 0), total
                if hour in rows.get(series, {}):
                    home[key], home[f"{key} sum"] = rows[series][hour]
        return expected, home


def _shown(hass: HomeAssistant, keys: Iterable[Key]) -> dict[Key, float | None]:
    return {key: _number(state_of(hass, *key)) for key in keys}


def _number(state: str | None) -> float | None:
    """Return a state as a number; None for one that is none."""
    try:
        return float(state or "")
    except ValueError:
        return None


def _only(lines: Counter[tuple[Any, ...]], what: str) -> Counter[tuple[Any, ...]]:
    return Counter({line: number for line, number in lines.items() if line[0] == what})


def _size(found: Mapping[Any, Any]) -> int:
    return found.total() if isinstance(found, Counter) else len(found)


def _same(one: Any, other: Any, near: float) -> bool:
    if isinstance(one, int | float) and isinstance(other, int | float):
        return abs(one - other) < max(_NEAR, near, bool(near) * _SHARE * other)
    return bool(one == other)


def _spelled(ids: Iterable[str]) -> list[float]:
    """Return ids in the one spelling that all versions of the PBX have in common: as numbers."""
    return sorted(map(float, ids))


def _digits(number: str) -> str:
    return number.removeprefix("+")
