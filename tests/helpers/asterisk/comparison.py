"""What two engines say of the same moment, laid side by side, field by field."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from datetime import datetime
from typing import Any, Final

from simulator.engine import Engine
from simulator.models import CallRecord, Extension, LiveCall

TOLERANCE: Final = 3  # seconds: two people at two phones, and whole seconds on both sides
SECONDS: Final = frozenset(
    {"duration", "billable_duration", "hold_time", "queue_talk_durations", "queue_hold_durations"}
)
# What no two PBXs can have alike.
OWN: Final = {
    "unique_id": "made of the time and a running number",
    "bridged_unique_ids": "as above; that there are some is `bridged`",
    "host": "where the phone is",
    "port": "where the phone is",
    "latency_ms": "how far the phone is",
    "recording_link": "Asterisk records where the dialplan says so, and has no address for it",
    "cel_link": "Asterisk has no pages",
    "shown_number": "no column of Asterisk's records says what the line outside showed",
    "tenant_id": "the vendor's own numbering",
    "dst_context": "a dialplan's own name",
}


@dataclass(frozen=True, slots=True)
class Difference:
    """A field in which two engines differ."""

    place: str
    real: Any
    simulated: Any

    def __str__(self) -> str:
        """Return it as a line."""
        return f"{self.place}: Asterisk {self.real!r}, simulated {self.simulated!r}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Baseline:
    """What an engine had counted before a scene: its counters go on from scene to scene."""

    counters: Mapping[str, int]
    voicemail: Mapping[str, tuple[int, int]]
    records: frozenset[str]

    @classmethod
    def of(cls, engine: Engine) -> Baseline:
        """Note what has been."""
        return cls(
            counters=dict(engine.faxes()[1]),
            voicemail={user.auth_id: (user.voicemail_new, user.voicemail_old) for user in engine.users()},
            records=frozenset(record.unique_id for record in engine.call_records()),
        )


def facts(engine: Engine, before: Baseline) -> dict[str, Any]:
    """Return all that an engine says of this moment, by what it is about; counters since the baseline."""
    faxes, counters = engine.faxes()
    return {
        "users": {user.auth_id: _since(user, before) for user in engine.users()},
        # Asterisk lists agents in no order.
        "queues": {
            queue.name: _row(queue) | {"agents": {agent.auth_id: agent for agent in queue.agents}}
            for queue in engine.queues()
        },
        "calls": sorted(engine.calls(), key=_call_order),
        "faxes": list(faxes),
        "fax counters": {name: count - before.counters.get(name, 0) for name, count in counters.items()},
        "conferences": {room.number: room for room in engine.conferences()},
        "records": new_records(engine, before),
    }


def new_records(engine: Engine, before: Baseline) -> list[CallRecord]:
    """Return the records written since the baseline, oldest first."""
    return [record for record in engine.call_records() if record.unique_id not in before.records]


def _since(user: Any, before: Baseline) -> dict[str, Any]:
    row = _row(user)
    new, old = before.voicemail.get(user.auth_id, (0, 0))
    return row | {"voicemail_new": user.voicemail_new - new, "voicemail_old": user.voicemail_old - old}


def _row(thing: Any) -> dict[str, Any]:
    return {field.name: getattr(thing, field.name) for field in fields(thing)}


def differences(real: Any, simulated: Any, place: str = "") -> Iterator[Difference]:
    """Compare field by field, times within their resolution."""
    name = place.rpartition(".")[2]
    if name in OWN:
        return
    if isinstance(real, Extension) and isinstance(simulated, Extension):
        real, simulated = real.auth_id, simulated.auth_id  # what there is to say of a user stands under `users`
    if is_dataclass(real) and is_dataclass(simulated):
        real, simulated = _row(real), _row(simulated)
    if isinstance(real, Mapping) and isinstance(simulated, Mapping):
        for key in real | simulated:
            yield from differences(real.get(key), simulated.get(key), f"{place}.{key}" if place else str(key))
    elif _is_list(real) and _is_list(simulated) and len(real) == len(simulated):
        for index, pair in enumerate(zip(real, simulated, strict=True)):
            yield from differences(*pair, f"{place}[{index}]" if name not in SECONDS else place)
    elif not _alike(name, real, simulated):
        yield Difference(place, real, simulated)


def _call_order(call: LiveCall) -> tuple[str, ...]:
    """Two calls that begin in one second have no order of their own."""
    return call.connected_to, call.direction, call.caller_id or "", call.extension.auth_id if call.extension else ""


def _is_list(value: Any) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str)


def _alike(name: str, real: Any, simulated: Any) -> bool:
    if isinstance(real, datetime) and isinstance(simulated, datetime):
        return abs((real - simulated).total_seconds()) <= TOLERANCE
    if name in SECONDS and isinstance(real, int) and isinstance(simulated, int):
        return abs(real - simulated) <= TOLERANCE
    if _is_list(real) and _is_list(simulated):
        return list(real) == list(simulated)
    return bool(real == simulated)
