"""Faxes: a queue with attempts and retries, and Asterisk's counters."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from typing import Unpack

from simulator.engine import PbxError
from simulator.models import Direction, Fax
from simulator.pbx.call import Call, Place, PlaceKind
from simulator.pbx.core import CoreOptions
from simulator.pbx.records import Records, national

MAX_ATTEMPTS = 5
RETRY_DELAY = timedelta(minutes=5)
CAUSES = (
    "call_dropped",
    "no_fax",
    "negotiation_failed",
    "train_failure",
    "retries_exceeded",
    "protocol_error",
    "tx_protocol_error",
    "rx_protocol_error",
    "file_error",
    "memory_error",
    "unknown_error",
)
COUNTERS = (
    "current_sessions",
    "reserved_sessions",
    "transmit_attempts",
    "receive_attempts",
    "completed_faxes",
    "failed_faxes",
    "success",
    "switched_to_t.38",
    *CAUSES,
)


@dataclass(slots=True, kw_only=True)
class FaxJob:
    """A fax on its way out."""

    id: int
    to: str
    auth_id: str
    attempt: int = 1
    max_attempts: int = MAX_ATTEMPTS
    page: int | None = None
    pages: int = 0
    began_at: datetime | None = None  # of the attempt under way
    next_retry_at: datetime | None = None


class Faxes(Records):
    """The fax machine."""

    def __init__(self, **options: Unpack[CoreOptions]) -> None:
        super().__init__(**options)
        self._jobs: dict[int, FaxJob] = {}
        self._job_ids = count(1)
        self._counters = dict.fromkeys(COUNTERS, 0)

    def faxes(self) -> tuple[Sequence[Fax], Mapping[str, int]]:
        """Return the fax queue and the counters, under the vendor's names and in the vendor's order."""
        sessions = sum(job.began_at is not None for job in self._jobs.values())
        return [_row(job) for job in self._jobs.values()], self._counters | {"current_sessions": sessions}

    def fax_jobs(self) -> Sequence[FaxJob]:
        """Return the faxes on their way out with their ids, for whoever steers them."""
        return list(self._jobs.values())

    def send_fax(self, auth_id: str, to: str, *, max_attempts: int = MAX_ATTEMPTS) -> int:
        """Queue a fax for a user and return its id; `fax_progress` begins to send it."""
        job = FaxJob(
            id=next(self._job_ids), to=national(to), auth_id=self.user(auth_id).auth_id, max_attempts=max_attempts
        )
        self._jobs[job.id] = job
        return job.id

    def fax_progress(self, fax_id: int, page: int = 1, pages: int = 0) -> None:
        """Begin an attempt, or get on to a page; `pages` is 0 while the PBX does not know how many there are."""
        job = self._job(fax_id)
        if job.began_at is None:
            job.began_at, job.next_retry_at = self.now(), None
            self._counters["transmit_attempts"] += 1
        job.page, job.pages = page, pages

    def fax_fail(self, fax_id: int, cause: str = "call_dropped") -> None:
        """End an attempt without success; after the last one the fax leaves the queue."""
        job = self._sending(fax_id)
        if cause not in CAUSES:
            raise PbxError(f"Unknown cause of a failed fax: {cause}")
        self._count_fax(cause)
        self._record_sent(job, successful=False)
        if job.attempt == job.max_attempts:
            del self._jobs[fax_id]
            return
        job.attempt, job.page, job.pages, job.began_at = job.attempt + 1, None, 0, None
        job.next_retry_at = self.now() + RETRY_DELAY

    def fax_complete(self, fax_id: int) -> None:
        """End an attempt with success; the fax leaves the queue."""
        job = self._sending(fax_id)
        self._count_fax(None)
        self._record_sent(job, successful=True)
        del self._jobs[fax_id]

    def receive_fax(self, number: str, to: str, *, pages: int = 1, cause: str | None = None, seconds: int = 40) -> None:
        """Let a fax come in for a user, having taken some seconds; a `cause` makes it fail."""
        user = self.user(self.numbers.get(to, to))
        if cause is not None and cause not in CAUSES:
            raise PbxError(f"Unknown cause of a failed fax: {cause}")
        self._counters["receive_attempts"] += 1
        self._count_fax(cause)
        place = Place(kind=PlaceKind.EXTENSION, name=user.ext, user=user)
        self._record_fax(
            Call(
                id=self.new_id(),
                direction=Direction.INBOUND,
                started_at=self.now() - timedelta(seconds=seconds),
                place=place,
                original=self.number_of(place),
                number=national(number),
                fax_pages=pages if cause is None else 0,
                fax_successful=cause is None,
            )
        )

    def miss_fax(self, number: str, to: str, *, seconds: int = 20) -> None:
        """Let a call come in for a user whom the PBX takes for a fax, listening in vain for some seconds."""
        user = self.user(self.numbers.get(to, to))
        place = Place(kind=PlaceKind.EXTENSION, name=user.ext, user=user)
        self._record_fax(
            Call(
                id=self.new_id(),
                direction=Direction.INBOUND,
                started_at=self.now() - timedelta(seconds=seconds),
                place=place,
                original=self.number_of(place),
                number=national(number),
                fax_detect_failed=True,
            )
        )

    def reset_counters(self) -> None:
        """Forget what was counted, as a restart of the PBX does."""
        super().reset_counters()
        self._counters = dict.fromkeys(COUNTERS, 0)

    def set_fax_counters(self, counters: Mapping[str, int]) -> None:
        """Set counters, named as the vendor does."""
        self._counters |= counters

    def remove_extension(self, auth_id: str) -> None:
        """Remove a user and what he was faxing."""
        user = self.user(auth_id)
        super().remove_extension(user.auth_id)
        self._jobs = {fax_id: job for fax_id, job in self._jobs.items() if job.auth_id != user.auth_id}

    def _job(self, fax_id: int) -> FaxJob:
        if fax_id not in self._jobs:
            raise PbxError(f"No such fax in the queue: {fax_id}")
        return self._jobs[fax_id]

    def _sending(self, fax_id: int) -> FaxJob:
        job = self._job(fax_id)
        if job.began_at is None:
            raise PbxError(f"Fax {fax_id} is not being sent")
        return job

    def _count_fax(self, cause: str | None) -> None:
        for counter in ("completed_faxes", *(("failed_faxes", cause) if cause else ("success",))):
            self._counters[counter] += 1

    def _record_sent(self, job: FaxJob, *, successful: bool) -> None:
        self._record_fax(
            Call(
                id=self.new_id(),
                direction=Direction.OUTBOUND,
                started_at=job.began_at or self.now(),
                place=Place(kind=PlaceKind.NUMBER, name=job.to),
                original=job.to,
                dialing_user=self.user(job.auth_id),
                fax_pages=(job.pages or job.page or 1) if successful else (job.page or 1) - 1,
                fax_successful=successful,
            )
        )

    def _record_fax(self, call: Call) -> None:
        call.answered_at, call.ended_at = call.started_at, self.now()
        self._record(call)


def _row(job: FaxJob) -> Fax:
    return Fax(
        to=job.to,
        from_auth_id=job.auth_id,
        processing=job.began_at is not None,
        attempt=job.attempt,
        max_attempts=job.max_attempts,
        page=job.page,
        pages=job.pages,
        next_retry_at=job.next_retry_at,
    )
