"""Call records from Asterisk's own logs: `queue_log`, and the CDR by `cdr_custom`.

What Asterisk does not know stays empty: recording and CEL links, forwarding by a phone, mirrored extensions.
`docs/asterisk-columns.md` goes through the report's columns.
"""

from bisect import bisect_left, bisect_right, insort
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import UTC, datetime, timedelta
import logging
from operator import itemgetter
from pathlib import Path
from threading import Lock

from simulator.asterisk.records import queue_log
from simulator.asterisk.records.cdr import Row
from simulator.asterisk.records.ended_call import EndedCall
from simulator.asterisk.records.tail import Tail
from simulator.models import CallRecord, Extension

# A call's last row is written a moment after its channels are gone.
SETTLE = timedelta(seconds=1)

_LOGGER = logging.getLogger(__name__)


class RecordBook:
    """The records of all calls that are over, as far back as the logs go."""

    def __init__(self, log: Path, cdr: Path, *, users: Callable[[], Mapping[str, Extension]]) -> None:
        self.unreadable = 0  # lines, so far
        self._log, self._cdr = Tail(log), Tail(cdr)
        self._users = users
        self._lock = Lock()
        self._rows: dict[str, list[Row]] = {}  # by linkedid, which is the call's id
        self._call_of: dict[str, str] = {}  # by a channel's unique id or its name
        # By the caller's unique id, each with its number in the log. A Local channel that leads to a queue is the
        # caller there, and when Asterisk takes it out of the way the real one goes on: both are of the same call.
        self._lines: dict[str, list[tuple[int, queue_log.Line]]] = {}
        self._taken = 0  # lines of the queue log
        self._starts: list[tuple[int, datetime]] = []  # of Asterisk: where in the queue log, and when
        self._meetings: dict[str, list[Row]] = {}  # in conferences, by the channel of who came later
        self._changed: set[str] = set()
        self._rowless: set[str] = set()  # have no row yet, and get none if Asterisk was killed
        self._records: dict[str, CallRecord] = {}
        self._sorted: list[CallRecord] = []
        self._shown: Sequence[CallRecord] = []

    def read(self, live: Collection[str] = ()) -> None:
        """Take in what was appended since; calls that are still `live` (by linkedid) are told later."""
        with self._lock:
            unreadable = self.unreadable
            for text in self._log.lines():
                if line := queue_log.read(text):
                    self._take(line)
                else:
                    self.unreadable += bool(text.strip())
            for text in self._cdr.lines():
                if row := Row.read(text):
                    self._keep(row)
                else:
                    self.unreadable += bool(text.strip())
            if more := self.unreadable - unreadable:
                _LOGGER.warning("%d lines of Asterisk's logs are unlike those that docs/own-asterisk.md asks for", more)
            self._tell(live)

    def records(self) -> Sequence[CallRecord]:
        """Return the records, oldest first."""
        return self._shown

    def _take(self, line: queue_log.Line) -> None:
        self._taken += 1
        if line.event == queue_log.START:
            self._starts.append((self._taken, line.at))
            self._changed |= self._rowless
        elif line.is_told:
            self._lines.setdefault(line.call, []).append((self._taken, line))
            self._changed.add(self._call_of.get(line.call, line.call))

    def _keep(self, row: Row) -> None:
        self._rows.setdefault(row.linkedid, []).append(row)
        self._changed.add(row.linkedid)
        self._call_of[row.channel] = self._call_of[row.uniqueid] = row.linkedid
        if row.uniqueid != row.linkedid and row.uniqueid in self._lines:
            self._changed.add(row.uniqueid)  # is no call of its own
        if row.lastapp == "ConfBridge" and row.talked:
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
            rows = sorted(self._rows.get(call, ()), key=lambda row: row.sequence)
            if call in live or any(row.end > now - SETTLE for row in rows):
                continue
            self._changed.discard(call)
            self._rowless.discard(call)
            record = self._record(call, rows, users)
            if record != self._records.get(call):
                self._replace(call, record)
                told = True
        if told:
            self._shown = self._sorted.copy()  # whoever reads the former one goes on undisturbed

    def _record(self, call: str, rows: Sequence[Row], users: Mapping[str, Extension]) -> CallRecord | None:
        lines = sorted(
            line for channel in {call, *(row.uniqueid for row in rows)} for line in self._lines.get(channel, ())
        )
        visits = queue_log.visits(line for _, line in lines)
        if rows:
            end = max(row.end for row in rows)
        elif self._call_of.get(call, call) != call or not visits:
            return None
        else:
            next_start = bisect_right(self._starts, lines[-1][0], key=itemgetter(0))
            if next_start == len(self._starts):
                self._rowless.add(call)  # its rows may come yet
                return None
            end = self._starts[next_start][1]
        for visit in visits:
            visit.cut_off(end)
        return EndedCall(id=call, rows=rows, visits=visits, users=users, met=any(map(self._has_met, rows))).record()

    def _replace(self, call: str, record: CallRecord | None) -> None:
        """Put a record where it belongs. Most are the latest, so that this costs little however many there are."""
        if old := self._records.pop(call, None):
            del self._sorted[bisect_left(self._sorted, _order(old), key=_order)]
        if record is not None:
            self._records[call] = record
            insort(self._sorted, record, key=_order)


def _order(record: CallRecord) -> tuple[datetime, str]:
    return record.started_at, record.unique_id
