"""The processes that the demo starts, and that all end with it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from itertools import cycle
import os
from pathlib import Path
from random import SystemRandom
import signal
import socket
from time import monotonic

LOOPBACK = "127.0.0.1"
# Home Assistant writes its database and its states when it stops.
STOPPING_SECONDS = 30
LAST_LINES = 15
# Below those that any system deals out by itself (Linux from 32768 on, IANA from 49152 on): between our look and the
# server's start nobody comes by one of them by chance, however many connections the other tests make. Nor is one given
# twice while others are left: several are picked before the first server starts.
OUR_PORTS = range(10_000, 20_000)
_NEXT_PORTS = cycle(SystemRandom().sample(OUR_PORTS, len(OUR_PORTS)))


class DemoError(Exception):
    """The demo cannot go on; the text says why, for the person at the terminal."""


def is_free(port: int) -> bool:
    """Whether a server could listen on this port."""
    with socket.socket() as probe:
        # As servers do: a connection of a moment ago must not count as taken.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
        return True


def free_port() -> int:
    """Return a port on which nobody listens, neither by TCP nor by UDP (SIP)."""
    while True:
        port = next(_NEXT_PORTS)
        with socket.socket() as probe, socket.socket(type=socket.SOCK_DGRAM) as datagrams, suppress(OSError):
            probe.bind((LOOPBACK, port))
            datagrams.bind((LOOPBACK, port))
            return port


class Child:
    """A process of ours, with its output in a file."""

    def __init__(self, name: str, process: asyncio.subprocess.Process, log: Path) -> None:
        self._name = name
        self._process = process
        self._log = log

    async def ended(self) -> int:
        """Wait for its end; return its exit code."""
        return await self._process.wait()

    async def until(self, ready: Callable[[], Awaitable[bool]], seconds: float) -> None:
        """Wait until it is ready; raise DemoError if it ends or takes too long."""
        deadline = monotonic() + seconds
        while not await ready():
            if self._process.returncode is not None:
                raise self.gone()
            if monotonic() > deadline:
                raise DemoError(f"{self._name} is not ready after {seconds:.0f} s.\n{self._tail()}")
            await asyncio.sleep(0.5)

    def gone(self) -> DemoError:
        """Return what to say when it ended by itself."""
        return DemoError(f"{self._name} ended with code {self._process.returncode}.\n{self._tail()}")

    def _tail(self) -> str:
        lines = self._log.read_text("utf-8", "replace").splitlines()[-LAST_LINES:]
        return "\n".join([f"The end of {self._log}:", *(f"  {line}" for line in lines)])

    async def stop(self) -> None:
        """End it and all that it started."""
        if self._process.returncode is None:
            self._signal(signal.SIGTERM)
            with suppress(TimeoutError):
                await asyncio.wait_for(self._process.wait(), STOPPING_SECONDS)
        # Its own children have no reason to outlive it.
        self._signal(signal.SIGKILL)
        await self._process.wait()

    def _signal(self, number: signal.Signals) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, number)


@asynccontextmanager
async def running(name: str, command: Sequence[str | Path], log: Path) -> AsyncIterator[Child]:
    """Run a command for the time of the block, in a process group of its own so that Ctrl-C reaches us alone."""
    with log.open("wb") as output:
        process = await asyncio.create_subprocess_exec(
            *map(str, command),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=output,
            stderr=asyncio.subprocess.STDOUT,
            start_new_session=True,
        )
    child = Child(name, process, log)
    try:
        yield child
    finally:
        await child.stop()
