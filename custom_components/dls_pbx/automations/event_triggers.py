"""Triggers on what the PBX's event entities tell.

They are told themselves, and look at no entity: of two calls missed in one look, the second would hide the first.
"""

from collections.abc import Iterable
from functools import partial
from typing import ClassVar, override

from homeassistant.components.event import DOMAIN as EVENT_DOMAIN
from homeassistant.const import ATTR_ENTITY_ID, CONF_SENDER
from homeassistant.core import CALLBACK_TYPE, HomeAssistant
from homeassistant.helpers import config_validation as cv
import voluptuous as vol

from .. import phone_numbers
from ..coordinator.keys import ObjectKey, ObjectKind
from ..data import DlsPbxConfigEntry
from ..events.bus import EventKind, PbxEvent, async_event_bus
from ..identity import find_entity
from .base import DlsPbxTrigger, trigger_schema
from .targets import Objects, objects_with
from .words import has_words

CONF_CONTAINS = "contains"


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
        object_id: str = ObjectKind.PBX
        if object_id not in some:
            queue = event.queue or event.attributes.get("queue")
            if queue is None:
                return
            object_id = entry.runtime_data.identity.object_id(ObjectKey(ObjectKind.QUEUE, queue))
            if object_id not in some:
                return
        key = self.kind if object_id == ObjectKind.PBX else EventKind.QUEUE
        entity_id = find_entity(self._hass, entry.entry_id, EVENT_DOMAIN, object_id, key)
        self._run({ATTR_ENTITY_ID: entity_id, "event_type": event.type, **event.attributes}, self.description)

    def _matches(self, event: PbxEvent) -> bool:  # noqa: ARG002 - subclasses with options look at it
        """Tell whether it is one that the options ask for."""
        return True


class CallMissed(_EventTrigger):
    """Somebody called and spoke to nobody, whether they went to voicemail or not."""

    kind = EventKind.CALL
    types = frozenset({"missed", "voicemail"})
    keys = frozenset({EventKind.CALL, EventKind.QUEUE})
    description = "a missed call"


class FaxFailed(_EventTrigger):
    """A fax could not be sent or received."""

    kind = EventKind.FAX
    types = frozenset({"failed"})
    keys = frozenset({EventKind.FAX})
    description = "a failed fax"


class SmsReceived(_EventTrigger):
    """A text has come in."""

    schema = trigger_schema({vol.Optional(CONF_CONTAINS): cv.string, vol.Optional(CONF_SENDER): cv.string})
    kind = EventKind.SMS
    types = frozenset({"received"})
    keys = frozenset({EventKind.SMS})
    description = "a received text message"

    @override
    def _matches(self, event: PbxEvent) -> bool:
        contains, sender = (self._options.get(name, "").strip() for name in (CONF_CONTAINS, CONF_SENDER))
        if contains and not has_words(event.attributes.get("text", ""), contains):
            return False
        region = phone_numbers.region(self._hass.config.country)
        return not sender or phone_numbers.same_number(sender, event.attributes.get("number", ""), region)
