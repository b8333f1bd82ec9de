"""Calls of the living office: who calls whom, who picks up, how long they talk, who gives up."""

from functools import partial

from simulator.engine import PbxError
from simulator.models import DeviceState, Direction, Extension
from simulator.office.life import Life
from simulator.office.people import caller, outside_number
from simulator.pbx.call import Call, PlaceKind


class Callers(Life):
    """Callers and those who answer; it watches the PBX, so calls made by hand are answered too."""

    def start(self) -> None:
        """Let it begin, with the first call within seconds."""
        if self.pbx.queue_states():
            self.often(55, self._call_queue, first=2)
            self.often(600, self._rush, first=25)
        self.often(170, self._call_user, first=4)
        self.often(110, self._call_out, first=8)
        self.often(240, self._call_colleague)
        self.pbx.watchers.append(self)
        for call in self.pbx.live_calls():
            self.talks(call)

    def rings(self, call: Call, auth_id: str) -> None:
        """Let someone pick up after a while, or not; who called one person gets the mailbox in the end."""
        if call.place.kind is PlaceKind.QUEUE:
            if self.chance(0.85):
                self.later(self.rng.uniform(3, 12), partial(self._pick_up, call, auth_id))
            return
        if self.chance(0.04):
            self.later(4, partial(self.pbx.forward, call.id, outside_number(self.rng)))
        elif self.chance(0.7):
            self.later(self.rng.uniform(3, 14), partial(self._pick_up, call, auth_id))
        self.later(self.rng.uniform(20, 26), partial(self._give_up, call, len(call.bridged_ids)))

    def talks(self, call: Call) -> None:
        """Let a conversation end, sometimes with someone else."""
        length = min(max(self.rng.lognormvariate(4.4, 0.6), 8), 900)
        if call.transferred or not self.chance(0.08):
            self.later(length, partial(self._say_goodbye, call, len(call.bridged_ids)))
            return
        self.later(length / 3, partial(self.pbx.hold, call.id))
        self.later(length / 3 + 12, partial(self._pass_on, call))

    def _call_queue(self) -> None:
        self._call_in(self._some_queue())

    def _rush(self) -> None:
        """Let several people call the same queue at once."""
        queue = self._some_queue(unattended=0.001)
        for _ in range(5):
            self.later(self.rng.uniform(0, 12), partial(self._call_in, queue))

    def _some_queue(self, unattended: float = 0.2) -> str:
        """Return a queue, a big one more often; one that nobody is logged in to hardly ever, measured in agents."""
        queues = self.pbx.queue_states()
        if not queues:
            raise PbxError("There are no queues")
        return self.rng.choices(queues, weights=[len(queue.members) + unattended for queue in queues])[0].name

    def _call_user(self) -> None:
        user = self.pick(self.pbx.users())
        self._call_in(f"{user.ext}@{user.tenant}")

    def _call_in(self, to: str) -> None:
        number, name = caller(self.rng)
        call = self.pbx.call(self.pbx.call_in(number, name=name, to=to))
        if call.at_voicemail:  # nobody there: the mailbox answered
            speak = partial(self.pbx.leave_voicemail, call.id, seconds=self.rng.uniform(8, 40))
            self.later(6, speak if self.chance(0.6) else partial(self.pbx.hang_up, call.id))
        self._limit(call)

    def _limit(self, call: Call) -> None:
        self.later(self.rng.uniform(30, 260), partial(self._lose_patience, call))

    def _call_out(self) -> None:
        call_id = self.pbx.call_out(self._idle_user().auth_id, outside_number(self.rng))
        if self.chance(0.8):
            self.later(self.rng.uniform(4, 14), partial(self.pbx.answer, call_id))
        else:
            outcome = self.rng.choice(("BUSY", "NO ANSWER", "FAILED"))
            self.later(self.rng.uniform(6, 35), partial(self.pbx.hang_up, call_id, outcome))

    def _call_colleague(self) -> None:
        call_id = self.pbx.call_internal(self._idle_user().auth_id, self._idle_user().auth_id)
        self._limit(self.pbx.call(call_id))

    def _idle_user(self) -> Extension:
        """Return someone who sits by a free phone, if anyone can be found."""
        users = self.pbx.users()
        for _ in range(20):
            user = self.pick(users)
            if self.pbx.is_free(user.auth_id):
                return user
        raise PbxError("Everyone is busy")

    def _pick_up(self, call: Call, auth_id: str) -> None:
        """Take the call, unless the hands are full by now."""
        if auth_id in call.ringing and self.pbx.device_state(auth_id) is DeviceState.RINGING:
            self.pbx.answer(call.id, auth_id)

    def _give_up(self, call: Call, bridges: int) -> None:
        if call.place.kind is PlaceKind.EXTENSION and call.ringing and len(call.bridged_ids) == bridges:
            if self.chance(0.6):
                self.pbx.leave_voicemail(call.id, seconds=self.rng.uniform(8, 40))
            else:
                self.pbx.hang_up(call.id)

    def _lose_patience(self, call: Call) -> None:
        if call.ended_at is None and not call.in_conversation:
            self.pbx.hang_up(call.id)

    def _say_goodbye(self, call: Call, bridges: int) -> None:
        if call.in_conversation and len(call.bridged_ids) == bridges:  # else it has been passed on
            self.pbx.hang_up(call.id)

    def _pass_on(self, call: Call) -> None:
        self.pbx.hold(call.id, on_hold=False)
        self.later(20, partial(self._say_goodbye, call, len(call.bridged_ids)))  # if it can't be passed on
        if call.direction is Direction.INBOUND and self.chance(0.8):
            self.pbx.transfer(call.id, self._idle_user().auth_id, blind=self.chance(0.6))
            self._limit(call)
