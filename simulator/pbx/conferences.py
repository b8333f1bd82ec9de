"""Conference rooms."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Unpack

from simulator.engine import PbxError
from simulator.models import Conference
from simulator.pbx.call import Call
from simulator.pbx.core import Core, CoreOptions


@dataclass(slots=True, kw_only=True)
class Room:
    """A conference room."""

    number: str
    on_the_fly: bool  # made by the first to dial in, gone with the last
    recorded: bool = False
    locked: bool = False
    calls: list[Call] = field(default_factory=list)


class Conferences(Core):
    """The rooms; only those in use are shown."""

    def __init__(self, **options: Unpack[CoreOptions]) -> None:
        super().__init__(**options)
        self._rooms: dict[str, Room] = {}

    def conferences(self) -> Sequence[Conference]:
        """Return the rooms in use."""
        return [
            Conference(
                number=room.number,
                users=len(room.calls),
                admins=sum(call.admin for call in room.calls),
                locked=room.locked,
            )
            for room in self._rooms.values()
            if room.calls
        ]

    def add_conference(self, number: str, *, on_the_fly: bool = False, recorded: bool = False) -> None:
        """Add a conference room."""
        if number in self._rooms:
            raise PbxError(f"Conference {number} already exists")
        self._rooms[number] = Room(number=number, on_the_fly=on_the_fly, recorded=recorded)

    def room(self, number: str) -> Room:
        """Return a room, or raise PbxError."""
        if number not in self._rooms:
            raise PbxError(f"Unknown conference: {number}")
        return self._rooms[number]

    def lock_conference(self, number: str, locked: bool = True) -> None:
        """Lock or unlock a room in use."""
        room = self.room(number)
        if not room.calls:
            raise PbxError(f"Conference {number} is empty")
        room.locked = locked

    def _enter_room(self, call: Call, room: Room) -> None:
        call.answered_at = call.answered_at or self.now()
        call.on_the_fly, call.recorded = room.on_the_fly, room.recorded
        for other in room.calls:
            call.bridged_ids.append(other.id)
            other.bridged_ids.append(call.id)
        room.calls.append(call)

    def _leave_room(self, call: Call, room: Room) -> None:
        room.calls.remove(call)
        if not room.calls:
            room.locked = False
            if room.on_the_fly:
                del self._rooms[room.number]
