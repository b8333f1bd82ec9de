"""Columns of the report: one row each, with its human name, its text, and what it sorts by."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from simulator.models import CallRecord, Extension
from simulator.report.options import Options
from simulator.report.text import label, parts, write_duration, write_number, write_time

type SortKey = float | str | tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """A column; without a `sort_fn` it can't be sorted by."""

    title: str
    value_fn: Callable[[CallRecord, Options], str]
    sort_fn: Callable[[CallRecord], SortKey] | None = None


COLUMNS: dict[str, Column] = {
    "unique_id": Column("Unique ID", lambda call, _: call.unique_id, lambda call: _unique_order(call.unique_id)),
    "bridged_unique_ids": Column("Bridged Unique IDs", lambda call, _: ",".join(call.bridged_unique_ids)),
    "bridged": Column("Bridged", lambda call, _: _yes(call.bridged), lambda call: call.bridged),
    "date": Column(
        "Date", lambda call, options: write_time(call.started_at, options), lambda call: call.started_at.timestamp()
    ),
    "callerid": Column("Caller ID", lambda call, _: _caller_id(call), lambda call: f"{call.src_name} {call.src}"),
    "last_app": Column("Last Application", lambda call, _: call.last_app, lambda call: call.last_app),
    "billable_duration": Column(
        "Billable Duration",
        lambda call, options: write_duration(call.billable_duration, options),
        lambda call: call.billable_duration,
    ),
    "disposition": Column("Disposition", lambda call, _: call.disposition, lambda call: call.disposition),
    "recording_link": Column("Recording Link", lambda call, _: call.recording_link),
    "transferred": Column("Transferred", lambda call, _: _yes(call.transferred), lambda call: call.transferred),
    "blind_transferred": Column(
        "Blind Transferred", lambda call, _: _yes(call.blind_transferred), lambda call: call.blind_transferred
    ),
    "attended_transferred": Column(
        "Attended Transferred", lambda call, _: _yes(call.attended_transferred), lambda call: call.attended_transferred
    ),
    "forwarded": Column("Forwarded", lambda call, _: _yes(call.forwarded), lambda call: call.forwarded),
    "parked": Column("Parked", lambda call, _: _yes(call.parked), lambda call: call.parked),
    "direction": Column("Direction", lambda call, _: call.direction, lambda call: call.direction),
    "cel_link": Column("CEL Link", lambda call, _: call.cel_link),
    "src_type": Column("Source Type", lambda call, _: call.src_type, lambda call: call.src_type),
    "src": Column("Source", lambda call, options: write_number(call.src, options), lambda call: call.src),
    "src_npa": Column("Source NPA", lambda call, _: parts(call.src)[0]),
    "src_nxx": Column("Source NXX", lambda call, _: parts(call.src)[1]),
    "src_subscriber_number": Column("Source Subscriber Number", lambda call, _: parts(call.src)[2]),
    "src_label": Column("Source Label", lambda call, _: label(call.src_user, call.src)),
    "src_user_label": Column("Source User Label", lambda call, _: _user_label(call.src_user)),
    "src_user_ext": Column("Source User Extension", lambda call, _: _ext(call.src_user)),
    "src_user_auth_id": Column("Source User Auth ID", lambda call, _: _auth_id(call.src_user)),
    "src_user_tenant_name": Column("Source User Tenant Name", lambda call, _: _tenant(call.src_user)),
    "dst_type": Column("Destination Type", lambda call, _: call.dst_type, lambda call: call.dst_type),
    "dst": Column("Destination", lambda call, options: write_number(call.dst, options), lambda call: call.dst),
    "dst_npa": Column("Destination NPA", lambda call, _: parts(call.dst)[0]),
    "dst_nxx": Column("Destination NXX", lambda call, _: parts(call.dst)[1]),
    "dst_subscriber_number": Column("Destination Subscriber Number", lambda call, _: parts(call.dst)[2]),
    "dst_label": Column("Destination Label", lambda call, _: _destination(call)),
    "dst_original": Column("Original Destination", lambda call, options: write_number(call.dst_original, options)),
    "dst_user_label": Column("Destination User Label", lambda call, _: _user_label(call.dst_user)),
    "dst_user_ext": Column("Destination User Extension", lambda call, _: _ext(call.dst_user)),
    "dst_user_auth_id": Column("Destination User Auth ID", lambda call, _: _auth_id(call.dst_user)),
    "dst_user_tenant_name": Column("Destination User Tenant Name", lambda call, _: _tenant(call.dst_user)),
    "dst_context": Column("Destination Context", lambda call, _: call.dst_context),
    "involved_queues": Column("Involved Queues", lambda call, _: ",".join(call.involved_queues)),
    "involved_queue_count": Column("Involved Queue Count", lambda call, _: str(len(call.involved_queues))),
    "involved_agents": Column("Involved Agents", lambda call, _: ",".join(call.involved_agents)),
    "involved_agent_count": Column("Involved Agent Count", lambda call, _: str(len(call.involved_agents))),
    "transferred_from_queues": Column(
        "Transferred From Queues", lambda call, _: ",".join(call.transferred_from_queues)
    ),
    "transferred_from_queues_count": Column(
        "Transferred From Queues Count", lambda call, _: str(len(call.transferred_from_queues))
    ),
    "transferred_from_agents": Column(
        "Transferred From Agents", lambda call, _: ",".join(call.transferred_from_agents)
    ),
    "transferred_from_agents_count": Column(
        "Transferred From Agents Count", lambda call, _: str(len(call.transferred_from_agents))
    ),
    "abandoned_queues": Column("Abandoned Queues", lambda call, _: ",".join(call.abandoned_queues)),
    "queue_talk_duration": Column(
        "Queue Talk Duration",
        lambda call, options: write_duration(sum(call.queue_talk_durations), options),
        lambda call: sum(call.queue_talk_durations),
    ),
    "queue_avg_talk_duration": Column(
        "Queue Average Talk Duration",
        lambda call, options: write_duration(_mean(call.queue_talk_durations), options),
        lambda call: _mean(call.queue_talk_durations),
    ),
    "queue_hold_duration": Column(
        "Queue Hold Duration",
        lambda call, options: write_duration(sum(call.queue_hold_durations), options),
        lambda call: sum(call.queue_hold_durations),
    ),
    "queue_avg_hold_duration": Column(
        "Queue Average Hold Duration",
        lambda call, options: write_duration(_mean(call.queue_hold_durations), options),
        lambda call: _mean(call.queue_hold_durations),
    ),
}


def _yes(flag: bool) -> str:
    return "Yes" if flag else "No"


def _caller_id(call: CallRecord) -> str:
    if not call.src:
        return ""
    return f'"{call.src_name}" <{call.src}>' if call.src_name else f"<{call.src}>"


def _destination(call: CallRecord) -> str:
    """Return a queue's own name even if it is known who took the call: agents have columns of their own."""
    return label(None if call.dst_type == "Queue" else call.dst_user, call.dst)


def _user_label(user: Extension | None) -> str:
    return label(user, "")


def _ext(user: Extension | None) -> str:
    return user.ext if user else ""


def _auth_id(user: Extension | None) -> str:
    return user.auth_id if user else ""


def _tenant(user: Extension | None) -> str:
    return user.tenant if user else ""


def _mean(seconds: Sequence[int]) -> int:
    return round(sum(seconds) / len(seconds)) if seconds else 0


def _unique_order(unique_id: str) -> tuple[int, ...]:
    """Return what orders ids by age; their running number is a number, not a fraction."""
    return tuple(int(part) for part in unique_id.split(".") if part.isdecimal())
