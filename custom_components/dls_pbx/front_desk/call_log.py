"""Call log: the calls of any day, newest first, a page at a time, as the PBX has them on record.

The PBX is asked for what it can look for itself: direction, people, phone numbers, whether somebody spoke. The rest is
left out here.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final

from homeassistant.auth.models import User
from homeassistant.core import HomeAssistant

from .. import phone_numbers
from ..actions.request import async_ask
from ..api import DlsPbxClient
from ..api.models import CallDirection, CallRecord
from ..data import DlsPbxConfigEntry
from ..events.records import about_call, own_end
from ..records.read import async_marked, async_newest_calls
from .permissions import Permissions
from .records_rows import LoggedCallRow, Outcome

MOST_ROWS: Final = 500
# Fewer at a time could all be of one second: of those nobody would come past.
_FEWEST_ROWS: Final = 50
# A search that finds nothing on so many pages goes on when somebody scrolls.
_MOST_PAGES: Final = 5
_MOST_NUMBERS: Final = 50
_SECOND: Final = timedelta(seconds=1)
DIRECTIONS: Final[Mapping[CallDirection, Sequence[str]]] = {
    CallDirection.INBOUND: ("inbound", "directinbound", "hairpin"),
    CallDirection.OUTBOUND: ("outbound",),
    CallDirection.INTERNAL: ("internal",),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What somebody looks for; `before` is the time of the last call that they have."""

    start: datetime | None = None
    end: datetime | None = None
    before: datetime | None = None
    search: str = ""
    direction: CallDirection | None = None
    outcome: Outcome | None = None
    queue: str | None = None
    extension: str | None = None
    limit: int = 100


async def async_call_log(
    hass: HomeAssistant, entry: DlsPbxConfigEntry, user: User, wanted: Wanted
) -> tuple[list[LoggedCallRow], datetime | None]:
    """Return a page of calls, and how far back was looked if there may be more; raises a HomeAssistantError.

    They are read with `reports.php report`.
    """
    log = _CallLog(hass, entry, Permissions(hass, entry, user), wanted)
    filters = log.filters()
    if filters is None:
        return [], None
    found: dict[str, tuple[LoggedCallRow, datetime]] = {}
    end = min(filter(None, (wanted.end, wanted.before and wanted.before + _SECOND)), default=None)
    reached: datetime | None = None
    for _ in range(_MOST_PAGES):
        more, page = await async_ask(hass, entry, partial(log.async_page, end, filters))
        found |= {row["id"]: (row, record.began) for row, record in log.rows(page)}
        reached = page[-1].began if more and page else None
        if reached is None or len(found) >= wanted.limit or reached + _SECOND == end:
            break
        end = reached + _SECOND
    rows = list(found.values())
    if len(rows) > wanted.limit:
        rows = rows[: wanted.limit]
        reached = rows[-1][1]
    return [row for row, _ in rows], reached


