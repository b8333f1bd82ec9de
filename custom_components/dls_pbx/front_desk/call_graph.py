"""Call graph of who is in which queues and calls: what the answers of several actions say together of one agent."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set as AbstractSet
from typing import Any, NamedTuple

from .. import phone_numbers
from ..api.models import Agent, AgentState, Call, CallDirection, Queue

# Returns the auth ID of the user whom a label of the PBX means.
type Find = Callable[[str | None], str | None]


class Engagement(NamedTuple):
    """The call that someone is in, and the PBX's label of the other end."""

    call: Call
    other: str | None


class Ends(NamedTuple):
    """The auth IDs of the users at a call's two ends."""

    caller: str | None
    callee: str | None


class CallGraph:
    """Joins queues, agents and calls, and tells whom a change touches."""

    def __init__(self) -> None:
        self.queues: Mapping[str, Queue] = {}
        self.calls: Mapping[str, Call] = {}
        self.ends: Mapping[str, Ends] = {}  # by call
        self.member_of: dict[str, dict[str, Agent]] = {}  # by auth ID and queue
        self.engaged: Mapping[str, Engagement] = {}  # by auth ID
        self._talking: dict[str, Mapping[str | None, Sequence[str]]] = {}  # auth IDs by queue and caller

    def set_queues(self, queues: Mapping[str, Queue], changed: Iterable[str], find: Find) -> set[str]:
        """Take over queues, of which some have changed, come or gone; returns the agents for whom that is news."""
        before, self.queues = self.queues, queues
        touched: set[str] = set()
        for name in changed:
            old, new = (rows[name].agents if name in rows else {} for rows in (before, queues))
            self._talking[name] = _talking(new.values(), find)
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

    def set_calls(self, calls: Mapping[str, Call], find: Find) -> tuple[set[str], set[str]]:
        """Take over all calls; returns those and the agents for whom that is news, whose ends have other users say."""
        agents = self._agents()
        ends = {call_id: _ends(call, find, agents) for call_id, call in calls.items()}
        engaged = {
            auth_id: Engagement(call, other)
            for call_id, call in calls.items()
            for auth_id, other in zip(ends[call_id], _others(call), strict=True)
            if auth_id
        }
        touched = differing(self.ends, ends), differing(self.engaged, engaged)
        self.calls, self.ends, self.engaged = calls, ends, engaged
        return touched

    def _agents(self) -> Callable[[str, str | None], str | None]:
        """Return what names the agents who talk to a queue's callers of a key, each of them once."""
        left: dict[tuple[str, str | None], Iterator[str]] = {}

        def agent(queue: str, caller: str | None) -> str | None:
            talking: Sequence[str] = self._talking.get(queue, {}).get(caller, ())
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


def _ends(call: Call, find: Find, agent: Callable[[str, str | None], str | None]) -> Ends:
    """Name both ends. A queue's call never says who took it, but the queue says with whom its agents speak."""
    callee = find(call.connected_to)
    if callee is None and call.queue and (calling := call.extension or call.caller_id):
        callee = agent(call.queue, _caller(calling, find))
    return Ends(find(call.extension), callee)


def _talking(agents: Iterable[Agent], find: Find) -> Mapping[str | None, Sequence[str]]:
    """Sort the agents who are on a call by whom they talk to."""
    found: defaultdict[str | None, list[str]] = defaultdict(list)
    for agent in agents:
        if agent.state is AgentState.ON_CALL:
            found[_caller(agent.connected_to, find)].append(agent.auth_id)
    return found


def _caller(label: str | None, find: Find) -> str | None:
    """Return by what a caller is known again at the agent who talks to them: a user by their auth ID."""
    return find(label) or phone_numbers.caller_key(label)


def differing(before: Mapping[str, Any], after: Mapping[str, Any]) -> set[str]:
    """Return the keys under which something else is, or nothing any more."""
    either: AbstractSet[str] = before.keys() | after.keys()
    return {key for key in either if before.get(key) != after.get(key)}
