"""Feed of call records: told as events, counted as today's figures, remembered as callbacks."""

from collections.abc import AsyncIterator, Iterable, Mapping, Sequence, Set as AbstractSet
from datetime import datetime, timedelta
from typing import Final, override

from homeassistant.core import callback
from homeassistant.helpers.event import async_track_point_in_utc_time
from homeassistant.util import dt as dt_util

from ..api.models import Call, CallRecord, Snapshot
from ..callbacks.tracker import Callbacks
from ..coordinator.base import Connection
from ..coordinator.keys import MEMBERSHIP, PBX, Action, ObjectKey, ObjectKind
from ..coordinator.status import CallsCoordinator, FaxesCoordinator, QueuesCoordinator
from ..events.records import RecordEvents, settled_faxes
from ..options import Thresholds
from .cursor import LONG_OVERLAP, Stamp
from .feed import RecordFeed
from .figures import Figures, figures
from .read import async_read_calls
from .store import RecordStore

# How long a phone may ring before its call is in the CDR as missed: that time is in none of its durations.
RINGING: Final = timedelta(minutes=2)


class CallFeed(RecordFeed[CallRecord]):
    """Reads the CDR (`reports.php report`). Models: today's figures of the PBX and of each queue."""

    action = Action.REPORTS
    interval = timedelta(seconds=60)
    section = "calls"
    unseen = RINGING

    def __init__(
        self,
        connection: Connection,
        store: RecordStore,
        *,
        events: RecordEvents,
        callbacks: Callbacks,
        thresholds: Thresholds,
        queues: QueuesCoordinator,
        calls: CallsCoordinator,
        faxes: FaxesCoordinator,
    ) -> None:
        super().__init__(connection, store)
        self._events = events
        self._callbacks = callbacks
        self._thresholds = thresholds
        self._queues = queues
        self._calls = calls
        self._faxes = faxes
        self._recent: dict[str, CallRecord] = {}  # since midnight, and at least for a day
        self._sums: dict[str, Figures] = {}
        self._complete = False  # whether all of today has been counted
        self._last_page = False
        self.data = {PBX: Figures()}

    @callback
    @override
    def async_start(self) -> None:
        unload = self.config_entry.async_on_unload
        unload(self._calls.async_subscribe(self._calls_changed))
        unload(self._queues.async_add_listener(self._queues_changed, MEMBERSHIP))
        self._begin_day()
        # The next day has another one to stop.
        unload(lambda: self._stop_day())  # noqa: PLW0108
        self._publish()
        super().async_start()

    @callback
    def _calls_changed(
        self, _before: Snapshot[Call] | None, after: Snapshot[Call] | None, _keys: AbstractSet[ObjectKey]
    ) -> None:
        """Look for the record of a call that has just ended."""
        if after and after.gone:
            self.async_refresh_soon()

    @override
    def _start(self, start: datetime) -> datetime:
        # Today's figures need all of today once.
        return start if self._complete else min(start, self._today)

    @override
    async def _async_pages(self, start: datetime) -> AsyncIterator[Sequence[CallRecord]]:
        async for page in async_read_calls(self.client, start, known=self._recent):
            self._last_page = page.last
            yield page.records

    @override
    def _stamp(self, record: CallRecord) -> Stamp:
        return Stamp(id=record.id, began=record.began, ended=record.ended)

    @override
    async def _async_look_closer(self, fresh: Sequence[CallRecord]) -> Iterable[CallRecord]:
        if any(record.fax_failed and not record.inbound for record in fresh):
            # The PBX tries a fax several times, each with a row of its own: it has failed when it is off the queue.
            await self._faxes.async_refresh()
        return settled_faxes(fresh, self._faxes.jobs)

    @override
    def _take_in(self, records: Sequence[CallRecord], fresh: Sequence[CallRecord]) -> bool:
        changed = [record for record in records if self._recent.get(record.id) is not record]
        # Corrected, after a transfer say: somebody has spoken to the caller after all.
        bridged = [record for record in changed if record.bridged and record.id in self._recent]
        for record in changed:
            self._count(record)
        if fresh or bridged:
            self._callbacks.note([*fresh, *bridged], self._recent.values())
            self._store.sections["callbacks"] = self._callbacks.as_stored()
        was_complete, self._complete = self._complete, self._complete or self._last_page
        if changed or not was_complete:
            self._publish()
        return bool(bridged)

    @override
    def _fire(self, record: CallRecord) -> None:
        self._events.fire_call(record)

    def _count(self, record: CallRecord) -> None:
        """Count a call, in place of what was known of it before."""
        before = self._recent.get(record.id)
        self._recent[record.id] = record
        for sign, one in ((-1, before), (1, record)):
            if one and one.began >= self._today:
                for name, counts in figures(one, self._thresholds).items():
                    sums = self._sums.get(name, Figures())
                    self._sums[name] = sums + counts if sign > 0 else sums - counts

    @callback
    def _begin_day(self) -> None:
        """Count from midnight on, where the PBX is, and begin anew at the next one."""
        now = dt_util.utcnow()
        midnight = now.astimezone(self.client.time_zone).replace(hour=0, minute=0, second=0, microsecond=0, fold=0)
        self._today = midnight.astimezone(dt_util.UTC)
        known, self._recent, self._sums = self._recent, {}, {}
        oldest = min(self._today, now - LONG_OVERLAP)
        for record in known.values():
            if record.began >= oldest:
                self._count(record)
        # By the date, because a day may have 23 or 25 hours.
        tomorrow = (midnight + timedelta(days=1)).astimezone(dt_util.UTC)
        self._stop_day = async_track_point_in_utc_time(self.hass, self._end_day, tomorrow)

    @callback
    def _end_day(self, _: datetime) -> None:
        self._begin_day()
        self._queues_changed()

    @callback
    def _queues_changed(self) -> None:
        self._publish()
        self.async_update_listeners()

    def _publish(self) -> None:
        """Make models of the figures, as soon as all of today has been read."""
        queues = self._queues.snapshot
        names: Mapping[str, object] = queues.rows if queues else {}
        for key in [key for key in self.data if key.kind is ObjectKind.QUEUE and key.id not in names]:
            self._drop(key)
        for name in names:
            self._set(ObjectKey(ObjectKind.QUEUE, name), self._figures(name))
        self._set(PBX, self._figures(""))

    def _figures(self, name: str) -> Figures | None:
        return self._sums.get(name, Figures()) if self._complete else None
