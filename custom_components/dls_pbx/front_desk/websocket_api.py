"""Websocket commands of the front desk: those that only look."""

from dataclasses import fields
from typing import Any, Final

from homeassistant.auth.models import User
from homeassistant.components import websocket_api
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import config_validation as cv
from homeassistant.util import dt as dt_util
import voluptuous as vol

from ..api.models import CallDirection
from ..data import DlsPbxConfigEntry
from . import broadcaster, call_log, callback_commands, messages
from .commands import command, meant_entries, meant_entry, schema
from .layout import layout
from .lists import async_lists
from .made_rows import iso
from .records_rows import Outcome

_MOMENT: Final = vol.All(cv.datetime, dt_util.as_utc)
_TEXTS: Final = vol.All(int, vol.Range(min=1, max=messages.MOST_ROWS))


@callback
def async_setup_websocket(hass: HomeAssistant) -> None:
    """Register the commands, which are there whether a PBX is or not."""
    for handler in (
        subscribe,
        entries_layout,
        calls,
        conversations,
        conversation,
        lists,
        *callback_commands.COMMANDS,
    ):
        websocket_api.async_register_command(hass, handler)


@websocket_api.websocket_command(schema("subscribe"))
@callback
def subscribe(hass: HomeAssistant, connection: websocket_api.ActiveConnection, msg: dict[str, Any]) -> None:
    """Send what a front desk shows of a PBX, as far as the user may read it, and go on with what changes.

    `config_entry_id` may be left out while there is one PBX; else: `not_found`. The messages are in
    `www/data/subscribe-types.js`.
    """
    if entry := meant_entry(hass, connection, msg):
        connection.send_result(msg["id"])
        connection.subscriptions[msg["id"]] = broadcaster.async_subscribe(hass, entry, connection, msg["id"])


@websocket_api.websocket_command(schema("layout"))
@callback
def entries_layout(hass: HomeAssistant, connection: websocket_api.ActiveConnection, msg: dict[str, Any]) -> None:
    """Answer `{entries: [...]}`: of each PBX, or the one that `config_entry_id` names, what the user may read.

    `front_desk/layout.py` has the shape. A PBX of which the user may read nothing is left out.
    """
    found = (layout(hass, entry, connection.user) for entry in meant_entries(hass, msg))
    connection.send_result(msg["id"], {"entries": [one for one in found if one]})


@command(
    "call_log",
    {
        vol.Optional("start"): _MOMENT,
        vol.Optional("end"): _MOMENT,
        vol.Optional("before"): _MOMENT,
        vol.Optional("search"): str,
        vol.Optional("direction"): vol.All(vol.In(tuple(call_log.DIRECTIONS)), vol.Coerce(CallDirection)),
        vol.Optional("outcome"): vol.Coerce(Outcome),
        vol.Optional("queue"): str,
        vol.Optional("extension"): str,
        vol.Optional("limit"): vol.All(int, vol.Range(min=1, max=call_log.MOST_ROWS)),
    },
    may=lambda rights: rights.calls,
)
async def calls(hass: HomeAssistant, entry: DlsPbxConfigEntry, user: User, msg: dict[str, Any]) -> dict[str, Any]:
    """Answer `{calls: [...], more, reached}`: a page of calls on record, newest first, as far as one may read them.

    `front_desk/records_rows.py` has the row. Times without a zone are Home Assistant's. `reached` is how far back was
    looked, to go on `before`, also where nothing was found so far.
    """
    given: dict[str, Any] = {field.name: msg[field.name] for field in fields(call_log.Wanted) if field.name in msg}
    found, reached = await call_log.async_call_log(hass, entry, user, call_log.Wanted(**given))
    return {"calls": found, "more": reached is not None, "reached": iso(reached)}


@command(
    "conversations",
    {
        vol.Optional("search", default=""): str,
        vol.Optional("before"): _MOMENT,
        vol.Optional("limit", default=50): _TEXTS,
    },
    may=lambda rights: rights.texts,
)
async def conversations(hass: HomeAssistant, entry: DlsPbxConfigEntry, _: User, msg: dict[str, Any]) -> dict[str, Any]:
    """Answer `{conversations: [...], more}`: whom texts came from and went to, the newest first.

    `front_desk/rows.py` has the row.
    """
    found, more = await messages.async_conversations(hass, entry, msg["search"], msg.get("before"), msg["limit"])
    return {"conversations": found, "more": more}


@command(
    "conversation",
    {
        vol.Required("conversation_id"): str,
        vol.Optional("before"): _MOMENT,
        vol.Optional("limit", default=50): _TEXTS,
    },
    may=lambda rights: rights.texts,
)
async def conversation(
    hass: HomeAssistant, entry: DlsPbxConfigEntry, user: User, msg: dict[str, Any]
) -> dict[str, Any]:
    """Answer `{messages: [...], more}`: the texts from and to somebody, the newest first."""
    found, more = await messages.async_conversation(
        hass, entry, user, msg["conversation_id"], msg.get("before"), msg["limit"]
    )
    return {"messages": found, "more": more}


@websocket_api.require_admin
@command("lists", {vol.Optional("number"): str}, may=lambda _: True)
async def lists(hass: HomeAssistant, entry: DlsPbxConfigEntry, _: User, msg: dict[str, Any]) -> Any:
    """Answer `{opt_in: [...], opt_out: [...]}`: the consent lists, and whether `number` is on them.

    For administrators. `listed` is None without a number, and where the PBX does not say of all numbers which they are.
    """
    return await async_lists(hass, entry, msg.get("number"))
