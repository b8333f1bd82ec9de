"""Responses of a PBX that fails: what a fault looks like to the one who asked."""

import asyncio
from collections.abc import Awaitable, Callable
import socket
import struct
from urllib.parse import urlsplit
import zlib

from aiohttp import web

from simulator.engine import PbxError
from simulator.faults.orders import Fault, FaultKind
from simulator.vendor.api import CredentialsError, PermissionRefusedError, Reply, Visit

_PAGE = b"<!DOCTYPE html><html><head><title>DLS Hosted PBX</title></head><body><h1>%b</h1></body></html>"
_NOTICE = (
    b"<br />\n<b>Notice</b>:  Undefined index: tenant in <b>/var/www/html/api/v1/status.php</b> on line <b>42</b>"
    b"<br />\n"
)
_CHUNK = 64 * 1024
_ABORT = struct.pack("ii", 1, 0)  # SO_LINGER on, 0 s: a reset instead of a goodbye


def verdict(fault: Fault, visit: Visit) -> PbxError | None:
    """Return the refusal that a fault stands for, if it is one."""
    match fault.kind:
        case FaultKind.WRONG_KEY:
            return CredentialsError(visit.quirks.credentials_text)
        case FaultKind.NO_PERMISSION:
            return PermissionRefusedError(visit.quirks.permission_text)
        case FaultKind.LOGIN_FAILED:
            return PbxError("Login failed: database gone away")
        case FaultKind.ECHOED_KEY:
            return PbxError(f"SQL error near api_key='{visit.key}'")
    return None


async def respond_with_fault(request: web.Request, fault: Fault, reply: Reply) -> web.StreamResponse:
    """Answer as the fault has it; `reply` is what a healthy PBX would say."""
    if fault.kind in _FIXED:
        return respond(request, _FIXED[fault.kind])
    return await _RESPONSES[fault.kind](request, fault, reply)


def respond(request: web.Request, reply: Reply) -> web.Response:
    """Return a reply as aiohttp sends it."""
    response = web.Response(status=reply.status, body=reply.body, headers=reply.headers)
    if reply.content_type:
        response.headers["Content-Type"] = reply.content_type
    else:
        request["no_content_type"] = True
    return response


async def without_content_type(request: web.Request, response: web.StreamResponse) -> None:
    """Take off the Content-Type that aiohttp adds by itself (a signal of the application)."""
    if request.get("no_content_type"):
        response.headers.popall("Content-Type", None)


_FIXED = {
    FaultKind.SERVER_ERROR: Reply(
        status=500, body=b'{"result":"error","error":"Internal server error"}', content_type="application/json"
    ),
    FaultKind.SERVER_ERROR_HTML: Reply(status=500, body=_PAGE % b"Internal Server Error", content_type="text/html"),
    FaultKind.UNAUTHORIZED_HTML: Reply(status=401, body=_PAGE % b"Authorization Required", content_type="text/html"),
    FaultKind.SESSION_DOWN: Reply(
        status=401, body=b'{"result":"error","error":"Session backend down"}', content_type="application/json"
    ),
    FaultKind.FORBIDDEN_EMPTY: Reply(status=403, body=b"", content_type=""),
    FaultKind.HTML: Reply(status=200, body=_PAGE % b"Down for maintenance", content_type="text/html"),
    FaultKind.NOT_JSON: Reply(status=200, body=b"Service temporarily unavailable", content_type="text/plain"),
    FaultKind.EMPTY: Reply(status=200, body=b"", content_type="application/json"),
}


# What a proxy says of an address that it does not pass on.
NOT_FOUND = Reply(status=404, body=_PAGE % b"Not Found", content_type="text/html")


