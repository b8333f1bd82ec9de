"""One call, from its CDR rows and its stays in queues, as the record that the vendor's report shows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
import re

from simulator.asterisk.channels import began
from simulator.asterisk.records.cdr import HANGUP, Row
from simulator.asterisk.records.queue_log import Visit
from simulator.exchange.records import national, number_type
from simulator.facts import CallRecord, Direction, Extension

_CHANNEL = re.compile(r"^(?:PJSIP|SIP)/(.+)-[0-9a-f]{8}$")
_INTERFACE = re.compile(r"^(?:PJSIP|SIP)/([^/@]+)$")
_DIALLED = re.compile(r"(?:PJSIP|SIP)/([^/&,@]+)(@)?")
_CALLER_NAME = re.compile(r'^"(.*)" <')
# A message of fewer seconds than that, greeting included, is somebody who hung up. Only for dialplans that don't note
# VMSTATUS: there it is a guess.
_SHORTEST_MESSAGE = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """A call that is over; a call that a crash cut off may have no rows."""

    id: str
    rows: Sequence[Row]  # by sequence
    visits: Sequence[Visit]
    users: Mapping[str, Extension]  # by auth ID
    met: bool = False  # in a conference, somebody who had come before

    def record(self) -> CallRecord:
        """Tell it."""
        src, number = self._source()
        dst_type, dst, dst_user = self._destination()
        queues = self.visits
        taken = [visit for visit in queues if visit.agent is not None]
        handed_on = [visit for visit in queues if visit.transferred]
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
            dst_original=self._dialled(),
            dst_context=self.rows[0].dcontext if self.rows else "",
            duration=int((self.ended_at - self.started_at).total_seconds()),
            billable_duration=self._billable(),
            bridged_unique_ids=tuple(visit.channel for visit in taken if visit.channel),
            bridged=self.met or bool(taken) or any(row.answered for row in self.rows),
            last_app=self._last_app(),
            disposition=self._disposition(),
            transferred=bool(handed_on),
            blind_transferred=any(visit.transferred == "BLINDTRANSFER" for visit in handed_on),
            attended_transferred=any(visit.transferred == "ATTENDEDTRANSFER" for visit in handed_on),
            involved_queues=tuple(dict.fromkeys(visit.queue for visit in queues)),
            involved_agents=tuple(dict.fromkeys(_auth_id(visit) for visit in taken)),
            transferred_from_queues=tuple(visit.queue for visit in handed_on),
            transferred_from_agents=tuple(_auth_id(visit) for visit in handed_on),
            abandoned_queues=tuple(visit.queue for visit in queues if visit.agent is None),
            queue_talk_durations=tuple(visit.talk for visit in taken),
            queue_hold_durations=tuple(visit.hold for visit in queues),
            voicemail=self._left_message(),
            fax=fax is not None,
            fax_successful=fax,
            fax_pages=int(self._note("FAXPAGES") or 0) if fax else 0,
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
        """Return the user who dialled, or nobody and the number of someone outside."""
        if not self.rows:
            return None, self.visits[0].number if self.visits else ""
        first = self.rows[0]
        # A call file's first channel is the line outside; its account says for whom it was made.
        user = self.users.get(_endpoint(first.channel)) or self.users.get(first.accountcode)
        return user, first.src

    def _caller_name(self, number: str) -> str:
        found = _CALLER_NAME.match(self.rows[0].clid) if self.rows else None
        return "" if found is None or found[1] == number else found[1]

    def _dialled(self) -> str:
        """Return what was dialled at first. A user's row may show the number of somebody met in a conference."""
        rows = [row for row in self.rows if row.dst not in {HANGUP, "s", ""}]
        did = next((row.did for row in self.rows if row.did), "")
        from_phone = self.rows and _endpoint(self.rows[0].channel) in self.users
        return did if did and not from_phone else rows[0].dst if rows else ""

    def _destination(self) -> tuple[str, str, Extension | None]:
        """Return the kind of place where it ended, its name, and the user there."""
        if (box := self._mailbox()) is not None:
            return ("Extension", box.ext, box)
        last = next((row for row in reversed(self.rows) if row.dst != HANGUP), None)
        if last is None or last.lastapp == "Queue":
            agent = next((_auth_id(visit) for visit in reversed(self.visits) if visit.agent), "")
            queue = self.visits[-1].queue if self.visits else ""
            if self.visits:
                return ("Queue", queue, self.users.get(agent if self.visits[-1].agent else ""))
        if last is None:
            number = self._dialled()
            return (number_type(number), number, None)
        if last.lastapp == "ConfBridge":
            return ("Conference", last.lastdata.partition(",")[0], None)
        user = self.users.get(_endpoint(last.dstchannel)) or self._called(last)
        if user:
            return ("Extension", user.ext, user)
        number = national(last.dst)
        return (number_type(number), number, None)

    def _called(self, row: Row) -> Extension | None:
        found = _DIALLED.match(row.lastdata) if row.lastapp == "Dial" else None
        return self.users.get(found[1]) if found and not found[2] else None

    def _direction(self, src: Extension | None, dst_type: str) -> Direction:
        inside = dst_type in {"Extension", "Queue", "Conference"}
        if src is not None:
            return Direction.INTERNAL if inside else Direction.OUTBOUND
        if not inside:
            return Direction.HAIRPIN if any(row.dstchannel for row in self.rows) else Direction.INBOUND
        return Direction.DIRECT_INBOUND if dst_type == "Extension" and not self.visits else Direction.INBOUND

    def _billable(self) -> int:
        answers = [row.answer for row in self.rows if row.answer] or [visit.joined_at for visit in self.visits[:1]]
        return int((self.ended_at - min(answers)).total_seconds()) if answers else 0

    def _disposition(self) -> str:
        words = [row.disposition for row in self.rows if row.dst != HANGUP] or [row.disposition for row in self.rows]
        return "ANSWERED" if "ANSWERED" in words or self.visits else words[-1] if words else "FAILED"

    def _last_app(self) -> str:
        if self._mailbox() is not None:
            return "VoiceMail"
        if self._fax() is not None:
            return "SendFAX" if self._source()[0] else "ReceiveFAX"
        rows = [row for row in self.rows if row.dst != HANGUP]
        return rows[-1].lastapp if rows else "Queue" if self.visits else ""

    def _note(self, name: str) -> str:
        return next((row.notes[name] for row in reversed(self.rows) if row.notes.get(name)), "")

    def _mailbox(self) -> Extension | None:
        """Return whose mailbox the caller was sent to, by the dialplan's note or by the last application."""
        label = self._note("MAILBOX")
        if not label:
            row = next((row for row in reversed(self.rows) if row.lastapp == "VoiceMail"), None)
            label = row.lastdata.partition(",")[0] if row else ""
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


def _endpoint(channel: str) -> str:
    found = _CHANNEL.match(channel)
    return found[1] if found else ""


def _auth_id(visit: Visit) -> str:
    """Return the agent's auth ID: the endpoint of the interface, else the interface as it is."""
    found = _INTERFACE.match(visit.agent or "")
    return found[1] if found else visit.agent or ""
