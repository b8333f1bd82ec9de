"""Series in Home Assistant's statistics: hours, one series per figure, of the PBX and of each queue.

A row's state is what the hour brought, its sum what all hours up to it did. Every hour has a row, quiet ones too: a
graph draws a line through a gap as if it were a slope.
"""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from math import isclose
from typing import Any, Final, Literal

from homeassistant.components.recorder import get_instance
from homeassistant.components.recorder.models import StatisticData, StatisticMeanType, StatisticMetaData
from homeassistant.components.recorder.statistics import (
    StatisticsRow,
    async_add_external_statistics,
    get_last_statistics,
    statistics_during_period,
)
from homeassistant.config_entries import ConfigEntry, ConfigEntryState
from homeassistant.const import UnitOfTime
from homeassistant.core import HomeAssistant
from homeassistant.util import slugify
from homeassistant.util.unit_conversion import DurationConverter

from ..const import DOMAIN
from ..identity import disambiguate, limited
from ..records.figures import Figures
from ..texts import async_text
from .hours import HOUR, Stretch

# So many rows are written at a time, or everything else that is to be recorded would wait for them.
ROWS_AT_A_TIME: Final = 2000
PATIENCE: Final = (0, 1, 10)  # seconds
# A statistic's name has 255 characters, with what it counts; servers insist, SQLite does not.
_LONGEST_NAME: Final = 200
_BEGINNING: Final = datetime(2000, 1, 1, tzinfo=UTC)

