"""Queues, their agents, and who waits (`status.php queues`)."""

from collections.abc import Mapping
from datetime import datetime
import re
from typing import Any, Final, NamedTuple

from .. import times, vocabulary, wire
from ..models import Agent, DeviceState, Queue, Snapshot, Table, WaitingCaller
from ..wire import Row
from .merging import Reading, Steps, differing, differs_only, finished, merge, table

_FIELDS: Final = frozenset({"queue", "waiting", "hunt", "holdtime", "complete", "lost", "agents", "calls_waiting"})
_AGENT_FIELDS: Final = frozenset(
    {
        "name",
        "tenant",
        "tid",
        "avail",
        "status",
        "paused",
        "penalty",
        "callcount",
        "lastcall",
        "connected_to",
        "otherdata",
    }
)
_CALLER_FIELDS: Final = frozenset({"number", "priority", "wait_time"})
# A bracket ends where the next one begins, or at the end: a pause's reason is anybody's text, brackets included.
_BRACKET = re.compile(r"\((paused|login)\b(.*?)\)(?=\s*\(|\s*$)")


def queues(value: Any, before: Snapshot[Queue] | None, reading: Reading) -> Steps[Snapshot[Queue]]:
    """Read `queues`, a map by name (a list where the names are 0, 1, 2, ...)."""
    found = {wire.text(row.get("queue")) or key: row for key, row in wire.row_map(value).items()}
    return merge(table(found), before, reading, _queue)


def _queue(key: str, row: Row, reading: Reading, old: Queue | None, old_row: Row | None) -> Queue:
    vocabulary.note_fields(row, _FIELDS)
    agents = _agents(row, reading, old, old_row)
    callers = _callers(row.get("calls_waiting"), old.callers if old else (), reading)
    waiting = wire.count(row, "waiting")
    return Queue(
        name=key,
        strategy=wire.text(row.get("hunt")),
        hold_time=times.duration(row.get("holdtime")),
        # The page's own sample says "0" beside a caller: the list is the truth where there is one.
        waiting=max(waiting or 0, len(callers)) if waiting is not None or callers else None,
        completed=wire.count(row, "complete"),
        lost=wire.count(row, "lost"),
        agents=agents,
        callers=old.callers if old and callers == old.callers else callers,
    )


def _agents(row: Row, reading: Reading, old: Queue | None, old_row: Row | None) -> Mapping[str, Agent]:
    if old is None or old_row is None:
        found, before = table(wire.row_map(row.get("agents"))), None
    elif same := _same_agents(row.get("agents"), old_row.get("agents"), old):
        found, before = same[0], Snapshot(rows=old.agents, raw=same[1])
    else:
        found = table(wire.row_map(row.get("agents")))
        before = Snapshot(rows=old.agents, raw=table(wire.row_map(old_row.get("agents"))))
    return finished(merge(found, before, reading, _agent, _only_clocks)).rows


def _same_agents(found: Any, known: Any, old: Queue) -> tuple[Table, Table] | None:
    """Return the tables of now and before, if they are of the same agents: as nearly always, where clocks tick."""
    if not (type(found) is type(known) is dict and (ids := list(old.agents)) == list(found) == list(known)):
        return None
    rows, before = list(found.values()), list(known.values())
    places = list(differing(rows, before))
    if all(type(rows[place]) is dict for place in places):
        return Table(ids, rows, places), Table(ids, before)
    return None


class _Other(NamedTuple):
    """What the tail of the console's line tells of an agent."""

    pause_reason: str | None = None
    paused_since: datetime | None = None
    logged_in_since: datetime | None = None


def _other(tail: Any, reading: Reading, old: Agent | None) -> _Other:
    """Read `otherdata`: newer versions put more into it."""
    reason = paused = login = None
    for word, content in _BRACKET.findall(wire.text(tail) or ""):
        said, was, ago = content.rpartition(" was ")
        if not was or (times.span(ago) is None and not ago.endswith("ago")):
            said, ago = content, ""
        if word == "paused":
            reason = wire.text(said.strip().removeprefix(":"))
            paused = times.since(ago, reading.now, old.paused_since if old else None)
        else:
            login = times.since(ago, reading.now, old.logged_in_since if old else None)
    return _Other(reason, paused, login)


def _only_clocks(row: Row, before: Row, agent: Agent, reading: Reading) -> bool:
    """Tell whether nothing happened but time: most agents of an idle office get here."""
    if not times.still(row.get("lastcall"), reading.now, agent.last_call_at):
        return False
    if differs_only(row, before, "lastcall"):
        return True
    tail, tail_before = row.get("otherdata"), before.get("otherdata")
    if tail == tail_before:
        return False
    told = (agent.pause_reason, agent.paused_since, agent.logged_in_since)
    if not tail or _other(tail, reading, agent) != told:
        return False
    return differs_only({**row, "otherdata": tail_before}, before, "lastcall")


def _agent(key: str, row: Row, reading: Reading, old: Agent | None, _old_row: Row | None) -> Agent:
    vocabulary.note_fields(row, _AGENT_FIELDS, "agents.")
    other = _other(row.get("otherdata"), reading, old)
    last_call_at = times.since(row.get("lastcall"), reading.now, old.last_call_at if old else None)
    return Agent(
        auth_id=key,
        name=wire.text(row.get("name")) or key,
        tenant=wire.text(row.get("tenant")) or "",
        device_state=DeviceState.read(row.get("status")),
        paused=wire.boolean(row.get("paused")) is True,
        pause_reason=other.pause_reason,
        paused_since=other.paused_since,
        logged_in_since=other.logged_in_since,
        last_call_at=last_call_at,
        call_count=wire.count(row, "callcount"),
        penalty=wire.count(row, "penalty"),
        connected_to=wire.text(row.get("connected_to")),
    )


def _callers(value: Any, old: tuple[WaitingCaller, ...], reading: Reading) -> tuple[WaitingCaller, ...]:
    """Read who waits. One person is known again by number and by when they came."""
    known = list(old)
    callers = []
    for row in wire.rows(value):
        vocabulary.note_fields(row, _CALLER_FIELDS, "calls_waiting.")
        number = wire.text(row.get("number"))
        began = times.beginning(row.get("wait_time"), reading.now)
        same = next(
            (caller for caller in known if caller.number == number and began.off(caller.since) is not None), None
        )
        if same:
            known.remove(same)
        caller = WaitingCaller(
            number=number, priority=wire.count(row, "priority"), since=same.since if same else began.at
        )
        callers.append(same if caller == same and same else caller)
    return tuple(callers)
