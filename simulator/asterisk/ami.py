"""Manager interface of Asterisk (AMI), asked and never waited for in vain.

By panoramisk: of the libraries for asyncio it is the one in wide use, and it puts the events of a list together. Its
way of coming back after a lost connection repeats what was asked; ours does not.
"""

import asyncio
import codecs
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
import logging
from typing import Any

from panoramisk import Manager  # type: ignore[import-untyped]
from panoramisk.actions import Action  # type: ignore[import-untyped]
from panoramisk.ami_protocol import AMIProtocol  # type: ignore[import-untyped]

from simulator.asterisk.settings import Settings

TIMEOUT = 5.0  # seconds; a busy Asterisk answers within one
RECONNECT = 1  # seconds
REFUSED = 30  # seconds; who knocks too often with a wrong secret is locked out by some guards

# Asterisk calls it an error to ask for a list of what there is none of, or what it has no module for.
_NONE = ("No active conferences", "No Contacts found", "No endpoints found", "Invalid/unknown command")

# The library would log what people are called.
_QUIET = logging.getLogger(f"{__name__}.quiet")
_QUIET.setLevel(logging.CRITICAL)

type Row = Mapping[str, str]


class AmiError(Exception):
    """Asterisk did not answer, or refused."""


class _Protocol(AMIProtocol):  # type: ignore[misc]  # the library has no types
    """The library's, which alone would lose a letter whose bytes come in two pieces."""

    def __init__(self) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")

    def data_received(self, data: bytes) -> None:
        """Pass on whole letters."""
        super().data_received(self._decoder.decode(data).encode())


class _Listing(Action):  # type: ignore[misc]  # as above
    """An action that is answered by a list, unless there is none: the library alone would wait for it even then."""

    @property
    def multi(self) -> bool:
        """Tell whether more is to come."""
        return "EventList" in self.responses[0]


class _Connection(Manager):  # type: ignore[misc]  # as above
    """One connection. When it ends it says so, and nothing goes on by itself."""

    def __init__(self, settings: Settings, on_change: Callable[[], None]) -> None:
        self.settled = asyncio.Event()  # Asterisk has come up, or the connection has ended
        self.ended = asyncio.Event()
        self.refused = False
        self._on_change = on_change
        self._asked: set[asyncio.Future[Any]] = set()
        super().__init__(
            host=settings.host,
            port=settings.port,
            username=settings.username,
            secret=settings.secret,
            events="system",
            loop=asyncio.get_running_loop(),
            log=_QUIET,
            protocol_factory=_Protocol,
        )
        # Before that, Asterisk answers as if it were empty: its modules come up one after the other.
        self.register_event("FullyBooted", self._booted)
        self.register_event("Reload", self._reloaded)

    def _booted(self, *_: object) -> None:
        self._on_change()
        self.settled.set()

    def _reloaded(self, *_: object) -> None:
        self._on_change()

    def connection_made(self, task: asyncio.Task[Any]) -> None:
        """Log in, if there is somebody."""
        if task.cancelled() or task.exception():
            self.end()
        else:
            super().connection_made(task)

    def login(self, future: asyncio.Future[Any]) -> bool:
        """Note whether Asterisk lets us in."""
        if not super().login(future):
            self.refused = True
            self.end()
        return not self.refused

    def connection_lost(self, _: Exception | None) -> None:
        """Note the end."""
        self.end()

    def end(self) -> None:
        """Be of no use any more: who waits for an answer gets none."""
        self.ended.set()
        self.settled.set()
        for answer in list(self._asked):
            if not answer.done():
                answer.set_exception(AmiError("The connection was lost"))

    async def up(self) -> bool:
        """Wait until Asterisk has come up, but not forever."""
        with suppress(TimeoutError):
            async with asyncio.timeout(TIMEOUT):
                await self.settled.wait()
        return self.settled.is_set() and not self.ended.is_set()

    async def ask(self, action: Mapping[str, str], *, as_list: bool) -> Any:
        """Return the answer. A connection on which none comes is taken for dead: no packet may ever say so."""
        if self.ended.is_set():
            raise AmiError("The connection was lost")
        answer = self.send_action(action, as_list=as_list)
        self._asked.add(answer)
        answer.add_done_callback(self._asked.discard)
        try:
            async with asyncio.timeout(TIMEOUT):
                return await answer
        except TimeoutError:
            self.end()
            raise AmiError(f"No answer to {action['Action']}") from None


class Ami:
    """A connection that comes back by itself."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._connection: _Connection | None = None
        self._keeper: asyncio.Task[None] | None = None
        self._ready = asyncio.Event()
        self.changes = 0  # logins and reloads: what was read of the configuration before may be wrong

    async def start(self) -> None:
        """Begin to connect; whoever asks waits for it."""
        self._keeper = asyncio.create_task(self._keep_connected())

    async def stop(self) -> None:
        """Disconnect."""
        if self._keeper is not None:
            self._keeper.cancel()
            with suppress(asyncio.CancelledError):
                await self._keeper
            self._keeper = None

    async def _keep_connected(self) -> None:
        while True:
            connection = _Connection(self._settings, self._changed)
            connecting = connection.connect()
            try:
                if await connection.up():
                    self._connection = connection
                    self._ready.set()
                    await connection.ended.wait()
            finally:
                self._ready.clear()
                self._connection = None
                connecting.cancel()
                connection.end()
                connection.close()
            await asyncio.sleep(REFUSED if connection.refused else RECONNECT)

    def _changed(self) -> None:
        self.changes += 1

    async def rows(self, action: str, **fields: str) -> Sequence[Row]:
        """Return the events of a list; AmiError if there is no such answer."""
        answer = await self._ask(_Listing({"Action": action} | fields), as_list=True)
        rows = answer if isinstance(answer, list) else [answer]
        _check(rows[0])
        return [row for row in rows[1:] if "Event" in row and not row["Event"].endswith("Complete")]

    async def command(self, line: str) -> Sequence[str]:
        """Return what the console says; AmiError if the user may not ask that."""
        answer = await self._ask({"Action": "Command", "Command": line}, as_list=False)
        _check(answer)
        output = answer.get("Output") or []
        return [output] if isinstance(output, str) else list(output)

    async def _ask(self, action: Mapping[str, str], *, as_list: bool) -> Any:
        try:
            async with asyncio.timeout(TIMEOUT):
                await self._ready.wait()
        except TimeoutError:
            raise AmiError("Not connected") from None
        if self._connection is None:
            raise AmiError("Not connected")
        return await self._connection.ask(action, as_list=as_list)


def _check(answer: Row) -> None:
    message = answer.get("Message", "")
    if answer.get("Response") == "Error" and not message.startswith(_NONE):
        raise AmiError(message or "refused")
