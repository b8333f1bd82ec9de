"""Database servers, and a Home Assistant that keeps its history there."""

from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import AbstractAsyncContextManager, ExitStack, asynccontextmanager
import logging
import os
from pathlib import Path

from freezegun.api import FrozenDateTimeFactory
from homeassistant.components import recorder
from homeassistant.const import CONF_EXCLUDE
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entityfilter import CONF_ENTITY_GLOBS
from pymysql import converters
import pytest
from pytest_homeassistant_custom_component.patch_time import HAFakeDatetime
from pytest_homeassistant_custom_component.typing import RecorderInstanceContextManager
import pytest_socket

from simulator.app import Simulator
from simulator.pbx.simulated import SimulatedPbx
from tests.databases.office import NOW
from tests.helpers.databases import SERVERS, MissingError, Server
from tests.helpers.restarts import House, a_house
from tests.helpers.stopped_clock import forget_pauses

type Houses = Callable[..., AbstractAsyncContextManager[House]]


@pytest.fixture(scope="session")
def servers() -> Iterator[Mapping[str, Server]]:
    """Run the servers for all tests: they start in seconds."""
    pytest_socket.enable_socket()  # to find free ports
    with ExitStack() as stack:
        try:
            found = [one() for one in SERVERS]
        except MissingError as error:
            if os.environ.get("CI"):
                raise
            pytest.skip(str(error))
        yield {one.name: stack.enter_context(one) for one in found}


@pytest.fixture
def databases(socket_enabled: None, servers: Mapping[str, Server], tmp_path: Path) -> Mapping[str, str]:
    """Make an empty database of each kind; returns their URLs."""
    urls = {name: server.new_database() for name, server in servers.items()}
    return {"sqlite": f"sqlite:///{tmp_path / 'home.db'}", **urls}


@pytest.fixture
def clock(freezer: FrozenDateTimeFactory, monkeypatch: pytest.MonkeyPatch) -> FrozenDateTimeFactory:
    """Stop all clocks the day after summer time ended, and let nothing pause by them."""
    forget_pauses(monkeypatch.setattr)
    # A driver that writes times by their exact type has to know the type of a stopped clock's.
    monkeypatch.setitem(converters.conversions, HAFakeDatetime, converters.escape_datetime)
    freezer.move_to(NOW)
    return freezer


@pytest.fixture
def house_on(
    clock: FrozenDateTimeFactory, tmp_path: Path, async_test_recorder: RecorderInstanceContextManager
) -> Houses:
    """Return a function that builds a house with a PBX and a database, without a word on each of its statements."""
    logging.getLogger("sqlalchemy.engine").setLevel(logging.WARNING)

    @asynccontextmanager
    async def build(pbx: SimulatedPbx, url: str, days: int = 2) -> AsyncIterator[House]:
        def start_recorder(hass: HomeAssistant) -> AbstractAsyncContextManager[recorder.Recorder]:
            settings = {
                recorder.CONF_DB_URL: url,
                # While its database fails, the recorder waits as a thread does, which no stopped clock ends.
                recorder.CONF_DB_RETRY_WAIT: 0,
                # Of states there is nothing to see here, and each takes its time.
                CONF_EXCLUDE: {CONF_ENTITY_GLOBS: ["*.*"]},
            }
            return async_test_recorder(hass, settings)

        folder = tmp_path / url.partition(":")[0]
        folder.mkdir()
        async with Simulator(pbx) as simulator, a_house(simulator, folder, clock, backfill_days=days) as house:
            house.recorder = start_recorder
            yield house

    return build
