"""Calls in progress, and what each step does to phones, queues, rooms and the CDR."""

from collections.abc import Sequence
from typing import Unpack

from simulator.engine import PbxError
from simulator.models import DeviceState, Direction, Extension, LiveCall
from simulator.pbx.call import Call, Place, PlaceKind
from simulator.pbx.conferences import Conferences
from simulator.pbx.core import CoreOptions
from simulator.pbx.directory import DEFAULT_TENANT
from simulator.pbx.lines import Lines
from simulator.pbx.provisioning import Provisioning
from simulator.pbx.queues import Queues
from simulator.pbx.records import Records, national

SHORTEST_NUMBER = 7  # digits; anything shorter is an extension


class Calls(Conferences, Queues, Records, Lines, Provisioning):
    """The calls in progress."""

    def __init__(self, **options: Unpack[CoreOptions]) -> None:
        super().__init__(**options)
        self._calls: dict[str, Call] = {}

    def calls(self) -> Sequence[LiveCall]:
        """Return the calls in progress."""
        return [_live(call) for call in self._calls.values()]

    def live_calls(self) -> Sequence[Call]:
        """Return the calls in progress with their ids, for whoever steers them."""
        return list(self._calls.values())

    def call(self, call_id: str) -> Call:
        """Return a call in progress, or raise PbxError."""
        if call_id not in self._calls:
            raise PbxError(f"No such call in progress: {call_id}")
        return self._calls[call_id]

    def _dial(self, direction: Direction, user: Extension, place: Place) -> Call:
        if self.device_state(user.auth_id) is DeviceState.UNAVAILABLE:
            raise PbxError(f"The phone of {user.ext}@{user.tenant} is not registered")
        shown = f"+1{self.main_number}" if direction is Direction.OUTBOUND else ""
        call = self._new_call(direction, place, dialing_user=user, original=place.name, shown_number=shown)
        self._seize(call, user.auth_id)
        self._count_call(user.auth_id, incoming=False)
        self._arrive(call, place)
        return call

    def _new_call(self, direction: Direction, place: Place, **fields: object) -> Call:
        call = Call(id=self.new_id(), direction=direction, started_at=self.now(), place=place, **fields)  # type: ignore[arg-type]  # see Call
        self._calls[call.id] = call
        return call

    def _arrive(self, call: Call, place: Place, priority: int = 0) -> None:
        call.place, call.outside_answered = place, False
        match place.kind:
            case PlaceKind.QUEUE:
                self._join(call, self._queues[place.name], priority)
            case PlaceKind.CONFERENCE:
                self._enter_room(call, self._rooms[place.name])
            case PlaceKind.EXTENSION if place.user:
                if self.device_state(place.user.auth_id) is DeviceState.UNAVAILABLE:
                    self._to_mailbox(call)
                else:
                    self._ring(call, place.user.auth_id)

    def _to_mailbox(self, call: Call) -> None:
        call.at_voicemail = True
        call.answered_at = call.answered_at or self.now()

    def _move(self, call: Call, place: Place, *, voicemail: bool = False) -> None:
        """Take a call from where it is to another place."""
        self._depart(call)
        if call.direction is Direction.OUTBOUND and call.dialing_user:
            self._release(call, call.dialing_user.auth_id)
        if voicemail:
            call.place = place
            self._to_mailbox(call)
        else:
            self._arrive(call, place)

    def _depart(self, call: Call) -> None:
        """Leave the place, and the phones there."""
        call.waits_parked = False
        if visit := call.visit:
            self._leave(call, visit)
        if call.place.kind is PlaceKind.CONFERENCE:
            self._leave_room(call, self._rooms[call.place.name])
        self._silence(call, *call.ringing)
        if talker := call.talker:
            call.talker = None
            self._release(call, talker)

    def _end(self, call: Call, *, recorded: bool = True) -> None:
        del self._calls[call.id]
        call.ended_at = self.now()
        self._depart(call)
        if call.dialing_user:
            self._release(call, call.dialing_user.auth_id)
        if recorded:
            self._record(call)

    def _connect(self, call: Call) -> None:
        call.answered_at = call.answered_at or self.now()
        call.bridged_ids.append(self.new_id())
        for watcher in self.watchers:
            watcher.talks(call)

    def _end_message(self, call: Call, auth_id: str) -> None:
        if call.id in self._calls:
            call.left_message = True
            user = self.user(auth_id)
            self.set_voicemail(auth_id, user.voicemail_new + 1, user.voicemail_old)
            self._end(call)

    def _place(self, to: str, tenant: str = DEFAULT_TENANT) -> Place:
        """Return what a name or number inside the PBX stands for."""
        if to in self._queues:
            return Place(kind=PlaceKind.QUEUE, name=to)
        if to in self._rooms:
            return Place(kind=PlaceKind.CONFERENCE, name=to)
        if user := self.find_user(to, tenant):
            return Place(kind=PlaceKind.EXTENSION, name=user.ext, user=user)
        raise PbxError(f"No queue, extension or conference is called {to}")

    def _place_or_number(self, to: str, tenant: str = DEFAULT_TENANT) -> Place:
        number = national(to)
        if len(number) >= SHORTEST_NUMBER and number.removeprefix("+").isdecimal() and not self.find_user(to, tenant):
            return Place(kind=PlaceKind.NUMBER, name=number)
        return self._place(to, tenant)

    def _mailbox_of(self, call: Call) -> Extension | None:
        """Return whose mailbox takes a call: the called user's, or that of the queue's first agent."""
        if call.place.user or not call.visits:
            return call.place.user
        queue = self._queues.get(call.visits[-1].queue)
        return next((self._users[auth_id] for auth_id in queue.members), None) if queue else None


def _live(call: Call) -> LiveCall:
    return LiveCall(
        direction=call.direction,
        connected=call.answered_at is not None,
        started_at=call.started_at,
        connected_to=call.place.label,
        caller_id=call.number if call.direction is Direction.INBOUND else call.shown_number or None,
        extension=call.dialing_user,
    )
