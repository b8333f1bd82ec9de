"""Connections to the PBX, and one request carried over them: the only place that knows of HTTP.

What only reads goes over connections that are kept, since a TLS handshake costs both ends more than most answers do.
What changes the PBX goes over one that nothing has used before: a kept one may be closing at this very moment, then
nobody can tell whether the request was heard, and it must not be sent again.

The key travels in every body. So nothing is sent in the query but the action, redirects are never followed, and no
exception carries anything of an answer; nor has one a cause or a context, which would quote what a parser stumbled
over.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from ssl import SSLContext
from typing import Any, Final, Self

import aiohttp
from aiohttp.abc import AbstractResolver
from yarl import URL

from .exceptions import (
    DlsPbxConnectionError,
    DlsPbxRateLimitError,
    DlsPbxResponseError,
    DlsPbxTimeoutError,
    DlsPbxUnreachableError,
)
from .obstacles import unreachable

MAX_BODY: Final = 32 * 1024 * 1024  # unpacked
# A call report over months takes a PHP script a while; a status answer that takes this long is of no use any more.
TIMEOUT: Final = aiohttp.ClientTimeout(total=30, connect=10)
# Longer than the pauses between polls. Servers that close earlier, after 5 s or so, say so, and are believed.
KEPT_FOR: Final = 75  # s
HEADERS: Final = {
    "Accept": "application/json",
    "Accept-Encoding": "gzip, deflate",
    # Firewalls in front of PHP turn away clients without a name of their own.
    "User-Agent": "HomeAssistant-DlsPbx/1",
}
# Headers of proxies may be long: as much as Home Assistant's own client takes.
_LONGEST_HEADER: Final = 65536
# A PBX that says "in a year" has made a slip.
_LONGEST_WAIT: Final = 86400


@dataclass(frozen=True, slots=True)
class Post:
    """A request as it goes over a connection; it `changes` the PBX, or only reads."""

    url: URL
    query: Mapping[str, str]
    content_type: str
    body: bytes = field(repr=False)
    changes: bool
    timeout: aiohttp.ClientTimeout


class HttpConnections:
    """Connections to one PBX, whoever asks over them; to be closed by whoever made them.

    `ssl` says how certificates are checked (True: as usual), `resolver` where names lead. What is still asked after
    they were closed, such as what became of a text that was under way, has connections of its own.
    """

    def __init__(self, ssl: SSLContext | bool = True, resolver: AbstractResolver | None = None) -> None:
        self._ssl = ssl
        self._resolver = resolver
        self._kept = self._session(keepalive_timeout=KEPT_FOR)

    async def __aenter__(self) -> Self:
        """Begin."""
        return self

    async def __aexit__(self, *_: object) -> None:
        """Close."""
        await self.close()

    async def close(self) -> None:
        """Keep no connection any more."""
        await self._kept.close()

    async def post(self, post: Post) -> tuple[int, bytes]:
        """Carry a request to the PBX; return the HTTP status and the whole body.

        Raises DlsPbxUnreachableError (nothing was sent), DlsPbxConnectionError (no whole answer),
        DlsPbxRateLimitError, and DlsPbxResponseError (redirect, over 32 MB).
        """
        try:
            return await self._carry(post)
        except (aiohttp.ClientError, OSError, RuntimeError, ValueError) as err:
            # RuntimeError: the connections were closed, by an unload, while a body was still coming in.
            failure = _failure(err)
        raise failure

    async def _carry(self, post: Post) -> tuple[int, bytes]:
        """Carry a request; a read whose connection broke before it was answered is asked again, once, over a new one.

        Most likely the PBX was just closing it.
        """
        if not post.changes and not self._kept.closed:
            try:
                response = await _send(self._kept, post)
            except (aiohttp.ServerDisconnectedError, aiohttp.ClientOSError) as err:
                if not _may_be_repeated(err):
                    raise
            else:
                return await _whole(response)
        async with self._session(force_close=True) as fresh:
            return await _whole(await _send(fresh, post))

    def _session(self, **pool: Any) -> aiohttp.ClientSession:
        return aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(ssl=self._ssl, resolver=self._resolver, **pool),
            max_line_size=_LONGEST_HEADER,
            max_field_size=_LONGEST_HEADER,
        )


async def _send(session: aiohttp.ClientSession, post: Post) -> aiohttp.ClientResponse:
    return await session.post(
        post.url,
        params=post.query,
        headers={**HEADERS, "Content-Type": post.content_type},
        allow_redirects=False,
        timeout=post.timeout,
        data=post.body,
    )


async def _whole(response: aiohttp.ClientResponse) -> tuple[int, bytes]:
    async with response:
        _check_status(response)
        return response.status, await _read(response)


def _may_be_repeated(err: aiohttp.ClientError) -> bool:
    """Tell whether a connection that had come about broke before a word of the answer."""
    if isinstance(err, aiohttp.ServerDisconnectedError):
        # It quotes what had come of the answer's head.
        return isinstance(err.message, str)
    return not isinstance(err, aiohttp.ClientConnectorError)


def _check_status(response: aiohttp.ClientResponse) -> None:
    wait = response.headers.get("Retry-After")
    if response.status == HTTPStatus.TOO_MANY_REQUESTS or (response.status == HTTPStatus.SERVICE_UNAVAILABLE and wait):
        raise DlsPbxRateLimitError("The PBX asks to be called less often", _retry_after(wait))
    if 300 <= response.status < 400:  # noqa: PLR2004 - any redirect would carry the key somewhere else
        raise DlsPbxResponseError("The address redirects somewhere else")


async def _read(response: aiohttp.ClientResponse) -> bytes:
    """Read a body to its end, but no more than a PBX could mean."""
    if (response.content_length or 0) > MAX_BODY:
        raise DlsPbxResponseError("The answer is larger than 32 MB")
    parts = bytearray()
    async for part in response.content.iter_any():
        parts += part
        if len(parts) > MAX_BODY:
            raise DlsPbxResponseError("The answer is larger than 32 MB")
    return bytes(parts)


def _retry_after(header: str | None) -> float | None:
    """Read RFC 9110's Retry-After: seconds or a date."""
    if header is None:
        return None
    try:
        if header.strip().isdecimal():
            wait = float(header)
        else:
            wait = (parsedate_to_datetime(header) - datetime.now(UTC)).total_seconds()
    except TypeError, ValueError:
        return None
    return min(max(wait, 1), _LONGEST_WAIT)


def _failure(err: Exception) -> DlsPbxConnectionError:
    match err:
        case aiohttp.ConnectionTimeoutError():
            return DlsPbxUnreachableError("The PBX cannot be reached: no answer to the connection")
        case TimeoutError():
            return DlsPbxTimeoutError("The PBX did not answer in time")
        case aiohttp.ClientConnectorError():
            return unreachable(err)
    return DlsPbxConnectionError(f"The connection to the PBX broke: {type(err).__name__}")
