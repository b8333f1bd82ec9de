"""Columns of the call report, what they hold, and by what it can be filtered (`reports.php report`)."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, tzinfo
from typing import Any, Final

from . import times, wire

type Read = Callable[[str, tzinfo], Any]


def _text(written: str, _: tzinfo) -> str | None:
    return wire.text(written)


def _boolean(written: str, _: tzinfo) -> bool | None:
    return wire.boolean(written)


def _count(written: str, _: tzinfo) -> int | None:
    return wire.integer(written)


def _seconds(written: str, _: tzinfo) -> float | None:
    """Read seconds; a mean may have decimals, and a PBX set to pretty durations writes 00:02:45."""
    seconds = wire.decimal(written, wire.MOST_ID)
    if seconds is None:
        if (span := times.span(written)) is None:
            return None
        seconds = span.length.total_seconds()
    return int(seconds) if seconds.is_integer() else seconds


def _names(written: str, _: tzinfo) -> list[str]:
    """Read zero or more names, comma delimited."""
    return [name for part in written.split(",") if (name := part.strip())]


type WholeNames = Mapping[tuple[str, ...], str]


def whole_names(names: Iterable[str]) -> WholeNames:
    """Return the names that a comma takes apart ("Sales, West"), by their parts."""
    return {tuple(_names(name, UTC)): name for name in names if "," in name}


def joined(parts: Sequence[str], whole: WholeNames) -> tuple[str, ...]:
    """Put names together again that commas took apart, the longest first."""
    left, found = tuple(parts), list[str]()
    while left:
        length = next((length for length in range(len(left), 1, -1) if left[:length] in whole), 1)
        found.append(whole.get(left[:length], left[0]))
        left = left[length:]
    return tuple(found)


# Options that have a report written for people to read.
READABLE: Final = ("formatted_columns_names", "formatted_dates", "formatted_durations", "formatted_tns")
# Columns that hold names of queues.
QUEUES: Final = ("involved_queues", "transferred_from_queues", "abandoned_queues")
COLUMNS: dict[str, Read] = {
    "unique_id": _text,
    "bridged_unique_ids": _names,
    "bridged": _boolean,
    "date": times.instant,
    "callerid": _text,
    "last_app": _text,
    "billable_duration": _seconds,
    "disposition": _text,
    "recording_link": _text,
    "transferred": _boolean,
    "blind_transferred": _boolean,
    "attended_transferred": _boolean,
    "forwarded": _boolean,
    "parked": _boolean,
    "direction": _text,
    "cel_link": _text,
    "src_type": _text,
    "src": _text,
    "src_npa": _text,
    "src_nxx": _text,
    "src_subscriber_number": _text,
    "src_label": _text,
    "src_user_label": _text,
    "src_user_ext": _text,
    "src_user_auth_id": _text,
    "src_user_tenant_name": _text,
    "dst_type": _text,
    "dst": _text,
    "dst_npa": _text,
    "dst_nxx": _text,
    "dst_subscriber_number": _text,
    "dst_label": _text,
    "dst_original": _text,
    "dst_user_label": _text,
    "dst_user_ext": _text,
    "dst_user_auth_id": _text,
    "dst_user_tenant_name": _text,
    "dst_context": _text,
    "involved_queues": _names,
    "involved_queue_count": _count,
    "involved_agents": _names,
    "involved_agent_count": _count,
    "transferred_from_queues": _names,
    "transferred_from_queues_count": _count,
    "transferred_from_agents": _names,
    "transferred_from_agents_count": _count,
    "abandoned_queues": _names,
    "queue_talk_duration": _seconds,
    "queue_avg_talk_duration": _seconds,
    "queue_hold_duration": _seconds,
    "queue_avg_hold_duration": _seconds,
}

FILTER_TYPES = (
    "duration",
    "bridged",
    "transferred",
    "blind_transferred",
    "attended_transferred",
    "forwarded",
    "parked",
    "direction",
    "tn",
    "pbxtn",
    "international",
    "international_outbound",
    "tollfree",
    "tollfree_inbound",
    "recorded",
    "voicemail",
    "users",
    "tenant_users",
    "group_users",
    "queue_users",
    "groups",
    "fax",
    "fax_successful",
    "fax_failed",
    "fax_detect_failed",
    "fax_page_count",
    "recorded_conference",
    "conference",
    "otf_conference",
    "conferences",
)
# What filters look at: figures are compared; of texts, any or none of several can be asked for; the rest is yes or no.
MEASURES = ("duration", "fax_page_count")
CHOICES = (
    "direction",
    "tn",
    "pbxtn",
    "users",
    "tenant_users",
    "group_users",
    "queue_users",
    "groups",
    "conferences",
)
# Those among them that are telephone numbers.
NUMBERS = ("tn", "pbxtn")
EQUALITIES = ("=", "!=")
COMPARISONS = (*EQUALITIES, ">", ">=", "<", "<=")
RANGES = ("between", "!between")


def value(column: str, written: str, zone: tzinfo) -> Any:
    """Return what a cell means: a text, number, list of names, yes or no, or time; None for a blank.

    Durations are in seconds, times aware. A column that we do not know is a text.
    """
    return COLUMNS.get(column, _text)(written, zone)
