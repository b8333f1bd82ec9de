"""Call graph of who is in which queues and calls: what the answers of several actions say together of one agent."""

from collections.abc import Callable, Iterable, Mapping, Set as AbstractSet
from typing import Any, NamedTuple

from .. import phone_numbers
from ..api.models import Agent, AgentState, Call, CallDirection, Queue


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

    def set_queues(self, queues: Mapping[str, Queue], changed: Iterable[str]) -> set[str]:
        """Take over queues, of which some have changed, come or gone; returns the agents for whom that is news."""
        before, self.queues = self.queues, queues
        touched: set[str] = set()
        for name in changed:
            old, new = (rows[name].agents if name in rows else {} for rows in (before, queues))
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
        self, calls: Mapping[str, Call], find: Callable[[str | None], str | None]
    ) -> tuple[set[str], set[str]]:
        """Take over all calls; returns those and the agents for whom that is news, whose ends have other users say."""
        ends = {call_id: self._ends(call, find) for call_id, call in calls.items()}
        engaged = {
            auth_id: Engagement(call, other)
            for call_id, call in calls.items()
            for auth_id, other in zip(ends[call_id], _others(call), strict=True)
            if auth_id
        }
        touched = differing(self.ends, ends), differing(self.engaged, engaged)
        self.calls, self.ends, self.engaged = calls, ends, engaged
        return touched

    def _ends(self, call: Call, find: Callable[[str | None], str | None]) -> Ends:
        """Name both ends. A queue's call never says who took it, but the queue says with whom its agents speak."""
        callee = find(call.connected_to)
        if callee is None and call.caller_id and (queue := self.queues.get(call.queue or "")):
            callee = next((one.auth_id for one in queue.agents.values() if _talks_to(one, call.caller_id)), None)
        return Ends(find(call.extension), callee)


def outside(call: Call) -> tuple[bool, str | None]:
    """Return whether a call has a party who is no user, and the PBX's label of them."""
    if call.direction is CallDirection.INTERNAL:
        return False, None
    return True, call.connected_to if call.direction is CallDirection.OUTBOUND else call.caller_id


def _others(call: Call) -> tuple[str | None, str | None]:
    """Return whom the caller speaks to, and whom the callee does."""
    return call.connected_to, call.extension or call.caller_id


def _talks_to(agent: Agent, number: str) -> bool:
    return agent.state is AgentState.ON_CALL and phone_numbers.same_caller(agent.connected_to, number)


def differing(before: Mapping[str, Any], after: Mapping[str, Any]) -> set[str]:
    """Return the keys under which something else is, or nothing any more."""
    either: AbstractSet[str] = before.keys() | after.keys()
    return {key for key in either if before.get(key) != after.get(key)}
