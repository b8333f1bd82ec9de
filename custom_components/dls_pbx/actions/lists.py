"""Consent lists: numbers are put on them and taken off here (`subscribers.php`)."""

from collections.abc import Awaitable, Callable

from homeassistant.core import HomeAssistant

from ..api import DlsPbxClient
from ..data import DlsPbxConfigEntry
from ..errors import filled
from .recipients import listed_number
from .request import async_ask

type ListChange = Callable[[DlsPbxClient, str, str], Awaitable[None]]


async def async_change_list(
    hass: HomeAssistant, entry: DlsPbxConfigEntry, change: ListChange, phone_number: str, list_id: str, id_field: str
) -> None:
    """Put a number on a consent list or take it off; `change` is the client's method.

    Raises as `sms.async_send_sms`.
    """
    number = listed_number(hass, phone_number)
    owner = filled(id_field, list_id)
    lists = entry.runtime_data.consent
    try:
        await async_ask(hass, entry, lambda client: change(client, number, owner), lost="maybe_done")
    finally:
        # Also where nobody knows whether it was done.
        lists.async_changed()
