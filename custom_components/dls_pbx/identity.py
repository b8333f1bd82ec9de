"""Identity: what registries, databases and pages call the objects of a PBX. It outlives every release.

An object's part of unique ids is its kind and its id at the PBX as a slug (`queue_support`); its device, its entities
(`<entry>_queue_support_callers_waiting`) and its statistics are named after it.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Set as AbstractSet
from functools import partial
from hashlib import sha256
from typing import Any, Final

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import device_registry as dr, entity_registry as er
from homeassistant.util import slugify

from .const import DOMAIN
from .coordinator.base import ObjectCoordinator, StatusCoordinator
from .coordinator.consent_lists import ConsentListsCoordinator
from .coordinator.keys import MEMBERSHIP, ObjectKey, ObjectKind
from .records.store import RecordStore

# Of the store: the ids that were given.
SECTION: Final = "identity"

# Consent lists have no devices of their own: whose they are, and the key of the entity that counts them.
LISTS: Final[Mapping[ObjectKind, tuple[str, str]]] = {
    ObjectKind.OPT_IN: ("campaign", "subscribers"),
    ObjectKind.OPT_OUT: ("tenant", "unsubscribers"),
}

# A statistic ID holds an account, an object and a figure, and has 255 characters; servers insist, SQLite does not.
LONGEST_SLUG: Final = 100


def object_slug(row_id: str) -> str:
    """Return an id in Home Assistant's slug form; most auth IDs are in it already, and there may be thousands."""
    is_slug = row_id.isascii() and row_id.isalnum() and row_id == row_id.lower()
    return row_id if is_slug else slugify(row_id)


def disambiguate(slug: str, row_id: str) -> str:
    """Return a slug that no other id with the same one has."""
    return f"{slug}_{sha256(row_id.encode()).hexdigest()[:6]}"


def limited(slug: str, row_id: str) -> str:
    """Return a slug that fits into a column of a database."""
    return slug if len(slug) <= LONGEST_SLUG else disambiguate(slug[:LONGEST_SLUG], row_id)


def unique_id(entry_id: str, object_id: str, key: str = "") -> str:
    """Return the unique id of an object's entity; without a key, what identifies the object's device."""
    return f"{entry_id}_{object_id}_{key}" if key else f"{entry_id}_{object_id}"


def own_part(entry_id: str, unique_id: str) -> str:
    """Return a unique id without the entry's part of it."""
    return unique_id.removeprefix(f"{entry_id}_")


def object_of(entity: er.RegistryEntry) -> str:
    """Return the object that an entity of ours shows (`queue_support`)."""
    return own_part(str(entity.config_entry_id), entity.unique_id).removesuffix(f"_{entity.translation_key}")


def is_of_kind(object_id: str, kind: ObjectKind) -> bool:
    """Tell whether an object is of a kind."""
    return object_id.startswith(f"{kind}_")


def find_entity(hass: HomeAssistant, entry_id: str, domain: str, object_id: str, key: str) -> str | None:
    """Return the entity ID under which an object's `key` is shown."""
    return er.async_get(hass).async_get_entity_id(domain, DOMAIN, unique_id(entry_id, object_id, key))


def remembered(stored: Any) -> dict[str, str]:
    """Return the ids that were given before, as they are stored; raises a TypeError for what is none."""
    if not isinstance(stored, dict) or not all(isinstance(one, str) for one in stored.values()):
        raise TypeError
    return stored


def _memory(key: ObjectKey) -> str:
    return f"{key.kind} {key.id}"


