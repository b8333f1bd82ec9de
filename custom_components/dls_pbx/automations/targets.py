"""Targets: the objects of our PBXs that they mean, followed through registries, loading and unloading.

An entity stands for its object: whoever points at any sensor of a queue means the queue. The PBX stands for all of its
queues, or all of its phones.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import override

from homeassistant.config_entries import SIGNAL_CONFIG_ENTRY_CHANGED, ConfigEntry, ConfigEntryChange, ConfigEntryState
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback, split_entity_id
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.dispatcher import async_dispatcher_connect
from homeassistant.helpers.target import TargetEntityChangeTracker, TargetSelection
from homeassistant.helpers.typing import ConfigType

from ..const import DOMAIN
from ..coordinator.keys import ObjectKind
from ..data import DlsPbxConfigEntry
from ..errors import wrong_input
from ..identity import find_entity, is_of_kind, object_of

# Objects by their part of unique ids (`pbx`, `queue_support`), gathered by config entry.
type Objects = Mapping[str, frozenset[str]]
type Meaning = Callable[[HomeAssistant, Iterable[str]], Objects]
type Attach = Callable[[DlsPbxConfigEntry, frozenset[str]], CALLBACK_TYPE]


def objects(hass: HomeAssistant, entity_ids: Iterable[str], domain: str, kind: ObjectKind) -> Objects:
    """Return which objects of a kind, and which PBXs, entities of ours in a domain stand for."""
    return _gather(
        entity
        for entity in _ours(hass, entity_ids, domain)
        if object_of(entity) == ObjectKind.PBX or is_of_kind(object_of(entity), kind)
    )


def objects_with(hass: HomeAssistant, entity_ids: Iterable[str], domain: str, keys: Iterable[str]) -> Objects:
    """Return the objects whose entities of these very keys are among the entities."""
    return _gather(entity for entity in _ours(hass, entity_ids, domain) if str(entity.translation_key) in keys)


def joined(*found: Objects) -> Objects:
    """Return all objects of several findings."""
    entry_ids = {entry_id for one in found for entry_id in one}
    return {entry_id: frozenset().union(*(one.get(entry_id, frozenset()) for one in found)) for entry_id in entry_ids}


def _ours(hass: HomeAssistant, entity_ids: Iterable[str], domain: str) -> Iterable[er.RegistryEntry]:
    registry = er.async_get(hass)
    for entity_id in entity_ids:
        if split_entity_id(entity_id)[0] == domain:
            entity = registry.async_get(entity_id)
            if entity and entity.platform == DOMAIN and entity.config_entry_id:
                yield entity


def _gather(entities: Iterable[er.RegistryEntry]) -> Objects:
    found: dict[str, set[str]] = {}
    for entity in entities:
        found.setdefault(str(entity.config_entry_id), set()).add(object_of(entity))
    return {entry_id: frozenset(some) for entry_id, some in found.items()}


def entities_of(hass: HomeAssistant, some: Objects, domain: str, kind: ObjectKind, key: str) -> set[str]:
    """Return the entity IDs under which `key` of objects of a kind is shown; a PBX stands for all of them."""
    registry = er.async_get(hass)
    found: set[str] = set()
    for entry_id, names in some.items():
        if ObjectKind.PBX in names:
            found.update(
                entity.entity_id
                for entity in er.async_entries_for_config_entry(registry, entry_id)
                if entity.domain == domain and entity.translation_key == key and is_of_kind(object_of(entity), kind)
            )
        else:
            found.update(filter(None, (find_entity(hass, entry_id, domain, name, key) for name in names)))
    return found


async def async_follow(
    hass: HomeAssistant,
    target: ConfigType,
    meaning: Meaning,
    attach: Attach,
    *,
    while_loaded: bool = True,
    primary_entities_only: bool = True,
) -> CALLBACK_TYPE:
    """Call `attach` for each PBX with objects in a target: when they change, and each time it is loaded.

    If not only `while_loaded`, what is attached once stays, through unloading and loading.

    What `attach` returns is called before that, and at the end. Returns unsubscribe.
    """
    selection = TargetSelection(target)
    if not selection.has_any_target:
        raise wrong_input("no_target", target=str(target))
    follower = _TargetFollower(hass, selection, primary_entities_only, meaning, attach, while_loaded)
    return await follower.async_setup()


class _TargetFollower(TargetEntityChangeTracker):
    """Follows a target through registries, and its PBXs through loading and unloading."""

    def __init__(
        self,
        hass: HomeAssistant,
        selection: TargetSelection,
        primary_entities_only: bool,
        meaning: Meaning,
        attach: Attach,
        while_loaded: bool,
    ) -> None:
        super().__init__(hass, selection, lambda entities: entities, primary_entities_only=primary_entities_only)
        self._meaning = meaning
        self._attach = attach
        self._while_loaded = while_loaded
        self._objects: Objects = {}
        self._attached: dict[str, CALLBACK_TYPE] = {}

    @override
    async def async_setup(self) -> CALLBACK_TYPE:
        unsubscribe = await super().async_setup()
        self._registry_unsubs.append(
            async_dispatcher_connect(self._hass, SIGNAL_CONFIG_ENTRY_CHANGED, self._entry_changed)
        )
        return unsubscribe

    @callback
    @override
    def _handle_entities_update(self, tracked_entities: set[str]) -> None:
        before, self._objects = self._objects, self._meaning(self._hass, tracked_entities)
        for entry_id in before.keys() | self._objects.keys():
            if before.get(entry_id) != self._objects.get(entry_id):
                self._detach(entry_id)
                if entry := self._hass.config_entries.async_get_entry(entry_id):
                    self._settle(entry)

    @callback
    def _entry_changed(self, _: ConfigEntryChange, entry: ConfigEntry) -> None:
        if entry.entry_id in self._objects:
            self._settle(entry)

    def _settle(self, entry: DlsPbxConfigEntry) -> None:
        if self._while_loaded and entry.state is not ConfigEntryState.LOADED:
            self._detach(entry.entry_id)
        elif entry.entry_id not in self._attached and (some := self._objects.get(entry.entry_id)):
            self._attached[entry.entry_id] = self._attach(entry, some)

    def _detach(self, entry_id: str) -> None:
        if detach := self._attached.pop(entry_id, None):
            detach()

    @override
    def _unsubscribe(self) -> None:
        super()._unsubscribe()
        for entry_id in tuple(self._attached):
            self._detach(entry_id)
