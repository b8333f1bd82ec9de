"""Transport of one POST to the PBX, and what came back: the only place that knows of HTTP.

The key travels in every body. So nothing is sent in the query but the action, redirects are never followed, and no
exception carries more of an answer than the PBX's own words, with the key and phone numbers taken out; nor has one a
cause or a context, which would quote what a parser stumbled over.
"""

import asyncio
from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from html import escape
from http import HTTPStatus
import re
from time import monotonic
from typing import Any, Final, NamedTuple
from urllib.parse import quote, quote_plus

import aiohttp
from yarl import URL

from . import wire
from .characters import printable
from .dialect import Dialect, Manner
from .encoding import ARRAYS, CONTENT_TYPES, encode
from .exceptions import (
    DlsPbxAuthenticationError,
    DlsPbxBareRefusalError,
    DlsPbxConnectionError,
    DlsPbxDoubtedKeyError,
    DlsPbxError,
    DlsPbxPermissionError,
    DlsPbxRateLimitError,
    DlsPbxRequestError,
    DlsPbxResponseError,
    DlsPbxTimeoutError,
    DlsPbxUnreachableError,
    DlsPbxUnwritableError,
)
from .refusals import names_right, refusal, unseen

MAX_BODY: Final = 32 * 1024 * 1024
# A call report over months takes a PHP script a while; a status answer that takes this long is of no use any more.
TIMEOUT: Final = aiohttp.ClientTimeout(total=30, connect=10)
HEADERS: Final = {
    "Accept": "application/json",
    # Firewalls in front of PHP turn away clients without a name of their own.
    "User-Agent": "HomeAssistant-DlsPbx/1",
    # A kept connection that the PBX is just closing loses a POST halfway, and a POST must not be repeated.
    "Connection": "close",
}
# A refusal that passes has passed by then.
PAUSE: Final = 3  # s
# What is said where the credentials were not seen.
_UNSEEN: Final = (DlsPbxAuthenticationError, DlsPbxBareRefusalError, DlsPbxPermissionError, DlsPbxUnwritableError)
# Those that are polled as well find out themselves what an upgrade has changed.
_READABLE: Final = frozenset({"reports", "sms", "status", "subscribers"})
# How programs write that nothing went wrong.
_NO_ERROR: Final = frozenset({"", "0", "false", "no error", "none", "null", "ok", "success"})
# A PBX that says "in a year" has made a slip.
_LONGEST_WAIT = 86400
_MOST_COUNTED = 1000


@dataclass(frozen=True, slots=True)
class Request:
    """An action to be asked for. `known` is an answer that need not be read again; `changes` the PBX, or only reads."""

    endpoint: str
    action: str
    params: Mapping[str, Any] = field(default_factory=dict, repr=False)
    changes: bool = False
    known: bytes | None = field(default=None, repr=False)


class Answer(NamedTuple):
    """What the PBX answered: read, or None where it is what was known; and as it came."""

    found: dict[str, Any] | None
    body: bytes


class Exchange(NamedTuple):
    """A request and what came back, as it was before anybody understood it."""

    request: Request
    status: int
    body: bytes


_RECORDING: ContextVar[list[Exchange] | None] = ContextVar("recording", default=None)


@contextmanager
def recorded() -> Iterator[list[Exchange]]:
    """Record whatever is asked meanwhile by this task, and by those that it starts."""
    exchanges: list[Exchange] = []
    token = _RECORDING.set(exchanges)
    try:
        yield exchanges
    finally:
        _RECORDING.reset(token)


