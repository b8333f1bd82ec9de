"""Orders to fail: which action fails next, how, and how often."""

import asyncio
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from simulator.engine import PbxError
from simulator.quirks.switches import ANYWHERE

MIB = 2**20


class FaultKind(StrEnum):
    """A way to fail."""

    SERVER_ERROR = "server_error"  # 500 with the vendor's error in JSON
    SERVER_ERROR_HTML = "server_error_html"
    HTML = "html"  # a page with status 200: a login, a maintenance notice
    TRUNCATED = "truncated"  # half of the answer, and a Content-Length that says so
    NOT_JSON = "not_json"
    EMPTY = "empty"
    PHP_NOTICE = "php_notice"  # the answer, with a notice before it
    SLOW = "slow"  # the answer, after `delay` seconds or a release
    STALLED = "stalled"  # half of the answer, the rest after `delay` seconds or a release
    RESET_BEFORE = "reset_before"  # the connection breaks, the PBX did nothing
    RESET_AFTER = "reset_after"  # the PBX did it, the answer is lost
    CLOSING = "closing"  # a kept connection closes just as the request arrives; a new one does not
    RATE_LIMITED = "rate_limited"  # 429, with `retry_after`: seconds, an HTTP date, or none
    WRONG_KEY = "wrong_key"
    NO_PERMISSION = "no_permission"
    UNAUTHORIZED_HTML = "unauthorized_html"  # 401 with a page, of a proxy that has forgotten who may pass
    SESSION_DOWN = "session_down"  # 401 in the vendor's JSON: the PBX can't look the key up
    FORBIDDEN_EMPTY = "forbidden_empty"  # 403 without a word
    LOGIN_FAILED = "login_failed"  # an error that sounds like a wrong key: the database is gone
    ECHOED_KEY = "echoed_key"  # an error whose text holds the request's key
    REDIRECT = "redirect"  # `to`: same_origin, other_origin, http, or an address; `status`
    ENDLESS = "endless"  # an answer that never ends; `compressed`: a gzip bomb
    OVERSIZED = "oversized"  # an answer of `size` bytes; `compressed`: small on the wire


# With these the PBX has done what it was asked before the answer goes wrong.
_PROCESSED = frozenset(
    {
        FaultKind.TRUNCATED,
        FaultKind.PHP_NOTICE,
        FaultKind.SLOW,
        FaultKind.STALLED,
        FaultKind.RESET_AFTER,
        FaultKind.ENDLESS,
        FaultKind.OVERSIZED,
    }
)
_SMALLEST = {"delay": 0, "status": 300, "size": 64}  # below these an answer could not be written at all
_OPTIONS: dict[str, type | tuple[type, ...]] = {
    "delay": (int, float),
    "retry_after": (int, str),
    "to": str,
    "status": int,
    "size": int,
    "compressed": bool,
    "processed": bool,
}


@dataclass(slots=True, kw_only=True, eq=False)
class Fault:
    """One order to fail; `times` None = until it is taken back."""

    kind: FaultKind
    times: int | None = 1
    delay: float | None = None  # seconds; None = until released
    retry_after: int | str | None = None
    to: str = "same_origin"
    status: int = 307
    size: int = 33 * MIB
    compressed: bool = False
    processed: bool = False
    taken: asyncio.Event = field(default_factory=asyncio.Event)  # a request ran into it
    held: asyncio.Event = field(default_factory=asyncio.Event)  # an answer is held back
    _gate: asyncio.Event = field(default_factory=asyncio.Event)

    async def wait(self) -> None:
        """Wait for a release, no longer than `delay`."""
        self.held.set()
        try:
            await asyncio.wait_for(self._gate.wait(), self.delay)
        except TimeoutError:
            return

    def release(self) -> None:
        """Let the answers go that are held back now; the next one is held again."""
        self._gate.set()
        self._gate = asyncio.Event()


class FaultBoard:
    """The orders, by action (`status.users`) or for all (`*`); an action's own come first, in turn."""

    def __init__(self) -> None:
        self._orders: dict[str, list[Fault]] = {}
        self._taken: list[Fault] = []

    def order(self, action: str, kind: str, times: int | None = 1, **options: Any) -> Fault:
        """Let an action fail; PbxError for a kind or an option that does not exist."""
        if kind not in FaultKind:
            raise PbxError(f"Unknown fault '{kind}'. Known: {', '.join(FaultKind)}")
        if times is not None and (isinstance(times, bool) or not isinstance(times, int) or times < 1):
            raise PbxError("'times' is a whole number from 1, or nothing for ever")
        for name, value in options.items():
            _check(name, value)
        fault = Fault(kind=FaultKind(kind), times=times, **{"processed": kind in _PROCESSED} | options)
        self._orders.setdefault(action, []).append(fault)
        return fault

    def take(self, action: str, *, kept: bool) -> Fault | None:
        """Return what goes wrong with the next request of an action, and count it; `kept` is its connection."""
        for where in (action, ANYWHERE):
            for fault in self._orders.get(where, ())[:1]:
                if fault.kind is FaultKind.CLOSING and not kept:
                    continue
                if fault.times is not None:
                    fault.times -= 1
                    if not fault.times:
                        self._orders[where].remove(fault)
                fault.taken.set()
                self._taken = [one for one in self._taken if one is not fault] + [fault]
                return fault
        return None

    def orders(self) -> list[Fault]:
        """Return the standing orders, of whatever action."""
        return [fault for orders in self._orders.values() for fault in orders]

    def release(self) -> None:
        """Let every answer go that is held back."""
        for fault in self._taken:
            fault.release()

    def clear(self, action: str | None = None) -> None:
        """Take back an action's orders, or with None all of them, and release what is held."""
        self.release()
        if action is None:
            self._orders.clear()
            self._taken.clear()
        else:
            self._orders.pop(action, None)

    def as_dict(self) -> dict[str, list[dict[str, Any]]]:
        """Return the standing orders, by action."""
        return {
            action: [{"kind": fault.kind.value, "times": fault.times} for fault in orders]
            for action, orders in self._orders.items()
            if orders
        }


def _check(name: str, value: Any) -> None:
    if name not in _OPTIONS:
        raise PbxError(f"Unknown option '{name}'. Known: {', '.join(_OPTIONS)}")
    if not isinstance(value, _OPTIONS[name]):
        raise PbxError(f"Option '{name}' has the wrong type")
    if isinstance(value, int | float) and value < _SMALLEST.get(name, value):
        raise PbxError(f"Option '{name}' is at least {_SMALLEST[name]}")
