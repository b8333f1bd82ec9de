"""Queues, agents and callers from one `QueueStatus`."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta

from simulator.asterisk.ami import Row
from simulator.asterisk.channels import began
from simulator.asterisk.directory import Directory
from simulator.models import Agent, Caller, DeviceState, Queue

# The order of Asterisk's ast_device_state.
_STATES = (
    DeviceState.UNKNOWN,
    DeviceState.NOT_IN_USE,
    DeviceState.IN_USE,
    DeviceState.BUSY,
    DeviceState.INVALID,
    DeviceState.UNAVAILABLE,
    DeviceState.RINGING,
    DeviceState.RING_IN_USE,
    DeviceState.ON_HOLD,
)


def read(rows: Iterable[Row], directory: Directory, others: Mapping[str, str], now: datetime) -> list[Queue]:
    """Return the queues; `others` are the numbers that endpoints talk to."""
    params: dict[str, Row] = {}
    agents: dict[str, list[Agent]] = {}
    callers: dict[str, list[tuple[int, Caller]]] = {}
    tenants = directory.tenants
    for row in rows:
        name = row.get("Queue", "")
        match row["Event"]:
            case "QueueParams":
                params[name] = row
            case "QueueMember":
                agents.setdefault(name, []).append(_agent(row, directory, tenants, others))
            case "QueueEntry":
                callers.setdefault(name, []).append((int(row["Position"]), _caller(row, now)))
    return [
        Queue(
            name=name,
            strategy=row["Strategy"],
            hold_time=int(row["Holdtime"]),
            completed=int(row["Completed"]),
            lost=int(row["Abandoned"]),
            agents=agents.get(name, ()),
            callers=[caller for _, caller in sorted(callers.get(name, ()), key=lambda found: found[0])],
        )
        for name, row in params.items()
        if name != "default" or name in agents or name in callers  # Asterisk makes a queue of that name by itself
    ]


def _agent(row: Row, directory: Directory, tenants: list[str], others: Mapping[str, str]) -> Agent:
    user = directory.of_interface(row["Location"], row["StateInterface"])
    paused = row["Paused"] == "1"
    state = int(row["Status"])
    return Agent(
        auth_id=user.auth_id if user else row["Location"],
        name=user.name if user else row["Name"],
        tenant=user.tenant if user else "",
        tenant_id=tenants.index(user.tenant) if user else 0,
        device_state=_STATES[state] if state < len(_STATES) else DeviceState.UNKNOWN,
        paused=paused,
        pause_reason=(row.get("PausedReason") or None) if paused else None,
        paused_at=_moment(row.get("LastPause")) if paused else None,
        logged_in_at=_moment(row.get("LoginTime")),
        last_call_at=_moment(row.get("LastCall")),
        call_count=int(row["CallsTaken"]),
        penalty=int(row["Penalty"]),
        dynamic=row["Membership"] == "dynamic",
        in_call=row.get("InCall") == "1",
        connected_to=(others.get(user.auth_id) or None) if user else None,
    )


def _caller(row: Row, now: datetime) -> Caller:
    """Return who waits. The wait is in whole seconds, so that the time of joining would wander from poll to poll."""
    joined, call = now - timedelta(seconds=int(row["Wait"])), began(row["Uniqueid"])
    near = abs((joined - call).total_seconds()) <= 1  # most callers go straight to their queue
    number = row.get("CallerIDNum", "")
    return Caller(
        number="" if number == "unknown" else number,
        priority=int(row["Priority"]),
        joined_at=call if near else joined.replace(microsecond=0),
    )


def _moment(seconds: str | None) -> datetime | None:
    return datetime.fromtimestamp(int(seconds), UTC) if seconds and int(seconds) else None