type Rows = dict[str, dict[float, StatisticsRow]]  # by statistic ID, then by the hour's unix time


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One of the figures that each object has; `key` ends its statistic ID, and names it among the texts."""

    key: str
    value_fn: Callable[[Figures], float]
    unit: str | None = None
    unit_class: str | None = None


FIGURES: Final = (
    Figure(key="calls", value_fn=lambda figures: figures.calls),
    Figure(key="missed_calls", value_fn=lambda figures: figures.missed),
    Figure(key="abandoned_calls", value_fn=lambda figures: figures.abandoned),
    Figure(
        key="talk_time",
        value_fn=lambda figures: figures.talk,
        unit=UnitOfTime.SECONDS,
        unit_class=DurationConverter.UNIT_CLASS,
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """Whose figures they are: a queue's, or with "" the PBX's; `slug` begins its statistic IDs."""

    queue: str
    slug: str
    name: str


def statistic_id(slug: str, figure: Figure) -> str:
    """Return the ID that dashboards hold on to."""
    return f"{DOMAIN}:{slug}_{figure.key}"


def account_slug(hass: HomeAssistant, entry: ConfigEntry[Any]) -> str:
    """Return what tells a PBX's statistics from another's: its account, so that it finds them again later."""
    entries = hass.config_entries.async_entries(DOMAIN)
    others = [other for other in entries if other.entry_id != entry.entry_id]
    taken = {slugify(_account(other)) for other in others}
    # One that has moved keeps those of its old address.
    stored = (other.runtime_data.store.sections.get("statistics") for other in others if _is_loaded(other))
    taken |= {statistics["slug"] for statistics in stored if statistics}
    account = _account(entry)
    slug = limited(slugify(account), account)
    return disambiguate(slug, account) if slug in taken else slug


def _account(entry: ConfigEntry[Any]) -> str:
    return entry.unique_id or entry.entry_id


def _is_loaded(entry: ConfigEntry[Any]) -> bool:
    return entry.state is ConfigEntryState.LOADED


class NotWrittenError(Exception):
    """The recorder could not write; it has logged why."""


class Series:
    """Writes and reads the rows of one PBX."""

    def __init__(self, hass: HomeAssistant) -> None:
        self._hass = hass
        self._recorder = get_instance(hass)

    async def async_has_any(self, slug: str) -> bool:
        """Tell whether there are figures of a subject at all; not, if the database has been replaced."""
        return bool(
            await self._recorder.async_add_executor_job(
                get_last_statistics, self._hass, 1, statistic_id(slug, FIGURES[0]), False, {"sum"}
            )
        )

    async def async_write(
        self, stretch: Stretch, subjects: Sequence[Subject], kept_before: datetime | None = None
    ) -> None:
        """Write what is news in a stretch, and see that it is in the database; else raises NotWrittenError.

        Rows of hours before `kept_before` keep the state that they have. Doing it again changes nothing.
        """
        hours = stretch.hours
        at_a_time = max(ROWS_AT_A_TIME // (len(subjects) * len(FIGURES)), 1)
        for begin in range(0, len(hours), at_a_time):
            await self._async_write_hours(stretch, hours[begin : begin + at_a_time], subjects, kept_before)

    async def _async_write_hours(
        self,
        stretch: Stretch,
        hours: Sequence[datetime],
        subjects: Sequence[Subject],
        kept_before: datetime | None,
    ) -> None:
        wanted = {statistic_id(subject.slug, figure): (subject, figure) for subject in subjects for figure in FIGURES}
        there = await self._async_rows(hours[0], hours[-1] + HOUR, wanted)
        sums = await self._async_sums(hours[0], wanted)
        for series, (subject, figure) in wanted.items():
            states = {hour: figure.value_fn(stretch.figures(hour, subject.queue)) for hour in hours}
            for hour in hours:
                if kept_before and hour < kept_before and (row := there[series].get(hour.timestamp())):
                    states[hour] = _number(row, "state")
            news, sums[series] = _news(states, sums.get(series, 0), there[series])
            if news:
                name = await async_text(self._hass, f"statistic_{figure.key}", name=_short(subject.name))
                async_add_external_statistics(self._hass, _metadata(series, figure, name), news)
        await self._async_see_written(hours[-1], {series: sums[series] for series in wanted})

    async def _async_see_written(self, hour: datetime, sums: Mapping[str, float]) -> None:
        for pause in PATIENCE:
            # The recorder does not say whether it could write, nor whether it is still at it: with an empty queue it
            # may be busy with the last job.
            await asyncio.sleep(pause)
            await self._recorder.async_block_till_done()
            last = await self._async_rows(hour, hour + HOUR, sums)
            if all(_same(last[series].get(hour.timestamp()), "sum", value) for series, value in sums.items()):
                return
        raise NotWrittenError

    async def _async_sums(self, before: datetime, ids: Iterable[str]) -> dict[str, float]:
        """Return what the figures had come to by an hour; those that have no row yet are left out."""
        found = await self._async_rows(before - HOUR, before, ids)
        # A queue that was gone for a while has a gap in its rows, a new one has none.
        if missing := [series for series in ids if not found[series]]:
            found |= await self._async_rows(_BEGINNING, before, missing)
        return {series: _number(rows[max(rows)], "sum") for series, rows in found.items() if rows}

    async def _async_rows(self, start: datetime, end: datetime, ids: Iterable[str]) -> Rows:
        found = await self._recorder.async_add_executor_job(
            statistics_during_period, self._hass, start, end, set(ids), "hour", None, {"state", "sum"}
        )
        rows: Rows = defaultdict(dict)
        for series, hours in found.items():
            rows[series] = {row["start"]: row for row in hours}
        return rows


def _news(
    states: Mapping[datetime, float], total: float, there: Mapping[float, StatisticsRow]
) -> tuple[list[StatisticData], float]:
    """Return the rows that are not there already, going on from a sum, and the sum that they come to."""
    news: list[StatisticData] = []
    for hour, state in states.items():
        total += state
        row = there.get(hour.timestamp())
        if not (_same(row, "state", state) and _same(row, "sum", total)):
            news.append(StatisticData(start=hour, state=state, sum=total))
    return news, total


def _short(name: str) -> str:
    return name if len(name) <= _LONGEST_NAME else f"{name[:_LONGEST_NAME]}…"


def _number(row: StatisticsRow, name: Literal["state", "sum"]) -> float:
    return row.get(name) or 0.0


def _same(row: StatisticsRow | None, name: Literal["state", "sum"], value: float) -> bool:
    # Talk that two queues share has endless fractions.
    return row is not None and isclose(_number(row, name), value, abs_tol=1e-6)


def _metadata(series: str, figure: Figure, name: str) -> StatisticMetaData:
    return StatisticMetaData(
        source=DOMAIN,
        statistic_id=series,
        name=name,
        has_sum=True,
        mean_type=StatisticMeanType.NONE,
        unit_class=figure.unit_class,
        unit_of_measurement=figure.unit,
    )
