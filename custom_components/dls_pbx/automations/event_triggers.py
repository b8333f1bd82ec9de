"""Triggers on what the PBX's event entities tell.

They are told themselves, and look at no entity: of two calls missed in one look, the second would hide the first.
"""

from collections.abc import Iterable, Iterator
from datetime import timedelta
from functools import partial
from typing import ClassVar, NamedTuple, override

from homeassistant.components.binary_sensor import DOMAIN as BINARY_SENSOR_DOMAIN
from homeassistant.components.event import DOMAIN as EVENT_DOMAIN
from homeassistant.components.todo import DOMAIN as TODO_DOMAIN
from homeassistant.const import ATTR_ENTITY_ID, CONF_SENDER
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers import config_validation as cv
import voluptuous as vol

from .. import phone_numbers
from ..coordinator.keys import ObjectKey, ObjectKind
from ..data import DlsPbxConfigEntry
from ..events.bus import EventKind, PbxEvent, async_event_bus
from ..identity import find_entity
from .base import DlsPbxTrigger, trigger_schema
from .targets import Objects, joined, objects, objects_with
from .words import has_words

CONF_CONTAINS = "contains"
CONF_EXTENSION = "extension"
CONF_MINIMUM_DURATION = "minimum_duration"
CONF_OWN_NUMBER = "own_number"
CONF_VIP_ONLY = "vip_only"


class _EventTrigger(DlsPbxTrigger):
    """A trigger on what the PBX's event entities tell."""

    # What happens while the PBX is being reloaded is told once, and not again afterwards.
    while_loaded = False
    kind: ClassVar[EventKind]
    types: ClassVar[frozenset[str]]
    keys: ClassVar[frozenset[str]]  # of the event entities that may be in the target
    description: ClassVar[str]

    @override
    def _meaning(self, hass: HomeAssistant, entity_ids: Iterable[str]) -> Objects:
        return objects_with(hass, entity_ids, EVENT_DOMAIN, self.keys)

    @override
    def _attach(self, entry: DlsPbxConfigEntry, some: frozenset[str]) -> CALLBACK_TYPE:
        return async_event_bus(self._hass, entry.entry_id).async_subscribe(
            self.kind, partial(self._happened, entry, some)
        )

    def _happened(self, entry: DlsPbxConfigEntry, some: frozenset[str], event: PbxEvent) -> None:
        if event.type not in self.types or not self._matches(event):
            return
        where = next((one for one in _places(entry, event) if one.object_id in some), None)
        if where is None:
            return
        entity_id = find_entity(self._hass, entry.entry_id, where.domain, where.object_id, where.key or event.kind)
        self._run({ATTR_ENTITY_ID: entity_id, "event_type": event.type, **event.attributes}, self.description)

    def _matches(self, event: PbxEvent) -> bool:
        """Tell whether it is one that the options ask for."""
        wanted = self._options.get(CONF_OWN_NUMBER, "").strip()
        return not wanted or self._is_number(wanted, event.attributes.get("own_number"))

    def _is_number(self, wanted: str, told: str | None) -> bool:
        region = phone_numbers.region(self._hass.config.country)
        return told is not None and phone_numbers.same_number(wanted, told, region)


class _Place(NamedTuple):
    """An object at which something happened, and the entity that stands for it; without a key that of the event."""

    object_id: str
    domain: str = EVENT_DOMAIN
    key: str | None = None


def _places(entry: DlsPbxConfigEntry, event: PbxEvent) -> Iterator[_Place]:
    """Yield where it happened: at the PBX, in a queue, at a phone."""
    object_id = entry.runtime_data.identity.object_id
    if event.kind is not EventKind.RING:
        yield _Place(ObjectKind.PBX)
        if queue := event.queue or event.attributes.get("queue"):
            yield _Place(object_id(ObjectKey(ObjectKind.QUEUE, queue)), key=EventKind.QUEUE)
    if event.phone:
        yield _Place(object_id(ObjectKey(ObjectKind.PHONE, event.phone)), BINARY_SENSOR_DOMAIN, "registered")


class _PbxTrigger(_EventTrigger):
    """A trigger on what happens at the PBX only: its to-do list stands for it, since queues have events too."""

    @override
    def _meaning(self, hass: HomeAssistant, entity_ids: Iterable[str]) -> Objects:
        ids = list(entity_ids)
        return joined(super()._meaning(hass, ids), objects_with(hass, ids, TODO_DOMAIN, {"callbacks"}))


