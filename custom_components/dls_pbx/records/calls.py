"""Feed of call records: told as events, counted as today's figures, remembered as callbacks."""

import asyncio
from collections.abc import AsyncIterator, Collection, Mapping, Sequence, Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final, override

from homeassistant.core import callback
from homeassistant.helpers.event import async_track_point_in_utc_time
from homeassistant.util import dt as dt_util

from ..api.models import Call, CallRecord, Snapshot
from ..callbacks.tracker import Callbacks
from ..contacts.callers import CallerNames
from ..coordinator.base import Connection
from ..coordinator.derived import Service
from ..coordinator.keys import FAXES_TODAY, MEMBERSHIP, PBX, Action, ObjectKey, ObjectKind
from ..coordinator.live import CallsCoordinator, QueuesCoordinator
from ..coordinator.status import FaxesCoordinator, UsersCoordinator
from ..events.records import RecordEvents, settled_faxes
from ..options import Options
from .cursor import LONG_OVERLAP, Stamp
from .doubts import Doubts, is_doubtful
from .feed import LOOKS, RecordFeed
from .figures import Figures
from .people import PersonFigures
from .reader import CallReader
from .store import RecordStore
from .today import Today

# How long call events wait for the fax queue. It answers at once, or what it said last has to do.
FAXES_SECONDS: Final = 5
_PUNCTUAL: Final = timedelta(seconds=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """What the PBX shows of the moment, beside which its records are read."""

    users: UsersCoordinator
    queues: QueuesCoordinator
    calls: CallsCoordinator
    faxes: FaxesCoordinator


class CallFeed(RecordFeed[CallRecord]):
    """Reads the CDR (`reports.php report`).

    Models: today's figures of the PBX, of each queue, and of people where the options ask for them.
    """

    action = Action.REPORTS
    interval = timedelta(seconds=60)
    section = "calls"

    def __init__(
        self,
        connection: Connection,
        store: RecordStore,
        *,
        events: RecordEvents,
        callbacks: Callbacks,
        callers: CallerNames,
        options: Options,
        office: Office,
    ) -> None:
        super().__init__(connection, store)
        self._events = events
        self._callbacks = callbacks
        self._callers = callers
        self._options = options
        self._office = office
        self._recent: dict[str, CallRecord] = {}  # since midnight, and at least for a day
        self._faxes: dict[str, CallRecord] = {}  # today's
        self._reader = CallReader(self.client, office.queues, self._recent)
        self._doubts = Doubts(self.hass.loop.time)
        self._told_in_doubt: set[str] = set()
        self._asking_faxes: asyncio.Task[None] | None = None
        self._today = Today(events.thresholds, of_people=options.agent_figures)
        self._since: datetime | None = None  # from when on all calls are among the recent ones: at least of today
        self._reached = dt_util.utcnow()
        self._news: list[CallRecord] = []  # of the last look
        self.data = {PBX: Figures()}

    @callback
    @override
    def async_start(self) -> None:
        unload = self.config_entry.async_on_unload
        unload(self._office.calls.async_subscribe(self._calls_changed))
        for source in (self._office.queues, self._office.users):
            unload(source.async_add_listener(self._objects_changed, MEMBERSHIP))
        self._begin_day()
        # The next day has another one to stop.
        unload(lambda: self._stop_day())  # noqa: PLW0108
        self._publish()
        super().async_start()

    @callback
    def _calls_changed(
        self, before: Snapshot[Call] | None, after: Snapshot[Call] | None, _keys: AbstractSet[ObjectKey]
    ) -> None:
        """Look for the records of calls that have just ended."""
        if before and after and after.gone:
            self._reader.ended.add(before.rows[key] for key in after.gone)
            self.async_refresh_soon()

    @override
    async def _async_ask(self) -> bool:
        """Look for the calls that have just ended, and when it is time for all others."""
        if pages := self._reader.just_ended():
            if not await self._async_look(self._told_apart(pages)):
                return False
            self._reader.ended.looked(hit=bool(self._news))
            if self._news and not self._is_due(LOOKS[-1], self.interval - _PUNCTUAL):
                self._reader.ended.found(())
                return True
        return await super()._async_ask()

    @override
    def _start(self, start: datetime) -> datetime:
        # Today's figures need all of today once.
        return start if self._since else min(start, self._midnight)

    @override
    async def _pages(self, start: datetime, *, thorough: bool) -> AsyncIterator[Sequence[CallRecord]]:
        self._reached = start
        unsettled = self._doubts.unsettled(thorough=thorough)
        newest = self.cursor.newest or start
        async for records in self._told_apart(self._reader.since(start, newest, unsettled, thorough=thorough)):
            yield records
        self._reader.ended.found(self._news)

    async def _told_apart(self, pages: AsyncIterator[list[CallRecord]]) -> AsyncIterator[Sequence[CallRecord]]:
        """Leave out those that cannot be told yet, and note what is new."""
        self._news.clear()
        async for records in pages:
            self._news += [record for record in records if record.id not in self._recent]
            ripe = self._doubts.ripe(records, dt_util.utcnow())
            # What has been told cannot wait, and history has nobody who would be told.
            told = self.cursor.seen
            yield [one for one in records if not self.cursor.read or one.id in ripe or one.id in told]

    @property
    def known(self) -> Mapping[str, CallRecord]:
        """The calls of about the last day, by id, with what only filters know of them."""
        return self._recent

    @property
    def faxes(self) -> Collection[CallRecord]:
        """Today's faxes, and each attempt at them."""
        return self._faxes.values()

    def calls_since(self, start: datetime, end: datetime) -> Collection[CallRecord] | None:
        """Return all calls since a time; None where it has not looked back so far, or not since the end."""
        looked_at = self._looked_at.get(LOOKS[-1])
        if self._since is None or self._since > start or looked_at is None or looked_at < end:
            return None
        return [record for record in self._recent.values() if record.began >= start]

    @override
    async def _async_newest(self) -> Sequence[CallRecord]:
        return (await self.client.newest_calls())[1]

    @override
    def _stamp(self, record: CallRecord) -> Stamp:
        return Stamp(id=record.id, began=record.began, ends=(record.src, record.dst))

    @override
    def _rename(self, new_ids: Mapping[str, str]) -> None:
        for records in (self._recent, self._faxes):
            records |= {new: replace(records.pop(old), id=new) for old, new in new_ids.items() if old in records}
        self._told_in_doubt = {new_ids.get(call, call) for call in self._told_in_doubt}
        self._callbacks.rename(new_ids)
        self._store.patch("callbacks", self._callbacks.changes())

    @override
    async def _async_prepare(self, records: Sequence[CallRecord]) -> None:
        if self.cursor.read and any(
            record.fax_failed and not record.inbound and record.id not in self.cursor.seen for record in records
        ):
            # The PBX tries a fax several times, each with a row of its own: it has failed when it is off the queue.
            if self._asking_faxes is None or self._asking_faxes.done():
                self._asking_faxes = self.config_entry.async_create_background_task(
                    self.hass, self._office.faxes.async_refresh(), f"{self.name} fax queue"
                )
            await asyncio.wait([self._asking_faxes], timeout=FAXES_SECONDS)

    @override
    def _tellable(self, fresh: Sequence[CallRecord], records: Sequence[CallRecord]) -> Sequence[CallRecord]:
        # What a call was comes out later than it was told: a fax and a message are told all the same.
        corrected = [
            record
            for record in records
            if record.id in self._told_in_doubt and not record.bridged and not is_doubtful(record)
        ]
        return settled_faxes(sorted([*corrected, *fresh], key=lambda record: record.began), self._office.faxes.jobs)

    @override
    def _take_in(self, records: Sequence[CallRecord], fresh: Sequence[CallRecord]) -> bool:
        changed = [record for record in records if self._recent.get(record.id) is not record]
        # Corrected, after a transfer say: somebody has spoken to the caller after all.
        bridged = [record for record in changed if record.bridged and record.id in self._recent]
        for record in changed:
            self._count(record)
        if fresh or bridged:
            self._callbacks.note([*fresh, *bridged], self._recent.values())
        corrected = self._callbacks.correct(changed)
        if fresh or bridged or corrected:
            self._store.patch("callbacks", self._callbacks.changes())
        self._callers.note(changed)
        self._store.patch(CallerNames.section, self._callers.changes())
        if changed:
            self._publish()
        return bool(bridged) or corrected

    def recall_callers(self, records: Collection[CallRecord]) -> None:
        """Learn the names of those who called long ago; they are saved with what is saved next."""
        self._callers.recall(records)
        self._store.patch(CallerNames.section, self._callers.changes())

    @override
    async def _async_take(self, answer: bool) -> None:
        if answer and self._since is None:
            self._since = self._reached
            self._publish()

    @override
    def _fire(self, record: CallRecord) -> None:
        self._told_in_doubt.discard(record.id)
        if is_doubtful(record):
            self._told_in_doubt.add(record.id)
        self._events.fire_call(record)

    def _count(self, record: CallRecord) -> None:
        """Count a call, in place of what was known of it before."""
        before = self._recent.get(record.id)
        self._recent[record.id] = record
        self._today.count(record, before)
        self._note_fax(record)

    def _note_fax(self, record: CallRecord) -> None:
        before = self._faxes.pop(record.id, None)
        if record.fax and record.began >= self._midnight:
            self._faxes[record.id] = record
        if self._faxes.get(record.id) != before:
            self._changed.add(FAXES_TODAY)

    @callback
    def _begin_day(self) -> None:
        """Count from midnight on, where the PBX is, and begin anew at the next one."""
        now = dt_util.utcnow()
        midnight = now.astimezone(self.client.time_zone).replace(hour=0, minute=0, second=0, microsecond=0, fold=0)
        self._midnight = midnight.astimezone(dt_util.UTC)
        oldest = min(self._midnight, now - LONG_OVERLAP)
        for record_id in [one.id for one in self._recent.values() if one.began < oldest]:
            del self._recent[record_id]
        self._faxes = {key: record for key, record in self._faxes.items() if record.began >= self._midnight}
        self._changed.add(FAXES_TODAY)
        self._since = self._since and max(self._since, oldest)
        self._today.begin(self._midnight, self._recent.values())
        self._doubts.forget(LONG_OVERLAP)
        self._told_in_doubt &= self._recent.keys()
        # By the date, because a day may have 23 or 25 hours.
        tomorrow = (midnight + timedelta(days=1)).astimezone(dt_util.UTC)
        self._stop_day = async_track_point_in_utc_time(self.hass, self._end_day, tomorrow)

    @callback
    def _end_day(self, _: datetime) -> None:
        self._begin_day()
        self._objects_changed()

    @callback
    def _objects_changed(self) -> None:
        self._publish()
        self.async_update_listeners()

    def _publish(self) -> None:
        """Make models of the figures, as soon as all of today has been read."""
        names = self._office.queues.names
        for key in [key for key in self.data if key.kind is ObjectKind.QUEUE and key.id not in names]:
            self._drop(key)
        for name in names:
            self._set(ObjectKey(ObjectKind.QUEUE, name), self._today.of(name) if self._since else None)
        self._set(PBX, self._today.of("") if self._since else None)
        if self._options.agent_figures:
            self._publish_people()

    def _publish_people(self) -> None:
        users = self._office.users
        for key in [key for key in self.data if key.kind is ObjectKind.PHONE and key.id not in users.tracked]:
            self._drop(key)
        people, service = self._today.people(users.directory.auth_id), self._office.queues.service
        for auth_id in users.tracked:
            # Queues remember last calls from before the CDR was looked at.
            told = service.get(auth_id, Service())
            figures = people.get(auth_id, PersonFigures()).plus(PersonFigures(last_call=told.last_call))
            figures = replace(figures, calls_taken=told.calls_taken, logged_in_since=told.logged_in_since)
            self._set(ObjectKey(ObjectKind.PHONE, auth_id), figures if self._since else None)
