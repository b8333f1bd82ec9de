"""What a refresh costs, in units of parsing the answer, beside the pattern that the textbooks teach.

Both sides get the same answers of the stand-in PBX, in the same Home Assistant, in turns. The textbook's side is a
`DataUpdateCoordinator` that hands out all rows and `CoordinatorEntity`s that all write their state at every poll.
"""

import argparse
import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import replace
from datetime import timedelta
import gc
from itertools import count, islice, repeat
import logging
from operator import eq
from random import Random
from statistics import median
import sys
from tempfile import TemporaryDirectory
from time import process_time
import tracemalloc
from typing import Any, override

import aiohttp
from homeassistant.components.sensor import SensorEntity
from homeassistant.const import CONF_API_KEY, CONF_URL, CONF_USERNAME, CONF_VERIFY_SSL
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr, entity_platform, entity_registry as er
from homeassistant.helpers.device_registry import DeviceInfo
from homeassistant.helpers.update_coordinator import CoordinatorEntity, DataUpdateCoordinator
from homeassistant.loader import DATA_CUSTOM_COMPONENTS
from homeassistant.util import dt as dt_util
import orjson
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    MockEntityPlatform,
    async_test_home_assistant,
)

from custom_components.dls_pbx.api.transport import Transport
from custom_components.dls_pbx.const import DOMAIN
from custom_components.dls_pbx.coordinator.base import StatusCoordinator
from custom_components.dls_pbx.data import DlsPbxData
from script import bench_asterisk, bench_browser, bench_contacts
from script.bench_table import Table
from simulator.app import DEFAULT_KEY, DEFAULT_USER, Simulator
from simulator.office.scenarios import Size, build
from tests.helpers import resolver

TEXTBOOK_FIELDS = ("status", "vmail", "host", "port")  # four entities a phone: 20,000 at 5,000 phones
VOICEMAIL = ("voicemail_new", "voicemail_old")  # what changes in the 1 % of phones
LONGEST_STOP = 0.05  # seconds
NO_RECORDS = b'{"result": "success", "columns": [], "results": [], "total_results": 0, "optin": [], "optout": []}'

type Answer = dict[str, Any]


class Answers:
    """Stands where the wire is and answers at once, so that only our own work is measured."""

    def __init__(self, bodies: dict[str, bytes]) -> None:
        self.bodies = bodies

    async def post(self, _endpoint: str, action: str, _params: object, _manner: object) -> tuple[int, bytes]:
        """Answer; there are no records, which are not what is measured."""
        return 200, self.bodies.get(action, NO_RECORDS)


class TextbookSensor(CoordinatorEntity[DataUpdateCoordinator[Answer]], SensorEntity):
    """One field of one phone."""

    _attr_has_entity_name = True

    def __init__(self, coordinator: DataUpdateCoordinator[Answer], auth_id: str, field: str) -> None:
        super().__init__(coordinator)
        self._row, self._field = auth_id, field
        self._attr_name = field
        self._attr_unique_id = f"textbook_{auth_id}_{field}"

    @property
    @override
    def native_value(self) -> str:
        value: str = self.coordinator.data[self._row][self._field]
        return value


class BareSensor(SensorEntity):
    """An entity that does nothing: what Home Assistant itself asks for each."""

    _attr_has_entity_name = True
    _attr_should_poll = False
    _attr_native_value = "0"

    def __init__(self, number: int, device: DeviceInfo) -> None:
        self._attr_name = f"bare {number}"
        self._attr_unique_id = f"bare_{number}"
        self._attr_device_info = device


def _timed(step: Callable[[], object]) -> float:
    """Return the seconds of processor time that a step took: other programs on the machine do not count."""
    start = process_time()
    step()
    return process_time() - start


class Floor:
    """What no reader gets under: to parse an answer, compare its rows with those before, and free the latter."""

    def __init__(self, action: str, body: bytes) -> None:
        self._action = action
        self._known = self._rows(body)

    def _rows(self, body: bytes) -> list[Answer]:
        found = orjson.loads(body)[self._action]
        return found if isinstance(found, list) else list(found.values())

    def read(self, body: bytes) -> None:
        """Read an answer."""
        found = self._rows(body)
        list(map(eq, found, self._known, strict=True))
        self._known = found


