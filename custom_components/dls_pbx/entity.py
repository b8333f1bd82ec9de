"""What all entities share: a row of a table, a device, and the one fact that they show."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, override

from homeassistant.core import callback
from homeassistant.helpers.device_registry import DeviceInfo
from homeassistant.helpers.entity import EntityDescription
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.helpers.update_coordinator import CoordinatorEntity

from .coordinator import FactCoordinator
from .devices import device_info, object_id
from .facts import FactKey
from .runtime import DlsPbxConfigEntry


class DlsPbxEntityDescription(EntityDescription, frozen_or_thawed=True):
    """A row: what it shows of which kind of object, and the action that tells it.

    `aspect` is set where the shown value moves by itself (see facts.py); the functions get the fact. `named_fn` gives
    what the name has to say of the object, where its device does not.
    """

    action: str
    kind: str
    aspect: str = ""
    value_fn: Callable[[Any], Any]
    exists_fn: Callable[[Any], bool] = lambda _: True
    named_fn: Callable[[Any], Mapping[str, str]] | None = None


class DlsPbxEntity(CoordinatorEntity[FactCoordinator[Any]]):
    """An entity that shows one fact, and is written only when that fact changes."""

    _attr_has_entity_name = True
    entity_description: DlsPbxEntityDescription

    def __init__(
        self,
        coordinator: FactCoordinator[Any],
        description: DlsPbxEntityDescription,
        key: FactKey,
        device: DeviceInfo,
        unique_id: str,
    ) -> None:
        self._object = key
        self._fact = (description.kind, "", description.aspect) if description.aspect else key
        super().__init__(coordinator, self._fact)
        self.entity_description = description
        self._attr_translation_key = description.key
        if description.named_fn:
            self._attr_translation_placeholders = description.named_fn(coordinator.data[key])
        self._attr_unique_id = unique_id
        self._attr_device_info = device
        self._shown: tuple[bool, Any] | None = None

    @override
    async def async_added_to_hass(self) -> None:
        await super().async_added_to_hass()
        # Home Assistant writes the first state itself, right after this.
        self._shown = (self.available, self.value)

    @property
    def value(self) -> Any:
        """What the entity shows; None where the PBX says nothing."""
        fact = self.coordinator.data.get(self._fact)
        if fact is not None and self.entity_description.aspect:
            fact = fact.get(self._object[1])
        return None if fact is None else self.entity_description.value_fn(fact)

    @callback
    @override
    def _handle_coordinator_update(self) -> None:
        """Write the state if it is news: an object has several entities, and rarely more than one changes."""
        shown = (self.available, self.value)
        if shown != self._shown:
            self._shown = shown
            self.async_write_ha_state()

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
    """Add an entity per row and object, now and whenever the PBX shows a new one.

    Phones wait until all platforms are set up: Home Assistant takes 10,000 entities of one PBX, and where there are
    more phones than that, the figures of the PBX and its queues must not be what is left out.
    """
    for coordinator in entry.runtime_data.sources:
        mine = [row for row in rows if row.action == coordinator.action]
        for of_phones in (False, True):
            if some := [row for row in mine if (row.kind == "phone") is of_phones]:
                follower = _Follower(entry, async_add_entities, some, entity_class, coordinator)
                if not of_phones:
                    follower.add_new()


class _Follower:
    """Adds entities for what one coordinator tells of objects that have a device."""

    def __init__(
        self,
        entry: DlsPbxConfigEntry,
        async_add_entities: AddConfigEntryEntitiesCallback,
        rows: list[DlsPbxEntityDescription],
        entity_class: type[DlsPbxEntity],
        coordinator: FactCoordinator[Any],
    ) -> None:
        self._entry = entry
        self._add = async_add_entities
        self._rows = rows
        self._entity_class = entity_class
        self._coordinator = coordinator
        self._known: set[FactKey] = set()
        self._kinds = {row.kind for row in rows}
        data = entry.runtime_data
        for source in {coordinator, *filter(None, map(data.owner, self._kinds))}:
            entry.async_on_unload(source.async_add_listener(self.add_new))

    @callback
    def add_new(self) -> None:
        """Add what has appeared since the last time."""
        shows = self._entry.runtime_data.shows
        shown = {key for key in self._coordinator.data if key[0] in self._kinds and not key[2] and shows(key)}
        new = [key for key in self._coordinator.data if key in shown and key not in self._known]
        self._known = shown
        if new:
            self._add([entity for key in new for entity in self._entities(key)])

    def _entities(self, key: FactKey) -> Iterator[DlsPbxEntity]:
        fact = self._coordinator.data[key]
        device = device_info(self._entry, key)
        prefix = f"{self._entry.entry_id}_{object_id(self._entry, key)}"
        for row in self._rows:
            if row.kind == key[0] and row.exists_fn(fact):
                yield self._entity_class(self._coordinator, row, key, device, f"{prefix}_{row.key}")
