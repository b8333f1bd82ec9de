"""Application: the stand-in PBX on a socket. `async with Simulator(engine) as sim:` answers at `sim.url`."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
import re
import ssl
from typing import Protocol, Self, runtime_checkable

from aiohttp import web

from simulator.clock import ManualClock
from simulator.connections import Connection, Connections
from simulator.control.commands import Control
from simulator.control.http import control_routes
from simulator.engine import Engine
from simulator.faults.orders import Fault, FaultBoard
from simulator.faults.responses import NOT_FOUND, respond, respond_with_fault, verdict, without_content_type
from simulator.vendor.actions import ACTIONS, Action
from simulator.vendor.api import Incoming, Reply, VendorApi, Visit
from simulator.vendor.request_log import RequestLog

DEFAULT_USER = "100@default"
DEFAULT_KEY = "made-up-key-0000-for-the-stand-in-pbx"  # not a secret: it opens nothing
BODY_LIMIT = 8 * 2**20
KEEP_ALIVE = 75  # seconds until a connection that carries nothing is closed: nginx has 75, Apache 5
TICK = 1  # seconds between two looks at the engine's agenda

_MOVED = "/moved"  # where our own redirects lead
_PATH = re.compile(r"/api/v1/([^/]+)\.php")


@runtime_checkable
class ScheduledEngine(Protocol):
    """An engine in which things happen by themselves."""

    def run_until(self, now: datetime) -> None:
        """Do everything that is due."""


@runtime_checkable
class RemoteEngine(Protocol):
    """An engine whose PBX is elsewhere: what an action will ask has to be fetched before."""

    async def refresh(self, action: str) -> None:
        """Fetch what an action (`status.queues`) will ask; what can't be had raises PbxError when it is asked."""


