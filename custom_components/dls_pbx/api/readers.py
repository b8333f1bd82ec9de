"""From the PBX's rows to models, one reader per status action; a row that did not change is not read again.

A poll of thousands of phones must cost what changed, not what exists. So the parsed answer is compared with the
one before while it is still plain dicts, which is a matter of nanoseconds a row, and only rows that differ become
models. Where the difference is one more second on a clock, the old model stays.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from functools import lru_cache
import re
from typing import Any

from . import wire
from .models import (
    Agent,
    Call,
    CallDirection,
    CallStatus,
    Campaign,
    CampaignLog,
    Conference,
    DeviceState,
    FaxJob,
    FaxStatus,
    ProvisionedPhone,
    Queue,
    Registration,
    Snapshot,
    User,
    Users,
    WaitingCaller,
)
from .wire import Row

_LATENCY = re.compile(r"\((\d+)\s*ms\)", re.IGNORECASE)
_PAUSED = re.compile(r"\(paused(?::(?P<reason>.*?))?(?: was (?P<ago>\d+ secs? ago))?\)")
_LOGGED_IN = re.compile(r"\(login was (\d+ secs? ago)\)")


@dataclass(frozen=True, slots=True)
class Reading:
    """The circumstances of an answer: when it came, and the zone that the PBX writes its times in."""

    now: datetime
    zone: tzinfo


type RowReader[ModelT] = Callable[[str, Row, Reading, ModelT | None, Row | None], ModelT]


def _merge[ModelT](
    found: Iterable[tuple[str, Row]], before: Snapshot[ModelT] | None, reading: Reading, read: RowReader[ModelT]
) -> Snapshot[ModelT]:
    """Make the next snapshot; `read` gets the id, the row, and the model and row of the snapshot before."""
    old_raw: Mapping[str, Any] = before.raw if before else {}
    old_models: Mapping[str, ModelT] = before.rows if before else {}
    raw: dict[str, Row] = {}
    models: dict[str, ModelT] = {}
    changed: set[str] = set()
    for key, row in found:
        old_row, old = old_raw.get(key), old_models.get(key)
        if old is not None and row == old_row:
            raw[key], models[key] = old_row, old
            continue
        model = read(key, row, reading, old, old_row)
        if model == old and old is not None:
            model = old
        raw[key], models[key] = row, model
        if model is not old:
            changed.add(key)
    return Snapshot(rows=models, changed=changed, gone=old_models.keys() - models.keys(), raw=raw)


def _keyed(found: Iterable[Row], *fields: str) -> Iterable[tuple[str, Row]]:
    """Give each row its id: the first of `fields` that it fills in. A row without any cannot be told apart."""
    for row in found:
        if key := next((key for field in fields if (key := wire.text(row.get(field)))), None):
            yield key, row


# --- users ---------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=4096)
def _registration(status: str) -> tuple[Registration, int | None]:
    """Read "OK (3 ms)": the word, and the latency in milliseconds."""
    latency = _LATENCY.search(status)
    return Registration.read(status.partition("(")[0]), int(latency[1]) if latency else None


def _status_of(row: Row) -> tuple[Registration, int | None]:
    return _registration(str(row.get("status", "")))


def _user(key: str, row: Row, _: Reading, old: User | None, old_row: Row | None) -> User:
    registration = _status_of(row)[0]
    if old and old_row and old.registration is registration and wire.same_but(row, old_row, "status"):
        return old
    new, _slash, seen = str(row.get("vmail") or "").partition("/")
    return User(
        auth_id=key,
        extension=wire.text(row.get("ext")) or key,
        name=wire.text(row.get("user")) or "",
        tenant=wire.text(row.get("tenant")) or "",
        voicemail_new=wire.integer(new),
        voicemail_old=wire.integer(seen),
        registration=registration,
        has_host=(wire.text(row.get("host")) or "N/A") != "N/A",
    )


def users(value: Any, before: Users | None, reading: Reading) -> Users:
    """Read `users`. Latencies are kept apart, so that their jitter is no news of the phone."""
    found = dict(_keyed(wire.rows(value), "authid", "ext"))
    if before is not None and found == before.raw:
        return replace(before, changed=frozenset(), gone=frozenset(), latencies_changed=frozenset())
    snapshot = _merge(found.items(), before, reading, _user)
    latencies = {key: ms for key, row in snapshot.raw.items() if (ms := _status_of(row)[1]) is not None}
    old = before.latencies if before else {}
    moved = {key for key, _ in latencies.items() ^ old.items()}
    return Users(
        rows=snapshot.rows,
        changed=snapshot.changed,
        gone=snapshot.gone,
        raw=snapshot.raw,
        latencies=latencies,
        latencies_changed=moved,
    )


# --- queues --------------------------------------------------------------------------------------------------------

_AGENT_CLOCKS = ("lastcall", "otherdata")


def _agent(key: str, row: Row, reading: Reading, old: Agent | None, old_row: Row | None) -> Agent:
    """Read an agent. `otherdata` is the tail of the console's line; newer versions put more into it."""
    other = str(row.get("otherdata") or "")
    paused = _PAUSED.search(other)
    login = _LOGGED_IN.search(other)
    last_call_at = wire.since(row.get("lastcall"), reading.now, old.last_call_at if old else None)
    paused_since = wire.since(paused["ago"], reading.now, old.paused_since if old else None) if paused else None
    logged_in_since = wire.since(login[1], reading.now, old.logged_in_since if old else None) if login else None
    reason = wire.text(paused["reason"]) if paused else None
    clocks = (last_call_at, paused_since, logged_in_since, reason)
    if (
        old
        and old_row
        and clocks == (old.last_call_at, old.paused_since, old.logged_in_since, old.pause_reason)
        and wire.same_but(row, old_row, *_AGENT_CLOCKS)
    ):
        # Most agents of an idle office get here: one more second on each clock, and nothing else.
        return old
    return Agent(
        auth_id=key,
        name=wire.text(row.get("name")) or key,
        tenant=wire.text(row.get("tenant")) or "",
        device_state=DeviceState.read(row.get("status")),
        paused=wire.boolean(row.get("paused")) is True,
        pause_reason=reason,
        paused_since=paused_since,
        logged_in_since=logged_in_since,
        last_call_at=last_call_at,
        call_count=wire.integer(row.get("callcount")),
        penalty=wire.integer(row.get("penalty")),
        connected_to=wire.text(row.get("connected_to")),
    )


