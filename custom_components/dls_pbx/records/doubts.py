"""Doubts about calls in which nobody spoke: the PBX may say later than their row that they were faxes or messages."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Final

from ..api.models import CallRecord

# How long a call waits for its marks: until the look after the one that may come upon its bare row.
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
    """Calls without marks, and since when they are known, by a clock that nobody sets.

    How old a row is by its time says little: the PBX's clock and ours may differ by minutes, and by hours.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock  # seconds
        self._since: dict[str, float] = {}

    def unsettled(self, *, thorough: bool) -> set[str]:
        """Return the ids of those whose marks have to be asked for again."""
        length = SETTLED if thorough else FRESH
        return {call for call, since in self._since.items() if self._clock() - since < length.total_seconds()}

    def ripe(self, records: Iterable[CallRecord], now: datetime) -> set[str]:
        """Return the ids of those that can be told: marked, or nobody can wait for a mark any longer."""
        return {record.id for record in records if not is_doubtful(record) or self._is_ripe(record, now)}

    def _is_ripe(self, record: CallRecord, now: datetime) -> bool:
        if now - record.ended < SETTLED:
            self._since.setdefault(record.id, self._clock())
        since = self._since.get(record.id)
        return not has_spoken(record) or since is None or self._clock() - since >= RIPE.total_seconds()

    def forget(self, before: timedelta) -> None:
        """Forget those that have been known for so long."""
        oldest = self._clock() - before.total_seconds()
        self._since = {call: since for call, since in self._since.items() if since >= oldest}
