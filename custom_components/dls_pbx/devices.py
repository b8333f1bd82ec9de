"""Devices of a PBX: itself, its queues, phones, conference rooms and campaigns."""

from typing import Any

from homeassistant.config_entries import (
    SIGNAL_CONFIG_ENTRY_CHANGED,
    ConfigEntry,
    ConfigEntryChange,
    ConfigSubentry,
)
from homeassistant.const import CONF_URL
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import device_registry as dr, entity_registry as er
from homeassistant.helpers.device_registry import DeviceEntryType, DeviceInfo
from homeassistant.helpers.dispatcher import async_dispatcher_connect

from .api.models import User
from .const import DOMAIN, MANUFACTURER
from .coordinator.derived import Provisioning
from .coordinator.keys import PBX, ObjectKey, ObjectKind
from .data import DlsPbxConfigEntry
from .identity import LISTS, unique_id
from .texts import queue_name

type _Description = dict[str, Any]


@callback
def async_create_pbx_device(hass: HomeAssistant, entry: DlsPbxConfigEntry) -> None:
    """Register the PBX, which all other devices hang on."""
    dr.async_get(hass).async_get_or_create(config_entry_id=entry.entry_id, **_description(entry, PBX))


@callback
def async_follow_title(hass: HomeAssistant, entry: DlsPbxConfigEntry) -> None:
    """Rename the PBX's device whenever its entry is renamed; a name that a user gave the device itself stays."""

    @callback
    def changed(change: ConfigEntryChange, of: ConfigEntry) -> None:
        if change is ConfigEntryChange.UPDATED and of.entry_id == entry.entry_id:
            async_create_pbx_device(hass, entry)

    entry.async_on_unload(async_dispatcher_connect(hass, SIGNAL_CONFIG_ENTRY_CHANGED, changed))


def device_info(entry: DlsPbxConfigEntry, key: ObjectKey) -> DeviceInfo:
    """Describe the device of an object; consent lists are on the PBX's."""
    # Home Assistant's DeviceInfo is a dict up to 2026.10 and a dataclass from then on: both are made from keywords.
    return DeviceInfo(**_description(entry, PBX if key.kind in LISTS else key))  # type: ignore[typeddict-item,no-any-return]


def recipient_device_info(entry: DlsPbxConfigEntry, subentry: ConfigSubentry) -> DeviceInfo:
    """Describe a recipient of texts, which is a device so that it can have an area and a name of its own."""
    return DeviceInfo(
        identifiers={(DOMAIN, unique_id(entry.entry_id, subentry.subentry_id))},
        name=subentry.title,
        manufacturer=MANUFACTURER,
        model="Text message recipient",
        entry_type=DeviceEntryType.SERVICE,
        via_device_id=_pbx_device_id(entry),
    )


def _pbx_device_id(entry: DlsPbxConfigEntry) -> str:
    data = entry.runtime_data
    return dr.async_get_device_id_by_identifier(
        data.users.hass, data.identity.identifier(PBX), config_entry_id=entry.entry_id
    )


def _description(entry: DlsPbxConfigEntry, key: ObjectKey) -> _Description:
    data = entry.runtime_data
    found: _Description = {"identifiers": {data.identity.identifier(key)}}
    if key.kind is not ObjectKind.PHONE:
        # The PBX and what it runs are DLS's; a phone on somebody's desk is not.
        found |= {"manufacturer": MANUFACTURER, "entry_type": DeviceEntryType.SERVICE}
    if key != PBX:
        found["via_device_id"] = _pbx_device_id(entry)
    match key.kind:
        case ObjectKind.PBX:
            found |= {"name": entry.title, "model": "Hosted PBX", "configuration_url": entry.data[CONF_URL]}
        case ObjectKind.PHONE:
            found |= _phone(entry, key)
        case ObjectKind.QUEUE:
            found |= {"name": queue_name(data.users.hass, key.id), "model": "Queue"}
        case ObjectKind.CAMPAIGN:
            found |= {"name": data.campaigns.data[key].name, "model": "Dialer campaign"}
        case ObjectKind.CONFERENCE:
            placeholders = {"number": key.id}
            found |= {
                "translation_key": "conference",
                "translation_placeholders": placeholders,
                "model": "Conference room",
            }
    return found


def phone_name(user: User, extension: str | None = None) -> str:
    """Return what a phone is called: its user's name with the extension, or in a spelling that says more."""
    extension = extension or user.extension
    return f"{user.name} ({extension})" if user.name else extension


def _phone(entry: DlsPbxConfigEntry, key: ObjectKey) -> _Description:
    data = entry.runtime_data
    found: _Description = {"name": phone_name(data.users.data[key])}
    if data.provisioning.answered_at:
        # Before that nobody knows; afterwards a handset may also have been taken away.
        found |= _desk_phone(data.provisioning.data.get(key))
    return found


def _update_phone(registry: dr.DeviceRegistry, device: dr.DeviceEntry, wanted: _Description) -> None:
    changed = {name: value for name, value in wanted.items() if getattr(device, name) != value}
    if device.connections:
        # Up to 0.1.0 a MAC address was one.
        changed["new_connections"] = set()
    if changed:
        registry.async_update_device(device.id, **changed)


def _desk_phone(provisioned: Provisioning | None) -> _Description:
    if provisioned is None:
        return {"model": None, "serial_number": None}
    # Shown, but nobody's identity: handsets are swapped, given away and come back.
    macs = sorted(map(dr.format_mac, provisioned.mac_addresses))
    return {"model": provisioned.model, "serial_number": ", ".join(macs) or None}


@callback
def async_update_devices(hass: HomeAssistant, entry: DlsPbxConfigEntry) -> None:
    """Remove the devices of objects that the PBX no longer shows, and update phones; an outage does neither."""
    registry, identity = dr.async_get(hass), entry.runtime_data.identity
    devices = dr.async_entries_for_config_entry(registry, entry.entry_id)
    for coordinator in entry.runtime_data.object_coordinators:
        if not coordinator.last_update_success:
            continue
        kind = coordinator.kind
        prefix = unique_id(entry.entry_id, kind, "")
        shown = {identity.identifier(key): key for key in coordinator.object_keys(kind)}
        for device in devices:
            for identifier in device.identifiers:
                if identifier[1].startswith(f"{prefix}_") and identifier not in shown:
                    registry.async_remove_device(device.id)
                elif kind is ObjectKind.PHONE and identifier in shown:
                    _update_phone(registry, device, _phone(entry, shown[identifier]))


@callback
def async_remove_stale_lists(hass: HomeAssistant, entry: DlsPbxConfigEntry) -> None:
    """Remove the entities of consent lists that the PBX no longer shows; an outage removes none."""
    consent, identity = entry.runtime_data.consent, entry.runtime_data.identity
    if not consent.last_update_success or not consent.known:
        return
    registry = er.async_get(hass)
    shown = {identity.unique_id(key, LISTS[key.kind][1]) for key in consent.data}
    counts = {key for _, key in LISTS.values()}
    for entity in er.async_entries_for_config_entry(registry, entry.entry_id):
        if entity.translation_key in counts and entity.unique_id not in shown:
            registry.async_remove(entity.entity_id)
