"""Home Assistant's test harness outside of pytest, for what runs longer than a test: clocks, sockets, recorder."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Final

from pytest_homeassistant_custom_component.plugins import pytest_runtest_setup  # isort: skip  # first: it bends clocks
from homeassistant.components import recorder
from homeassistant.core import HomeAssistant
from homeassistant.helpers import recorder as recorder_helper
from homeassistant.setup import async_setup_component
from pytest_socket import enable_socket

from tests.helpers import resolver
from tests.helpers.stopped_clock import forget_pauses

DATABASE: Final = "home-assistant_v2.db"


def prepare() -> None:
    """Let Home Assistant's own tests stop all its clocks, and ours with them, but leave the sockets open."""
    pytest_runtest_setup()
    enable_socket()
    resolver.use()
    forget_pauses()


@asynccontextmanager
async def a_recorder(hass: HomeAssistant, **settings: Any) -> AsyncIterator[recorder.Recorder]:
    """Run the recorder with its database in the configuration folder, as Home Assistant does, until it stops."""
    recorder_helper.async_initialize_recorder(hass)
    database = {recorder.CONF_DB_URL: f"sqlite:///{hass.config.path(DATABASE)}", **settings}
    if not await async_setup_component(hass, recorder.DOMAIN, {recorder.DOMAIN: database}):
        raise SystemExit("The recorder did not set up")
    yield recorder.get_instance(hass)
