"""Damage to an answer: rows that are none, totals and lists that are wrong, values that make no sense.

What a healthy PBX would say comes in, what a confused one says goes out; refusals are left alone.
"""

from collections.abc import Callable, Mapping
from typing import Any

from simulator.quirks.switches import Quirks
from simulator.wire.serializer import NamedMap

type Document = dict[str, Any]

SOME = 6  # rows that a table is said to have which shows none
MANY = 500  # numbers that a list is said to have which shows one
HUGE = str(10**12)  # seconds
_STRAYS: Mapping[str, Any] = {"null": None, "text": "Array", "number": 7}
_STRAY_NAME = "stray"  # in a map of rows
_IDS = ("unique_id", "id", "authid", "message_id", "queue", "conference_number", "mac_address")
_DATES = frozenset({"date", "last_provisioned", "subscribed_at", "timestamp", "unsubscribed_at"})
_WORDS = frozenset({"direction", "disposition", "dst_type", "hunt", "locked", "src_type", "status"})
_ODD_WORD = "Sideways"
_VALUES: Mapping[str, tuple[Callable[[str], bool], str | Callable[[str], str]]] = {
    "huge_durations": (lambda name: name.endswith("_duration"), HUGE),
    "far_dates": (_DATES.__contains__, "9999-12-31 23:59:59"),
    "odd_dates": (_DATES.__contains__, "the 23rd of Nov., 9 h 01"),
    "long_statuses": (lambda name: name == "status", "X" * 300),
    "odd_words": (_WORDS.__contains__, _ODD_WORD),
    "capitals": (_WORDS.__contains__, str.upper),
    "no_ids": ("id".__eq__, ""),
}


def damaged(document: Document, quirks: Quirks) -> Document:
    """Return the answer as a confused PBX gives it."""
    if document["result"] != "success":
        return document
    if quirks.values != "page":
        document = _revalued(document, quirks)
    if quirks.repeated_rows and document.get("results"):
        document = document | {"results": [*document["results"], document["results"][0]]}
    if quirks.totals == "page" and "results" in document:
        document = _with_total(document, len(document["results"]))
    if quirks.consent_lists != "whole":
        document = _short_listed(document, quirks.consent_lists)
    if quirks.tables != "whole" and "results" in document:
        document = _broken(document, quirks.tables)
    return document if quirks.stray_rows == "no" else _strayed(document, _STRAYS[quirks.stray_rows])


def _with_total(document: Document, total: int) -> Document:
    given = document.get("total_results")
    return document | {"total_results": str(total) if isinstance(given, str) else total}


def _broken(document: Document, how: str) -> Document:
    """Return a table with rows in its total and none, or nameless ones, in itself."""
    if not document.get("results"):
        document = _with_total(document, SOME)
    kind, _, part = how.partition("_")
    if part not in document:  # texts come without columns
        return document
    kept = {name: value for name, value in document.items() if name != part}
    return kept if kind == "no" else document | {part: []}


def _short_listed(document: Document, how: str) -> Document:
    """Return consent lists that can't be what they say."""
    lists = {
        half: [_shorter(dict(one), how) for one in document[half]] for half in ("optin", "optout") & document.keys()
    }
    return document | lists


def _shorter(one: dict[str, Any], how: str) -> dict[str, Any]:
    for name in [name for name, value in one.items() if isinstance(value, list)]:
        match how:
            case "part" if one[name]:
                one[name] = one[name][:1]
                one |= {total: str(MANY) for total in one if total.startswith("total_")}
            case "unknown_key":
                one["entries"] = one.pop(name)
            case "no_numbers":
                one[name] = [{key: value for key, value in row.items() if key != "number"} for row in one[name]]
    return one


def _strayed(value: Any, stray: Any) -> Any:
    """Put something that is no row among the rows of each list and of each map of rows."""
    match value:
        case NamedMap() if value and all(isinstance(row, dict) for row in value.values()):
            return NamedMap({name: _strayed(row, stray) for name, row in value.items()} | {_STRAY_NAME: stray})
        case dict():
            return type(value)({name: _strayed(item, stray) for name, item in value.items()})
        case [dict() | list(), *_]:
            first, *others = (_strayed(row, stray) for row in value)
            return [first, stray, *others]
    return value


def _revalued(document: Document, quirks: Quirks) -> Document:
    """Return the answer with values of one kind that make no sense."""
    values = _Values(quirks)
    columns = document.get("columns", ())
    read: Document = {
        name: [values.cells(columns, row) for row in old] if name == "results" and columns else values.inside(old)
        for name, old in document.items()
    }
    if quirks.values == "odd_words" and not quirks.values_of and isinstance(calls := read.get("calls"), NamedMap):
        read["calls"] = NamedMap({_ODD_WORD.lower() if name == "internal" else name: calls[name] for name in calls})
    return read


class _Values:
    """Values of one kind, and the rows that they are put into."""

    def __init__(self, quirks: Quirks) -> None:
        self._fits, self._value = _VALUES[quirks.values]
        self._wanted = {one.strip() for one in quirks.values_of.split(",")} - {""}

    def inside(self, given: Any, key: str = "") -> Any:
        """Return rows of any depth; `key` is a row's name in a map of rows."""
        match given:
            case dict():
                odd = self._concerns(given, key)
                return type(given)({name: self._new(name, old, odd=odd) for name, old in given.items()})
            case list():
                return [self.inside(one) for one in given]
        return given

    def cells(self, columns: list[str], row: list[Any]) -> list[Any]:
        """Return a row of a report."""
        odd = self._concerns(dict(zip(columns, row, strict=False)), "")
        return [self._new(name, old, odd=odd) for name, old in zip(columns, row, strict=False)]

    def _concerns(self, row: Mapping[str, Any], key: str) -> bool:
        return not self._wanted or key in self._wanted or any(str(row.get(name)) in self._wanted for name in _IDS)

    def _new(self, name: str, old: Any, *, odd: bool) -> Any:
        if isinstance(old, dict | list):
            return self.inside(old, name)
        if not odd or not self._fits(name):
            return old
        return self._value if isinstance(self._value, str) else self._value(old)
