"""Triggers on what the PBX's event entities tell.

They are told themselves, and look at no entity: of two calls missed in one look, the second would hide the first.
"""

from collections.abc import Iterable
from functools import partial
from typing import ClassVar, override

from homeassistant.components.event import DOMAIN as EVENT
from homeassistant.const import ATTR_ENTITY_ID
from homeassistant.core import CALLBACK_TYPE, HomeAssistant
from homeassistant.helpers import config_validation as cv
import voluptuous as vol

from .. import telephone
from ..facts import PBX
from ..happenings import Happening, Kind, async_happenings
from ..runtime import DlsPbxConfigEntry
from .base import DlsPbxTrigger, trigger_schema
from .targets import Objects, entity_of, object_named, objects_with

CONF_CONTAINS = "contains"
CONF_SENDER = "sender"


class _HappeningTrigger(DlsPbxTrigger):
    """A trigger on what the PBX's event entities tell."""

    # What happens while the PBX is being reloaded is told once, and not again afterwards.
    while_loaded = False
    kind: ClassVar[Kind]
    types: ClassVar[frozenset[str]]
    keys: ClassVar[frozenset[str]]  # of the event entities that may be in the target
    description: ClassVar[str]

    @override
    def _meaning(self, hass: HomeAssistant, entity_ids: Iterable[str]) -> Objects:
        return objects_with(hass, entity_ids, EVENT, self.keys)

    @override
    def _attach(self, entry: DlsPbxConfigEntry, some: frozenset[str]) -> CALLBACK_TYPE:
        return async_happenings(self._hass, entry.entry_id).async_listen(self.kind, partial(self._told, entry, some))

    def _told(self, entry: DlsPbxConfigEntry, some: frozenset[str], happening: Happening) -> None:
        if happening.type not in self.types or not self._matches(happening):
            return
        object_ = PBX[0]
        if object_ not in some:
            queue = happening.queue or happening.attributes.get("queue")
            if queue is None or (object_ := object_named(entry, "queue", queue)) not in some:
                return
        key = self.kind if object_ == PBX[0] else Kind.QUEUE
        entity_id = entity_of(self._hass, entry.entry_id, EVENT, object_, key)
        self._run({ATTR_ENTITY_ID: entity_id, "event_type": happening.type, **happening.attributes}, self.description)

    def _matches(self, happening: Happening) -> bool:  # noqa: ARG002 - subclasses with options look at it
        """Tell whether it is one that the options ask for."""
        return True


class CallMissed(_HappeningTrigger):
    """Somebody called and spoke to nobody, whether they left a message or not."""

    kind = Kind.CALL
    types = frozenset({"missed", "voicemail"})
    keys = frozenset({Kind.CALL, Kind.QUEUE})
    description = "a missed call"


class FaxFailed(_HappeningTrigger):
    """A fax could not be sent or received."""

    kind = Kind.FAX
    types = frozenset({"failed"})
    keys = frozenset({Kind.FAX})
    description = "a failed fax"


class SmsReceived(_HappeningTrigger):
    """A text has come in."""

    schema = trigger_schema({vol.Optional(CONF_CONTAINS): cv.string, vol.Optional(CONF_SENDER): cv.string})
    kind = Kind.SMS
    types = frozenset({"received"})
    keys = frozenset({Kind.SMS})
    description = "a received text message"

    @override
    def _matches(self, happening: Happening) -> bool:
        contains, sender = (self._options.get(name, "").strip() for name in (CONF_CONTAINS, CONF_SENDER))
        if contains and contains.casefold() not in happening.attributes.get("text", "").casefold():
            return False
        return not sender or self._same_number(sender, happening.attributes.get("number", ""))

    def _same_number(self, one: str, other: str) -> bool:
        """Compare phone numbers in any spelling; extensions have but one."""
        region = telephone.region(self._hass.config.country)
        number = telephone.e164(one, region)
        return number == telephone.e164(other, region) if number else one == other
