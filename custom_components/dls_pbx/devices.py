"""The devices of a PBX: itself, its queues, phones, conference rooms and campaigns."""

from hashlib import sha256
from typing import Any

from homeassistant.config_entries import ConfigSubentry
from homeassistant.const import CONF_URL
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import device_registry as dr, entity_registry as er
from homeassistant.helpers.device_registry import DeviceEntryType, DeviceInfo

from .api.models import User
from .const import DOMAIN, MANUFACTURER
from .coordinator import object_slug
from .facts import OPT_IN, OPT_OUT, PBX, FactKey, Provisioning
from .runtime import DlsPbxConfigEntry

type _Description = dict[str, Any]

# Consent lists have no devices of their own: whose they are, and what they count.
_LISTS = {OPT_IN: ("campaign", "subscribers"), OPT_OUT: ("tenant", "unsubscribers")}


def object_id(entry: DlsPbxConfigEntry, key: FactKey) -> str:
    """Return an object's part of unique ids: its id at the PBX as a slug.

    Ids that share a slug get a short hash, but for the one that was there before the others, or is a slug already.
    """
    kind, row_id, _ = key
    if kind in _LISTS:
        return f"{_LISTS[kind][0]}_{_list_slug(entry, key)}"
    owner = entry.runtime_data.owner(kind)
    if owner is None:
        return kind
    if row_id not in owner.object_ids:
        slug = object_slug(row_id)
        if owner.slugs[slug] > 1 and row_id != _keeper(entry, kind, slug):
            slug = f"{slug}_{sha256(row_id.encode()).hexdigest()[:6]}"
        owner.object_ids[row_id] = f"{kind}_{slug}"
    return owner.object_ids[row_id]


def _list_slug(entry: DlsPbxConfigEntry, key: FactKey) -> str:
    kind, list_id, _ = key
    slug = object_slug(list_id)
    alike = min(other for of, other, _ in entry.runtime_data.consent.data if of == kind and object_slug(other) == slug)
    return slug if list_id == alike else f"{slug}_{sha256(list_id.encode()).hexdigest()[:6]}"


def _keeper(entry: DlsPbxConfigEntry, kind: str, slug: str) -> str:
    """Return which of several ids goes by their slug alone. Only queues have ids that people make up."""
    device = dr.async_get(entry.runtime_data.users.hass).async_get_device_by_identifier(
        (DOMAIN, f"{entry.entry_id}_{kind}_{slug}"), config_entry_id=entry.entry_id
    )
    return device.name if kind == "queue" and device and device.name else slug


def _identifier(entry: DlsPbxConfigEntry, key: FactKey) -> tuple[str, str]:
    return (DOMAIN, f"{entry.entry_id}_{object_id(entry, key)}")


def device_id(entry: DlsPbxConfigEntry, key: FactKey) -> str | None:
    """Return the ID of an object's device, if it has one yet."""
    device = dr.async_get(entry.runtime_data.users.hass).async_get_device_by_identifier(
        _identifier(entry, key), config_entry_id=entry.entry_id
    )
    return device.id if device else None


@callback
def async_create_pbx_device(hass: HomeAssistant, entry: DlsPbxConfigEntry) -> None:
    """Register the PBX, which all other devices hang on."""
    dr.async_get(hass).async_get_or_create(config_entry_id=entry.entry_id, **_description(entry, PBX))


def device_info(entry: DlsPbxConfigEntry, key: FactKey) -> DeviceInfo:
    """Describe the device of an object."""
    # Home Assistant's DeviceInfo is a dict up to 2026.10 and a dataclass from then on: both are made from keywords.
    return DeviceInfo(**_description(entry, PBX if key[0] in _LISTS else key))  # type: ignore[typeddict-item,no-any-return]


