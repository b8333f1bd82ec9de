"""The demo's Home Assistant, as a process of its own, with the small office of all tests at its side."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
import sys
from typing import Any

from script.demo_run.front_desk import add_dashboard
from script.demo_run.home_assistant import Folder, HomeAssistant, Pbx
from script.demo_run.overview import Overview
from script.demo_run.processes import Child, free_port, running
from simulator.app import Simulator
from simulator.pbx.simulated import SimulatedPbx
from tests.helpers.browser import brisk
from tests.helpers.office import KEY, USERNAME, small_office

START_SECONDS = 120


class Demo:
    """A running office and Home Assistant."""

    def __init__(self, folder: Folder, port: int, simulator: Simulator) -> None:
        self.home = HomeAssistant(port)
        self.simulator = simulator
        self._folder = folder
        self._process = AsyncExitStack()
        self._child: Child

    @property
    def pbx(self) -> SimulatedPbx:
        """Return the engine, to make things happen at the PBX."""
        assert isinstance(self.simulator.pbx, SimulatedPbx)
        return self.simulator.pbx

    def call_in(self, number: str, *, seconds_ago: float = 0, **how: Any) -> str:
        """Let someone call who has been waiting for so long."""
        with self.pbx.as_of(datetime.now(UTC) - timedelta(seconds=seconds_ago)):
            return self.pbx.call_in(number, **how)

    def texts(self) -> list[dict[str, Any]]:
        """Return what the PBX was asked to send, and what it answered."""
        return [request.as_dict() for request in self.simulator.requests.of("sms.send_sms")]

    async def start(self) -> None:
        """Start Home Assistant and wait until it answers."""
        command = (sys.executable, "-m", brisk.__name__, "--config", self._folder.path, "--log-file", self._folder.log)
        console = self._folder.path / "console.log"
        self._child = await self._process.enter_async_context(running("Home Assistant", command, console))
        await self._child.until(self.home.answers, START_SECONDS)

    async def stop(self) -> None:
        """End Home Assistant as a person would who restarts it."""
        await self._process.aclose()

    async def complete(self) -> None:
        """Wait until all entities have a state."""

        async def has_states() -> bool:
            return (await Overview.of(self.home)).complete

        await self._child.until(has_states, START_SECONDS)

    async def have_statistics(self) -> None:
        """Wait until the past is being read into the statistics."""

        async def are_begun() -> bool:
            ((layout,),) = [answer["entries"] for answer in await self.home.ask("dls_pbx/layout")]
            return bool(layout["statistics"])

        await self._child.until(are_begun, START_SECONDS)

    async def add_dashboard(self, url_path: str, config: dict[str, Any]) -> None:
        """Make a dashboard as its raw editor would; the strategy's dialog has a test of its own."""
        await add_dashboard(self.home, url_path, "Desk", config)


@asynccontextmanager
async def demo(path: Path, office: SimulatedPbx | None = None) -> AsyncIterator[Demo]:
    """Run both, with the small office or another one; the integration is set up through its own form."""
    port = free_port()
    folder = Folder(path)
    folder.prepare(port)
    async with Simulator(office or small_office()) as simulator:
        demo = Demo(folder, port, simulator)
        try:
            await demo.start()
            await demo.home.log_in()
            await demo.home.add(Pbx(url=simulator.url, username=USERNAME, api_key=KEY))
            await demo.complete()
            yield demo
        finally:
            await demo.stop()
            await demo.home.aclose()
