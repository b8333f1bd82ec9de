"""A real Asterisk with real SIP phones, and the engine that serves the vendor's API from it."""

from collections.abc import AsyncIterator, Iterator
import os
from random import Random
from zoneinfo import ZoneInfo

import pytest
import pytest_socket

from script.asterisk_run.binaries import MissingError
from script.asterisk_run.office import RealOffice
from simulator.asterisk import AsteriskPbx
from simulator.clock import real_clock
from simulator.pbx import SimulatedPbx
from tests.office import ZONE


@pytest.fixture(scope="session")
def office() -> Iterator[RealOffice]:
    """Run the office for all tests: it starts in seconds, but scenes take their time."""
    pytest_socket.enable_socket()  # to find free ports
    try:
        office = RealOffice()
    except MissingError as error:
        if os.environ.get("CI"):
            raise
        pytest.skip(str(error))
    with office:
        yield office


@pytest.fixture
async def engine(socket_enabled: None, office: RealOffice) -> AsyncIterator[AsteriskPbx]:
    """Connect to the office's Asterisk."""
    rest = SimulatedPbx(clock=real_clock, rng=Random(1), time_zone=ZoneInfo(ZONE))
    engine = AsteriskPbx(office.settings, rest, ZoneInfo(ZONE))
    await engine.start()
    yield engine
    await engine.stop()
