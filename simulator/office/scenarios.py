"""Scenarios: seeded offices in five sizes, alive or still, and the vendor's samples."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from simulator.office.callers import Callers
from simulator.office.errands import Errands
from simulator.office.history import fill_history
from simulator.office.life import BY_DAY, Hours
from simulator.office.people import caller, outside_number
from simulator.office.plan import PLANS, Size, populate
from simulator.office.staff import Staff
from simulator.office.vendor import SAMPLE_SMS_TIME, SAMPLE_TIME, VendorSample, vendor_sample
from simulator.pbx.simulated import SimulatedPbx

__all__ = ["SAMPLE_SMS_TIME", "SAMPLE_TIME", "Size", "VendorSample", "build", "vendor_sample"]

_CHICAGO = ZoneInfo("America/Chicago")


def build(
    size: Size,
    seed: int,
    *,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    live: bool = True,
    history_days: int = 0,
    time_zone: ZoneInfo = _CHICAGO,
    hours: Hours = BY_DAY,
) -> SimulatedPbx:
    """Return an office with calls in progress; `live` lets it go on by itself, else only verbs change it.

    `hours` are those at which it is open, and how much longer everything takes at others.

    The same size, seed, clock and length of history give the same office and the same day.
    """
    pbx = SimulatedPbx(clock=clock, rng=Random(seed), time_zone=time_zone)
    with pbx.as_of(clock()):  # a clock that moves on meanwhile must not show
        populate(pbx, size)
        fill_history(pbx, calls_a_day=PLANS[size].calls_a_day, days=history_days)
        _begin_calls(pbx, PLANS[size].calls)
        if live:
            pace = PLANS[size].calls / PLANS[Size.OFFICE].calls
            for life in (Callers, Staff, Errands):
                life(pbx, pace, hours).start()
    return pbx


def _begin_calls(pbx: SimulatedPbx, calls: int) -> None:
    """Let some calls be in progress, begun within the last minutes."""
    now = pbx.now()
    for age in sorted((pbx.rng.uniform(20, 280) for _ in range(calls)), reverse=True):
        with pbx.as_of(now - timedelta(seconds=age)):
            _begin_call(pbx)


def _begin_call(pbx: SimulatedPbx) -> None:
    """Begin a conversation: two of three with an agent, the others with someone outside."""
    queues = [queue.name for queue in pbx.queue_states() if any(map(pbx.is_free, queue.members))]
    if queues and pbx.rng.random() < 2 / 3:
        number, name = caller(pbx.rng)
        call_id = pbx.call_in(number, name=name, to=pbx.rng.choice(queues))
    else:
        idle = [user.auth_id for user in pbx.users() if pbx.is_free(user.auth_id)]
        call_id = pbx.call_out(pbx.rng.choice(idle), outside_number(pbx.rng))
    with pbx.as_of(pbx.now() + timedelta(seconds=pbx.rng.uniform(3, 12))):
        pbx.answer(call_id)
