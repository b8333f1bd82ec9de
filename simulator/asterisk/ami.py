"""Asterisk's manager interface (AMI), asked and never waited for in vain.

By panoramisk: of the libraries for asyncio it is the one in wide use, and it puts the events of a list together. Its
way of coming back after a lost connection repeats what was asked; ours does not.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
import logging
from typing import Any

from panoramisk import Manager  # type: ignore[import-untyped]
from panoramisk.actions import Action  # type: ignore[import-untyped]

from simulator.asterisk.settings import Settings

TIMEOUT = 5.0  # seconds; a busy Asterisk answers within one
RECONNECT = 1  # seconds

# Asterisk calls it an error to ask for a list of what there is none of.
_NONE = ("No active conferences", "No Contacts found", "No endpoints found")

# The library would log what people are called.
_QUIET = logging.getLogger(f"{__name__}.quiet")
_QUIET.setLevel(logging.CRITICAL)

type Row = Mapping[str, str]


class AmiError(Exception):
    """Asterisk did not answer, or refused."""


class _Listing(Action):  # type: ignore[misc]  # the library has no types
    """An action that is answered by a list; the library alone would wait for one after a refusal, too."""

    @property
    def multi(self) -> bool:
        """Tell whether more is to come."""
        return bool(self.responses[-1].get("Response") != "Error" and super().multi)


class _Connection(Manager):  # type: ignore[misc]  # as above
    """One connection. When it ends it says so, and nothing goes on by itself."""

    def __init__(self, settings: Settings, on_login: Callable[[Manager], None]) -> None:
        self.ended = asyncio.Event()
        super().__init__(
            host=settings.host,
            port=settings.port,
            username=settings.username,
            secret=settings.secret,
            events="off",
            loop=asyncio.get_running_loop(),
            log=_QUIET,
            on_login=on_login,
        )

    def connection_made(self, task: asyncio.Task[Any]) -> None:
        """Log in, if there is somebody."""
        if task.cancelled() or task.exception():
            self.ended.set()
        else:
            super().connection_made(task)

    def connection_lost(self, _: Exception | None) -> None:
        """Note the end."""
        self.ended.set()


class Ami:
    """A connection that comes back by itself."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._connection: _Connection | None = None
        self._keeper: asyncio.Task[None] | None = None
        self._ready = asyncio.Event()
        self.logins = 0  # what was read of an Asterisk before its restart may be wrong

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
            connection = self._connection = _Connection(self._settings, self._logged_in)
            connecting = connection.connect()
            try:
                await connection.ended.wait()
            finally:
                self._ready.clear()
                self._connection = None
                connecting.cancel()
                connection.close()
            await asyncio.sleep(RECONNECT)

    def _logged_in(self, _: Manager) -> None:
        self.logins += 1
        self._ready.set()

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
                manager = await self._connected()
                return await manager.send_action(action, as_list=as_list)
        except TimeoutError:
            raise AmiError(f"No answer to {action['Action']}") from None

    async def _connected(self) -> _Connection:
        await self._ready.wait()
        if self._connection is None:
            raise AmiError("Not connected")
        return self._connection


def _check(answer: Row) -> None:
    message = answer.get("Message", "")
    if answer.get("Response") == "Error" and not message.startswith(_NONE):
        raise AmiError(message or "refused")