class _AnywhereTrigger(_EventTrigger):
    """A trigger on calls of the PBX, of queues and of phones."""

    # A phone stands for itself by whether it is registered, which is a diagnostic entity.
    primary_entities_only = False
    keys = frozenset({EventKind.CALL, EventKind.QUEUE})

    @override
    def _meaning(self, hass: HomeAssistant, entity_ids: Iterable[str]) -> Objects:
        ids = list(entity_ids)
        return joined(super()._meaning(hass, ids), objects(hass, ids, BINARY_SENSOR_DOMAIN, ObjectKind.PHONE))


class CallEnded(_AnywhereTrigger):
    """A call has ended that was not missed."""

    schema = trigger_schema({vol.Optional(CONF_MINIMUM_DURATION): cv.positive_time_period})
    kind = EventKind.CALL
    types = frozenset({"ended"})
    description = "an ended call"

    @override
    def _matches(self, event: PbxEvent) -> bool:
        least: timedelta = self._options.get(CONF_MINIMUM_DURATION, timedelta(0))
        duration: float = event.attributes.get("duration", 0)
        return duration >= least.total_seconds()


class IncomingCall(_AnywhereTrigger):
    """Somebody from outside begins to ring."""

    schema = trigger_schema({vol.Optional(CONF_VIP_ONLY): cv.boolean})
    description = "an incoming call"
    types = frozenset({"started", "caller_joined", "ringing"})

    @override
    def _attach(self, entry: DlsPbxConfigEntry, some: frozenset[str]) -> CALLBACK_TYPE:
        bus = async_event_bus(self._hass, entry.entry_id)
        # The PBX stands for all of its calls; each is told once.
        kinds = [EventKind.CALL] if ObjectKind.PBX in some else [EventKind.QUEUE, EventKind.RING]
        ends = [bus.async_subscribe(kind, partial(self._happened, entry, some)) for kind in kinds]

        @callback
        def unsubscribe() -> None:
            for end in ends:
                end()

        return unsubscribe

    @override
    def _matches(self, event: PbxEvent) -> bool:
        known = event.attributes.get("vip") or not self._options.get(CONF_VIP_ONLY)
        return bool(known) and event.attributes.get("direction") == "inbound"


class VoicemailLeft(_PbxTrigger):
    """A caller went to voicemail."""

    schema = trigger_schema({vol.Optional(CONF_EXTENSION): cv.string})
    kind = EventKind.CALL
    types = frozenset({"voicemail"})
    keys = frozenset({EventKind.CALL})
    description = "a voicemail"

    @override
    def _matches(self, event: PbxEvent) -> bool:
        wanted = self._options.get(CONF_EXTENSION, "").strip()
        return not wanted or wanted == event.attributes.get("extension")


class CallMissed(_EventTrigger):
    """Somebody called and spoke to nobody, whether they went to voicemail or not."""

    schema = trigger_schema({vol.Optional(CONF_OWN_NUMBER): cv.string})
    kind = EventKind.CALL
    types = frozenset({"missed", "voicemail"})
    keys = frozenset({EventKind.CALL, EventKind.QUEUE})
    description = "a missed call"


class FaxFailed(_PbxTrigger):
    """A fax could not be sent or received."""

    kind = EventKind.FAX
    types = frozenset({"failed"})
    keys = frozenset({EventKind.FAX})
    description = "a failed fax"


class SmsReceived(_PbxTrigger):
    """A text has come in."""

    schema = trigger_schema(
        {
            vol.Optional(CONF_CONTAINS): cv.string,
            vol.Optional(CONF_SENDER): vol.Any(cv.string, [cv.string]),
            vol.Optional(CONF_OWN_NUMBER): cv.string,
        }
    )
    kind = EventKind.SMS
    types = frozenset({"received"})
    keys = frozenset({EventKind.SMS})
    description = "a received text message"

    @override
    def _matches(self, event: PbxEvent) -> bool:
        contains = self._options.get(CONF_CONTAINS, "").strip()
        if contains and not has_words(event.attributes.get("text", ""), contains):
            return False
        return super()._matches(event) and self._is_from(event.attributes.get("number", ""))

    def _is_from(self, number: str) -> bool:
        """Tell whether it is one of the senders that are asked for; an empty list asks for nobody, as at a gate."""
        wanted = self._options.get(CONF_SENDER, "")
        if isinstance(wanted, str):
            return not wanted.strip() or self._is_number(wanted.strip(), number)
        return any(self._is_number(one.strip(), number) for one in wanted if one.strip())
