"""Connections that clients opened to ask the PBX: how many, what came over each, and which carry nothing now."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from aiohttp import web


@dataclass(slots=True)
class Connection:
    """A connection, by its number; with TLS it was a handshake."""

    number: int
    requests: int = 0
    under_way: int = 0

    @property
    def is_kept(self) -> bool:
        """Whether an earlier request came over it."""
        return self.requests > 1


class Connections:
    """The connections over which something was asked; the control interface has its own."""

    def __init__(self) -> None:
        self.opened = 0
        self._open: WeakKeyDictionary[asyncio.Transport, Connection] = WeakKeyDictionary()

    @contextmanager
    def carrying(self, request: web.Request) -> Iterator[Connection]:
        """Note a request while it is under way."""
        connection = self._of(request)
        connection.requests += 1
        connection.under_way += 1
        try:
            yield connection
        finally:
            connection.under_way -= 1

    def close_idle(self) -> int:
        """Close those that carry nothing, as a server does after a while; returns how many."""
        idle = [transport for transport, connection in self._open.items() if not connection.under_way]
        for transport in idle:
            transport.close()
            del self._open[transport]
        return len(idle)

    def _of(self, request: web.Request) -> Connection:
        transport = request.transport
        if transport is None:  # gone before anybody looked
            return self._new()
        if transport not in self._open:
            self._open[transport] = self._new()
        return self._open[transport]

    def _new(self) -> Connection:
        self.opened += 1
        return Connection(self.opened)
