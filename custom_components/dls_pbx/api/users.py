"""`status.php users`: users, their phones, and how far away those are."""

from dataclasses import replace
from functools import lru_cache
import re
from typing import Any

from . import wire
from .merging import Reading, keyed, merge
from .models import Registration, User, Users
from .wire import Row

_LATENCY = re.compile(r"\((\d+)\s*ms\)", re.IGNORECASE)


def users(value: Any, before: Users | None, reading: Reading) -> Users:
    """Read `users`. Latencies are kept apart, so that their jitter is no news of the phone."""
    found = dict(keyed(wire.rows(value), "authid", "ext"))
    if before is not None and found == before.raw:
        return replace(before, changed=frozenset(), gone=frozenset(), latencies_changed=frozenset())
    snapshot = merge(found.items(), before, reading, _user)
    latencies = {key: ms for key, row in snapshot.raw.items() if (ms := _status_of(row)[1]) is not None}
    old = before.latencies if before else {}
    moved = {key for key, _ in latencies.items() ^ old.items()}
    return Users(
        rows=snapshot.rows,
        changed=snapshot.changed,
        gone=snapshot.gone,
        raw=snapshot.raw,
        latencies=latencies,
        latencies_changed=moved,
    )


def _user(key: str, row: Row, _: Reading, old: User | None, old_row: Row | None) -> User:
    registration = _status_of(row)[0]
    if old and old_row and old.registration is registration and wire.same_but(row, old_row, "status"):
        return old
    new, _slash, seen = str(row.get("vmail") or "").partition("/")
    return User(
        auth_id=key,
        extension=wire.text(row.get("ext")) or key,
        name=wire.text(row.get("user")) or "",
        tenant=wire.text(row.get("tenant")) or "",
        voicemail_new=wire.integer(new),
        voicemail_old=wire.integer(seen),
        registration=registration,
        has_host=(wire.text(row.get("host")) or "N/A").upper() != "N/A",
    )


def _status_of(row: Row) -> tuple[Registration, int | None]:
    return _registration(str(row.get("status", "")))


@lru_cache(maxsize=4096)
def _registration(status: str) -> tuple[Registration, int | None]:
    """Read "OK (3 ms)": the word, and the latency in milliseconds."""
    latency = _LATENCY.search(status)
    return Registration.read(status.partition("(")[0]), int(latency[1]) if latency else None
