"""Feed of records: asked again and again, each record told once, in the order in which they happened."""

from abc import abstractmethod
import asyncio
from collections.abc import AsyncIterator, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, ClassVar, override

from homeassistant.core import CALLBACK_TYPE, callback
from homeassistant.helpers.event import async_call_later
from homeassistant.util import dt as dt_util

from ..coordinator.base import Connection, DlsPbxCoordinator
from .cursor import LONG_OVERLAP, OVERLAP, Cursor, Stamp
from .store import RecordStore

# How often a look reaches back a whole day, for rows that came later than anybody expects.
LONG_LOOK_EVERY = timedelta(hours=1)
# A row of the CDR is there a moment after its call has ended.
SOON_SECONDS = 5


class RecordFeed[RecordT](DlsPbxCoordinator[None]):
    """Reads records with a cursor that is stored; a subclass says what a record is, and what it tells."""

    section: ClassVar[str]  # of the store
    unseen: ClassVar[timedelta] = timedelta(0)  # how much longer than it says a record may have taken

    def __init__(self, connection: Connection, store: RecordStore) -> None:
        super().__init__(connection)
        self._store = store
        self.update_interval = None
        self.last_update_success = self._was_available = False
        self._committing = asyncio.Lock()
        self._stopped = False
        self._cancel_soon: CALLBACK_TYPE | None = None
        self._long_look_at: datetime | None = None
        self.cursor = Cursor.at(dt_util.utcnow())

    @callback
    def async_start(self) -> None:
        """Begin to read when Home Assistant has started: automations shall be there to hear what is told."""
        entry, sections = self.config_entry, self._store.sections
        if stored := sections.get(self.section):
            self.cursor = Cursor.from_stored(stored)
        else:
            sections[self.section] = self.cursor.as_stored()
        # Also keeps the feed reading while it has no entities.
        entry.async_on_unload(self.async_add_listener(lambda: None))
        self.async_look_once_started()
        entry.async_on_unload(self._stop_looking_soon)

    async def async_stop(self) -> None:
        """Tell nothing from now on; what has been saved as told is told before this returns."""
        self._stopped = True
        async with self._committing:
            pass

    @callback
    def async_refresh_soon(self) -> None:
        """Look soon: something has just ended."""
        if self._cancel_soon or self._stopped or self.update_interval is None:
            return

        async def look(_: datetime) -> None:
            self._cancel_soon = None
            await self.async_refresh()

        self._cancel_soon = async_call_later(self.hass, SOON_SECONDS, look)

    @callback
    def _stop_looking_soon(self) -> None:
        if self._cancel_soon:
            self._cancel_soon()

    @override
    async def _async_ask(self) -> None:
        now = dt_util.utcnow()
        long_look = self._long_look_at is None or now - self._long_look_at >= LONG_LOOK_EVERY
        start = self.cursor.start(now, LONG_OVERLAP if long_look else OVERLAP)
        async for records in self._async_pages(self._start(start)):
            # A page that is on its way is taken to its end, even if the entry is unloaded meanwhile.
            await asyncio.shield(self.hass.async_create_task(self._async_commit(records)))
        if not self.cursor.read and not self._stopped:
            self.cursor.read = True
            await self._async_save()
        if long_look:
            self._long_look_at = now

    @override
    async def _async_take(self, answer: None) -> None:
        """Do nothing more: pages are taken as they come."""

    async def _async_commit(self, records: Sequence[RecordT]) -> None:
        """Save what is about to be told, then tell it.

        In this order, because one cannot have both at once and a text that goes out twice is worse than none: a kill
        between the two, which are a turn of the event loop apart, loses what it cannot double.
        """
        async with self._committing:
            if self._stopped:
                return
            stamps = {id(record): self._stamp(record) for record in records}
            fresh = [record for record in records if self.cursor.is_news(stamps[id(record)], self.unseen)]
            unseen = any(stamp.id not in self.cursor.seen for stamp in stamps.values())
            fresh.sort(key=lambda record: _order(stamps[id(record)]))
            tellable = await self._async_look_closer(fresh)
            if self._take_in(records, fresh) or unseen:
                self.cursor.note(stamps.values(), dt_util.utcnow())
                await self._async_save()
            # It answers, whatever becomes of the pages that follow.
            self.last_update_success = True
            for record in tellable:
                self._fire(record)
            self.async_update_listeners()

    async def _async_save(self) -> None:
        self._store.sections[self.section] = self.cursor.as_stored()
        await self._store.async_save()

    def _start(self, start: datetime) -> datetime:
        """Return from when on to look; a subclass may want to look further back."""
        return start

    @abstractmethod
    def _async_pages(self, start: datetime) -> AsyncIterator[Sequence[RecordT]]:
        """Yield the records since `start`, oldest first."""

    @abstractmethod
    def _stamp(self, record: RecordT) -> Stamp:
        """Return what the cursor needs to know of a record."""

    async def _async_look_closer(self, fresh: Sequence[RecordT]) -> Iterable[RecordT]:
        """Return those of the fresh records that are worth telling."""
        return fresh

    def _take_in(self, records: Sequence[RecordT], fresh: Sequence[RecordT]) -> bool:  # noqa: ARG002 - see calls.py
        """Note the records where they count; return whether there is something to save."""
        return False

    @abstractmethod
    def _fire(self, record: RecordT) -> None:
        """Fire what happened as events."""


def _order(stamp: Stamp) -> tuple[Any, ...]:
    """Sort by time; of one second, by the ids' numbers, which run on."""
    return stamp.began, [int(part) if part.isdecimal() else 0 for part in stamp.id.split(".")], stamp.id
