"""Call graph of who is in which queues and calls: what the answers of several actions say together of one agent."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set as AbstractSet
from datetime import datetime
from typing import Any, NamedTuple

from .. import phone_numbers
from ..api.models import Agent, AgentState, Call, CallDirection, Queue
from ..coordinator.live import Talk

# Returns the auth ID of the user whom a label of the PBX means.
type Find = Callable[[str | None], str | None]


class Engagement(NamedTuple):
    """The call that someone is in, the PBX's label of the other end, and when the call was answered."""

    call: Call
    other: str | None
    answered_at: datetime | None


class Parties(NamedTuple):
    """The auth IDs of the users at a call's two ends, when it was answered, and whether it still waits in a queue."""

    caller: str | None
    callee: str | None
    answered_at: datetime | None = None
    waits: bool = False


class CallGraph:
    """Joins queues, agents and calls, and tells whom a change touches."""

    def __init__(self) -> None:
        self.queues: Mapping[str, Queue] = {}
        self.calls: Mapping[str, Call] = {}
        self.parties: Mapping[str, Parties] = {}  # by call
        self.member_of: dict[str, dict[str, Agent]] = {}  # by auth ID and queue
        self.engaged: Mapping[str, Engagement] = {}  # by auth ID
        self._talking: dict[str, Mapping[str | None, Sequence[Agent]]] = {}  # by queue and caller
        self._waiting: dict[str, AbstractSet[str | None]] = {}  # callers by queue

    def set_queues(self, queues: Mapping[str, Queue], changed: Iterable[str], find: Find) -> set[str]:
        """Take over queues, of which some have changed, come or gone; returns the agents for whom that is news."""
        before, self.queues = self.queues, queues
        touched: set[str] = set()
        for name in changed:
            old, new = (rows[name].agents if name in rows else {} for rows in (before, queues))
            self._talking[name] = _talking(new.values(), find)
            callers = queues[name].callers if name in queues else ()
            self._waiting[name] = {_caller(caller.number, find) for caller in callers}
            for auth_id in differing(old, new):
                self._join(auth_id, name, new.get(auth_id))
                touched.add(auth_id)
        return touched

    def _join(self, auth_id: str, queue: str, agent: Agent | None) -> None:
        queues = self.member_of.setdefault(auth_id, {})
        if agent:
            queues[queue] = agent
        else:
            queues.pop(queue, None)
        if not queues:
            del self.member_of[auth_id]

    def set_calls(
        self,
        calls: Mapping[str, Call],
        find: Find,
        answers: Mapping[str, datetime],
        talks: Mapping[Talk, datetime],
    ) -> tuple[set[str], set[str]]:
        """Take over all calls, and when they were answered, by themselves and by queues' agents and the other ends.

        Returns the calls and agents for whom other users' being at their ends, or talking, is news.
        """
        agents = self._agents()
        parties: dict[str, Parties] = {}
        engaged: dict[str, Engagement] = {}
        for call_id, call in calls.items():
            callee, answered_at, waits = find(call.connected_to), answers.get(call_id), False
            if call.queue and callee is None:
                who = _caller(call.extension or call.caller_id, find)
                if agent := agents(call.queue, who):
                    callee, answered_at = agent.auth_id, talks.get((agent.auth_id, agent.connected_to))
                else:
                    waits = who in self._waiting.get(call.queue, ())
            ends = find(call.extension), callee
            parties[call_id] = Parties(*ends, answered_at, waits)
            for auth_id, other in zip(ends, _others(call), strict=True):
                if auth_id:
                    engaged[auth_id] = Engagement(call, other, answered_at)
        touched = differing(self.parties, parties), differing(self.engaged, engaged)
        self.calls, self.parties, self.engaged = calls, parties, engaged
        return touched

    def _agents(self) -> Callable[[str, str | None], Agent | None]:
        """Return what finds the agent who talks to a queue's caller, each of them once."""
        left: dict[tuple[str, str | None], Iterator[Agent]] = {}

        def agent(queue: str, caller: str | None) -> Agent | None:
            # An agent who is on a call of no name may be on any.
            talking: Sequence[Agent] = self._talking.get(queue, {}).get(caller, ()) if caller else ()
            return next(left.setdefault((queue, caller), iter(talking)), None)

        return agent


def outside(call: Call) -> tuple[bool, str | None]:
    """Return whether a call has a party who is no user, and the PBX's label of them."""
    if call.direction is CallDirection.INTERNAL:
        return False, None
    return True, call.connected_to if call.direction is CallDirection.OUTBOUND else call.caller_id


def _others(call: Call) -> tuple[str | None, str | None]:
    """Return whom the caller speaks to, and whom the callee does."""
    return call.connected_to, call.extension or call.caller_id


def _talking(agents: Iterable[Agent], find: Find) -> Mapping[str | None, Sequence[Agent]]:
    """Sort the agents who are on a call by whom they talk to."""
    found: defaultdict[str | None, list[Agent]] = defaultdict(list)
    for agent in agents:
        if agent.state is AgentState.ON_CALL:
            found[_caller(agent.connected_to, find)].append(agent)
    return found


def _caller(label: str | None, find: Find) -> str | None:
    """Return by what a caller is known again at the agent who talks to them: a user by their auth ID."""
    return find(label) or phone_numbers.caller_key(label)


def differing(before: Mapping[str, Any], after: Mapping[str, Any]) -> set[str]:
    """Return the keys under which something else is, or nothing any more."""
    either: AbstractSet[str] = before.keys() | after.keys()
    return {key for key in either if before.get(key) != after.get(key)}
