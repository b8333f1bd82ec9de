"""Past calls and messages: records of what nobody had to live through."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from enum import StrEnum

from simulator.engine import PbxError
from simulator.models import Direction
from simulator.pbx.call import Call, Place, PlaceKind, QueueVisit
from simulator.pbx.calls import Calls
from simulator.pbx.messages import Messages
from simulator.pbx.records import national

MESSAGE = 15  # seconds that somebody speaks to a mailbox


class Outcome(StrEnum):
    """What came of a call."""

    ANSWERED = "answered"
    UNANSWERED = "unanswered"  # in a queue: abandoned
    VOICEMAIL = "voicemail"
    FAX = "fax"
    FAX_FAILED = "fax_failed"


class Past(Messages, Calls):
    """What happened already, as far as the records know."""

    def add_past_call(  # noqa: PLR0913 - what can be said of a call; all but the two ends may be left unsaid
        self,
        caller: str,
        to: str,
        *,
        outcome: Outcome = Outcome.ANSWERED,
        ago: float | None = None,
        wait: int = 10,
        talk: int = 60,
        name: str = "",
        by: str | None = None,
        via: tuple[str, ...] | None = None,
    ) -> str:
        """Write a call's row and return its id: from outside, or from a user by extension or auth id.

        It began `ago` seconds ago (by default it ends now), was answered after `wait` and took `talk` seconds more;
        `by` is the agent, `via` the queues where the caller first waited as long in vain.
        """
        waited = wait * (1 + len(via or ()))
        length = waited + {Outcome.UNANSWERED: 0, Outcome.VOICEMAIL: MESSAGE}.get(outcome, talk)
        ago = length if ago is None else ago
        if ago < length:
            raise PbxError(f"A call of {length} seconds that began {ago:g} seconds ago has not ended")
        with self.as_of(self.now() - timedelta(seconds=ago)):
            call = self._past_call(caller, to, name)
            answered_at = self.now() + timedelta(seconds=waited)
            self._pass_through(call, via or (), wait)
            match outcome:
                case Outcome.ANSWERED:
                    self._past_talk(call, answered_at, by)
                case Outcome.VOICEMAIL:
                    self._past_message(call, answered_at)
                case Outcome.FAX | Outcome.FAX_FAILED:
                    call.answered_at, call.fax_successful = call.started_at, outcome is Outcome.FAX
                    call.fax_pages = int(outcome is Outcome.FAX)
            call.ended_at = call.started_at + timedelta(seconds=length)
            if call.visit:
                call.visit.left_at = call.ended_at
            self.add_record(self.record_of(call))
        return call.id

    def _past_call(self, caller: str, to: str, name: str) -> Call:
        user = self.find_user(caller)
        place = self._place_or_number(self.numbers.get(to, to), user.tenant if user else "default")
        directions = {True: Direction.OUTBOUND, False: Direction.INTERNAL}
        return Call(
            id=self.new_id(),
            direction=directions[place.kind is PlaceKind.NUMBER] if user else Direction.INBOUND,
            started_at=self.now(),
            place=place,
            dialing_user=user,
            number="" if user else national(caller),
            name="" if user else name,
            original=place.name if user else to if to in self.numbers else self.number_of(place),
        )

    def _pass_through(self, call: Call, via: Sequence[str], wait: int) -> None:
        """Let a caller wait in one queue after the other."""
        queues = [self.queue(name).name for name in via]
        queues += [call.place.name] if call.place.kind is PlaceKind.QUEUE else []
        for turn, name in enumerate(queues):
            joined_at = call.started_at + timedelta(seconds=wait * turn)
            call.visits.append(QueueVisit(queue=name, joined_at=joined_at, left_at=joined_at + timedelta(seconds=wait)))
            call.answered_at = call.started_at  # a queue answers by itself

    def _past_message(self, call: Call, moment: datetime) -> None:
        user = self._mailbox_of(call)
        if user is None:
            raise PbxError("There is no mailbox for this call")
        call.place = Place(kind=PlaceKind.EXTENSION, name=user.ext, user=user)
        call.at_voicemail = call.left_message = True
        call.answered_at = call.answered_at or moment

    def _past_talk(self, call: Call, moment: datetime, by: str | None) -> None:
        call.answered_at = call.answered_at or moment
        call.bridged_ids.append(self.new_id())
        if call.place.kind is PlaceKind.QUEUE:
            member = by or next(iter(self.queue(call.place.name).members), None)
            if member is None:
                raise PbxError(f"Queue {call.place.name} has no agent who could have answered")
            visit = call.visits[-1]
            visit.taken_at, visit.left_at, visit.agent = moment, None, self.user(member).auth_id
            call.recorded = True

    def correct_call(
        self,
        call_id: str,
        *,
        bridged: bool | None = None,
        recording_link: str | None = None,
        fax: bool | None = None,
        abandoned_queues: tuple[str, ...] | None = None,
    ) -> None:
        """Change a row that can be read already, as the PBX does when it knows better."""
        changes = {
            "bridged": bridged,
            "recording_link": recording_link,
            "fax": fax,
            "abandoned_queues": abandoned_queues,
        }
        for index, row in enumerate(self._records):
            if row.unique_id == call_id:
                known = {name: value for name, value in changes.items() if value is not None}
                self._records[index] = replace(row, **known)  # type: ignore[arg-type]  # replace() is not typed by field
                return
        raise PbxError(f"No such call record: {call_id}")

    def add_past_sms(self, sender: str, to: str, body: str, *, ago: float = 0) -> str:
        """Write the row of a text from a user or from outside and return its message id."""
        with self.as_of(self.now() - timedelta(seconds=ago)):
            if self.find_user(sender):
                return self.send_sms(sender, [to], body, "").message_id
            return self.receive_sms(sender, to, body)

    def fail_sms(self, message_id: str) -> None:
        """Let a text that counted as sent turn out to have failed."""
        found = [index for index, row in enumerate(self._messages) if row.message_id == message_id]
        if not found:
            raise PbxError(f"No such message: {message_id}")
        for index in found:
            self._messages[index] = replace(self._messages[index], status="failure")
