"""Coordinator of conference rooms: those in use, and those that were lately.

The PBX forgets a room when the last one leaves it, and people do not.
"""

from collections.abc import Collection, Iterator, KeysView
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final, override

from homeassistant.core import callback
from homeassistant.util import dt as dt_util

from ..api.models import Conference, Snapshot
from ..records.store import RecordStore
from .base import Connection, ObjectCoordinator
from .derived import ConferenceTotals
from .keys import MEMBERSHIP, PBX, Action, ObjectKey, ObjectKind
from .live import CallsCoordinator

SECTION: Final = "rooms"
KEPT_FOR: Final = timedelta(days=7)
# While the calls tell that nobody is in a room.
EMPTY_INTERVAL: Final = timedelta(minutes=5)
# So often in a row somebody is in a room of whom the calls do not tell, and they are not gone by.
_UNTOLD: Final = 2


def last_days(stored: Any) -> dict[str, date]:
    """Return the days on which rooms were last seen, as they are stored; raises what comes of another shape."""
    return {room: date.fromisoformat(day) for room, day in stored.items()}


class LateRooms:
    """When each room was last seen, for a week. Only days are stored: a room in use is not written at each poll."""

    def __init__(self, store: RecordStore) -> None:
        self._store = store
        days = last_days(store.sections.get(SECTION, {}))
        self._seen = {room: datetime.combine(day, time.max, UTC) for room, day in days.items()}

    @property
    def numbers(self) -> KeysView[str]:
        """The rooms, whoever is in them or not."""
        return self._seen.keys()

    @callback
    def look(self, in_use: Collection[str]) -> bool:
        """Note which rooms are in use, and forget those that have not been for long; return whether that is news."""
        now = dt_util.utcnow()
        gone = [room for room, at in self._seen.items() if room not in in_use and now - at >= KEPT_FOR]
        new = [room for room in in_use if room not in self._seen or self._seen[room].date() != now.date()]
        self._seen.update(dict.fromkeys(in_use, now))
        for room in gone:
            del self._seen[room]
        if new or gone:
            self._store.patch(SECTION, dict.fromkeys(new, now.date().isoformat()) | dict.fromkeys(gone))
        return bool(new or gone)


class ConferencesCoordinator(ObjectCoordinator[Snapshot[Conference]]):
    """Conference rooms: models of those in use, and devices of those that were in use lately."""

    action = Action.CONFERENCES
    interval = timedelta(seconds=60)
    kind = ObjectKind.CONFERENCE

    def __init__(self, connection: Connection, store: RecordStore, calls: CallsCoordinator) -> None:
        super().__init__(connection)
        self._store = store
        self._calls = calls
        self._untold = 0
        self._late = LateRooms(store)

    @override
    def _polled(self) -> None:
        in_use, told = bool(self.snapshot and self.snapshot.rows), self._calls.tells_of_rooms
        if in_use and told is not None:
            self._untold = 0 if told else self._untold + 1
        empty = not in_use and told is False and self._untold < _UNTOLD
        self.set_interval(EMPTY_INTERVAL if empty else self.interval)

    @callback
    def async_calls_changed(self) -> None:
        """Look at once: somebody has come into an empty room."""
        if self.update_interval == EMPTY_INTERVAL:
            self.async_look_now()

    @override
    def object_keys(self, *kinds: ObjectKind) -> Iterator[ObjectKey]:
        yield from super().object_keys(*kinds)
        if self.kind in kinds:
            late = (ObjectKey(self.kind, room) for room in self._late.numbers)
            yield from (key for key in late if key not in self.data)

    @override
    def shows(self, key: ObjectKey) -> bool:
        return super().shows(key) or key.id in self._late.numbers

    @override
    async def _async_take(self, answer: Snapshot[Conference]) -> None:
        await super()._async_take(answer)
        if self._late.look(answer.rows):
            self._changed.add(MEMBERSHIP)
            await self._store.async_save_if_possible()

    @override
    async def _fetch(self, before: Snapshot[Conference] | None) -> Snapshot[Conference]:
        return await self.client.conferences(before)

    @override
    def _apply(self, snapshot: Snapshot[Conference], before: Snapshot[Conference] | None) -> None:
        super()._apply(snapshot, before)
        self._set(PBX, ConferenceTotals.of(snapshot.rows.values()))
