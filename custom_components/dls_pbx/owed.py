"""The callbacks owed as entities: what the list and its count share. They are our own memory, and outlast outages."""

from abc import abstractmethod
from typing import override

from homeassistant.components.sensor import SensorEntity, SensorStateClass
from homeassistant.core import callback
from homeassistant.helpers.entity import Entity

from .devices import device_info, object_id
from .facts import PBX
from .runtime import DlsPbxConfigEntry


class CallbacksEntity(Entity):
    """An entity of the PBX that shows the callbacks owed."""

    _attr_has_entity_name = True
    _attr_should_poll = False

    def __init__(self, entry: DlsPbxConfigEntry, key: str) -> None:
        self._callbacks = entry.runtime_data.callbacks
        self._attr_translation_key = key
        self._attr_unique_id = f"{entry.entry_id}_{object_id(entry, PBX)}_{key}"
        self._attr_device_info = device_info(entry, PBX)

    @override
    async def async_added_to_hass(self) -> None:
        self._show()
        self.async_on_remove(self._callbacks.async_listen(self._changed))

    @callback
    def _changed(self) -> None:
        self._show()
        self.async_write_ha_state()

    @abstractmethod
    def _show(self) -> None:
        """Take over what there is to show."""


class CallbacksOwed(CallbacksEntity, SensorEntity):
    """How many callers are owed a call."""

    _attr_state_class = SensorStateClass.MEASUREMENT

    def __init__(self, entry: DlsPbxConfigEntry) -> None:
        super().__init__(entry, "callbacks_owed")

    @override
    def _show(self) -> None:
        self._attr_native_value = self._callbacks.open
