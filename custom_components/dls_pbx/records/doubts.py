"""Doubts about calls in which nobody spoke: the PBX may say later than their row that they were faxes or messages."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from ..api.models import CallRecord

# How long after its end a call waits for its marks: until the look after the one that may come upon its bare row.
RIPE: Final = timedelta(seconds=100)
# How long they are asked for again and again after that, and how long now and then.
FRESH: Final = timedelta(minutes=4)
SETTLED: Final = timedelta(minutes=15)


def is_doubtful(record: CallRecord) -> bool:
    """Tell whether a call is one that marks would make another."""
    return not (record.bridged or record.internal or record.voicemail or record.fax)


def has_spoken(record: CallRecord) -> bool:
    """Tell whether somebody may have spoken to a mailbox or a fax machine.

    Who was answered by nothing, or by nothing but a queue, cannot have.
    """
    return record.billable > record.hold


class Doubts:
    """Calls without marks, and since when they are known."""

    def __init__(self) -> None:
        self._since: dict[str, datetime] = {}

    def unsettled(self, now: datetime, *, thorough: bool) -> set[str]:
        """Return the ids of those whose marks have to be asked for again."""
        length = SETTLED if thorough else FRESH
        return {call for call, since in self._since.items() if now - since < length}

    def ripe(self, records: Iterable[CallRecord], now: datetime) -> set[str]:
        """Return the ids of those that can be told: marked, or nobody can wait for a mark any longer."""
        return {record.id for record in records if not is_doubtful(record) or self._is_ripe(record, now)}

    def _is_ripe(self, record: CallRecord, now: datetime) -> bool:
        age = now - record.ended
        if age < SETTLED:
            self._since.setdefault(record.id, now)
        # By the PBX's clock and by ours: they may differ by hours.
        return not has_spoken(record) or age >= RIPE or now - self._since[record.id] >= RIPE

    def forget(self, before: datetime) -> None:
        """Forget those that have been known since long ago."""
        self._since = {call: since for call, since in self._since.items() if since >= before}
