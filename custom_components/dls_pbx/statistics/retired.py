"""Retired statistics: those of phones' sensors, which older versions had kept for ever and nobody graphed.

Without a state class nothing is added to them any more, and Home Assistant would ask for each what to do with them.
"""

import asyncio
from collections.abc import Sequence
from itertools import batched
from typing import Final

from homeassistant.components.recorder import DOMAIN as RECORDER_DOMAIN, get_instance
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.start import async_at_started

from ..const import DOMAIN, MINOR_VERSION
from ..data import DlsPbxConfigEntry

SENSORS: Final = ("voicemail_new", "voicemail_old", "calls_in", "calls_out")
# A year of one has 8,760 rows, and whatever else is to be recorded waits until those of a batch are deleted.
_AT_A_TIME: Final = 20


@callback
def async_start(hass: HomeAssistant, entry: DlsPbxConfigEntry) -> None:
    """Delete them once, when an entry of an older version has been set up; cut short, again at the next start."""

    @callback
    def begin(hass: HomeAssistant) -> None:
        if entry.minor_version < MINOR_VERSION and RECORDER_DOMAIN in hass.config.components:
            entry.async_create_background_task(hass, _async_clear(hass, entry), f"{DOMAIN} retired statistics")

    # By then our sensors have told their states without a state class, so that none of them is begun anew.
    entry.async_on_unload(async_at_started(hass, begin))


async def _async_clear(hass: HomeAssistant, entry: DlsPbxConfigEntry) -> None:
    for batch in batched(_series(hass, entry), _AT_A_TIME, strict=False):
        cleared = asyncio.Event()

        def done(cleared: asyncio.Event = cleared) -> None:
            hass.loop.call_soon_threadsafe(cleared.set)

        get_instance(hass).async_clear_statistics(list(batch), on_done=done)
        await cleared.wait()
    hass.config_entries.async_update_entry(entry, minor_version=MINOR_VERSION)


def _series(hass: HomeAssistant, entry: DlsPbxConfigEntry) -> Sequence[str]:
    """Return the IDs of the statistics, which are those of the sensors; of disabled ones too."""
    return [
        entity.entity_id
        for entity in er.async_entries_for_config_entry(er.async_get(hass), entry.entry_id)
        if entity.domain == Platform.SENSOR and entity.translation_key in SENSORS
    ]
