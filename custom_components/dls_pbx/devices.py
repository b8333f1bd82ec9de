"""The devices of a PBX: itself, its queues, phones, conference rooms and campaigns."""

from hashlib import sha256

from homeassistant.const import CONF_URL
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.device_registry import DeviceEntryType, DeviceInfo
from homeassistant.util import slugify

from .const import DOMAIN, MANUFACTURER
from .facts import Provisioning
from .status import DlsPbxConfigEntry


def object_id(entry: DlsPbxConfigEntry, kind: str, row_id: str) -> str:
    """Return an object's part of unique ids: its id at the PBX as a slug.

    Ids that share a slug get a short hash, except for one that is a slug already.
    """
    owner = entry.runtime_data.owner(kind)
    if owner is None:
        return kind
    slug = slugify(row_id)
    if slug != row_id and owner.slugs[slug] > 1:
        slug = f"{slug}_{sha256(row_id.encode()).hexdigest()[:6]}"
    return f"{kind}_{slug}"


def _identifier(entry: DlsPbxConfigEntry, kind: str, row_id: str) -> tuple[str, str]:
    return (DOMAIN, f"{entry.entry_id}_{object_id(entry, kind, row_id)}")


@callback
def async_create_pbx_device(hass: HomeAssistant, entry: DlsPbxConfigEntry) -> None:
    """Register the PBX, which all other devices hang on."""
    dr.async_get(hass).async_get_or_create(config_entry_id=entry.entry_id, **device_info(entry, "pbx", ""))


def device_info(entry: DlsPbxConfigEntry, kind: str, row_id: str) -> DeviceInfo:
    """Describe the device of an object."""
    info = DeviceInfo(identifiers={_identifier(entry, kind, row_id)}, manufacturer=MANUFACTURER)
    if kind != "pbx":
        info["via_device_id"] = dr.async_get_device_id_by_identifier(
            entry.runtime_data.users.hass, _identifier(entry, "pbx", ""), config_entry_id=entry.entry_id
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
            info |= _phone(entry, row_id)
        case "queue":
            info |= DeviceInfo(name=row_id, model="Queue", entry_type=DeviceEntryType.SERVICE)
        case "campaign":
            name = entry.runtime_data.campaigns.data[kind, row_id, ""].name
            info |= DeviceInfo(name=name, model="Dialer campaign", entry_type=DeviceEntryType.SERVICE)
        case "conference":
            info |= DeviceInfo(
                translation_key="conference",
                translation_placeholders={"number": row_id},
                model="Conference room",
                entry_type=DeviceEntryType.SERVICE,
            )
    return info


def _phone(entry: DlsPbxConfigEntry, auth_id: str) -> DeviceInfo:
    user = entry.runtime_data.users.data["phone", auth_id, ""]
    info = DeviceInfo(name=f"{user.name} ({user.extension})" if user.name else user.extension)
    provisioned: Provisioning | None = entry.runtime_data.provisioning.data.get(("phone", auth_id, ""))
    if provisioned:
        info["model"] = provisioned.model
        info["connections"] = {(dr.CONNECTION_NETWORK_MAC, dr.format_mac(mac)) for mac in provisioned.mac_addresses}
    return info


@callback
def async_remove_gone(hass: HomeAssistant, entry: DlsPbxConfigEntry) -> None:
    """Remove the devices of objects that the PBX no longer shows; an outage removes none."""
    registry = dr.async_get(hass)
    for coordinator in entry.runtime_data.coordinators:
        if not coordinator.kind or not coordinator.last_update_success:
            continue
        kind = coordinator.kind
        shown = {
            _identifier(entry, kind, row_id)[1] for of, row_id, aspect in coordinator.data if of == kind and not aspect
        }
        for device in dr.async_entries_for_config_entry(registry, entry.entry_id):
            for domain, identifier in device.identifiers:
                is_kind = identifier.startswith(f"{entry.entry_id}_{kind}_")
                if domain == DOMAIN and is_kind and identifier not in shown:
                    registry.async_remove_device(device.id)
