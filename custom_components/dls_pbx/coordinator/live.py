"""Live coordinators: queues and calls, where seconds count and the tempo follows what goes on."""

from collections.abc import Callable, Collection, Mapping, Set as AbstractSet
from datetime import datetime, timedelta
from typing import Final, override

from homeassistant.core import CALLBACK_TYPE, callback
from homeassistant.helpers.event import async_call_later
from homeassistant.util import dt as dt_util

from ..api.models import Agent, AgentState, Call, CallStatus, Queue, Snapshot
from .base import Connection, ObjectCoordinator, StatusCoordinator
from .derived import CallState, CallTotals, Service, Wait, agent_states, call_states, next_wait_step
from .keys import PBX, Action, ObjectKey, ObjectKind
from .onsets import Onsets
from .status import UsersCoordinator

# While someone waits or there are calls, seconds count: a change has to show within five.
LIVE_INTERVAL: Final = timedelta(seconds=5)

_WAIT_OF_PBX: Final = ObjectKey(ObjectKind.PBX, aspect="wait")
_WAIT_OF_QUEUE: Final = ObjectKey(ObjectKind.QUEUE, aspect="wait")
# Since when agents talk: by their auth IDs, and the PBX's labels of the other ends.
type Talk = tuple[str, str | None]
Talks = Onsets[Talk]
AGENTS: Final = ObjectKey(ObjectKind.PHONE, aspect="agents")
# Never among the models, but among what changed: calls at queues, and in conference rooms.
QUEUED: Final = ObjectKey(ObjectKind.QUEUE, aspect="calls")
CONFERRING: Final = ObjectKey(ObjectKind.CONFERENCE, aspect="calls")


class QueuesCoordinator(ObjectCoordinator[Snapshot[Queue]]):
    """Queues with their agents and callers."""

    action = Action.QUEUES
    interval = timedelta(seconds=15)
    kind = ObjectKind.QUEUE

    def __init__(self, connection: Connection, users: UsersCoordinator, adapt_tempo: Callable[[], None]) -> None:
        super().__init__(connection)
        self._users = users
        self._adapt_tempo = adapt_tempo
        self._stop_clock: CALLBACK_TYPE = lambda: None
        # Another one by then.
        self.config_entry.async_on_unload(lambda: self._stop_clock())  # noqa: PLW0108
        self.talks = Talks()

    @property
    def names(self) -> Collection[str]:
        """The names of the queues, as far as the PBX has told any."""
        return self.snapshot.rows if self.snapshot else ()

    @override
    async def _fetch(self, before: Snapshot[Queue] | None) -> Snapshot[Queue]:
        return await self.client.queues(before)

    @override
    def _apply(self, snapshot: Snapshot[Queue], before: Snapshot[Queue] | None) -> None:
        super()._apply(snapshot, before)
        if snapshot.changed or snapshot.gone or PBX not in self.data:
            queues = snapshot.rows.values()
            self._set(PBX, Wait.of(queues))
            self._set(_WAIT_OF_PBX, {"": self.data[PBX]})
            self._set(_WAIT_OF_QUEUE, {queue.name: Wait.of([queue]) for queue in queues})
            self._set_agents(agent_states(queues))
            agents = (agent for queue in queues for agent in queue.agents.values())
            self.talks.found({(one.auth_id, one.connected_to) for one in agents if one.state is AgentState.ON_CALL})

    @callback
    def async_calls_changed(self) -> None:
        """Look at once: a call has come to a queue, or gone."""
        if self.update_interval != LIVE_INTERVAL:
            self.async_look_now()

    @property
    def agents(self) -> Mapping[str, AgentState | None]:
        """What each agent can do for a caller, by auth ID; the last word of the PBX, if it does not answer now."""
        agents: Mapping[str, AgentState | None] = self.data.get(AGENTS, {})
        return agents

    @property
    def service(self) -> Mapping[str, Service]:
        """What the queues say of each agent's work, by auth ID."""
        found: dict[str, list[Agent]] = {}
        for queue in self.snapshot.rows.values() if self.snapshot else ():
            for auth_id, agent in queue.agents.items():
                found.setdefault(auth_id, []).append(agent)
        return {auth_id: Service.of(agents) for auth_id, agents in found.items()}

    def _set_agents(self, agents: Mapping[str, AgentState | None]) -> None:
        """Tell the agents' phones. Who logs out vanishes from the queues, but will be back: unknown, not gone."""
        for auth_id in filter(self._users.tracks, self.data.get(AGENTS, {}).keys() | agents.keys()):
            self._set(ObjectKey(ObjectKind.PHONE, auth_id), agents.get(auth_id))
        self._set(AGENTS, agents)

    @override
    def _polled(self) -> None:
        self.talks.looked()
        self._follow_waits()
        # Here and not in a listener: Home Assistant schedules the next poll before it calls those.
        self._adapt_tempo()

    @callback
    def _follow_waits(self) -> None:
        """Tell of waits, which grow by themselves, and again when one gets to its next step."""
        self._stop_clock()
        now = dt_util.utcnow()
        ages = [(now - wait.since).total_seconds() for wait in self.data[_WAIT_OF_QUEUE].values() if wait.since]
        if ages:
            self._changed |= {_WAIT_OF_PBX, _WAIT_OF_QUEUE}
            self._stop_clock = async_call_later(
                self.hass, min(next_wait_step(age) - age for age in ages), self._wait_grown
            )

    @callback
    def _wait_grown(self, _: datetime) -> None:
        self._stop_clock = lambda: None
        self._follow_waits()
        self.async_update_listeners()


