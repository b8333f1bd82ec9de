"""Connections of the integration: polls share a few, changes have their own; nothing of them shows, nothing is left."""

from collections import Counter
from collections.abc import AsyncIterator
import gc
import logging
from unittest.mock import patch

from aiohttp.resolver import ThreadedResolver
from freezegun.api import FrozenDateTimeFactory
from homeassistant.const import CONF_URL, CONF_VERIFY_SSL
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from simulator.app import Simulator
from tests.helpers.entities import all_states
from tests.helpers.office import small_office
from tests.helpers.service_calls import act
from tests.helpers.tls import self_signed
from tests.integration.conftest import Poll

CHANGES = {"sms.send_sms", "subscribers.add_unsubscriber"}


@pytest.fixture
async def simulator(
    socket_enabled: None, frozen: FrozenDateTimeFactory, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Simulator]:
    """Run the small office behind TLS."""
    context, _ = self_signed(tmp_path_factory.mktemp("tls"))
    async with Simulator(small_office(), ssl_context=context) as simulator:
        yield simulator


@pytest.fixture
def entry(hass: HomeAssistant, entry: MockConfigEntry, simulator: Simulator) -> MockConfigEntry:
    """Return the config entry; nobody vouches for the office's certificate."""
    data = {**entry.data, CONF_URL: simulator.url, CONF_VERIFY_SSL: False}
    hass.config_entries.async_update_entry(entry, data=data)
    return entry


class _OwnTable(ThreadedResolver):
    """Resolver that looks into the machine's own table of names, where the test harness' one asks name servers."""

    real_close = ThreadedResolver.close  # the harness ends it by that name


def _warnings(caplog: pytest.LogCaptureFixture) -> list[str]:
    # Python tells of slow steps in debug mode, which are the machine's.
    return [one.getMessage() for one in caplog.records if one.levelno >= logging.WARNING and one.name != "asyncio"]


async def test_polls_need_hardly_a_handshake(simulator: Simulator, loaded: MockConfigEntry, poll: Poll) -> None:
    """A handshake each would be a thousand an hour in an office where nothing happens."""
    for _ in range(4):
        await poll(15)
    requests, opened = len(simulator.requests), simulator.connections_opened
    for _ in range(40):
        await poll(15)
    assert len(simulator.requests) - requests >= 100
    # A few more may be kept where several polls happen to be under way at once.
    assert simulator.connections_opened - opened <= 4


async def test_a_pbx_is_found_by_the_name_that_home_assistant_knows(
    hass: HomeAssistant, simulator: Simulator, entry: MockConfigEntry
) -> None:
    """Names of one's own network, such as those in .local, lead nowhere but through Home Assistant."""
    url = simulator.url.replace("127.0.0.1", "localhost")
    hass.config_entries.async_update_entry(entry, data={**entry.data, CONF_URL: url})
    with patch("homeassistant.helpers.aiohttp_client._async_make_resolver", return_value=_OwnTable()):
        assert await hass.config_entries.async_setup(entry.entry_id)
    assert simulator.requests


async def test_a_server_that_closes_idle_connections_is_calm(
    hass: HomeAssistant, simulator: Simulator, loaded: MockConfigEntry, poll: Poll, caplog: pytest.LogCaptureFixture
) -> None:
    """Apache closes after five seconds, before each poll: a new connection each, and nothing else."""
    before = all_states(hass)
    caplog.clear()
    for _ in range(8):
        simulator.control.close_idle()
        await poll(15)
        assert all_states(hass) == before
    assert _warnings(caplog) == []


async def test_a_connection_that_closes_at_the_moment_of_a_poll_does_not_show(
    hass: HomeAssistant, simulator: Simulator, loaded: MockConfigEntry, poll: Poll, caplog: pytest.LogCaptureFixture
) -> None:
    """Entities would be unavailable for a minute, and the log have an outage that was none."""
    before = all_states(hass)
    caplog.clear()
    simulator.requests.clear()
    simulator.control.fail("*", "closing", times=None)
    for _ in range(8):
        await poll(15)
        assert all_states(hass) == before
    assert _warnings(caplog) == []
    broken = Counter(request.action for request in simulator.requests if request.fault)
    answered = Counter(request.action for request in simulator.requests if request.processed)
    assert broken
    assert all(count <= answered[action] for action, count in broken.items())


async def test_a_change_goes_out_once_over_a_connection_of_its_own(
    hass: HomeAssistant, simulator: Simulator, loaded: MockConfigEntry, poll: Poll
) -> None:
    """In the race that polls may lose, a text would be lost, or go out twice."""
    await poll(15)
    simulator.control.fail("*", "closing", times=None)
    await act(hass, "send_sms", recipients=["630"], message="Hello")
    await act(hass, "send_sms", recipients=["630"], message="Hello again")
    await act(hass, "add_unsubscriber", phone_number="8155550123", tenant_id="0")
    await poll(15)
    changes = [request for request in simulator.requests if request.action in CHANGES]
    used = Counter(request.connection for request in simulator.requests)
    assert [request.processed for request in changes] == [True] * 3
    assert [used[request.connection] for request in changes] == [1] * 3


@pytest.mark.filterwarnings("error::ResourceWarning")
async def test_nothing_is_left_open_by_an_entry_that_is_unloaded(
    hass: HomeAssistant, simulator: Simulator, loaded: MockConfigEntry, poll: Poll, caplog: pytest.LogCaptureFixture
) -> None:
    """Each reload would leave a handful of connections to the PBX behind."""
    await poll(15)
    await act(hass, "send_sms", recipients=["630"], message="Hello")
    caplog.clear()
    await hass.config_entries.async_unload(loaded.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    gc.collect()
    assert simulator.control.close_idle() == 0
    assert "Unclosed" not in caplog.text
