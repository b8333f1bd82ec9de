"""Calls in progress (`status.php calls`), known again from poll to poll."""

from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any, Final

from .. import times, vocabulary, wire
from ..exceptions import DlsPbxResponseError
from ..models import Call, CallDirection, CallStatus, Snapshot
from ..times import Beginning
from ..wire import Row
from .merging import UNREADABLE, Reading, Steps

_FIELDS: Final = frozenset({"status", "callerid", "ext", "connected_to", "elapsed"})
# The PBX gives calls no id, and one made of their numbers would carry these into whatever names a call.
_new_id = map(str, count(1))
_UNKNOWN = datetime.min.replace(tzinfo=UTC)


def calls(value: Any, before: Snapshot[Call] | None, reading: Reading) -> Steps[Snapshot[Call]]:
    """Read `calls`. One is known again by its ends and by when it began; a transferred one by the end that stayed."""
    old = before.rows if before else {}
    sent = [(direction, _rows_of(direction, rows)) for direction, rows in wire.pairs(value)]
    found = [one for direction, rows in sent for row in rows or () if (one := _read(direction, row, reading))]
    if not found and any(rows is None or rows for _, rows in sent):
        # Else every call in the office would have ended.
        raise DlsPbxResponseError("The PBX sent calls of which none can be read")
    known: dict[int, str] = {}
    _recognize(found, old, known, _ends)
    _recognize(found, old, known, _near_end)
    models: dict[str, Call] = {}
    for index, (call, _) in enumerate(found):
        key = known.get(index)
        models[key or next(_new_id)] = _continued(old[key], call) if key else call
    yield
    changed = {key for key, call in models.items() if call is not old.get(key)}
    return Snapshot(rows=models, changed=changed, gone=old.keys() - models.keys())


def _rows_of(direction: str, rows: Any) -> list[Row] | None:
    try:
        return wire.rows(rows)
    except DlsPbxResponseError:
        vocabulary.note(direction, vocabulary.shape(rows))
        return None


def _read(direction: str, row: Row, reading: Reading) -> tuple[Call, Beginning] | None:
    try:
        return _call(direction, row, reading)
    except UNREADABLE as err:
        vocabulary.note("row", f"{type(err).__name__}: {vocabulary.shape(row)}")
        return None


def _call(direction: str, row: Row, reading: Reading) -> tuple[Call, Beginning]:
    vocabulary.note_fields(row, _FIELDS)
    began = times.beginning(row.get("elapsed"), reading.now)
    call = Call(
        direction=CallDirection.read(direction),
        status=CallStatus.read(row.get("status")),
        started_at=began.at,
        caller_id=wire.text(row.get("callerid")),
        extension=wire.text(row.get("ext")),
        connected_to=wire.text(row.get("connected_to")),
    )
    return call, began


def _near_end(call: Call) -> tuple[str | None, ...]:
    return call.direction, call.extension, call.caller_id


def _ends(call: Call) -> tuple[str | None, ...]:
    return *_near_end(call), call.connected_to


def _recognize(
    found: Sequence[tuple[Call, Beginning]],
    old: Mapping[str, Call],
    known: dict[int, str],
    ends: Callable[[Call], tuple[str | None, ...]],
) -> None:
    """Note which old call each of those is that are not `known` yet: the one that began nearest to it."""
    left: dict[tuple[str | None, ...], list[tuple[datetime, str]]] = {}
    for key in old.keys() - known.values():
        left.setdefault(ends(old[key]), []).append((old[key].started_at or _UNKNOWN, key))
    for candidates in left.values():
        candidates.sort()
    for index, (call, began) in enumerate(found):
        if index not in known and (same := _nearest(left.get(ends(call), []), began, old)):
            known[index] = same


def _nearest(candidates: list[tuple[datetime, str]], began: Beginning, old: Mapping[str, Call]) -> str | None:
    """Take the call out of the sorted candidates that began nearest, if any can be the same."""
    place = bisect_left(candidates, (began.at or _UNKNOWN, ""))
    near = [
        (off, neighbor)
        for neighbor in (place - 1, place)
        if 0 <= neighbor < len(candidates) and (off := _off(began, old[candidates[neighbor][1]].started_at)) is not None
    ]
    return candidates.pop(min(near)[1])[1] if near else None


def _off(began: Beginning, before: datetime | None) -> timedelta | None:
    """Return how far apart two beginnings are: as far as can be if one is unknown, None if they cannot be one."""
    return timedelta.max if (began.at is None) != (before is None) else began.off(before)


def _continued(old: Call, call: Call) -> Call:
    if (old.status, old.connected_to) == (call.status, call.connected_to):
        return old
    return replace(old, status=call.status, connected_to=call.connected_to)
