"""Back-fill of long-term statistics: what each hour's calls count for, back to before the set-up, and on every hour.

Figures are read from the CDR and from nowhere else, so that an hour that is counted anew, because a row came late or
a restart came between, comes to the same. Nothing is told of them: no event, no callback.
"""

from datetime import datetime, timedelta
from typing import Final
from zlib import crc32

from homeassistant.components.recorder import DOMAIN as RECORDER_DOMAIN
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers.event import async_call_later, async_track_utc_time_change
from homeassistant.helpers.start import async_at_started
from homeassistant.util import dt as dt_util

from ..api import DlsPbxError, DlsPbxRateLimitError, DlsPbxRequestError
from ..const import DOMAIN, LOGGER
from ..coordinator.keys import ObjectKey, ObjectKind
from ..data import DlsPbxConfigEntry
from ..identity import disambiguate, limited, object_slug
from ..records.reach import async_furthest
from ..records.store import NotSavedError
from ..texts import queue_name
from .hours import Stretch, async_read_stretch, counted, full_hour
from .notice import Notice
from .progress import Progress
from .series import Series, Subject, account_slug
from .trouble import DATABASE_ERRORS, Trouble

# Rows come late: a call's row carries its beginning and appears at its end, and may be corrected after that. No further
# than the feed of calls looks back, which need not ask the PBX for what it has read.
LOOK_BACK: Final = timedelta(hours=23)
# Between two pages of a back-fill: the PBX has other things to do.
PAUSE: Final = timedelta(seconds=10)
RETRY: Final = timedelta(minutes=5)
# What a PBX is asked for at a time that refuses more.
SPAN: Final = timedelta(days=30)
# So long without a call at its beginning, and the PBX does not know of that time.
SILENCE: Final = timedelta(days=30)
_FIRST_MINUTE: Final = 3
_MINUTES: Final = 10


@callback
def async_start(hass: HomeAssistant, entry: DlsPbxConfigEntry) -> None:
    """Fill and continue the statistics of a PBX until its entry is unloaded."""

    @callback
    def begin(hass: HomeAssistant) -> None:
        # Without a recorder there is nowhere to put them, and nothing is asked for them.
        if RECORDER_DOMAIN in hass.config.components:
            HourlyStatistics(hass, entry).async_begin()

    entry.async_on_unload(async_at_started(hass, begin))


