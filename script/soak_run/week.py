"""Week of an office: its PBX on a socket, its house with a Home Assistant, and time that passes for both."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import datetime, timedelta
from heapq import heappop, heappush
from itertools import count
import math
from pathlib import Path
from typing import Final

from homeassistant.components.recorder import CONF_COMMIT_INTERVAL
from homeassistant.const import CONF_EXCLUDE
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entityfilter import CONF_ENTITY_GLOBS
from homeassistant.util.async_ import get_scheduled_timer_handles

from script.soak_run.clocks import Clocks
from simulator.app import Simulator
from simulator.pbx.simulated import SimulatedPbx
from tests.helpers.restarts import House, a_house
from tests.helpers.standalone import a_recorder

SHORTEST_STEP: Final = 1  # seconds
LONGEST_STEP: Final = 60
QUIET: Final = 300  # seconds after the last call


@asynccontextmanager
async def lived_in(begin: datetime, clocks: Clocks, pbx: SimulatedPbx, folder: Path, days: int) -> AsyncIterator[Week]:
    """Put a PBX on a socket and a house with a Home Assistant beside it."""

    def start_recorder(hass: HomeAssistant) -> AbstractAsyncContextManager[object]:
        # Of states there is nothing to compare, and each takes its time.
        return a_recorder(hass, **{CONF_COMMIT_INTERVAL: 30, CONF_EXCLUDE: {CONF_ENTITY_GLOBS: ["*.*"]}})

    async with (
        Simulator(pbx, clock=clocks.pbx) as simulator,
        a_house(simulator, folder, clocks, backfill_days=days) as house,
    ):
        house.recorder, house.keeps_registries = start_recorder, True
        await house.start()
        yield Week(begin, clocks, pbx, house)


class Week:
    """One run: an office, its PBX on a socket, and the house that its Home Assistant lives in."""

    def __init__(self, begin: datetime, clocks: Clocks, pbx: SimulatedPbx, house: House) -> None:
        self.begin = begin
        self.clocks = clocks
        self.pbx = pbx
        self.house = house
        self.simulator = house.simulator
        self.ticked: list[tuple[str, datetime]] = []  # callbacks by hand: numbers, and when by the PBX's clock
        self._agenda: list[tuple[datetime, int, Callable[[], object]]] = []
        self._turn = count()

    @property
    def now(self) -> datetime:
        """The time, as no clock shows it that somebody has set."""
        return self.begin + timedelta(seconds=self.clocks.steady())

    async def pass_until(self, moment: datetime) -> None:
        """Let time pass, and what was begun come to its end."""
        while self._agenda and self._agenda[0][0] <= moment:
            when, _, action = heappop(self._agenda)
            await self._pass(when)
            action()
        await self._pass(moment)

    async def pass_for(self, seconds: float) -> None:
        """Let so much time pass."""
        await self.pass_until(self.now + timedelta(seconds=seconds))

    def later(self, seconds: float, action: Callable[[], object]) -> None:
        """Do something when so much time has passed, whatever else happens until then."""
        heappush(self._agenda, (self.now + timedelta(seconds=seconds), next(self._turn), action))

    async def quiet(self) -> bool:
        """Wait until nobody has called for a while, but not for ever; return whether it is so."""
        for _ in range(16):
            self.simulator.run()
            lately = self.pbx.now() - timedelta(seconds=QUIET)
            ended = (one.started_at + timedelta(seconds=one.duration) for one in self.pbx.call_records()[-50:])
            texts = (one.time for one in self.pbx.messages()[-1:])
            if not self.pbx.calls() and all(moment < lately for moment in (*ended, *texts)):
                return True
            await self.pass_for(60)
        return False

    async def _pass(self, until: datetime) -> None:
        while (left := (until - self.now).total_seconds()) > 0:
            if self.house.hass is None:
                self.clocks.tick(timedelta(seconds=left))
            else:
                self.clocks.tick(timedelta(seconds=min(left, self._until_timer())))
                # The loop sees for itself which timers are due.
                await asyncio.sleep(0)
                await self.house.settle()
        self.simulator.run()

    def _until_timer(self) -> float:
        """Return the seconds until something is due at Home Assistant: in between nothing can happen there."""
        loop = asyncio.get_running_loop()
        due = (timer.when() for timer in get_scheduled_timer_handles(loop) if not timer.cancelled())
        return min(max(min(due, default=math.inf) - loop.time(), SHORTEST_STEP), LONGEST_STEP)
