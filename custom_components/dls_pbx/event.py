"""Event entities: what happened to calls, faxes and texts of the PBX, and in each queue."""

from collections.abc import Iterable
from typing import Any, Final, override

from homeassistant.components.event import EventEntity
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .coordinator.base import DlsPbxCoordinator
from .coordinator.keys import PBX, ObjectKey, ObjectKind
from .data import DlsPbxConfigEntry
from .devices import device_info
from .entity import async_follow_objects
from .events.bus import EVENT_TYPES, EventKind, PbxEvent

# Events are told, nothing is asked.
PARALLEL_UPDATES = 0

# The contract's: they tell of people, so nothing of them is recorded.
ATTRIBUTES: Final = frozenset(
    {
        "number",
        "tel",
        "name",
        "vip",
        "own_number",
        "direction",
        "queue",
        "extension",
        "duration",
        "wait",
        "time",
        "recording",
        "disposition",
        "reason",
        "text",
        "message_id",
    }
)


async def async_setup_entry(
    hass: HomeAssistant, entry: DlsPbxConfigEntry, async_add_entities: AddConfigEntryEntitiesCallback
) -> None:
    """Add the events of a PBX, and those of its queues whenever one appears."""
    data = entry.runtime_data
    queues = data.queues
    async_add_entities(
        [
            DlsPbxEvent(entry, PBX, EventKind.CALL, data.calls, data.call_feed),
            DlsPbxEvent(entry, PBX, EventKind.FAX, data.faxes, data.call_feed),
            DlsPbxEvent(entry, PBX, EventKind.SMS, data.message_feed),
        ]
    )

    def add_queues(keys: Iterable[ObjectKey]) -> None:
        async_add_entities([DlsPbxEvent(entry, key, EventKind.QUEUE, queues, data.call_feed) for key in sorted(keys)])

    async_follow_objects(entry, queues, {ObjectKind.QUEUE}, add_queues)()


class DlsPbxEvent(EventEntity):
    """The last thing that happened; unavailable while nothing can be seen that could happen next."""

    _attr_has_entity_name = True
    _attr_should_poll = False
    _unrecorded_attributes = ATTRIBUTES

    def __init__(
        self, entry: DlsPbxConfigEntry, key: ObjectKey, kind: EventKind, *sources: DlsPbxCoordinator[Any]
    ) -> None:
        self._bus = entry.runtime_data.events
        self._sources = sources
        self._kind = kind
        self._queue = key.id or None
        self._attr_translation_key = kind
        self._attr_event_types = list(EVENT_TYPES[kind])
        self._attr_unique_id = entry.runtime_data.identity.unique_id(key, kind)
        self._attr_device_info = device_info(entry, key)
        self._attr_available = self._answered

    @override
    async def async_added_to_hass(self) -> None:
        for source in self._sources:
            self.async_on_remove(source.async_add_listener(self._keep_available))
        self.async_on_remove(self._bus.async_subscribe(self._kind, self._happened))

    async def async_update(self) -> None:
        """Look now, because somebody asked for it."""
        for source in self._sources:
            await source.async_request_refresh()

    @property
    def _answered(self) -> bool:
        return any(source.last_update_success for source in self._sources)

    @callback
    def _keep_available(self) -> None:
        if self._attr_available != self._answered:
            self._attr_available = self._answered
            self.async_write_ha_state()

    @callback
    def _happened(self, event: PbxEvent) -> None:
        if event.queue == self._queue:
            # Home Assistant's triggers take no notice of what comes straight out of an outage.
            self._keep_available()
            self._trigger_event(event.type, dict(event.attributes))
            self.async_write_ha_state()
