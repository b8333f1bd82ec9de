"""Books of the stand-in PBX: what the calls of each hour come to, counted from its own CDR and not by our code."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from homeassistant.util import slugify

from simulator.models import CallRecord, Direction
from simulator.pbx.simulated import SimulatedPbx

type Hours = dict[str, dict[datetime, float]]  # by what ends the statistic ID


def hour_of(moment: datetime) -> datetime:
    """Return the beginning of the hour, in UTC."""
    return moment.astimezone(UTC).replace(minute=0, second=0, microsecond=0)


def _part(queue: str) -> str:
    return f"queue_{slugify(queue)}"


def by_the_cdr(
    pbx: SimulatedPbx,
    since: datetime,
    until: datetime,
    short_abandon: int = 5,
    part: Callable[[str], str] = _part,  # what statistic IDs call a queue
) -> Hours:
    """Count the engine's own CDR; hours without anything are left out."""
    found: Hours = defaultdict(lambda: defaultdict(float))
    for row in pbx.call_records():
        if since <= row.started_at < until and row.direction is not Direction.INTERNAL:
            for series, value in _counts(row, short_abandon, part).items():
                found[series][hour_of(row.started_at)] += value
    return found


def _counts(row: CallRecord, short_abandon: int, part: Callable[[str], str]) -> dict[str, float]:
    inbound = row.direction in (Direction.INBOUND, Direction.DIRECT_INBOUND, Direction.HAIRPIN)
    missed = inbound and not row.bridged and not row.fax
    waited = sum(row.queue_hold_durations) >= short_abandon
    answered = _answered(row)
    talk = sum(row.queue_talk_durations)
    counts: dict[str, float] = {
        "pbx_calls": 1,
        "pbx_missed_calls": missed,
        "pbx_abandoned_calls": bool(row.abandoned_queues) and waited,
        "pbx_talk_time": talk if answered else 0,
    }
    for queue in row.involved_queues:
        counts |= {
            f"{part(queue)}_calls": 1,
            f"{part(queue)}_missed_calls": missed,
            f"{part(queue)}_abandoned_calls": queue in row.abandoned_queues and waited,
            f"{part(queue)}_talk_time": talk / len(answered) if queue in answered else 0,
        }
    return counts


def figures_by_the_cdr(
    pbx: SimulatedPbx, since: datetime, queues: Iterable[str], short_abandon: int = 5, service_level: int = 20
) -> dict[str, dict[str, float | None]]:
    """Count the engine's own CDR for the PBX ("") and its queues, by what their entities are called."""
    rows = [row for row in pbx.call_records() if row.started_at >= since and row.direction is not Direction.INTERNAL]
    found: dict[str, dict[str, float | None]] = {}
    for queue in queues:
        part = _part(queue) if queue else "pbx"
        own = [row for row in rows if not queue or queue in row.involved_queues]
        counts = [_counts(row, short_abandon, _part) for row in own]
        answered = [row for row in own if (_answered(row) if not queue else queue in _answered(row))]
        # Of several queues that answered each has its share.
        holds = [sum(row.queue_hold_durations) / (len(_answered(row)) if queue else 1) for row in answered]
        abandoned = sum(one[f"{part}_abandoned_calls"] for one in counts)
        offered = len(answered) + abandoned
        found[queue] = {
            "calls_today": len(own),
            "missed_calls_today": sum(one[f"{part}_missed_calls"] for one in counts),
            "abandoned_calls_today": abandoned,
            "service_level_today": 100 * sum(hold <= service_level for hold in holds) / offered if offered else None,
            "answer_speed_today": sum(holds) / len(answered) if answered else None,
            "talk_time_today": sum(one[f"{part}_talk_time"] for one in counts) / len(answered) if answered else None,
        }
    return found


def _answered(row: CallRecord) -> list[str]:
    """Return the queues whose agents spoke to the caller."""
    return [queue for queue in row.involved_queues if row.bridged and queue not in row.abandoned_queues]


@dataclass(slots=True)
class Work:
    """What somebody did on the phone, with people outside; seconds."""

    answered: int = 0
    missed: int = 0
    talk: float = 0


def work_by_the_cdr(pbx: SimulatedPbx, since: datetime) -> dict[str, Work]:
    """Count the engine's own CDR for each of its users, by auth ID; those without a call are left out."""
    found: dict[str, Work] = defaultdict(Work)
    for row in pbx.call_records():
        if row.started_at < since or row.direction is Direction.INTERNAL or row.fax:
            continue
        if row.direction is Direction.OUTBOUND:
            if row.src_user and row.bridged:
                found[row.src_user.auth_id].talk += row.billable_duration
        elif row.bridged:
            agents = row.involved_agents
            seconds = sum(row.queue_talk_durations) / len(agents) if agents else row.billable_duration
            for auth_id in agents or ([row.dst_user.auth_id] if row.dst_user else []):
                found[auth_id].answered += 1
                found[auth_id].talk += seconds
        elif row.dst_user:
            found[row.dst_user.auth_id].missed += 1
    return found
