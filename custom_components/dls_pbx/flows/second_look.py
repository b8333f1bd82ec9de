"""Second look: whether a PBX takes a key again that it has refused in words that may mean something that passes.

A PBX that cannot look keys up says something with 401, as well. Somebody is asked for a new key all the same: nobody
knows. But where the key was right, it works again by itself, and the form goes.
"""

from datetime import datetime, timedelta
from typing import Final

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers.event import async_track_time_interval

from ..api import DlsPbxAuthenticationError, DlsPbxError
from ..const import LOGGER
from ..data import DlsPbxConfigEntry
from .connections import async_passing_client

# Who has unloaded an entry meanwhile, before a look or during it, wants it to stay so.
_REFUSED: Final = frozenset({ConfigEntryState.LOADED, ConfigEntryState.SETUP_ERROR})
# Rarely enough for no PBX to lock the user out: most do so for some attempts within some minutes.
INTERVAL: Final = timedelta(minutes=15)


@callback
def async_start(hass: HomeAssistant, entry: DlsPbxConfigEntry) -> CALLBACK_TYPE:
    """Look now and then until it is certain that the key is wrong; where it is taken, the entry is loaded again.

    Returns a function that ends it.
    """

    async def look(_: datetime) -> None:
        if not _may_pass(entry):
            return
        try:
            async with async_passing_client(hass, entry.data) as client:
                await client.check()
        except DlsPbxError as err:
            if isinstance(err, DlsPbxAuthenticationError) and err.is_certain:
                end()
            return
        if entry.state not in _REFUSED:
            return
        LOGGER.info("%s: the PBX takes the key again", entry.title)
        # Which also closes the form.
        hass.config_entries.async_schedule_reload(entry.entry_id)

    end = async_track_time_interval(hass, look, INTERVAL, name=f"{entry.title} second look", cancel_on_shutdown=True)
    return end


def _may_pass(entry: DlsPbxConfigEntry) -> bool:
    return entry.state in _REFUSED and not entry.runtime_data.client.is_certainly_refused
