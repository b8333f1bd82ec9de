"""Rows that `dls_pbx/subscribe` sends. `www/data/subscribe-types.js` explains each field.

Times are ISO 8601 with a zone; None = the PBX does not say.
"""

from enum import StrEnum
from typing import Final, TypedDict

from ..api.models import AgentState, CallDirection
from ..coordinator.derived import CallState


class LiveStatus(StrEnum):
    """What a call is to people; to the PBX one that waits in a queue is connected."""

    WAITING = "waiting"
    RINGING = "ringing"
    CONNECTED = "connected"


class CallerRow(TypedDict):
    """Someone who waits in a queue."""

    number: str
    tel: str | None
    name: str | None
    vip: bool
    priority: int | None
    since: str | None


class QueueRow(TypedDict):
    """A queue, by its id at the PBX."""

    name: str
    waiting: int | None
    waiting_since: str | None
    callers: list[CallerRow]
    agents_logged_in: int | None
    agents_available: int | None
    agents_on_call: int | None
    agents_paused: int | None
    service_level: float | None
    service_level_goal: float
    calls_today: int | None
    missed_calls_today: int | None
    abandoned_calls_today: int | None
    device_id: str | None


class AgentRow(TypedDict):
    """An agent of some queues, by auth ID; figures of their work are there only where the options ask for them."""

    name: str
    extension: str | None
    state: AgentState | None
    queues: list[str]
    paused: bool
    pause_reason: str | None
    paused_since: str | None
    since: str | None
    answered: str | None
    connected_to: str | None
    answered_today: int | None
    missed_today: int | None
    talk_today: int | None
    last_call: str | None


class CallRow(TypedDict):
    """A call in progress, by an id of our own."""

    direction: CallDirection
    status: LiveStatus | None
    since: str | None
    answered: str | None
    number: str | None
    tel: str | None
    name: str | None
    vip: bool
    queue: str | None
    caller: str | None
    callee: str | None


class PhoneRow(TypedDict):
    """A phone, by its user's auth ID."""

    name: str
    extension: str
    tenant: str
    state: CallState | None
    registered: bool | None
    voicemail_new: int | None
    device_id: str | None


class MissedRow(TypedDict):
    """A caller who is owed a call, by the id of the to-do item; `texted` is None unless it was after their last try."""

    number: str
    tel: str | None
    name: str | None
    vip: bool
    first: str
    last: str
    calls: int
    queues: list[str]
    voicemail: bool
    note: str | None
    owner: str | None
    texted: str | None


class LastMessage(TypedDict):
    """The newest text of a conversation."""

    direction: str
    text: str
    time: str | None
    status: str | None


class ConversationRow(TypedDict):
    """A conversation, by the number or auth ID at its other end. `opted_out` is None where nobody can tell."""

    id: str
    number: str
    tel: str | None
    name: str | None
    vip: bool
    own_number: str | None
    last: LastMessage
    unanswered: bool
    opted_out: bool | None


class FaxState(StrEnum):
    """How a fax fares: the first two are in the PBX's queue, the others are over."""

    QUEUED = "queued"
    PROCESSING = "processing"
    SENT = "sent"
    FAILED = "failed"
    RECEIVED = "received"


# In this spelling, since `from` is a word of Python.
FaxRow = TypedDict(
    "FaxRow",
    {
        "to": str | None,
        "from": str | None,
        "status": FaxState,
        "page": str | None,
        "attempt": str | None,
        "next_retry": str | None,
        "time": str | None,
        "tel": str | None,
        "name": str | None,
    },
)
FaxRow.__doc__ = (
    "A fax in the queue or of today, by an id of our own or of its call; `tel` and `name` are of who is outside."
)


class HealthRow(TypedDict):
    """Whether something is told at present, by what the PBX is asked for; `pbx` is the PBX itself.

    It is `refused` where the PBX no longer accepts the key: somebody has to be asked.
    """

    name: str
    ok: bool
    since: str | None
    refused: bool


class Rows(TypedDict):
    """All that there is to see, each table by id."""

    queues: dict[str, QueueRow]
    agents: dict[str, AgentRow]
    calls: dict[str, CallRow]
    phones: dict[str, PhoneRow]
    missed: dict[str, MissedRow]
    conversations: dict[str, ConversationRow]
    faxes: dict[str, FaxRow]
    health: dict[str, HealthRow]


TABLES: Final = tuple(Rows.__annotations__)