def _callers(value: Any, old: tuple[WaitingCaller, ...], reading: Reading) -> tuple[WaitingCaller, ...]:
    """Read who waits. One person is known again by number and by when they came."""
    known = list(old)
    callers = []
    for row in wire.rows(value):
        number = wire.text(row.get("number"))
        began = wire.since(row.get("wait_time"), reading.now)
        same = next((caller for caller in known if caller.number == number and _agree(caller.since, began)), None)
        if same:
            known.remove(same)
        caller = WaitingCaller(
            number=number, priority=wire.integer(row.get("priority")), since=same.since if same else began
        )
        callers.append(same if caller == same and same else caller)
    return tuple(callers)


def _agree(one: datetime | None, other: datetime | None) -> bool:
    return one == other if one is None or other is None else abs(one - other) <= wire.CLOCK_TOLERANCE


def _queue(key: str, row: Row, reading: Reading, old: Queue | None, old_row: Row | None) -> Queue:
    before = Snapshot(rows=old.agents, raw=wire.row_map(old_row.get("agents"))) if old and old_row else None
    agents = _merge(wire.row_map(row.get("agents")).items(), before, reading, _agent)
    unchanged = old is not None and not agents.changed and not agents.gone
    callers = _callers(row.get("calls_waiting"), old.callers if old else (), reading)
    waiting = wire.integer(row.get("waiting"))
    return Queue(
        name=key,
        strategy=wire.text(row.get("hunt")),
        hold_time=wire.duration(row.get("holdtime")),
        # The page's own sample says "0" beside a caller: the list is the truth where there is one.
        waiting=max(waiting or 0, len(callers)) if waiting is not None or callers else None,
        completed=wire.integer(row.get("complete")),
        lost=wire.integer(row.get("lost")),
        agents=old.agents if unchanged and old else agents.rows,
        callers=old.callers if old and callers == old.callers else callers,
    )


def queues(value: Any, before: Snapshot[Queue] | None, reading: Reading) -> Snapshot[Queue]:
    """Read `queues`, a map by name (a list where the names are 0, 1, 2, ...)."""
    found = [(wire.text(row.get("queue")) or key, row) for key, row in wire.row_map(value).items()]
    return _merge(found, before, reading, _queue)


# --- calls ---------------------------------------------------------------------------------------------------------


def calls(value: Any, before: Snapshot[Call] | None, reading: Reading) -> Snapshot[Call]:
    """Read `calls`. The PBX gives calls no id: one is known again by its ends and by when it began."""
    known: dict[str, list[Call]] = {}
    for call in before.rows.values() if before else ():
        known.setdefault(_ends(call), []).append(call)
    models: dict[str, Call] = {}
    for direction, found in wire.pairs(value):
        for row in wire.rows(found):
            call = _call(direction, row, reading)
            candidates = known.get(_ends(call), [])
            if same := next((old for old in candidates if _agree(old.started_at, call.started_at)), None):
                candidates.remove(same)
                call = same if same.status is call.status else replace(same, status=call.status)
            models[_call_key(call, models)] = call
    old = before.rows if before else {}
    changed = {key for key, call in models.items() if call is not old.get(key)}
    return Snapshot(rows=models, changed=changed, gone=old.keys() - models.keys())


