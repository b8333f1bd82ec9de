"""What a day costs: requests, call records read, what is written to the disk and into Home Assistant's database.

Hours of a simulated office go by under a stopped clock, second by second, through Home Assistant and its real recorder,
over real sockets. Beside it stands what the textbooks teach (bench_textbook.py), in the same Home Assistant, at a
socket of its own of the same PBX. Everything counts from the first quiet moment after the set-up on.
"""

import argparse
import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
import gc
from itertools import chain
import logging
from pathlib import Path
from resource import getpagesize
import sqlite3
from statistics import quantiles
import sys
from tempfile import TemporaryDirectory
import tracemalloc
from typing import Final

from tests.helpers.standalone import DATABASE, a_recorder, prepare  # isort: skip  # first: it bends clocks
from freezegun import freeze_time
from freezegun.api import FrozenDateTimeFactory
from homeassistant.components import recorder
from homeassistant.const import CONF_API_KEY, CONF_URL, CONF_USERNAME, CONF_VERIFY_SSL
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er, frame
from homeassistant.loader import DATA_CUSTOM_COMPONENTS
from homeassistant.util import slugify
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_time_changed,
    async_test_home_assistant,
)

from custom_components.dls_pbx.api.dialect import Manner
from custom_components.dls_pbx.api.models import CallRecord
from custom_components.dls_pbx.api.transport import Request, Transport
from custom_components.dls_pbx.const import DOMAIN
from custom_components.dls_pbx.events.records import RecordEvents
from script.bench_table import Table
from script.bench_textbook import TEXTBOOK, Textbook
from simulator.app import DEFAULT_KEY, DEFAULT_USER, Simulator
from simulator.office.plan import PLANS
from simulator.office.scenarios import Size, build
from simulator.pbx.simulated import SimulatedPbx

MORNING: Final = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)  # nine o'clock where the office is
ZONE: Final = "America/Chicago"
ENTRY_ID: Final = "01BENCH"
# What is only there because of states counts as ours: there are no others but the textbook's, whose attributes are few.
COUNTS: Final = """
    SELECT states_meta.entity_id, count(*) FROM states JOIN states_meta USING (metadata_id) GROUP BY 1
    UNION ALL SELECT 'attributes', count(*) FROM state_attributes
    UNION ALL SELECT 'events', count(*) FROM events
    UNION ALL SELECT iif(statistic_id LIKE 'sensor.textbook%', 'textbook ', '') || 'statistics, 5 minutes', count(*)
        FROM statistics_short_term JOIN statistics_meta ON metadata_id = statistics_meta.id GROUP BY 1
    UNION ALL SELECT iif(statistic_id LIKE 'sensor.textbook%', 'textbook ', '') || 'statistics, hours', count(*)
        FROM statistics JOIN statistics_meta ON metadata_id = statistics_meta.id GROUP BY 1
"""
# The goals are 18 states and 24 requests: docs/development/testing.md says what they would cost. These are what was
# reached; more is a step back.
STATES: Final = {"office": 28, "company": 28}
REQUESTS: Final = {"office": 33, "company": 60}
# What an office's screens show of the moment.
LIVE: Final = ("active_calls", "ringing_calls", "callers_waiting")


@dataclass(slots=True)
class Costs:
    """What one side has spent."""

    files: str  # what the names of its files in the storage begin with
    requests: Counter[str] = field(default_factory=Counter)  # by action
    received: Counter[str] = field(default_factory=Counter)  # bytes, by action
    written: list[int] = field(default_factory=list)  # bytes, by second
    states: int = 0  # rows of the database, and of what comes with them
    statistics: int = 0  # rows, of which no call makes more
    connections: int = 0

    def clear(self) -> None:
        """Begin to count."""
        self.requests.clear()
        self.received.clear()
        self.written.clear()


class Disk:
    """Sees what is written into files of the storage, whether they are appended to or replaced."""

    def __init__(self, folder: Path, costs: Costs) -> None:
        self._folder = folder
        self._costs = costs
        self._sizes: dict[tuple[str, int], int] = {}

    def look(self) -> None:
        """Note what was written since the last look."""
        files = {
            (path.name, stat.st_ino): stat.st_size
            for path in self._folder.glob(f"{self._costs.files}*")
            for stat in [path.stat()]
        }
        if written := sum(max(size - self._sizes.get(file, 0), 0) for file, size in files.items()):
            self._costs.written.append(written)
        self._sizes = files


class Staleness:
    """For how long Home Assistant shows something else than what is so at the PBX."""

    def __init__(self, hass: HomeAssistant, pbx: SimulatedPbx) -> None:
        self._hass = hass
        self._pbx = pbx
        self._registry = er.async_get(hass)
        self._since: dict[str, datetime] = {}
        self.seconds: dict[str, list[float]] = {name: [] for name in LIVE}

    def look(self, now: datetime) -> None:
        """Compare all live figures."""
        for name, key, truth in self._truths():
            entity_id = self._registry.async_get_entity_id("sensor", DOMAIN, f"{ENTRY_ID}_{key}_{name}")
            state = self._hass.states.get(entity_id or "")
            if state is None or state.state != str(truth):
                self._since.setdefault(f"{key} {name}", now)
            elif since := self._since.pop(f"{key} {name}", None):
                self.seconds[name].append((now - since).total_seconds())

    def _truths(self) -> list[tuple[str, str, int]]:
        calls = self._pbx.calls()
        ringing = sum(not call.connected for call in calls)
        found = [("active_calls", "pbx", len(calls)), ("ringing_calls", "pbx", ringing)]
        return found + [
            ("callers_waiting", f"queue_{slugify(queue.name)}", len(queue.callers)) for queue in self._pbx.queues()
        ]


