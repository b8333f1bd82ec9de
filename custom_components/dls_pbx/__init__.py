"""DLS Hosted PBX: wires the client, the coordinators and the platforms together."""

import asyncio
from functools import partial

from homeassistant.const import Platform
from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import ConfigEntryAuthFailed, ConfigEntryNotReady, HomeAssistantError
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.typing import ConfigType

from . import consent_lists, live_events, repair_issues
from .connection import async_client
from .const import DOMAIN
from .devices import async_create_pbx_device, async_keep_up, async_keep_up_lists
from .frontend import async_setup_frontend
from .records import statistics
from .records.store import RecordStore
from .runtime import DlsPbxConfigEntry, DlsPbxData
from .services import async_setup_services
from .websocket import async_setup_websocket

CONFIG_SCHEMA = cv.config_entry_only_config_schema(DOMAIN)
PLATFORMS = (Platform.BINARY_SENSOR, Platform.EVENT, Platform.NOTIFY, Platform.SENSOR, Platform.TODO)


async def async_setup(hass: HomeAssistant, config: ConfigType) -> bool:
    """Register the actions, the commands and the card, which are there whether a PBX is or not."""
    async_setup_services(hass)
    async_setup_websocket(hass)
    await async_setup_frontend(hass)
    return True


async def async_setup_entry(hass: HomeAssistant, entry: DlsPbxConfigEntry) -> bool:
    """Set up one PBX."""
    data = await DlsPbxData.async_create(hass, entry, await async_client(hass, entry.data, entry.options))
    entry.runtime_data = data
    repair_issues.async_watch(hass, entry)
    await _async_first_refresh(data)
    data.outages.set_up()
    async_create_pbx_device(hass, entry)

    @callback
    def keep_up() -> None:
        async_keep_up(hass, entry)

    await hass.config_entries.async_forward_entry_setups(entry, PLATFORMS)
    for coordinator in data.coordinators:
        # Also keeps each coordinator polling while it has nothing to show yet.
        entry.async_on_unload(coordinator.async_add_listener(keep_up))
        coordinator.async_tell_roster()
    live_events.async_watch(hass, entry)
    for feed in data.feeds:
        feed.async_start()
    entry.async_on_unload(data.consent.async_add_listener(partial(async_keep_up_lists, hass, entry)))
    data.consent.async_start()
    # When it was first set up is what counts as history from then on, also after a kill right now.
    await data.store.async_save()
    statistics.async_start(hass, entry)
    return True


async def _async_first_refresh(data: DlsPbxData) -> None:
    """Ask everything once. One failing action takes its own entities down; only all of them stop the set-up."""
    first, *others = data.coordinators
    # Alone, so that a wrong key is tried once and not eight times: PBXs lock out who guesses.
    await first.async_refresh()
    if not isinstance(first.last_exception, ConfigEntryAuthFailed):
        await asyncio.gather(*(coordinator.async_refresh() for coordinator in others))
    failures = [coordinator.last_exception for coordinator in data.coordinators if not coordinator.last_update_success]
    for failure in failures:
        if isinstance(failure, ConfigEntryAuthFailed):
            raise failure
    if len(failures) == len(data.coordinators):
        cause = failures[0]
        if isinstance(cause, HomeAssistantError):
            raise ConfigEntryNotReady(
                translation_domain=cause.translation_domain,
                translation_key=cause.translation_key,
                translation_placeholders=cause.translation_placeholders,
            ) from cause
        raise ConfigEntryNotReady from cause


async def async_unload_entry(hass: HomeAssistant, entry: DlsPbxConfigEntry) -> bool:
    """Unload one PBX. What is being told is told to its end first."""
    for feed in entry.runtime_data.feeds:
        await feed.async_stop()
    return await hass.config_entries.async_unload_platforms(entry, PLATFORMS)


async def async_remove_entry(hass: HomeAssistant, entry: DlsPbxConfigEntry) -> None:
    """Forget what was stored of one PBX."""
    consent_lists.async_forget(hass, entry.entry_id)
    repair_issues.async_forget(hass, entry.entry_id)
    await RecordStore(hass, entry.entry_id).async_remove()
