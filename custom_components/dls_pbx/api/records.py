"""Readers of answers that are asked for once (messages, consent lists, call reports, ids)."""

from collections.abc import Sequence
from datetime import tzinfo
from typing import Any, Final

from . import times, vocabulary, wire
from .exceptions import DlsPbxResponseError
from .models import CallReport, ConsentList, ConsentLists, ListedNumber, Message, MessagePage, SentMessage
from .wire import Row


def identifier(answer: Row) -> int | None:
    """Read the `id` of what was made."""
    return wire.integer(answer.get("id"))


def sent_message(answer: Row, recipients: Sequence[str]) -> SentMessage:
    """Read what was sent; the PBX names the recipients in its own spelling."""
    named = answer.get("dst")
    found = [named] if isinstance(named, str) else [str(recipient) for _, recipient in wire.pairs(named)]
    return SentMessage(message_id=wire.text(answer.get("message_id")), recipients=tuple(found or recipients))


def message_page(answer: Row, zone: tzinfo) -> MessagePage:
    """Read a page of the SMS table."""
    total = _total(answer)
    # What is no row is no reason to lose the others.
    messages = tuple(_message(row, zone) for _, row in wire.pairs(answer.get("results")) if isinstance(row, dict))
    return MessagePage(total=len(messages) if total is None else total, messages=messages)


def _total(answer: Row, *, counted: bool = False) -> int | None:
    """Read how many rows there are; rows that are left out without a word are no empty table.

    `counted` is an answer that was asked for nothing but the number.
    """
    total = wire.count(answer, "total_results")
    if "results" not in answer and total != 0 and not (counted and total is not None):
        raise DlsPbxResponseError("The answer has no results")
    return total


_MESSAGE_FIELDS: Final = frozenset(
    {
        "id",
        "timestamp",
        "src_label",
        "dst_original_label",
        "dst_label",
        "status",
        "direction",
        "message",
        "account_code",
        "message_id",
    }
)


def _message(row: Row, zone: tzinfo) -> Message:
    vocabulary.note_fields(row, _MESSAGE_FIELDS)
    return Message(
        id=wire.integer(row.get("id")),
        timestamp=times.instant(row.get("timestamp"), zone),
        src_label=wire.text(row.get("src_label")),
        dst_original_label=wire.text(row.get("dst_original_label")),
        dst_label=wire.text(row.get("dst_label")),
        status=wire.text(row.get("status")),
        direction=wire.text(row.get("direction")),
        message=wire.text(row.get("message")),
        account_code=wire.text(row.get("account_code")),
        message_id=wire.text(row.get("message_id")),
    )


def consent_lists(answer: Row, zone: tzinfo) -> ConsentLists:
    """Read the lists. The page's JSON and XML samples name their fields differently; both are read."""
    if answer.get("optout") in (None, False) or _strange(answer, "optin", "optout"):
        # Nobody opted out is one thing, nobody told another: a text to one who did is against the law.
        raise DlsPbxResponseError("The answer has no optout, or lists of another name")
    return ConsentLists(
        opt_in=tuple(_consent_list(row, "", "campaign_id", zone) for row in wire.rows(answer.get("optin"))),
        opt_out=tuple(_consent_list(row, "un", "tenant_id", zone) for row in wire.rows(answer.get("optout"))),
    )


def _consent_list(row: Row, un: str, id_field: str, zone: tzinfo) -> ConsentList:
    since, subscribers = f"{un}subscribed_at", f"{un}subscribers"
    listed = [one for name in (since, subscribers) for one in wire.rows(row.get(name))]
    numbers = tuple(
        ListedNumber(
            number=number,
            reason=wire.text(one.get("reason")),
            text=wire.text(one.get(f"{un}subscribe_text")),
            since=times.instant(one.get(since), zone),
        )
        for one in listed
        if (number := _whole(one.get("number")))
    )
    return ConsentList(
        id=wire.text(row.get(id_field)) or "",
        name=wire.text(row.get("tenant_name")) or wire.text(row.get("campaign_name")),
        total=wire.count(row, f"total_{subscribers}"),
        numbers=numbers,
        complete=(
            len(numbers) == len(listed) and _has_all(row, len(numbers)) and not _strange(row, since, subscribers)
        ),
    )


def _whole(number: Any) -> str | None:
    """Read a number on a list; JSON may have made 6502530000.0 of it."""
    return wire.text(int(number) if isinstance(number, float) and number.is_integer() else number)


def _has_all(row: Row, listed: int) -> bool:
    """Tell whether a list has as many numbers as the PBX counts, whatever it calls that; none need no list."""
    totals = [wire.count(row, name) for name in row if name.startswith("total")]
    has_list = any(isinstance(value, list | dict) for value in row.values())
    return (has_list or bool(totals)) and all(total is not None and total <= listed for total in totals)


def _strange(row: Row, *known: str) -> bool:
    """Tell whether there is something like a list under a name that we do not know."""
    return any(value and isinstance(value, list | dict) for name, value in row.items() if name not in known)


def call_report(answer: Row, *, counted: bool = False) -> CallReport:
    """Read a page of the CDR; its rows are lists in the order of the columns that came back."""
    total = _total(answer, counted=counted)
    columns = tuple(str(column) for _, column in wire.pairs(answer.get("columns")))
    found = tuple(
        tuple(
            "" if value is None else str(value) for _, value in wire.pairs(row if isinstance(row, dict | list) else ())
        )
        for _, row in wire.pairs(answer.get("results"))
    )
    if found and not columns:
        raise DlsPbxResponseError("The answer has no columns")
    return CallReport(total=len(found) if total is None else total, columns=columns, rows=found)
