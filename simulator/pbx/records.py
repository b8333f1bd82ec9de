"""Call detail records: a row appears when a call ends."""

from bisect import bisect_left, insort
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Unpack

from simulator.models import CallRecord, Direction, Extension
from simulator.pbx.call import Call, PlaceKind
from simulator.pbx.core import CoreOptions
from simulator.pbx.directory import Directory

CORRECTION_DELAY = 10  # seconds until a transfer shows in the CDR
TOLL_FREE = ("800", "833", "844", "855", "866", "877", "888")
_US_DIGITS = 10
# How numbers of mobile phones begin in some countries: France, Spain, Italy, Britain, Norway, Germany.
_MOBILES = ("336", "337", "346", "393", "447", "474", "479", "4915", "4916", "4917")
RECORDING_URL = "https://pbx.example.com/recording.php?id={}"
CEL_URL = "https://pbx.example.com/cel.php?id={}"
_LAST_APP = {PlaceKind.QUEUE: "Queue", PlaceKind.CONFERENCE: "ConfBridge"}
_CONTEXT = {
    PlaceKind.EXTENSION: "users",
    PlaceKind.QUEUE: "queues",
    PlaceKind.CONFERENCE: "conferences",
    PlaceKind.NUMBER: "outbound",
}


class Records(Directory):
    """The CDR."""

    def __init__(self, **options: Unpack[CoreOptions]) -> None:
        super().__init__(**options)
        self._records: list[CallRecord] = []
        self._channels = 0

    def call_records(self) -> Sequence[CallRecord]:
        """Return the whole CDR, oldest first."""
        return self._records

    def add_record(self, record: CallRecord) -> None:
        """Put a row where it belongs: a long call's row comes later than those of shorter calls begun after it."""
        insort(self._records, record, key=_began)

    def new_id(self) -> str:
        """Return a channel's id as Asterisk makes them: the time and a running number."""
        self._channels += 1
        return f"{int(self.now().timestamp())}.{self._channels}"

    def _record(self, call: Call) -> None:
        """Write a call's row; what the PBX works out afterwards about transfers is corrected a little later."""
        row = self.record_of(call)
        self.add_record(row)
        if call.transferred:
            self.after(CORRECTION_DELAY, lambda: self._correct(row, call))

    def _correct(self, row: CallRecord, call: Call) -> None:
        index = bisect_left(self._records, row.started_at, key=_began)
        while self._records[index] is not row:
            index += 1
        self._records[index] = replace(
            row,
            transferred=True,
            blind_transferred=call.blind_transferred,
            attended_transferred=call.attended_transferred,
            transferred_from_queues=[visit.queue for visit in call.handed_on],
            transferred_from_agents=[visit.agent for visit in call.handed_on],
        )

    def record_of(self, call: Call) -> CallRecord:
        """Tell an ended call as a CDR row, as yet without its transfers."""
        ended_at = call.ended_at or self.now()
        src, dst = call.dialing_user, self._reached(call)
        return CallRecord(
            unique_id=call.id,
            started_at=call.started_at,
            direction=_direction(call),
            src=src.ext if src else call.number,
            src_name=src.name if src else call.name,
            src_type=PlaceKind.EXTENSION if src else number_type(call.number),
            src_user=src,
            dst=call.place.name,
            dst_name=dst.name if dst else "",
            dst_type=number_type(call.place.name) if call.place.kind is PlaceKind.NUMBER else call.place.kind,
            dst_user=dst,
            dst_original=call.original,
            shown_number=call.shown_number,
            dst_context=_CONTEXT[call.place.kind],
            duration=int((ended_at - call.started_at).total_seconds()),
            billable_duration=int((ended_at - call.answered_at).total_seconds()) if call.answered_at else 0,
            bridged_unique_ids=tuple(call.bridged_ids),
            bridged=call.bridged,
            last_app=_last_app(call),
            disposition=call.disposition or ("ANSWERED" if call.answered_at else "NO ANSWER"),
            recording_link=RECORDING_URL.format(call.id) if call.recorded else "",
            cel_link=CEL_URL.format(call.id),
            forwarded=call.forwarded,
            parked=call.parked,
            involved_queues=tuple(dict.fromkeys(visit.queue for visit in call.visits)),
            involved_agents=tuple(dict.fromkeys(visit.agent for visit in call.visits if visit.agent)),
            abandoned_queues=tuple(call.abandoned_queues),
            queue_talk_durations=tuple(visit.talk for visit in call.visits if visit.taken_at),
            queue_hold_durations=tuple(visit.hold for visit in call.visits),
            voicemail=call.at_voicemail,
            left_message=call.left_message,
            fax=call.fax_pages is not None,
            fax_successful=call.fax_successful,
            fax_pages=call.fax_pages or 0,
            fax_detect_failed=call.fax_detect_failed,
            conference=call.place.name if call.place.kind is PlaceKind.CONFERENCE else "",
            on_the_fly_conference=call.on_the_fly,
            mirrored_from=self.parent_of(src) or self.parent_of(dst),
        )

    def _reached(self, call: Call) -> Extension | None:
        """Return the user at the far end: whose phone it is, or which agent took the call."""
        if call.place.user:
            return call.place.user
        agent = call.visits[-1].agent if call.visits and call.place.kind is PlaceKind.QUEUE else ""
        return self._users.get(agent)


def number_type(number: str) -> str:
    """Return the kind of number that the CDR shows; in North America a mobile's looks like any other."""
    digits = national(number)
    if len(digits) == _US_DIGITS:
        return "toll-free" if digits.startswith(TOLL_FREE) else "fixed-line"
    return "mobile" if digits.removeprefix("+").startswith(_MOBILES) else "fixed-line"


def national(number: str) -> str:
    """Return a phone number's digits, without the 1 of North America; words such as "anonymous" stay.

    Ten digits of another country keep their plus: without it they would be a number in North America.
    """
    digits = "".join(filter(str.isdecimal, number))
    if len(digits) == _US_DIGITS + 1 and digits.startswith("1"):
        return digits[1:]
    if len(digits) == _US_DIGITS and number.strip().startswith("+"):
        return f"+{digits}"
    return digits or number


def _began(record: CallRecord) -> datetime:
    return record.started_at


def _direction(call: Call) -> Direction:
    if call.direction is Direction.INBOUND:
        if call.place.kind is PlaceKind.NUMBER:
            return Direction.HAIRPIN
        if call.place.kind is PlaceKind.EXTENSION and not call.visits:
            return Direction.DIRECT_INBOUND
    return call.direction


def _last_app(call: Call) -> str:
    if call.fax_pages is not None:
        return "SendFAX" if call.dialing_user else "ReceiveFAX"
    return "VoiceMail" if call.at_voicemail else _LAST_APP.get(call.place.kind, "Dial")
