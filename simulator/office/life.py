"""Life of an office: errands that come up again and again, at random but on average so often."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from simulator.engine import PbxError
from simulator.pbx.simulated import SimulatedPbx

_OPENS, _CLOSES = 7, 19  # o'clock, where the PBX is


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """When an office is open, by its local time, and how much longer everything takes while it is not."""

    is_open: Callable[[datetime], bool]
    quiet: float


# A demo at night still has something to show.
BY_DAY = Hours(is_open=lambda local: _OPENS <= local.hour < _CLOSES, quiet=1.8)


class Life:
    """What the parts of a living office share; `pace` is how many times busier it is than a dozen people."""

    def __init__(self, pbx: SimulatedPbx, pace: float, hours: Hours = BY_DAY) -> None:
        self.pbx = pbx
        self.rng = pbx.rng
        self.pace = pace
        self._hours = hours

    def often(self, mean: float, action: Callable[[], None], *, first: float | None = None) -> None:
        """Do something again and again, `mean` seconds apart in a small office by day."""
        self.later(self.rng.uniform(0, mean / self.pace) if first is None else first, partial(self._turn, mean, action))

    def later(self, seconds: float, action: Callable[[], None]) -> None:
        """Do something once, unless it makes no sense any more by then: the caller is gone, the phone is dead."""
        self.pbx.after(seconds, partial(_attempt, action))

    def chance(self, probability: float) -> bool:
        """Toss a coin."""
        return self.rng.random() < probability

    def pick[T](self, things: Sequence[T]) -> T:
        """Choose one, if someone has left any."""
        if not things:
            raise PbxError("There is nothing to choose from")
        return self.rng.choice(things)

    def _turn(self, mean: float, action: Callable[[], None]) -> None:
        local = self.pbx.now().astimezone(self.pbx.time_zone)
        slack = 1 if self._hours.is_open(local) else self._hours.quiet
        self.later(self.rng.expovariate(self.pace / mean / slack), partial(self._turn, mean, action))
        action()


def _attempt(action: Callable[[], None]) -> None:
    with suppress(PbxError):
        action()
