"""Checks: what may stand in a model, and what may be made of a document, judged without the client's readers."""

from collections.abc import Callable, Iterator, Mapping, Set as AbstractSet
from dataclasses import fields, is_dataclass
from datetime import datetime, timedelta
from enum import Enum
from functools import cache
import json
from math import isfinite
import re
from typing import Any, Final

from custom_components.dls_pbx.api import DlsPbxError
from custom_components.dls_pbx.api.models import CallReport, ConsentList, ConsentLists, MessagePage, Snapshot

LONGEST_TEXT: Final = 10_000
LONGEST_ERROR: Final = 600
LONGEST: Final = timedelta(days=31)
WIDEST: Final = timedelta(hours=26)  # between two zones of the earth, and a summer time
MOST: Final = 10**9
MOST_ID: Final = 10**15
FIRST_YEAR, LAST_YEAR = 2000, 2100
_IDS: Final = frozenset({"", "id", "message_id"})  # what has no name is the answer of an action that makes something
_SECONDS: Final = frozenset({"billable", "hold", "talk"})
# What the lists of the status actions are called.
_LISTS: Final = {
    f"status.{action}": "logs" if action == "dialerlogs" else action
    for action in ("users", "queues", "calls", "conferences", "provisioning", "dialer", "dialerlogs")
}
# Kept as it came, to compare the next answer with.
_UNREAD: Final = frozenset({"raw", "value", "body"})
# Control characters but for those that lay out a text, and halves of characters.
_BAD_CHARACTER: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")


def absurdities(value: Any, path: str = "") -> Iterator[str]:
    """Yield what no model may hold, anywhere in a value."""
    kind = type(value)
    if kind in _SCALARS:
        yield from _SCALARS[kind](value, path)
    elif kind in (tuple, list, set, frozenset):
        for item in value:
            yield from absurdities(item, path)
    elif is_dataclass(kind):
        for name in _names(kind):
            yield from absurdities(getattr(value, name), f"{path or kind.__name__}.{name}")
    elif isinstance(value, Mapping):
        for key, item in value.items():
            if not isinstance(key, str):
                yield f"{path}: the key {key!r}"
            yield from absurdities(key, path)
            yield from absurdities(item, path)
    elif not isinstance(value, Enum | AbstractSet):
        yield f"{path}: a {kind.__name__}"


def _of_text(text: str, path: str, longest: int = LONGEST_TEXT) -> Iterator[str]:
    if len(text) > longest:
        yield f"{path}: a text of {len(text)} characters"
    if bad := _BAD_CHARACTER.search(text):
        yield f"{path}: {bad.group()!r} in a text"


def _of_number(number: float, path: str) -> Iterator[str]:
    name = path.rpartition(".")[2]
    most = MOST_ID if name in _IDS else LONGEST.total_seconds() if name in _SECONDS else MOST
    if not isfinite(number) or not 0 <= number <= most:
        yield f"{path}: {number}"


def _of_time(time: datetime, path: str) -> Iterator[str]:
    if time.utcoffset() != timedelta() or not FIRST_YEAR <= time.year < LAST_YEAR:
        yield f"{path}: {time}"


def _of_span(span: timedelta, path: str) -> Iterator[str]:
    lowest, highest = (-WIDEST, WIDEST) if path.endswith("clock_offset") else (timedelta(), LONGEST)
    if not lowest <= span <= highest:
        yield f"{path}: {span}"


_SCALARS: Final[Mapping[type, Callable[[Any, str], Iterator[str]]]] = {
    type(None): lambda _value, _path: iter(()),
    bool: lambda _value, _path: iter(()),
    str: _of_text,
    int: _of_number,
    float: _of_number,
    datetime: _of_time,
    timedelta: _of_span,
}


@cache
def _names(kind: type) -> tuple[str, ...]:
    """Return the fields and properties of a model."""
    kept = _UNREAD if issubclass(kind, Snapshot) else frozenset()
    properties = [name for name, value in vars(kind).items() if isinstance(value, property)]
    return (*(one.name for one in fields(kind) if one.name not in kept), *properties)


def complaints_of_error(err: DlsPbxError) -> Iterator[str]:
    """Yield what no error may say, because people read it."""
    yield from _of_text(str(err), type(err).__name__, LONGEST_ERROR)


# --- What a document says --------------------------------------------------------------------------------------------


