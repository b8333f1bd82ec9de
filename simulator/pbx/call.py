"""Call in progress, with everything that its CDR row will show."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from simulator.models import Direction, Extension


class PlaceKind(StrEnum):
    """What a call can be connected to; the words are those of the CDR's `dst_type`."""

    EXTENSION = "Extension"
    QUEUE = "Queue"
    CONFERENCE = "Conference"
    NUMBER = "fixed-line"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a call goes: a user, a queue, a conference room or a number outside."""

    kind: PlaceKind
    name: str  # extension, queue name, room number, digits
    user: Extension | None = None

    @property
    def label(self) -> str:
        """Return what `status.php calls` shows as `connected_to`."""
        if self.user:
            return f"{self.user.ext}@{self.user.tenant}-{self.user.name}"
        if self.kind is PlaceKind.NUMBER:
            return self.name
        return f"{self.kind}:{self.name}"


@dataclass(slots=True, kw_only=True)
class QueueVisit:
    """One stay of a call in one queue."""

    queue: str
    joined_at: datetime
    priority: int = 0
    taken_at: datetime | None = None
    left_at: datetime | None = None
    agent: str = ""  # auth id of who took it

    @property
    def hold(self) -> int:
        """Return the seconds on hold."""
        return _seconds(self.joined_at, self.taken_at or self.left_at)

    @property
    def talk(self) -> int:
        """Return the seconds with the agent."""
        return _seconds(self.taken_at, self.left_at)


@dataclass(slots=True, kw_only=True, eq=False)
class Call:
    """A call in progress."""

    id: str
    direction: Direction  # inbound, outbound or internal
    started_at: datetime
    place: Place
    original: str = ""  # what was dialed at first
    number: str = ""  # the outside party: digits, or words such as "anonymous"
    name: str = ""
    dialing_user: Extension | None = None  # who dialed, unless it came from outside
    shown_number: str = ""  # outbound: what the other side sees
    answered_at: datetime | None = None  # by the PBX or a phone
    ended_at: datetime | None = None
    talker: str | None = None  # auth id of the user who answered
    ringing: list[str] = field(default_factory=list)  # auth ids
    tried: set[str] = field(default_factory=set)  # agents who let it ring in this round
    visits: list[QueueVisit] = field(default_factory=list)
    bridged_ids: list[str] = field(default_factory=list)
    disposition: str = ""
    outside_answered: bool = False  # the number it was dialed or passed on to
    on_hold: bool = False
    recorded: bool = False
    at_voicemail: bool = False
    left_message: bool = False
    admin: bool = False  # in a conference
    on_the_fly: bool = False  # a conference made by dialing in
    forwarded: bool = False
    blind_transferred: bool = False
    attended_transferred: bool = False
    handed_on: list[QueueVisit] = field(default_factory=list)  # queue calls that an agent transferred
    parked: bool = False  # ever
    waits_parked: bool = False  # now
    fax_detect_failed: bool = False  # listened for a fax, and heard none
    fax_pages: int | None = None  # a fax, if any
    fax_successful: bool | None = None

    @property
    def visit(self) -> QueueVisit | None:
        """Return the queue it is in now, waiting or talking."""
        return self.visits[-1] if self.visits and self.visits[-1].left_at is None else None

    @property
    def in_conversation(self) -> bool:
        """Tell whether someone has picked up where the call is now."""
        return self.talker is not None or self.outside_answered

    @property
    def bridged(self) -> bool:
        """Tell whether two people ever heard each other."""
        return bool(self.bridged_ids)

    @property
    def transferred(self) -> bool:
        """Tell whether someone passed it on."""
        return self.blind_transferred or self.attended_transferred

    @property
    def abandoned_queues(self) -> Sequence[str]:
        """Return the queues where the caller gave up or was turned away."""
        return [visit.queue for visit in self.visits if visit.taken_at is None and visit.left_at is not None]


def _seconds(start: datetime | None, end: datetime | None) -> int:
    return int((end - start).total_seconds()) if start and end else 0
