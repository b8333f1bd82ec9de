"""Layout of a PBX in Home Assistant, as far as a user may read it: what a dashboard can be made of.

Entities and devices are found in the registries, so that a dashboard opened while the PBX is not loaded is whole, too.
"""

from collections.abc import Collection, Iterator
from typing import TypedDict

from homeassistant.auth.models import User
from homeassistant.auth.permissions import filter_entity_ids_by_permission
from homeassistant.auth.permissions.const import POLICY_READ
from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import CONF_USERNAME
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import device_registry as dr, entity_registry as er

from ..api import models
from ..const import DOMAIN
from ..coordinator.keys import ObjectKind, object_keys
from ..data import DlsPbxConfigEntry
from ..identity import is_of_kind, own_part
from ..statistics.progress import Progress
from ..statistics.series import FIGURES, statistic_id
from ..texts import queue_name


class Part(TypedDict):
    """A device; `entities` are entity IDs by key: the ends of their unique IDs, as in docs/development/contract.md."""

    device_id: str | None
    entities: dict[str, str]


class QueuePart(Part):
    """A queue, with its id at the PBX, and the object that unique IDs call it (`queue_support`)."""

    id: str
    object_id: str
    name: str


class PhonePart(Part):
    """A phone, with its user's auth ID; the extension is known while the PBX is loaded."""

    id: str
    name: str
    extension: str | None


class Statistic(TypedDict):
    """A series in Home Assistant's statistics: its ID, which figure it is, and of which queue; None: of the PBX."""

    id: str
    key: str
    queue: str | None


class Layout(TypedDict):
    """One PBX; `sender` is whose name texts go out under, known while it is loaded."""

    config_entry_id: str
    name: str
    sender: str | None
    pbx: Part
    queues: list[QueuePart]
    phones: list[PhonePart]
    statistics: list[Statistic]


class _Objects:
    """The devices of a PBX by their objects (`queue_support`), with the entities that a user may read."""

    def __init__(self, hass: HomeAssistant, entry: DlsPbxConfigEntry, user: User) -> None:
        self._hass = hass
        self._entry_id = entry.entry_id
        shown = [
            entity
            for entity in er.async_entries_for_config_entry(er.async_get(hass), entry.entry_id)
            if not entity.disabled_by and not entity.hidden_by
        ]
        readable = set(filter_entity_ids_by_permission(user, (entity.entity_id for entity in shown), POLICY_READ))
        self._entities: dict[str | None, list[er.RegistryEntry]] = {}
        for entity in shown:
            if entity.entity_id in readable:
                self._entities.setdefault(entity.device_id, []).append(entity)
        self._devices = {
            own_part(entry.entry_id, unique_id): device
            for device in dr.async_entries_for_config_entry(dr.async_get(hass), entry.entry_id)
            for domain, unique_id in device.identifiers
            if domain == DOMAIN and device.id in self._entities
        }

    def of(self, kind: ObjectKind) -> Iterator[tuple[str, dr.DeviceEntry]]:
        """Return the objects of a kind, by the names that people gave their devices."""
        found = [(object_id, device) for object_id, device in self._devices.items() if is_of_kind(object_id, kind)]
        yield from sorted(found, key=lambda one: _name(one[1]).casefold())

    def queue_id(self, object_id: str, device: dr.DeviceEntry) -> str:
        """Return a queue's id at the PBX: its device has it as its name, but for bare numbers, which are slugs, too."""
        slug = object_id.removeprefix(f"{ObjectKind.QUEUE}_")
        return slug if device.name == queue_name(self._hass, slug) else device.name or object_id

    def part(self, object_id: str) -> Part:
        """Return the device of an object, and its entities by key; those of others on it by all of their IDs."""
        device = self._devices.get(object_id)
        if device is None:
            return {"device_id": None, "entities": {}}
        keys = {
            own_part(self._entry_id, entity.unique_id).removeprefix(f"{object_id}_"): entity
            for entity in self._entities[device.id]
        }
        return {"device_id": device.id, "entities": {key: entity.entity_id for key, entity in sorted(keys.items())}}

    def __bool__(self) -> bool:
        return bool(self._devices)


@callback
def layout(hass: HomeAssistant, entry: DlsPbxConfigEntry, user: User) -> Layout | None:
    """Return what a user may read of a PBX; None if nothing. What is disabled or hidden is left out."""
    objects = _Objects(hass, entry, user)
    if not objects:
        return None
    pbx, queues = objects.part(ObjectKind.PBX), _queues(objects)
    return {
        "config_entry_id": entry.entry_id,
        "name": entry.title,
        "sender": _sender(entry),
        "pbx": pbx,
        "queues": queues,
        "phones": _phones(entry, objects),
        "statistics": _statistics(entry, [*([None] if pbx["entities"] else []), *(queue["id"] for queue in queues)]),
    }


def _sender(entry: DlsPbxConfigEntry) -> str | None:
    user = entry.runtime_data.users.user(entry.data[CONF_USERNAME]) if _is_loaded(entry) else None
    return f"{user.extension} {user.name}".strip() if user else None


def _queues(objects: _Objects) -> list[QueuePart]:
    return [
        {"id": objects.queue_id(found, device), "object_id": found, "name": _name(device), **objects.part(found)}
        for found, device in objects.of(ObjectKind.QUEUE)
    ]


def _phones(entry: DlsPbxConfigEntry, objects: _Objects) -> list[PhonePart]:
    known: dict[str, models.User] = {}
    if _is_loaded(entry):
        data = entry.runtime_data
        phones = object_keys(data.users.data, ObjectKind.PHONE)
        known = {data.identity.object_id(key): data.users.data[key] for key in phones}
    found: list[PhonePart] = []
    for own_id, device in objects.of(ObjectKind.PHONE):
        user = known.get(own_id)
        found.append(
            {
                "id": user.auth_id if user else own_id.removeprefix(f"{ObjectKind.PHONE}_"),
                "name": device.name_by_user or (user and user.name) or _name(device),
                "extension": user.extension if user else None,
                **objects.part(own_id),
            }
        )
    return found


def _statistics(entry: DlsPbxConfigEntry, subjects: Collection[str | None]) -> list[Statistic]:
    stored = entry.runtime_data.store.sections.get("statistics") if _is_loaded(entry) else None
    if not stored or not (progress := Progress.from_stored(stored)).begun:
        return []
    known = [(queue, "pbx" if queue is None else progress.queues.get(queue)) for queue in subjects]
    return [
        {"id": statistic_id(f"{progress.slug}_{slug}", figure), "key": figure.key, "queue": queue}
        for queue, slug in known
        if slug
        for figure in FIGURES
    ]


def _is_loaded(entry: DlsPbxConfigEntry) -> bool:
    return entry.state is ConfigEntryState.LOADED


def _name(device: dr.DeviceEntry) -> str:
    return device.name_by_user or device.name or ""
