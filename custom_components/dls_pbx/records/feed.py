"""Feed of records: asked again and again, each record told once, in the order in which they happened."""

from abc import abstractmethod
import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import ClassVar, Final, NamedTuple, override

from homeassistant.core import CALLBACK_TYPE, callback
from homeassistant.helpers.event import async_call_later
from homeassistant.util import dt as dt_util

from ..const import LOGGER
from ..coordinator.base import Connection, DlsPbxCoordinator
from .cursor import LONG_OVERLAP, Cursor, Stamp, in_order
from .store import NotSavedError, RecordStore


class Reach(NamedTuple):
    """How far looks reach back behind the newest record, and how often they do."""

    overlap: timedelta
    every: timedelta


# Longer than most calls, and than an hour that summer time repeats.
OVERLAP: Final = timedelta(hours=2)
# Nearly all rows come within seconds, and some later; a few come later than anybody expects. What is known already may
# have been corrected: that is looked for now and then.
LOOKS: Final = (
    Reach(overlap=LONG_OVERLAP, every=timedelta(hours=1)),
    Reach(overlap=OVERLAP, every=timedelta(minutes=10)),
    Reach(overlap=OVERLAP, every=timedelta()),
)
# A row of the CDR is there a moment after its call has ended. Whoever ends theirs meanwhile is asked for as well.
SOON_SECONDS = 2.5
# So many records are told in one go, then others get their turn.
SLICE: Final = 50


