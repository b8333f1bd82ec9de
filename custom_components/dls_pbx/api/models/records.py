"""What the PBX answers when it is asked for once: messages, consent lists, call reports."""

from dataclasses import dataclass, field
from datetime import datetime


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


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedNumber:
    """A number on a consent list, and since when and why."""

    number: str = field(repr=False)
    reason: str | None
    text: str | None = field(repr=False)
    since: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentList:
    """A campaign's opt-in list or a tenant's opt-out list; `id` is the campaign's or tenant's."""

    id: str
    name: str | None
    total: int | None
    numbers: tuple[ListedNumber, ...]


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
