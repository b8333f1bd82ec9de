"""Call records, read from rows of the CDR (`reports.php report`)."""

from collections.abc import Iterable, Mapping
from datetime import tzinfo
import logging
from typing import Any, Final

from . import cdr, times
from .exceptions import DlsPbxResponseError
from .models import CallRecord, CallReport, Disposition, RecordDirection

_LOGGER = logging.getLogger(__package__)

COLUMNS: Final = (
    "unique_id",
    "date",
    "direction",
    "bridged",
    "billable_duration",
    "callerid",
    "src",
    "src_label",
    "src_user_auth_id",
    "dst",
    "dst_label",
    "dst_user_auth_id",
    "dst_original",
    "disposition",
    "involved_queues",
    "involved_agents",
    "abandoned_queues",
    "queue_hold_duration",
    "queue_talk_duration",
    "recording_link",
)
# What tells whether a call is known as it is: another length, or somebody spoke after all.
GLIMPSE: Final = ("unique_id", "date", "bridged", "billable_duration", "queue_hold_duration", "queue_talk_duration")
# What no column says but a filter knows; the names are those of the filters and of CallRecord's fields.
MARKS: Final = ("voicemail", "fax", "fax_failed")

_DURATIONS: Final = ("billable_duration", "queue_hold_duration", "queue_talk_duration")


def calls(report: CallReport, zone: tzinfo) -> tuple[CallRecord, ...]:
    """Read a page of the CDR, without the rows that nothing could be told of: no id, no time, or an absurd one."""
    rows = [
        {name: cdr.value(name, text, zone) for name, text in zip(report.columns, row, strict=False)}
        for row in report.rows
    ]
    found = tuple(_record(row) for row in rows if row.get("unique_id") and row.get("date") and not _is_absurd(row))
    if rows and not found and not any(_has_time(report.columns, row) for row in report.rows):
        # All of them: it is not the rows that are odd.
        raise DlsPbxResponseError("The answer has calls, but none with an id and a time that can be read")
    if skipped := len(rows) - len(found):
        _LOGGER.debug("Skipped %d of %d calls on record: no id, no time, or an absurd one", skipped, len(rows))
    return found


def _has_time(columns: Iterable[str], row: Iterable[str]) -> bool:
    cells = dict(zip(columns, row, strict=False))
    return bool(cells.get("unique_id", "").strip()) and times.is_written(cells.get("date"))


def _is_absurd(row: Mapping[str, Any]) -> bool:
    return any((row.get(column) or 0) > times.LONGEST.total_seconds() for column in _DURATIONS)


def call_ids(report: CallReport) -> frozenset[str]:
    """Read the ids of a report whose first column they are."""
    return frozenset(row[0] for row in report.rows if row and row[0])


def _record(row: Mapping[str, Any]) -> CallRecord:
    return CallRecord(
        id=row["unique_id"],
        began=row["date"],
        direction=RecordDirection.read(row.get("direction")),
        bridged=row.get("bridged") is True,
        billable=_seconds(row, "billable_duration"),
        caller_name=_caller_name(row.get("callerid")),
        src=row.get("src"),
        src_label=row.get("src_label"),
        src_user=row.get("src_user_auth_id"),
        dst=row.get("dst"),
        dst_label=row.get("dst_label"),
        dst_user=row.get("dst_user_auth_id"),
        dst_original=row.get("dst_original"),
        disposition=Disposition.read(row.get("disposition")),
        queues=tuple(row.get("involved_queues", ())),
        agents=tuple(row.get("involved_agents", ())),
        abandoned_queues=tuple(row.get("abandoned_queues", ())),
        hold=_seconds(row, "queue_hold_duration"),
        talk=_seconds(row, "queue_talk_duration"),
        recording=row.get("recording_link"),
    )


def _seconds(row: Mapping[str, Any], column: str) -> int:
    return int(row.get(column) or 0)


def _caller_name(caller_id: str | None) -> str | None:
    """Read who calls from Asterisk's way of writing it: "Jane Example" <8155550123>. A name may hold anything."""
    name, bracket, number = (caller_id or "").strip().rpartition("<")
    if not bracket or not number.endswith(">"):
        return None
    name = name.strip()
    if name.startswith('"') and name.endswith('"'):
        name = name[1:-1].strip()
    return name or None
