"""Binary sensors: one row each, and whether the PBX answers."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, override

from homeassistant.components.binary_sensor import (
    BinarySensorDeviceClass,
    BinarySensorEntity,
    BinarySensorEntityDescription,
)
from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .coordinator.derived import CallState
from .coordinator.keys import PBX
from .data import DlsPbxConfigEntry
from .devices import device_info
from .entity import (
    CONFERENCE,
    PHONE,
    PHONE_CALLS,
    PHONE_PROVISIONING,
    DlsPbxEntity,
    DlsPbxEntityDescription,
    async_add_rows,
)

# The coordinators ask; entities only show.
PARALLEL_UPDATES = 0


@dataclass(frozen=True, kw_only=True)
class DlsPbxBinarySensorDescription[ModelT](DlsPbxEntityDescription[ModelT], BinarySensorEntityDescription):
    """A row of the binary sensor table."""

    value_fn: Callable[[ModelT], bool | None]


BINARY_SENSORS = (
    DlsPbxBinarySensorDescription(
        key="registered",
        topic=PHONE,
        value_fn=lambda user: user.registered,
        device_class=BinarySensorDeviceClass.CONNECTIVITY,
    ),
    DlsPbxBinarySensorDescription(key="in_call", topic=PHONE_CALLS, value_fn=lambda state: state is CallState.IN_CALL),
    DlsPbxBinarySensorDescription(
        key="provisioned",
        topic=PHONE_PROVISIONING,
        value_fn=lambda phones: phones.provisioned,
        entity_category=EntityCategory.DIAGNOSTIC,
    ),
    DlsPbxBinarySensorDescription(
        key="locked",
        topic=CONFERENCE,
        # Home Assistant's lock class reads on as unlocked.
        value_fn=lambda room: None if room.locked is None else not room.locked,
        device_class=BinarySensorDeviceClass.LOCK,
    ),
)


async def async_setup_entry(
    hass: HomeAssistant, entry: DlsPbxConfigEntry, async_add_entities: AddConfigEntryEntitiesCallback
) -> None:
    """Add the binary sensors of a PBX."""
    async_add_entities([ConnectedBinarySensor(entry)])
    async_add_rows(entry, async_add_entities, BINARY_SENSORS, DlsPbxBinarySensor)


class DlsPbxBinarySensor(DlsPbxEntity, BinarySensorEntity):
    """A yes or no."""

    entity_description: DlsPbxBinarySensorDescription[Any]

    @property
    @override
    def is_on(self) -> bool | None:
        value: bool | None = self.value
        return value


class ConnectedBinarySensor(BinarySensorEntity):
    """Whether the PBX answers: on while any of its actions does, and never unavailable itself."""

    _attr_has_entity_name = True
    _attr_should_poll = False
    _attr_device_class = BinarySensorDeviceClass.CONNECTIVITY
    _attr_entity_category = EntityCategory.DIAGNOSTIC
    _attr_translation_key = "connected"

    def __init__(self, entry: DlsPbxConfigEntry) -> None:
        self._data = entry.runtime_data
        self._attr_unique_id = self._data.identity.unique_id(PBX, "connected")
        self._attr_device_info = device_info(entry, PBX)

    @override
    async def async_added_to_hass(self) -> None:
        for coordinator in self._data.vital_sources:
            self.async_on_remove(coordinator.async_add_listener(self.async_write_ha_state))

    @property
    @override
    def is_on(self) -> bool:
        return self._data.answers
