"""Event bus: takes what happens at a PBX to event entities, triggers and whoever else has to know.

An event is told to the listeners of its own config entry, in the order in which things happened.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import partial
from typing import Any, Final, Self

from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.util.hass_dict import HassKey

from ..const import DOMAIN, LOGGER


class EventKind(StrEnum):
    """What something happens to; the key of the event entity that tells it."""

    CALL = "call"
    FAX = "fax"
    SMS = "sms"
    QUEUE = "queue"
    RING = "ring"  # a phone begins to ring for a caller from outside: triggers tell it, no entity does


EVENT_TYPES: Final[Mapping[EventKind, tuple[str, ...]]] = {
    EventKind.CALL: ("started", "answered", "ended", "missed", "voicemail"),
    EventKind.FAX: ("queued", "sent", "failed", "received"),
    EventKind.SMS: ("received", "sent", "failed"),
    EventKind.QUEUE: (
        "caller_joined",
        "caller_answered",
        "caller_abandoned",
        "agent_paused",
        "agent_resumed",
        "agent_logged_in",
        "agent_logged_out",
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PbxEvent:
    """Something that happened: one of EVENT_TYPES, with the contract's event attributes that apply.

    `attributes`: `number`, `tel`, `name`, `vip`, `own_number`, `direction`, `queue`, `extension`, `duration` (s),
    `wait` (s), `time` (ISO 8601, with its zone), `recording`, `disposition`, `reason`, `text`, `message_id`. `queue`
    names the queue of a QUEUE event, `phone` is the auth ID of whose phone it happened at.
    """

    kind: EventKind
    type: str
    queue: str | None = None
    phone: str | None = None
    attributes: Mapping[str, Any] = field(default_factory=dict, repr=False)

    @classmethod
    def of(
        cls,
        kind: EventKind,
        what: str,
        about: Mapping[str, Any],
        queue: str | None = None,
        phone: str | None = None,
    ) -> Self:
        """Make one of what is known; attributes that do not apply are None."""
        applying = {name: value for name, value in about.items() if value is not None}
        return cls(kind=kind, type=what, queue=queue, phone=phone, attributes=applying)


type EventListener = Callable[[PbxEvent], None]


class EventBus:
    """The event bus of one PBX."""

    def __init__(self) -> None:
        self._listeners: list[tuple[EventKind, EventListener]] = []

    @callback
    def async_subscribe(self, kind: EventKind, listener: EventListener) -> CALLBACK_TYPE:
        """Have events of a kind told; returns unsubscribe."""
        subscription = (kind, listener)
        self._listeners.append(subscription)
        return partial(self._listeners.remove, subscription)

    @callback
    def async_fire(self, event: PbxEvent) -> None:
        """Tell everybody who listens."""
        for kind, listener in tuple(self._listeners):
            if kind is event.kind:
                try:
                    listener(event)
                except Exception:  # noqa: BLE001 - whatever it is, the others still have to know
                    # One listener's trouble is not the others'; what happened stays out of the log.
                    LOGGER.exception("Unexpected error telling of %s %s", event.kind, event.type)


_BUSES: HassKey[dict[str, EventBus]] = HassKey(f"{DOMAIN}_event_buses")


@callback
def async_event_bus(hass: HomeAssistant, entry_id: str) -> EventBus:
    """Return the bus of one PBX, loaded or not: a trigger that listens misses nothing while it is reloaded."""
    return hass.data.setdefault(_BUSES, {}).setdefault(entry_id, EventBus())
