"""Cases: each is tried in a life of its own, and compared with that of a twin who never knew the trouble."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import CoreState

from script.matrix_run.compare import complaints
from script.matrix_run.lives import Case, Life, Outcome
from script.matrix_run.office import office
from script.matrix_run.turns import Turns
from simulator.app import Simulator
from tests.helpers.restarts import House, a_house


class Cases:
    """A Home Assistant in which cases are tried, and what its twins came to."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._turns = Turns(house.running.loop)
        self._twins: dict[Case, Outcome] = {}

    async def complaints(self, case: Case) -> list[str]:
        """Try a case; returns what must not have come of it."""
        same = case.twin()
        if same not in self._twins:
            self._twins[same] = await Life(self._house, self._turns, same).live()
        outcome = await Life(self._house, self._turns, case).live()
        return list(complaints(case, self._twins[same], outcome))


@asynccontextmanager
async def a_house_without_pbx(folder: Path, clock: FrozenDateTimeFactory) -> AsyncIterator[House]:
    """Start a Home Assistant without a PBX, and the office that it will get; nothing of either is left."""
    async with Simulator(office(), rebuild=office) as simulator, a_house(simulator, folder, clock) as house:
        await house.boot(CoreState.running)
        yield house
