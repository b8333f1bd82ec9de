"""Pages of the CDR, read in bulk: page by page, with what only the report's filters know."""

from collections.abc import AsyncIterator, Container, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import NamedTuple

from ..api import DlsPbxClient
from ..api.call_records import MARKS
from ..api.models import CallRecord


class Page(NamedTuple):
    """Some of the calls that were asked for, oldest first; more follow unless they are the last."""

    records: list[CallRecord]
    last: bool


_NOBODY_KNOWN: Mapping[str, CallRecord] = {}


async def async_read_calls(
    client: DlsPbxClient,
    start: datetime,
    end: datetime | None = None,
    known: Mapping[str, CallRecord] = _NOBODY_KNOWN,
) -> AsyncIterator[Page]:
    """Yield the calls that began in a span, oldest first, a page at a time; raises DlsPbxError.

    `known` are calls read before, by id: those that are unchanged cost no look at the filters, and come back as the
    very objects.
    """
    rows = 0
    while True:
        found = await client.call_records(start, end, offset=rows)
        rows += found.rows
        # Counted by what came: a PBX may give fewer rows a page than it was asked for.
        last = not found.rows or rows >= found.total
        yield Page(await _async_marked(client, found.records, known), last)
        if last:
            return


async def _async_marked(
    client: DlsPbxClient, records: Sequence[CallRecord], known: Mapping[str, CallRecord]
) -> list[CallRecord]:
    """Mark voicemail and faxes: both are among the calls in which nobody spoke to anybody."""
    old = {
        record.id: before for record in records if (before := known.get(record.id)) and _marked(before, ()) == record
    }
    doubtful = [record for record in records if record.id not in old and not record.bridged]
    marks = dict.fromkeys(MARKS, frozenset[str]())
    if doubtful:
        # Dates are whole seconds.
        span = doubtful[0].began, doubtful[-1].began + timedelta(seconds=1)
        for mark in MARKS:
            if mark != "fax_failed" or marks["fax"]:
                marks[mark] = await client.call_ids(mark, *span)
    return [
        old.get(record.id) or _marked(record, [mark for mark in MARKS if record.id in marks[mark]])
        for record in records
    ]


def _marked(record: CallRecord, marks: Container[str]) -> CallRecord:
    return replace(record, voicemail="voicemail" in marks, fax="fax" in marks, fax_failed="fax_failed" in marks)
