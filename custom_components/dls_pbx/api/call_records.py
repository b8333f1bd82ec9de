"""Call records, read from rows of the CDR (`reports.php report`)."""

from collections.abc import Mapping
from datetime import tzinfo
import re
from typing import Any, Final

from . import cdr
from .models import CallPage, CallRecord, CallReport, RecordDirection

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
    "involved_queues",
    "involved_agents",
    "abandoned_queues",
    "queue_hold_duration",
    "queue_talk_duration",
    "recording_link",
)
# What no column says but a filter knows; the names are those of the filters and of CallRecord's fields.
MARKS: Final = ("voicemail", "fax", "fax_failed")

# Asterisk's way of writing a caller: "Jane Example" <8155550123>
_CALLER = re.compile(r'\s*"?(?P<name>[^"<]*?)"?\s*<[^>]*>\s*')


def call_page(report: CallReport, zone: tzinfo) -> CallPage:
    """Read a page of the CDR; a row without an id or a time is nothing that could be told."""
    rows = (
        {name: cdr.value(name, text, zone) for name, text in zip(report.columns, row, strict=False)}
        for row in report.rows
    )
    records = tuple(_record(row) for row in rows if row.get("unique_id") and row.get("date"))
    return CallPage(total=report.total, records=records, rows=len(report.rows))


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
    found = _CALLER.fullmatch(caller_id or "")
    return (found["name"] or None) if found else None
