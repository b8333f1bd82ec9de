"""What tests share: the stand-in PBX on a real socket, and the integration set up against it."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from datetime import timedelta
import logging
from pathlib import Path
from unittest.mock import patch

from freezegun.api import FrozenDateTimeFactory
from homeassistant.components.recorder import Recorder
from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import CONF_API_KEY, CONF_URL, CONF_USERNAME, CONF_VERIFY_SSL
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity import Entity
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_fire_time_changed

from custom_components.dls_pbx.const import DOMAIN
from simulator.app import Simulator
from simulator.pbx.simulated import SimulatedPbx
from tests.helpers.office import KEY, NOW, USERNAME, ZONE, small_office
from tests.helpers.restarts import House, Listener, a_house
from tests.helpers.stopped_clock import forget_pauses

type Poll = Callable[..., Awaitable[None]]


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let nothing pause by a clock that stands still."""
    forget_pauses(monkeypatch.setattr)


@pytest.fixture
def hass_config_dir(tmp_path: Path) -> str:
    """Give Home Assistant a disk of its own: the integration writes to it."""
    return str(tmp_path)


@pytest.fixture
def frozen(freezer: FrozenDateTimeFactory) -> FrozenDateTimeFactory:
    """Stop the clock of the test, of Home Assistant and of the PBX."""
    freezer.move_to(NOW)
    return freezer


@pytest.fixture
async def simulator(socket_enabled: None, frozen: FrozenDateTimeFactory) -> AsyncIterator[Simulator]:
    """Run the small office on a socket."""
    async with Simulator(small_office()) as simulator:
        yield simulator


@pytest.fixture
def pbx(simulator: Simulator) -> SimulatedPbx:
    """Return the engine, to make things happen at the PBX."""
    assert isinstance(simulator.pbx, SimulatedPbx)
    return simulator.pbx


@pytest.fixture
async def entry(hass: HomeAssistant, enable_custom_integrations: None, simulator: Simulator) -> MockConfigEntry:
    """Return a config entry for the PBX, not set up yet."""
    await hass.config.async_set_time_zone(ZONE)
    hass.config.country = "US"
    entry = MockConfigEntry(
        domain=DOMAIN,
        title="DLS Hosted PBX",
        unique_id=f"127.0.0.1:{simulator.port}_{USERNAME}",
        entry_id="01PBX",
        data={CONF_URL: simulator.url, CONF_USERNAME: USERNAME, CONF_API_KEY: KEY, CONF_VERIFY_SSL: True},
    )
    entry.add_to_hass(hass)
    return entry


@pytest.fixture
def agent_figures(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """Ask for figures of people, which nobody has who has not."""
    hass.config_entries.async_update_entry(entry, options={"agent_figures": True})


@pytest.fixture
async def loaded(hass: HomeAssistant, entry: MockConfigEntry) -> MockConfigEntry:
    """Return the config entry, set up."""
    assert await async_setup_component(hass, DOMAIN, {})
    await hass.async_block_till_done(wait_background_tasks=True)
    assert entry.state is ConfigEntryState.LOADED
    return entry


@pytest.fixture
def poll(hass: HomeAssistant, frozen: FrozenDateTimeFactory) -> Poll:
    """Return a function that lets time pass and every due poll happen; by default all actions are due."""

    async def let_pass(seconds: float = 301) -> None:
        frozen.tick(timedelta(seconds=seconds))
        async_fire_time_changed(hass)
        await hass.async_block_till_done(wait_background_tasks=True)

    return let_pass


@pytest.fixture
def all_entities() -> Iterator[None]:
    """Turn on the entities that are off by default."""
    with patch.object(Entity, "entity_registry_enabled_default", new=True):
        yield


@pytest.fixture
def recorder(frozen: FrozenDateTimeFactory, recorder_mock: Recorder) -> Recorder:
    """Run Home Assistant's own recorder, with a database in memory, and without a word on each of its statements."""
    logging.getLogger("sqlalchemy.engine").setLevel(logging.WARNING)
    return recorder_mock


@pytest.fixture
def no_error(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """See that nothing was silent only because it broke."""
    yield
    errors = [record for record in caplog.get_records("call") if record.levelno >= logging.ERROR]
    assert [record.getMessage() for record in errors] == []


@pytest.fixture
async def house(simulator: Simulator, tmp_path: Path, frozen: FrozenDateTimeFactory) -> AsyncIterator[House]:
    """Return a house whose Home Assistant has not been started yet."""
    async with a_house(simulator, tmp_path, frozen) as house:
        yield house


@pytest.fixture
def heard(hass: HomeAssistant, loaded: MockConfigEntry) -> Listener:
    """Return what automations hear of the office from the first poll on."""
    listener = Listener()
    listener.listen(hass)
    return listener