class Day:
    """One run of one office."""

    def __init__(self, size: str, clock: FrozenDateTimeFactory, table: Table) -> None:
        self._size = size
        self._clock = clock
        self._table = table
        self._ours = Costs(files=DOMAIN)
        self._theirs = Costs(files=TEXTBOOK)
        self._told: dict[str, float] = {}  # calls: seconds from their end
        self._faxes_told: dict[str, float] = {}  # which no list of calls in progress tells of
        self._states: Counter[str] = Counter()  # rows, by what the entity shows
        self._memory: list[float] = []  # MB, by the hour
        self._own_memory: list[float] = []

    async def run(self, minutes: int) -> None:
        """Let the time pass and print what it cost."""
        pbx = build(Size(self._size), 1)
        print(f"\n{self._size}: {len(pbx.users())} phones, {len(pbx.queues())} queues")
        with TemporaryDirectory() as folder:
            async with Simulator(pbx) as own, Simulator(pbx) as other, _home_assistant(folder) as hass:
                self._count_ours(pbx)
                await _set_up(hass, own.url)
                await Textbook(hass, other.url, self._theirs.requests, self._theirs.received).async_start()
                await self._pass(hass, own, 90)
                stale = Staleness(hass, pbx)
                disks = [Disk(Path(folder, ".storage"), costs) for costs in (self._ours, self._theirs)]
                for disk in disks:
                    disk.look()
                before = await _rows(hass)
                for costs in (self._ours, self._theirs):
                    costs.clear()
                self._told.clear()
                self._faxes_told.clear()
                opened = own.connections_opened, other.connections_opened

                def look() -> None:
                    stale.look(datetime.now(UTC))
                    for disk in disks:
                        disk.look()

                await self._pass(hass, own, 60 * minutes, look)
                self._ours.connections = own.connections_opened - opened[0]
                self._theirs.connections = other.connections_opened - opened[1]
                rows = await _rows(hass)
                rows.subtract(before)
                self._count_rows(rows, er.async_get(hass))
            self._report(minutes, stale)

    def _count_rows(self, rows: Mapping[str, int], registry: er.EntityRegistry) -> None:
        for what, number in rows.items():
            side = self._theirs if TEXTBOOK in what else self._ours
            if "statistics" in what:
                side.statistics += number
                continue
            side.states += number
            if side is self._ours:
                entity = registry.async_get(what)
                self._states[entity.translation_key or entity.original_name or "" if entity else what] += number

    def _count_ours(self, pbx: SimulatedPbx) -> None:
        """Listen in where bodies come and where calls are told."""
        post, fire_call = Transport.post, RecordEvents.fire_call

        async def counted(transport: Transport, request: Request, manner: Manner) -> tuple[int, bytes]:
            status, body = await post(transport, request, manner)
            action = f"{request.endpoint}.{request.action}"
            self._ours.requests[action] += 1
            self._ours.received[action] += len(body)
            return status, body

        def timed(events: RecordEvents, record: CallRecord) -> None:
            fire_call(events, record)
            ended = {
                one.unique_id: one.started_at + timedelta(seconds=one.duration) for one in pbx.call_records()[-500:]
            }
            told = self._faxes_told if record.fax else self._told
            told[record.id] = (datetime.now(UTC) - ended[record.id]).total_seconds()

        Transport.post, RecordEvents.fire_call = counted, timed  # type: ignore[method-assign]

    async def _pass(
        self, hass: HomeAssistant, pbx: Simulator, seconds: int, look: Callable[[], None] = lambda: None
    ) -> None:
        for second in range(seconds):
            if second % 3600 == 0:
                self._memory.append(_resident())
                self._own_memory.append(_ours())
            self._clock.tick(timedelta(seconds=1))
            pbx.run()
            async_fire_time_changed(hass)
            await hass.async_block_till_done(wait_background_tasks=True)
            look()

    def _report(self, minutes: int, stale: Staleness) -> None:
        calls = max(len(self._told) + len(self._faxes_told), 1)
        print(f"{minutes} minutes, {calls} calls told\n")
        print(f"{'':<50}{'ours':>10}{'limit':>10}")

        def row(name: str, limit: float, unit: str, spent: Callable[[Costs], float], by: float) -> None:
            self._table.row(
                name, spent(self._ours) / by, limit, unit, beside=f"textbook {spent(self._theirs) / by:.2f}"
            )

        row("call records read, per call", 4, "kB", lambda one: one.received["reports.report"] / 1000, calls)
        row("written by the store, per call", 1, "kB", lambda one: sum(one.written) / 1000, calls)
        row("states written, per call", STATES[self._size], "", lambda one: one.states, calls)
        row("requests a minute", REQUESTS[self._size], "", lambda one: one.requests.total(), minutes)
        row("connections a minute", 2, "", lambda one: one.connections, minutes)
        self._table.row("call told after its end, p95", _p95(self._told.values()), 8, "s")
        self._table.row("state differs from the PBX, p95", _p95(chain(*stale.seconds.values())), 5, "s")
        print(f"\n   a fax told after its end, p95: {_p95(self._faxes_told.values()):.0f} s")
        print(f"   rows of statistics, a minute: ours {self._ours.statistics / minutes:.1f}, textbook ", end="")
        print(f"{self._theirs.statistics / minutes:.1f}")
        # A journal that is folded; it is written in pieces of at most 64 kB.
        print(f"   written by the store in a second, at most: {max(self._ours.written, default=0) / 1000:.1f} kB")
        print(f"   memory of all, by the hour: {', '.join(f'{size:.0f}' for size in self._memory)} MB")
        if any(self._own_memory):
            print(f"   memory of the integration: {', '.join(f'{size:.2f}' for size in self._own_memory)} MB")
        _print("requests a minute", self._ours.requests, minutes)
        _print("states written, per call", self._states, calls)


