"""A real Asterisk with real SIP phones, and the engine that serves the vendor's API from it."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from datetime import UTC, datetime, timedelta
import os
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import CONF_API_KEY, CONF_URL, CONF_USERNAME, CONF_VERIFY_SSL
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_fire_time_changed
import pytest_socket

from custom_components.dls_pbx.const import DOMAIN
from script.asterisk_run.binaries import MissingError
from script.asterisk_run.office import RealOffice
from simulator.app import Simulator
from simulator.asterisk import AsteriskPbx
from simulator.clock import real_clock
from simulator.pbx.simulated import SimulatedPbx
from simulator.scenes.scenes import CAST
from tests.helpers.entities import ENTRY_ID
from tests.helpers.office import KEY

API_USER = f"{CAST[0].ext}@{CAST[0].tenant}"
# Where it is about noon: what the PBX counts by the day must not begin anew in the middle of a test.
ZONE = ZoneInfo(f"Etc/GMT{datetime.now(UTC).hour - 12:+d}")


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
    rest = SimulatedPbx(clock=real_clock, rng=Random(1), time_zone=ZONE)
    engine = AsteriskPbx(office.settings, rest, ZONE)
    await engine.start()
    yield engine
    await engine.stop()


@pytest.fixture
def hass_config_dir(tmp_path: Path) -> str:
    """Give Home Assistant a disk of its own: the integration writes to it."""
    return str(tmp_path)


type Look = Callable[[], Awaitable[None]]
type SetUp = Callable[..., Awaitable[Look]]


@pytest.fixture
async def pbx(socket_enabled: None, engine: AsteriskPbx) -> AsyncIterator[Simulator]:
    """Serve the vendor's API from the real Asterisk."""
    async with Simulator(engine, users=[API_USER]) as simulator:
        yield simulator


@pytest.fixture
def set_up(hass: HomeAssistant, enable_custom_integrations: None, pbx: Simulator) -> SetUp:
    """Return what sets Home Assistant up on it, with options, and returns a way to let every poll be due at once."""

    async def set_up(**options: object) -> Look:
        await hass.config.async_set_time_zone(ZONE.key)
        hass.config.country = "US"
        entry = MockConfigEntry(
            domain=DOMAIN,
            title="DLS Hosted PBX",
            unique_id=f"127.0.0.1:{pbx.port}_{API_USER}",
            entry_id=ENTRY_ID,
            data={CONF_URL: pbx.url, CONF_USERNAME: API_USER, CONF_API_KEY: KEY, CONF_VERIFY_SSL: True},
            options=options,
        )
        entry.add_to_hass(hass)
        assert await async_setup_component(hass, DOMAIN, {})
        await hass.async_block_till_done(wait_background_tasks=True)
        assert entry.state is ConfigEntryState.LOADED
        return look

    async def look() -> None:
        async_fire_time_changed(hass, dt_util.utcnow() + timedelta(minutes=6))
        await hass.async_block_till_done(wait_background_tasks=True)

    return set_up
