"""Websocket commands about callers: who somebody is, and what is to be done about them."""

from typing import Any, Final, TypedDict

from homeassistant.auth.models import User
from homeassistant.components import websocket_api
from homeassistant.core import HomeAssistant
import voluptuous as vol

from .. import phone_numbers
from ..callbacks.notes import joined_notes, written_note
from ..callbacks.tracker import Callbacks
from ..data import DlsPbxConfigEntry
from .commands import CommandRefusedError, command
from .permissions import Permissions
from .text_rows import TextRows

ERR_ALREADY_TAKEN: Final = "already_taken"


class CallerInfo(TypedDict):
    """Who somebody is; `conversation_id` is what `conversation` takes, `opted_out` None where nobody can tell."""

    number: str
    tel: str | None
    name: str | None
    vip: bool
    opted_out: bool | None
    callback_id: str | None
    conversation_id: str


@command(
    "callback",
    {
        vol.Required("callback_id"): str,
        vol.Optional("note"): str,
        vol.Optional("done"): bool,
        vol.Optional("taken"): bool,
        vol.Optional("taken_from", default=None): vol.Any(str, None),
    },
    may=lambda rights: rights.ticks_off,
)
async def callback_change(
    hass: HomeAssistant, entry: DlsPbxConfigEntry, user: User, msg: dict[str, Any]
) -> dict[str, Any]:
    """Answer `{}`, having noted what is known of a callback, who has taken it, and whether it is done.

    `taken` is true for whoever asks, or false: it is given back. Errors: `not_found` when it is gone, `already_taken`
    when somebody else has it than `taken_from`, who may be null.
    """
    callbacks, uid, taken = entry.runtime_data.callbacks, msg["callback_id"], msg.get("taken")
    item = callbacks.find(uid)
    if item is None or (taken and item.completed and msg.get("done") is not False):
        raise CommandRefusedError(websocket_api.ERR_NOT_FOUND, "callback_gone")
    note = written_note(msg["note"]) if "note" in msg else item.note
    if taken and item.owner and item.owner != msg["taken_from"]:
        raise CommandRefusedError(ERR_ALREADY_TAKEN, "callback_taken", owner=item.owner)
    # Somebody without a name has it as well.
    owner = item.owner if taken is None else (user.name or "?") if taken else None
    callbacks.change(uid, note=note, owner=owner)
    match msg.get("done"):
        case True:
            callbacks.complete(uid)
        case False:
            callbacks.reopen(uid)
    await entry.runtime_data.async_save_callbacks()
    return {}


@command(
    "add_callback",
    {vol.Required("number"): str, vol.Optional("note", default=""): str},
    may=lambda rights: rights.ticks_off,
)
async def add_callback(_: HomeAssistant, entry: DlsPbxConfigEntry, _user: User, msg: dict[str, Any]) -> dict[str, Any]:
    """Answer `{callback_id}`: of somebody who has asked to be called back; the number is in any spelling.

    Where they are owed a call already, that one gets the note.
    """
    callbacks = entry.runtime_data.callbacks
    number = _outside_number(callbacks, msg["number"])
    item, note = callbacks.owed_to(number), written_note(msg["note"])
    if item:
        callbacks.change(item.uid, note=written_note(joined_notes(item.note, note) or ""), owner=item.owner)
    uid = item.uid if item else callbacks.ask(number, note)
    await entry.runtime_data.async_save_callbacks()
    return {"callback_id": uid}


def _outside_number(callbacks: Callbacks, written: str) -> str:
    """Return a number as callbacks have it; one without its area code only if it is theirs."""
    number = phone_numbers.outside(written, callbacks.region)
    if number and (number.startswith("+") or callbacks.owed_to(number)):
        return number
    if number := phone_numbers.written_number(written, callbacks.region):
        return number
    raise CommandRefusedError(websocket_api.ERR_INVALID_FORMAT, "not_a_number")


@command("caller", {vol.Required("number"): str}, may=lambda rights: rights.calls or rights.texts)
async def caller(hass: HomeAssistant, entry: DlsPbxConfigEntry, user: User, msg: dict[str, Any]) -> Any:
    """Answer who somebody is: by a number in any spelling, an extension or an auth ID. `CallerInfo` has the shape."""
    data, rows, rights = entry.runtime_data, TextRows(hass, entry.runtime_data), Permissions(hass, entry, user)
    written, region = msg["number"].strip(), data.callbacks.region
    label = phone_numbers.written_number(written, region) or written
    party = rows.party(label)
    if party is None:
        raise CommandRefusedError(websocket_api.ERR_INVALID_FORMAT, "not_a_party")
    about = data.event_attributes.party(label)
    number: str = about.get("number") or party
    owed = data.callbacks.owed_to(party) if rights.callbacks else None
    info: CallerInfo = {
        "number": phone_numbers.readable(number, region),
        "tel": number if about.get("tel") else None,
        "name": about.get("name"),
        "vip": bool(about.get("vip")),
        "opted_out": rows.opted_out(party, data.consent.last),
        "callback_id": owed.uid if owed else None,
        "conversation_id": party,
    }
    return info


COMMANDS: Final = (callback_change, add_callback, caller)