def _print(name: str, counts: Counter[str], by: float) -> None:
    print(f"\n{name}:")
    for what, number in counts.most_common():
        print(f"   {what:<46}{number / by:>8.3f}")


def _p95(values: Iterable[float]) -> float:
    known = list(values)
    return quantiles(known, n=20)[-1] if len(known) > 1 else 0


def _ours() -> float:
    """Return how many MB of memory the integration's own lines hold, where `--memory` has them counted."""
    if not tracemalloc.is_tracing():
        return 0
    gc.collect()
    lines = tracemalloc.Filter(inclusive=True, filename_pattern="*/custom_components/dls_pbx/*")
    ours = tracemalloc.take_snapshot().filter_traces([lines])
    return sum(trace.size for trace in ours.traces) / 1e6


def _resident() -> float:
    """Return how many MB of memory this process takes."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * getpagesize() / 1e6


async def _set_up(hass: HomeAssistant, url: str) -> None:
    entry = MockConfigEntry(
        domain=DOMAIN,
        title="pbx",
        entry_id=ENTRY_ID,
        unique_id="pbx",
        data={CONF_URL: url, CONF_USERNAME: DEFAULT_USER, CONF_API_KEY: DEFAULT_KEY, CONF_VERIFY_SSL: True},
        options={"backfill_days": 0},
    )
    entry.add_to_hass(hass)
    if not await hass.config_entries.async_setup(entry.entry_id):
        raise SystemExit("The integration did not set up")
    await hass.async_block_till_done(wait_background_tasks=True)


@asynccontextmanager
async def _home_assistant(folder: str) -> AsyncIterator[HomeAssistant]:
    async with async_test_home_assistant(config_dir=folder) as hass:
        frame.async_setup(hass)
        hass.data.pop(DATA_CUSTOM_COMPONENTS, None)
        await hass.config.async_set_time_zone(ZONE)
        hass.config.country = "US"
        async with a_recorder(hass, **{recorder.CONF_COMMIT_INTERVAL: 5}):
            yield hass
            await hass.async_stop(force=True)


async def _rows(hass: HomeAssistant) -> Counter[str]:
    """Count the rows of Home Assistant's database: states by entity, others by table, and whose they are."""
    await recorder.get_instance(hass).async_block_till_done()

    def read() -> Counter[str]:
        found: Counter[str] = Counter()
        with closing(sqlite3.connect(hass.config.path(DATABASE))) as database:
            for table, number in database.execute(COUNTS):
                found[table] += number
        return found

    return await hass.async_add_executor_job(read)


async def _run(sizes: list[str], minutes: int) -> bool:
    table = Table()
    for size in sizes:
        with freeze_time(MORNING) as clock:
            await Day(size, clock, table).run(minutes)
    return table.broken


def main() -> None:
    """Run the bench; exit 1 where a limit is broken."""
    parser = argparse.ArgumentParser(prog="script/bench --day", description=__doc__)
    parser.add_argument("--day", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--size", action="append", help="the office: office, company (default: both)")
    parser.add_argument("--phones", type=int, help="how many phones a company has (default 200)")
    parser.add_argument("--memory", action="store_true", help="count the integration's own memory, which takes long")
    parser.add_argument("--minutes", type=int, default=480, help="how long the day is (default 480)")
    arguments = parser.parse_args()
    if arguments.phones:
        PLANS[Size.COMPANY] = replace(PLANS[Size.COMPANY], phones=arguments.phones)
    if arguments.memory:
        tracemalloc.start()
    logging.disable(logging.WARNING)
    prepare()
    sys.exit(asyncio.run(_run(arguments.size or ["office", "company"], arguments.minutes)))


if __name__ == "__main__":
    main()
