"""Changes to what is kept in an entry's subentries: the entry is loaded anew for them."""

from typing import Any

from homeassistant.config_entries import SIGNAL_CONFIG_ENTRY_CHANGED, ConfigEntry, ConfigEntryChange
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.dispatcher import async_dispatcher_connect


@callback
def async_reload_on_change(hass: HomeAssistant, entry: ConfigEntry[Any]) -> None:
    """Load the entry anew when a recipient or an address book is added, changed or removed.

    No update listener: Home Assistant refuses those beside flows that reload by themselves, as ours do.
    """

    def subentries() -> dict[str, Any]:
        return {subentry.subentry_id: (subentry.title, dict(subentry.data)) for subentry in entry.subentries.values()}

    before = subentries()

    @callback
    def changed(change: ConfigEntryChange, of: ConfigEntry) -> None:
        nonlocal before
        if of is entry and change is ConfigEntryChange.UPDATED and subentries() != before:
            before = subentries()
            hass.config_entries.async_schedule_reload(entry.entry_id)

    entry.async_on_unload(async_dispatcher_connect(hass, SIGNAL_CONFIG_ENTRY_CHANGED, changed))
