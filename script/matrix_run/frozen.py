"""Home Assistant under a stopped clock, in which cases are tried one after the other."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
import logging
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.helpers.standalone import prepare  # isort: skip  # first: it bends clocks
from freezegun import freeze_time
from freezegun.api import FrozenDateTimeFactory

from script.matrix_run.cases import Cases, a_house_without_pbx
from tests.helpers.office import NOW


@asynccontextmanager
async def home_of_cases() -> AsyncIterator[Cases]:
    """Start it."""
    prepare()
    # They also make Home Assistant talk of each entity.
    logging.basicConfig(handlers=[logging.NullHandler()], level=logging.WARNING, force=True)
    with (
        freeze_time(NOW) as clock,
        TemporaryDirectory() as folder,
    ):
        assert isinstance(clock, FrozenDateTimeFactory)
        async with a_house_without_pbx(Path(folder), clock) as house:
            yield Cases(house)
