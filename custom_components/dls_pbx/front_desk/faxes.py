"""Faxes at the front desk: those in the PBX's queue, and those of today that are over."""

from collections import Counter
from collections.abc import Collection, Mapping
from itertools import count
from typing import NamedTuple

from homeassistant.core import HomeAssistant

from .. import phone_numbers
from ..api.models import CallRecord, FaxJob
from ..data import DlsPbxData
from ..events.records import about_call, own_end, settled_faxes
from .call_graph import differing
from .made_rows import iso
from .rows import FaxRow, FaxState


class _Place(NamedTuple):
    """Where a fax is in the queue, which gives it no id: the how many-th of those between two ends."""

    to: str | None
    sender: str | None
    nth: int


class Faxes:
    """Knows faxes as of the last `look`; a fax keeps its id for as long as it waits in its place."""

    def __init__(self, hass: HomeAssistant, data: DlsPbxData) -> None:
        self._data = data
        self._region = phone_numbers.region(hass.config.country)
        self._numbers = count(1)
        self._ids: dict[_Place, str] = {}
        self._queued: Mapping[str, FaxJob] = {}
        self._over: Mapping[str, CallRecord] = {}

    def look(self) -> Collection[str]:
        """Take over what the PBX says now; returns the ids of faxes that are others than before."""
        queued, over = self._queued, self._over
        self._queued = self._jobs()
        # Of a fax that is tried again the attempts before are no news, as for the events.
        records = sorted(self._data.call_feed.faxes, key=lambda record: record.began)
        self._over = {record.id: record for record in settled_faxes(records, self._data.faxes.jobs)}
        return differing(queued, self._queued) | differing(over, self._over)

    def _jobs(self) -> Mapping[str, FaxJob]:
        faxes = self._data.faxes
        jobs: dict[_Place, FaxJob] = {}
        before = Counter[tuple[str | None, str | None]]()
        for job in faxes.jobs if faxes.last_update_success else ():
            ends = job.to, job.sender
            jobs[_Place(*ends, before[ends])] = job
            before[ends] += 1
        self._ids = {place: self._ids.get(place) or f"queued.{next(self._numbers)}" for place in jobs}
        return {self._ids[place]: job for place, job in jobs.items()}

    @property
    def ids(self) -> Collection[str]:
        """The faxes that there are."""
        return {*self._queued, *self._over}

    def row(self, fax_id: str) -> FaxRow | None:
        """Return the row of a fax; None if it is gone."""
        if job := self._queued.get(fax_id):
            return self._job_row(job)
        record = self._over.get(fax_id)
        return self._record_row(record) if record else None

    def own_end(self, fax_id: str) -> tuple[str, str | None] | None:
        """Return which end of a fax is ours, and the auth ID of whose phone it is; None if the fax is gone."""
        if job := self._queued.get(fax_id):
            return "from", self._data.event_attributes.phone(job.sender)
        if record := self._over.get(fax_id):
            return _own_field(record), self._data.event_attributes.phone(own_end(record))
        return None

    def _job_row(self, job: FaxJob) -> FaxRow:
        about = self._data.event_attributes.party(job.to)
        return {
            "to": self._readable(about.get("number")),
            "from": self._data.event_attributes.extension(job.sender),
            "status": FaxState.PROCESSING if job.processing else FaxState.QUEUED,
            "page": job.page if job.page and phone_numbers.digits(job.page) else None,
            "attempt": job.attempt,
            "next_retry": iso(job.next_retry),
            "time": None,
            "tel": about.get("number") if about.get("tel") else None,
            "name": about.get("name"),
        }

    def _record_row(self, record: CallRecord) -> FaxRow:
        about = about_call(self._data.event_attributes, record)
        ours = about.get("extension") or self._readable(about.get("own_number"))
        theirs = self._readable(about.get("number"))
        to, sender = (ours, theirs) if _own_field(record) == "to" else (theirs, ours)
        return {
            "to": to,
            "from": sender,
            "status": _state(record),
            "page": None,
            "attempt": None,
            "next_retry": None,
            "time": about["time"],
            "tel": about.get("number") if about.get("tel") else None,
            "name": about.get("name"),
        }

    def _readable(self, number: str | None) -> str | None:
        return phone_numbers.readable(number, self._region) if number else None


def _own_field(record: CallRecord) -> str:
    return "to" if record.inbound or record.internal else "from"


def _state(record: CallRecord) -> FaxState:
    if record.fax_failed:
        return FaxState.FAILED
    return FaxState.RECEIVED if record.inbound else FaxState.SENT
