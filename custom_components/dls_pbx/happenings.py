"""What happens at a PBX, on its way to event entities, triggers and whoever else has to know.

A happening is told to the listeners of its own config entry, in the order in which things happened.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final, Self

from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.util.hass_dict import HassKey

from .const import DOMAIN, LOGGER


class Kind(StrEnum):
    """What something happens to; the key of the event entity that tells it."""

    CALL = "call"
    FAX = "fax"
    SMS = "sms"
    QUEUE = "queue"


EVENT_TYPES: Final[Mapping[Kind, tuple[str, ...]]] = {
    Kind.CALL: ("started", "answered", "ended", "missed", "voicemail"),
    Kind.FAX: ("queued", "sent", "failed", "received"),
    Kind.SMS: ("received", "sent", "failed"),
    Kind.QUEUE: (
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
class Happening:
    """Something that happened: one of EVENT_TYPES, with the contract's event attributes that apply.

    `attributes`: `number`, `tel`, `name`, `direction`, `queue`, `extension`, `duration` (s), `wait` (s), `time`
    (ISO 8601, with its zone), `recording`, `text`, `message_id`. `queue` names the queue of a QUEUE happening.
    """

    kind: Kind
    type: str
    queue: str | None = None
    attributes: Mapping[str, Any] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, kind: Kind, what: str, about: Mapping[str, Any], queue: str | None = None) -> Self:
        """Make one of what is known; attributes that do not apply are None."""
        applying = {name: value for name, value in about.items() if value is not None}
        return cls(kind=kind, type=what, queue=queue, attributes=applying)


type Listener = Callable[[Happening], None]


class Happenings:
    """Tells the listeners of one PBX."""

    def __init__(self) -> None:
        self._listeners: list[tuple[Kind, Listener]] = []

    @callback
    def async_listen(self, kind: Kind, listener: Listener) -> CALLBACK_TYPE:
        """Have happenings of a kind told; returns what ends it."""
        entry = (kind, listener)
        self._listeners.append(entry)

        @callback
        def remove() -> None:
            self._listeners.remove(entry)

        return remove

    @callback
    def async_tell(self, happening: Happening) -> None:
        """Tell everybody who listens."""
        for kind, listener in tuple(self._listeners):
            if kind is happening.kind:
                try:
                    listener(happening)
                except Exception:  # noqa: BLE001 - whatever it is, the others still have to know
                    # One listener's trouble is not the others'; what happened stays out of the log.
                    LOGGER.exception("Unexpected error telling of %s %s", happening.kind, happening.type)


_HAPPENINGS: HassKey[dict[str, Happenings]] = HassKey(f"{DOMAIN}_happenings")


@callback
def async_happenings(hass: HomeAssistant, entry_id: str) -> Happenings:
    """Return the happenings of one PBX, loaded or not: a trigger that listens misses nothing while it is reloaded."""
    return hass.data.setdefault(_HAPPENINGS, {}).setdefault(entry_id, Happenings())
