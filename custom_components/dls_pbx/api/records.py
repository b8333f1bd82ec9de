"""Readers of answers that are asked for once (messages, consent lists, call reports, ids)."""

from collections.abc import Sequence
from datetime import tzinfo

from . import times, wire
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
    messages = tuple(_message(row, zone) for row in wire.rows(answer.get("results")))
    total = wire.count(answer, "total_results")
    return MessagePage(total=len(messages) if total is None else total, messages=messages)


def _message(row: Row, zone: tzinfo) -> Message:
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
    if "optout" not in answer:
        # Nobody opted out is one thing, nobody told another: a text to one who did is against the law.
        raise DlsPbxResponseError("The answer has no optout")
    return ConsentLists(
        opt_in=tuple(_consent_list(row, "", "campaign_id", zone) for row in wire.rows(answer.get("optin"))),
        opt_out=tuple(_consent_list(row, "un", "tenant_id", zone) for row in wire.rows(answer.get("optout"))),
    )


def _consent_list(row: Row, un: str, id_field: str, zone: tzinfo) -> ConsentList:
    since = f"{un}subscribed_at"
    numbers = row.get(since, row.get(f"{un}subscribers"))
    return ConsentList(
        id=wire.text(row.get(id_field)) or "",
        name=wire.text(row.get("tenant_name")) or wire.text(row.get("campaign_name")),
        total=wire.count(row, f"total_{un}subscribers"),
        numbers=tuple(
            ListedNumber(
                number=number,
                reason=wire.text(listed.get("reason")),
                text=wire.text(listed.get(f"{un}subscribe_text")),
                since=times.instant(listed.get(since), zone),
            )
            for listed in wire.rows(numbers)
            if (number := wire.text(listed.get("number")))
        ),
    )


def call_report(answer: Row) -> CallReport:
    """Read a page of the CDR; its rows are lists in the order of the columns that came back."""
    columns = tuple(str(column) for _, column in wire.pairs(answer.get("columns")))
    found = tuple(
        tuple("" if value is None else str(value) for _, value in wire.pairs(row))
        for _, row in wire.pairs(answer.get("results"))
    )
    total = wire.count(answer, "total_results")
    return CallReport(total=len(found) if total is None else total, columns=columns, rows=found)
