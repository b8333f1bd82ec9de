"""DLS Hosted PBX: wires the client, the coordinators and the platforms together."""

import asyncio
from collections.abc import Collection
from functools import partial
from typing import Any

from homeassistant.const import CONF_VERIFY_SSL, EVENT_HOMEASSISTANT_CLOSE, Platform
from homeassistant.core import Event, HomeAssistant, callback
from homeassistant.exceptions import ConfigEntryAuthFailed, ConfigEntryNotReady, HomeAssistantError
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.typing import ConfigType

from . import issues, phone_numbers
from .api import DlsPbxPermissionError, HttpConnections
from .const import DOMAIN
from .contacts.store import AddressBookStore
from .coordinator.keys import ObjectKey
from .data import DlsPbxConfigEntry, DlsPbxData
from .devices import async_create_pbx_device, async_follow_title, async_remove_stale_lists, async_update_devices
from .errors import auth_failed
from .events.live import LiveEvents
from .flows.account import CONF_DIALECT, async_client
from .flows.connections import async_connections
from .flows.subentries import async_reload_on_change
from .front_desk.static_files import async_setup_frontend
from .front_desk.websocket_api import async_setup_websocket
from .options import Options
from .records.store import RecordStore
from .services import async_setup_services
from .statistics import backfill, retired

CONFIG_SCHEMA = cv.config_entry_only_config_schema(DOMAIN)
PLATFORMS = (Platform.BINARY_SENSOR, Platform.EVENT, Platform.NOTIFY, Platform.SENSOR, Platform.TODO)


async def async_setup(hass: HomeAssistant, config: ConfigType) -> bool:
    """Register the actions, the commands and the card, which are there whether a PBX is or not."""
    await hass.async_add_executor_job(phone_numbers.load_countries)
    async_setup_services(hass)
    async_setup_websocket(hass)
    await async_setup_frontend(hass)
    return True


async def async_setup_entry(hass: HomeAssistant, entry: DlsPbxConfigEntry) -> bool:
    """Set up one PBX."""
    connections = _async_connections(hass, entry)
    client = await async_client(hass, connections, entry.data, Options.of(entry.options).time_zone)
    data = entry.runtime_data = await DlsPbxData.async_create(hass, entry, client)
    client.dialect.on_learned = partial(_keep_dialect, hass, entry)
    issues.async_start(hass, entry)
    await _async_first_refresh(data)
    data.outages.set_up()
    async_create_pbx_device(hass, entry)
    async_follow_title(hass, entry)
    async_reload_on_change(hass, entry)

    await hass.config_entries.async_forward_entry_setups(entry, PLATFORMS)
    for coordinator in data.coordinators:
        # Also keeps each coordinator polling while it has nothing to show yet.
        entry.async_on_unload(coordinator.async_add_listener(partial(async_update_devices, hass, entry)))
        coordinator.async_membership_changed()
    entry.async_on_unload(data.provisioning.async_subscribe(partial(_async_handsets_changed, hass, entry)))
    for unsubscribe in LiveEvents(data.event_attributes, data.events).async_start(data.queues, data.calls, data.faxes):
        entry.async_on_unload(unsubscribe)
    for feed in data.feeds:
        feed.async_start()
    entry.async_on_unload(data.consent.async_add_listener(partial(async_remove_stale_lists, hass, entry)))
    data.consent.async_start()
    # When it was first set up is what counts as history from then on, also after a kill right now.
    await data.store.async_save_if_possible()
    backfill.async_start(hass, entry)
    retired.async_start(hass, entry)
    return True


@callback
def _async_connections(hass: HomeAssistant, entry: DlsPbxConfigEntry) -> HttpConnections:
    """Return connections that end with the entry, or with Home Assistant."""
    connections = async_connections(hass, verify_ssl=entry.data[CONF_VERIFY_SSL])

    async def close(_: Event) -> None:
        await connections.close()

    entry.async_on_unload(connections.close)
    entry.async_on_unload(hass.bus.async_listen_once(EVENT_HOMEASSISTANT_CLOSE, close))
    return connections


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
        refusals = [failure.__cause__ for failure in failures if failure]
        if all(isinstance(refusal, DlsPbxPermissionError) for refusal in refusals):
            # A key that may do nothing at all is a wrong one, in other words.
            raise auth_failed(str(refusals[0]))
        if isinstance(cause, HomeAssistantError):
            raise ConfigEntryNotReady(
                translation_domain=cause.translation_domain,
                translation_key=cause.translation_key,
                translation_placeholders=cause.translation_placeholders,
            ) from cause
        raise ConfigEntryNotReady from cause


@callback
def _async_handsets_changed(
    hass: HomeAssistant, entry: DlsPbxConfigEntry, _before: Any, _after: Any, changed: Collection[ObjectKey]
) -> None:
    """Have devices show the handsets that they have now; two that were swapped bring nothing new, and are news."""
    if changed:
        async_update_devices(hass, entry)


@callback
def _keep_dialect(hass: HomeAssistant, entry: DlsPbxConfigEntry, learned: dict[str, dict[str, str]]) -> None:
    """Keep what was learned of the PBX's API, so that the next start does not ask in vain."""
    hass.config_entries.async_update_entry(entry, data={**entry.data, CONF_DIALECT: learned})


async def async_unload_entry(hass: HomeAssistant, entry: DlsPbxConfigEntry) -> bool:
    """Unload one PBX. What is being told is told to its end first."""
    for feed in entry.runtime_data.feeds:
        await feed.async_stop()
    return await hass.config_entries.async_unload_platforms(entry, PLATFORMS)


async def async_remove_entry(hass: HomeAssistant, entry: DlsPbxConfigEntry) -> None:
    """Forget what was stored of one PBX."""
    issues.async_forget(hass, entry.entry_id)
    await RecordStore(hass, entry.entry_id).async_remove()
    await AddressBookStore(hass, entry.entry_id).async_keep(())
