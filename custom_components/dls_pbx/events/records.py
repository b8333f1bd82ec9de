"""Record events: what a call, a fax or a text on record means to an office, and the attributes that tell of it."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from .. import phone_numbers
from ..api.models import CallRecord, Disposition, FaxJob, Message, MessageDirection, MessageStatus
from ..options import Thresholds
from ..records.conversations import direction_of, other_end
from .attributes import EventAttributes
from .bus import EventBus, EventKind, PbxEvent

# The PBX tries a fax again after minutes. What is sent to the same number hours later is another fax.
LONGEST_RETRY: Final = timedelta(hours=1)
# Of calls that went out: those that came in are answered by the PBX itself.
_DISPOSITIONS: Final = {
    Disposition.ANSWERED: "answered",
    Disposition.BUSY: "busy",
    Disposition.FAILED: "failed",
    Disposition.NO_ANSWER: "no_answer",
}


def settled_faxes(records: Sequence[CallRecord], queued: Iterable[FaxJob]) -> list[CallRecord]:
    """Leave out the attempts at a fax that were not the last: another one follows, or it is still in the queue."""
    waiting = {(phone_numbers.caller_key(job.to), job.sender) for job in queued}
    settled: list[CallRecord] = []
    later: dict[tuple[str | None, str | None], datetime] = {}
    for record in reversed(records):
        ends = record.src, record.dst
        # Who sends, where the PBX says so: somebody else's fax to the same number is another one.
        job = phone_numbers.caller_key(record.dst), record.src_user
        is_queued = job in waiting or (job[1] is None and job[0] in {to for to, _ in waiting})
        follows = ends in later and later[ends] - record.began <= LONGEST_RETRY
        sending = record.fax and not record.inbound
        if not (sending and record.fax_failed and (follows or is_queued)):
            settled.append(record)
        if sending:
            later[ends] = record.began
    return settled[::-1]


def about_call(attributes: EventAttributes, record: CallRecord) -> dict[str, Any]:
    """Return the contract's attributes of a call: the number is the caller's, or that of who was called outside."""
    other, own = _ends_of(record)
    return {
        **attributes.party(
            (record.src_user or other) if record.internal else other, record.caller_name if record.inbound else None
        ),
        "direction": "inbound" if record.inbound else str(record.direction),
        "queue": next(iter(record.answered_queues[-1:] or record.queues[-1:]), None),
        "extension": attributes.extension(own),
        "duration": record.billable,
        "wait": record.hold if record.queues else None,
        "time": attributes.time(record.began),
        "recording": record.recording,
        "own_number": attributes.own_number(record.dst_original) if record.inbound else None,
        "disposition": None if record.inbound or record.internal else _DISPOSITIONS.get(record.disposition),
    }


class RecordEvents:
    """Fires the records of one PBX as events."""

    def __init__(self, attributes: EventAttributes, bus: EventBus, thresholds: Thresholds) -> None:
        self._attributes = attributes
        self._bus = bus
        self.thresholds = thresholds

    def fire_call(self, record: CallRecord) -> None:
        """Fire a call that has ended: a fax, or how it went with a caller."""
        about = about_call(self._attributes, record)
        if record.fax:
            self._fire(
                EventKind.FAX, "failed" if record.fax_failed else "received" if record.inbound else "sent", about
            )
            return
        if record.hold >= self.thresholds.short_abandon:
            for queue in record.abandoned_queues:
                self._fire(EventKind.QUEUE, "caller_abandoned", about | {"queue": queue}, queue)
        missed = "voicemail" if record.voicemail else "missed"
        phone = self._attributes.phone(own_end(record))
        self._fire(EventKind.CALL, missed if record.missed else "ended", about, phone=phone)

    def fire_message(self, record: Message) -> None:
        """Fire a text that came in or went out."""
        direction = direction_of(record)
        incoming = direction is MessageDirection.INBOUND
        own = record.dst_label if incoming else record.src_label
        about = {
            **self._attributes.party(other_end(record)),
            "direction": str(direction),
            "extension": self._attributes.extension(own),
            "own_number": self._attributes.own_number(record.dst_original_label) if incoming else None,
            "time": self._attributes.time(record.timestamp),
            "text": record.message,
            "message_id": record.message_id,
        }
        sent = "received" if incoming else "sent"
        self._fire(EventKind.SMS, "failed" if record.status == MessageStatus.FAILURE else sent, about)

    def _fire(
        self, kind: EventKind, what: str, about: dict[str, Any], queue: str | None = None, phone: str | None = None
    ) -> None:
        self._bus.async_fire(PbxEvent.of(kind, what, about, queue, phone))


def own_end(record: CallRecord) -> str | None:
    """Return which user's phone, agent or fax a call was at, as the CDR calls them."""
    return _ends_of(record)[1]


def _ends_of(record: CallRecord) -> tuple[str | None, str | None]:
    """Return the labels of the other end of a call, and of the user at ours."""
    if record.inbound or record.internal:
        # A queue's call has the agent, whom the CDR names by auth ID.
        return record.src, next(iter(record.agents[-1:]), record.dst_user)
    return record.dst, record.src_user
