"""Pages of records, read in bulk: in order whatever the PBX's is, and calls with what only filters and queues know."""

from collections.abc import AsyncIterator, Callable, Collection, Container, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from itertools import pairwise
from typing import Any, Final

from ..api import DlsPbxClient, DlsPbxRequestError, cdr
from ..api.call_records import GLIMPSE, MARKS
from ..api.models import CallRecord, Message
from .conversations import time_of
from .doubts import has_spoken
from .spans import FEW, Span, spans

_SECOND: Final = timedelta(seconds=1)
_NOBODY_KNOWN: Mapping[str, CallRecord] = {}


async def async_in_order[RecordT](
    pages: AsyncIterator[Sequence[RecordT]], began: Callable[[RecordT], datetime]
) -> AsyncIterator[Sequence[RecordT]]:
    """Yield pages oldest first: as they come while they are so, and from the first one on that is not, all at once."""
    newest: datetime | None = None
    rest: list[RecordT] = []
    async for page in pages:
        times = ([newest] if newest else []) + [began(record) for record in page]
        if rest or any(one > other for one, other in pairwise(times)):
            rest += page
            continue
        newest = times[-1] if times else None
        yield page
    if rest:
        yield sorted(rest, key=began)


async def async_read_calls(
    client: DlsPbxClient,
    start: datetime,
    end: datetime | None = None,
    *,
    known: Mapping[str, CallRecord] = _NOBODY_KNOWN,
    unsettled: Container[str] = (),
    queues: Iterable[str] = (),
    thorough: bool = True,
) -> AsyncIterator[list[CallRecord]]:
    """Yield the calls that began in a span, oldest first, a page at a time; raises DlsPbxError.

    `known` are calls read before, by id: those that are unchanged cost no look at the filters, and come back as the
    very objects, unless they are `unsettled`: a filter may know of a call later than its row. Unless it is `thorough`,
    no filter is asked about those who to all appearances spoke to nothing at all. `queues` are the names that there
    are: those with a comma come in parts.
    """
    whole = cdr.whole_names(queues)
    async for page in async_in_order(client.call_pages(start, end), lambda record: record.began):
        records = [_with_whole_names(record, whole) for record in page] if whole else page
        yield await async_marked(client, records, known, unsettled, thorough=thorough)


async def async_read_news(
    client: DlsPbxClient,
    start: datetime,
    *,
    known: Mapping[str, CallRecord],
    unsettled: Container[str],
    queues: Iterable[str],
    thorough: bool,
) -> AsyncIterator[list[CallRecord]]:
    """Yield the calls since a time that are not `known` as they are, a page at a time; raises DlsPbxError.

    Where many are known, a few columns of each tell which are news, and only those are read. Those `unsettled` come
    again if a filter knows more of them by now.
    """
    there = {key: record for key, record in known.items() if record.began >= start}
    if len(there) <= FEW:
        async for records in async_read_calls(
            client, start, known=known, unsettled=unsettled, queues=queues, thorough=thorough
        ):
            yield records
        return
    news = {
        record.id: record.began
        async for page in client.call_pages(start, columns=GLIMPSE)
        for record in page
        if not _is_known(record, there)
    }
    doubtful = [record for key, record in there.items() if key in unsettled]
    if again := [
        record
        for record in await async_marked(client, doubtful, known, unsettled, thorough=thorough)
        if record != known[record.id]
    ]:
        yield again
    begins = [record.began for record in there.values()]
    async for records in async_read_spans(client, spans(news.values(), begins), known=known, queues=queues):
        yield records
        for record in records:
            news.pop(record.id, None)
    if news:
        # A PBX that takes the end of a span for another time: without an end it cannot.
        async for records in async_read_calls(client, min(news.values()), known=known, queues=queues):
            yield records


async def async_read_spans(
    client: DlsPbxClient, found: Iterable[Span], *, known: Mapping[str, CallRecord], queues: Iterable[str]
) -> AsyncIterator[list[CallRecord]]:
    """Yield the calls that began in spans, in order, as far as the PBX takes spans; raises DlsPbxError."""
    for span in found:
        pages = async_read_calls(client, span.start, span.end, known=known, queues=queues, thorough=False)
        # A PBX may take the end for another time, from before the beginning, and refuse the whole.
        with suppress(DlsPbxRequestError):
            async for records in pages:
                yield records


