"""What all entities share: a row of a table, a device, and the one fact that they show."""

from collections.abc import Callable, Iterable
from typing import Any, override

from homeassistant.core import callback
from homeassistant.helpers.entity import EntityDescription
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.helpers.update_coordinator import CoordinatorEntity

from .coordinator import StatusCoordinator
from .devices import device_info, object_id
from .status import DlsPbxConfigEntry


class DlsPbxEntityDescription(EntityDescription, frozen_or_thawed=True):
    """A row: what it shows of which kind of object, and the action that tells it.

    `aspect` is set where the shown value moves by itself (see facts.py); `value_fn` and `exists_fn` get the fact.
    """

    action: str
    kind: str
    aspect: str = ""
    value_fn: Callable[[Any], Any]
    exists_fn: Callable[[Any], bool] = lambda _: True


class DlsPbxEntity(CoordinatorEntity[StatusCoordinator[Any]]):
    """An entity that shows one fact, and is written only when that fact changes."""

    _attr_has_entity_name = True
    entity_description: DlsPbxEntityDescription

    def __init__(self, coordinator: StatusCoordinator[Any], description: DlsPbxEntityDescription, row_id: str) -> None:
        self._object = (description.kind, row_id, "")
        self._fact = (description.kind, row_id, description.aspect)
        super().__init__(coordinator, self._fact)
        entry = coordinator.config_entry
        self.entity_description = description
        self._attr_translation_key = description.key
        self._attr_unique_id = f"{entry.entry_id}_{object_id(entry, description.kind, row_id)}_{description.key}"
        self._attr_device_info = device_info(entry, description.kind, row_id)

    @property
    def value(self) -> Any:
        """What the entity shows; None where the PBX says nothing."""
        fact = self.coordinator.data.get(self._fact)
        return None if fact is None else self.entity_description.value_fn(fact)

    @property
    @override
    def available(self) -> bool:
        return self.coordinator.last_update_success and self._object in self.coordinator.data


@callback
def async_add_rows(
    entry: DlsPbxConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
    rows: Iterable[DlsPbxEntityDescription],
    entity_class: type[DlsPbxEntity],
) -> None:
    """Add an entity per row and object, now and whenever the PBX shows a new one."""
    for coordinator in entry.runtime_data.coordinators:
        if mine := [row for row in rows if row.action == coordinator.action]:
            _async_follow(entry, async_add_entities, mine, entity_class, coordinator)


@callback
def _async_follow(
    entry: DlsPbxConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
    rows: list[DlsPbxEntityDescription],
    entity_class: type[DlsPbxEntity],
    coordinator: StatusCoordinator[Any],
) -> None:
    """Add entities for what one coordinator tells of objects that have a device."""
    known: set[tuple[str, str]] = set()
    data = entry.runtime_data

    @callback
    def add_new() -> None:
        shown = {(kind, row_id) for kind, row_id, aspect in coordinator.data if not aspect and data.shows(kind, row_id)}
        new = shown - known
        known.intersection_update(shown)
        known.update(new)
        async_add_entities(
            entity_class(coordinator, row, row_id)
            for kind, row_id in new
            for row in rows
            if row.kind == kind and row.exists_fn(coordinator.data[kind, row_id, ""])
        )

    add_new()
    owners = {owner for row in rows if (owner := data.owner(row.kind))}
    for source in {coordinator, *owners}:
        entry.async_on_unload(source.async_add_listener(add_new))
