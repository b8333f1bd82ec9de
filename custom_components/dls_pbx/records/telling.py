"""From records to happenings: what a call, a fax or a text means to an office, and the attributes that tell of it."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from homeassistant.core import HomeAssistant

from .. import telephone
from ..api.models import CallRecord, FaxJob, Message
from ..happenings import Happening, Kind
from ..parties import Parties
from .figures import Thresholds

if TYPE_CHECKING:
    from ..runtime import DlsPbxConfigEntry

# The PBX tries a fax again after minutes. What is sent to the same number hours later is another fax.
LONGEST_RETRY: Final = timedelta(hours=1)


def settled_faxes(records: Sequence[CallRecord], queued: Iterable[FaxJob]) -> list[CallRecord]:
    """Leave out the attempts at a fax that were not the last: another one follows, or it is still in the queue."""
    waiting = {(telephone.digits(job.to or ""), job.sender) for job in queued}
    settled: list[CallRecord] = []
    later: dict[tuple[str | None, str | None], datetime] = {}
    for record in reversed(records):
        ends = record.src, record.dst
        # Who sends, where the PBX says so: somebody else's fax to the same number is another one.
        job = telephone.digits(record.dst or ""), record.src_user
        is_queued = job in waiting or (job[1] is None and job[0] in {to for to, _ in waiting})
        follows = ends in later and later[ends] - record.began <= LONGEST_RETRY
        sending = record.fax and not record.inbound
        if not (sending and record.fax_failed and (follows or is_queued)):
            settled.append(record)
        if sending:
            later[ends] = record.began
    return settled[::-1]


class Teller:
    """Tells records as happenings of one PBX."""

    def __init__(self, hass: HomeAssistant, entry: DlsPbxConfigEntry) -> None:
        self._happenings = entry.runtime_data.happenings
        self._parties = Parties(hass, entry)
        self._thresholds = Thresholds.of(entry.options)

    def tell_call(self, record: CallRecord) -> None:
        """Tell a call that has ended: a fax, or how it went with a caller."""
        about = self._about(record)
        if record.fax:
            self._tell(Kind.FAX, "failed" if record.fax_failed else "received" if record.inbound else "sent", about)
            return
        if record.hold >= self._thresholds.short_abandon:
            for queue in record.abandoned_queues:
                self._tell(Kind.QUEUE, "caller_abandoned", about | {"queue": queue}, queue)
        missed = "voicemail" if record.voicemail else "missed"
        self._tell(Kind.CALL, missed if record.missed else "ended", about)

    def tell_message(self, record: Message) -> None:
        """Tell a text that came in or went out."""
        incoming = record.direction in ("inbound", "hairpin")
        other, own = (record.src_label, record.dst_label) if incoming else (record.dst_label, record.src_label)
        about = {
            **self._parties.attributes(other),
            "direction": "inbound" if incoming else record.direction,
            "extension": self._parties.extension(own),
            "time": self._parties.time(record.timestamp),
            "text": record.message,
            "message_id": record.message_id,
        }
        sent = "received" if incoming else "sent"
        self._tell(Kind.SMS, "failed" if record.status == "failure" else sent, about)

    def _about(self, record: CallRecord) -> dict[str, Any]:
        """Return the contract's attributes of a call: the number is the caller's, or that of who was called outside."""
        if record.inbound or record.internal:
            # A queue's call has the agent, whom the CDR names by auth ID.
            other, own = record.src, next(iter(record.agents[-1:]), record.dst_user)
        else:
            other, own = record.dst, record.src_user
        return {
            **self._parties.attributes(
                (record.src_user or other) if record.internal else other, record.caller_name if record.inbound else None
            ),
            "direction": "inbound" if record.inbound else str(record.direction),
            "queue": next(iter(record.answered_queues[-1:] or record.queues[-1:]), None),
            "extension": self._parties.extension(own),
            "duration": record.billable,
            "wait": record.hold if record.queues else None,
            "time": self._parties.time(record.began),
            "recording": record.recording,
        }

    def _tell(self, kind: Kind, what: str, about: dict[str, Any], queue: str | None = None) -> None:
        self._happenings.async_tell(Happening.of(kind, what, about, queue))
