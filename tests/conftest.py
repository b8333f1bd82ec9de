"""What all tests share."""

import asyncio
import logging
import os

import pytest


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
