"""Rings: phones that begin to ring for somebody from outside, each phone once for each call.

Of a call to a queue the PBX says that it is in the queue and that agents' phones ring, and not who rings for whom.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ..api.models import AgentState, Queue, WaitingCaller
from .attributes import EventAttributes
from .bus import EventBus, EventKind, PbxEvent


class Rings:
    """Remembers whose phone has rung for which call, for as long as the call is there."""

    def __init__(self, attributes: EventAttributes, bus: EventBus) -> None:
        self._attributes = attributes
        self._bus = bus
        self._calls: dict[str, set[str]] = {}  # by call: auth IDs
        self._callers: dict[str, list[tuple[str, WaitingCaller]]] = {}  # by agent, with their queues

    def call_came(self, call_id: str, label: str | None, about: Mapping[str, Any]) -> None:
        """Fire a call that has come to the phone that a label names, unless it has rung there before."""
        phone = self._attributes.phone(label)
        rung = self._calls.setdefault(call_id, set())
        if phone and phone not in rung:
            rung.add(phone)
            self._fire(phone, about)

    def calls_gone(self, call_ids: Iterable[str]) -> None:
        """Forget calls that have ended."""
        for call_id in call_ids:
            self._calls.pop(call_id, None)

    def queues_changed(self, queues: Mapping[str, Queue], before: Mapping[str, Queue]) -> None:
        """Fire agents whose phones begin to ring for a caller for whom they have not rung before."""
        ringing = _ringing(queues)
        waiting = {name: queue.callers for name, queue in queues.items() if queue.callers}
        for auth_id in sorted(ringing.keys() - _ringing(before).keys() - self._rung_directly):
            callers = [(name, caller) for name in ringing[auth_id] for caller in waiting.get(name, ())]
            rung = self._callers.get(auth_id, [])
            if fresh := [one for one in callers if one not in rung]:
                self._callers[auth_id] = [*rung, fresh[0]]
                self._fire(auth_id, self._about(auth_id, callers))
        for auth_id, rung in tuple(self._callers.items()):
            if left := [(name, caller) for name, caller in rung if caller in waiting.get(name, ())]:
                self._callers[auth_id] = left
            else:
                del self._callers[auth_id]

    @property
    def _rung_directly(self) -> set[str]:
        return {phone for rung in self._calls.values() for phone in rung}

    def _about(self, auth_id: str, callers: Sequence[tuple[str, WaitingCaller]]) -> dict[str, Any]:
        # Who rings is certain only where nobody else waits.
        known = callers[0][1] if len(callers) == 1 else None
        names = {name for name, _ in callers}
        return {
            **(self._attributes.party(known.number) if known else {}),
            "direction": "inbound",
            "queue": names.pop() if len(names) == 1 else None,
            "extension": self._attributes.extension(auth_id),
            "time": self._attributes.time(known.since if known else None),
        }

    def _fire(self, phone: str, about: Mapping[str, Any]) -> None:
        self._bus.async_fire(PbxEvent.of(EventKind.RING, "ringing", about, phone=phone))


def _ringing(queues: Mapping[str, Queue]) -> dict[str, list[str]]:
    """Return whose phones ring, with the queues that they are agents of."""
    found: dict[str, list[str]] = {}
    for name, queue in queues.items():
        for auth_id, agent in queue.agents.items():
            if agent.state is AgentState.RINGING:
                found.setdefault(auth_id, []).append(name)
    return found
