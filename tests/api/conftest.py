"""The client against the small office on a socket, without Home Assistant."""

from collections.abc import AsyncIterator
from zoneinfo import ZoneInfo

import pytest

from custom_components.dls_pbx.api import DlsPbxClient, HttpConnections, transport
from simulator.app import Simulator
from simulator.clock import ManualClock
from simulator.pbx.simulated import SimulatedPbx
from tests.helpers.office import KEY, NOW, USERNAME, ZONE, small_office
from tests.helpers.scripted_server import Scripted


@pytest.fixture(autouse=True)
def loopback(socket_enabled: None) -> None:
    """Let the tests reach this machine."""


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a doubted refusal be asked again at once."""
    monkeypatch.setattr(transport, "PAUSE", 0)


@pytest.fixture
def clock() -> ManualClock:
    """Return the clock of the PBX and of the client."""
    return ManualClock(NOW)


@pytest.fixture
def pbx(clock: ManualClock) -> SimulatedPbx:
    """Return the office's engine."""
    pbx = small_office(clock)
    pbx.add_messaging_campaign("CSPRING", "Spring offers")
    return pbx


@pytest.fixture
async def sim(pbx: SimulatedPbx, clock: ManualClock) -> AsyncIterator[Simulator]:
    """Return the office on a socket."""
    async with Simulator(pbx, clock=clock) as sim:
        yield sim


@pytest.fixture
async def scripted() -> AsyncIterator[Scripted]:
    """Return a server that says what it is told."""
    async with Scripted() as server:
        yield server


@pytest.fixture
async def connections() -> AsyncIterator[HttpConnections]:
    """Return an HTTP client."""
    async with HttpConnections() as connections:
        yield connections


@pytest.fixture
def client(sim: Simulator, connections: HttpConnections, clock: ManualClock) -> DlsPbxClient:
    """Return a client of the office."""
    return DlsPbxClient(connections, sim.url, USERNAME, KEY, time_zone=ZoneInfo(ZONE), clock=clock)


@pytest.fixture
def reader(scripted: Scripted, connections: HttpConnections, clock: ManualClock) -> DlsPbxClient:
    """Return a client of the scripted server."""
    return DlsPbxClient(connections, scripted.url, USERNAME, KEY, time_zone=ZoneInfo(ZONE), clock=clock)
