"""Home Assistant on a real Asterisk: what it shows is what Asterisk's own console and logs say at that moment."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from datetime import timedelta

from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import CONF_API_KEY, CONF_URL, CONF_USERNAME, CONF_VERIFY_SSL
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_fire_time_changed
from script.asterisk_run.office import RealOffice
from script.asterisk_run.stage import RealStage

from custom_components.dls_pbx.const import DOMAIN
from simulator.app import Simulator
from simulator.asterisk import AsteriskPbx
from simulator.scenes import CAST, ROOM, SCENES
from tests.asterisk.console import confbridge_list, queue_show, voicemail_show_users
from tests.office import KEY, ZONE
from tests.shown import ENTRY_ID, state_of

API_USER = f"{CAST[0].ext}@{CAST[0].tenant}"
SETTLE = 15  # seconds: a poll each, and phones that take their time

type Look = Callable[[], Awaitable[None]]


@pytest.fixture
async def pbx(socket_enabled: None, engine: AsteriskPbx) -> AsyncIterator[Simulator]:
    """Serve the vendor's API from the real Asterisk."""
    async with Simulator(engine, users=[API_USER]) as simulator:
        yield simulator


@pytest.fixture
async def look(hass: HomeAssistant, enable_custom_integrations: None, pbx: Simulator) -> Look:
    """Set Home Assistant up on it, and return a way to let every poll be due at once."""
    await hass.config.async_set_time_zone(ZONE)
    hass.config.country = "US"
    entry = MockConfigEntry(
        domain=DOMAIN,
        title="127.0.0.1",
        unique_id=f"127.0.0.1:{pbx.port}_{API_USER}",
        entry_id=ENTRY_ID,
        data={CONF_URL: pbx.url, CONF_USERNAME: API_USER, CONF_API_KEY: KEY, CONF_VERIFY_SSL: True},
    )
    entry.add_to_hass(hass)
    assert await async_setup_component(hass, DOMAIN, {})
    await hass.async_block_till_done(wait_background_tasks=True)
    assert entry.state is ConfigEntryState.LOADED

    async def look() -> None:
        async_fire_time_changed(hass, dt_util.utcnow() + timedelta(minutes=6))
        await hass.async_block_till_done(wait_background_tasks=True)

    return look


@pytest.mark.parametrize("name", SCENES)
async def test_home_assistant_shows_what_the_console_says(
    name: str, hass: HomeAssistant, office: RealOffice, engine: AsteriskPbx, look: Look
) -> None:
    """Else the wallboard would show an office that is not there."""
    async for moment in SCENES[name](RealStage(office, engine)):
        deadline = asyncio.get_running_loop().time() + SETTLE
        while True:
            await look()
            said = _said(office)
            shown = _shown(hass, said)
            if shown == said or asyncio.get_running_loop().time() > deadline:
                break
        assert shown == said, moment


def _said(office: RealOffice) -> dict[str, str]:
    """Return what the console says, as the states that Home Assistant should show."""
    queues = queue_show(office.console("queue show"))
    rooms = confbridge_list(office.console("confbridge list"))
    mailboxes = voicemail_show_users(office.console("voicemail show users"))
    return {
        **{f"queue_{queue}.{key}": value for queue, figures in queues.items() for key, value in figures.items()},
        f"conference_{ROOM}.participants": rooms.get(ROOM, "0"),
        **{f"phone_{player.auth_id}.voicemail_new": mailboxes[f"{player.ext}@{player.tenant}"] for player in CAST},
    }


def _shown(hass: HomeAssistant, places: Iterable[str]) -> dict[str, str | None]:
    """Return the states of these places; a room that nobody is in is not shown at all."""
    shown = {place: state_of(hass, *place.split(".")) for place in places}
    room = f"conference_{ROOM}.participants"
    return shown | {room: shown[room] or "0"}