class Simulator:
    """A PBX's HTTP side. `users` are `ext@tenant`, all with one key.

    `clock` is the engine's, if it is one that stands still; `rebuild` makes the engine anew for a reset. `path` is
    where the API begins, as behind a proxy that serves other things too (`/pbx`). A connection that carries nothing is
    closed after `keep_alive` seconds.
    """

    def __init__(  # noqa: PLR0913 - all but the engine may be left out
        self,
        engine: Engine,
        *,
        users: Sequence[str] = (DEFAULT_USER,),
        key: str = DEFAULT_KEY,
        host: str = "127.0.0.1",
        port: int = 0,
        path: str = "",
        ssl_context: ssl.SSLContext | None = None,
        keep_alive: float = KEEP_ALIVE,
        clock: ManualClock | None = None,
        rebuild: Callable[[], Engine] | None = None,
        actions: Mapping[str, Action] = ACTIONS,
    ) -> None:
        self.api = VendorApi(engine, users=users, key=key, actions=actions)
        self.faults = FaultBoard()
        self.host = host
        self.port = port
        self.path = f"/{trimmed}" if (trimmed := path.strip("/")) else ""
        self._ssl = ssl_context
        self._keep_alive = keep_alive
        self._connections = Connections()
        self._clock = clock
        self._runner: web.AppRunner | None = None
        self._ticker: asyncio.Task[None] | None = None
        self.control = Control(
            self.api, self.faults, clock=clock, rebuild=rebuild, run=self.run, close_idle=self._connections.close_idle
        )

    @property
    def pbx(self) -> Engine:
        """Return the engine."""
        return self.api.engine

    @property
    def requests(self) -> RequestLog:
        """Return what was asked so far."""
        return self.api.requests

    @property
    def connections_opened(self) -> int:
        """Return over how many connections something was asked so far; with TLS each was a handshake."""
        return self._connections.opened

    @property
    def url(self) -> str:
        """Return the address at which the PBX answers."""
        return f"{self.origin}{self.path}"

    @property
    def origin(self) -> str:
        """Return the address of the server, whose `/control/` is never behind a path."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{'https' if self._ssl else 'http'}://{host}:{self.port}"

    async def __aenter__(self) -> Self:
        """Start."""
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        """Stop."""
        await self.stop()

    async def start(self) -> None:
        """Bind the port (again the same one after an outage); OSError if it is taken."""
        app = web.Application(client_max_size=BODY_LIMIT)
        app.on_response_prepare.append(without_content_type)
        app.add_routes(control_routes(self.control))
        app.router.add_route("*", "/{path:.*}", self._vendor)
        # A handler ends when its client goes: nobody waits for a stalled answer then.
        runner = web.AppRunner(
            app, access_log=None, handler_cancellation=True, shutdown_timeout=0.01, keepalive_timeout=self._keep_alive
        )
        await runner.setup()
        try:
            await web.TCPSite(runner, self.host, self.port, ssl_context=self._ssl).start()
        except OSError:
            await runner.cleanup()
            raise
        self._runner = runner
        self.port = runner.addresses[0][1]
        if self._clock is None:
            self._ticker = asyncio.create_task(self._tick())

    async def stop(self) -> None:
        """Go down as in an outage: connections break, answers under way are lost."""
        if self._ticker is not None:
            self._ticker.cancel()
            with suppress(asyncio.CancelledError):
                await self._ticker
            self._ticker = None
        if self._runner is not None:
            runner, self._runner = self._runner, None
            for connection in runner.server.connections if runner.server else ():
                if connection.transport is not None:  # not close(): that waits for a client which does not read
                    connection.transport.abort()
            await runner.cleanup()

    def run(self) -> None:
        """Let everything happen that is due."""
        engine = self.api.engine
        if isinstance(engine, ScheduledEngine):
            engine.run_until(engine.now())

    async def _tick(self) -> None:
        while True:
            await asyncio.sleep(TICK)
            self.run()

    async def _vendor(self, request: web.Request) -> web.StreamResponse:
        with self._connections.carrying(request) as connection:
            response = await self._respond(request, connection)
            if request.transport is not None and not request.transport.is_closing():
                await response.prepare(request)
                await response.write_eof()
            return response

    async def _respond(self, request: web.Request, connection: Connection) -> web.StreamResponse:
        self.run()
        inside = request.path.removeprefix(_MOVED)
        passed = inside == self.path or inside.startswith(f"{self.path}/")
        visit = self.api.visit(await _incoming(request, inside.removeprefix(self.path) if passed else ""))
        visit.record.connection = connection.number
        if not passed:
            visit.record.status = NOT_FOUND.status
            return respond(request, NOT_FOUND)
        if isinstance(self.api.engine, RemoteEngine):
            await self.api.engine.refresh(visit.record.action)
        fault = self.faults.take(visit.record.action, kept=connection.is_kept)
        if fault is None:
            return _packed(request, visit, respond(request, self.api.answer(visit)))
        return await self._fail(request, visit, fault)

    async def _fail(self, request: web.Request, visit: Visit, fault: Fault) -> web.StreamResponse:
        visit.record.fault = fault.kind.value
        visit.verdict = verdict(fault, visit)
        if visit.verdict is not None:
            return respond(request, self.api.answer(visit))
        reply = self.api.answer(visit) if fault.processed else _NOTHING
        visit.record.status = None  # until something goes out
        response = await respond_with_fault(request, fault, reply)
        if request.transport is not None and not request.transport.is_closing():
            visit.record.status = response.status
        return response


def _packed(request: web.Request, visit: Visit, response: web.Response) -> web.Response:
    """Compress an answer, if this PBX does and the client can read it."""
    packing = visit.quirks.packing
    if packing != "none" and packing in request.headers.get("Accept-Encoding", ""):
        response.enable_compression(web.ContentCoding(packing))
    return response


_NOTHING = Reply(status=200, body=b"", content_type="")


async def _incoming(request: web.Request, path: str) -> Incoming:
    """Read a request to its end; `path` is what the PBX itself sees of the address."""
    parts: list[tuple[str, str]] = []
    if request.content_type == "multipart/form-data":
        with suppress(ValueError):  # one that cannot be read has no fields
            parts = [(name, value) for name, value in (await request.post()).items() if isinstance(value, str)]
    found = _PATH.fullmatch(path)
    return Incoming(
        method=request.method,
        path=request.path,
        endpoint=found[1] if found else "",
        query=list(request.query.items()),
        headers=request.headers,
        body=b"" if parts else await request.read(),
        parts=parts,
    )
