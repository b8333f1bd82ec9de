"""Events: what happened to calls, faxes and texts of the PBX, and in each queue."""

from typing import Any, Final, override

from homeassistant.components.event import EventEntity
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .coordinator import FactCoordinator
from .devices import device_info, object_id
from .facts import PBX, FactKey
from .happenings import EVENT_TYPES, Happening, Kind
from .runtime import DlsPbxConfigEntry

# Events are told, nothing is asked.
PARALLEL_UPDATES = 0

# The contract's: they tell of people, so nothing of them is recorded.
ATTRIBUTES: Final = frozenset(
    {
        "number",
        "tel",
        "name",
        "direction",
        "queue",
        "extension",
        "duration",
        "wait",
        "time",
        "recording",
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
            DlsPbxEvent(entry, PBX, Kind.CALL, data.calls, data.call_feed),
            DlsPbxEvent(entry, PBX, Kind.FAX, data.faxes, data.call_feed),
            DlsPbxEvent(entry, PBX, Kind.SMS, data.message_feed),
        ]
    )
    known: set[FactKey] = set()

    @callback
    def add_queues() -> None:
        shown = {key for key in queues.data if key[0] == "queue" and not key[2]}
        new = sorted(shown - known)
        known.clear()
        known.update(shown)
        async_add_entities([DlsPbxEvent(entry, key, Kind.QUEUE, queues, data.call_feed) for key in new])

    add_queues()
    entry.async_on_unload(queues.async_add_listener(add_queues))


class DlsPbxEvent(EventEntity):
    """The last thing that happened; unavailable while nothing can be seen that could happen next."""

    _attr_has_entity_name = True
    _attr_should_poll = False
    _unrecorded_attributes = ATTRIBUTES

    def __init__(self, entry: DlsPbxConfigEntry, key: FactKey, kind: Kind, *sources: FactCoordinator[Any]) -> None:
        self._happenings = entry.runtime_data.happenings
        self._sources = sources
        self._kind = kind
        self._queue = key[1] or None
        self._attr_translation_key = kind
        self._attr_event_types = list(EVENT_TYPES[kind])
        self._attr_unique_id = f"{entry.entry_id}_{object_id(entry, key)}_{kind}"
        self._attr_device_info = device_info(entry, key)
        self._attr_available = self._answered

    @override
    async def async_added_to_hass(self) -> None:
        for source in self._sources:
            self.async_on_remove(source.async_add_listener(self._keep_available))
        self.async_on_remove(self._happenings.async_listen(self._kind, self._happened))

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
    def _happened(self, happening: Happening) -> None:
        if happening.queue == self._queue:
            # Home Assistant's triggers take no notice of what comes straight out of an outage.
            self._keep_available()
            self._trigger_event(happening.type, dict(happening.attributes))
            self.async_write_ha_state()