class CallsCoordinator(StatusCoordinator[Snapshot[Call]]):
    """Calls in progress, and what each phone does."""

    action = Action.CALLS
    interval = timedelta(seconds=15)

    def __init__(
        self,
        connection: Connection,
        users: UsersCoordinator,
        queues: QueuesCoordinator,
        adapt_tempo: Callable[[], None],
    ) -> None:
        super().__init__(connection)
        self._users = users
        self._queues = queues
        self._adapt_tempo = adapt_tempo
        self._states: Mapping[str, CallState | None] = {}
        self._phones: frozenset[str] = frozenset()
        self._placed: dict[ObjectKey, AbstractSet[str]] = {}
        # By call. One to a queue is missing: the PBX calls it connected while the caller hears music.
        self.answers = Onsets[str]()

    @override
    async def _fetch(self, before: Snapshot[Call] | None) -> Snapshot[Call]:
        return await self.client.calls(before)

    @override
    def _apply(self, snapshot: Snapshot[Call], before: Snapshot[Call] | None) -> None:
        if snapshot.changed or snapshot.gone or before is None:
            self._set(PBX, CallTotals.of(snapshot.rows.values()))
            self._set_phones()
            self._place(QUEUED, {key for key, call in snapshot.rows.items() if call.is_queued})
            self._place(CONFERRING, {key for key, call in snapshot.rows.items() if call.is_conference})
            self.answers.found({key for key, call in snapshot.rows.items() if _is_answered(call)})

    @override
    def _polled(self) -> None:
        self.answers.looked()
        self._adapt_tempo()

    def _place(self, where: ObjectKey, calls: AbstractSet[str]) -> None:
        """Note which calls are somewhere; it is news to those who ask what goes on there."""
        if calls != self._placed.get(where, frozenset()):
            self._placed[where] = calls
            self._changed.add(where)

    def _set_phones(self) -> None:
        """Tell the phones whose state changed; a phone without a call is idle."""
        find, tracked = self._users.directory.auth_id, self._users.tracked
        calls = self.snapshot.rows.values() if self.snapshot else ()
        parties = [(call, (find(call.extension), find(call.connected_to))) for call in calls]
        certain = self._queues.last_update_success
        before, self._states = self._states, call_states(parties, self._queues.agents, certain=certain)
        if tracked != self._phones:
            self._follow_users(tracked)
        for auth_id in self._phones & {auth_id for auth_id, _ in before.items() ^ self._states.items()}:
            self._set_state(auth_id)

    def _follow_users(self, tracked: frozenset[str]) -> None:
        """Have a state for each phone that there is."""
        for auth_id in sorted(self._phones - tracked):
            self._drop(ObjectKey(ObjectKind.PHONE, auth_id))
        for auth_id in sorted(tracked - self._phones):
            self._set_state(auth_id)
        self._phones = tracked

    def _set_state(self, auth_id: str) -> None:
        self._set(ObjectKey(ObjectKind.PHONE, auth_id), self._states.get(auth_id, CallState.IDLE))

    @property
    def tells_of_rooms(self) -> bool | None:
        """Whether somebody is in a conference room; None while calls are asked too rarely to go by."""
        if self.update_interval != LIVE_INTERVAL or not self.last_update_success:
            return None
        return bool(self._placed.get(CONFERRING))

    @callback
    def async_parties_changed(self) -> None:
        """Take over what users and queues know: a queue's call never names the agent who took it."""
        if self.snapshot:
            self._set_phones()
            self.async_update_listeners()


def _is_answered(call: Call) -> bool:
    return call.status is CallStatus.CONNECTED and not call.is_queued
