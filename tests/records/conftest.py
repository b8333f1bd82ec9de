"""What the tests of records share."""

from collections.abc import AsyncIterator
from pathlib import Path

from freezegun.api import FrozenDateTimeFactory
import pytest

from simulator.app import Simulator

from .house import House, a_house


@pytest.fixture
async def house(simulator: Simulator, tmp_path: Path, frozen: FrozenDateTimeFactory) -> AsyncIterator[House]:
    """Return a house whose Home Assistant has not been started yet."""
    async with a_house(simulator, tmp_path, frozen) as house:
        yield house
