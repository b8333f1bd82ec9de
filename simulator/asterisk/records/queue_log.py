"""Asterisk's `queue_log`: what became of each caller in each queue."""

from dataclasses import dataclass, field
from datetime import UTC, datetime

# Events that end a wait without an agent, and which of their fields is the seconds waited.
_LEFT = {"ABANDON": 2, "EXITWITHTIMEOUT": 2, "EXITEMPTY": 2, "EXITWITHKEY": 3}
_COMPLETED = frozenset({"COMPLETEAGENT", "COMPLETECALLER"})
# Transfers by the agent, and which of their fields are the seconds waited and talked.
_TRANSFERS = {"BLINDTRANSFER": (2, 3), "ATTENDEDTRANSFER": (2, 3), "TRANSFER": (2, 3)}
_FIELDS = 5  # time, call, queue, agent, event; then what the event has to say


@dataclass(frozen=True, slots=True)
class Line:
    """An event: the call is the unique id of the caller's channel, the agent an interface."""

    at: datetime
    call: str
    queue: str
    agent: str
    event: str
    data: tuple[str, ...]

    def seconds(self, index: int) -> int:
        """Return one of its fields as seconds, 0 where there is none."""
        text = self.data[index] if index < len(self.data) else ""
        return int(text) if text.isdecimal() else 0


@dataclass(slots=True, kw_only=True)
class Visit:
    """One stay of a caller in one queue."""

    queue: str
    joined_at: datetime
    number: str = ""
    agent: str | None = None  # the interface that took the call
    channel: str = ""  # unique id of the agent's leg
    hold: int = 0
    talk: int = 0
    left_at: datetime | None = None
    transferred: str = ""  # the event, if the agent passed the caller on

    def take(self, line: Line) -> None:
        """Go on by an event of this stay."""
        if line.event == "CONNECT":
            self.agent, self.hold = line.agent, line.seconds(0)
            self.channel = line.data[1] if len(line.data) > 1 else ""
        elif line.event in _COMPLETED:
            self.hold, self.talk, self.left_at = line.seconds(0), line.seconds(1), line.at
        elif line.event in _TRANSFERS:
            hold, talk = _TRANSFERS[line.event]
            self.hold, self.talk, self.left_at = line.seconds(hold), line.seconds(talk), line.at
            self.transferred = line.event
        elif line.event in _LEFT:
            self.hold, self.left_at = line.seconds(_LEFT[line.event]), line.at


@dataclass(slots=True)
class QueuedCall:
    """A caller's stays, in order."""

    visits: list[Visit] = field(default_factory=list)

    def take(self, line: Line) -> None:
        """Go on by an event of this caller."""
        if line.event == "ENTERQUEUE":
            number = line.data[1] if len(line.data) > 1 else ""
            self.visits.append(Visit(queue=line.queue, joined_at=line.at, number=number))
        elif self.visits:
            self._visit(line).take(line)

    def _visit(self, line: Line) -> Visit:
        """Return the stay that an event is about: some are written when the caller is in the next queue already."""
        open_ones = (visit for visit in self.visits if visit.queue == line.queue and visit.left_at is None)
        return next(open_ones, self.visits[-1])

    def cut_off(self, at: datetime) -> None:
        """End what has not ended: the PBX went down."""
        for visit in self.visits:
            if visit.left_at is None:
                seconds = max(0, int((at - visit.joined_at).total_seconds()))
                if visit.agent is None:
                    visit.hold = seconds
                else:
                    visit.talk = max(0, seconds - visit.hold)
                visit.left_at = at


def read(text: str) -> Line | None:
    """Read a line, or None if it is none."""
    at, *fields = text.rstrip("\r").split("|")
    if len(fields) < _FIELDS - 1 or not at.isdecimal():
        return None
    call, queue, agent, event, *data = fields
    return Line(datetime.fromtimestamp(int(at), UTC), call, queue, agent, event, tuple(data))