class Transport:
    """Posts to one PBX with one user's key, until the PBX refuses that."""

    def __init__(
        self,
        session: aiohttp.ClientSession,
        url: str,
        username: str,
        api_key: str,
        timeout: aiohttp.ClientTimeout = TIMEOUT,
        dialect: Mapping[str, Any] | None = None,
    ) -> None:
        self._session = session
        self._base = URL(url)
        self._credentials = {"api_user": username, "api_key": api_key}
        self._timeout = timeout
        self._echo = _echoes(api_key)
        self._refused: str | None = None
        self._answered_at: float | None = None  # when the PBX last answered with this key
        self._doubting = asyncio.Lock()
        self._asked: deque[float] = deque(maxlen=_MOST_COUNTED)
        self.dialect = Dialect(dialect)

    @property
    def requests_last_minute(self) -> int:
        """How many requests went out in the last 60 s; no more than 1,000 are counted."""
        since = monotonic() - 60
        return sum(at > since for at in self._asked)

    async def ask(self, request: Request) -> Answer:
        """Ask for an action, in the manner that its endpoint takes; raises a DlsPbxError.

        The same is asked again only where the PBX itself has refused it so that it may not have seen our fields, and
        so has done nothing. A refused key is believed when it is said again after a pause: then nothing is asked any
        more, because asking on would look like an attack, and may lock the user out.
        """
        asked_at = monotonic()
        found = await self._in_dialect(request)
        if isinstance(found, DlsPbxAuthenticationError) and self._refused is None:
            found = await self._doubted(found, asked_at, request)
        if isinstance(found, Answer):
            return found
        raise found

    async def _in_dialect(self, request: Request) -> Answer | DlsPbxError:
        asked = self.dialect.of(request.endpoint)
        found = await self._try(request, asked)
        if isinstance(found, Answer) or self.dialect.knows(request.endpoint):
            return found
        found = await self._with_other_arrays(request, asked, found)
        if isinstance(found, _UNSEEN) and not self._says_nothing_of_the_encoding(found):
            return await self._in_other_encodings(request, found)
        return found

    def _says_nothing_of_the_encoding(self, err: DlsPbxError) -> bool:
        if isinstance(err, DlsPbxBareRefusalError):
            # Somebody in between may have refused; of a PBX that never answered a 400 is its own.
            return not err.is_bad_request or self._answered_at is not None
        # Of a key that is good, a right that it has not got is all there is to say.
        return self._answered_at is not None and isinstance(err, DlsPbxPermissionError) and names_right(str(err))

    async def _in_other_encodings(self, request: Request, refused: DlsPbxError) -> Answer | DlsPbxError:
        """Ask again where the credentials may not have been seen; the first refusal counts, if all are the same."""
        for manner in self.dialect.other_encodings(request.endpoint):
            found = await self._with_other_arrays(request, manner, await self._try(request, manner))
            if not isinstance(found, _UNSEEN):
                return found
        return refused

    async def _with_other_arrays(
        self, request: Request, asked: Manner, found: Answer | DlsPbxError
    ) -> Answer | DlsPbxError:
        """Ask again where an array may not have been seen, or was seen twice; only what reads has any."""
        if not (isinstance(found, DlsPbxRequestError) and unseen(str(found)) and ARRAYS & request.params.keys()):
            return found
        for manner in self.dialect.other_arrays(asked):
            answer = await self._try(request, manner)
            if isinstance(answer, Answer):
                return answer
        return found

    async def _doubted(
        self, refused: DlsPbxAuthenticationError, asked_at: float, request: Request
    ) -> Answer | DlsPbxError:
        """Find out whether a refusal is the key's, this action's, or passes."""
        if self._answered_at is None:
            # A key that has never worked, refused in all encodings.
            return self._believe(refused)
        async with self._doubting:
            if self._refused is not None:
                return DlsPbxAuthenticationError(self._refused)
            if self._answered_at < asked_at:
                await asyncio.sleep(PAUSE)
            if not request.changes:
                found = await self._try(request, self.dialect.of(request.endpoint))
                if not isinstance(found, DlsPbxAuthenticationError):
                    return found
            # The PBX may have been upgraded, and read another encoding here.
            if not request.changes or request.endpoint not in _READABLE:
                found = await self._in_other_encodings(request, refused)
                if found is not refused:
                    return found
            check = Request("status", "queues" if request.action == "users" else "users")
            found = await self._try(check, self.dialect.of("status"))
            if isinstance(found, DlsPbxAuthenticationError):
                found = await self._in_other_encodings(check, found)
            if isinstance(found, DlsPbxAuthenticationError):
                return self._believe(refused)
            # It knows who is asking: it is this action that it refuses.
            return DlsPbxDoubtedKeyError(str(refused))

    def refuse(self, words: str) -> None:
        """Ask nothing any more."""
        self._refused = words

    def _believe(self, refused: DlsPbxAuthenticationError) -> DlsPbxAuthenticationError:
        self.refuse(str(refused))
        return refused

    async def _try(self, request: Request, manner: Manner) -> Answer | DlsPbxError:
        """Ask once; an endpoint that answers has seen our fields."""
        try:
            status, body = await self.post(request.endpoint, request.action, request.params, manner)
            if (exchanges := _RECORDING.get()) is not None:
                exchanges.append(Exchange(request, status, body))
            found = None if body == request.known else self.answer(status, body)
        except DlsPbxError as err:
            return err
        self.dialect.learn(request.endpoint, manner)
        self._answered_at = monotonic()
        return Answer(found, body)

    async def post(self, endpoint: str, action: str, params: Mapping[str, Any], manner: Manner) -> tuple[int, bytes]:
        """Send one request, once; return the HTTP status and the whole body.

        Raises DlsPbxUnreachableError (nothing was sent), DlsPbxConnectionError (no whole answer),
        DlsPbxRateLimitError, DlsPbxResponseError (redirect, over 32 MB), and DlsPbxAuthenticationError, without
        asking, once the PBX has refused the key.
        """
        if self._refused is not None:
            raise DlsPbxAuthenticationError(self._refused)
        self._asked.append(monotonic())
        try:
            async with self._session.post(
                self._base / f"api/v1/{endpoint}.php",
                params={"api_action": action, "api_format": "json"},
                headers={**HEADERS, "Content-Type": CONTENT_TYPES[manner.encoding]},
                allow_redirects=False,
                timeout=self._timeout,
                data=encode({**self._credentials, **params}, manner.encoding, manner.arrays),
            ) as response:
                _check_status(response)
                return response.status, await _read(response)
        except (aiohttp.ClientError, OSError, ValueError) as err:
            failure = _failure(err)
        raise failure

    def answer(self, status: int, body: bytes) -> dict[str, Any]:
        """Read a body as the API's answer; everything but `result: success` raises."""
        found = wire.document(body)
        if not isinstance(found, dict) or "result" not in found:
            raise _not_this_api(status, body)
        error = found.get("error")
        if found["result"] != "success":
            raise refusal(status, self.safe(str(error or found["result"])))
        if error and str(error).strip().casefold() not in _NO_ERROR:
            # Whatever else is in it, somebody doubts that it is all.
            raise DlsPbxResponseError(f"The answer is a success and an error: {self.safe(str(error))}")
        return found

    def safe(self, words: str) -> str:
        """Return the PBX's words without the key, should it echo it, and with phone numbers masked."""
        # Of a megabyte nobody reads more than a line, and a look at all of it would hold up everybody else.
        words = " ".join(printable(words).split())[: wire.LONGEST_TEXT]
        if self._echo:
            words = self._echo.sub("***", words)
        return wire.masked(words)[:300]


