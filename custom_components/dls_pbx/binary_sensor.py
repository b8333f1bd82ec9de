"""Binary sensors: one row each, and whether the PBX answers."""

from collections.abc import Callable
from typing import Any, override

from homeassistant.components.binary_sensor import (
    BinarySensorDeviceClass,
    BinarySensorEntity,
    BinarySensorEntityDescription,
)
from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .devices import device_info
from .entity import DlsPbxEntity, DlsPbxEntityDescription, async_add_rows
from .facts import PBX, CallState
from .runtime import DlsPbxConfigEntry

# The coordinators ask; entities only show.
PARALLEL_UPDATES = 0


class DlsPbxBinarySensorDescription(DlsPbxEntityDescription, BinarySensorEntityDescription, frozen_or_thawed=True):
    """A row of the binary sensor table."""

    value_fn: Callable[[Any], bool | None]


BINARY_SENSORS = (
    DlsPbxBinarySensorDescription(
        key="registered",
        action="users",
        kind="phone",
        value_fn=lambda user: user.registered,
        device_class=BinarySensorDeviceClass.CONNECTIVITY,
    ),
    DlsPbxBinarySensorDescription(
        key="in_call", action="calls", kind="phone", value_fn=lambda state: state is CallState.IN_CALL
    ),
    DlsPbxBinarySensorDescription(
        key="provisioned",
        action="provisioning",
        kind="phone",
        value_fn=lambda phones: phones.provisioned,
        entity_category=EntityCategory.DIAGNOSTIC,
    ),
    DlsPbxBinarySensorDescription(
        key="locked",
        action="conferences",
        kind="conference",
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

    entity_description: DlsPbxBinarySensorDescription

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
        self._coordinators = (*entry.runtime_data.coordinators, *entry.runtime_data.feeds)
        self._attr_unique_id = f"{entry.entry_id}_pbx_connected"
        self._attr_device_info = device_info(entry, PBX)

    @override
    async def async_added_to_hass(self) -> None:
        for coordinator in self._coordinators:
            self.async_on_remove(coordinator.async_add_listener(self.async_write_ha_state))

    @property
    @override
    def is_on(self) -> bool:
        return any(coordinator.last_update_success for coordinator in self._coordinators)
