"""Staff of the living office away from the receiver: breaks, log-ins, mailboxes; and what their phones do."""

from functools import partial
from itertools import batched

from simulator.models import Extension, Registration
from simulator.office.life import Life
from simulator.pbx.queue_state import Member, QueueState

REASONS = ("lunch", "break", "meeting", "after-call work", "training")
_QUALIFY = 10  # seconds between two looks at the phones' latency, a sixth of them each time


class Staff(Life):
    """Agents' breaks and phones' troubles."""

    def start(self) -> None:
        """Let it begin, with the first break within seconds."""
        self._round: list[list[str]] = []
        if self.pbx.queue_states():
            self.often(70, self._take_break, first=12)
            self.often(500, self._change_shift)
        self.often(240, self._drop_off, first=40)
        self.often(90, self._lag)
        self.often(60, self._provision, first=30)
        self.often(120, self._listen)
        self.later(_QUALIFY, self._qualify)

    def _take_break(self) -> None:
        queue, agent = self._some_agent()
        if agent.paused or sum(other.paused for other in queue.members.values()) * 2 >= len(queue.members):
            return
        self.pbx.pause_agent(None, agent.auth_id, self.rng.choice(REASONS))
        self.later(self.rng.uniform(40, 300), partial(self.pbx.resume_agent, None, agent.auth_id))

    def _change_shift(self) -> None:
        queue, agent = self._some_agent()
        if agent.dynamic and not agent.in_call and len(queue.members) > 1:
            self.pbx.log_out_agent(queue.name, agent.auth_id)
            back = partial(self.pbx.log_in_agent, queue.name, agent.auth_id, penalty=agent.penalty)
            self.later(self.rng.uniform(60, 400), back)

    def _some_agent(self) -> tuple[QueueState, Member]:
        queue = self.pick([queue for queue in self.pbx.queue_states() if queue.members])
        return queue, self.pick(list(queue.members.values()))

    def _drop_off(self) -> None:
        """Let a phone lose its network, but not the only one there is: it would leave nothing to look at."""
        user = self._idle_phone()
        if user and len(self.pbx.users()) > 1:
            self.pbx.set_registration(user.auth_id, Registration.UNREACHABLE)
            self.later(self.rng.uniform(30, 150), partial(self._come_back, user.auth_id))

    def _lag(self) -> None:
        if user := self._idle_phone():
            self.pbx.set_registration(user.auth_id, Registration.LAGGED, self.rng.randint(2000, 4000))
            self.later(self.rng.uniform(20, 60), partial(self._come_back, user.auth_id))

    def _come_back(self, auth_id: str) -> None:
        self.pbx.set_registration(auth_id, Registration.OK, self.rng.randint(4, 60))

    def _idle_phone(self) -> Extension | None:
        user = self.pick(self.pbx.users())
        return user if self.pbx.is_free(user.auth_id) and user.registration is Registration.OK else None

    def _provision(self) -> None:
        self.pbx.provision(self.pick(self.pbx.users()).auth_id)

    def _listen(self) -> None:
        user = self.pick(self.pbx.users())
        if user.voicemail_new and user.host:
            self.pbx.read_voicemail(user.auth_id)

    def _qualify(self) -> None:
        """Measure the latency of some phones; within a minute everyone's turn comes."""
        self.later(_QUALIFY, self._qualify)
        if not self._round:
            users = [user.auth_id for user in self.pbx.users()]
            self._round = [list(part) for part in batched(users, len(users) // 6 + 1, strict=False)]
        for auth_id in self._round.pop() if self._round else ():
            user = self.pbx.find_user(auth_id)
            if user and user.registration is Registration.OK and user.latency_ms is not None:
                latency = min(max(user.latency_ms + self.rng.randint(-6, 6), 2), 90)
                self.pbx.set_registration(auth_id, Registration.OK, latency)
