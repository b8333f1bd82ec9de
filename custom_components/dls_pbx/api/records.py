"""Readers of answers that are asked for once (messages, consent lists, call reports, ids)."""

from collections.abc import Sequence
from datetime import tzinfo
from types import UnionType
from typing import Any, Final

from . import times, vocabulary, wire
from .exceptions import DlsPbxResponseError
from .models import (
    CallReport,
    ConsentList,
    ConsentLists,
    ListedNumber,
    Message,
    MessageDirection,
    MessagePage,
    MessageStatus,
    SentMessage,
)
from .wire import Row


def identifier(answer: Row) -> int | None:
    """Read the `id` of what was made."""
    return wire.integer(answer.get("id"), wire.MOST_ID)


def sent_message(answer: Row, recipients: Sequence[str]) -> SentMessage:
    """Read what was sent; the PBX names the recipients in its own spelling."""
    named = answer.get("dst")
    found = wire.pairs(named) if isinstance(named, list | dict) else [("", named)]
    texts = tuple(text for _, recipient in found if (text := wire.text(recipient)))
    return SentMessage(message_id=wire.text(answer.get("message_id")), recipients=texts or tuple(recipients))


def message_page(answer: Row, zone: tzinfo, *, offset: int = 0) -> MessagePage:
    """Read a page of the SMS table; `offset` rows come before it."""
    found = _results(answer, dict, offset)
    # What is no row is no reason to lose the others.
    messages = tuple(_message(row, zone) for row in found if isinstance(row, dict))
    return MessagePage(total=_total(answer, messages), messages=messages)


def _results(answer: Row, kind: type | UnionType, offset: int) -> list[Any]:
    """Read the rows of a page; `offset` come before it. Rows that are left out without a word are no empty table.

    There are none where an empty list came and no total speaks against it, or no list, and a total of none.
    """
    results, name = answer.get("results"), "total_results"
    found = [row for _, row in wire.pairs(results)]
    if any(isinstance(row, kind) for row in found):
        return found
    if found:
        raise DlsPbxResponseError("The PBX sent something else than rows")
    is_list = isinstance(results, list | dict)
    total = wire.count(answer, name) if is_list else wire.integer(answer.get(name))
    if (is_list and name not in answer) or (total is not None and total <= offset):
        return []
    if total is None:
        raise DlsPbxResponseError("The answer has no results")
    raise DlsPbxResponseError(f"The answer tells of {total} rows, and has no results after {offset}")


def _total(answer: Row, found: Sequence[Any]) -> int:
    total = wire.count(answer, "total_results")
    return len(found) if total is None else total


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
    MessageDirection.read(row.get("direction"))  # a word that nobody knows is counted
    return Message(
        id=wire.integer(row.get("id"), wire.MOST_ID),
        timestamp=times.instant(row.get("timestamp"), zone),
        src_label=wire.text(row.get("src_label")),
        dst_original_label=wire.text(row.get("dst_original_label")),
        dst_label=wire.text(row.get("dst_label")),
        status=_status(row.get("status")),
        direction=wire.text(row.get("direction")),
        message=wire.text(row.get("message")),
        account_code=wire.text(row.get("account_code")),
        message_id=wire.text(row.get("message_id")),
    )


def _status(word: Any) -> str | None:
    """Return the page's word whatever its case, another one as it is."""
    known = MessageStatus.read(word)
    return wire.text(word) if known is MessageStatus.UNKNOWN else known.value


def consent_lists(answer: Row, zone: tzinfo) -> ConsentLists:
    """Read the lists. The page's JSON and XML samples name their fields differently; both are read."""
    if answer.get("optout") in (None, False) or _strange(answer, "optin", "optout"):
        # Nobody opted out is one thing, nobody told another: a text to one who did is against the law.
        raise DlsPbxResponseError("The answer has no optout, or lists of another name")
    return ConsentLists(
        opt_in=_consent_lists(answer.get("optin"), "", "campaign_id", zone),
        opt_out=_consent_lists(answer.get("optout"), "un", "tenant_id", zone),
    )


def _consent_lists(value: Any, un: str, id_field: str, zone: tzinfo) -> tuple[ConsentList, ...]:
    # What is no list stands for one that nobody knows.
    return tuple(
        _consent_list(row if isinstance(row, dict) else {}, un, id_field, zone) for _, row in wire.pairs(value)
    )


def _consent_list(row: Row, un: str, id_field: str, zone: tzinfo) -> ConsentList:
    since, subscribers = f"{un}subscribed_at", f"{un}subscribers"
    listed = [one for name in (since, subscribers) for _, one in wire.pairs(row.get(name))]
    numbers = tuple(
        ListedNumber(
            number=number,
            reason=wire.text(one.get("reason")),
            text=wire.text(one.get(f"{un}subscribe_text")),
            since=times.instant(one.get(since), zone),
        )
        for one in listed
        if isinstance(one, dict) and (number := _whole(one.get("number")))
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


def call_report(answer: Row, *, offset: int = 0, counted: bool = False) -> CallReport:
    """Read a page of the CDR; its rows are lists in the order of the columns that came back.

    `offset` rows come before it; `counted` is an answer that was asked for nothing but the number.
    """
    if counted and (total := wire.count(answer, "total_results")) is not None:
        return CallReport(total=total, columns=(), rows=())
    columns = tuple(wire.text(column) or "" for _, column in wire.pairs(answer.get("columns")))
    found = tuple(map(_cells, _results(answer, dict | list, offset)))
    if found and not columns:
        raise DlsPbxResponseError("The answer has no columns")
    return CallReport(total=_total(answer, found), columns=columns, rows=found)


def _cells(row: Any) -> tuple[str, ...]:
    return tuple(wire.text(cell) or "" for _, cell in wire.pairs(row)) if isinstance(row, dict | list) else ()
