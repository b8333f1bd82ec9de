"""Queries, the actions that only read: messages, consent lists, call reports, dialer logs."""

from collections.abc import Awaitable, Iterable, Mapping, Sequence
import csv
from dataclasses import asdict, replace
from datetime import datetime, tzinfo
import io
from typing import Any

from homeassistant.core import HomeAssistant, ServiceResponse
from homeassistant.util import dt as dt_util
from homeassistant.util.json import JsonObjectType, JsonValueType

from .. import phone_numbers
from ..api import cdr
from ..api.models import CallReport, ConsentList, ListedNumber
from ..data import DlsPbxConfigEntry
from ..errors import wrong_input
from . import consent
from .recipients import correspondents, sought_number
from .request import async_ask
from .rules import checked_rule
from .written import quoted

type Fields = Mapping[str, Any]


async def async_query_sms(hass: HomeAssistant, entry: DlsPbxConfigEntry, fields: Fields) -> ServiceResponse:
    """Read the SMS table (`sms.php query_sms`)."""
    start, end = _period(fields)
    filters = _sms_filters(hass, entry, fields)
    page = await async_ask(
        hass,
        entry,
        lambda client: client.query_sms(
            filters,
            start=start,
            end=end,
            limit=fields["limit"],
            offset=fields["offset"],
            ascending=fields["order"] == "asc",
        ),
    )
    zone = entry.runtime_data.client.time_zone
    return {"total": page.total, "messages": [_row(asdict(message), zone) for message in page.messages]}


async def async_query_subscribers(hass: HomeAssistant, entry: DlsPbxConfigEntry, fields: Fields) -> ServiceResponse:
    """Read the consent lists (`subscribers.php query_lists`); the PBX sends them whole, the filters are ours."""
    number = sought_number(hass, fields["phone_number"]) if fields.get("phone_number") else None
    lists = await async_ask(hass, entry, lambda client: client.query_lists())
    zone = entry.runtime_data.client.time_zone
    region = phone_numbers.region(hass.config.country)

    def found(those: Sequence[ConsentList], kind: str, since: str, opt_out_of: str | None) -> list[JsonValueType]:
        wanted = fields.get(f"{kind}_id")
        rows = [
            (one, consent.listed(one, number, opt_out_of) if number else one.numbers)
            for one in those
            if wanted in (None, one.id)
        ]
        return [_list_row(zone, one, kind, since, shown) for one, shown in rows if number is None or shown]

    return {
        "opt_in": found(lists.opt_in, "campaign", "subscribed_at", None),
        "opt_out": found(lists.opt_out, "tenant", "unsubscribed_at", region),
    }


async def async_get_call_report(hass: HomeAssistant, entry: DlsPbxConfigEntry, fields: Fields) -> ServiceResponse:
    """Read the call detail records (`reports.php report`)."""
    start, end = _period(fields)
    groups = [{**group, "rules": [checked_rule(rule) for rule in group["rules"]]} for group in fields["filter_groups"]]
    if fields["format"] != "csv" and any(fields[name] for name in cdr.READABLE):
        raise wrong_input("formatted_is_csv")
    zone = await _async_zone(entry, fields.get("timezone"))
    columns = list(dict.fromkeys(fields["columns"])) or list(cdr.COLUMNS)
    first, wanted = fields["page"] * fields["per_page"], fields["per_page"]

    def ask(done: int) -> Awaitable[CallReport]:
        # Counted in rows: which page they are on depends on how many the PBX is willing to give at a time.
        options = _report_options(fields) | {"page_offset": str(first + done), "per_page": str(wanted - done)}
        return async_ask(
            hass,
            entry,
            lambda client: client.report(
                columns, start=start, end=end, filter_groups=groups, options=options, time_zone=zone
            ),
        )

    report = await ask(0)
    while first + len(report.rows) < report.total and 0 < len(report.rows) < wanted:
        page = await ask(len(report.rows))
        if not page.rows or page.rows == report.rows[: len(page.rows)]:
            break
        report = replace(report, rows=(report.rows + page.rows)[:wanted])
    if fields["format"] == "csv":
        return {"total": report.total, "csv": _csv(report, columns)}
    return {"total": report.total, "calls": _calls(report, zone, entry.runtime_data.queues.names)}


