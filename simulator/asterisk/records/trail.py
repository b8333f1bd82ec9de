"""Trail of a call: where it went, by the rows of its channels."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from itertools import pairwise

from simulator.asterisk.records.cdr import HANGUP, LOCAL, Row

_DIAL = "Dial"
_SECOND = timedelta(seconds=1)
_PARKING = frozenset({"Park", "ParkAndAnnounce", "ParkedCall"})
_PLACES = frozenset({_DIAL, "Queue", "VoiceMail", "ConfBridge", *_PARKING})  # applications that callers are sent to


@dataclass(frozen=True)  # no slots: what is asked often is worked out once
class Trail:
    """A call's rows by sequence. The caller's own are those of its first channel, without what `h` did afterwards."""

    id: str
    rows: Sequence[Row]

    @cached_property
    def first(self) -> Row | None:
        """Return the first row of who called."""
        return next((row for row in self.rows if row.uniqueid == self.id), self.rows[0] if self.rows else None)

    @cached_property
    def own(self) -> Sequence[Row]:
        """Return the caller's rows."""
        return [row for row in self.rows if row.uniqueid == self.id and row.dst != HANGUP]

    @cached_property
    def last(self) -> Row | None:
        """Return the row of where the caller was at the end, beyond all Local channels; None if nothing tells."""
        if not (own := self.own):
            return None
        last = _latest(own)
        # A queue's member may be reached by a Local channel; so may whom an agent asked before passing it on.
        if last.lastapp != "Queue" or any(row.talked and _goes_on(row, last) for row in own):
            last = self.beyond(last)
        # An agent whom a Local channel led to stays when that is gone, and it looks as if the caller had dialed him.
        queues = (row for row in self.rows if row.lastapp == "Queue" and row.dstchannel == last.dstchannel != "")
        return next(queues, last)

    def beyond(self, row: Row) -> Row:
        """Return a row's continuation at the far ends of Local channels."""
        seen: set[str] = set()
        while row.dstchannel.startswith(LOCAL) and row.dstchannel not in seen:
            seen.add(row.dstchannel)
            half = f"{row.dstchannel.removesuffix(';1')};2"
            if not (further := [other for other in self.rows if other.channel == half and other.dst != HANGUP]):
                break
            row = _latest(further)
        return row

    def served(self, queue: str, joined_at: datetime, left_at: datetime | None) -> Iterator[Row]:
        """Yield the rows of who took the call in a queue then, beyond all Local channels. Queues' times are seconds."""
        for row in self.rows:
            is_there = row.lastapp == "Queue" and row.lastdata.partition(",")[0] == queue and row.end >= joined_at
            if is_there and row.disposition == "ANSWERED" and (left_at is None or row.start < left_at + _SECOND):
                yield self.beyond(row)

    @cached_property
    def notes(self) -> Mapping[str, str]:
        """Return what the dialplan noted of the call, the latest of each name."""
        return {name: note for row in self.rows for name, note in row.notes.items()}

    @property
    def talked(self) -> bool:
        """Tell whether two phones were ever connected."""
        return any(row.talked for row in self.rows)

    @property
    def parked(self) -> bool:
        """Tell whether the caller waited to be fetched from a parking place."""
        return any(row.lastapp in _PARKING for row in self.rows)

    @cached_property
    def passed_on(self) -> str:
        """Return "blind" or "attended" if someone who had been dialed or had dialed passed the call on.

        Neither is written down. After a blind transfer the caller is elsewhere in the dialplan; after an attended
        one he is still where he was, but talks to another phone.
        """
        dialed = [row for row in self.own if row.lastapp == _DIAL]
        talks = [row for row in dialed if row.talked]
        if any(_goes_on(one, two) for one, two in pairwise(talks)):
            return "attended"
        for talk in talks:
            _, _, options = [*talk.lastdata.split(",", 2), "", ""][:3]
            later = [row for row in self.rows if row.start >= talk.end and row.lastapp in _PLACES and row.dst != HANGUP]
            caller = any(row.channel == talk.channel and row.lastdata != talk.lastdata for row in later)
            if (caller and "g" not in options) or any(row.channel == talk.dstchannel for row in later):
                return "blind"
        return ""


def _goes_on(one: Row, two: Row) -> bool:
    """Tell whether a caller stayed where he was, but with somebody else."""
    return (one.lastapp, one.lastdata) == (two.lastapp, two.lastdata) and one.end <= two.start


def _latest(rows: Iterable[Row]) -> Row:
    """Return the row that ended last; of phones that rang together that is the one that was picked up."""
    return max(rows, key=lambda row: (row.end, row.talked))
