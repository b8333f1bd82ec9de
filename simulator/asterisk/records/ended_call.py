"""Ended call: from its CDR rows and its stays in queues, the record that the vendor's report shows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
import re

from simulator.asterisk.channels import began
from simulator.asterisk.records.cdr import HANGUP, LOCAL, Row
from simulator.asterisk.records.queue_log import Visit
from simulator.asterisk.records.trail import Trail
from simulator.models import CallRecord, Direction, Extension
from simulator.pbx.calls import SHORTEST_NUMBER
from simulator.pbx.records import national, number_type

_CHANNEL = re.compile(r"^(?:PJSIP|SIP)/(.+)-[0-9a-f]{8}$")
_INTERFACE = re.compile(r"^(?:PJSIP|SIP)/([^/@]+)$")
_PLACE = re.compile(r"^Local/([^@/]+)@")
_DIALED = re.compile(r"(?:PJSIP|SIP)/([^/&,@]+)(@)?")
_CALLER_NAME = re.compile(r'^"(.*)" <')
# A message of fewer seconds than that, greeting included, is somebody who hung up. Only for dialplans that don't note
# VMSTATUS: there it is a guess.
_SHORTEST_MESSAGE = 5
_WENT_ON = "USEREXIT"  # of VMSTATUS: pressed a key at the mailbox and was led elsewhere


@dataclass(frozen=True, slots=True, kw_only=True)
class EndedCall:
    """A call that is over; a call that a crash cut off may have no rows."""

    id: str
    rows: Sequence[Row]  # by sequence
    visits: Sequence[Visit]  # all of them over
    users: Mapping[str, Extension]  # by auth ID
    met: bool = False  # in a conference, somebody who had come before
    trail: Trail = field(init=False)

    def __post_init__(self) -> None:
        """Follow the call."""
        object.__setattr__(self, "trail", Trail(self.id, self.rows))

    def record(self) -> CallRecord:
        """Return its record."""
        src, number = self._source()
        dst_type, dst, dst_user = self._destination()
        taken = [visit for visit in self.visits if visit.agent is not None]
        handed_on = [visit for visit in self.visits if visit.transferred]
        passed_on = {self.trail.passed_on, *(visit.transferred for visit in handed_on)} - {""}
        fax = self._fax()
        return CallRecord(
            unique_id=self.id,
            started_at=self.started_at,
            direction=self._direction(src, dst_type),
            src=src.ext if src else national(number),
            src_name=src.name if src else self._caller_name(number),
            src_type="Extension" if src else number_type(national(number)),
            src_user=src,
            dst=dst,
            dst_name=dst_user.name if dst_user else "",
            dst_type=dst_type,
            dst_user=dst_user,
            dst_original=self._dialed(),
            dst_context=self.trail.first.dcontext if self.trail.first else "",
            duration=int((self.ended_at - self.started_at).total_seconds()),
            billable_duration=self._billable(),
            bridged_unique_ids=tuple(visit.channel for visit in taken if visit.channel),
            bridged=self.met or bool(taken) or self.trail.talked,
            last_app=self._last_app(),
            disposition=self._disposition(),
            transferred=bool(passed_on),
            blind_transferred=not passed_on.isdisjoint({"blind", "BLINDTRANSFER"}),
            attended_transferred=not passed_on.isdisjoint({"attended", "ATTENDEDTRANSFER"}),
            parked=self.trail.parked,
            involved_queues=tuple(dict.fromkeys(visit.queue for visit in self.visits)),
            involved_agents=tuple(dict.fromkeys(map(self._agent, taken))),
            transferred_from_queues=tuple(visit.queue for visit in handed_on),
            transferred_from_agents=tuple(map(self._agent, handed_on)),
            abandoned_queues=tuple(visit.queue for visit in self.visits if visit.agent is None),
            queue_talk_durations=tuple(visit.talk for visit in taken),
            queue_hold_durations=tuple(visit.hold for visit in self.visits),
            voicemail=self._last_app() == "VoiceMail" or self._left_message(),
            left_message=self._left_message(),
            fax=fax is not None,
            fax_successful=fax,
            fax_pages=self._fax_pages() if fax else 0,
            conference=dst if dst_type == "Conference" else "",
        )

    @property
    def started_at(self) -> datetime:
        """When it began."""
        starts = [row.start for row in self.rows] + [visit.joined_at for visit in self.visits]
        return min(starts) if starts else began(self.id)

    @property
    def ended_at(self) -> datetime:
        """When it ended."""
        ends = [row.end for row in self.rows] or [visit.left_at for visit in self.visits if visit.left_at]
        return max(ends, default=self.started_at)

    def _source(self) -> tuple[Extension | None, str]:
        """Return the user who dialed, or nobody and the number of someone outside."""
        if (first := self.trail.first) is None:
            number = self.visits[0].number if self.visits else ""
            return None, number
        # A call file's first channel is the line outside; its account says for whom it was made. After a transfer an
        # outside caller's account is that of who passed him on, but not his number.
        account = self.users.get(first.accountcode)
        made_for = account if account and account.ext == first.src else None
        return self.users.get(_endpoint(first.channel)) or made_for, first.src

    def _caller_name(self, number: str) -> str:
        found = _CALLER_NAME.match(self.trail.first.clid) if self.trail.first else None
        return "" if found is None or found[1] == number else found[1]

    def _dialed(self) -> str:
        """Return what was dialed at first. A user's row may show the number of somebody met in a conference."""
        first = self.trail.first
        did = next((row.did for row in self.rows if row.did), "")
        from_phone = first and _endpoint(first.channel) in self.users
        return did if did and not from_phone else next((row.dst for row in self.trail.own if row.dst != "s"), "")

    def _destination(self) -> tuple[str, str, Extension | None]:
        """Return the kind of place where it ended, its name, and the user there."""
        last = self.trail.last
        if (box := self._mailbox()) is not None:
            return ("Extension", box.ext, box)
        if (last is None or last.lastapp == "Queue") and (place := self._queue(last)):
            return place
        if last is None:
            number = self._dialed()
            return (number_type(number), number, None)
        if last.lastapp == "ConfBridge":
            return ("Conference", last.lastdata.partition(",")[0], None)
        if user := self.users.get(_endpoint(last.dstchannel)) or self._called(last):
            return ("Extension", user.ext, user)
        number = national(last.dst)
        return (number_type(number), number, None)

    def _queue(self, row: Row | None) -> tuple[str, str, Extension | None] | None:
        """Return the queue where it ended; nothing if an agent passed it on from there while they talked on."""
        name = row.lastdata.partition(",")[0] if row else ""
        visit = next((visit for visit in reversed(self.visits) if name in {visit.queue, ""}), None)
        if visit is None:
            return ("Queue", name, None) if name else None
        if row and visit.transferred and _endpoint(row.dstchannel) in self.users:
            return None
        return ("Queue", visit.queue, self.users.get(self._agent(visit)))

    def _agent(self, visit: Visit) -> str:
        """Return an agent's auth ID, by the interface, by whose phone it was, or by the member's name; else that."""
        if not (member := visit.agent or ""):
            return ""
        if found := _INTERFACE.match(member):
            return found[1]
        phones = (_endpoint(row.dstchannel) for row in self.trail.served(visit.queue, visit.joined_at, visit.left_at))
        if phone := next((phone for phone in phones if phone in self.users), None):
            return phone
        place = _PLACE.match(member)
        named = [user for user in self.users.values() if (user.ext == place[1] if place else user.name == member)]
        return named[0].auth_id if len(named) == 1 else member

    def _called(self, row: Row) -> Extension | None:
        found = _DIALED.match(row.lastdata) if row.lastapp == "Dial" else None
        return self.users.get(found[1]) if found and not found[2] else None

    def _direction(self, src: Extension | None, dst_type: str) -> Direction:
        inside = dst_type in {"Extension", "Queue", "Conference"}
        dials = [self._leads_out(row) for row in self.trail.own]
        if src is not None:  # where it was passed on to is another matter
            return Direction.OUTBOUND if self._fax() is not None or any(dials[:1]) else Direction.INTERNAL
        if not inside:
            return Direction.HAIRPIN if any(dials) else Direction.INBOUND
        return Direction.DIRECT_INBOUND if dst_type == "Extension" and not self.visits else Direction.INBOUND

    def _leads_out(self, row: Row) -> bool:
        row = self.trail.beyond(row)
        if row.dstchannel and row.lastapp == "Dial" and not row.dstchannel.startswith(LOCAL):
            return _endpoint(row.dstchannel) not in self.users
        if found := _DIALED.match(row.lastdata) if row.lastapp == "Dial" else None:
            return bool(found[2]) or found[1] not in self.users
        number = national(row.dst)
        return number.isdecimal() and len(number) >= SHORTEST_NUMBER and _endpoint(row.channel) in self.users

    def _billable(self) -> int:
        answers = [row.answer for row in self.rows if row.answer]
        if not self.rows:
            answers = [visit.joined_at for visit in self.visits]
        return int((self.ended_at - min(answers)).total_seconds()) if answers else 0

    def _disposition(self) -> str:
        """Return what became of it. The `h` extension's row knows that the PBX itself answered, and nothing else."""
        words = [row.disposition for row in self.rows if row.dst != HANGUP]
        if any(row.disposition == "ANSWERED" for row in self.rows) or not self.rows:
            return "ANSWERED"
        return words[-1] if words else "NO ANSWER"

    def _last_app(self) -> str:
        if self._mailbox() is not None or self._note("VMSTATUS") not in {"", _WENT_ON}:
            return "VoiceMail"
        if self._fax() is not None:
            return "SendFAX" if self._source()[0] else "ReceiveFAX"
        last = self.trail.last
        return last.lastapp if last else "Queue" if self.visits else ""

    def _note(self, name: str) -> str:
        return self.trail.notes.get(name, "")

    def _mailbox(self) -> Extension | None:
        """Return whose mailbox the caller was sent to, by the dialplan's note or by the last application."""
        if self._note("VMSTATUS") == _WENT_ON:
            return None
        label = self._note("MAILBOX")
        if not label and (last := self.trail.last) and last.lastapp == "VoiceMail":
            label = last.lastdata.partition(",")[0]
        return next((user for user in self.users.values() if f"{user.ext}@{user.tenant}" == label), None)

    def _left_message(self) -> bool:
        if status := self._note("VMSTATUS"):
            return status == "SUCCESS"
        rows = [row for row in self.rows if row.lastapp == "VoiceMail"]
        return any((row.end - row.start).total_seconds() >= _SHORTEST_MESSAGE for row in rows)

    def _fax(self) -> bool | None:
        """Tell whether a fax went through; None for what is no fax."""
        if status := self._note("FAXSTATUS"):
            return status == "SUCCESS"
        return None

    def _fax_pages(self) -> int:
        pages = self._note("FAXPAGES")
        return int(pages) if pages.isdecimal() else 0


def _endpoint(channel: str) -> str:
    found = _CHANNEL.match(channel)
    return found[1] if found else ""
