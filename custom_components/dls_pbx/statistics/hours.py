"""Hours and what their calls count for: from the CDR, without Home Assistant and without a database."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from ..api import DlsPbxClient
from ..api.models import CallRecord
from ..options import Thresholds
from ..records.figures import Figures, figures
from ..records.read import async_read_calls

HOUR: Final = timedelta(hours=1)


def full_hour(moment: datetime) -> datetime:
    """Return the beginning of the hour, which has to be told in UTC: elsewhere hours begin at half past."""
    return moment.replace(minute=0, second=0, microsecond=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """Whole hours, one after the other, and what their calls count for: by hour, then by queue ("" is the PBX)."""

    start: datetime
    end: datetime
    counts: Mapping[datetime, Mapping[str, Figures]]
    first_call: datetime | None = None  # whether it counts here or in the next stretch
    records: Collection[CallRecord] = field(default=(), repr=False)  # those that were read for it

    @property
    def hours(self) -> list[datetime]:
        """Every hour, quiet ones too."""
        return [self.start + index * HOUR for index in range((self.end - self.start) // HOUR)]

    @property
    def queues(self) -> set[str]:
        """The queues that calls were in."""
        return {name for counts in self.counts.values() for name in counts if name}

    def figures(self, hour: datetime, queue: str) -> Figures:
        """Return what the calls of an hour count for."""
        return self.counts.get(hour, {}).get(queue, Figures())

    def first(self, since: datetime) -> datetime | None:
        """Return the first hour from `since` on in which a call began."""
        return next((hour for hour in self.hours if hour >= since and self.figures(hour, "").calls), None)

    def calls(self, since: datetime) -> int:
        """Count the calls that began in or after an hour."""
        return sum(self.figures(hour, "").calls for hour in self.hours if hour >= since)


async def async_read_stretch(
    client: DlsPbxClient,
    start: datetime,
    end: datetime,
    thresholds: Thresholds,
    queues: Iterable[str],
    *,
    bounded: bool = False,
) -> Stretch:
    """Read a page of the CDR and count its whole hours; raises DlsPbxError. `queues` are the names that are known.

    The stretch ends at `end`, or where the page does: an hour that goes on in the next page is left to the next
    stretch, so that it does not matter when the PBX turns rows of one second around between two pages. A page that
    lies within one hour is not enough, then more are read.
    """
    records: dict[str, CallRecord] = {}
    reached = end
    # Not asked for an end if it can be helped: where summer time ends, the PBX could take it for the same hour's first
    # or second time; so it is a later one.
    async for page in async_read_calls(client, start, end + 2 * HOUR if bounded else None, queues=queues):
        records |= {record.id: record for record in page}
        last = max((full_hour(record.began) for record in page), default=start)
        if last > start:
            reached = min(last, end)
            break
    return counted(records.values(), start, reached, thresholds)


def counted(records: Collection[CallRecord], start: datetime, end: datetime, thresholds: Thresholds) -> Stretch:
    """Count the calls of whole hours; those from after their end are not counted yet."""
    hours: dict[datetime, dict[str, Figures]] = {}
    for record in records:
        if start <= record.began < end:
            counts = hours.setdefault(full_hour(record.began), {})
            for queue, found in figures(record, thresholds).items():
                counts[queue] = counts.get(queue, Figures()) + found
    first = min((record.began for record in records), default=None)
    return Stretch(start=start, end=end, counts=hours, first_call=first, records=records)
