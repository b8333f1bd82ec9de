"""Models of the status actions: the office as it is now."""

from collections.abc import Mapping, Sequence, Set as AbstractSet
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from .enums import AgentState, CallDirection, CallStatus, DeviceState, Registration


class Table(NamedTuple):
    """Rows as the PBX sent them, and their ids, in its order; where it is known, which places differ from before.

    Those that `moved` differ as well, but say the same.
    """

    ids: Sequence[str] = ()
    rows: Sequence[dict[str, Any]] = ()
    differing: Sequence[int] | None = None
    moved: Sequence[int] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot[ModelT]:
    """One answer of a status action, and what is new in it against the answer before.

    `rows` holds the models by id; a row that says the same is the very object of the snapshot before.
    `changed` names new and changed ids, `gone` those that the PBX stopped showing. `raw`, `value` (what
    was parsed) and `body` are what the next answer is compared with.
    """

    rows: Mapping[str, ModelT]
    changed: AbstractSet[str] = frozenset()
    gone: AbstractSet[str] = frozenset()
    raw: Table = field(default=Table(), repr=False)
    value: Any = field(default=None, repr=False)
    body: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """A user and the phone that is registered for them (`status.php users`)."""

    auth_id: str
    extension: str
    name: str
    tenant: str
    voicemail_new: int | None = None
    voicemail_old: int | None = None
    registration: Registration = Registration.UNKNOWN
    has_host: bool = False

    @property
    def registered(self) -> bool | None:
        """Whether calls reach the phone; None where the PBX does not watch it."""
        if self.registration in (Registration.OK, Registration.LAGGED):
            return True
        if self.registration is Registration.UNREACHABLE or not self.has_host:
            return False
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Users(Snapshot[User]):
    """All users. Latencies (ms) stand apart from the rows: they move at every poll and are news to few."""

    latencies: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Agent:
    """A member of a queue."""

    auth_id: str
    name: str
    tenant: str
    device_state: DeviceState
    paused: bool
    pause_reason: str | None = None
    paused_since: datetime | None = None
    logged_in_since: datetime | None = None
    last_call_at: datetime | None = None
    call_count: int | None = None
    penalty: int | None = None
    connected_to: str | None = field(default=None, repr=False)

    @property
    def state(self) -> AgentState | None:
        """What the agent can do for a caller; a paused agent's device still reads "not in use"."""
        match self.device_state:
            case DeviceState.IN_USE | DeviceState.BUSY | DeviceState.ON_HOLD:
                return AgentState.ON_CALL
            case DeviceState.RINGING | DeviceState.RING_IN_USE:
                return AgentState.RINGING
            case DeviceState.UNAVAILABLE | DeviceState.INVALID:
                return AgentState.UNREACHABLE
        if self.paused:
            return AgentState.PAUSED
        return AgentState.AVAILABLE if self.device_state is DeviceState.NOT_IN_USE else None


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingCaller:
    """Someone waiting in a queue."""

    number: str | None = field(repr=False)
    priority: int | None
    since: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue:
    """A queue with its agents and callers (`status.php queues`).

    `completed` and `lost` count since the PBX's last reset; `hold_time` is app_queue's moving average.
    """

    name: str
    strategy: str | None
    hold_time: timedelta | None
    waiting: int | None
    completed: int | None
    lost: int | None
    agents: Mapping[str, Agent]
    callers: tuple[WaitingCaller, ...]

    @property
    def waiting_since(self) -> datetime | None:
        """When the caller who has waited longest came in."""
        return min((caller.since for caller in self.callers if caller.since), default=None)

    @property
    def abandon_rate(self) -> float | None:
        """Percentage of callers lost, of those completed and lost; None before the first."""
        if self.lost is None or self.completed is None or not (total := self.lost + self.completed):
            return None
        return 100 * self.lost / total

    @property
    def agents_paused(self) -> int:
        """Count the agents who take a break, also from a phone that is in use or off."""
        return sum(agent.paused for agent in self.agents.values())

    @property
    def is_attended(self) -> bool:
        """Whether somebody is there to take a call. While a call is offered to the free agents, their phones ring."""
        return self.agents_in(AgentState.AVAILABLE) + self.agents_in(AgentState.RINGING) > 0

    def agents_in(self, state: AgentState) -> int:
        """Count the agents in a state."""
        return sum(agent.state is state for agent in self.agents.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A call in progress (`status.php calls`). `extension` and `connected_to` are the PBX's own labels."""

    direction: CallDirection
    status: CallStatus
    started_at: datetime | None
    caller_id: str | None = field(default=None, repr=False)
    extension: str | None = field(default=None, repr=False)
    connected_to: str | None = field(default=None, repr=False)

    @property
    def queue(self) -> str | None:
        """The name of the queue that the call is in."""
        return (self.connected_to or "").removeprefix("Queue:") if self.is_queued else None

    @property
    def is_queued(self) -> bool:
        """Whether the call is at a queue, waiting or talking to one of its agents."""
        return (self.connected_to or "").startswith("Queue:")

    @property
    def is_conference(self) -> bool:
        """Whether the call is in a conference room."""
        return (self.connected_to or "").startswith("Conference:")


@dataclass(frozen=True, slots=True, kw_only=True)
class FaxJob:
    """A fax waiting or under way; `page` and `attempt` are the PBX's own texts ("1/0", "2/5").

    `next_retry` is when the next attempt is due; None where that is now, or one is under way.
    """

    to: str | None = field(repr=False)
    sender: str | None = field(repr=False)
    processing: bool
    page: str | None
    attempt: str | None
    next_retry: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FaxStatus:
    """The fax queue and its counters since the PBX's last reset (`status.php faxes`)."""

    jobs: tuple[FaxJob, ...]
    statistics: Mapping[str, int | None]

    @property
    def queued(self) -> int:
        """Faxes that wait."""
        return len(self.jobs) - self.processing

    @property
    def processing(self) -> int:
        """Faxes under way."""
        return sum(job.processing for job in self.jobs)


@dataclass(frozen=True, slots=True, kw_only=True)
class Conference:
    """A conference room in use; `participants` counts everyone in it, admins included."""

    number: str
    participants: int | None
    admins: int | None
    locked: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProvisionedPhone:
    """A line of a desk phone that fetches its configuration from the PBX (`status.php provisioning`).

    `clock_offset` is how far the PBX's clock was ahead of the zone that its times are read in, when the phone fetched.
    """

    extension: str | None
    mac_address: str | None
    device: str | None
    last_provisioned: datetime | None
    clock_offset: timedelta | None = None
    provisioned: bool | None
    calls_in: int | None
    calls_out: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Campaign:
    """A predictive dialer campaign (`status.php dialer`)."""

    id: str
    name: str
    type: str | None
    status: str | None
    call_ratio: float | None
    max_attempts: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignLog:
    """The tail of a campaign's log (`status.php dialerlogs`); its lines may hold phone numbers."""

    campaign: str
    output: tuple[str, ...] = field(repr=False)
