"""What the tests of records share."""

from collections.abc import AsyncIterator, Iterator
import logging
from pathlib import Path

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from simulator.app import Simulator

from .house import House, Listener, a_house


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
