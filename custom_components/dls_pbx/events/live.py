"""Live events: what is seen only while it lasts, made of the differences between two polls.

What was so already at the first poll is bearings, not news; what comes and goes between two polls is not seen. The
CDR tells how calls ended (records/calls.py).
"""

from collections import Counter
from collections.abc import Callable, Iterator, Set as AbstractSet
from datetime import datetime
from functools import partial
from typing import Any

from homeassistant.core import CALLBACK_TYPE, callback

from .. import phone_numbers
from ..api.models import Agent, AgentState, Call, CallDirection, CallStatus, FaxJob, FaxStatus, Queue, Snapshot
from ..coordinator.base import ChangeListener
from ..coordinator.keys import ObjectKey
from ..coordinator.live import CallsCoordinator, QueuesCoordinator, Talks
from ..coordinator.status import FaxesCoordinator
from .attributes import EventAttributes
from .bus import EventBus, EventKind, PbxEvent
from .rings import Rings

type About = dict[str, Any]


class LiveEvents:
    """Compares each answer with the one before."""

    def __init__(self, attributes: EventAttributes, bus: EventBus) -> None:
        self._attributes = attributes
        self._bus = bus
        self._rings = Rings(attributes, bus)
        self._answered: set[str] = set()  # calls: a PBX may say in between what nobody understands

    @callback
    def async_start(
        self, queues: QueuesCoordinator, calls: CallsCoordinator, faxes: FaxesCoordinator
    ) -> tuple[CALLBACK_TYPE, ...]:
        """Fire what changes between polls from now on; returns what unsubscribes."""
        return (
            queues.async_subscribe(_if_compared(partial(self.queues_changed, queues.talks))),
            calls.async_subscribe(_if_compared(self.calls_changed)),
            faxes.async_subscribe(_if_compared(self.faxes_changed)),
        )

    def calls_changed(self, before: Snapshot[Call], after: Snapshot[Call]) -> None:
        """Fire calls that have begun, those that somebody has picked up, and whose phones begin to ring."""
        for call_id in sorted(after.changed, key=int):
            call, old = after.rows[call_id], before.rows.get(call_id)
            about = self._about_call(call)
            if old is None:
                self._fire(EventKind.CALL, "started", about)
            elif _is_answered(old):
                self._answered.add(call_id)
            # Of a queue's call the PBX says that it is connected as soon as the caller hears the music.
            if _is_answered(call) and not call.is_queued and call_id not in self._answered:
                self._fire(EventKind.CALL, "answered", about)
            # One that was put through is connected, to the caller, while it rings; and some are answered between polls.
            if call.direction is CallDirection.INBOUND and (old is None or old.connected_to != call.connected_to):
                self._rings.call_came(call_id, call.connected_to, about)
        self._rings.calls_gone(after.gone)
        self._answered &= after.rows.keys()

    def queues_changed(self, talks: Talks, before: Snapshot[Queue], after: Snapshot[Queue]) -> None:
        """Fire who came into a queue, who was answered, and what agents do."""
        for name in sorted(after.changed):
            if old := before.rows.get(name):
                self._fire_callers(name, after.rows[name], old, talks)
                self._fire_agents(name, after.rows[name], old)
        self._rings.queues_changed(after.rows, before.rows)

    def faxes_changed(self, before: Snapshot[FaxStatus], after: Snapshot[FaxStatus]) -> None:
        """Fire faxes that are new in the queue: how they fare is in the CDR."""
        jobs, old = (Counter(map(_ends, snapshot.rows[""].jobs)) for snapshot in (after, before))
        for to, sender in (jobs - old).elements():
            extension = self._attributes.extension(sender)
            about = {**self._attributes.party(to), "direction": "outbound", "extension": extension}
            self._fire(EventKind.FAX, "queued", about)

    def _fire_callers(self, name: str, queue: Queue, old: Queue, talks: Talks) -> None:
        # A PBX that begins or ceases to say since when is not one whose callers have all come anew.
        timed = all(caller.since for one in (queue, old) for caller in one.callers)
        waiting, waited = (
            Counter((caller.number, caller.since if timed else None) for caller in one.callers) for one in (queue, old)
        )
        for number, since in (waiting - waited).elements():
            self._fire(EventKind.QUEUE, "caller_joined", self._about_caller(name, number, since), name)
        talking: dict[str | None, list[Agent]] = {}
        for agent in queue.agents.values():
            if _newly_connected(agent, old):
                talking.setdefault(phone_numbers.caller_key(agent.connected_to), []).append(agent)
        for number, since in (waited - waiting).elements():
            agents = talking.get(phone_numbers.caller_key(number))
            if not agents:
                # Gave up, or went elsewhere: the CDR will tell.
                continue
            agent = agents.pop(0)
            answered = talks.since.get((agent.auth_id, agent.connected_to))
            wait = round((answered - since).total_seconds()) if answered and since else None
            about = self._about_caller(name, number, None)
            about |= {"extension": self._attributes.extension(agent.auth_id), "wait": wait}
            self._fire(EventKind.QUEUE, "caller_answered", about, name)
            self._fire(EventKind.CALL, "answered", about)

    def _fire_agents(self, name: str, queue: Queue, old: Queue) -> None:
        for auth_id in sorted(queue.agents.keys() | old.agents.keys()):
            for what in _agent_events(queue.agents.get(auth_id), old.agents.get(auth_id)):
                agent = queue.agents.get(auth_id) or old.agents[auth_id]
                extension = self._attributes.extension(auth_id)
                about: About = {"name": agent.name, "extension": extension, "queue": name}
                if what == "agent_paused":
                    about["reason"] = agent.pause_reason
                self._fire(EventKind.QUEUE, what, about, name)

    def _about_call(self, call: Call) -> About:
        other, own = call.caller_id, call.connected_to
        if call.direction is CallDirection.OUTBOUND:
            other, own = call.connected_to, call.extension
        elif call.direction is CallDirection.INTERNAL:
            other = call.extension
        return {
            **self._attributes.party(other),
            "direction": str(call.direction),
            "queue": call.queue,
            "extension": self._attributes.extension(own),
            "time": self._attributes.time(call.started_at),
        }

    def _about_caller(self, queue: str, number: str | None, since: datetime | None) -> About:
        time = self._attributes.time(since) if since else None
        return {**self._attributes.party(number), "direction": "inbound", "queue": queue, "time": time}

    def _fire(self, kind: EventKind, what: str, about: About, queue: str | None = None) -> None:
        time = about.get("time") or self._attributes.time()
        self._bus.async_fire(PbxEvent.of(kind, what, {**about, "time": time}, queue))


def _if_compared[SnapshotT](tell: Callable[[SnapshotT, SnapshotT], None]) -> ChangeListener[SnapshotT]:
    """Return a listener that tells only where there is an answer before."""

    def changed(before: SnapshotT | None, after: SnapshotT | None, _: AbstractSet[ObjectKey]) -> None:
        if before is not None and after is not None:
            tell(before, after)

    return changed


def _is_answered(call: Call) -> bool:
    return call.status is CallStatus.CONNECTED or call.is_queued


def _ends(job: FaxJob) -> tuple[str | None, str | None]:
    return job.to, job.sender


def _newly_connected(agent: Agent, old: Queue) -> bool:
    before = old.agents.get(agent.auth_id)
    if agent.connected_to:
        return before is None or before.connected_to != agent.connected_to
    # A caller without a number leaves the agent with none to show.
    return agent.state is AgentState.ON_CALL and (before is None or before.state is not AgentState.ON_CALL)


def _agent_events(agent: Agent | None, old: Agent | None) -> Iterator[str]:
    if agent is None or old is None:
        yield "agent_logged_out" if agent is None else "agent_logged_in"
    elif agent.paused != old.paused:
        yield "agent_paused" if agent.paused else "agent_resumed"
