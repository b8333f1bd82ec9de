"""What the readers share: the next snapshot from the one before.

A poll of thousands of phones must cost what changed, not what exists. So the parsed answer is compared with the
one before while it is still plain dicts, which is a matter of nanoseconds a row, and only rows that differ become
models. Where the difference is one more second on a clock, the old model stays.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any

from . import wire
from .models import Snapshot
from .wire import Row


@dataclass(frozen=True, slots=True)
class Reading:
    """The circumstances of an answer: when it came (UTC), and the zone that the PBX writes its times in."""

    now: datetime
    zone: tzinfo


type RowReader[ModelT] = Callable[[str, Row, Reading, ModelT | None, Row | None], ModelT]


def merge[ModelT](
    found: Iterable[tuple[str, Row]], before: Snapshot[ModelT] | None, reading: Reading, read: RowReader[ModelT]
) -> Snapshot[ModelT]:
    """Make the next snapshot; `read` gets the id, the row, and the model and row of the snapshot before."""
    old_raw: Mapping[str, Any] = before.raw if before else {}
    old_models: Mapping[str, ModelT] = before.rows if before else {}
    raw: dict[str, Row] = {}
    models: dict[str, ModelT] = {}
    changed: set[str] = set()
    for key, row in found:
        old_row, old = old_raw.get(key), old_models.get(key)
        if old is not None and row == old_row:
            raw[key], models[key] = old_row, old
            continue
        model = read(key, row, reading, old, old_row)
        if model == old and old is not None:
            model = old
        raw[key], models[key] = row, model
        if model is not old:
            changed.add(key)
    return Snapshot(rows=models, changed=changed, gone=old_models.keys() - models.keys(), raw=raw)


def keyed(found: Iterable[Row], *fields: str) -> Iterable[tuple[str, Row]]:
    """Give each row its id: the first of `fields` that it fills in. A row without any cannot be told apart."""
    for row in found:
        if key := next((key for field in fields if (key := wire.text(row.get(field)))), None):
            yield key, row
