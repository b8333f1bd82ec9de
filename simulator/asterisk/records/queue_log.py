"""Queue log of Asterisk (`queue_log`): what became of each caller in each queue."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

# Events that end a wait without an agent, and which of their fields is the seconds waited.
_LEFT: Final = {"ABANDON": 2, "EXITWITHTIMEOUT": 2, "EXITEMPTY": 2, "WITHDRAW": 2, "EXITWITHKEY": 3}
_COMPLETED: Final = frozenset({"COMPLETEAGENT", "COMPLETECALLER"})
_TRANSFERS: Final = frozenset({"BLINDTRANSFER", "ATTENDEDTRANSFER"})
_TOLD: Final = frozenset({"ENTERQUEUE", "CONNECT", *_LEFT, *_COMPLETED, *_TRANSFERS})  # all others are not of callers
START: Final = "QUEUESTART"  # Asterisk has come up: nobody waits or talks any more; a reload says CONFIGRELOAD
_FIELDS = 5  # time, call, queue, agent, event; then what the event has to say


@dataclass(frozen=True, slots=True)
class Line:
    """An event: the call is the unique id of the caller's channel, the agent a member's name or interface."""

    at: datetime
    call: str
    queue: str
    agent: str
    event: str
    data: tuple[str, ...]

    @property
    def is_told(self) -> bool:
        """Tell whether it is about a caller's stay."""
        return self.event in _TOLD

    def seconds(self, index: int) -> int:
        """Return one of its fields as seconds, 0 where there is none."""
        text = self.data[index] if -len(self.data) <= index < len(self.data) else ""
        return int(text) if text.isdecimal() else 0


@dataclass(slots=True, kw_only=True)
class Visit:
    """One stay of a caller in one queue."""

    queue: str
    joined_at: datetime
    number: str = ""
    agent: str | None = None  # the member who took the call, by name or interface
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
            return
        self.left_at = line.at
        if line.event in _COMPLETED:
            self.hold, self.talk = line.seconds(0), line.seconds(1)
        elif line.event in _TRANSFERS:  # where to is one, two or three fields; then seconds, seconds, position
            self.hold, self.talk = line.seconds(-3), line.seconds(-2)
            self.transferred = line.event
        else:
            self.hold = line.seconds(_LEFT[line.event])

    def cut_off(self, at: datetime) -> None:
        """End it, if it has not ended: the caller is gone, by a crash or where this log does not look."""
        if self.left_at is not None:
            return
        seconds = max(0, int((at - self.joined_at).total_seconds()))
        if self.agent is None:
            self.hold = seconds
        else:
            self.talk = max(0, seconds - self.hold)
        self.left_at = at


def visits(lines: Iterable[Line]) -> Sequence[Visit]:
    """Return a caller's stays, in order."""
    found: list[Visit] = []
    for line in lines:
        if line.event == "ENTERQUEUE":
            number = line.data[1] if len(line.data) > 1 else ""
            found.append(Visit(queue=line.queue, joined_at=line.at, number=number))
        elif visit := _visit(found, line):
            visit.take(line)
    return found


def _visit(found: Sequence[Visit], line: Line) -> Visit | None:
    """Return the stay that an event is about: some are written when the caller is in the next queue already."""
    talks = line.event in _COMPLETED or line.event in _TRANSFERS
    here = [visit for visit in found if visit.queue == line.queue]
    fitting = (visit for visit in here if visit.left_at is None and (visit.agent is not None) is talks)
    return next(fitting, here[-1] if here else None)


def read(text: str) -> Line | None:
    """Read a line, or None if it is none."""
    at, *fields = text.rstrip("\r").split("|")
    if len(fields) < _FIELDS - 1:
        return None
    call, queue, agent, event, *data = fields
    try:
        return Line(datetime.fromtimestamp(int(at), UTC), call, queue, agent, event, tuple(data))
    except ValueError, OverflowError, OSError:
        return None