class _CallLog:
    def __init__(self, hass: HomeAssistant, entry: DlsPbxConfigEntry, permissions: Permissions, wanted: Wanted) -> None:
        self._data = entry.runtime_data
        self._permissions = permissions
        self._wanted = wanted
        self._region = phone_numbers.region(hass.config.country)

    async def async_page(
        self, end: datetime | None, filters: Sequence[Mapping[str, Any]], client: DlsPbxClient
    ) -> tuple[bool, Sequence[CallRecord]]:
        """Return whether there are older calls, and a page of those that began before a time, newest first."""
        more, records = await async_newest_calls(
            client, max(self._wanted.limit, _FEWEST_ROWS), self._wanted.start, end, filters
        )
        return more, await async_marked(client, records, self._data.call_feed.known)

    def filters(self) -> list[dict[str, Any]] | None:
        """Return what the PBX itself shall look for, as filter groups; None where nothing can be found."""
        wanted, groups = self._wanted, []
        if wanted.direction:
            groups.append(_any(direction=DIRECTIONS[wanted.direction]))
        match wanted.outcome:
            case Outcome.ANSWERED:
                groups += [_all("bridged"), _none("fax")]
            case Outcome.FAX:
                groups.append(_all("fax"))
            case Outcome.VOICEMAIL:
                groups += [_all("voicemail"), _none("bridged")]
            case Outcome.MISSED | Outcome.ABANDONED:
                groups += [_any(direction=DIRECTIONS[CallDirection.INBOUND]), _none("bridged", "fax")]
        if wanted.extension:
            auth_id = self._data.users.directory.auth_id(wanted.extension)
            groups.append(_any(users=[auth_id or wanted.extension]))
        if wanted.search.strip():
            if not (sought := self._sought(wanted.search.strip())):
                return None
            groups.append(_any(**sought))
        return groups

    def _sought(self, search: str) -> dict[str, list[str]]:
        """Return whose calls are meant: phone numbers, and users by their auth IDs."""
        region, data = self._region, self._data
        number = phone_numbers.outside(search, region)
        if number and not phone_numbers.hides(search):
            return {"tn": [phone_numbers.ten_digits(number) or number]}
        if auth_id := data.users.directory.auth_id(search):
            return {"users": [auth_id]}
        users = data.users.snapshot.rows.values() if data.users.snapshot else ()
        words = search.casefold()
        people = [user.auth_id for user in users if words in user.name.casefold() or words == user.extension]
        numbers = data.contacts.numbers_of(search)[:_MOST_NUMBERS]
        found = {"tn": [phone_numbers.ten_digits(one) or one for one in numbers], "users": people}
        return {name: values for name, values in found.items() if values}

    def rows(self, records: Sequence[CallRecord]) -> Iterator[tuple[LoggedCallRow, CallRecord]]:
        """Yield the calls that are wanted, as far as they may be seen, each with its record."""
        wanted = self._wanted
        for record in records:
            row = self._row(record)
            if wanted.outcome in (None, row["outcome"]) and wanted.queue in (None, *record.queues):
                phone = self._data.event_attributes.phone(own_end(record))
                yield self._permissions.of_call_log(row, phone), record

    def _row(self, record: CallRecord) -> LoggedCallRow:
        about = about_call(self._data.event_attributes, record)
        number, own_number = about.get("number"), about.get("own_number")
        agent = self._data.users.user(own_end(record)) if record.bridged or not record.inbound else None
        return {
            "id": record.id,
            "time": about["time"],
            "direction": about["direction"],
            "outcome": self._outcome(record),
            "number": phone_numbers.readable(number, self._region) if number else None,
            "tel": number if number and about.get("tel") else None,
            "name": about.get("name"),
            "vip": bool(about.get("vip")),
            "own_number": phone_numbers.readable(own_number, self._region) if own_number else None,
            "extension": about.get("extension"),
            "agent": agent.name or agent.extension if agent else None,
            "queues": list(record.queues),
            "wait": about.get("wait"),
            "duration": record.billable,
            "recording": record.recording,
        }

    def _outcome(self, record: CallRecord) -> Outcome | None:
        if record.fax:
            return Outcome.FAX
        if record.bridged:
            return Outcome.ANSWERED
        if not record.inbound:
            return None
        if record.voicemail:
            return Outcome.VOICEMAIL
        late_enough = record.hold >= self._data.options.thresholds.short_abandon
        return Outcome.ABANDONED if record.abandoned_queues and late_enough else Outcome.MISSED


def _all(*types: str) -> dict[str, Any]:
    return _group("include", "and", [{"type": one} for one in types])


def _none(*types: str) -> dict[str, Any]:
    return _group("exclude", "or", [{"type": one} for one in types])


def _any(**values: Sequence[str]) -> dict[str, Any]:
    rules = [{"type": one, "operator": "=", "value": list(wanted)} for one, wanted in values.items()]
    return _group("include", "or", rules)


def _group(exclusivity: str, operator: str, rules: list[dict[str, Any]]) -> dict[str, Any]:
    return {"exclusivity": exclusivity, "logical_operator": operator, "rules": rules}
