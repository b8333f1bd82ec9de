"""Clocks of the week: the machine's wall clock, which somebody sets, its steady one, and the PBX's."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Self
from unittest.mock import patch

from freezegun import freeze_time
from freezegun.api import FrozenDateTimeFactory

from simulator.clock import ManualClock


class Clocks:
    """Time as it passes for all. Setting the machine's clock moves no timer, and nothing at the PBX."""

    def __init__(self, frozen: FrozenDateTimeFactory, pbx: ManualClock) -> None:
        self._frozen = frozen
        self.pbx = pbx
        self._steady = 0.0
        self.wrong = timedelta()  # by how much the machine's clock is

    @classmethod
    @contextmanager
    def stopped(cls, now: datetime, pbx_ahead: timedelta) -> Iterator[Self]:
        """Stop all clocks; the PBX's is ahead, or behind."""
        with freeze_time(now) as frozen:
            assert isinstance(frozen, FrozenDateTimeFactory)
            clocks = cls(frozen, ManualClock(now + pbx_ahead))
            # A timer goes by the steady clock, which freezegun would take for the one on the wall.
            with patch("freezegun.api._get_fake_monotonic", clocks.steady):
                yield clocks

    def steady(self) -> float:
        """Return the seconds since the machine was switched on."""
        return self._steady

    def tick(self, delta: timedelta) -> None:
        """Let time pass."""
        self._frozen.tick(delta)
        self._steady += delta.total_seconds()
        self.pbx.advance(delta.total_seconds())

    def set_wrong(self, wrong: timedelta) -> None:
        """Set the machine's clock, so that it is wrong by so much."""
        self._frozen.tick(wrong - self.wrong)
        self.wrong = wrong
