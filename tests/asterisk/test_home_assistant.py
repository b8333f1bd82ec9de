"""Home Assistant on a real Asterisk: what it shows is what Asterisk's own console and logs say at that moment."""

import asyncio
from collections.abc import Iterable

from homeassistant.const import STATE_UNAVAILABLE
from homeassistant.core import HomeAssistant
import pytest

from script.asterisk_run.office import RealOffice
from script.asterisk_run.stage import RealStage
from simulator.asterisk import AsteriskPbx
from simulator.scenes.scenes import CAST, ROOM, SCENES
from tests.asterisk.conftest import SetUp
from tests.helpers.asterisk.console import confbridge_list, queue_show, voicemail_show_users
from tests.helpers.asterisk.queue_log import Tally
from tests.helpers.entities import state_of

SETTLE = 15  # seconds: a poll each, and phones that take their time


@pytest.mark.parametrize("name", SCENES)
async def test_home_assistant_shows_what_the_console_says(
    name: str, hass: HomeAssistant, office: RealOffice, engine: AsteriskPbx, set_up: SetUp
) -> None:
    """Else the wallboard would show an office that is not there."""
    office.begin_anew()
    look = await set_up(short_abandon_threshold=0)
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
    today = Tally.of(office.settings.queue_log)
    over = "0 active channels" in office.console("core show channels count")  # a record is written when a call is over
    return {
        **{f"queue_{queue}.{key}": value for queue, figures in queues.items() for key, value in figures.items()},
        **{f"queue_{queue}.{key}": value for queue in queues for key, value in today.figures(queue).items() if over},
        f"conference_{ROOM}.participants": rooms.get(ROOM, "0"),
        **{f"phone_{player.auth_id}.voicemail_new": mailboxes[f"{player.ext}@{player.tenant}"] for player in CAST},
    }


def _shown(hass: HomeAssistant, places: Iterable[str]) -> dict[str, str | None]:
    """Return the states of these places; a room that nobody is in is not there, or unavailable."""
    shown = {place: state_of(hass, *place.split(".")) for place in places}
    room = f"conference_{ROOM}.participants"
    return shown | {room: "0" if shown[room] in (None, STATE_UNAVAILABLE) else shown[room]}
