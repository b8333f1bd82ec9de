"""Call queues: who waits, who is offered what, who takes it, by the rules of Asterisk's app_queue."""

from collections.abc import Sequence
from functools import partial
from typing import Unpack

from simulator.engine import PbxError
from simulator.models import Agent, Caller, DeviceState, Queue
from simulator.pbx.call import Call, QueueVisit
from simulator.pbx.core import CoreOptions
from simulator.pbx.lines import Lines
from simulator.pbx.queue_state import STRATEGIES, Member, QueueState


class Queues(Lines):
    """The queues: who waits, who is offered what, who takes it."""

    def __init__(self, **options: Unpack[CoreOptions]) -> None:
        super().__init__(**options)
        self._queues: dict[str, QueueState] = {}

    def queues(self) -> Sequence[Queue]:
        """Return every queue."""
        return [
            Queue(
                name=queue.name,
                strategy=queue.strategy,
                hold_time=queue.hold_time,
                completed=queue.completed,
                lost=queue.lost,
                agents=[self._agent(member) for member in queue.members.values()],
                callers=[_caller(call, call.visits[-1]) for call in queue.waiting],
            )
            for queue in self._queues.values()
        ]

    def add_queue(self, name: str, strategy: str = "ringall", *, timeout: int | None = None) -> None:
        """Add an empty queue; after `timeout` seconds a caller is turned away."""
        if name in self._queues:
            raise PbxError(f"Queue {name} already exists")
        if strategy not in STRATEGIES:
            raise PbxError(f"Unknown queue strategy: {strategy}")
        self._queues[name] = QueueState(name=name, strategy=strategy, timeout=timeout)

    def queue_states(self) -> Sequence[QueueState]:
        """Return the queues as they are inside, which costs nothing."""
        return list(self._queues.values())

    def queue(self, name: str) -> QueueState:
        """Return a queue, or raise PbxError."""
        if name not in self._queues:
            raise PbxError(f"Unknown queue: {name}")
        return self._queues[name]

    def log_in_agent(
        self, queue: str, auth_id: str, *, penalty: int = 0, dynamic: bool = True, ring_in_use: bool = False
    ) -> None:
        """Add a member to a queue; a static one can't log out."""
        user, state = self.user(auth_id), self.queue(queue)
        if user.auth_id in state.members:
            raise PbxError(f"Agent {user.auth_id} is already logged in to queue {queue}")
        state.members[user.auth_id] = Member(
            auth_id=user.auth_id,
            logged_in_at=self.now(),
            penalty=penalty,
            dynamic=dynamic,
            ring_in_use=ring_in_use,
        )
        self._offer(state)

    def log_out_agent(self, queue: str | None, auth_id: str) -> None:
        """Take a dynamic member out of a queue, or out of all."""
        for state, member in self._memberships(queue, auth_id):
            if not member.dynamic:
                raise PbxError(f"Agent {member.auth_id} is a static member of queue {state.name}")
            del state.members[member.auth_id]
            self._stop_offers(state, member.auth_id)

    def pause_agent(self, queue: str | None, auth_id: str, reason: str = "") -> None:
        """Pause a member in a queue, or in all."""
        for state, member in self._memberships(queue, auth_id):
            member.paused, member.pause_reason, member.paused_at = True, reason or None, self.now()
            self._stop_offers(state, member.auth_id)

    def resume_agent(self, queue: str | None, auth_id: str) -> None:
        """End a member's pause in a queue, or in all."""
        for state, member in self._memberships(queue, auth_id):
            member.paused, member.pause_reason, member.paused_at = False, None, None
            self._offer(state)

    def remove_extension(self, auth_id: str) -> None:
        """Remove a user, who is no agent any more either."""
        user = self.user(auth_id)
        for queue in self._queues.values():
            if queue.members.pop(user.auth_id, None):
                self._stop_offers(queue, user.auth_id)
        super().remove_extension(user.auth_id)

    def reset_counters(self) -> None:
        """Forget what was counted, as a restart of the PBX does."""
        super().reset_counters()
        for queue in self._queues.values():
            queue.completed = queue.lost = queue.hold_time = 0
            for member in queue.members.values():
                member.call_count, member.last_call_at = 0, None

    def _memberships(self, queue: str | None, auth_id: str) -> list[tuple[QueueState, Member]]:
        user = self.user(auth_id)
        states = [self.queue(queue)] if queue is not None else self._queues.values()
        found = [(state, state.members[user.auth_id]) for state in states if user.auth_id in state.members]
        if not found:
            raise PbxError(f"Agent {user.auth_id} is not logged in to {f'queue {queue}' if queue else 'any queue'}")
        return found

    def _agent(self, member: Member) -> Agent:
        user = self._users[member.auth_id]
        return Agent(
            auth_id=member.auth_id,
            name=user.name,
            tenant=user.tenant,
            tenant_id=self.tenants[user.tenant],
            device_state=self.device_state(member.auth_id),
            paused=member.paused,
            pause_reason=member.pause_reason,
            paused_at=member.paused_at,
            logged_in_at=member.logged_in_at,
            last_call_at=member.last_call_at,
            call_count=member.call_count,
            penalty=member.penalty,
            dynamic=member.dynamic,
            ring_in_use=member.ring_in_use,
            in_call=member.in_call,
            connected_to=self.other_party(member.auth_id),
        )

    def _join(self, call: Call, queue: QueueState, priority: int) -> None:
        """Let a caller in; the PBX answers, whether or not anybody talks."""
        call.answered_at = call.answered_at or self.now()
        visit = QueueVisit(queue=queue.name, joined_at=self.now(), priority=priority)
        call.visits.append(visit)
        place = sum(other.visits[-1].priority >= priority for other in queue.waiting)
        queue.waiting.insert(place, call)
        if queue.timeout is not None:
            self.after(queue.timeout, partial(self._time_out, call, visit))
        self._offer(queue)

    def _take(self, call: Call, visit: QueueVisit, auth_id: str) -> None:
        """Let an agent take a waiting call."""
        queue = self._queues[visit.queue]
        visit.taken_at, visit.agent = self.now(), auth_id
        call.recorded = True
        queue.count_hold(visit.hold)
        queue.waiting.remove(call)
        queue.members[auth_id].in_call = True

    def _leave(self, call: Call, visit: QueueVisit) -> None:
        """Count a call that leaves its queue: completed if somebody talked, else lost."""
        visit.left_at = self.now()
        queue = self._queues.get(visit.queue)
        if queue is None:
            return
        if visit.taken_at is None:
            queue.waiting.remove(call)
            queue.lost += 1
            return
        queue.completed += 1
        if member := queue.members.get(visit.agent):
            member.call_count, member.last_call_at, member.in_call = member.call_count + 1, self.now(), False

    def _time_out(self, call: Call, visit: QueueVisit) -> None:
        if visit.left_at is None and visit.taken_at is None:
            self._overflow(call)

    def _overflow(self, call: Call) -> None:
        """Turn a caller away who has waited too long; the switchboard knows where to."""

    def _freed(self, auth_id: str) -> None:
        for queue in self._queues.values():
            if auth_id in queue.members:
                self._offer(queue)

    def _offer(self, queue: QueueState) -> None:
        """Ring free agents for those who wait, first come, first served."""
        for call in tuple(queue.waiting):
            if call.ringing and queue.strategy != "ringall":
                continue
            free = [member for member in queue.members.values() if self._can_take(member)]
            if not free:
                return
            self._ring_agents(queue, call, free)

    def _can_take(self, member: Member) -> bool:
        state = self.device_state(member.auth_id)
        return not member.paused and (
            state is DeviceState.NOT_IN_USE or (member.ring_in_use and state is DeviceState.IN_USE)
        )

    def _ring_agents(self, queue: QueueState, call: Call, free: list[Member]) -> None:
        lowest = min(member.penalty for member in free)
        agents = [member for member in free if member.penalty == lowest]
        if queue.strategy == "ringall":
            for member in agents:
                self._ring(call, member.auth_id)
            return
        if not (fresh := [member for member in agents if member.auth_id not in call.tried]):
            call.tried.clear()
            fresh = agents
        auth_id = queue.choose(fresh, self.rng).auth_id
        queue.last_rung = auth_id
        self._ring(call, auth_id)
        self.after(queue.ring_seconds, partial(self._no_answer, queue, call, auth_id, len(call.visits)))

    def _no_answer(self, queue: QueueState, call: Call, auth_id: str, stay: int) -> None:
        """Give up on an agent who lets it ring, and try the next."""
        visit = call.visit
        if visit and len(call.visits) == stay and visit.taken_at is None and auth_id in call.ringing:
            call.tried.add(auth_id)
            self._silence(call, auth_id)
            self._offer(queue)

    def _stop_offers(self, queue: QueueState, auth_id: str) -> None:
        for call in tuple(queue.waiting):
            if auth_id in call.ringing:
                self._silence(call, auth_id)
        self._offer(queue)


def _caller(call: Call, visit: QueueVisit) -> Caller:
    number = call.number or (call.dialing_user.ext if call.dialing_user else "")
    return Caller(number=number, priority=visit.priority, joined_at=visit.joined_at)
