"""A hostile neighbour: somebody who answers in the PBX's place, whatever HTTP allows and whatever it does not."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from functools import cache
from itertools import repeat
import ssl
import zlib

type Behaviour = Callable[[], Iterator[bytes]]

OK = b"HTTP/1.1 200 OK\r\n"
JSON = b"Content-Type: application/json\r\n"
_BLOCK = 64 * 1024


def _answer(body: bytes, head: bytes = b"") -> bytes:
    return OK + JSON + head + b"Content-Length: %d\r\n\r\n%b" % (len(body), body)


def _said(*parts: bytes) -> Behaviour:
    return lambda: iter(parts)


def _without_end(start: bytes, more: bytes) -> Behaviour:
    def parts() -> Iterator[bytes]:
        yield start
        yield from repeat(more)

    return parts


@cache
def _bomb(wbits: int) -> bytes:
    """Return 256 MB, packed into a quarter of one."""
    packer = zlib.compressobj(9, wbits=wbits)
    packed = [packer.compress(b'{"result":"success","users":"')]
    packed += [packer.compress(b" " * 2**20) for _ in range(256)]
    return b"".join([*packed, packer.flush()])


def _bombed(encoding: bytes, wbits: int) -> Behaviour:
    # Packing takes seconds, and most who load this module throw none.
    return lambda: iter([_answer(_bomb(wbits), b"Content-Encoding: %b\r\n" % encoding)])


SILENT: Behaviour = _said(b"")
_SCRIPT = b"<script>window.hacked = true</script>"
_DEEP = 200_000

# What comes to an end by itself, or is refused as soon as it is seen.
ENDING: dict[str, Behaviour] = {
    "a document 200,000 lists deep": _said(_answer(b"[" * _DEEP + b"]" * _DEEP)),
    "an object 200,000 deep": _said(_answer(b'{"a":' * _DEEP + b"1" + b"}" * _DEEP)),
    "a script": _said(_answer(_SCRIPT)),
    "an error that is a script": _said(_answer(b'{"result":"error","error":"%b"}' % _SCRIPT)),
    "a number of a million digits": _said(_answer(b'{"result":"success","users":%b}' % (b"9" * 10**6))),
    "a gzip bomb": _bombed(b"gzip", 31),
    "a deflate bomb": _bombed(b"deflate", 15),
    "gzip that is none": _said(_answer(b"{}", b"Content-Encoding: gzip\r\n")),
    "an encoding that nobody asked for": _said(_answer(b"{}", b"Content-Encoding: br\r\n")),
    "a length that is too long": _said(OK + JSON + b"Content-Length: 999\r\n\r\n{}"),
    "a length without measure": _said(OK + JSON + b"Content-Length: %d\r\n\r\n{}" % 10**30),
    "a negative length": _said(OK + JSON + b"Content-Length: -1\r\n\r\n{}"),
    "two lengths": _said(OK + JSON + b"Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}"),
    "a length that is too short": _said(_answer(b'{"result":"success","users":[]}') + b"garbage" * 99),
    "an answer within an answer": _said(_answer(b"{}") + _answer(b'{"result":"success","users":[]}')),
    "a chunk without measure": _said(OK + JSON + b"Transfer-Encoding: chunked\r\n\r\n" + b"f" * 30 + b"\r\n{}"),
    "a chunk of no number": _said(OK + JSON + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n"),
    "no HTTP": _said(b"SSH-2.0-OpenSSH_9.9\r\n"),
    "nothing": SILENT,
    "a status of four digits": _said(b"HTTP/1.1 2000 OK\r\n\r\n"),
    "a header with a zero byte": _said(OK + b"X-A: a\0b\r\nContent-Length: 2\r\n\r\n{}"),
}
# What would never end.
ENDLESS: dict[str, Behaviour] = {
    "a first line": _without_end(b"HTTP/1.1 200 ", b"O" * _BLOCK),
    "a header": _without_end(OK + b"X-A: ", b"a" * _BLOCK),
    "headers": _without_end(OK, b"X-A: a\r\n" * 1024),
    "answers to come": _without_end(b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 64),
    "a document": _without_end(OK + JSON + b'\r\n{"result":"success","users":"', b"x" * _BLOCK),
    "chunks": _without_end(OK + JSON + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n" * 16),
    "a chunk's extension": _without_end(OK + JSON + b"Transfer-Encoding: chunked\r\n\r\n1;", b"a" * _BLOCK),
    "trailers": _without_end(OK + JSON + b"Transfer-Encoding: chunked\r\n\r\n0\r\n", b"X-A: a\r\n" * 1024),
    "drops": _without_end(OK + JSON + b'\r\n{"result":"success","users":"', b"x"),
}


def redirect(status: int, to: str) -> Behaviour:
    """Send the client on."""
    head = b"HTTP/1.1 %d Moved\r\nLocation: %b\r\nRefresh: 0; url=%b\r\nContent-Length: 0\r\n\r\n"
    return _said(head % (status, to.encode(), to.encode()))


@dataclass(slots=True)
class Neighbour:
    """What it heard, and how much the client has taken of each answer."""

    port: int
    heard: list[bytes] = field(default_factory=list)
    callers: int = 0
    taken: int = 0
    answering: int = 0  # questions that have arrived whole, at this moment


async def _request(reader: asyncio.StreamReader) -> bytes:
    head = await reader.readuntil(b"\r\n\r\n")
    length = next(int(line[15:]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))
    return head + await reader.readexactly(length)


async def _give(writer: asyncio.StreamWriter, parts: Iterator[bytes]) -> AsyncIterator[int]:
    for part in parts:
        writer.write(part)
        await writer.drain()
        yield len(part)
        await asyncio.sleep(0)  # a fast reader must not keep everybody else waiting


@asynccontextmanager
async def neighbour(
    behaviour: Behaviour = SILENT, port: int = 0, tls: ssl.SSLContext | None = None
) -> AsyncIterator[Neighbour]:
    """Run one, on a port that may be somebody else's at other times."""
    tasks: set[asyncio.Task[None]] = set()

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        this.callers += 1
        with suppress(OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            this.heard.append(await _request(reader))
            this.answering += 1
            try:
                async for size in _give(writer, behaviour()):
                    this.taken += size
            finally:
                this.answering -= 1
        writer.close()

    def came(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        tasks.add(asyncio.create_task(answer(reader, writer)))

    server = await asyncio.start_server(came, "127.0.0.1", port, ssl=tls)
    this = Neighbour(server.sockets[0].getsockname()[1])
    try:
        yield this
    finally:
        server.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