async def async_get_dialer_logs(hass: HomeAssistant, entry: DlsPbxConfigEntry, fields: Fields) -> ServiceResponse:
    """Read the tails of the dialer campaigns' logs (`status.php dialerlogs`), all or one's by its name or id."""
    wanted = fields.get("campaign")
    campaigns = entry.runtime_data.campaigns.snapshot
    named = campaigns.rows.get(wanted) if campaigns and wanted else None
    names = {name.casefold() for name in (wanted, named.name if named else None) if name}
    logs = await async_ask(hass, entry, lambda client: client.campaign_logs())
    return {
        "logs": [
            {"campaign": log.campaign, "output": list(log.output)}
            for log in logs.rows.values()
            if not names or log.campaign.casefold() in names
        ]
    }


def _period(fields: Fields) -> tuple[datetime | None, datetime | None]:
    """Return start and end; a time without a zone is Home Assistant's."""
    start, end = (dt_util.as_utc(fields[name]) if name in fields else None for name in ("start", "end"))
    if start and end and start > end:
        raise wrong_input("end_before_start")
    return start, end


def _row(fields: dict[str, Any], zone: tzinfo) -> JsonObjectType:
    """Make a row of JSON; times in the PBX's zone, so that a day in them is the office's day."""
    return {
        name: value.astimezone(zone).isoformat() if isinstance(value, datetime) else value
        for name, value in fields.items()
    }


def _sms_filters(hass: HomeAssistant, entry: DlsPbxConfigEntry, fields: Fields) -> dict[str, Any]:
    start_id, end_id = fields.get("start_cdr_id"), fields.get("end_cdr_id")
    if (start_id is None) != (end_id is None):
        raise wrong_input("cdr_ids_together")
    if start_id is not None and end_id is not None and start_id >= end_id:
        raise wrong_input("cdr_ids_in_order")
    filters = {
        vendors: correspondents(hass, entry, fields[name])
        for vendors, name in (("src", "sources"), ("dst", "destinations"), ("dst_original", "original_destinations"))
        if fields.get(name)
    }
    for code in fields.get("account_codes", ()):
        quoted("account_codes", code)
    names = {"message_id": "message_ids", "account_code": "account_codes", "cdr_id": "cdr_ids"}
    names |= {name: name for name in ("direction", "status", "start_cdr_id", "end_cdr_id")}
    return filters | {vendors: fields[name] for vendors, name in names.items() if fields.get(name) not in (None, [])}


def _list_row(zone: tzinfo, one: ConsentList, kind: str, since: str, shown: Iterable[ListedNumber]) -> JsonObjectType:
    rows: list[JsonValueType] = [
        _row({"number": listed.number, "reason": listed.reason, "text": listed.text, since: listed.since}, zone)
        for listed in shown
    ]
    total = len(one.numbers) if one.total is None else one.total
    return {f"{kind}_id": one.id, f"{kind}_name": one.name, "total": total, "numbers": rows}


def _report_options(fields: Fields) -> dict[str, str]:
    options = {name: "true" for name in ("count_only", "map_mirrors", *cdr.READABLE) if fields[name]}
    if "order_by" in fields or "order" in fields:
        options["order_by"] = fields.get("order_by", "date")
        options["order_direction"] = "ASCENDING" if fields.get("order") == "asc" else "DESCENDING"
    return options


async def _async_zone(entry: DlsPbxConfigEntry, name: str | None) -> tzinfo:
    """Return the zone of a report's times: the PBX's unless another one is named."""
    if not name:
        return entry.runtime_data.client.time_zone
    if zone := await dt_util.async_get_time_zone(name):
        return zone
    raise wrong_input("unknown_time_zone", time_zone=name)


def _calls(report: CallReport, zone: tzinfo, queues: Iterable[str]) -> list[JsonValueType]:
    whole = cdr.whole_names(queues)
    found: list[JsonValueType] = []
    for cells in report.rows:
        row = {name: cdr.value(name, text, zone) for name, text in zip(report.columns, cells, strict=False)}
        row |= {name: list(cdr.joined(row[name], whole)) for name in cdr.QUEUES if name in row}
        found.append(_row(row, zone))
    return found


def _csv(report: CallReport, columns: Sequence[str]) -> str:
    """Write the report as the PBX worded it, under a header line."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(report.columns or columns)
    writer.writerows(report.rows)
    return text.getvalue()
