"""Home Assistant under a stopped clock, in which cases are tried one after the other."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
import logging
from pathlib import Path
from tempfile import TemporaryDirectory

from pytest_homeassistant_custom_component.plugins import pytest_runtest_setup  # isort: skip  # first: it bends clocks
from freezegun import freeze_time
from freezegun.api import FrozenDateTimeFactory
from pytest_socket import enable_socket

from script.matrix_run.cases import Cases, a_house_without_pbx
from tests.helpers.office import NOW
from tests.helpers.stopped_clock import forget_pauses


@asynccontextmanager
async def home_of_cases() -> AsyncIterator[Cases]:
    """Start it."""
    # Home Assistant's own tests know how to stop all its clocks; sockets are what is tried here.
    pytest_runtest_setup()
    enable_socket()
    # They also make Home Assistant talk of each entity.
    logging.basicConfig(handlers=[logging.NullHandler()], level=logging.WARNING, force=True)
    forget_pauses()
    with (
        freeze_time(NOW) as clock,
        TemporaryDirectory() as folder,
    ):
        assert isinstance(clock, FrozenDateTimeFactory)
        async with a_house_without_pbx(Path(folder), clock) as house:
            yield Cases(house)
