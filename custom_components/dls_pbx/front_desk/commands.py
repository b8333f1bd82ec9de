"""Commands of the websocket: what all of them share that ask one loaded PBX."""

from collections.abc import Awaitable, Callable, Mapping
from functools import wraps
from typing import Any, Final

from homeassistant.auth.models import User
from homeassistant.components import websocket_api
from homeassistant.components.websocket_api.const import WebSocketCommandHandler
from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import ATTR_CONFIG_ENTRY_ID
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError, Unauthorized
import voluptuous as vol

from ..const import DOMAIN
from ..data import DlsPbxConfigEntry
from ..texts import async_error_text
from .permissions import Permissions

# The PBX, or the way to it, in its own words.
ERR_PBX: Final = "pbx_error"

# Returns what a command answers to a user; what it raises is told them.
type Answer = Callable[[HomeAssistant, DlsPbxConfigEntry, User, dict[str, Any]], Awaitable[Mapping[str, Any]]]


class CommandRefusedError(ServiceValidationError):
    """What is wrong with a question; `code` names it."""

    def __init__(self, code: str, key: str, **placeholders: str) -> None:
        super().__init__(translation_domain=DOMAIN, translation_key=key, translation_placeholders=placeholders or None)
        self.code = code


def schema(name: str) -> dict[Any, Any]:
    """Return the fields that all commands have."""
    return {vol.Required("type"): f"{DOMAIN}/{name}", vol.Optional(ATTR_CONFIG_ENTRY_ID): str}


def command(
    name: str, fields: Mapping[Any, Any], may: Callable[[Permissions], bool]
) -> Callable[[Answer], WebSocketCommandHandler]:
    """Make a command of what answers it: for the PBX that is meant, if it is loaded, and for users who `may` ask.

    Errors: `not_found`, `unauthorized`, `invalid_format` for what is wrong with the question, `pbx_error`.
    """

    def decorate(answer: Answer) -> WebSocketCommandHandler:
        @websocket_api.websocket_command(schema(name) | dict(fields))
        @websocket_api.async_response
        @wraps(answer)
        async def asked(hass: HomeAssistant, connection: websocket_api.ActiveConnection, msg: dict[str, Any]) -> None:
            entry = meant_entry(hass, connection, msg, loaded=True)
            if entry is None:
                return
            if not may(Permissions(hass, entry, connection.user)):
                raise Unauthorized
            try:
                connection.send_result(msg["id"], await answer(hass, entry, connection.user, msg))
            except HomeAssistantError as err:
                connection.send_error(
                    msg["id"],
                    _code(err),
                    await async_error_text(hass, err),
                    translation_key=err.translation_key,
                    translation_domain=err.translation_domain,
                    translation_placeholders=err.translation_placeholders,
                )

        return asked

    return decorate


def _code(err: HomeAssistantError) -> str:
    if isinstance(err, CommandRefusedError):
        return err.code
    return websocket_api.ERR_INVALID_FORMAT if isinstance(err, ServiceValidationError) else ERR_PBX


def meant_entry(
    hass: HomeAssistant, connection: websocket_api.ActiveConnection, msg: dict[str, Any], *, loaded: bool = False
) -> DlsPbxConfigEntry | None:
    """Return the PBX that is meant; None, and an error to whoever asked, where there is none or several."""
    entries = meant_entries(hass, msg)
    if len(entries) == 1 and (not loaded or entries[0].state is ConfigEntryState.LOADED):
        return entries[0]
    text = "There is no such PBX"
    if entries:
        text = "There are several PBXs: config_entry_id has to name one" if entries[1:] else "The PBX is not connected"
    connection.send_error(msg["id"], websocket_api.ERR_NOT_FOUND, text)
    return None


def meant_entries(hass: HomeAssistant, msg: dict[str, Any]) -> list[DlsPbxConfigEntry]:
    """Return the PBXs that are meant: the one that is named, or all."""
    named = msg.get(ATTR_CONFIG_ENTRY_ID)
    entries = hass.config_entries.async_entries(DOMAIN, include_ignore=False, include_disabled=bool(named))
    return [entry for entry in entries if named in (None, entry.entry_id)]
