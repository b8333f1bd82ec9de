"""`status.php calls`: calls in progress, known again from poll to poll."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from itertools import count
from typing import Any

from . import times, wire
from .merging import Reading
from .models import Call, CallDirection, CallStatus, Snapshot
from .times import Beginning
from .wire import Row

# The PBX gives calls no id, and one made of their numbers would carry these into whatever names a call.
_new_id = map(str, count(1))


def calls(value: Any, before: Snapshot[Call] | None, reading: Reading) -> Snapshot[Call]:
    """Read `calls`. One is known again by its ends and by when it began; a transferred one by the end that stayed."""
    old = before.rows if before else {}
    found = [_call(direction, row, reading) for direction, rows in wire.pairs(value) for row in wire.rows(rows)]
    known: dict[int, str] = {}
    _recognize(found, old, known, _ends)
    _recognize(found, old, known, _near_end)
    models: dict[str, Call] = {}
    for index, (call, _) in enumerate(found):
        key = known.get(index)
        models[key or next(_new_id)] = _continued(old[key], call) if key else call
    changed = {key for key, call in models.items() if call is not old.get(key)}
    return Snapshot(rows=models, changed=changed, gone=old.keys() - models.keys())


def _call(direction: str, row: Row, reading: Reading) -> tuple[Call, Beginning]:
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
    left: dict[tuple[str | None, ...], list[str]] = {}
    for key in old.keys() - known.values():
        left.setdefault(ends(old[key]), []).append(key)
    for index, (call, began) in enumerate(found):
        candidates = left.get(ends(call), [])
        if index in known or not candidates:
            continue
        near = [(off, key) for key in candidates if (off := began.off(old[key].started_at)) is not None]
        if near:
            known[index] = min(near)[1]
            candidates.remove(known[index])


def _continued(old: Call, call: Call) -> Call:
    if (old.status, old.connected_to) == (call.status, call.connected_to):
        return old
    return replace(old, status=call.status, connected_to=call.connected_to)
