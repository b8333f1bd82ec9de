"""Rooms that were in use lately: the PBX forgets a room when the last one leaves it, and people do not."""

from collections.abc import Collection, KeysView
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final

from homeassistant.core import callback
from homeassistant.util import dt as dt_util

from ..records.store import RecordStore

SECTION: Final = "rooms"
KEPT_FOR: Final = timedelta(days=7)


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
