"""A small office behind a real socket."""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime
from random import Random
import ssl
from typing import Any

import aiohttp
import pytest

from simulator.app import DEFAULT_KEY, Simulator
from simulator.clock import ManualClock
from simulator.models import Registration
from simulator.pbx.simulated import SimulatedPbx
from tests.helpers.tls import self_signed

CREDENTIALS = {"api_user": "100@default", "api_key": DEFAULT_KEY}

type Ask = Callable[..., Awaitable[Any]]
type Wait = Callable[[float], None]


@pytest.fixture(autouse=True)
def loopback(socket_enabled: None) -> None:
    """Let the tests reach this machine."""


@pytest.fixture
def clock() -> ManualClock:
    """Return a Monday morning in Chicago, nine o'clock."""
    return ManualClock(datetime(2026, 11, 23, 15, tzinfo=UTC))


@pytest.fixture
def pbx(clock: ManualClock) -> SimulatedPbx:
    """Return a PBX with four users, two queues (one without agents), a room and a campaign."""
    pbx = SimulatedPbx(clock=clock, rng=Random(1))
    pbx.add_extension("100", "Phone Name", auth_id="phone100")
    pbx.add_extension("630", "Tom", auth_id="beaucrn6")
    pbx.add_extension("69", "Jerry", auth_id="cpirg16m", address=None, registration=Registration.UNMONITORED)
    pbx.add_extension("100", "Zoë O'Neil-Smith", tenant="north-side", auth_id="north100")
    pbx.add_queue("support_queue")
    pbx.add_queue("0")
    pbx.log_in_agent("support_queue", "beaucrn6")
    pbx.add_conference("2000")
    pbx.add_campaign("1", "My Campaign")
    pbx.add_messaging_campaign("CAMPAIGN", "Name of the campaign")
    return pbx


@pytest.fixture
def wait(pbx: SimulatedPbx, clock: ManualClock) -> Wait:
    """Return a way to let time pass at the PBX, without a socket."""

    def wait(seconds: float) -> None:
        clock.advance(seconds)
        pbx.run_until(clock())

    return wait


@pytest.fixture
async def sim(pbx: SimulatedPbx, clock: ManualClock) -> AsyncIterator[Simulator]:
    """Return the office on a socket."""
    async with Simulator(pbx, clock=clock) as sim:
        yield sim


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    """Return an HTTP client."""
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
def ask(sim: Simulator, session: aiohttp.ClientSession) -> Ask:
    """Return a way to ask for an action, in JSON and with the right key."""

    async def ask(action: str, /, **fields: Any) -> Any:
        endpoint, name = action.split(".")
        url = f"{sim.url}/api/v1/{endpoint}.php?api_action={name}&api_format=json"
        async with session.post(url, json=CREDENTIALS | fields) as response:
            return await response.json(content_type=None)

    return ask


@pytest.fixture(scope="session")
def tls(tmp_path_factory: pytest.TempPathFactory) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """Return a server's context with a certificate of its own, and a client's that trusts it."""
    server, path = self_signed(tmp_path_factory.mktemp("tls"))
    return server, ssl.create_default_context(cafile=str(path))
