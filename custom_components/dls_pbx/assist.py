"""Assist: what it may know and do, which is what the user has exposed to it, and nothing of callers.

Intents (intent.py) and tools of language models (llm.py) are two handles on this.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from homeassistant.components.homeassistant import async_should_expose
from homeassistant.components.notify import ATTR_MESSAGE, DOMAIN as NOTIFY_DOMAIN, SERVICE_SEND_MESSAGE
from homeassistant.const import ATTR_ENTITY_ID, STATE_ON, STATE_UNAVAILABLE, STATE_UNKNOWN, Platform
from homeassistant.core import Context, HomeAssistant, State, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import device_registry as dr, entity_registry as er, intent

from .api.wire import masked
from .const import DOMAIN
from .coordinator.derived import CallState
from .coordinator.keys import ObjectKind
from .identity import object_of

_SAYS_NOTHING = (STATE_UNAVAILABLE, STATE_UNKNOWN)


class SendResult(StrEnum):
    """What became of a text that was to be sent."""

    SENT = "sent"
    NO_RECIPIENT = "no_recipient"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """Callers waiting in a queue, and how long the first of them has been (s); None = not known, or not exposed."""

    queue: str
    callers: int | None
    longest_wait: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PhoneUse:
    """The names of phones that are in use, and how many phones there is nothing known of."""

    in_call: tuple[str, ...]
    ringing: tuple[str, ...]
    unknown: int


@callback
def waiting(hass: HomeAssistant, assistant: str | None) -> list[Waiting]:
    """Return the queues whose sensor of waiting callers is exposed, by name."""
    waits = {entity.device_id: state for entity, state in _exposed(hass, assistant, Platform.SENSOR, "longest_wait")}
    found = (
        Waiting(
            queue=_object_name(hass, entity),
            callers=_number(state),
            longest_wait=_number(waits.get(entity.device_id)),
        )
        for entity, state in _exposed(hass, assistant, Platform.SENSOR, "callers_waiting")
        if not _of_pbx(entity)
    )
    return sorted(found, key=lambda one: one.queue.casefold())


@callback
def tells_waiting(hass: HomeAssistant, assistant: str | None) -> bool:
    """Tell whether any sensor of waiting callers is exposed."""
    return any(_exposed(hass, assistant, Platform.SENSOR, "callers_waiting"))


@callback
def total_waiting(hass: HomeAssistant, assistant: str | None) -> int | None:
    """Return how many wait at all exposed PBXs, or else in all exposed queues; None if one of them cannot tell."""
    exposed = list(_exposed(hass, assistant, Platform.SENSOR, "callers_waiting"))
    totals = [_number(state) for entity, state in exposed if _of_pbx(entity)]
    counts = totals or [_number(state) for _, state in exposed]
    known = [count for count in counts if count is not None]
    return sum(known) if len(known) == len(counts) else None


@callback
def phone_use(hass: HomeAssistant, assistant: str | None) -> PhoneUse | None:
    """Return who is on the phone, of the exposed phones; None if none is exposed."""
    states: dict[str, str | None] = {}
    for entity, state in _exposed(hass, assistant, Platform.BINARY_SENSOR, "in_call"):
        in_call = CallState.IN_CALL if state.state == STATE_ON else CallState.IDLE
        states[_object_name(hass, entity)] = None if state.state in _SAYS_NOTHING else in_call
    for entity, state in _exposed(hass, assistant, Platform.SENSOR, "call_state"):
        states[_object_name(hass, entity)] = None if state.state in _SAYS_NOTHING else state.state
    if not states:
        return None
    return PhoneUse(
        in_call=tuple(sorted(name for name, state in states.items() if state == CallState.IN_CALL)),
        ringing=tuple(sorted(name for name, state in states.items() if state == CallState.RINGING)),
        unknown=list(states.values()).count(None),
    )


@callback
def recipients(hass: HomeAssistant, assistant: str | None) -> dict[str, str]:
    """Return the entity IDs of the exposed recipients by all their names; a name that two of them have is no name."""
    named: defaultdict[str, set[str]] = defaultdict(set)
    for entity, state in _exposed(hass, assistant, NOTIFY_DOMAIN, "notify"):
        # Home Assistant leaves out what is unavailable, without a word.
        if state.state != STATE_UNAVAILABLE:
            for name in intent.async_get_entity_aliases(hass, entity, state=state):
                named[name].add(entity.entity_id)
    return {name: next(iter(ids)) for name, ids in named.items() if len(ids) == 1}


async def async_text(
    hass: HomeAssistant, assistant: str | None, recipient: str, message: str, context: Context | None
) -> tuple[SendResult, str]:
    """Send a text to an exposed recipient; return what became of it, and in whose words, without phone numbers.

    Raises nothing: Home Assistant logs what intents raise, and what was wrong may name somebody.
    """
    wanted = recipient.strip().casefold()
    entity_ids = {entity_id for name, entity_id in recipients(hass, assistant).items() if name.casefold() == wanted}
    if len(entity_ids) != 1:
        return SendResult.NO_RECIPIENT, ""
    data = {ATTR_ENTITY_ID: entity_ids.pop(), ATTR_MESSAGE: message}
    try:
        await hass.services.async_call(NOTIFY_DOMAIN, SERVICE_SEND_MESSAGE, data, blocking=True, context=context)
    except HomeAssistantError as err:
        return SendResult.FAILED, masked(str(err))
    return SendResult.SENT, ""


def _exposed(
    hass: HomeAssistant, assistant: str | None, domain: str, key: str
) -> Iterator[tuple[er.RegistryEntry, State]]:
    """Yield our entities that show `key`; all of them where no assistant asks."""
    registry = er.async_get(hass)
    for entry in hass.config_entries.async_loaded_entries(DOMAIN):
        for entity in er.async_entries_for_config_entry(registry, entry.entry_id):
            if entity.domain != domain or entity.translation_key != key:
                continue
            state = hass.states.get(entity.entity_id)
            if state and (assistant is None or async_should_expose(hass, assistant, entity.entity_id)):
                yield entity, state


def _of_pbx(entity: er.RegistryEntry) -> bool:
    return object_of(entity) == ObjectKind.PBX


def _object_name(hass: HomeAssistant, entity: er.RegistryEntry) -> str:
    """Return what people call the queue or phone."""
    device = dr.async_get(hass).async_get(entity.device_id) if entity.device_id else None
    return (device and (device.name_by_user or device.name)) or entity.entity_id


def _number(state: State | None) -> int | None:
    return round(float(state.state)) if state and state.state not in _SAYS_NOTHING else None
