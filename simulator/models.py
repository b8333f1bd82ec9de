"""Models of what a PBX knows: its users, queues, calls, faxes, records and lists.

An engine (`simulator.engine`) hands these out. Times are aware and in UTC, durations in seconds, numbers are numbers.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Registration(StrEnum):
    """What `sip show peers` says of a phone."""

    OK = "OK"
    LAGGED = "LAGGED"
    UNREACHABLE = "UNREACHABLE"
    UNKNOWN = "UNKNOWN"
    UNMONITORED = "Unmonitored"


class DeviceState(StrEnum):
    """What `queue show` says of a member's device."""

    NOT_IN_USE = "Not in use"
    IN_USE = "In use"
    BUSY = "Busy"
    INVALID = "Invalid"
    UNAVAILABLE = "Unavailable"
    RINGING = "Ringing"
    RING_IN_USE = "Ring+Inuse"
    ON_HOLD = "On Hold"
    UNKNOWN = "Unknown"


class Direction(StrEnum):
    """The CDR's directions; live calls know inbound, outbound and internal only."""

    INTERNAL = "internal"
    INBOUND = "inbound"
    DIRECT_INBOUND = "directinbound"
    OUTBOUND = "outbound"
    HAIRPIN = "hairpin"


@dataclass(frozen=True, slots=True, kw_only=True)
class Extension:
    """A user with a phone (`status.php users`)."""

    ext: str
    name: str
    tenant: str
    auth_id: str
    voicemail_new: int = 0
    voicemail_old: int = 0
    registration: Registration = Registration.OK
    latency_ms: int | None = None  # only OK and LAGGED have one
    host: str | None = None  # None = not registered ("N/A")
    port: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Agent:
    """A queue's member."""

    auth_id: str
    name: str
    tenant: str
    tenant_id: int
    device_state: DeviceState
    paused: bool = False
    pause_reason: str | None = None
    paused_at: datetime | None = None
    logged_in_at: datetime | None = None
    last_call_at: datetime | None = None  # when the last call ended
    call_count: int = 0
    penalty: int = 0
    dynamic: bool = True
    ring_in_use: bool = False
    in_call: bool = False
    connected_to: str | None = None  # the other party's number


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Someone waiting in a queue."""

    number: str
    priority: int
    joined_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue:
    """A queue with its members and callers (`status.php queues`)."""

    name: str
    strategy: str
    hold_time: int  # moving average, seconds
    completed: int  # since the PBX's last reset
    lost: int
    agents: Sequence[Agent] = ()
    callers: Sequence[Caller] = ()  # in order of position


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveCall:
    """A call in progress (`status.php calls`); outbound and internal ones have the `extension` that dialed."""

    direction: Direction
    connected: bool  # False = still ringing
    started_at: datetime
    connected_to: str  # number, "Queue:NAME", "Conference:NUMBER", or for a user `ext@tenant-Name`
    caller_id: str | None = None  # inbound: the caller's number; outbound: the number shown
    extension: Extension | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fax:
    """A fax in the queue (`status.php faxes`)."""

    to: str
    from_auth_id: str
    processing: bool
    attempt: int
    max_attempts: int
    page: int | None = None  # None = not begun
    pages: int = 0
    next_retry_at: datetime | None = None  # None = now


@dataclass(frozen=True, slots=True, kw_only=True)
class Conference:
    """A conference room in use."""

    number: str
    users: int  # everyone in the room
    admins: int
    locked: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ProvisionedPhone:
    """A desk phone that fetches its configuration from the PBX (`status.php provisioning`)."""

    ext: str
    tenant: str
    mac_address: str
    device: str
    file_name: str
    last_provisioned_at: datetime
    provisioned: bool
    calls_in: int
    calls_out: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Campaign:
    """A predictive dialer campaign: `fields` are the vendor's own, in the vendor's order, `id` to `status`."""

    fields: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignLog:
    """The tail of a campaign's log: time, level, text."""

    campaign: str
    lines: Sequence[tuple[datetime, str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A row of the SMS record table (`sms.php query_sms`)."""

    id: int
    time: datetime
    src_label: str
    dst_original_label: str
    dst_label: str
    src: str  # number in E.164 or a user's auth id: what filters look at
    dst_original: str
    dst: str
    status: str  # success, failure
    direction: str  # inbound, internal, hairpin, outbound
    body: str
    account_code: str
    message_id: str
    cdr_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """A number on an opt-in or opt-out list."""

    number: str
    reason: str
    text: str
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentList:
    """A campaign's opt-in list or a tenant's opt-out list; `id` is the campaign's or the tenant's."""

    id: str
    name: str
    numbers: Sequence[Consent]


@dataclass(frozen=True, slots=True, kw_only=True)
class SentMessage:
    """What `send_sms` answers."""

    src: str
    dst: Sequence[str]
    body: str
    account_code: str
    message_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CallRecord:
    """A CDR row. Users are given as the extension they are; the report's columns are made from these fields."""

    unique_id: str
    started_at: datetime
    direction: Direction
    src: str  # extension or number: digits, with a plus where ten of them are no American number
    dst: str  # extension, number, queue name, conference number
    src_name: str = ""
    dst_name: str = ""
    src_type: str = "fixed-line"
    dst_type: str = "Extension"
    src_user: Extension | None = None
    dst_user: Extension | None = None
    dst_original: str = ""
    shown_number: str = ""  # outbound: what the other side sees
    dst_context: str = ""
    duration: int = 0  # whole call, seconds
    billable_duration: int = 0  # since the PBX or a phone answered
    bridged_unique_ids: Sequence[str] = ()
    bridged: bool = False
    last_app: str = "Dial"
    disposition: str = "ANSWERED"
    recording_link: str = ""
    cel_link: str = ""
    transferred: bool = False
    blind_transferred: bool = False
    attended_transferred: bool = False
    forwarded: bool = False
    parked: bool = False
    involved_queues: Sequence[str] = ()
    involved_agents: Sequence[str] = ()
    transferred_from_queues: Sequence[str] = ()
    transferred_from_agents: Sequence[str] = ()
    abandoned_queues: Sequence[str] = ()
    queue_talk_durations: Sequence[int] = ()
    queue_hold_durations: Sequence[int] = ()
    voicemail: bool = False  # went to a mailbox, with or without a word
    left_message: bool = False
    fax: bool = False
    fax_successful: bool | None = None  # None = not a fax, or not decided
    fax_detect_failed: bool = False
    fax_pages: int = 0
    conference: str = ""  # the room's number
    on_the_fly_conference: bool = False
    mirrored_from: Extension | None = None  # the parent extension, for `map_mirrors`
