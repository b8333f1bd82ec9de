"""Switchboard: calls made, answered, passed on, hung up."""

from functools import partial

from simulator.engine import PbxError
from simulator.models import DeviceState, Direction
from simulator.pbx.call import Call, Place, PlaceKind
from simulator.pbx.calls import Calls
from simulator.pbx.directory import DEFAULT_TENANT
from simulator.pbx.records import national

OVERFLOW_MESSAGE = 20  # seconds that a caller speaks who was turned away
DISPOSITIONS = ("ANSWERED", "BUSY", "FAILED", "NO ANSWER")


class Switchboard(Calls):
    """What can happen to a call, by hand or by itself."""

    def call_in(self, number: str, *, name: str = "", to: str, priority: int = 0) -> str:
        """Let someone call from outside; `to` is a queue, user, room or one of the PBX's numbers. Returns the id."""
        place = self._place(self.numbers.get(to, to))
        dialed = to if to in self.numbers else self.number_of(place)
        call = self._new_call(Direction.INBOUND, place, number=national(number), name=name, original=dialed)
        self._arrive(call, place, priority)
        return call.id

    def call_out(self, auth_id: str, number: str) -> str:
        """Let a user dial a number outside; `answer` is the other side's doing. Returns the call's id."""
        place = Place(kind=PlaceKind.NUMBER, name=national(number))
        return self._dial(Direction.OUTBOUND, self.user(auth_id), place).id

    def call_internal(self, caller: str, to: str) -> str:
        """Let a user dial another one, a queue or a room. Returns the call's id."""
        user = self.user(caller)
        place = self._place(to, user.tenant)
        if place.user == user:
            raise PbxError(f"Extension {user.ext}@{user.tenant} can't call itself")
        return self._dial(Direction.INTERNAL, user, place).id

    def join_conference(self, number: str, who: str, *, admin: bool = False) -> str:
        """Let a user or someone outside into a room; only an administrator can get into a locked one."""
        room, user = self.room(number), self.find_user(who)
        if room.locked and not admin:
            raise PbxError(f"Conference {number} is locked")
        call_id = self.call_internal(user.auth_id, number) if user else self.call_in(who, to=number)
        self._calls[call_id].admin = admin
        return call_id

    def leave_conference(self, call_id: str) -> None:
        """Let a participant go."""
        if self.call(call_id).place.kind is not PlaceKind.CONFERENCE:
            raise PbxError(f"Call {call_id} is not in a conference")
        self.hang_up(call_id)

    def answer(self, call_id: str, by: str | None = None) -> None:
        """Pick up: the called phone, an agent who is being offered the call, or the other side outside."""
        call = self.call(call_id)
        if call.place.kind is PlaceKind.NUMBER:
            self._answer_outside(call)
            return
        auth_id = self.user(by).auth_id if by else next(iter(call.ringing), None)
        if auth_id is None or auth_id not in call.ringing:
            raise PbxError(f"Call {call_id} does not ring at {by or 'any phone'}")
        if visit := call.visit:
            self._take(call, visit, auth_id)
        self._seize(call, auth_id)  # before the ringing stops: else the next caller would ring here
        self._silence(call)
        self._count_call(auth_id, incoming=True)
        call.talker = auth_id
        self._connect(call)

    def _answer_outside(self, call: Call) -> None:
        if call.outside_answered:
            raise PbxError(f"Call {call.id} has been answered")
        call.outside_answered = True
        self._connect(call)

    def hold(self, call_id: str, on_hold: bool = True) -> None:
        """Put a call on hold or take it back."""
        self._conversation(call_id).on_hold = on_hold

    def hang_up(self, call_id: str, disposition: str = "") -> None:
        """End a call, from whichever side; a `disposition` says why it came to nothing."""
        call = self.call(call_id)
        if disposition and disposition not in DISPOSITIONS:
            raise PbxError(f"Unknown disposition: {disposition}")
        call.disposition = disposition
        self._end(call)

    def abandon(self, call_id: str) -> None:
        """Let a caller give up before anybody answered."""
        if self.call(call_id).in_conversation:
            raise PbxError(f"Call {call_id} has been answered")
        self.hang_up(call_id)

    def leave_voicemail(self, call_id: str, *, mailbox: str | None = None, seconds: float = 0) -> None:
        """Send a caller to a mailbox (by default that of the phone that rang), to speak for some seconds and go."""
        call = self.call(call_id)
        user = self.user(mailbox) if mailbox else self._mailbox_of(call)
        if user is None:
            raise PbxError(f"There is no mailbox for call {call_id}")
        self._move(call, Place(kind=PlaceKind.EXTENSION, name=user.ext, user=user), voicemail=True)
        if seconds:
            self.after(seconds, partial(self._end_message, call, user.auth_id))
        else:
            self._end_message(call, user.auth_id)

    def transfer(self, call_id: str, to: str, *, blind: bool = True) -> None:
        """Pass a conversation on to a user, queue, room or number; attended means that they have spoken already."""
        call = self._conversation(call_id)
        speaker = self._users.get(call.talker or "") or call.dialing_user
        place = self._place_or_number(to, speaker.tenant if speaker else DEFAULT_TENANT)
        if call.visit:
            call.handed_on.append(call.visit)
        call.blind_transferred |= blind
        call.attended_transferred |= not blind
        self._move(call, place)
        if not blind and call.ringing:
            self.answer(call_id, call.ringing[0])

    def park(self, call_id: str) -> None:
        """Let who answered put a caller into the parking lot; their phone is free again."""
        call = self.call(call_id)
        if call.talker is None:
            raise PbxError(f"Nobody at the PBX has taken call {call_id}")
        self._depart(call)
        call.parked = call.waits_parked = True

    def pick_up_parked(self, call_id: str, by: str) -> None:
        """Let a user take a caller out of the parking lot."""
        call, user = self.call(call_id), self.user(by)
        if not call.waits_parked:
            raise PbxError(f"Call {call_id} is not parked")
        if self.device_state(user.auth_id) is DeviceState.UNAVAILABLE:
            raise PbxError(f"The phone of {user.ext}@{user.tenant} is not registered")
        call.waits_parked, call.talker = False, user.auth_id
        call.place = Place(kind=PlaceKind.EXTENSION, name=user.ext, user=user)
        self._seize(call, user.auth_id)
        self._connect(call)

    def forward(self, call_id: str, number: str) -> None:
        """Let the ringing phone send its caller on to a number outside."""
        call = self.call(call_id)
        if call.place.user is None or not call.ringing:
            raise PbxError(f"Call {call_id} does not ring at a phone")
        place = self._place_or_number(number, call.place.user.tenant)
        call.forwarded = True
        self._move(call, place)

    def restart(self) -> None:
        """Let the PBX start anew: calls in progress are cut off and leave no record, what was counted is forgotten."""
        for call in self.live_calls():
            self._end(call, recorded=False)
        self.reset_counters()

    def remove_queue(self, name: str) -> None:
        """Remove a queue; its callers are cut off."""
        self.queue(name)
        for call in self.live_calls():
            if call.place.kind is PlaceKind.QUEUE and call.place.name == name:
                self._end(call)
        del self._queues[name]

    def remove_extension(self, auth_id: str) -> None:
        """Remove a user; calls with that phone are cut off."""
        user = self.user(auth_id)
        for call in self.live_calls():
            involved = {party.auth_id for party in (call.dialing_user, call.place.user) if party}
            if user.auth_id in involved or user.auth_id == call.talker:
                self._end(call)
        super().remove_extension(user.auth_id)

    def _conversation(self, call_id: str) -> Call:
        call = self.call(call_id)
        if not call.in_conversation:
            raise PbxError(f"Nobody talks on call {call_id}")
        return call

    def _overflow(self, call: Call) -> None:
        if self._mailbox_of(call):
            self.leave_voicemail(call.id, seconds=OVERFLOW_MESSAGE)
        else:
            self.hang_up(call.id)
