"""What the readers share: the next snapshot from the one before.

A poll of thousands of phones must cost what changed, not what exists. So the parsed answer is compared with the
one before while it is still plain dicts, which is a matter of nanoseconds a row, and only rows that differ become
models. Where the difference is one more second on a clock, the old model stays.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from itertools import compress
from operator import itemgetter, ne
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
type Settled[ModelT] = Callable[[Row, Row, ModelT, Reading], bool]


def merge[ModelT](
    found: Mapping[str, Row],
    before: Snapshot[ModelT] | None,
    reading: Reading,
    read: RowReader[ModelT],
    settled: Settled[ModelT] | None = None,
) -> Snapshot[ModelT]:
    """Make the next snapshot from rows by id.

    `read` gets the id, the row, and the model and row of the snapshot before. `settled` tells of a row that differs,
    with the row and model before, whether it says the same all the same; it is asked so that it can be quick.
    """
    old_raw: Mapping[str, Row] = before.raw if before else {}
    old_models: Mapping[str, ModelT] = before.rows if before else {}
    # In the order of the snapshot before, which a PBX keeps, all rows are compared without a line of Python.
    aligned = list(found) == list(old_raw)
    old_rows = list(old_raw.values()) if aligned else [old_raw.get(key) for key in found]
    pairs = zip(found, found.values(), old_rows, strict=True)
    news: dict[str, ModelT] = {}
    for key, row, old_row in compress(pairs, map(ne, found.values(), old_rows, strict=True)):
        old = old_models.get(key)
        if old is not None and old_row is not None and settled and settled(row, old_row, old, reading):
            continue
        model = read(key, row, reading, old, old_row)
        if old is None or model != old:
            news[key] = model
    if aligned and not news:
        return Snapshot(rows=old_models, raw=found)
    models = {**old_models, **news} if aligned else {key: news.get(key) or old_models[key] for key in found}
    return Snapshot(rows=models, changed=news.keys(), gone=old_models.keys() - models.keys(), raw=found)


def keyed(value: Any, *fields: str) -> dict[str, Row]:
    """Read a list of rows by id: the first of `fields` that a row fills in. One without any cannot be told apart."""
    rows = wire.rows(value)
    try:
        ids = list(map(itemgetter(fields[0]), rows))
    except KeyError:
        ids = [""]
    found = dict(zip(ids, rows, strict=False))
    # Nearly always each row fills in the first field, as a text; then all this took microseconds.
    if set(map(type, ids)) <= {str} and "" not in found:
        return found
    ids = [next((key for field in fields if (key := wire.text(row.get(field)))), None) for row in rows]
    return {key: row for key, row in zip(ids, rows, strict=True) if key}


def differs_only(row: Row, before: Row, field: str) -> bool:
    """Tell whether two rows differ in nothing but one field that both have."""
    if field not in row or field not in before:
        return False
    # The quickest way to leave a field out of a comparison in C.
    kept, row[field] = row[field], before[field]
    same = row == before
    row[field] = kept
    return same
