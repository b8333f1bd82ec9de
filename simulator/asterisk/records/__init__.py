"""Call records from Asterisk's own logs: `queue_log`, and the CDR by `cdr_custom`.

What Asterisk does not know stays empty: recording and CEL links, forwarding by a phone, parking, mirrored extensions;
transfers only where an agent passed on a queue's caller. `docs/asterisk-columns.md` goes through the report's columns.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from simulator.asterisk.records import queue_log
from simulator.asterisk.records.cdr import Row
from simulator.asterisk.records.queue_log import QueuedCall
from simulator.asterisk.records.tail import Tail
from simulator.asterisk.records.telling import Ended
from simulator.facts import CallRecord, Extension

# A call's last row is written a moment after its channels are gone.
SETTLE = timedelta(seconds=1)


class RecordBook:
    """The records of all calls that are over, as far back as the logs go."""

    def __init__(self, log: Path, cdr: Path, *, users: Callable[[], Mapping[str, Extension]]) -> None:
        self._log, self._cdr = Tail(log), Tail(cdr)
        self._users = users
        self._rows: dict[str, list[Row]] = {}  # by linkedid
        self._queued: dict[str, QueuedCall] = {}  # by the caller's unique id, which is the linkedid
        self._call_of: dict[str, str] = {}  # a channel's name to its call
        self._meetings: dict[str, list[Row]] = {}  # in conferences, by the channel of who came later
        self._changed: set[str] = set()
        self._records: dict[str, CallRecord] = {}
        self._sorted: list[CallRecord] = []

    def read(self, live: Collection[str] = ()) -> None:
        """Take in what was appended since; calls that are still `live` (by linkedid) are told later."""
        for text in self._log.lines():
            if line := queue_log.read(text):
                self._take(line)
        for text in self._cdr.lines():
            if row := Row.read(text):
                self._keep(row)
        self._tell(live)

    def records(self) -> Sequence[CallRecord]:
        """Return the records, oldest first."""
        return self._sorted

    def _take(self, line: queue_log.Line) -> None:
        if line.event == "QUEUESTART":  # Asterisk has come up: nobody waits or talks any more
            for call in self._changed & self._queued.keys():
                self._queued[call].cut_off(line.at)
        elif line.call[:1].isdecimal() or "." in line.call:  # others are "NONE", "CLI", "MANAGER"
            self._queued.setdefault(line.call, QueuedCall()).take(line)
            self._changed.add(line.call)

    def _keep(self, row: Row) -> None:
        self._rows.setdefault(row.linkedid, []).append(row)
        self._changed.add(row.linkedid)
        self._call_of[row.channel] = row.linkedid
        if row.lastapp == "ConfBridge" and row.answered:
            # A row for each two people, under the one who was there first.
            self._meetings.setdefault(row.dstchannel, []).append(row)
            if other := self._call_of.get(row.dstchannel):
                self._changed.add(other)

    def _has_met(self, row: Row) -> bool:
        """Tell whether somebody was met; after a restart channels have the names of earlier ones again."""
        met = self._meetings.get(row.channel, ())
        return any(other.start <= row.end and other.end >= row.start for other in met)

    def _tell(self, live: Collection[str]) -> None:
        users, now = self._users(), datetime.now(UTC)
        told = False
        for call in sorted(self._changed):
            queued = self._queued.get(call)
            rows = sorted(self._rows.get(call, ()), key=lambda row: row.sequence)
            if call in live or any(row.end > now - SETTLE for row in rows):
                continue
            if not rows and queued and any(visit.left_at is None for visit in queued.visits):
                continue  # nothing says that it is over
            self._changed.discard(call)
            if queued and rows:
                queued.cut_off(max(row.end for row in rows))
            visits = queued.visits if queued else ()
            ended = Ended(id=call, rows=rows, visits=visits, users=users, met=any(map(self._has_met, rows)))
            self._records[call] = ended.record()
            told = True
        if told:
            self._sorted = sorted(self._records.values(), key=lambda record: (record.started_at, record.unique_id))
