"""Every scene is played on a real Asterisk and in the simulated office at once, and both say the same."""

import asyncio
from collections.abc import Awaitable, Callable
from zoneinfo import ZoneInfo

import pytest

from script.asterisk_run.office import RealOffice
from script.asterisk_run.stage import RealStage
from simulator.asterisk import AsteriskPbx
from simulator.pbx.simulated import SimulatedPbx
from simulator.scenes.scenes import SCENES
from simulator.scenes.simulated_stage import SimulatedStage
from tests.helpers.asterisk.comparison import Baseline, Difference, differences, facts

ZONE = ZoneInfo("America/Chicago")
ACTIONS = ("status.users", "status.queues", "status.calls", "status.faxes", "status.conferences", "reports.report")
SETTLE = 12  # seconds: a transfer shows in the vendor's CDR after ten


class RealMoment:
    """Asks the real engine again until it agrees, or has had its time: what was done shows in its own time."""

    def __init__(self, engine: AsteriskPbx) -> None:
        self.engine = engine

    async def refresh(self) -> None:
        """Read everything."""
        for action in ACTIONS:
            await self.engine.refresh(action)

    async def compare(self, before: Baseline, simulated: SimulatedPbx, simulated_before: Baseline) -> list[Difference]:
        """Return in what the engines differ for good."""
        deadline = asyncio.get_running_loop().time() + SETTLE
        while True:
            await self.refresh()
            simulated.run_until(simulated.now())
            found = list(differences(facts(self.engine, before), facts(simulated, simulated_before)))
            if not found or asyncio.get_running_loop().time() > deadline:
                return found
            await asyncio.sleep(0.2)


@pytest.mark.parametrize("name", SCENES)
async def test_a_scene_looks_the_same_on_asterisk_and_in_the_simulated_office(
    name: str, office: RealOffice, engine: AsteriskPbx
) -> None:
    """Else what all other tests prove is true of a made-up PBX only."""
    office.begin_anew()
    real = RealStage(office, engine)
    fax_is_through = asyncio.Event()
    simulated = SimulatedStage(ZONE, transmission=_waiter(fax_is_through))
    moment = RealMoment(engine)
    await moment.refresh()
    before, simulated_before = Baseline.of(engine), Baseline.of(simulated.engine)
    differ: dict[str, list[str]] = {}
    played, mirrored = SCENES[name](real), SCENES[name](simulated)
    while True:
        follow = asyncio.ensure_future(anext(mirrored, None))
        now = await anext(played, None)
        fax_is_through.set()
        assert await follow == now
        fax_is_through.clear()
        if now is None:
            break
        if found := await moment.compare(before, simulated.engine, simulated_before):
            differ[now] = [str(difference) for difference in found]
    assert not differ, "\n".join(f"{now}: {line}" for now, lines in differ.items() for line in lines)


def _waiter(event: asyncio.Event) -> Callable[[], Awaitable[None]]:
    async def wait() -> None:
        await event.wait()

    return wait
