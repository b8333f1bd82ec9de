"""The devices of a PBX: itself, its queues, phones, conference rooms and campaigns."""

from hashlib import sha256

from homeassistant.const import CONF_URL
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.device_registry import DeviceEntryType, DeviceInfo

from .const import DOMAIN, MANUFACTURER
from .coordinator import object_slug
from .facts import PBX, FactKey, Provisioning
from .status import DlsPbxConfigEntry


def object_id(entry: DlsPbxConfigEntry, key: FactKey) -> str:
    """Return an object's part of unique ids: its id at the PBX as a slug.

    Ids that share a slug get a short hash, but for the one that was there before the others, or is a slug already.
    """
    kind, row_id, _ = key
    owner = entry.runtime_data.owner(kind)
    if owner is None:
        return kind
    if row_id not in owner.object_ids:
        slug = object_slug(row_id)
        if owner.slugs[slug] > 1 and row_id != _keeper(entry, kind, slug):
            slug = f"{slug}_{sha256(row_id.encode()).hexdigest()[:6]}"
        owner.object_ids[row_id] = f"{kind}_{slug}"
    return owner.object_ids[row_id]


def _keeper(entry: DlsPbxConfigEntry, kind: str, slug: str) -> str:
    """Return which of several ids goes by their slug alone. Only queues have ids that people make up."""
    device = dr.async_get(entry.runtime_data.users.hass).async_get_device_by_identifier(
        (DOMAIN, f"{entry.entry_id}_{kind}_{slug}"), config_entry_id=entry.entry_id
    )
    return device.name if kind == "queue" and device and device.name else slug


def _identifier(entry: DlsPbxConfigEntry, key: FactKey) -> tuple[str, str]:
    return (DOMAIN, f"{entry.entry_id}_{object_id(entry, key)}")


@callback
def async_create_pbx_device(hass: HomeAssistant, entry: DlsPbxConfigEntry) -> None:
    """Register the PBX, which all other devices hang on."""
    dr.async_get(hass).async_get_or_create(config_entry_id=entry.entry_id, **device_info(entry, PBX))


def device_info(entry: DlsPbxConfigEntry, key: FactKey) -> DeviceInfo:
    """Describe the device of an object."""
    kind, row_id, _ = key
    # The PBX and what it runs are DLS's; a phone on somebody's desk is not.
    info = DeviceInfo(identifiers={_identifier(entry, key)}, manufacturer=None if kind == "phone" else MANUFACTURER)
    if key != PBX:
        info["via_device_id"] = dr.async_get_device_id_by_identifier(
            entry.runtime_data.users.hass, _identifier(entry, PBX), config_entry_id=entry.entry_id
        )
    match kind:
        case "pbx":
            info |= DeviceInfo(
                name=entry.title,
                model="Hosted PBX",
                configuration_url=entry.data[CONF_URL],
                entry_type=DeviceEntryType.SERVICE,
            )
        case "phone":
            info |= _phone(entry, key)
        case "queue":
            info |= DeviceInfo(name=row_id, model="Queue", entry_type=DeviceEntryType.SERVICE)
        case "campaign":
            name = entry.runtime_data.campaigns.data[key].name
            info |= DeviceInfo(name=name, model="Dialer campaign", entry_type=DeviceEntryType.SERVICE)
        case "conference":
            info |= DeviceInfo(
                translation_key="conference",
                translation_placeholders={"number": row_id},
                model="Conference room",
                entry_type=DeviceEntryType.SERVICE,
            )
    return info


def _phone(entry: DlsPbxConfigEntry, key: FactKey) -> DeviceInfo:
    user = entry.runtime_data.users.data[key]
    info = DeviceInfo(name=f"{user.name} ({user.extension})" if user.name else user.extension)
    provisioned: Provisioning | None = entry.runtime_data.provisioning.data.get(key)
    if provisioned:
        info["model"] = provisioned.model
        info["connections"] = {(dr.CONNECTION_NETWORK_MAC, dr.format_mac(mac)) for mac in provisioned.mac_addresses}
    return info


@callback
def async_remove_gone(hass: HomeAssistant, entry: DlsPbxConfigEntry) -> None:
    """Remove the devices of objects that the PBX no longer shows; an outage removes none."""
    registry = dr.async_get(hass)
    devices = dr.async_entries_for_config_entry(registry, entry.entry_id)
    for coordinator in entry.runtime_data.coordinators:
        if not coordinator.kind or not coordinator.last_update_success:
            continue
        prefix = f"{entry.entry_id}_{coordinator.kind}_"
        shown = {_identifier(entry, key) for key in coordinator.data if key[0] == coordinator.kind and not key[2]}
        for device in devices:
            if any(one[1].startswith(prefix) for one in device.identifiers) and not device.identifiers & shown:
                registry.async_remove_device(device.id)
