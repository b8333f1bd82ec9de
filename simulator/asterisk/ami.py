"""Asterisk's manager interface (AMI), asked and never waited for in vain.

By panoramisk: of the libraries for asyncio it is the one in wide use, it puts the events of a list together, and it
connects again by itself. Python 3.14 gave it no trouble.
"""

import asyncio
from collections.abc import Mapping, Sequence
import logging
from typing import Any

from panoramisk import Manager  # type: ignore[import-untyped]
from panoramisk.actions import Action  # type: ignore[import-untyped]

from simulator.asterisk.settings import Settings

TIMEOUT = 5.0  # seconds; a busy Asterisk answers within one
RECONNECT = 1  # seconds

type Row = Mapping[str, str]


class AmiError(Exception):
    """Asterisk did not answer, or refused."""


class _Listing(Action):  # type: ignore[misc]  # the library has no types
    """An action that is answered by a list; the library alone would wait for one after a refusal, too."""

    @property
    def multi(self) -> bool:
        """Tell whether more is to come."""
        return bool(self.responses[-1].get("Response") != "Error" and super().multi)


class _Manager(Manager):  # type: ignore[misc]  # as above
    """A manager that stays away once it was closed."""

    closed = False

    def connect(self, *args: Any, **options: Any) -> Any:
        """Connect, unless nobody wants it any more."""
        return None if self.closed else super().connect(*args, **options)

    def close(self) -> None:
        """Close the connection for good."""
        self.closed = True
        super().close()


class Ami:
    """A connection that comes back by itself."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._manager: _Manager | None = None
        self._ready = asyncio.Event()
        self.logins = 0  # what was read of an Asterisk before its restart may be wrong

    async def start(self) -> None:
        """Begin to connect; whoever asks waits for it."""
        quiet = logging.getLogger("panoramisk.quiet")  # it would log what people are called
        quiet.setLevel(logging.CRITICAL)
        self._manager = _Manager(
            host=self._settings.host,
            port=self._settings.port,
            username=self._settings.username,
            secret=self._settings.secret,
            events="off",
            reconnect_timeout=RECONNECT,
            loop=asyncio.get_running_loop(),
            log=quiet,
            on_login=self._logged_in,
            on_disconnect=self._lost,
            forgetable_actions=(),
        )
        self._manager.connect()

    async def stop(self) -> None:
        """Disconnect."""
        if self._manager is not None:
            self._manager.close()
            self._manager = None

    def _logged_in(self, _: Manager) -> None:
        self.logins += 1
        self._ready.set()

    def _lost(self, _: Manager, __: object) -> None:
        self._ready.clear()

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

    async def _connected(self) -> _Manager:
        await self._ready.wait()
        if self._manager is None:
            raise AmiError("Not connected")
        return self._manager


def _check(answer: Row) -> None:
    if answer.get("Response") == "Error" and "No active conferences" not in answer.get("Message", ""):
        raise AmiError(answer.get("Message", "refused"))