class Identity:
    """Identity of the objects of one loaded PBX: an id, once given, stays with its row for as long as it is there."""

    def __init__(
        self,
        hass: HomeAssistant,
        entry_id: str,
        coordinators: Iterable[StatusCoordinator[Any]],
        consent: ConsentListsCoordinator,
        store: RecordStore,
    ) -> None:
        self._hass = hass
        self._store = store
        self._entry_id = entry_id
        self._owners = {one.kind: one for one in coordinators if isinstance(one, ObjectCoordinator)}
        self._consent = consent
        self._given: dict[ObjectKey, str] = {}
        self._slugs: dict[ObjectKind, tuple[object, Counter[str]]] = {}  # with the answer that they were counted in
        for coordinator in self._owners.values():
            coordinator.async_subscribe(partial(self._forget, coordinator))

    def owner(self, kind: ObjectKind) -> ObjectCoordinator[Any] | None:
        """Return the coordinator whose rows are objects of this kind; the PBX and consent lists have none."""
        return self._owners.get(kind)

    def shows(self, key: ObjectKey) -> bool:
        """Whether the PBX shows this object, and the user wants to see it."""
        owner = self.owner(key.kind)
        return owner is None or owner.shows(key)

    def object_id(self, key: ObjectKey) -> str:
        """Return an object's part of unique ids.

        Ids that share a slug get a short hash, but for the one that was there before the others, or is a slug already.
        """
        if key.kind in LISTS:
            return f"{LISTS[key.kind][0]}_{self._list_slug(key)}"
        owner = self.owner(key.kind)
        if owner is None:
            return key.kind.value
        if (given := self._given.get(key)) is None:
            given = self._remembered.get(_memory(key)) or self._new_id(owner, key)
            if owner.shows(key):
                self._given[key] = given
                if given != f"{key.kind}_{key.id}":
                    self._store.patch(SECTION, {_memory(key): given})
        return given

    @property
    def _remembered(self) -> Mapping[str, str]:
        """Ids by kind and id at the PBX; they outlive restarts. An id that is a slug needs no memory."""
        found: Mapping[str, str] = self._store.sections.get(SECTION, {})
        return found

    def _new_id(self, owner: ObjectCoordinator[Any], key: ObjectKey) -> str:
        slug = object_slug(key.id)
        taken = f"{key.kind}_{slug}" in self._remembered.values()
        if taken or (self._shared(owner)[slug] > 1 and key.id != self._keeper(key.kind, slug)):
            slug = disambiguate(slug, key.id)
        return f"{key.kind}_{slug}"

    def unique_id(self, key: ObjectKey, entity_key: str) -> str:
        """Return the unique id of an object's entity."""
        return unique_id(self._entry_id, self.object_id(key), entity_key)

    def identifier(self, key: ObjectKey) -> tuple[str, str]:
        """Return what identifies an object's device."""
        return (DOMAIN, unique_id(self._entry_id, self.object_id(key)))

    def device_id(self, key: ObjectKey) -> str | None:
        """Return the ID of an object's device, if it has one yet."""
        device = self._device(self.identifier(key))
        return device.id if device else None

    def entity_id(self, domain: str, key: ObjectKey, entity_key: str) -> str | None:
        """Return the entity ID under which an object's `entity_key` is shown."""
        return find_entity(self._hass, self._entry_id, domain, self.object_id(key), entity_key)

    @callback
    def _forget(
        self, owner: ObjectCoordinator[Any], _before: object, _after: object, changed: AbstractSet[ObjectKey]
    ) -> None:
        """Forget the ids of what is gone, but for those that another one could be given meanwhile."""
        if MEMBERSHIP in changed:
            for key in changed & self._given.keys():
                if not owner.shows(key):
                    del self._given[key]

    def _shared(self, owner: ObjectCoordinator[Any]) -> Counter[str]:
        """Return how often each slug stands for a row of the last answer."""
        snapshot = owner.snapshot
        counted, slugs = self._slugs.get(owner.kind, (None, Counter[str]()))
        if counted is not snapshot:
            rows: Collection[str] = snapshot.rows if snapshot else ()
            slugs = Counter(map(object_slug, rows))
            self._slugs[owner.kind] = (snapshot, slugs)
        return slugs

    def _keeper(self, kind: ObjectKind, slug: str) -> str:
        """Return which of several ids goes by their slug alone. Only queues have ids that people make up."""
        device = self._device((DOMAIN, unique_id(self._entry_id, f"{kind}_{slug}")))
        return device.name if kind is ObjectKind.QUEUE and device and device.name else slug

    def _list_slug(self, key: ObjectKey) -> str:
        slug = object_slug(key.id)
        alike = min(one.id for one in self._consent.data if one.kind is key.kind and object_slug(one.id) == slug)
        return slug if key.id == alike else disambiguate(slug, key.id)

    def _device(self, identifier: tuple[str, str]) -> dr.DeviceEntry | None:
        return dr.async_get(self._hass).async_get_device_by_identifier(identifier, config_entry_id=self._entry_id)
