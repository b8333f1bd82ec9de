"""Conversations: by the PBX's table of texts, and as a browser gets them over Home Assistant's websocket."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from aiohttp.test_utils import TestClient, TestServer
from homeassistant.components.websocket_api.auth import TYPE_AUTH
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
from pytest_homeassistant_custom_component.common import CLIENT_ID, MockUser

from script.soak_run.numbers import outside, spoken
from script.soak_run.told import second
from simulator.pbx.simulated import SimulatedPbx

# Fewer than have texts after the hour that comes twice: among those of that hour the PBX gives no order.
MOST: Final = 100

type Last = tuple[str, str, str, bool]  # time, direction and words of the newest text, and whether it was theirs


def conversations_by_the_pbx(pbx: SimulatedPbx) -> Mapping[str, Last]:
    """Return the newest text of each number outside, of the newest conversations."""
    found: dict[str, Last] = {}
    for one in reversed(pbx.messages()):
        incoming = one.direction in ("inbound", "hairpin")
        if number := outside(one.src if incoming else one.dst):
            last = (second(one.time, local=True), "inbound" if incoming else one.direction, one.body, incoming)
            found.setdefault(number, last)
    return dict(list(found.items())[:MOST])


async def conversations_at_home(hass: HomeAssistant) -> Mapping[str, Last]:
    """Ask for them as the card does."""
    await async_setup_component(hass, "websocket_api", {})
    user = MockUser(is_owner=True).add_to_hass(hass)
    refresh = await hass.auth.async_create_refresh_token(user, CLIENT_ID)
    async with TestClient(TestServer(hass.http.app)) as client, client.ws_connect("/api/websocket") as socket:
        await socket.receive_json()
        await socket.send_json({"type": TYPE_AUTH, "access_token": hass.auth.async_create_access_token(refresh)})
        await socket.receive_json()
        await socket.send_json({"id": 1, "type": "dls_pbx/conversations", "limit": MOST})
        answer = await socket.receive_json()
    # A command that fails is told by the table: it lacks them all.
    rows: list[Any] = answer["result"]["conversations"] if answer["success"] else []
    return {spoken(row["number"]): _last(row) for row in rows if row["number"]}


def _last(row: Mapping[str, Any]) -> Last:
    last = row["last"]
    time = second(datetime.fromisoformat(last["time"]), local=True)
    return time, last["direction"], last["text"], row["unanswered"]
