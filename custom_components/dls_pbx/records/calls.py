"""Call records: told as events, counted as today's figures, remembered as callbacks."""

from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final, override

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.event import async_track_point_in_utc_time
from homeassistant.util import dt as dt_util

from ..api import DlsPbxClient
from ..api.models import CallRecord
from ..coordinator import ROSTER, Outages
from ..facts import PBX
from .cursor import LONG_OVERLAP, Stamp
from .feed import RecordFeed
from .figures import Figures, Thresholds, figures
from .read import async_read_calls
from .telling import Teller, settled_faxes

if TYPE_CHECKING:
    from ..runtime import DlsPbxConfigEntry

# How long a phone may ring before its call is in the CDR as missed: that time is in none of its durations.
RINGING: Final = timedelta(minutes=2)


class CallFeed(RecordFeed[CallRecord]):
    """Reads the CDR (`reports.php report`). Facts: today's figures of the PBX and of each queue."""

    action = "reports"
    interval = timedelta(seconds=60)
    section = "calls"
    unseen = RINGING

    def __init__(self, hass: HomeAssistant, entry: DlsPbxConfigEntry, client: DlsPbxClient, outages: Outages) -> None:
        super().__init__(hass, entry, client, outages)
        self._thresholds = Thresholds.of(entry.options)
        self._recent: dict[str, CallRecord] = {}  # since midnight, and at least for a day
        self._sums: dict[str, Figures] = {}
        self._complete = False  # whether all of today has been counted
        self._last_page = False
        self.data = {PBX: Figures()}

    @callback
    @override
    def async_start(self) -> None:
        data = self.config_entry.runtime_data
        self._teller = Teller(self.hass, self.config_entry)
        data.calls.async_watch(lambda after, _: self.async_hurry() if after.gone else None)
        self.config_entry.async_on_unload(data.queues.async_add_listener(self._queues_changed, ROSTER))
        self._begin_day()
        # The next day has another one to stop.
        self.config_entry.async_on_unload(lambda: self._stop_day())  # noqa: PLW0108
        self._publish()
        super().async_start()

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
        faxes = self.config_entry.runtime_data.faxes
        if any(record.fax_failed and not record.inbound for record in fresh):
            # The PBX tries a fax several times, each with a row of its own: it has failed when it is off the queue.
            await faxes.async_refresh()
        jobs = faxes.snapshot.rows[""].jobs if faxes.snapshot else ()
        return settled_faxes(fresh, jobs)

    @override
    def _take_in(self, records: Sequence[CallRecord], fresh: Sequence[CallRecord]) -> bool:
        changed = [record for record in records if self._recent.get(record.id) is not record]
        # Corrected, after a transfer say: somebody has spoken to the caller after all.
        bridged = [record for record in changed if record.bridged and record.id in self._recent]
        for record in changed:
            self._count(record)
        if fresh or bridged:
            data = self.config_entry.runtime_data
            data.callbacks.note([*fresh, *bridged], self._recent.values())
            data.store.sections["callbacks"] = data.callbacks.as_stored()
        was_complete, self._complete = self._complete, self._complete or self._last_page
        if changed or not was_complete:
            self._publish()
        return bool(bridged)

    @override
    def _tell(self, record: CallRecord) -> None:
        self._teller.tell_call(record)

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
        """Make the figures facts, as soon as all of today has been read."""
        queues = self.config_entry.runtime_data.queues.snapshot
        names: Mapping[str, object] = queues.rows if queues else {}
        for key in [key for key in self.data if key[0] == "queue" and key[1] not in names]:
            self._drop(key)
        for name in names:
            self._set(("queue", name, ""), self._figures(name))
        self._set(PBX, self._figures(""))

    def _figures(self, name: str) -> Figures | None:
        return self._sums.get(name, Figures()) if self._complete else None
