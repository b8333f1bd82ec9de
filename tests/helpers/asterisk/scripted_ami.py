"""A manager interface that answers as it is told: for the moods in which a real Asterisk cannot be brought at will."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
import re
from typing import Final

from simulator.asterisk import Settings

type Request = Mapping[str, str]
type Answer = Callable[[int, Request], str | None]  # the connection's number, from 1; None says nothing

BOOTED: Final = "Event: FullyBooted\r\nStatus: Fully Booted\r\n\r\n"
END: Final = "\r\n\r\n"


@dataclass(slots=True)
class ScriptedAmi:
    """Listens while `listening`; notes what it is asked."""

    answer: Answer
    asked: list[str] = field(default_factory=list)
    connections: int = 0
    _server: asyncio.Server | None = None

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[Settings]:
        """Let engines connect."""
        self._server = server = await asyncio.start_server(self._talk, "127.0.0.1", 0)
        nowhere = Path("/nonexistent")
        port = server.sockets[0].getsockname()[1]
        yield Settings(port=port, username="dls", secret="made-up", queue_log=nowhere, cdr=nowhere)
        server.close()
        server.abort_clients()
        await server.wait_closed()

    def drop(self) -> None:
        """Break every connection."""
        if self._server is not None:
            self._server.abort_clients()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        number = self.connections
        writer.write(b"Asterisk Call Manager/11.0.0\r\n")
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            while text := (await reader.readuntil(END.encode())).decode():
                request = dict(line.split(": ", 1) for line in text.split("\r\n") if ": " in line)
                self.asked.append(request["Action"])
                if answer := self.answer(number, request):
                    writer.write(answer.encode())
                    await writer.drain()
        writer.close()


def said(request: Request, **fields: str) -> str:
    """Return one block of an answer."""
    rows = {"ActionID": request["ActionID"]} | fields
    return "".join(f"{key}: {value}\r\n" for key, value in rows.items()) + "\r\n"


def accepted(request: Request) -> str:
    """Let somebody in."""
    return said(request, Response="Success", Message="Authentication accepted")


def listed(request: Request, *events: Mapping[str, str]) -> str:
    """Return a list of events, and its end."""
    name = request["Action"]
    if name == "Command":
        return said(request, Response="Success", Output="")
    parts = [said(request, Response="Success", EventList="start", Message="A list will follow")]
    parts += [said(request, **event) for event in events]
    return "".join(parts) + said(request, Event=f"{name}Complete", EventList="Complete", ListItems=str(len(events)))


def nothing_there(_: int, request: Request) -> str:
    """Answer as an Asterisk without anything."""
    return accepted(request) + BOOTED if request["Action"] == "Login" else listed(request)


@asynccontextmanager
async def tapped(settings: Settings) -> AsyncIterator[tuple[Settings, Callable[[], Counter[bytes]]]]:
    """Stand before a real interface, and count what it is asked, by action."""
    heard = bytearray()

    async def forward(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection(settings.host, settings.port)
        await asyncio.gather(pump(reader, back, heard), pump(there, writer, bytearray()))

    async def pump(source: asyncio.StreamReader, sink: asyncio.StreamWriter, copy: bytearray) -> None:
        while data := await source.read(65536):
            copy.extend(data)
            sink.write(data)
        sink.close()

    server = await asyncio.start_server(forward, "127.0.0.1", 0)
    yield (
        replace(settings, port=server.sockets[0].getsockname()[1]),
        lambda: Counter(re.findall(rb"Action: (\w+)", heard)),
    )
    server.close()
    server.abort_clients()
    await server.wait_closed()
