"""Models of what the PBX answers when it is asked for once: messages, consent lists, call reports."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from .enums import Disposition, RecordDirection


@dataclass(frozen=True, slots=True, kw_only=True)
class SentMessage:
    """What `sms.php send_sms` answers: sent, not delivered."""

    message_id: str | None
    recipients: tuple[str, ...] = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A row of the SMS table (`sms.php query_sms`); `id` is its key, `message_id` repeats across recipients."""

    id: int | None
    timestamp: datetime | None
    src_label: str | None = field(repr=False)
    dst_original_label: str | None = field(repr=False)
    dst_label: str | None = field(repr=False)
    status: str | None
    direction: str | None
    message: str | None = field(repr=False)
    account_code: str | None
    message_id: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MessagePage:
    """A page of messages, and how many there are in all."""

    total: int
    messages: tuple[Message, ...]

    @property
    def rows(self) -> tuple[Message, ...]:
        """The rows as they came: each is a message."""
        return self.messages


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedNumber:
    """A number on a consent list, and since when and why."""

    number: str = field(repr=False)
    reason: str | None
    text: str | None = field(repr=False)
    since: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentList:
    """A campaign's opt-in list or a tenant's opt-out list; `id` is the campaign's or tenant's.

    Where it is not `complete`, there may be numbers on the PBX's list that are not in this one.
    """

    id: str
    name: str | None
    total: int | None
    numbers: tuple[ListedNumber, ...]
    complete: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentLists:
    """All consent lists that the key may see (`subscribers.php query_lists`)."""

    opt_in: tuple[ConsentList, ...]
    opt_out: tuple[ConsentList, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CallReport:
    """A page of the CDR (`reports.php report`): `columns` and, per call, one text per column."""

    total: int
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...] = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class CallRecord:
    """A row of the CDR (`reports.php report`), told when the call has ended. Durations are in seconds.

    `voicemail` and `fax` come from the report's filters of these names: no column says so. `fax_failed` is of faxes.
    """

    id: str
    began: datetime
    direction: RecordDirection
    bridged: bool
    billable: int = 0
    caller_name: str | None = field(default=None, repr=False)
    src: str | None = field(default=None, repr=False)
    src_label: str | None = field(default=None, repr=False)
    src_user: str | None = None  # auth ID
    dst: str | None = field(default=None, repr=False)
    dst_label: str | None = field(default=None, repr=False)
    dst_user: str | None = None  # auth ID
    dst_original: str | None = field(default=None, repr=False)  # what was dialed at first
    disposition: Disposition = Disposition.UNKNOWN
    queues: tuple[str, ...] = ()
    agents: tuple[str, ...] = ()
    abandoned_queues: tuple[str, ...] = ()
    hold: int = 0
    talk: int = 0
    recording: str | None = field(default=None, repr=False)
    voicemail: bool = False
    fax: bool = False
    fax_failed: bool = False

    @property
    def inbound(self) -> bool:
        """Whether it came in from outside."""
        return self.direction in (RecordDirection.INBOUND, RecordDirection.DIRECT_INBOUND, RecordDirection.HAIRPIN)

    @property
    def internal(self) -> bool:
        """Whether both ends are the PBX's own phones."""
        return self.direction is RecordDirection.INTERNAL

    @property
    def missed(self) -> bool:
        """Whether somebody called and never spoke to a person; `disposition` cannot tell, the PBX answers by itself.

        A fax machine did not want to speak to anybody.
        """
        return self.inbound and not self.bridged and not self.fax

    @property
    def answered_queues(self) -> tuple[str, ...]:
        """The queues whose agents spoke to the caller."""
        return tuple(queue for queue in self.queues if queue not in self.abandoned_queues) if self.bridged else ()

    @property
    def ended(self) -> datetime:
        """When it ended, as far as the CDR says: the time before it was answered is not in its durations."""
        return self.began + timedelta(seconds=self.billable)
