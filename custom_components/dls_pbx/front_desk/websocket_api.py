"""Websocket commands of the front desk."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import fields
from typing import Any, Final

from homeassistant.components import websocket_api
from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import ATTR_CONFIG_ENTRY_ID
from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError, Unauthorized
from homeassistant.helpers import config_validation as cv
from homeassistant.util import dt as dt_util
import voluptuous as vol

from ..api.models import CallDirection
from ..const import DOMAIN
from ..data import DlsPbxConfigEntry
from . import broadcaster, call_log, messages
from .layout import layout
from .lists import async_lists
from .permissions import Permissions
from .records_rows import Outcome

# The PBX, or the way to it, in its own words.
ERR_PBX: Final = "pbx_error"
_MOMENT: Final = vol.All(cv.datetime, dt_util.as_utc)
_TEXTS: Final = vol.All(int, vol.Range(min=1, max=messages.MOST_ROWS))


def _command(name: str) -> dict[Any, Any]:
    return {vol.Required("type"): f"{DOMAIN}/{name}", vol.Optional(ATTR_CONFIG_ENTRY_ID): str}


@callback
def async_setup_websocket(hass: HomeAssistant) -> None:
    """Register the commands, which are there whether a PBX is or not."""
    websocket_api.async_register_command(hass, subscribe)
    websocket_api.async_register_command(hass, entries_layout)
    websocket_api.async_register_command(hass, calls)
    websocket_api.async_register_command(hass, lists)
    websocket_api.async_register_command(hass, conversations)
    websocket_api.async_register_command(hass, conversation)


@websocket_api.websocket_command(_command("subscribe"))
@callback
def subscribe(hass: HomeAssistant, connection: websocket_api.ActiveConnection, msg: dict[str, Any]) -> None:
    """Send what a front desk shows of a PBX, as far as the user may read it, and go on with what changes.

    `config_entry_id` may be left out while there is one PBX; else: `not_found`. The messages are in
    `www/data/subscribe-types.js`.
    """
    if entry := _entry(hass, connection, msg):
        connection.send_result(msg["id"])
        connection.subscriptions[msg["id"]] = broadcaster.async_subscribe(hass, entry, connection, msg["id"])


@websocket_api.websocket_command(_command("layout"))
@callback
def entries_layout(hass: HomeAssistant, connection: websocket_api.ActiveConnection, msg: dict[str, Any]) -> None:
    """Answer `{entries: [...]}`: of each PBX, or the one that `config_entry_id` names, what the user may read.

    `front_desk/layout.py` has the shape. A PBX of which the user may read nothing is left out.
    """
    found = (layout(hass, entry, connection.user) for entry in _entries(hass, msg))
    connection.send_result(msg["id"], {"entries": [one for one in found if one]})


@websocket_api.websocket_command(
    _command("call_log")
    | {
        vol.Optional("start"): _MOMENT,
        vol.Optional("end"): _MOMENT,
        vol.Optional("before"): _MOMENT,
        vol.Optional("search"): str,
        vol.Optional("direction"): vol.All(vol.In(tuple(call_log.DIRECTIONS)), vol.Coerce(CallDirection)),
        vol.Optional("outcome"): vol.Coerce(Outcome),
        vol.Optional("queue"): str,
        vol.Optional("extension"): str,
        vol.Optional("limit"): vol.All(int, vol.Range(min=1, max=call_log.MOST_ROWS)),
    }
)
@websocket_api.async_response
async def calls(hass: HomeAssistant, connection: websocket_api.ActiveConnection, msg: dict[str, Any]) -> None:
    """Answer `{calls: [...], more}`: a page of calls on record, newest first, as far as the user may read them.

    `front_desk/records_rows.py` has the row. Times without a zone are Home Assistant's. Errors: `not_found`,
    `unauthorized`, `pbx_error` with the PBX's words.
    """
    entry = _entry(hass, connection, msg, loaded=True)
    if entry is None:
        return
    if not Permissions(hass, entry, connection.user).calls:
        raise Unauthorized
    given: dict[str, Any] = {field.name: msg[field.name] for field in fields(call_log.Wanted) if field.name in msg}
    wanted = call_log.Wanted(**given)
    with _refused(connection, msg):
        found, more = await call_log.async_call_log(hass, entry, connection.user, wanted)
        connection.send_result(msg["id"], {"calls": found, "more": more})


@websocket_api.websocket_command(
    _command("conversations")
    | {
        vol.Optional("search", default=""): str,
        vol.Optional("before"): _MOMENT,
        vol.Optional("limit", default=50): _TEXTS,
    }
)
@websocket_api.async_response
async def conversations(hass: HomeAssistant, connection: websocket_api.ActiveConnection, msg: dict[str, Any]) -> None:
    """Answer `{conversations: [...], more}`: whom texts came from and went to, the newest first.

    `front_desk/records_rows.py` has the row. Errors: `not_found`, `unauthorized`, `pbx_error` with the PBX's words.
    """
    entry = _entry(hass, connection, msg, loaded=True)
    if entry is None:
        return
    if not Permissions(hass, entry, connection.user).texts:
        raise Unauthorized
    with _refused(connection, msg):
        found, more = await messages.async_conversations(hass, entry, msg["search"], msg.get("before"), msg["limit"])
        connection.send_result(msg["id"], {"conversations": found, "more": more})


@websocket_api.websocket_command(
    _command("conversation")
    | {
        vol.Required("conversation_id"): str,
        vol.Optional("before"): _MOMENT,
        vol.Optional("limit", default=50): _TEXTS,
    }
)
@websocket_api.async_response
async def conversation(hass: HomeAssistant, connection: websocket_api.ActiveConnection, msg: dict[str, Any]) -> None:
    """Answer `{messages: [...], more}`: the texts from and to somebody, the newest first; else as `conversations`."""
    entry = _entry(hass, connection, msg, loaded=True)
    if entry is None:
        return
    if not Permissions(hass, entry, connection.user).texts:
        raise Unauthorized
    with _refused(connection, msg):
        found, more = await messages.async_conversation(
            hass, entry, connection.user, msg["conversation_id"], msg.get("before"), msg["limit"]
        )
        connection.send_result(msg["id"], {"messages": found, "more": more})


@websocket_api.websocket_command(_command("lists") | {vol.Optional("number"): str})
@websocket_api.require_admin
@websocket_api.async_response
async def lists(hass: HomeAssistant, connection: websocket_api.ActiveConnection, msg: dict[str, Any]) -> None:
    """Answer `{opt_in: [...], opt_out: [...]}`: the consent lists, and whether `number` is on them.

    For administrators. `listed` is None without a number, and where the PBX does not say of all numbers which they are.
    """
    entry = _entry(hass, connection, msg, loaded=True)
    if entry is None:
        return
    with _refused(connection, msg):
        connection.send_result(msg["id"], await async_lists(hass, entry, msg.get("number")))


@contextmanager
def _refused(connection: websocket_api.ActiveConnection, msg: dict[str, Any]) -> Iterator[None]:
    """Tell whoever asked what the PBX says against it, or what is wrong with the question."""
    try:
        yield
    except ServiceValidationError as err:
        connection.send_error(msg["id"], websocket_api.ERR_INVALID_FORMAT, str(err))
    except HomeAssistantError as err:
        connection.send_error(msg["id"], ERR_PBX, str(err))


def _entry(
    hass: HomeAssistant, connection: websocket_api.ActiveConnection, msg: dict[str, Any], *, loaded: bool = False
) -> DlsPbxConfigEntry | None:
    """Return the PBX that is meant; None, and an error to whoever asked, where there is none or several."""
    entries = _entries(hass, msg)
    if len(entries) == 1 and (not loaded or entries[0].state is ConfigEntryState.LOADED):
        return entries[0]
    text = "There is no such PBX"
    if entries:
        text = "There are several PBXs: config_entry_id has to name one" if entries[1:] else "The PBX is not connected"
    connection.send_error(msg["id"], websocket_api.ERR_NOT_FOUND, text)
    return None


def _entries(hass: HomeAssistant, msg: dict[str, Any]) -> list[DlsPbxConfigEntry]:
    """Return the PBXs that are meant: the one that is named, or all."""
    named = msg.get(ATTR_CONFIG_ENTRY_ID)
    entries = hass.config_entries.async_entries(DOMAIN, include_ignore=False, include_disabled=bool(named))
    return [entry for entry in entries if named in (None, entry.entry_id)]