def recipient_device_info(entry: DlsPbxConfigEntry, subentry: ConfigSubentry) -> DeviceInfo:
    """Describe a recipient of texts, which is a device so that it can have an area and a name of its own."""
    return DeviceInfo(
        identifiers={(DOMAIN, f"{entry.entry_id}_{subentry.subentry_id}")},
        name=subentry.title,
        manufacturer=MANUFACTURER,
        model="Text message recipient",
        entry_type=DeviceEntryType.SERVICE,
        via_device_id=dr.async_get_device_id_by_identifier(
            entry.runtime_data.users.hass, _identifier(entry, PBX), config_entry_id=entry.entry_id
        ),
    )


def _description(entry: DlsPbxConfigEntry, key: FactKey) -> _Description:
    kind, row_id, _ = key
    data = entry.runtime_data
    found: _Description = {"identifiers": {_identifier(entry, key)}}
    if kind != "phone":
        # The PBX and what it runs are DLS's; a phone on somebody's desk is not.
        found |= {"manufacturer": MANUFACTURER, "entry_type": DeviceEntryType.SERVICE}
    if key != PBX:
        found["via_device_id"] = dr.async_get_device_id_by_identifier(
            data.users.hass, _identifier(entry, PBX), config_entry_id=entry.entry_id
        )
    match kind:
        case "pbx":
            found |= {"name": entry.title, "model": "Hosted PBX", "configuration_url": entry.data[CONF_URL]}
        case "phone":
            found |= {"name": _phone_name(data.users.data[key]), **_desk_phone(data.provisioning.data.get(key))}
        case "queue":
            found |= {"name": row_id, "model": "Queue"}
        case "campaign":
            found |= {"name": data.campaigns.data[key].name, "model": "Dialer campaign"}
        case "conference":
            placeholders = {"number": row_id}
            found |= {"translation_key": kind, "translation_placeholders": placeholders, "model": "Conference room"}
    return found


def _phone_name(user: User) -> str:
    return f"{user.name} ({user.extension})" if user.name else user.extension


def _desk_phone(provisioned: Provisioning | None) -> _Description:
    if provisioned is None:
        return {}
    macs = {(dr.CONNECTION_NETWORK_MAC, dr.format_mac(mac)) for mac in provisioned.mac_addresses}
    return {"model": provisioned.model, "connections": macs}


@callback
def async_keep_up(hass: HomeAssistant, entry: DlsPbxConfigEntry) -> None:
    """Remove the devices of objects that the PBX no longer shows, and rename phones; an outage does neither."""
    registry = dr.async_get(hass)
    devices = dr.async_entries_for_config_entry(registry, entry.entry_id)
    for coordinator in entry.runtime_data.coordinators:
        if not coordinator.kind or not coordinator.last_update_success:
            continue
        prefix = f"{entry.entry_id}_{coordinator.kind}_"
        shown = {_identifier(entry, key): key for key in coordinator.data if key[0] == coordinator.kind and not key[2]}
        for device in devices:
            for identifier in device.identifiers:
                if identifier[1].startswith(prefix) and identifier not in shown:
                    registry.async_remove_device(device.id)
                elif coordinator.kind == "phone" and identifier in shown:
                    name = _phone_name(coordinator.data[shown[identifier]])
                    if device.name != name:
                        registry.async_update_device(device.id, name=name)


@callback
def async_keep_up_lists(hass: HomeAssistant, entry: DlsPbxConfigEntry) -> None:
    """Remove the entities of consent lists that the PBX no longer shows; an outage removes none."""
    consent = entry.runtime_data.consent
    if not consent.last_update_success or not consent.known:
        return
    registry = er.async_get(hass)
    shown = {f"{entry.entry_id}_{object_id(entry, key)}_{_LISTS[key[0]][1]}" for key in consent.data}
    counts = {key for _, key in _LISTS.values()}
    for entity in er.async_entries_for_config_entry(registry, entry.entry_id):
        if entity.translation_key in counts and entity.unique_id not in shown:
            registry.async_remove(entity.entity_id)
