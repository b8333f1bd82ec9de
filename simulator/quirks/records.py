"""Records as a real PBX shows them: late, in any order, in smaller pages than asked for, under ids of any shape.

Pure functions from what an engine recorded to what a PBX with these quirks would show of it now.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
import random
from zlib import crc32

from simulator.engine import PbxError
from simulator.models import CallRecord, Message
from simulator.quirks.switches import Quirks
from simulator.report import ReportRequest
from simulator.report.options import Options

LATE = 90  # seconds until a row can be read
REACH = timedelta(days=90)  # of a report, where it does not go back for ever
SECOND_THOUGHTS = 60  # seconds until a text that nobody took turns out to have failed
# What an older PBX may not know; an id, a time, a direction and who spoke to whom every CDR has.
_OPTIONAL = frozenset({
    "callerid", "cel_link", "dst_user_auth_id", "queue_hold_duration", "queue_talk_duration", "recording_link",
    "src_user_auth_id",
})  # fmt: skip


def shown_calls(
    records: Sequence[CallRecord], quirks: Quirks, now: datetime, rng: random.Random
) -> Sequence[CallRecord]:
    """Return the CDR as it can be read now; what sorts it keeps the order of rows that sort alike."""
    if quirks.rows != "prompt":
        records = [
            call
            for call in records
            if call.started_at + timedelta(seconds=call.duration + _delay(call.unique_id, quirks)) <= now
        ]
    if quirks.report_reach == "cut":
        records = [call for call in records if call.started_at >= now - REACH]
    if quirks.marks == "late":
        records = [call if _ended(call) + LATE <= now.timestamp() else _unmarked(call) for call in records]
    if quirks.taken_calls == "agent":
        records = [_with_agent(call) for call in records]
    if quirks.hidden_number != "page":
        records = [replace(call, src=quirks.hidden_number) if call.src.isalpha() else call for call in records]
    if quirks.unique_ids != "page":
        records = [replace(call, unique_id=spelled_id(call.unique_id, quirks)) for call in records]
    return rng.sample(records, len(records)) if quirks.ties == "shuffled" else records


def _ended(call: CallRecord) -> float:
    return call.started_at.timestamp() + call.duration


def _with_agent(call: CallRecord) -> CallRecord:
    """Return a queue's call as one to the agent who took it."""
    agent = call.dst_user if call.dst_type == "Queue" else None
    return replace(call, dst_type="Agent", dst=agent.ext, dst_name=agent.name) if agent else call


def _unmarked(call: CallRecord) -> CallRecord:
    """Return a row as it looks before the PBX has noticed what kind of call it was."""
    return replace(call, voicemail=False, fax=False, fax_successful=None, fax_detect_failed=False, fax_pages=0)


def shown_messages(messages: Sequence[Message], quirks: Quirks, now: datetime, rng: random.Random) -> Sequence[Message]:
    """Return the SMS table as it can be read now."""
    if quirks.rows != "prompt":
        messages = [
            message for message in messages if message.time + timedelta(seconds=_delay(str(message.id), quirks)) <= now
        ]
    if quirks.late_failures:
        hopeful = now - timedelta(seconds=SECOND_THOUGHTS)
        messages = [replace(one, status="success") if one.time > hopeful else one for one in messages]
    return rng.sample(messages, len(messages)) if quirks.ties == "shuffled" else messages


def spelled_id(unique_id: str, quirks: Quirks) -> str:
    """Return a call's id (`1782914400.9`) as other set-ups of Asterisk and other databases write it."""
    if quirks.unique_ids == "page":
        return unique_id
    moment, _, channel = unique_id.partition(".")
    match quirks.unique_ids:
        case "digits":
            return f"{moment}{channel:0>6}"
        case "padded":
            return f"{channel:0>12}"
        case _:
            return f"pbx-1,2-{unique_id}"


def asked(request: ReportRequest, quirks: Quirks) -> ReportRequest:
    """Return a report as the PBX takes it: with the columns it has, and with pages no larger than it likes."""
    columns = request.columns
    if quirks.report_columns == "fewer":
        columns = [name for name in columns if name not in _OPTIONAL] or columns
    elif quirks.report_columns == "reordered":
        columns = sorted(columns)
    options = _capped(request.options, quirks)
    if quirks.order == "newest_first":
        options = {**options, "order_by": "date", "order_direction": "DESCENDING"}
    return replace(request, columns=columns, options=options)


def check_options(given: Mapping[str, str], read: Options, quirks: Quirks, now: datetime) -> None:
    """Refuse what a PBX with these quirks does not take: another kind of zone, a range beyond its reach."""
    zone = given.get("timezone", "")
    if quirks.time_zones == "country_city" and zone and ("/" not in zone or zone.startswith("Etc/")):
        raise PbxError("The report's timezone must be in the format: Country/City")
    if read.start is None:
        return
    if quirks.report_reach == "refused" and read.start < now - REACH:
        raise PbxError(f"A report reaches back {REACH.days} days at most")
    if quirks.report_reach == "span" and (read.end or now) - read.start > REACH:
        raise PbxError(f"A report covers {REACH.days} days at most")


def _capped(options: Mapping[str, str], quirks: Quirks) -> Mapping[str, str]:
    cap, size, page = quirks.page_cap, options.get("per_page", ""), options.get("page", "0")
    if not cap:
        return options
    if page.upper() == "ALL":
        return {**options, "page": "0", "per_page": str(cap)}
    if not (size.isdecimal() and page.isdecimal()) or int(size) <= cap:
        return options
    if not quirks.cap_cuts_pages or "page_offset" in options:
        return {**options, "per_page": str(cap)}
    kept = {name: value for name, value in options.items() if name != "page"}
    return {**kept, "page_offset": str(int(page) * int(size)), "per_page": str(cap)}


def _delay(row_id: str, quirks: Quirks) -> int:
    """Return the seconds until a row can be read: always the same for one row."""
    return LATE if quirks.rows == "late" else crc32(row_id.encode()) % (LATE + 1)
