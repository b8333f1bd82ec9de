"""Query of `sms.php query_sms`: which rows of the SMS table it asks for."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from simulator.engine import Engine, PbxError
from simulator.models import Extension, Message
from simulator.quirks.switches import Quirks
from simulator.vendor.fields import one_of, text, texts, whole

DEFAULT_LIMIT = 100

_PAGING = frozenset({"order_by", "results_limit", "results_offset"})
_ENDPOINTS = frozenset({"dst", "dst_original", "src"})
_EXACT: Mapping[str, Callable[[Message], str]] = {
    "account_code": lambda message: message.account_code,
    "cdr_id": lambda message: str(message.cdr_id),
    "direction": lambda message: message.direction,
    "message_id": lambda message: message.message_id,
    "status": lambda message: message.status,
}
FILTERS = _ENDPOINTS | _EXACT.keys() | {"end_cdr_id", "from", "start_cdr_id", "to"}
_VALUES = {
    "direction": frozenset({"inbound", "internal", "hairpin", "outbound"}),
    "status": frozenset({"success", "failure"}),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """The rows that an answer shows, and how many the query found."""

    total: int
    limit: int
    offset: int
    messages: Sequence[Message]


def query(engine: Engine, fields: Mapping[str, Any], table: Sequence[Message], quirks: Quirks) -> Page:
    """Return a page of a table's messages; PbxError for a filter or value that does not exist."""
    filters = _filters(fields)
    # The page lists the paging among the filters, its sample has it beside them: both are read.
    paging = {name: filters.pop(name) for name in _PAGING & filters.keys()} | {
        name: fields[name] for name in _PAGING & fields.keys()
    }
    found = _select(engine, filters, table)
    limit = whole(paging, "results_limit", DEFAULT_LIMIT, at_least=1)
    if quirks.page_cap:
        limit = min(limit, quirks.page_cap)
    offset = whole(paging, "results_offset", 0)
    descending = one_of(paging, "order_by", ("asc", "desc"), "desc") == "desc" or quirks.order == "newest_first"
    steady = quirks.ties == "steady"
    found.sort(key=lambda message: (message.time, message.id if steady else 0), reverse=descending)
    return Page(total=len(found), limit=limit, offset=offset, messages=found[offset : offset + limit])


def _filters(fields: Mapping[str, Any]) -> dict[str, Any]:
    filters = fields.get("filters") or {}
    match filters:
        case [dict() as only]:  # the page's `filters[]`: PHP makes an array with one map in it
            filters = only
    if not isinstance(filters, dict):
        raise PbxError("'filters' must be an array of filter names and values")
    for name in filters:
        if name not in FILTERS | _PAGING:
            raise PbxError(f"Unknown filter '{name}'")
    return dict(filters)


def _select(engine: Engine, filters: Mapping[str, Any], table: Sequence[Message]) -> list[Message]:
    tests = [_exact(name, filters) for name in _EXACT.keys() & filters.keys()]
    # Not every engine has users whom it does not list.
    users = getattr(engine, "everybody", engine.users)() if _ENDPOINTS & filters.keys() else ()
    tests += [_party(name, filters, users) for name in _ENDPOINTS & filters.keys()]
    if "from" in filters:
        start = moment(filters, "from", engine.time_zone)
        tests.append(lambda message: message.time >= start)
    if "to" in filters:
        end = moment(filters, "to", engine.time_zone)
        tests.append(lambda message: message.time <= end)
    if filters.keys() & {"start_cdr_id", "end_cdr_id"}:
        tests.append(_cdr_range(filters))
    return [message for message in table if all(test(message) for test in tests)]


def _exact(name: str, filters: Mapping[str, Any]) -> Callable[[Message], bool]:
    wanted = set(texts(filters, name))
    if unknown := wanted - _VALUES.get(name, wanted):
        raise PbxError(f"Unknown {name} '{min(unknown)}'")
    value = _EXACT[name]
    return lambda message: value(message) in wanted


def _party(name: str, filters: Mapping[str, Any], users: Sequence[Extension]) -> Callable[[Message], bool]:
    """Look for a number or an auth id; the page's sample asks for an extension as well."""
    wanted = {value.removeprefix("+").casefold() for value in texts(filters, name)}
    wanted |= {user.auth_id.casefold() for user in users if user.ext in wanted}
    return lambda message: getattr(message, name).removeprefix("+").casefold() in wanted


def _cdr_range(filters: Mapping[str, Any]) -> Callable[[Message], bool]:
    if not {"start_cdr_id", "end_cdr_id"} <= filters.keys():
        raise PbxError("'start_cdr_id' and 'end_cdr_id' must be provided together")
    start, end = whole(filters, "start_cdr_id"), whole(filters, "end_cdr_id")
    if start >= end:
        raise PbxError("'end_cdr_id' must be larger than 'start_cdr_id'")
    return lambda message: start <= message.cdr_id <= end


def moment(fields: Mapping[str, Any], name: str, time_zone: ZoneInfo) -> datetime:
    """Return a time given as YYYY-MM-DD HH:MM:SS, as a unix time, or as the page's sample has it."""
    given = " ".join(text(fields, name).split())
    if given.isascii() and given.isdigit():
        return datetime.fromtimestamp(int(given), UTC)
    for shape in ("%Y-%m-%d %H:%M:%S", "%m/%d/%Y %I:%M %p", "%m/%d/%Y %I:%M%p"):
        try:
            return datetime.strptime(given, shape).replace(tzinfo=time_zone)
        except ValueError:
            continue
    raise PbxError(f"'{name}' must be YYYY-MM-DD HH:MM:SS or a unix timestamp")
