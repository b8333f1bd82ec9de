"""Client of the DLS Hosted PBX Admin API, one method per action.

Times come in aware and go out in UTC; the PBX itself writes local times without a zone, read in `time_zone`.
Every method raises a DlsPbxError. Methods that change the PBX send one request, once, whatever happens to the answer.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, tzinfo
from time import monotonic
from typing import Any, Final
from zoneinfo import ZoneInfo

import aiohttp

from . import call_records, records, status
from .connections import TIMEOUT, HttpConnections
from .dialect import Dialect
from .exceptions import DlsPbxAuthenticationError, DlsPbxPermissionError, DlsPbxResponseError
from .models import (
    Call,
    CallRecord,
    CallReport,
    Campaign,
    CampaignLog,
    Conference,
    ConsentLists,
    FaxStatus,
    Message,
    MessagePage,
    ProvisionedPhone,
    Queue,
    SentMessage,
    Snapshot,
    Users,
)
from .paging import Pages
from .times import local_text
from .transport import Request, Transport
from .vocabulary import Vocabulary

CALLS_PER_PAGE: Final = 1000
MESSAGES_PER_PAGE: Final = 500
SLICE_SECONDS: Final = 0.01
# UTC by another name, and without summer time ever since.
_UTC: Final = ZoneInfo("Africa/Abidjan")


async def _in_turns[ResultT](steps: status.Steps[ResultT]) -> ResultT:
    """Take steps, and let others have their turn where it takes long: thousands of phones may change at once."""
    end = monotonic() + SLICE_SECONDS
    while True:
        try:
            next(steps)
        except StopIteration as done:
            result: ResultT = done.value
            return result
        if monotonic() > end:
            await asyncio.sleep(0)
            end = monotonic() + SLICE_SECONDS


class DlsPbxClient:
    """One PBX, seen and used with one user's key.

    `url` is the PBX's origin, and the path of a proxy if there is one; `username` the api_user (extension, auth ID or
    `extension@tenant`). The connections are the caller's: certificate checks and closing are its business. `clock`
    tells an answer's time, aware. `dialect` is what was learned of the PBX before. After the PBX has refused the key,
    a client asks nothing more: make a new one.
    """

    def __init__(
        self,
        connections: HttpConnections,
        url: str,
        username: str,
        api_key: str,
        *,
        time_zone: tzinfo = UTC,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        timeout: aiohttp.ClientTimeout = TIMEOUT,
        dialect: Mapping[str, Any] | None = None,
    ) -> None:
        self._transport = Transport(connections, url, username, api_key, timeout, dialect)
        self.vocabulary = Vocabulary(clock)
        self._clock = clock
        self._cdr = Pages()
        self._sms = Pages()
        self.time_zone = time_zone

    @property
    def requests_last_minute(self) -> int:
        """How many requests went out in the last 60 s."""
        return self._transport.requests_last_minute

    @property
    def dialect(self) -> Dialect:
        """How the PBX's endpoints are asked."""
        return self._transport.dialect

    async def _ask[AnswerT](
        self,
        endpoint: str,
        action: str,
        params: Mapping[str, Any],
        read: Callable[[dict[str, Any]], AnswerT],
        *,
        changes: bool = False,
    ) -> AnswerT:
        answer = await self._transport.ask(Request(endpoint, action, params, changes))
        with self.vocabulary.reading(f"{endpoint}.{action}"):
            return read(answer.found or {})

    async def _status[SnapshotT: Snapshot[Any]](
        self,
        action: str,
        field: str,
        read: Callable[[Any, SnapshotT | None, status.Reading], status.Steps[SnapshotT]],
        before: SnapshotT | None,
    ) -> SnapshotT:
        """Ask a status action; the very `before` comes back when the PBX sent the same bytes."""
        request = Request("status", action, known=before.body if before is not None else None)
        answer, body = await self._transport.ask(request)
        if before is not None and answer is None:
            return before
        if answer is None or field not in answer:
            # An empty list is news; a missing one is a broken answer, and must not empty the office.
            raise DlsPbxResponseError(f"The answer has no {field}")
        value = answer[field]
        if before is not None and value == before.value:
            return replace(before, changed=frozenset(), gone=frozenset(), body=body)
        reading = status.Reading(self._clock().astimezone(UTC), self.time_zone)
        with self.vocabulary.reading(f"status.{action}"):
            snapshot = await _in_turns(read(value, before, reading))
        # A list is kept in the rows of the snapshot, most of which are still those of the one before.
        shared = isinstance(value, list) and len(value) == len(snapshot.raw.rows)
        return replace(snapshot, value=snapshot.raw.rows if shared else value, body=body)

    async def check(self) -> None:
        """`status.php`: ask until one action is answered; raises DlsPbxAuthenticationError where all are refused.

        Of a key that has never been answered, "access denied" does not say whether it is wrong, or may not do this.
        """
        refusals: list[DlsPbxPermissionError] = []
        for ask in (self.users, self.queues, self.calls, self.faxes, self.conferences, self.provisioning):
            try:
                await ask()
            except DlsPbxPermissionError as err:
                refusals.append(err)
            else:
                return
        raise DlsPbxAuthenticationError(str(refusals[0]))

    @property
    def is_refused(self) -> bool:
        """Whether the PBX no longer accepts the key, so that nothing is asked any more."""
        return self._transport.is_refused

    @property
    def is_certainly_refused(self) -> bool:
        """Whether it said so in words that can mean nothing that passes."""
        return self._transport.is_certainly_refused

    def refuse(self, words: str) -> None:
        """Ask nothing any more: the PBX refuses everything, in these words."""
        self._transport.refuse(DlsPbxAuthenticationError(words))

    async def users(self, before: Users | None = None) -> Users:
        """`status.php users`: users by auth ID, with their phones."""
        return await self._status("users", "users", status.users, before)

    async def queues(self, before: Snapshot[Queue] | None = None) -> Snapshot[Queue]:
        """`status.php queues`: queues by name, with agents and waiting callers."""
        return await self._status("queues", "queues", status.queues, before)

    async def calls(self, before: Snapshot[Call] | None = None) -> Snapshot[Call]:
        """`status.php calls`: calls in progress; an id lives as long as its call."""
        return await self._status("calls", "calls", status.calls, before)

    async def faxes(self, before: Snapshot[FaxStatus] | None = None) -> Snapshot[FaxStatus]:
        """`status.php faxes`: one row, with the fax queue and its counters."""
        return await self._status("faxes", "faxes", status.faxes, before)

    async def conferences(self, before: Snapshot[Conference] | None = None) -> Snapshot[Conference]:
        """`status.php conferences`: rooms by number."""
        return await self._status("conferences", "conferences", status.conferences, before)

    async def provisioning(self, before: Snapshot[ProvisionedPhone] | None = None) -> Snapshot[ProvisionedPhone]:
        """`status.php provisioning`: desk phones, one row for each line of each phone."""
        return await self._status("provisioning", "provisioning", status.provisioning, before)

    async def campaigns(self, before: Snapshot[Campaign] | None = None) -> Snapshot[Campaign]:
        """`status.php dialer`: dialer campaigns by id."""
        return await self._status("dialer", "dialer", status.campaigns, before)

    async def campaign_logs(self, before: Snapshot[CampaignLog] | None = None) -> Snapshot[CampaignLog]:
        """`status.php dialerlogs`: log tails by the campaign's name."""
        return await self._status("dialerlogs", "logs", status.campaign_logs, before)

    async def send_sms(self, recipients: Sequence[str], message: str, account_code: str | None = None) -> SentMessage:
        """`sms.php send_sms`: send a text of 1 to 200 characters to numbers (E.164) and extensions. Changes the PBX."""
        params: dict[str, Any] = {"dst": list(recipients), "body": message}
        if account_code:
            params["account_code"] = account_code
        return await self._ask(
            "sms", "send_sms", params, lambda answer: records.sent_message(answer, recipients), changes=True
        )

    async def query_sms(
        self,
        filters: Mapping[str, Any] | None = None,
        *,
        start: datetime | None = None,
        end: datetime | None = None,
        limit: int | None = None,
        offset: int | None = None,
        ascending: bool | None = None,
    ) -> MessagePage:
        """`sms.php query_sms`: read the SMS table. `filters` are the vendor's, but for `from` and `to`."""
        wanted = {name: value for name, value in (filters or {}).items() if value is not None}
        # Unix times: the one form in which the PBX cannot mistake the zone.
        wanted |= {name: int(moment.timestamp()) for name, moment in (("from", start), ("to", end)) if moment}
        params: dict[str, Any] = {"filters": wanted} if wanted else {}
        params |= {
            name: value
            for name, value in (
                ("results_limit", limit),
                ("results_offset", offset),
                ("order_by", None if ascending is None else "asc" if ascending else "desc"),
            )
            if value is not None
        }
        return await self._ask(
            "sms", "query_sms", params, lambda answer: records.message_page(answer, self.time_zone, offset=offset or 0)
        )

    async def message_pages(self, start: datetime) -> AsyncIterator[Sequence[Message]]:
        """`sms.php query_sms`: read all messages since a time, a page at a time; oldest first is what is asked for."""

        async def ask(offset: int) -> MessagePage:
            return await self.query_sms(start=start, limit=MESSAGES_PER_PAGE, offset=offset, ascending=True)

        async for page, _ in self._sms.read(ask):
            yield page.messages

    async def add_contact_list(self, name: str) -> int | None:
        """`dialer.php add_contact_list`: make a contact list; returns its id. Changes the PBX."""
        return await self._ask("dialer", "add_contact_list", {"name": name}, records.identifier, changes=True)

    async def add_contact(
        self,
        contact_list: str,
        contact: Mapping[str, str],
        custom_fields: Mapping[str, str] | None = None,
        dial_on_date: date | None = None,
    ) -> int | None:
        """`dialer.php add_contact`: put a contact on a list (name or id); returns the contact's id. Changes the PBX."""
        params = {"contact_list": contact_list, **contact}
        params |= {f"custom:{name}": value for name, value in (custom_fields or {}).items()}
        if dial_on_date:
            params["dialOnDate"] = dial_on_date.isoformat()
        return await self._ask("dialer", "add_contact", params, records.identifier, changes=True)

    async def query_lists(self) -> ConsentLists:
        """`subscribers.php query_lists`: all consent lists, whole; there is no paging."""
        return await self._ask(
            "subscribers", "query_lists", {}, lambda answer: records.consent_lists(answer, self.time_zone)
        )

    async def add_subscriber(self, phone_number: str, campaign_id: str) -> None:
        """`subscribers.php add_subscriber`: opt a number in to a campaign. Changes the PBX."""
        await self._subscribe("add_subscriber", phone_number, campaign_id=campaign_id)

    async def remove_subscriber(self, phone_number: str, campaign_id: str) -> None:
        """`subscribers.php remove_subscriber`: take a number off a campaign's opt-in list. Changes the PBX."""
        await self._subscribe("remove_subscriber", phone_number, campaign_id=campaign_id)

    async def add_unsubscriber(self, phone_number: str, tenant_id: str) -> None:
        """`subscribers.php add_unsubscriber`: opt a number out of a tenant's messages. Changes the PBX."""
        await self._subscribe("add_unsubscriber", phone_number, tenant_id=tenant_id)

    async def remove_unsubscriber(self, phone_number: str, tenant_id: str) -> None:
        """`subscribers.php remove_unsubscriber`: take a number off a tenant's opt-out list. Changes the PBX."""
        await self._subscribe("remove_unsubscriber", phone_number, tenant_id=tenant_id)

    async def _subscribe(self, action: str, phone_number: str, **of: str) -> None:
        await self._ask("subscribers", action, {"phone_number": phone_number, **of}, lambda _: None, changes=True)

    async def report(
        self,
        columns: Iterable[str],
        *,
        start: datetime | None = None,
        end: datetime | None = None,
        filter_groups: Sequence[Mapping[str, Any]] = (),
        options: Mapping[str, str] | None = None,
        time_zone: tzinfo | None = None,
    ) -> CallReport:
        """`reports.php report`: read the CDR. `options` are the vendor's, but for `timezone`, `from` and `to`.

        Values come as texts, dates in `time_zone` (by default the client's) whatever the PBX's own zone is.
        """
        zone = _country_and_city(time_zone or self.time_zone)
        settings = {"timezone": str(zone), **(options or {})}
        settings |= {name: local_text(moment, zone) for name, moment in (("from", start), ("to", end)) if moment}
        arrays: dict[str, Any] = {
            "columns": list(columns),
            "options": [f"{name}={value}" for name, value in settings.items()],
        }
        if filter_groups:
            arrays["filter_groups"] = list(filter_groups)
        params = {"report_type": "detail_table", **arrays}
        counted, offset = settings.get("count_only") == "true", int(settings.get("page_offset", 0))
        return await self._ask(
            "reports", "report", params, lambda answer: records.call_report(answer, offset=offset, counted=counted)
        )

    async def call_pages(
        self, start: datetime, end: datetime | None = None, columns: Iterable[str] = call_records.COLUMNS
    ) -> AsyncIterator[Sequence[CallRecord]]:
        """`reports.php report`: read all calls of a span, a page at a time; oldest first is what is asked for.

        With fewer `columns` the records say less; they need at least `unique_id` and `date`.
        """
        async for report, _ in self._oldest_first(columns, start, end):
            yield call_records.calls(report, UTC)

    async def count_calls(self, start: datetime) -> int:
        """`reports.php report`: how many calls there are since a time, as far as the PBX counts right."""
        report = await self.report(["unique_id"], start=start, options={"count_only": "true"}, time_zone=UTC)
        return report.total

    async def newest_calls(
        self,
        *,
        limit: int = 2,
        offset: int = 0,
        start: datetime | None = None,
        end: datetime | None = None,
        filter_groups: Sequence[Mapping[str, Any]] = (),
    ) -> tuple[int, Sequence[CallRecord]]:
        """`reports.php report`: read the newest calls of a span; the newest first is what is asked for.

        Returns how many there are in all, and those of one page.
        """
        options = {"order_by": "date", "order_direction": "DESCENDING", "per_page": str(limit)}
        options |= {"page_offset": str(offset)} if offset else {}
        report = await self.report(
            call_records.COLUMNS, start=start, end=end, filter_groups=filter_groups, options=options, time_zone=UTC
        )
        return report.total, call_records.calls(report, UTC)

    async def call_ids(self, mark: str, start: datetime, end: datetime) -> frozenset[str]:
        """`reports.php report`: ids of the calls that a filter finds (one of `call_records.MARKS`)."""
        group = {"exclusivity": "include", "logical_operator": "and", "rules": [{"type": mark}]}
        found: frozenset[str] = frozenset()
        async for report, _ in self._oldest_first(["unique_id"], start, end, [group]):
            found |= call_records.call_ids(report)
        return found

    def _oldest_first(
        self,
        columns: Iterable[str],
        start: datetime,
        end: datetime | None,
        filter_groups: Sequence[Mapping[str, Any]] = (),
    ) -> AsyncIterator[tuple[CallReport, bool]]:
        async def ask(offset: int) -> CallReport:
            options = {
                "order_by": "date",
                "order_direction": "ASCENDING",
                # Counted in rows: where a page begins depends on how many rows the PBX is willing to give at a time.
                "page_offset": str(offset),
                "per_page": str(CALLS_PER_PAGE),
            }
            # In UTC, for the hour that comes twice when summer time ends: no local time says which of the two it is in.
            return await self.report(
                columns, start=start, end=end, filter_groups=filter_groups, options=options, time_zone=UTC
            )

        return self._cdr.read(ask)


def _country_and_city(zone: tzinfo) -> tzinfo:
    """Return a zone whose name a strict PBX takes: "must be in the format: Country/City", which UTC is not."""
    return zone if "/" in str(zone) and not str(zone).startswith("Etc/") else _UTC
