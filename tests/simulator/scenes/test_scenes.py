"""The scenes that both engines play, in the simulated office."""

from zoneinfo import ZoneInfo

import pytest

from simulator.clock import ManualClock
from simulator.scenes.scenes import SCENES, Stage
from simulator.scenes.simulated_stage import SimulatedStage
from tests.helpers.office import NOW


class Hurried(SimulatedStage):
    """A stage whose pauses take no time: what is looked at here are the steps."""

    def __init__(self) -> None:
        self.clock = ManualClock(NOW)
        super().__init__(ZoneInfo("America/Chicago"), clock=self.clock)

    async def wait(self, seconds: float) -> None:
        """Turn the clock forward."""
        self.clock.advance(seconds)
        self.engine.run_until(self.clock())


@pytest.mark.parametrize("name", SCENES)
async def test_every_scene_can_be_played_to_its_end(name: str) -> None:
    """Else nothing would compare the simulated office with a real PBX."""
    stage: Stage = Hurried()
    moments = [moment async for moment in SCENES[name](stage)]
    assert moments
    assert not stage.engine.calls()