def _call(direction: str, row: Row, reading: Reading) -> Call:
    return Call(
        direction=CallDirection.read(direction),
        status=CallStatus.read(row.get("status")),
        started_at=wire.since(row.get("elapsed"), reading.now),
        caller_id=wire.text(row.get("callerid")),
        extension=wire.text(row.get("ext")),
        connected_to=wire.text(row.get("connected_to")),
    )


def _ends(call: Call) -> str:
    return f"{call.direction}|{call.extension}|{call.caller_id}|{call.connected_to}"


def _call_key(call: Call, taken: Mapping[str, Call]) -> str:
    key = f"{_ends(call)}|{call.started_at}"
    while key in taken:
        key += "+"
    return key


# --- the rest ------------------------------------------------------------------------------------------------------


def faxes(value: Any, before: Snapshot[FaxStatus] | None, reading: Reading) -> Snapshot[FaxStatus]:
    """Read `faxes`: one row, the whole."""
    return _merge([("", dict(wire.pairs(value)))], before, reading, _fax_status)


def _fax_status(_key: str, row: Row, _: Reading, _old: FaxStatus | None, _old_row: Row | None) -> FaxStatus:
    jobs = tuple(
        FaxJob(
            to=wire.text(job.get("to")),
            sender=wire.text(job.get("from")),
            processing=str(job.get("status", "")).strip().casefold() == "processing",
            page=wire.text(job.get("page")),
            attempt=wire.text(job.get("attempt")),
        )
        for job in wire.rows(row.get("queued_faxes"))
    )
    statistics = {name: wire.integer(count) for name, count in wire.pairs(row.get("fax_stats"))}
    return FaxStatus(jobs=jobs, statistics=statistics)


def conferences(value: Any, before: Snapshot[Conference] | None, reading: Reading) -> Snapshot[Conference]:
    """Read `conferences`."""
    return _merge(_keyed(wire.rows(value), "conference_number"), before, reading, _conference)


def _conference(key: str, row: Row, _: Reading, _old: Conference | None, _old_row: Row | None) -> Conference:
    return Conference(
        number=key,
        participants=wire.integer(row.get("users")),
        admins=wire.integer(row.get("admins")),
        locked=wire.boolean(row.get("locked")),
    )


def provisioning(value: Any, before: Snapshot[ProvisionedPhone] | None, reading: Reading) -> Snapshot[ProvisionedPhone]:
    """Read `provisioning`, by MAC address: a user may have several phones."""
    return _merge(_keyed(wire.rows(value), "mac_address", "file_name"), before, reading, _provisioned_phone)


def _provisioned_phone(
    key: str, row: Row, reading: Reading, old: ProvisionedPhone | None, old_row: Row | None
) -> ProvisionedPhone:
    if old and old_row and wire.same_but(row, old_row, "last_provision_delta"):
        return old
    return ProvisionedPhone(
        extension=wire.text(row.get("ext")),
        mac_address=key,
        device=wire.text(row.get("device")),
        last_provisioned=wire.instant(row.get("last_provisioned"), reading.zone),
        provisioned=wire.boolean(row.get("provisioned")),
        calls_in=wire.integer(row.get("calls_in")),
        calls_out=wire.integer(row.get("calls_out")),
    )


def campaigns(value: Any, before: Snapshot[Campaign] | None, reading: Reading) -> Snapshot[Campaign]:
    """Read `dialer`."""
    return _merge(_keyed(wire.rows(value), "id"), before, reading, _campaign)


def _campaign(key: str, row: Row, _: Reading, _old: Campaign | None, _old_row: Row | None) -> Campaign:
    return Campaign(
        id=key,
        name=wire.text(row.get("name")) or key,
        type=wire.text(row.get("type")),
        status=wire.text(row.get("status")),
        call_ratio=wire.decimal(row.get("call_ratio")),
        max_attempts=wire.integer(row.get("max_attempts")),
    )


def campaign_logs(value: Any, before: Snapshot[CampaignLog] | None, reading: Reading) -> Snapshot[CampaignLog]:
    """Read `logs`, by the campaign's name: the PBX gives no id here."""
    return _merge(_keyed(wire.rows(value), "campaign"), before, reading, _campaign_log)


def _campaign_log(key: str, row: Row, _: Reading, _old: CampaignLog | None, _old_row: Row | None) -> CampaignLog:
    return CampaignLog(campaign=key, output=tuple(str(line) for _, line in wire.pairs(row.get("output"))))
