"""Events: what the PBX's records have to be told as, and as what they were told."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from custom_components.dls_pbx.events.bus import PbxEvent
from script.soak_run.callbacks import INBOUND
from script.soak_run.diary import ZONE
from script.soak_run.numbers import outside
from simulator.models import CallRecord, Direction, Message
from simulator.pbx.faxes import RETRY_DELAY, FaxJob

type Line = tuple[Any, ...]

# Those that are told of records, and not of what is seen only while it lasts.
OF_RECORDS: Final = frozenset({
    "call ended", "call missed", "call voicemail", "queue caller_abandoned", "fax sent", "fax failed", "fax received",
    "sms received", "sms sent", "sms failed",
})  # fmt: skip
SHORT_ABANDON: Final = 5
# From the end of an attempt to the next one's beginning. What comes later is another fax of theirs to the same number.
RETRY: Final = RETRY_DELAY + timedelta(seconds=10)


def told(events: Iterable[PbxEvent]) -> Counter[Line]:
    """Count what was told of records."""
    lines = Counter[Line]()
    for event in events:
        if (what := f"{event.kind} {event.type}") in OF_RECORDS:
            of = event.attributes
            lines[(
                what,
                second(datetime.fromisoformat(of["time"]), local=event.kind == "sms"),
                of["direction"],
                outside(of.get("number")),
                of.get("queue"),
                of.get("duration"),
                of.get("wait"),
                of.get("text"),
                of.get("message_id"),
            )] += 1  # fmt: skip
    return lines


def told_by_the_cdr(records: Sequence[CallRecord], queued: Iterable[FaxJob]) -> Counter[Line]:
    """Count what has to be told of calls, and of faxes that are not in the queue any more."""
    lines = Counter[Line]()
    waiting = {(job.to, job.auth_id) for job in queued}
    for index, row in enumerate(records):
        if row.fax:
            is_queued = not row.fax_successful and row.src_user and (row.dst, row.src_user.auth_id) in waiting
            if not is_queued and not _is_tried_again(row, records[index + 1 :]):
                lines[_call("fax " + _fax(row), row)] += 1
            continue
        inbound = row.direction in INBOUND
        waited = sum(row.queue_hold_durations) >= SHORT_ABANDON
        for queue in row.abandoned_queues if waited else ():
            lines[_call("queue caller_abandoned", row, queue)] += 1
        what = "ended" if row.bridged or not inbound else "voicemail" if row.voicemail else "missed"
        lines[_call(f"call {what}", row)] += 1
    return lines


def told_of_texts(messages: Iterable[Message]) -> Counter[Line]:
    """Count what has to be told of texts."""
    lines = Counter[Line]()
    for one in messages:
        incoming = one.direction in ("inbound", "hairpin")
        what = "failed" if one.status == "failure" else "received" if incoming else "sent"
        other = outside(one.src if incoming else one.dst)
        direction = "inbound" if incoming else one.direction
        time = second(one.time, local=True)
        lines[(f"sms {what}", time, direction, other, None, None, None, one.body, one.message_id)] += 1
    return lines


def second(moment: datetime, *, local: bool) -> str:
    """Return a time to the second: in UTC, or for texts as the PBX's clock shows it, which is all that it says."""
    return f"{moment.astimezone(ZONE):%m-%d %H:%M:%S}" if local else str(int(moment.timestamp()))


def _call(what: str, row: CallRecord, queue: str | None = None) -> Line:
    inbound = row.direction in INBOUND
    answered = [name for name in row.involved_queues if row.bridged and name not in row.abandoned_queues]
    last = next(reversed(answered or list(row.involved_queues)), None)
    other = None if row.direction is Direction.INTERNAL else outside(row.src if inbound else row.dst)
    return (
        what,
        second(row.started_at, local=False),
        "inbound" if inbound else row.direction.value,
        other,
        queue or last,
        row.billable_duration,
        sum(row.queue_hold_durations) if row.involved_queues else None,
        None,
        None,
    )


def _fax(row: CallRecord) -> str:
    if not row.fax_successful:
        return "failed"
    return "received" if row.direction in INBOUND else "sent"


def _is_tried_again(row: CallRecord, later: Iterable[CallRecord]) -> bool:
    """Tell whether the PBX tried a fax once more: the last attempt is what became of it."""
    ended = row.started_at + timedelta(seconds=row.duration)
    return (
        row.direction not in INBOUND
        and not row.fax_successful
        and any(
            (one.src, one.dst) == (row.src, row.dst) and one.started_at - ended <= RETRY for one in later if one.fax
        )
    )
