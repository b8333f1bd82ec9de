"""Core of the PBX, time and chance: an agenda of things to come, on an injected clock."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from heapq import heappop, heappush
from itertools import count
from random import Random
from typing import Protocol, Required, TypedDict, Unpack
from zoneinfo import ZoneInfo

from simulator.pbx.call import Call


class CoreOptions(TypedDict, total=False):
    """The options of a PBX: `clock` and `rng` are needed, the `time_zone` is America/Chicago unless told."""

    clock: Required[Callable[[], datetime]]
    rng: Required[Random]
    time_zone: ZoneInfo


class Watcher(Protocol):
    """Someone who reacts to what the PBX does; the living office is one."""

    def rings(self, call: Call, auth_id: str) -> None:
        """React to a call that begins to ring at a phone."""

    def talks(self, call: Call) -> None:
        """React to two people beginning to talk."""


class Core:
    """The lowest layer: clock, agenda and random source. The same seed and clock give the same day."""

    def __init__(self, **options: Unpack[CoreOptions]) -> None:
        self.rng = options["rng"]
        self.time_zone = options.get("time_zone", ZoneInfo("America/Chicago"))
        self.watchers: list[Watcher] = []
        self._clock = options["clock"]
        self._moment: datetime | None = None
        self._agenda: list[tuple[datetime, int, Callable[[], None]]] = []
        self._turn = count()

    def now(self) -> datetime:
        """Return the PBX's clock, aware, in UTC; an action on the agenda sees the time it was due."""
        return self._moment or self._clock()

    def at(self, when: datetime, action: Callable[[], None]) -> None:
        """Put an action on the agenda."""
        heappush(self._agenda, (when, next(self._turn), action))

    def after(self, seconds: float, action: Callable[[], None]) -> None:
        """Put an action on the agenda, counted from now."""
        self.at(self.now() + timedelta(seconds=seconds), action)

    def run_until(self, now: datetime) -> None:
        """Do everything that is due; how often this is called makes no difference to what happens."""
        while self._agenda and self._agenda[0][0] <= now:
            when, _, action = heappop(self._agenda)
            with self.as_of(when):
                action()

    def reset_counters(self) -> None:
        """Forget what was counted, as a restart of the PBX does; the parts that count act on it."""

    @contextmanager
    def as_of(self, when: datetime) -> Iterator[None]:
        """Let everything inside happen at that time."""
        before, self._moment = self._moment, when
        try:
            yield
        finally:
            self._moment = before
