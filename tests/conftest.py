"""What all tests share."""

import asyncio
import gc
import logging
import os

import pytest


def pytest_collection_finish() -> None:
    """Leave what is there for good, which is all of Home Assistant's modules, out of each collection of garbage.

    Walking through them again and again was a fourteenth of the time of these tests.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


@pytest.fixture(autouse=True)
async def enable_event_loop_debug() -> None:
    """Leave asyncio's debug mode off unless PYTHONASYNCIODEBUG asks for it, in place of the harness's own fixture.

    It takes a stack trace of every callback and task: two thirds of the time of these tests.
    """
    if os.environ.get("PYTHONASYNCIODEBUG"):
        asyncio.get_running_loop().set_debug(True)


@pytest.fixture
def caplog(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    """Catch all that we log, and of Home Assistant what its users see, in place of the harness's own fixture.

    That one also has each event of the bus written out, which is more than half of all that is logged.
    """
    for name in ("custom_components", "simulator"):
        caplog.set_level(logging.DEBUG, logger=name)
    return caplog