class RecordFeed[RecordT](DlsPbxCoordinator[bool]):
    """Reads records with a cursor that is stored; a subclass says what a record is, and what it tells."""

    section: ClassVar[str]  # of the store

    def __init__(self, connection: Connection, store: RecordStore) -> None:
        super().__init__(connection)
        self._store = store
        self.update_interval = None
        self.last_update_success = self._was_available = False
        self._committing = asyncio.Lock()
        self._stopped = False
        self._title = connection.entry.title
        self._saves = True  # whether the last write succeeded
        self._cancel_soon: CALLBACK_TYPE | None = None
        self._looked_at: dict[Reach, datetime] = {}
        self.cursor = Cursor.at(dt_util.utcnow())

    @callback
    def async_start(self) -> None:
        """Begin to read when Home Assistant has started: automations shall be there to hear what is told."""
        entry = self.config_entry
        if stored := self._store.sections.get(self.section):
            self.cursor = Cursor.from_stored(stored)
        self._note_changes()
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
    def async_refresh_soon(self, seconds: float = SOON_SECONDS) -> None:
        """Look soon: something has just ended."""
        if self._cancel_soon or self._stopped or self.update_interval is None:
            return

        async def look(_: datetime) -> None:
            self._cancel_soon = None
            await self.async_refresh()

        self._cancel_soon = async_call_later(self.hass, seconds, look)

    @callback
    def _stop_looking_soon(self) -> None:
        if self._cancel_soon:
            self._cancel_soon()

    @override
    async def _async_ask(self) -> bool:
        """Look once; return whether it went to the end."""
        now = dt_util.utcnow()
        reach = next(reach for reach in LOOKS if self._is_due(reach, reach.every))
        first = not self.cursor.read
        start = self._start(self.cursor.start(now, reach.overlap))
        if not await self._async_look(self._pages(start, thorough=reach is not LOOKS[-1])):
            return False
        if first and not self.cursor.seen:
            # A quiet day, or our clock is ahead of the PBX's: then it shows what there is later, as if it were news.
            self.cursor.begin_after(map(self._stamp, await self._async_newest()))
        self.cursor.advance(now)
        if first:
            await self._async_save()
        # Whoever has looked back a day has looked back an hour as well.
        self._looked_at |= dict.fromkeys(LOOKS[LOOKS.index(reach) :], now)
        return True

    def _is_due(self, reach: Reach, every: timedelta) -> bool:
        last = self._looked_at.get(reach)
        # A clock that was set back must not put it off.
        return last is None or not timedelta() <= dt_util.utcnow() - last < every

    async def _async_look(self, pages: AsyncIterator[Sequence[RecordT]]) -> bool:
        """Take all records of pages; return whether nothing stopped it."""
        async for records in pages:
            await self._async_prepare(records)
            # A page that is on its way is taken to its end, even if the entry is unloaded meanwhile.
            if not await asyncio.shield(self.hass.async_create_task(self._async_commit(records))):
                return False
        return not self._stopped

    @override
    async def _async_take(self, answer: bool) -> None:
        """Do nothing more: pages are taken as they come."""

    async def _async_commit(self, page: Sequence[RecordT]) -> bool:
        """Save what is about to be told, then tell it; return whether that was done.

        In this order, because one cannot have both at once and a text that goes out twice is worse than none: a kill
        between the two, which are a turn of the event loop apart, loses what it cannot double.
        """
        async with self._committing:
            if self._stopped:
                return False
            # A PBX may write a row twice: the later one counts.
            records = {self._stamp(record): record for record in page}
            if new_ids := self.cursor.renamed(records):
                self._rename(new_ids)
            unseen = [stamp for stamp in records if stamp.id not in self.cursor.seen]
            fresh = [records[stamp] for stamp in in_order(unseen) if self.cursor.is_news(stamp)]
            tellable = self._tellable(fresh, list(records.values()))
            if self._take_in(list(records.values()), fresh) or unseen:
                self.cursor.note(records)
                if not await self._async_save():
                    # Told it would be again after a kill; so it waits until it can be written down.
                    self.cursor.forget(unseen)
                    self._note_changes()
                    return False
            if tellable:
                # It answers, whatever becomes of the pages that follow.
                self.last_update_success = True
            for number, record in enumerate(tellable, start=1):
                self._fire(record)
                if number % SLICE == 0:
                    await asyncio.sleep(0)
            self.async_update_listeners()
            return True

    async def _async_save(self) -> bool:
        """Write down how far it is; return whether that is on the disk."""
        self._note_changes()
        try:
            await self._store.async_save()
        except NotSavedError:
            if self._saves:
                LOGGER.warning("%s: nothing of %s is told until it can be written down", self._title, self.action)
            self._saves = False
        else:
            self._saves = True
        return self._saves

    def _note_changes(self) -> None:
        self._store.patch(self.section, self.cursor.changes())

    def _start(self, start: datetime) -> datetime:
        """Return from when on to look; a subclass may want to look further back."""
        return start

    @abstractmethod
    def _pages(self, start: datetime, *, thorough: bool) -> AsyncIterator[Sequence[RecordT]]:
        """Yield the records since `start`, oldest first; those that are known as they are may be left out.

        A `thorough` look also takes time for what the PBX says only when it is asked about each again.
        """

    @abstractmethod
    async def _async_newest(self) -> Sequence[RecordT]:
        """Return the newest records, two of them if there are so many, the newest first; raises a DlsPbxError."""

    @abstractmethod
    def _stamp(self, record: RecordT) -> Stamp:
        """Return what the cursor needs to know of a record."""

    def _rename(self, new_ids: Mapping[str, str]) -> None:
        """Keep under new ids what was kept under the old ones."""

    async def _async_prepare(self, records: Sequence[RecordT]) -> None:
        """Ask for what is needed to judge a page: before it is taken, so that nobody waits who wants to unload."""

    def _tellable(self, fresh: Sequence[RecordT], records: Sequence[RecordT]) -> Sequence[RecordT]:  # noqa: ARG002 - see calls.py
        """Return what is worth telling of a page: of the fresh records, or of others that were corrected."""
        return fresh

    def _take_in(self, records: Sequence[RecordT], fresh: Sequence[RecordT]) -> bool:  # noqa: ARG002 - see calls.py
        """Note the records where they count; return whether there is something to save."""
        return False

    @abstractmethod
    def _fire(self, record: RecordT) -> None:
        """Fire what happened as events."""