async def _truncated(request: web.Request, _fault: Fault, reply: Reply) -> web.StreamResponse:
    half = reply.body[: len(reply.body) // 2]
    return respond(request, Reply(status=reply.status, body=half, content_type=reply.content_type))


async def _php_notice(request: web.Request, _fault: Fault, reply: Reply) -> web.StreamResponse:
    return respond(request, Reply(status=reply.status, body=_NOTICE + reply.body, content_type="text/html"))


async def _slow(request: web.Request, fault: Fault, reply: Reply) -> web.StreamResponse:
    await fault.wait()
    return respond(request, reply)


async def _stalled(request: web.Request, fault: Fault, reply: Reply) -> web.StreamResponse:
    response = web.StreamResponse(status=reply.status, headers={"Content-Type": reply.content_type or "text/html"})
    response.content_length = len(reply.body)
    await response.prepare(request)
    half = len(reply.body) // 2
    await response.write(reply.body[:half])
    await fault.wait()
    await response.write(reply.body[half:])
    return response


async def _reset(request: web.Request, _fault: Fault, _reply: Reply) -> web.StreamResponse:
    if request.transport is not None:
        line = request.transport.get_extra_info("socket")
        line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _ABORT)
        request.transport.abort()
    return web.Response()  # goes nowhere


async def _closing(request: web.Request, _fault: Fault, _reply: Reply) -> web.StreamResponse:
    if request.transport is not None:
        request.transport.close()
    return web.Response()  # goes nowhere


async def _rate_limited(request: web.Request, fault: Fault, _reply: Reply) -> web.StreamResponse:
    headers = {} if fault.retry_after is None else {"Retry-After": str(fault.retry_after)}
    body = b'{"result":"error","error":"Too many requests"}'
    return respond(request, Reply(status=429, body=body, content_type="application/json", headers=headers))


async def _redirect(request: web.Request, fault: Fault, _reply: Reply) -> web.StreamResponse:
    here = urlsplit(str(request.url))
    moved = f"/moved{request.path_qs}"
    # The same machine under its other name: another origin, yet the request log shows who comes.
    other = f"{'localhost' if here.hostname != 'localhost' else '127.0.0.1'}:{here.port}"
    to = {
        "same_origin": moved,
        "other_origin": f"{here.scheme}://{other}{moved}",
        "http": f"http://{here.netloc}{moved}",
    }.get(fault.to, fault.to)
    return web.Response(status=fault.status, headers={"Location": to})


async def _endless(request: web.Request, fault: Fault, _reply: Reply) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Type": "application/json"})
    # Not by the server's own compression: that takes a thread, and those of the loop may be gone when a test ends.
    pack: Callable[[bytes], bytes] = bytes
    if fault.compressed:
        response.headers["Content-Encoding"] = "gzip"
        pack = zlib.compressobj(wbits=31).compress
    await response.prepare(request)
    await response.write(pack(b'{"result":"success","padding":"'))
    while True:  # until the reader goes, which cancels us
        await response.write(pack(b"x" * _CHUNK))
        await asyncio.sleep(0)  # a fast reader must not keep everybody else waiting


async def _oversized(request: web.Request, fault: Fault, _reply: Reply) -> web.StreamResponse:
    """Send a good answer that is far too long."""
    start, end = b'{"result":"success","padding":"', b'"}'
    headers = {"Content-Type": "application/json"}
    if fault.compressed:
        body = zlib.compress(start + b"x" * (fault.size - len(start) - len(end)) + end, wbits=31)
        return web.Response(body=body, headers=headers | {"Content-Encoding": "gzip"})
    response = web.StreamResponse(headers=headers)
    response.content_length = fault.size
    await response.prepare(request)
    await response.write(start)
    left = fault.size - len(start) - len(end)
    while left:
        chunk = min(left, _CHUNK)
        await response.write(b"x" * chunk)
        left -= chunk
    await response.write(end)
    return response


_RESPONSES: dict[FaultKind, Callable[[web.Request, Fault, Reply], Awaitable[web.StreamResponse]]] = {
    FaultKind.TRUNCATED: _truncated,
    FaultKind.PHP_NOTICE: _php_notice,
    FaultKind.SLOW: _slow,
    FaultKind.STALLED: _stalled,
    FaultKind.RESET_BEFORE: _reset,
    FaultKind.RESET_AFTER: _reset,
    FaultKind.CLOSING: _closing,
    FaultKind.RATE_LIMITED: _rate_limited,
    FaultKind.REDIRECT: _redirect,
    FaultKind.ENDLESS: _endless,
    FaultKind.OVERSIZED: _oversized,
}