async def async_newest_calls(
    client: DlsPbxClient,
    limit: int,
    start: datetime | None,
    end: datetime | None,
    filter_groups: Sequence[Mapping[str, Any]],
) -> tuple[bool, Sequence[CallRecord]]:
    """Return whether there are older calls, and the newest ones of a span, newest first; raises DlsPbxError."""
    ask = partial(client.newest_calls, limit=limit, start=start, end=end, filter_groups=filter_groups)
    total, records = await ask()
    if total > len(records) and len(records) > 1 and records[0].began < records[-1].began:
        # A PBX that has an order of its own: then the newest are on the last page.
        _, records = await ask(offset=total - len(records))
    return total > len(records), sorted(records, key=lambda record: record.began, reverse=True)


async def async_newest_messages(
    client: DlsPbxClient, *, limit: int, end: datetime | None, filters: Mapping[str, Any] | None = None
) -> tuple[bool, Sequence[Message]]:
    """Return whether there are older texts, and the newest ones up to a time, newest first; raises DlsPbxError."""
    # Whether the end is among them is the PBX's idea; those of its second come twice and have ids.
    ask = partial(client.query_sms, filters, end=end and end + _SECOND, limit=limit, ascending=False)
    page = await ask()
    messages = page.messages
    if page.total > len(messages) > 1 and time_of(messages[0]) < time_of(messages[-1]):
        # A PBX that has an order of its own: then the newest are on the last page.
        messages = (await ask(offset=page.total - len(messages))).messages
    return page.total > len(messages), sorted(messages, key=lambda one: (time_of(one), one.id or 0), reverse=True)


def _is_known(glimpse: CallRecord, known: Mapping[str, CallRecord]) -> bool:
    record = known.get(glimpse.id)
    return record is not None and all(
        getattr(record, name) == getattr(glimpse, name) for name in ("began", "bridged", "billable", "hold", "talk")
    )


async def async_marked(
    client: DlsPbxClient,
    records: Sequence[CallRecord],
    known: Mapping[str, CallRecord],
    unsettled: Container[str] = (),
    *,
    thorough: bool = True,
) -> list[CallRecord]:
    """Mark voicemail and faxes: both are among the calls in which nobody spoke to anybody; raises DlsPbxError."""
    old = {
        record.id: before for record in records if (before := known.get(record.id)) and _marked(before, ()) == record
    }
    doubtful = [
        record
        for record in records
        if not record.bridged
        and (record.id not in old or record.id in unsettled)
        and (thorough or has_spoken(record) or (record.id not in old and not record.inbound))
    ]
    marks = await _async_marks(client, doubtful) if doubtful else {}
    marked = [
        _marked(record, [mark for mark, ids in marks.items() if record.id in ids])
        if record.id not in old or record.id in unsettled
        else old[record.id]
        for record in records
    ]
    return [before if (before := old.get(record.id)) == record else record for record in marked]


async def _async_marks(client: DlsPbxClient, doubtful: Collection[CallRecord]) -> dict[str, frozenset[str]]:
    marks: dict[str, frozenset[str]] = {}
    for mark in MARKS:
        match mark:
            case "voicemail":  # of whoever calls from outside
                times = [record.began for record in doubtful if record.inbound]
            case "fax_failed":
                times = [record.began for record in doubtful if record.id in marks["fax"]]
            case _:
                times = [record.began for record in doubtful]
        if times:
            # Dates are whole seconds.
            marks[mark] = await client.call_ids(mark, min(times), max(times) + timedelta(seconds=1))
    return marks


def _marked(record: CallRecord, marks: Container[str]) -> CallRecord:
    return replace(record, voicemail="voicemail" in marks, fax="fax" in marks, fax_failed="fax_failed" in marks)


def _with_whole_names(record: CallRecord, whole: cdr.WholeNames) -> CallRecord:
    queues, abandoned = cdr.joined(record.queues, whole), cdr.joined(record.abandoned_queues, whole)
    return replace(record, queues=queues, abandoned_queues=abandoned) if queues != record.queues else record
