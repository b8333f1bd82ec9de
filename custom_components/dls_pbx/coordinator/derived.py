"""Models that no row of the PBX says by itself: sums, waits, and who is on the phone."""

from bisect import bisect_left
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final, Self

from ..api.models import Agent, AgentState, Call, CallDirection, CallStatus, Conference, ProvisionedPhone, Queue


class CallState(StrEnum):
    """What a phone is doing; the later one wins where a phone has several calls."""

    IDLE = "idle"
    RINGING = "ringing"
    IN_CALL = "in_call"


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """An agent's work in all of their queues, as far as the PBX says; `last_call` is when it ended."""

    logged_in_since: datetime | None = None
    calls_taken: int | None = None
    last_call: datetime | None = None

    @classmethod
    def of(cls, memberships: Collection[Agent]) -> Self:
        """Return what the queues say together: they log in by queue, and count by queue."""
        counts = [one.call_count for one in memberships if one.call_count is not None]
        return cls(
            logged_in_since=min(filter(None, (one.logged_in_since for one in memberships)), default=None),
            calls_taken=sum(counts) if counts else None,
            last_call=max(filter(None, (one.last_call_at for one in memberships)), default=None),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class RegistrationTotals:
    """How many phones the PBX can reach, and how many it knows it cannot; those it does not watch are in neither."""

    registered: int
    unregistered: int


# A wait is told anew when it is longer than so many seconds: many set an alarm on such a number, to be exceeded. The
# longer it lasts, the less does a minute more tell anybody.
_WAIT_STEPS: Final = (10, 20, 30, 45, 60, 90, 120, 180, 240)
_WIDEST_STEP: Final = 300


def wait_steps(seconds: int) -> int:
    """Return how many steps a wait has exceeded: only with the next one it is news."""
    return bisect_left(_WAIT_STEPS, seconds) + max(seconds - 1, 0) // _WIDEST_STEP


def next_wait_step(seconds: float) -> int:
    """Return at how many seconds a wait will be news again."""
    wide = int(seconds // _WIDEST_STEP) * _WIDEST_STEP
    return 1 + min(step for step in (*_WAIT_STEPS, wide, wide + _WIDEST_STEP) if step and step + 1 > seconds)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait:
    """How many wait, and since when the first of them does."""

    waiting: int | None
    since: datetime | None

    @classmethod
    def of(cls, queues: Iterable[Queue]) -> Wait:
        """Join the waits of queues."""
        waits = list(queues)
        return cls(
            waiting=_sum(queue.waiting for queue in waits),
            since=min((queue.waiting_since for queue in waits if queue.waiting_since), default=None),
        )

    def seconds(self, now: datetime) -> int | None:
        """Return the longest wait: 0 when nobody waits, None when the PBX does not say for how long."""
        if self.waiting == 0:
            return 0
        return max(round((now - self.since).total_seconds()), 0) if self.since else None


@dataclass(frozen=True, slots=True, kw_only=True)
class CallTotals:
    """How many calls go on, by direction."""

    active: int
    inbound: int
    outbound: int
    internal: int
    ringing: int

    @classmethod
    def of(cls, calls: Iterable[Call]) -> CallTotals:
        """Count."""
        found = list(calls)
        directions = [call.direction for call in found]
        return cls(
            active=len(found),
            inbound=directions.count(CallDirection.INBOUND),
            outbound=directions.count(CallDirection.OUTBOUND),
            internal=directions.count(CallDirection.INTERNAL),
            ringing=sum(call.status is CallStatus.RINGING for call in found),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ConferenceTotals:
    """How many people are in conference rooms."""

    participants: int | None

    @classmethod
    def of(cls, conferences: Iterable[Conference]) -> ConferenceTotals:
        """Sum up."""
        return cls(participants=_sum(conference.participants for conference in conferences))


@dataclass(frozen=True, slots=True, kw_only=True)
class Provisioning:
    """A user's provisioned phones as one: the latest fetch, all up to date, calls together.

    `mac_addresses` are those of phones that serve nobody else: a DECT base is no user's own.
    """

    phones: tuple[ProvisionedPhone, ...] = field(repr=False)
    mac_addresses: frozenset[str] = frozenset()

    @property
    def last_provisioned(self) -> datetime | None:
        """When one of them last fetched its configuration."""
        return max((phone.last_provisioned for phone in self.phones if phone.last_provisioned), default=None)

    @property
    def provisioned(self) -> bool | None:
        """Whether all of them are; None where the PBX does not say."""
        states = [phone.provisioned for phone in self.phones]
        return False if False in states else None if None in states else True

    @property
    def calls_in(self) -> int | None:
        """Inbound calls."""
        return _sum(phone.calls_in for phone in self.phones)

    @property
    def calls_out(self) -> int | None:
        """Outbound calls."""
        return _sum(phone.calls_out for phone in self.phones)

    @property
    def model(self) -> str | None:
        """The makes and models ("Yealink W70P")."""
        return ", ".join(dict.fromkeys(phone.device for phone in self.phones if phone.device)) or None


@dataclass(frozen=True, slots=True, kw_only=True)
class ListSize:
    """How many numbers are on a consent list; `name` is its campaign's or tenant's."""

    name: str
    total: int


def _sum(counts: Iterable[int | None]) -> int | None:
    """Add up what is known; of nobody it is 0, and where nothing is known nothing."""
    found = list(counts)
    known = [count for count in found if count is not None]
    return sum(known) if known or not found else None


_AGENT_RANK = {state: rank for rank, state in enumerate(AgentState)}


def joined_state(states: Iterable[AgentState | None]) -> AgentState | None:
    """Join an agent's states in several queues to one: who is free in one queue can take a call."""
    return min((state for state in states if state), key=_AGENT_RANK.__getitem__, default=None)


def agent_states(queues: Iterable[Queue]) -> Mapping[str, AgentState | None]:
    """Join each agent's states in all queues."""
    joined: dict[str, AgentState | None] = {}
    for queue in queues:
        for auth_id, agent in queue.agents.items():
            joined[auth_id] = joined_state((joined.get(auth_id), agent.state))
    return joined


_OF_AGENT = {AgentState.ON_CALL: CallState.IN_CALL, AgentState.RINGING: CallState.RINGING}
_RANK = {state: rank for rank, state in enumerate(CallState)}


def call_states(
    parties: Iterable[tuple[Call, tuple[str | None, str | None]]],
    agents: Mapping[str, AgentState | None],
    *,
    certain: bool,
) -> dict[str, CallState | None]:
    """Say who rings and who talks, by auth ID, from each call's caller and callee; who is not in it is idle.

    A queue's call names the queue and never the agent who took it, so agents come in from the queues. Of one who was
    in such a call when the queues fell silent, nothing is `certain` any more: None, unless a call of their own tells.
    """
    known = [
        (CallState.RINGING if call.status is CallStatus.RINGING else CallState.IN_CALL, who) for call, who in parties
    ]
    # To a queue, a phone that dials is in use like one that talks.
    dialing = {caller for state, (caller, _) in known if state is CallState.RINGING}
    states: dict[str, CallState | None] = {
        auth_id: _OF_AGENT[state] if certain else None
        for auth_id, state in agents.items()
        if state in _OF_AGENT and auth_id not in dialing
    }
    for state, who in known:
        for auth_id in filter(None, who):
            states[auth_id] = max(state, states.get(auth_id) or CallState.IDLE, key=_RANK.__getitem__)
    return states
