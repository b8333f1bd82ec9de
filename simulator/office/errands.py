"""Errands of the living office: faxes, text messages, meetings, campaigns."""

from functools import partial

from simulator.engine import PbxError
from simulator.office.life import Life
from simulator.office.people import outside_number
from simulator.pbx.faxes import CAUSES

TEXTS = (
    "Hi, is my order ready for pick-up?",
    "Running 10 minutes late, sorry!",
    "Can you call me back this afternoon?",
    "Thanks, see you tomorrow.",
    "¿Están abiertos el sábado?",
    'Please cancel "order 4471"; I\'ll come by instead.',
)
REPLIES = ("Your appointment is tomorrow at 9:30 am.", "Thank you, we'll call you back.", "Yes, until 5 pm.")
_ROOM = "2000"
_CAMPAIGN = "1"
_DIALING = (
    ("DEBUG", "Pulling a contact to dial"),
    ("DEBUG", "Created call file /var/spool/asterisk/outgoing/pdialer_{job}"),
    ("INFO", "Placing call to {job} at {number}"),
    ("DEBUG", "Checking failed calls"),
    ("DEBUG", "Checking completed calls"),
)


class Errands(Life):
    """Faxes, messages, meetings and campaigns."""

    def start(self) -> None:
        """Let it begin, with something of each kind within the first minute."""
        self._dialed = 0
        self.often(240, self._send_fax, first=5)
        self.often(600, self._receive_fax)
        self.often(80, self._receive_sms, first=15)
        self.often(140, self._send_sms, first=20)
        self.often(420, self._meet, first=10)
        self.often(420, self._switch_campaign, first=1)

    def _send_fax(self) -> None:
        user, number = self.pick(self.pbx.users()), outside_number(self.rng)
        fax_id = self.pbx.send_fax(user.auth_id, number, max_attempts=self.rng.choice((2, 3, 5)))
        self.later(self.rng.uniform(3, 8), partial(self._transmit, fax_id, self.rng.randint(1, 6)))

    def _transmit(self, fax_id: int, pages: int) -> None:
        """Send page by page; one attempt in three breaks off, to be tried again when the PBX says."""
        failing = self.rng.randint(1, pages) if self.chance(0.35) else None
        for page in range(1, (failing or pages) + 1):
            self.later(9 * (page - 1), partial(self.pbx.fax_progress, fax_id, page, pages))
        ending = partial(self._break_off, fax_id, pages) if failing else partial(self.pbx.fax_complete, fax_id)
        self.later(9 * (failing or pages), ending)

    def _break_off(self, fax_id: int, pages: int) -> None:
        self.pbx.fax_fail(fax_id, self.rng.choice(CAUSES[:4]))
        for job in self.pbx.fax_jobs():
            if job.id == fax_id and job.next_retry_at:
                wait = (job.next_retry_at - self.pbx.now()).total_seconds()
                self.later(wait, partial(self._transmit, fax_id, pages))

    def _receive_fax(self) -> None:
        user = self.pick(self.pbx.users())
        cause = self.rng.choice(CAUSES[:4]) if self.chance(0.1) else None
        self.pbx.receive_fax(
            outside_number(self.rng), user.auth_id, pages=self.rng.randint(1, 8), cause=cause, seconds=40
        )

    def _receive_sms(self) -> None:
        to = self.pick([number for number, place in self.pbx.numbers.items() if self.pbx.find_user(place)])
        self.pbx.receive_sms(outside_number(self.rng), to, self.rng.choice(TEXTS))

    def _send_sms(self) -> None:
        user, number = self.pick(self.pbx.users()), outside_number(self.rng)
        self.pbx.sms_unreachable(number, self.chance(0.05))
        self.pbx.send_sms(user.auth_id, [f"+1{number}"], self.rng.choice(REPLIES), "")

    def _meet(self) -> None:
        """Let a few people meet, with one in charge, who may close the door behind the last."""
        if any(room.number == _ROOM for room in self.pbx.conferences()):
            return
        guests = [user for user in self.pbx.users() if self.pbx.is_free(user.auth_id)]
        self.rng.shuffle(guests)
        guests = guests[: self.rng.randint(2, 4)]
        if len(guests) < 2:  # noqa: PLR2004  # nobody meets alone
            return
        for turn, user in enumerate(guests):
            self.later(turn * self.rng.uniform(2, 9), partial(self._attend, user.auth_id, turn == 0))
        self.later(20, partial(self._attend, outside_number(self.rng), False))
        if self.chance(0.4):
            self.later(45, partial(self.pbx.lock_conference, _ROOM))

    def _attend(self, who: str, admin: bool) -> None:
        if self.pbx.find_user(who) and not self.pbx.is_free(who):
            raise PbxError("Busy with something else by now")
        call_id = self.pbx.join_conference(_ROOM, who, admin=admin)
        self.later(self.rng.uniform(90, 260), partial(self.pbx.leave_conference, call_id))

    def _switch_campaign(self) -> None:
        """Start the campaign if it stands still, else let it rest."""
        if self.pbx.is_running(_CAMPAIGN):
            self.pbx.stop_campaign(_CAMPAIGN)
        else:
            self.pbx.start_campaign(_CAMPAIGN)
            self._dial(0)

    def _dial(self, step: int) -> None:
        if not self.pbx.is_running(_CAMPAIGN):
            return
        self._dialed += step == 0
        level, text = _DIALING[step]
        job = f"pd-{_CAMPAIGN}-1-{self._dialed}"
        self.pbx.log_campaign(_CAMPAIGN, level, text.format(job=job, number=outside_number(self.rng)))
        self.later(self.rng.uniform(2, 6), partial(self._dial, (step + 1) % len(_DIALING)))