class HourlyStatistics:
    """Goes through the hours of one PBX, a page of the CDR at a time, and remembers how far it got."""

    def __init__(self, hass: HomeAssistant, entry: DlsPbxConfigEntry) -> None:
        self._hass = hass
        self._entry = entry
        self._client = entry.runtime_data.client
        self._identity = entry.runtime_data.identity
        self._thresholds = entry.runtime_data.options.thresholds
        self._series = Series(hass)
        self._notice = Notice(hass, entry.entry_id, entry.title)
        self._trouble = Trouble(entry.title)
        self._days = entry.runtime_data.options.backfill_days
        self._progress = self._where_it_stopped()
        self._bounded = False  # whether the PBX refuses long spans
        self._at: datetime | None = None  # while it is on its way
        self._next: CALLBACK_TYPE | None = None

    @callback
    def async_begin(self) -> None:
        """Begin, and again every hour."""
        entry = self._entry
        # Not everybody's at the same minute, and after calls that went on into the new hour.
        minute = _FIRST_MINUTE + crc32(entry.entry_id.encode()) % _MINUTES
        entry.async_on_unload(async_track_utc_time_change(self._hass, self._run, minute=minute, second=0))
        entry.async_on_unload(self._stop)
        self._run()

    def _where_it_stopped(self) -> Progress:
        wanted = self._wanted()
        if stored := self._entry.runtime_data.store.sections.get("statistics"):
            progress = Progress.from_stored(stored)
            progress.reach_back(wanted, LOOK_BACK)
            return progress
        return Progress(slug=account_slug(self._hass, self._entry), since=wanted, until=wanted)

    def _wanted(self) -> datetime:
        """Return the first hour of the history that the user wants: midnight, so that its first day is a whole one."""
        now = dt_util.utcnow()
        if not self._days:
            return full_hour(now)
        day = now.astimezone(self._client.time_zone) - timedelta(days=self._days)
        return full_hour(day.replace(hour=0, fold=0).astimezone(dt_util.UTC))

    @callback
    def _run(self, _: datetime | None = None) -> None:
        """Look at all hours again that may have changed; not while that is going on, or waiting to go on."""
        if self._at is None:
            self._at = max(self._progress.until - LOOK_BACK, self._progress.since)
            self._step()

    @callback
    def _step(self, _: datetime | None = None) -> None:
        self._next = None
        self._entry.async_create_background_task(self._hass, self._async_step(), f"{DOMAIN} statistics")

    @callback
    def _step_in(self, pause: timedelta) -> None:
        self._next = async_call_later(self._hass, pause, self._step)

    @callback
    def _stop(self) -> None:
        if self._next:
            self._next()
        self._notice.async_dismiss()

    async def _async_step(self) -> None:
        """Take a page; the next step goes on from there, and so does the next start, whatever comes between."""
        try:
            await self._async_tell()
            done = await self._async_take_page()
            await self._async_tell()
        except DlsPbxError as err:
            pause = err.retry_after if isinstance(err, DlsPbxRateLimitError) else None
            await self._async_wait(max(RETRY, timedelta(seconds=pause or 0)))
        except NotSavedError:
            # Home Assistant has said why.
            await self._async_wait(RETRY)
        except DATABASE_ERRORS as err:
            self._trouble.database_failed(err)
            await self._async_wait(RETRY)
        except Exception:  # noqa: BLE001 - a mistake of ours, and the next hour may be a better one
            self._trouble.unexpected()
            self._at = None
        else:
            self._trouble.over()
            if done:
                self._at = None
            else:
                self._step_in(PAUSE)

    async def _async_tell(self) -> None:
        if self._fills_back:
            await self._notice.async_running(self._progress.percent(dt_util.utcnow()))

    async def _async_wait(self, pause: timedelta) -> None:
        if self._fills_back:
            await self._notice.async_waiting(self._progress.percent(dt_util.utcnow()))
        self._step_in(pause)

    @property
    def _fills_back(self) -> bool:
        return bool(self._days) and not self._progress.filled

    async def _async_take_page(self) -> bool:
        """Read a page, count its hours and write what they came to; return whether that is all."""
        progress, end = self._progress, full_hour(dt_util.utcnow())
        if progress.begun and not await self._series.async_has_any(f"{progress.slug}_pbx"):
            # Another database, or somebody has deleted them.
            progress.start_over(self._wanted())
            self._at = progress.since
        start = self._at or progress.since
        if start < end:
            stretch = await self._async_read(start, end)
            if stretch is None:
                return False
            self._entry.runtime_data.call_feed.recall_callers(stretch.records)
            await self._series.async_write(stretch, self._subjects(stretch), progress.kept)
            progress.reached(stretch.end, stretch.calls(since=progress.until), stretch.first(since=progress.until))
            self._at = start = stretch.end
        if start >= end:
            if self._fills_back:
                first = (progress.first or progress.since).astimezone(self._client.time_zone).date()
                await self._notice.async_done(first, progress.calls, all_wanted=progress.refused is None)
            progress.filled = True
        store = self._entry.runtime_data.store
        store.put("statistics", progress.as_stored())
        await store.async_save()
        return start >= end

    async def _async_read(self, start: datetime, end: datetime) -> Stretch | None:
        """Read a page; None if the PBX gives nothing so old, and it has to go on from a later day."""
        try:
            stretch = await self._async_stretch(start, end)
        except DlsPbxRequestError:
            furthest = await async_furthest(self._client, start, end)
            if furthest <= start:
                raise
        else:
            # Of long before its first call a PBX tells nothing, or it has forgotten: no hour of that was quiet.
            first = stretch.first_call
            if self._progress.begun or first is None or first - start < SILENCE:
                return stretch
            furthest = first
        LOGGER.info("%s gives no calls from before %s", self._entry.title, furthest)
        self._progress.give_up_before(full_hour(furthest))
        self._at = self._progress.since
        return None

    async def _async_stretch(self, start: datetime, end: datetime) -> Stretch:
        read = self._entry.runtime_data.call_feed.calls_since(start, end)
        if read is not None:
            return counted(read, start, end, self._thresholds)
        if not self._bounded:
            try:
                return await async_read_stretch(self._client, start, end, self._thresholds, self._queues())
            except DlsPbxRequestError:
                if end - start <= SPAN:
                    raise
                # Some give reports of a quarter at most, but of any quarter.
        end = min(end, start + SPAN)
        stretch = await async_read_stretch(self._client, start, end, self._thresholds, self._queues(), bounded=True)
        self._bounded = True
        return stretch

    def _queues(self) -> set[str]:
        """Return the queues that there are, and those that there were."""
        return {*self._progress.queues, *self._entry.runtime_data.queues.names}

    def _subjects(self, stretch: Stretch) -> list[Subject]:
        """Return whose figures there are: the PBX, the queues that it has, and those that it had."""
        title, slug = self._entry.title, self._progress.slug
        queues = {
            queue: queue_name(self._hass, queue)
            for queue in sorted(stretch.queues.union(self._entry.runtime_data.queues.names))
        }
        alone = len(self._hass.config_entries.async_entries(DOMAIN)) == 1
        return [Subject(queue="", slug=f"{slug}_pbx", name=title)] + [
            Subject(queue=queue, slug=f"{slug}_{self._object(queue)}", name=name if alone else f"{title} {name}")
            for queue, name in queues.items()
        ]

    def _object(self, queue: str) -> str:
        """Return a queue's part of statistic IDs: that of its device, if it has one."""
        known = self._progress.queues
        if queue not in known:
            has_device = queue in self._entry.runtime_data.queues.names
            key = ObjectKey(ObjectKind.QUEUE, queue)
            found = limited(self._identity.object_id(key) if has_device else f"{key.kind}_{object_slug(queue)}", queue)
            known[queue] = disambiguate(found, queue) if found in known.values() else found
        return known[queue]
