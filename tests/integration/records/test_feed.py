"""What is read from a record with an id is told once and only once, whatever restarts or fails."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count, pairwise
from pathlib import Path
from random import Random
from typing import Any
from unittest.mock import AsyncMock, patch
from zoneinfo import ZoneInfo

from freezegun.api import FrozenDateTimeFactory
from homeassistant.config_entries import ConfigEntryState
import pytest

from custom_components.dls_pbx.records import feed
from custom_components.dls_pbx.records.store import RecordStore
from simulator.app import Simulator
from simulator.pbx.past import MESSAGE, Outcome
from simulator.pbx.simulated import SimulatedPbx
from tests.helpers.entities import ENTRY_ID
from tests.helpers.office import ANNE_MARIE, JERRY, TOM, ZONE
from tests.helpers.restarts import House, Told, a_house

pytestmark = pytest.mark.usefixtures("no_error")

RECORDS = 200
DISTURBANCES = 20
SHORT = {"records": 60, "disturbances": 6}  # one disturbance of each kind
# Entity, type, number and time: no two of our records share them.
type Mark = tuple[str, str, str, str]


@dataclass(slots=True)
class Office:
    """Makes records of every kind, each with a number of its own, and knows what has to be told of them."""

    pbx: SimulatedPbx
    rng: Random
    expected: list[Mark] = field(default_factory=list)
    numbers: count[int] = field(default_factory=lambda: count(1000))

    def make(self, *, late: float = 0) -> None:
        """Write a record into the PBX, of something that ended `late` seconds ago."""
        kinds: dict[Callable[[float], None], int] = {
            self._queue_call: 5,
            self._direct_call: 4,
            self._outgoing: 3,
            self._fax: 2,
            self._text_in: 4,
            self._text_out: 3,
        }
        [kind] = self.rng.choices(list(kinds), weights=list(kinds.values()))
        kind(late)

    def _number(self) -> str:
        return f"815555{next(self.numbers)}"

    def _call(self, caller: str, to: str, number: str, late: float, *told: str, **facts: Any) -> None:
        # Long calls begin before others that end before them.
        wait, talk = self.rng.randint(6, 90), int(self.rng.lognormvariate(5, 1))
        length = wait + {Outcome.UNANSWERED: 0, Outcome.VOICEMAIL: MESSAGE}.get(facts["outcome"], talk)
        began = self.pbx.now() - timedelta(seconds=length + late)
        self.pbx.add_past_call(caller, to, ago=length + late, wait=wait, talk=talk, **facts)
        self._expect(number, began, *told)

    def _expect(self, number: str, moment: datetime, *told: str) -> None:
        time = moment.astimezone(ZoneInfo(ZONE)).isoformat(timespec="seconds")
        for what in told:
            entity, _, kind = what.partition(":")
            self.expected.append((entity, kind, f"+1{number}", time))

    def _queue_call(self, late: float) -> None:
        number = self._number()
        outcome = self.rng.choice([Outcome.ANSWERED, Outcome.ANSWERED, Outcome.UNANSWERED, Outcome.VOICEMAIL])
        told = {
            Outcome.ANSWERED: ("pbx_call:ended",),
            Outcome.UNANSWERED: ("pbx_call:missed", "queue_support_queue:caller_abandoned"),
            Outcome.VOICEMAIL: ("pbx_call:voicemail", "queue_support_queue:caller_abandoned"),
        }[outcome]
        self._call(number, "support", number, late, *told, outcome=outcome, by=self.rng.choice([TOM, ANNE_MARIE]))

    def _direct_call(self, late: float) -> None:
        number = self._number()
        outcome = self.rng.choice([Outcome.ANSWERED, Outcome.UNANSWERED, Outcome.VOICEMAIL])
        what = {Outcome.ANSWERED: "ended", Outcome.UNANSWERED: "missed", Outcome.VOICEMAIL: "voicemail"}[outcome]
        self._call(number, self.rng.choice([TOM, JERRY]), number, late, f"pbx_call:{what}", outcome=outcome)

    def _outgoing(self, late: float) -> None:
        number = self._number()
        outcome = self.rng.choice([Outcome.ANSWERED, Outcome.UNANSWERED])
        self._call(JERRY, number, number, late, "pbx_call:ended", outcome=outcome)

    def _fax(self, late: float) -> None:
        number, incoming = self._number(), self.rng.random() < 1 / 2
        outcome = self.rng.choice([Outcome.FAX, Outcome.FAX_FAILED])
        what = "failed" if outcome is Outcome.FAX_FAILED else "received" if incoming else "sent"
        ends = (number, TOM) if incoming else (TOM, number)
        self._call(*ends, number, late, f"pbx_fax:{what}", outcome=outcome)

    def _text_in(self, late: float) -> None:
        number = self._number()
        self.pbx.add_past_sms(number, TOM, f"Text {number}", ago=late)
        self._expect(number, self.pbx.now() - timedelta(seconds=late), "pbx_sms:received")

    def _text_out(self, late: float) -> None:
        number, fails = self._number(), self.rng.random() < 1 / 3
        self.pbx.sms_unreachable(number, fails)
        self.pbx.add_past_sms(JERRY, f"+1{number}", f"Text {number}", ago=late)
        moment = self.pbx.now() - timedelta(seconds=late)
        self._expect(number, moment, f"pbx_sms:{'failed' if fails else 'sent'}")


@dataclass(slots=True)
class Day:
    """A day on which everything happens: records come, and Home Assistant, the PBX and the line come and go."""

    house: House
    simulator: Simulator
    office: Office
    rng: Random
    records: int = RECORDS
    disturbances: int = DISTURBANCES
    tellings: list[list[Told]] = field(default_factory=list)

    async def live_through(self) -> None:
        """Let it all happen; AssertionError if anything was told twice, never or out of turn."""
        for _ in range(30):
            self.office.make(late=self.rng.uniform(60, 90 * 86400))
        history = len(self.office.expected)
        set_up = self.office.pbx.now()
        await self.house.start()
        assert self.house.heard.told == [], "history was told"
        del self.office.expected[:history]
        disturbances = [self._restart, self._reload, self._kill, self._kill_midway, self._outage, self._failures]
        plan: list[Callable[[], Awaitable[None]] | None] = [None] * self.records
        plan += [disturbances[turn % len(disturbances)] for turn in range(self.disturbances)]
        self.rng.shuffle(plan)
        for step in plan:
            if step is None:
                late = self.rng.choice([0, 0, 0, 40, 600, 3000])
                self.office.make(late=min(late, (self.office.pbx.now() - set_up).total_seconds()))
                if self.rng.random() < 1 / 3:
                    await self._go_on(self.rng.uniform(1, 200))
            else:
                await step()
        self.simulator.control.plain()
        for _ in range(3):
            await self._go_on(120)
        self._judge()

    def _judge(self) -> None:
        told = Counter(map(_mark, self.house.heard.told))
        assert not (twice := [mark for mark, times in told.items() if times > 1]), f"told twice: {twice}"
        assert not (never := set(self.office.expected) - told.keys()), f"never told: {never}"
        assert not (invented := told.keys() - set(self.office.expected)), f"invented: {invented}"
        happened = [(happening.type, happening.attributes) for happening in self.house.happened]
        assert happened == [(one.type, one.attributes) for one in self.house.heard.told]
        for telling in self.tellings:
            for feed_of in ("pbx_sms", "pbx_call", "pbx_fax", "queue_support_queue"):
                times = [one.attributes["time"] for one in telling if one.entity == feed_of]
                assert all(one <= other for one, other in pairwise(times)), f"out of turn: {feed_of} {times}"

    async def _go_on(self, seconds: float) -> None:
        before = len(self.house.heard.told)
        await self.house.pass_time(seconds)
        self.tellings.append(self.house.heard.told[before:])

    def _make_some(self) -> None:
        """Let things happen while nobody looks."""
        for _ in range(self.rng.randint(0, 3)):
            self.office.make()

    async def _restart(self) -> None:
        await self.house.stop()
        for _ in range(self.rng.randint(1, 3)):
            self.house.clock.tick(timedelta(seconds=self.rng.choice([5, 60, 3600, 7 * 3600])))
            self._make_some()
        before = len(self.house.heard.told)
        await self.house.start()
        self.tellings.append(self.house.heard.told[before:])

    async def _reload(self) -> None:
        self._make_some()
        before = len(self.house.heard.told)
        await self.house.reload()
        self.tellings.append(self.house.heard.told[before:])

    async def _kill(self) -> None:
        await self.house.kill()
        self.house.clock.tick(timedelta(seconds=self.rng.choice([2, 90, 1800])))
        self._make_some()
        await self.house.start()

    async def _kill_midway(self) -> None:
        """Pull the plug while an answer is on its way."""
        action = self.rng.choice(["reports.report", "sms.query_sms"])
        self.office.make()
        fault = self.simulator.control.fail(action, "stalled", times=1)
        await self.house.begin_poll(61)
        await fault.held.wait()
        await self.house.kill()
        self.simulator.control.heal()
        await self.house.start()

    async def _outage(self) -> None:
        """Let the PBX be away for a while, perhaps with Home Assistant starting or reloading meanwhile."""
        await self.simulator.stop()
        await self._go_on(self.rng.uniform(61, 400))
        meanwhile = self.rng.choice([self._restart, self._reload, self._kill, None])
        if meanwhile:
            await meanwhile()
        self._make_some()
        await self._go_on(self.rng.uniform(61, 400))
        await self.simulator.start()
        self._make_some()
        for _ in range(3):  # set-up is tried again after a growing pause
            await self._go_on(100)
        assert self.house.hass is not None
        entry = self.house.hass.config_entries.async_get_entry(ENTRY_ID)
        assert entry is not None
        assert entry.state is ConfigEntryState.LOADED

    async def _failures(self) -> None:
        """Let answers be broken, or records behave as records do."""
        kind = self.rng.choice(["server_error", "truncated", "html", "reset_after", "rate_limited", "empty"])
        self.simulator.control.plain()
        self.simulator.control.quirk("reports.report", **self._mood())
        self.simulator.control.quirk("sms.query_sms", **self._mood())
        for action in ("reports.report", "sms.query_sms"):
            self.simulator.control.fail(action, kind, times=self.rng.randint(1, 3))
        self._make_some()
        for _ in range(3):
            await self._go_on(70)
        self.simulator.control.heal()

    def _mood(self) -> dict[str, Any]:
        return {
            "rows": self.rng.choice(["prompt", "late", "ragged"]),
            "ties": self.rng.choice(["steady", "shuffled"]),
            "page_cap": self.rng.choice([0, 20, 100]),
            "cap_cuts_pages": self.rng.random() < 1 / 2,
            "report_columns": self.rng.choice(["asked", "reordered"]),
        }


def _mark(told: Told) -> Mark:
    return told.entity, told.type, told.attributes["number"], told.attributes["time"]


type Live = Callable[..., Awaitable[Day]]


@pytest.fixture
def live(simulator: Simulator, pbx: SimulatedPbx, tmp_path: Path, frozen: FrozenDateTimeFactory) -> Live:
    """Return a way to live through a day; the same seed is the same day."""

    async def live(seed: int, **size: int) -> Day:
        async with a_house(simulator, tmp_path, frozen) as house:
            rng = Random(seed)
            day = Day(house, simulator, Office(pbx, rng), rng, **size)
            await day.live_through()
            return day

    return live


@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_each_record_is_told_once_and_in_order_whatever_happens(live: Live, seed: int) -> None:
    """A text back to a caller who was missed once goes out once; a fax that came at night is not lost."""
    day = await live(seed)
    assert len(day.office.expected) >= RECORDS


async def test_a_plug_pulled_between_writing_down_and_telling_doubles_nothing(
    simulator: Simulator, pbx: SimulatedPbx, tmp_path: Path, frozen: FrozenDateTimeFactory
) -> None:
    """Both at once cannot be had: a text that goes out twice is worse than one that is lost in that very moment."""
    written, go_on = asyncio.Event(), asyncio.Event()
    save = RecordStore.async_save

    async def save_and_wait(store: RecordStore) -> None:
        await save(store)
        written.set()
        await go_on.wait()

    async with a_house(simulator, tmp_path, frozen) as house:
        await house.start()
        pbx.add_past_call("8155551000", JERRY, outcome=Outcome.UNANSWERED, wait=0)
        with patch.object(RecordStore, "async_save", save_and_wait):
            await house.begin_poll(61)
            await written.wait()
            asyncio.get_running_loop().call_soon(go_on.set)  # as soon as the disk has been looked at
            await house.kill()
        await house.start()
        await house.pass_time(61)
        assert house.heard.whats == []
        pbx.add_past_call("8155551001", JERRY, outcome=Outcome.UNANSWERED)
        await house.pass_time(61)
        assert house.heard.whats == ["pbx_call:missed"]


async def test_without_an_overlap_records_would_be_lost(live: Live) -> None:
    """The test above must notice when the cursor looks at nothing but what is newer than the newest record."""
    with (
        patch.object(feed, "LOOKS", tuple(reach._replace(overlap=timedelta(0)) for reach in feed.LOOKS)),
        pytest.raises(AssertionError, match="never told"),
    ):
        await live(1, **SHORT)


async def test_with_a_store_that_forgets_records_would_be_lost(live: Live) -> None:
    """The test above must notice when nothing is written: what came in while Home Assistant was down is never told."""
    with (
        patch.object(RecordStore, "async_save", AsyncMock()),
        pytest.raises(AssertionError, match="never told"),
    ):
        await live(1, **SHORT)


async def test_a_short_day_goes_well_otherwise(live: Live) -> None:
    """Else the two tests above would prove nothing."""
    await live(1, **SHORT)