class Collector:
    """Python's garbage collector: it goes through all that Home Assistant has, whoever made what is new."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self._began = 0.0

    @contextmanager
    def watched(self) -> Iterator[None]:
        """Count the seconds that it takes."""
        gc.callbacks.append(self._passes)
        yield
        gc.callbacks.remove(self._passes)

    def _passes(self, phase: str, _: object) -> None:
        if phase == "start":
            self._began = process_time()
        else:
            self.seconds += process_time() - self._began


async def _textbook(hass: HomeAssistant, answers: Answers) -> DataUpdateCoordinator[Answer]:
    async def update() -> Answer:
        _, body = await answers.post("status", "users", {}, None)
        return {row["authid"]: row for row in orjson.loads(body)["users"]}

    coordinator = DataUpdateCoordinator(
        hass, logging.getLogger("textbook"), config_entry=None, name="textbook", update_method=update
    )
    await coordinator.async_refresh()
    await MockEntityPlatform(hass, domain="sensor", platform_name="textbook").async_add_entities(
        [TextbookSensor(coordinator, auth_id, field) for auth_id in coordinator.data for field in TEXTBOOK_FIELDS]
    )
    return coordinator


class Bench(Table):
    """One run."""

    def __init__(self, hass: HomeAssistant, entry: MockConfigEntry, answers: Answers, rounds: int) -> None:
        self.hass = hass
        self.entry = entry
        self.data: DlsPbxData = entry.runtime_data
        self.answers = answers
        self.rounds = rounds
        self.random = Random(1)
        self.now = dt_util.utcnow()
        self.data.client._clock = lambda: self.now  # noqa: SLF001 - a second a poll, as the answers have it

    def coordinator(self, action: str) -> StatusCoordinator[Any]:
        """Return the coordinator of a status action."""
        return next(one for one in self.data.coordinators if one.action == action)

    async def refresh(self, action: str, body: bytes) -> float:
        """Let one coordinator read a body; return the seconds of processor time until its last listener was called."""
        coordinator = self.coordinator(action)
        self.answers.bodies[action] = body
        self.now += timedelta(seconds=1)
        start = process_time()
        await coordinator.async_refresh()
        if self.hass._background_tasks:  # noqa: SLF001 - the slices of a large update
            await self.hass.async_block_till_done(wait_background_tasks=True)
        return process_time() - start

    async def ratio(
        self, name: str, action: str, bodies: Iterator[bytes], factor: float, extra: float = 0, beside: str = ""
    ) -> None:
        """Measure refreshes in units of parsing the same body."""
        floor = Floor(action, self.answers.bodies[action])
        parses, floors, refreshes = [], [], []
        for body in islice(bodies, self.rounds):
            parses.append(_timed(lambda body=body: orjson.loads(body)))
            floors.append(_timed(lambda body=body: floor.read(body)))
            refreshes.append(await self.refresh(action, body))
        parse, ours = median(parses), median(refreshes)
        if factor > 1:
            beside = f", no reader under {median(floors) / parse:.2f} x{beside}"
        allowed = f"{factor:g} x parse" + (f" + {extra * 1000:.1f} ms" if extra else "")
        self.row(
            f"{action}: {name}",
            ours * 1000,
            (factor * parse + extra) * 1000,
            beside=f"{ours / parse:5.2f} x parse ({parse * 1000:.2f} ms), limit {allowed}{beside}",
        )

    def variants(self, action: str, change: Callable[[Answer], None]) -> Iterator[bytes]:
        """Yield the action's answer again and again, changed a little each time."""
        answer = orjson.loads(self.answers.bodies[action])
        for number in count():
            answer["poll"] = number  # a field that means nothing: other bytes
            change(answer)
            yield orjson.dumps(answer)

    def jitter(self, answer: Answer) -> None:
        """Move every latency."""
        for row in answer["users"]:
            if row["status"].startswith("OK"):
                row["status"] = f"OK ({self.random.randint(1, 90)} ms)"

    def one_percent(self, answer: Answer) -> None:
        """Leave a voicemail at every hundredth phone."""
        rows = answer["users"]
        for row in self.random.sample(rows, len(rows) // 100):
            row["vmail"] = f"{self.random.randint(1, 99)}/{self.random.randint(1, 99)}"

    def everything(self, answer: Answer) -> None:
        """Change every phone."""
        for row in answer["users"]:
            row["vmail"] = f"{self.random.randint(1, 99)}/{self.random.randint(1, 99)}"

    @staticmethod
    def seconds_pass(answer: Answer) -> None:
        """Let every elapsed time of the queues be one second longer, as the PBX prints it; no fact moves."""
        for queue in answer["queues"].values():
            for agent in queue["agents"].values() if queue["agents"] else ():
                number, _, rest = agent["lastcall"].partition(" ")
                agent["lastcall"] = f"{int(number) + 1} {rest}" if number.isdigit() else agent["lastcall"]

    def state_writes(self, phones: int) -> float:
        """Return the seconds that Home Assistant itself needs to write the changed states of so many phones."""
        facts = self.data.users.data
        keys = [key for key in facts if key[0] == "phone" and not key[2]]
        entities = {one.unique_id: one for one in self.hass.data["sensor"].entities}
        times = []
        for number in range(self.rounds):
            some = self.random.sample(keys, phones)
            for key in some:
                facts[key] = replace(facts[key], voicemail_new=number, voicemail_old=number)
            ids = [f"{self.entry.entry_id}_phone_{auth_id}_{what}" for _, auth_id, _ in some for what in VOICEMAIL]
            written = [entities[one] for one in ids if one in entities]
            times.append(_timed(lambda written=written: [entity.async_write_ha_state() for entity in written]))
        return median(times)

    async def longest_stop(self, action: str, bodies: Iterator[bytes]) -> tuple[float, float]:
        """Return the longest time in which nothing else got a turn, in seconds; also with the collector."""
        stops: list[tuple[float, float]] = []
        running = True
        collector = Collector()

        async def heartbeat() -> None:
            while running:
                start, collected = process_time(), collector.seconds
                await asyncio.sleep(0)
                whole = process_time() - start
                stops.append((whole - (collector.seconds - collected), whole))

        self.answers.bodies[action] = next(bodies)
        with collector.watched():
            pulse = asyncio.create_task(heartbeat())
            await self.coordinator(action).async_refresh()
            await self.hass.async_block_till_done(wait_background_tasks=True)
            running = False
            await pulse
        return max(own for own, _ in stops), max(whole for _, whole in stops)

    async def grown(self, action: str, bodies: Iterator[bytes], polls: int) -> float:
        """Return by how many MB memory grew over many polls."""
        ring = [next(bodies) for _ in range(20)]
        coordinator = self.coordinator(action)

        async def poll(times: int) -> None:
            for number in range(times):
                self.answers.bodies[action] = ring[number % len(ring)]
                await coordinator.async_refresh()

        await poll(50)
        gc.collect()
        tracemalloc.start()
        before = tracemalloc.get_traced_memory()[0]
        await poll(polls)
        gc.collect()
        after = tracemalloc.get_traced_memory()[0]
        tracemalloc.stop()
        return (after - before) / 1e6


async def _answers(size: str) -> dict[str, bytes]:
    """Ask the stand-in PBX everything once."""
    credentials = {"api_user": DEFAULT_USER, "api_key": DEFAULT_KEY}
    async with Simulator(build(Size(size), 1, live=False)) as pbx, aiohttp.ClientSession() as session:
        bodies = {}
        for action in ("users", "queues", "calls", "faxes", "conferences", "provisioning", "dialer", "dialerlogs"):
            async with session.post(f"{pbx.url}/api/v1/status.php?api_action={action}", json=credentials) as response:
                bodies[action] = await response.read()
    return bodies


@asynccontextmanager
async def _home_assistant() -> AsyncIterator[HomeAssistant]:
    with TemporaryDirectory() as folder:
        async with async_test_home_assistant(config_dir=folder) as hass:
            hass.data.pop(DATA_CUSTOM_COMPONENTS, None)
            resolver.use()
            yield hass
            await hass.async_stop(force=True)


async def _set_up(hass: HomeAssistant) -> tuple[MockConfigEntry, float]:
    entry = MockConfigEntry(
        domain=DOMAIN,
        title="pbx",
        data={
            CONF_URL: "http://127.0.0.1",
            CONF_USERNAME: DEFAULT_USER,
            CONF_API_KEY: DEFAULT_KEY,
            CONF_VERIFY_SSL: True,
        },
    )
    entry.add_to_hass(hass)
    start = process_time()
    if not await hass.config_entries.async_setup(entry.entry_id):
        raise SystemExit("The integration did not set up")
    await hass.async_block_till_done(wait_background_tasks=True)
    return entry, process_time() - start


async def _set_up_bare(hass: HomeAssistant, entry: MockConfigEntry) -> tuple[list[BareSensor], float]:
    """Add as many entities that do nothing, on as many devices, to another entry."""
    other = MockConfigEntry(domain="bare", title="bare")
    other.add_to_hass(hass)
    registry = dr.async_get(hass)
    devices = {device.id: device.name for device in dr.async_entries_for_config_entry(registry, entry.entry_id)}
    platform = MockEntityPlatform(hass, domain="sensor", platform_name="bare")
    platform.config_entry = other
    ours = er.async_entries_for_config_entry(er.async_get(hass), entry.entry_id)
    bare = [
        BareSensor(number, DeviceInfo(identifiers={("bare", str(one.device_id))}, name=devices[one.device_id]))
        for number, one in enumerate(ours)
        if one.device_id in devices and not one.disabled
    ]
    start = process_time()
    await platform.async_add_entities(bare)
    await hass.async_block_till_done()
    return bare, process_time() - start


# Home Assistant takes 10,000 entities of one entry; the table asks what twice as many would cost.
entity_platform.MAX_ENABLED_ENTITIES_PER_CONFIG_ENTRY = 1_000_000


async def _run(size: str, rounds: int, polls: int) -> bool:
    # A full pass of the garbage collector would hit one side or the other by chance, and take seconds.
    gc.disable()
    answers = Answers(await _answers(size))
    Transport.post = lambda _, request, manner: answers.post(request.endpoint, request.action, {}, manner)  # type: ignore[method-assign,assignment]
    async with _home_assistant() as hass:
        entry, set_up = await _set_up(hass)
        bare, set_up_bare = await _set_up_bare(hass, entry)
        bench = Bench(hass, entry, answers, rounds)
        others = await _textbook(hass, answers)
        gc.freeze()
        gc.enable()
        shown = len(hass.states.async_all())
        print(f"{size}: {', '.join(f'{len(one.snapshot.rows)} {one.action}' for one in bench.data.coordinators)}; ")
        print(f"{len(bare)} entities of ours, {shown} states in all; medians of {rounds} refreshes\n")
        print(f"{'':<50}{'ours':>10}{'limit':>10}")
        await _report(bench, others, polls)
        bench.row("set-up", set_up, 1.2 * set_up_bare, "s", f"{set_up / set_up_bare:.2f} x bare entities, limit 1.2 x")
        await bench_contacts.report(bench, hass)
        return bench.broken


def _with_rows(bench: Bench, *actions: str) -> list[str]:
    """Return the actions of which there is something to read: a small office has no queues."""
    return [action for action in actions if bench.coordinator(action).snapshot.rows]


async def _report(bench: Bench, others: DataUpdateCoordinator[Answer], polls: int) -> None:
    quiet = bench.variants("users", lambda _: None)
    theirs = []
    for body in islice(quiet, 3):
        bench.answers.bodies["users"] = body
        start = process_time()
        await others.async_refresh()
        theirs.append(process_time() - start)
    parse = median(_timed(lambda: orjson.loads(body)) for _ in range(bench.rounds))
    for action in _with_rows(bench, "users", "queues", "provisioning"):
        beside = f"; textbook {median(theirs) / parse:.0f} x" if action == "users" else ""
        same_rows = bench.variants(action, lambda _: None)
        await bench.refresh(action, next(same_rows))
        factor = 1.3 if action == "users" else 1.5  # where rows are many and short, comparing and freeing is half of it
        await bench.ratio("nothing changed, other bytes", action, same_rows, factor, beside=beside)
    await bench.refresh("users", same := next(quiet))
    await bench.ratio("same bytes", "users", repeat(same), 0.1)
    await bench.ratio("only latencies jitter", "users", bench.variants("users", bench.jitter), 3)
    for action in _with_rows(bench, "queues"):
        await bench.ratio("only seconds pass", action, bench.variants(action, bench.seconds_pass), 3)
    phones = len(bench.data.users.snapshot.rows) // 100
    writes = bench.state_writes(phones)
    bodies = bench.variants("users", bench.one_percent)
    await bench.refresh("users", next(bodies))
    await bench.ratio(f"1 % changed ({2 * phones} states)", "users", bodies, 1.3, 1.5 * writes)
    everything = bench.variants("users", bench.everything)
    stops = [await bench.longest_stop("users", everything) for _ in range(3)]
    own, whole = (max(column) * 1000 for column in zip(*stops, strict=True))
    beside = f"{whole:.0f} ms where Python's garbage collector comes in between"
    bench.row("users: longest stop, everything changed", own, LONGEST_STOP * 1000, beside=beside)
    if polls:
        grown = await bench.grown("users", bench.variants("users", bench.jitter), polls)
        bench.row(f"users: growth over {polls} polls", grown, 1, "MB")


def main() -> None:
    """Run the bench; exit 1 where a limit is broken."""
    parser = argparse.ArgumentParser(prog="script/bench", description=__doc__)
    parser.add_argument("--size", default="large", help="the office: desk, office, company, large (default)")
    parser.add_argument("--rounds", type=int, default=11, help="refreshes per figure (default 11)")
    parser.add_argument("--polls", type=int, default=0, help="also (slow) show the growth of memory over so many polls")
    parser.add_argument("--asterisk", action="store_true", help="measure the engine on a real Asterisk, instead")
    parser.add_argument("--browser", action="store_true", help="measure the front desk, in Chromium, instead")
    arguments = parser.parse_args()
    logging.disable(logging.INFO)
    if arguments.asterisk:
        sys.exit(bench_asterisk.main())
    if arguments.browser:
        sys.exit(asyncio.run(bench_browser.run()))
    sys.exit(asyncio.run(_run(arguments.size, arguments.rounds, arguments.polls)))


if __name__ == "__main__":
    main()
