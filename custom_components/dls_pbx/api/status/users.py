"""Users, their phones, and how far away those are (`status.php users`)."""

from collections.abc import Iterator, Mapping
from functools import cached_property, lru_cache
from operator import eq, itemgetter
import re
from typing import Any, Final, override

from .. import vocabulary, wire
from ..models import Registration, Table, User, Users
from ..wire import Row
from .merging import Reading, Steps, differing, keyed, merge

_FIELDS: Final = frozenset({"ext", "user", "tenant", "authid", "vmail", "status", "host", "port"})
_LATENCY = re.compile(r"\((\d{1,6})\s*ms\)", re.IGNORECASE)
_STATUS: Final = itemgetter("status")
_FIRST: Final = 50  # rows
_LONGEST: Final = 60  # characters of a status: those that were seen are remembered


def users(value: Any, before: Users | None, reading: Reading) -> Steps[Users]:
    """Read `users`. Latencies are kept apart, so that their jitter is no news of the phone."""
    found = _without_latencies(value, before) or keyed(value, before, "authid", "ext")
    snapshot = yield from merge(found, before, reading, _user, _only_latency)
    return Users(
        rows=snapshot.rows,
        changed=snapshot.changed,
        gone=snapshot.gone,
        raw=snapshot.raw,
        latencies=_Latencies(snapshot.raw),
    )


def _without_latencies(value: Any, before: Users | None) -> Table | None:
    """Make a table in which a status that only moved its latency counts as the one before, as most do at each poll.

    None where the rows are not those of the answer before, one by one, or where no latency seems to move.
    """
    if before is None or type(value) is not list or not len(value) == len(before.raw.rows) == len(before.rows):
        return None
    try:
        # Where latencies move at all, most of them do: the first rows tell whether it is worth while.
        if all(map(eq, map(_STATUS, value[:_FIRST]), map(_STATUS, before.raw.rows[:_FIRST]), strict=True)):
            return None
        now, then = list(map(_STATUS, value)), list(map(_STATUS, before.raw.rows))
        known = {status: _registration(status)[0] for status in {*now, *then} if _is_short(status)}
    except KeyError, TypeError:  # a row without a status, or what is no row
        return None
    moved = [place for place in differing(now, then) if known.get(now[place], now) is known.get(then[place])]
    for place in moved:
        value[place]["status"] = then[place]
    found = keyed(value, before, "authid", "ext")
    for place in moved:
        value[place]["status"] = now[place]
    return found._replace(moved=moved) if found.differing is not None else None


def _is_short(status: Any) -> bool:
    return type(status) is str and len(status) <= _LONGEST


class _Latencies(Mapping[str, int]):
    """Milliseconds by auth ID, read when somebody looks: most offices never do, and thousands move at every poll."""

    def __init__(self, raw: Table) -> None:
        self._raw = raw

    @cached_property
    def _read(self) -> dict[str, int]:
        found = zip(self._raw.ids, map(_status_of, self._raw.rows), strict=True)
        return {auth_id: latency for auth_id, (_, latency) in found if latency is not None}

    @override
    def __getitem__(self, auth_id: str) -> int:
        return self._read[auth_id]

    @override
    def __iter__(self) -> Iterator[str]:
        return iter(self._read)

    @override
    def __len__(self) -> int:
        return len(self._read)


def _only_latency(row: Row, before: Row, user: User, _: Reading) -> bool:
    status = row.get("status")
    if not isinstance(status, str) or _registration(status[:_LONGEST])[0] is not user.registration:
        return False
    # As in `differs_only`, but without the call: this is asked of each phone at each poll.
    row["status"] = before.get("status")
    same = row == before
    row["status"] = status
    return same


def _user(key: str, row: Row, _: Reading, _old: User | None, _old_row: Row | None) -> User:
    vocabulary.note_fields(row, _FIELDS)
    new, _slash, seen = (wire.text(row.get("vmail")) or "").partition("/")
    return User(
        auth_id=key,
        extension=wire.text(row.get("ext")) or key,
        name=wire.text(row.get("user")) or "",
        tenant=wire.text(row.get("tenant")) or "",
        voicemail_new=wire.integer(new),
        voicemail_old=wire.integer(seen),
        registration=_known_registration(row),
        has_host=(wire.text(row.get("host")) or "N/A").upper() != "N/A",
    )


def _known_registration(row: Row) -> Registration:
    """Read the word, and count it if nobody knows it."""
    status = row.get("status")
    if _is_short(status) and (found := _registration(status)[0]) is not Registration.UNKNOWN:
        return found
    return Registration.read(status.partition("(")[0] if isinstance(status, str) else "")


def _status_of(row: Row) -> tuple[Registration, int | None]:
    status = row.get("status")
    return _registration(status[:_LONGEST] if isinstance(status, str) else "")


@lru_cache(maxsize=4096)
def _registration(status: str) -> tuple[Registration, int | None]:
    """Read "OK (3 ms)": the word, and the latency in milliseconds."""
    latency = _LATENCY.search(status)
    return Registration.of(status.partition("(")[0]), int(latency[1]) if latency else None
