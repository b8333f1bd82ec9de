"""What is seen only while it lasts: events made of the differences between two polls.

What was so already at the first poll is bearings, not news; what comes and goes between two polls is not seen. The
CDR tells how calls ended (records/calls.py).
"""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from homeassistant.core import HomeAssistant, callback
from homeassistant.util import dt as dt_util

from . import telephone
from .api.models import Agent, AgentState, Call, CallDirection, CallStatus, FaxJob, FaxStatus, Queue, Snapshot
from .happenings import Happening, Kind
from .parties import Parties
from .runtime import DlsPbxConfigEntry

type About = dict[str, Any]


@callback
def async_watch(hass: HomeAssistant, entry: DlsPbxConfigEntry) -> None:
    """Tell what changes between polls from now on."""
    data = entry.runtime_data
    live = LiveEvents(Parties(hass, entry), data.happenings.async_tell)
    data.queues.async_watch(live.queues_changed)
    data.calls.async_watch(live.calls_changed)
    data.faxes.async_watch(live.faxes_changed)


class LiveEvents:
    """Compares each answer with the one before."""

    def __init__(self, parties: Parties, tell: Callable[[Happening], None]) -> None:
        self._parties = parties
        self._tell_happening = tell

    def calls_changed(self, after: Snapshot[Call], before: Snapshot[Call]) -> None:
        """Tell calls that have begun, and those that somebody has picked up."""
        for call_id in sorted(after.changed, key=int):
            call, old = after.rows[call_id], before.rows.get(call_id)
            about = self._about_call(call)
            if old is None:
                self._tell(Kind.CALL, "started", about)
            # Of a queue's call the PBX says that it is connected as soon as the caller hears the music.
            if call.status is CallStatus.CONNECTED and not call.is_queued and not _was_answered(old):
                self._tell(Kind.CALL, "answered", about)

    def queues_changed(self, after: Snapshot[Queue], before: Snapshot[Queue]) -> None:
        """Tell who came into a queue, who was answered, and what agents do."""
        for name in sorted(after.changed):
            if old := before.rows.get(name):
                self._tell_callers(name, after.rows[name], old)
                self._tell_agents(name, after.rows[name], old)

    def faxes_changed(self, after: Snapshot[FaxStatus], before: Snapshot[FaxStatus]) -> None:
        """Tell faxes that are new in the queue: how they fare is in the CDR."""
        jobs, old = (Counter(map(_ends, snapshot.rows[""].jobs)) for snapshot in (after, before))
        for to, sender in (jobs - old).elements():
            extension = self._parties.extension(sender)
            about = {**self._parties.attributes(to), "direction": "outbound", "extension": extension}
            self._tell(Kind.FAX, "queued", about)

    def _tell_callers(self, name: str, queue: Queue, old: Queue) -> None:
        # A PBX that begins or ceases to say since when is not one whose callers have all come anew.
        timed = all(caller.since for one in (queue, old) for caller in one.callers)
        waiting, waited = (
            Counter((caller.number, caller.since if timed else None) for caller in one.callers) for one in (queue, old)
        )
        for number, since in (waiting - waited).elements():
            self._tell(Kind.QUEUE, "caller_joined", self._about_caller(name, number, since), name)
        talking = [agent for agent in queue.agents.values() if _newly_connected(agent, old)]
        for number, since in (waited - waiting).elements():
            agent = next((agent for agent in talking if telephone.same_caller(agent.connected_to, number)), None)
            if agent is None:
                # Gave up, or went elsewhere: the CDR will tell.
                continue
            talking.remove(agent)
            wait = round((dt_util.utcnow() - since).total_seconds()) if since else None
            about = self._about_caller(name, number, None)
            about |= {"extension": self._parties.extension(agent.auth_id), "wait": wait}
            self._tell(Kind.QUEUE, "caller_answered", about, name)
            self._tell(Kind.CALL, "answered", about)

    def _tell_agents(self, name: str, queue: Queue, old: Queue) -> None:
        for auth_id in sorted(queue.agents.keys() | old.agents.keys()):
            for what in _agent_events(queue.agents.get(auth_id), old.agents.get(auth_id)):
                agent = queue.agents.get(auth_id) or old.agents[auth_id]
                extension = self._parties.extension(auth_id)
                self._tell(Kind.QUEUE, what, {"name": agent.name, "extension": extension, "queue": name}, name)

    def _about_call(self, call: Call) -> About:
        other, own = call.caller_id, call.connected_to
        if call.direction is CallDirection.OUTBOUND:
            other, own = call.connected_to, call.extension
        elif call.direction is CallDirection.INTERNAL:
            other = call.extension
        return {
            **self._parties.attributes(other),
            "direction": str(call.direction),
            "queue": call.queue,
            "extension": self._parties.extension(own),
            "time": self._parties.time(call.started_at),
        }

    def _about_caller(self, queue: str, number: str | None, since: datetime | None) -> About:
        time = self._parties.time(since) if since else None
        return {**self._parties.attributes(number), "direction": "inbound", "queue": queue, "time": time}

    def _tell(self, kind: Kind, what: str, about: About, queue: str | None = None) -> None:
        time = about.get("time") or self._parties.time()
        self._tell_happening(Happening.of(kind, what, {**about, "time": time}, queue))


def _was_answered(call: Call | None) -> bool:
    return call is not None and (call.status is CallStatus.CONNECTED or call.is_queued)


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