def said(body: bytes) -> Any:
    """Read JSON as leniently as anybody could; None if it is none."""
    try:
        # Python reads no whole number of more than some thousand digits.
        return json.loads(body.removeprefix(b"\xef\xbb\xbf").decode(errors="replace"), strict=False, parse_int=float)
    except ValueError, RecursionError:
        return None


def contradictions(document: Any, answer: Any, question: str) -> Iterator[str]:
    """Yield what was made of a document that it does not say."""
    if document is None:
        yield "An answer was made of what is no JSON"
    elif not isinstance(document, dict) or document.get("result") != "success":
        yield "A success was made of what is none"
    elif question in _LISTS:
        yield from _of_office(document[_LISTS[question]], answer, nested=question == "status.calls")
    elif isinstance(answer, ConsentLists):
        yield from _of_consent(document, answer)
    elif isinstance(answer, MessagePage | CallReport) and question != "reports.report count":
        yield from _of_table(document, answer)


def _of_table(document: Mapping[str, Any], page: MessagePage | CallReport) -> Iterator[str]:
    """Yield why a table is not what was sent: an empty one needs an empty list, or a total that says so."""
    results, total = document.get("results"), document.get("total_results")
    sent = list(results.values()) if isinstance(results, dict) else results if isinstance(results, list) else []
    rows = [row for row in sent if isinstance(row, dict if isinstance(page, MessagePage) else dict | list)]
    if len(page.rows) < len(rows):
        yield f"{len(rows)} rows were sent, {len(page.rows)} read"
    if page.rows:
        return
    if str(document.get("error") or "").strip() not in ("", "none"):
        yield "An empty table was made of an error"
    if sent:
        yield "An empty table was made of rows"
    none = _whole(total) == 0
    if isinstance(results, list | dict):
        if not none and total not in (None, ""):
            yield f"An empty table was made of a total of {str(total)[:50]}"
    elif not none:
        yield f"An empty table was made of results {str(results)[:50]!r} and a total of {str(total)[:50]!r}"


def _of_office(sent: Any, snapshot: Snapshot[Any], *, nested: bool) -> Iterator[str]:
    """Yield why an office is not empty: somebody is in it, whoever that is. Calls are `nested`, by direction."""
    if nested and isinstance(sent, dict | list):
        sent = [one for rows in (sent.values() if isinstance(sent, dict) else sent) for one in _rows(rows)]
    if sent and not snapshot.rows:
        yield "An empty office was made of rows"


def _rows(value: Any) -> list[Any]:
    """Return what is in a list or map, or the value itself where it is none."""
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else [value] if value not in (None, "", False) else []


def _of_consent(document: Mapping[str, Any], lists: ConsentLists) -> Iterator[str]:
    yield from _of_lists(document.get("optout"), lists.opt_out, "un")
    yield from _of_lists(document.get("optin"), lists.opt_in, "")


def _of_lists(sent: Any, read: tuple[ConsentList, ...], un: str) -> Iterator[str]:
    """Yield why lists cannot be complete that are taken for it."""
    entries = list(sent.values()) if isinstance(sent, dict) else sent if isinstance(sent, list) else []
    if sent is None and un:
        yield "Nobody opted out, of an answer without the lists"
    if all(one.complete for one in read):
        if len(read) < len(entries):
            yield f"{un}subscribers: {len(entries)} lists were sent, {len(read)} read, and all are complete"
        for entry, one in zip(entries, read, strict=False):
            yield from _of_list(entry, one, un)


def _of_list(entry: Any, one: ConsentList, un: str) -> Iterator[str]:
    if not isinstance(entry, dict):
        yield "A list is complete that is no list"
        return
    known = (f"{un}subscribed_at", f"{un}subscribers")
    numbers: list[Any] = []
    for name, value in entry.items():
        if isinstance(value, dict | list):
            numbers += list(value.values()) if isinstance(value, dict) else value
            if value and name not in known:
                yield f"A list is complete that has {name[:40]!r}"
    if len(numbers) != len(one.numbers):
        yield f"A list is complete of which {len(numbers)} rows were sent and {len(one.numbers)} numbers read"
    for name, value in entry.items():
        count = 0 if value is None or value == "" else _whole(value)
        if name.startswith("total") and (count is None or not 0 <= count <= len(numbers)):
            yield f"A list is complete with {len(numbers)} rows of {name[:40]} {str(value)[:40]}"


def _whole(value: Any) -> int | None:
    """Return a number of rows, however it is written."""
    try:
        number = float(value)
    except TypeError, ValueError, OverflowError:
        return None
    return int(number) if isfinite(number) and not isinstance(value, bool) else None