def _echoes(secret: str) -> re.Pattern[str] | None:
    """Return what finds a secret as it is, and as PHP may repeat it in a URL, a page, JSON or SQL."""
    return re.compile("".join(map(_spellings, secret)), re.IGNORECASE) if secret else None


def _spellings(char: str) -> str:
    if char.isascii() and char.isalnum():
        return char
    spellings = (char, f"\\{char}", f"\\u{ord(char):04x}", quote(char, safe=""), quote_plus(char), escape(char))
    return f"(?:{'|'.join(map(re.escape, spellings))}|&#0*{ord(char)};)"


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
        case aiohttp.ClientConnectorCertificateError():
            return DlsPbxUnreachableError("The PBX cannot be reached: its certificate is not valid")
        case aiohttp.ClientConnectorError():
            return DlsPbxUnreachableError(f"The PBX cannot be reached: {err.strerror or type(err).__name__}")
    return DlsPbxConnectionError(f"The connection to the PBX broke: {type(err).__name__}")


def _not_this_api(status: int, body: bytes) -> DlsPbxResponseError:
    begins = body.removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
    what = {b"": "nothing", b"<": "a web page"}.get(begins, "something that is not of this API")
    # A firewall's refusal is 403 as well, and says nothing about the key; but it has something to say.
    if status == HTTPStatus.UNAUTHORIZED or (status == HTTPStatus.FORBIDDEN and not begins):
        return DlsPbxBareRefusalError(f"The PBX answered with HTTP status {status}", status)
    words = f"Instead of an answer came {what} (HTTP status {status})"
    return DlsPbxBareRefusalError(words, status) if status == HTTPStatus.BAD_REQUEST else DlsPbxResponseError(words)
