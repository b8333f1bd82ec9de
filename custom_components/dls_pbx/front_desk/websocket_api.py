"""Websocket commands of the front desk."""

from typing import Any

from homeassistant.components import websocket_api
from homeassistant.const import ATTR_CONFIG_ENTRY_ID
from homeassistant.core import HomeAssistant, callback
import voluptuous as vol

from ..const import DOMAIN
from ..data import DlsPbxConfigEntry
from . import broadcaster
from .layout import layout


def _command(name: str) -> dict[Any, Any]:
    return {vol.Required("type"): f"{DOMAIN}/{name}", vol.Optional(ATTR_CONFIG_ENTRY_ID): str}


@callback
def async_setup_websocket(hass: HomeAssistant) -> None:
    """Register the commands, which are there whether a PBX is or not."""
    websocket_api.async_register_command(hass, subscribe)
    websocket_api.async_register_command(hass, entries_layout)


@websocket_api.websocket_command(_command("subscribe"))
@callback
def subscribe(hass: HomeAssistant, connection: websocket_api.ActiveConnection, msg: dict[str, Any]) -> None:
    """Send what a front desk shows of a PBX, as far as the user may read it, and go on with what changes.

    `config_entry_id` may be left out while there is one PBX; else: `not_found`. The messages are in
    `www/data/subscribe-types.js`.
    """
    entries = _entries(hass, msg)
    if len(entries) != 1:
        text = "There is no such PBX" if not entries else "There are several PBXs: config_entry_id has to name one"
        connection.send_error(msg["id"], websocket_api.ERR_NOT_FOUND, text)
        return
    connection.send_result(msg["id"])
    connection.subscriptions[msg["id"]] = broadcaster.async_subscribe(hass, entries[0], connection, msg["id"])


@websocket_api.websocket_command(_command("layout"))
@callback
def entries_layout(hass: HomeAssistant, connection: websocket_api.ActiveConnection, msg: dict[str, Any]) -> None:
    """Answer `{entries: [...]}`: of each PBX, or the one that `config_entry_id` names, what the user may read.

    `front_desk/layout.py` has the shape. A PBX of which the user may read nothing is left out.
    """
    found = (layout(hass, entry, connection.user) for entry in _entries(hass, msg))
    connection.send_result(msg["id"], {"entries": [one for one in found if one]})


def _entries(hass: HomeAssistant, msg: dict[str, Any]) -> list[DlsPbxConfigEntry]:
    """Return the PBXs that are meant: the one that is named, or all."""
    named = msg.get(ATTR_CONFIG_ENTRY_ID)
    entries = hass.config_entries.async_entries(DOMAIN, include_ignore=False, include_disabled=bool(named))
    return [entry for entry in entries if named in (None, entry.entry_id)]
