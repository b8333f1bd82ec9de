"""Snapshots merged: the next one from the one before, for all readers.

A poll of thousands of phones must cost what changed, not what exists. So the parsed answer is compared with the
one before while it is still plain dicts, which is a matter of nanoseconds a row, and only rows that differ become
models. Where the difference is one more second on a clock, the old model stays.
"""

from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from itertools import compress
from operator import itemgetter, ne
from typing import Any, Final

from .. import vocabulary, wire
from ..exceptions import DlsPbxResponseError
from ..models import Snapshot, Table
from ..wire import Row


@dataclass(frozen=True, slots=True)
class Reading:
    """The circumstances of an answer: when it came (UTC), and the zone that the PBX writes its times in."""

    now: datetime
    zone: tzinfo


# What a reader raises that was handed something else than the vendor's page says: then the row is passed by.
UNREADABLE: Final = (ArithmeticError, AttributeError, DlsPbxResponseError, LookupError, TypeError, ValueError)

# What takes long is read step by step, so that whoever drives it can give others their turn in between.
type Steps[ResultT] = Generator[None, None, ResultT]
type RowReader[ModelT] = Callable[[str, Row, Reading, ModelT | None, Row | None], ModelT]
type Settled[ModelT] = Callable[[Row, Row, ModelT, Reading], bool]


def merge[ModelT](
    found: Table,
    before: Snapshot[ModelT] | None,
    reading: Reading,
    read: RowReader[ModelT],
    settled: Settled[ModelT] | None = None,
) -> Steps[Snapshot[ModelT]]:
    """Make the next snapshot, in as many steps as there are rows to be read.

    `read` gets the id, the row, and the model and row of the snapshot before. `settled` tells of a row that differs,
    with the row and model before, whether it says the same all the same; it is asked so that it can be quick.
    """
    ids, rows, places, moved = found
    old_models: Mapping[str, ModelT] = before.rows if before else {}
    # In the order of the snapshot before, which a PBX keeps, all rows are compared without a line of Python.
    aligned = before is not None and (ids is before.raw.ids or ids == before.raw.ids)
    old_rows: Sequence[Row | None] = before.raw.rows if before and aligned else _looked_up(ids, before)
    # A row that is equal stays the old object: the new one dies while it is still at hand.
    kept: list[Any] = list(old_rows)
    for place in moved:
        kept[place] = rows[place]
    news: dict[str, ModelT] = {}
    for place in differing(rows, old_rows) if places is None else places:
        key, row, old_row = ids[place], rows[place], old_rows[place]
        kept[place] = row
        old = old_models.get(key)
        if old is not None and old_row is not None and settled and settled(row, old_row, old, reading):
            continue
        try:
            model = read(key, row, reading, old, old_row)
        except UNREADABLE as err:
            vocabulary.note("row", f"{type(err).__name__}: {vocabulary.shape(row)}")
            if old_row is not None:
                # The next one is read against the row that the model is of.
                kept[place] = old_row
            continue
        if old is None or model != old:
            news[key] = model
        yield
    raw = Table(ids, kept)
    if ids and not news and not old_models.keys() & set(ids):
        raise DlsPbxResponseError("The PBX sent rows of which none can be read")
    if aligned:
        return Snapshot(rows={**old_models, **news} if news else old_models, changed=news.keys(), raw=raw)
    models = {key: news[key] if key in news else old_models[key] for key in ids if key in news or key in old_models}
    return Snapshot(rows=models, changed=news.keys(), gone=old_models.keys() - models.keys(), raw=raw)


def finished[ResultT](steps: Steps[ResultT]) -> ResultT:
    """Take all steps at once."""
    while True:
        try:
            next(steps)
        except StopIteration as end:
            result: ResultT = end.value
            return result


def differing(now: Sequence[Any], before: Sequence[Any]) -> Iterable[int]:
    """Yield the places in which two sequences differ, without a line of Python for each."""
    return compress(range(len(now)), map(ne, now, before, strict=True))


def _looked_up(ids: Iterable[str], before: Snapshot[Any] | None) -> list[Row | None]:
    old = dict(zip(before.raw.ids, before.raw.rows, strict=True)) if before else {}
    return [old.get(key) for key in ids]


def table(found: Mapping[str, Row] | Mapping[str | None, Row]) -> Table:
    """Make a table of rows by id. One without any is left out; where none has one, it is no empty office."""
    rows = {key: row for key, row in found.items() if key}
    if found and not rows:
        raise DlsPbxResponseError("The PBX sent rows of which none has an id")
    return Table(list(rows), list(rows.values()))


def keyed(value: Any, before: Snapshot[Any] | None, *fields: str) -> Table:
    """Make a table of listed rows; the first of `fields` that a row fills in is its id."""
    if before is not None and isinstance(value, list) and (same := _same_ids(value, before.raw, fields[0])):
        return same
    rows = wire.rows(value)
    try:
        ids = list(map(itemgetter(fields[0]), rows))
    except KeyError:
        ids = [""]
    # Nearly always each row fills in the first field, as a text of its own.
    if None not in ids and ids == list(map(wire.text, ids)) and len({*ids}) == len(ids):
        return Table(ids, rows)
    ids = [next((key for field in fields if (key := wire.text(row.get(field)))), None) for row in rows]
    return table(dict(zip(ids, rows, strict=True)))


def _same_ids(rows: list[Any], before: Table, field: str) -> Table | None:
    """Return a table if each row is the one that stood in its place; a row that is equal need not be asked."""
    if len(rows) != len(before.rows):
        return None
    places = list(differing(rows, before.rows))
    if all(type(rows[place]) is dict and rows[place].get(field) == before.ids[place] for place in places):
        return Table(before.ids, rows, places)
    return None


def differs_only(row: Row, before: Row, field: str) -> bool:
    """Tell whether two rows differ in nothing but one field that both have."""
    if field not in row or field not in before:
        return False
    # The quickest way to leave a field out of a comparison in C.
    kept, row[field] = row[field], before[field]
    same = row == before
    row[field] = kept
    return same
