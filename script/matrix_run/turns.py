"""Turns of the event loop, in which everything comes to its end that nobody holds back."""

import asyncio
from collections.abc import Callable
from typing import Any, Final

SHORT: Final = 5  # in which timers begin what they are there for
LONG: Final = 300  # in which whatever has begun is over
_MOST: Final = 5000  # in which other threads bring what they are at, however slow the disk is


class Turns:
    """An event loop whose turns are counted, and the jobs that it has given to other threads."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._give: Callable[..., asyncio.Future[Any]] = loop.run_in_executor
        self._under_way = 0
        vars(loop)["run_in_executor"] = self._give_counted

    def _give_counted(self, *job: Any) -> asyncio.Future[Any]:
        self._under_way += 1
        given = self._give(*job)
        given.add_done_callback(self._brought)
        return given

    def _brought(self, _: asyncio.Future[Any]) -> None:
        self._under_way -= 1

    async def let_pass(self, count: int) -> None:
        """Let so many turns pass, and then more while another thread is at work for somebody."""
        for done in range(_MOST):
            if done >= count and not self._under_way:
                return
            # What the sockets bring takes time, and no clock but the threads' goes on.
            await self._give(None, _turn)


def _turn() -> None:
    """Be a turn of another thread."""
