"""History of an office: the CDR and the text messages of past days, by the same rules as today's."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from simulator.models import Direction, Extension
from simulator.office.errands import REPLIES, TEXTS
from simulator.office.people import caller, outside_number
from simulator.pbx.call import Call, Place, PlaceKind, QueueVisit
from simulator.pbx.queue_state import QueueState
from simulator.pbx.records import national
from simulator.pbx.simulated import SimulatedPbx

_WEEKEND = 0.15  # of a working day's calls
_SATURDAY = 5
_CALLS_PER_MESSAGE = 8
_OUTCOMES = {"answered": 46, "abandoned": 7, "overflow": 4, "direct": 12, "voicemail": 5, "out": 18, "internal": 6}
_FAXES = {"fax": 2}


@dataclass(slots=True, kw_only=True)
class _Past:
    """The places that calls went to."""

    pbx: SimulatedPbx
    users: Sequence[Extension]
    queues: Sequence[QueueState]

    @property
    def rng(self) -> Random:
        return self.pbx.rng

    def call(self, started_at: datetime) -> Call:
        """Return a call of some kind, over and done with."""
        kinds = _OUTCOMES | _FAXES
        kind = self.rng.choices(list(kinds), weights=list(kinds.values()))[0]
        match kind:
            case "answered" | "abandoned" | "overflow" if self.queues:
                return self._queue_call(started_at, kind)
            case "out":
                return self._dialed(started_at, Place(kind=PlaceKind.NUMBER, name=outside_number(self.rng)))
            case "internal" if len(self.users) > 1:
                return self._dialed(started_at, _at(self.rng.choice(self.users)))
            case "fax":
                return self._fax(started_at)
        return self._direct_call(started_at, voicemail=kind == "voicemail")

    def _inbound(self, started_at: datetime, place: Place) -> Call:
        number, name = caller(self.rng)
        return Call(
            id=self.pbx.new_id(),
            direction=Direction.INBOUND,
            started_at=started_at,
            place=place,
            number=national(number),
            name=name,
            original=self.pbx.number_of(place),
        )

    def _queue_call(self, started_at: datetime, kind: str) -> Call:
        queue = self.rng.choice(self.queues)
        call = self._inbound(started_at, Place(kind=PlaceKind.QUEUE, name=queue.name))
        visit = QueueVisit(queue=queue.name, joined_at=started_at)
        call.visits.append(visit)
        call.answered_at = started_at
        wait = started_at + timedelta(seconds=self.rng.lognormvariate(2.6, 0.8))
        if kind == "answered":
            visit.taken_at, visit.agent, call.recorded = wait, self.rng.choice(list(queue.members)), True
            call.bridged_ids.append(self.pbx.new_id())
            call.ended_at = visit.left_at = wait + self._talk()
            return call
        call.ended_at = visit.left_at = wait + timedelta(seconds=self.rng.uniform(0, 90))
        if kind == "overflow":
            call.place = _at(self.pbx.user(next(iter(queue.members))))
            call.at_voicemail = call.left_message = True
            call.ended_at += timedelta(seconds=self.rng.uniform(8, 40))
        return call

    def _direct_call(self, started_at: datetime, *, voicemail: bool) -> Call:
        call = self._inbound(started_at, _at(self.rng.choice(self.users)))
        if not voicemail:
            return self._answered(call)
        call.at_voicemail = call.left_message = True
        call.answered_at = started_at + timedelta(seconds=22)
        call.ended_at = call.answered_at + timedelta(seconds=self.rng.uniform(8, 40))
        return call

    def _dialed(self, started_at: datetime, place: Place) -> Call:
        call = Call(
            id=self.pbx.new_id(),
            direction=Direction.OUTBOUND if place.kind is PlaceKind.NUMBER else Direction.INTERNAL,
            started_at=started_at,
            place=place,
            original=place.name,
            dialing_user=self._colleague(place.user),
        )
        if self.rng.random() < 1 / 5:
            call.disposition = self.rng.choice(("BUSY", "NO ANSWER", "FAILED"))
            call.ended_at = started_at + timedelta(seconds=self.rng.uniform(4, 40))
            return call
        return self._answered(call)

    def _colleague(self, of: Extension | None) -> Extension:
        """Return somebody else."""
        while (user := self.rng.choice(self.users)) is of:
            pass
        return user

    def _answered(self, call: Call) -> Call:
        call.answered_at = call.started_at + timedelta(seconds=self.rng.uniform(3, 18))
        call.ended_at = call.answered_at + self._talk()
        call.bridged_ids.append(self.pbx.new_id())
        return call

    def _fax(self, started_at: datetime) -> Call:
        call = self._inbound(started_at, _at(self.rng.choice(self.users)))
        call.fax_successful = self.rng.random() < 9 / 10
        call.fax_pages = self.rng.randint(1, 8) if call.fax_successful else 0
        call.answered_at = started_at
        call.ended_at = started_at + timedelta(seconds=20 + 12 * call.fax_pages)
        return call

    def _talk(self) -> timedelta:
        return timedelta(seconds=min(max(self.rng.lognormvariate(4.6, 0.7), 6), 2400))

    def message(self) -> None:
        """Let a message come in or go out."""
        user, number = self.rng.choice(self.users), outside_number(self.rng)
        if self.rng.random() < 1 / 2:
            self.pbx.receive_sms(number, user.auth_id, self.rng.choice(TEXTS))
        else:
            self.pbx.send_sms(user.auth_id, [f"+1{number}"], self.rng.choice(REPLIES), "")


def fill_history(pbx: SimulatedPbx, *, calls_a_day: int, days: int) -> None:
    """Write the records of the last days up to now."""
    queues = [state for state in (pbx.queue(queue.name) for queue in pbx.queues()) if state.members]
    past = _Past(pbx=pbx, users=[user for user in pbx.users() if user.host], queues=queues)
    now = pbx.now()
    for index, moment in enumerate(_moments(pbx, calls_a_day, days)):
        with pbx.as_of(moment):
            call = past.call(moment)
            if index % _CALLS_PER_MESSAGE == 0:
                past.message()
        if call.ended_at and call.ended_at < now:
            pbx.add_record(pbx.record_of(call))


def _moments(pbx: SimulatedPbx, calls_a_day: int, days: int) -> list[datetime]:
    """Return when something happened: mostly between eight and six, seldom on weekends."""
    midnight = pbx.now().astimezone(pbx.time_zone).replace(hour=0, minute=0, second=0, microsecond=0)
    moments: list[datetime] = []
    for day in range(days, -1, -1):
        date = (midnight - timedelta(days=day)).replace(fold=0)
        calls = round(calls_a_day * (_WEEKEND if date.weekday() >= _SATURDAY else 1))
        for _ in range(calls if days else 0):
            hours = min(max(pbx.rng.gauss(13, 2.6), 6), 21.9)
            moments.append((date + timedelta(hours=hours)).astimezone(pbx.now().tzinfo))
    return sorted(moment for moment in moments if moment < pbx.now())


def _at(user: Extension) -> Place:
    return Place(kind=PlaceKind.EXTENSION, name=user.ext, user=user)
