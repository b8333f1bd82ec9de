"""Transport of one POST to the PBX, and what came back: the only place that knows of HTTP.

The key travels in every body. So nothing is sent in the query but the action, redirects are never followed, and no
exception carries more of an answer than the PBX's own words, with the key and phone numbers taken out; nor has one a
cause or a context, which would quote what a parser stumbled over.
"""

from collections import deque
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from html import escape
from http import HTTPStatus
import re
from time import monotonic
from typing import Any, Final
from urllib.parse import quote, quote_plus

import aiohttp
import orjson
from yarl import URL

from . import wire
from .exceptions import (
    DlsPbxAuthenticationError,
    DlsPbxConnectionError,
    DlsPbxError,
    DlsPbxRateLimitError,
    DlsPbxResponseError,
    DlsPbxTimeoutError,
    DlsPbxUnreachableError,
)
from .refusals import refusal

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
# A PBX that says "in a year" has made a slip.
_LONGEST_WAIT = 86400
_MOST_COUNTED = 1000


class Transport:
    """Posts to one PBX with one user's key, until the PBX refuses that."""

    def __init__(
        self,
        session: aiohttp.ClientSession,
        url: str,
        username: str,
        api_key: str,
        timeout: aiohttp.ClientTimeout = TIMEOUT,
    ) -> None:
        self._session = session
        self._base = URL(url)
        self._credentials = {"api_user": username, "api_key": api_key}
        self._timeout = timeout
        self._echo = _echoes(api_key)
        self._refused: str | None = None
        self._asked: deque[float] = deque(maxlen=_MOST_COUNTED)

    @property
    def requests_last_minute(self) -> int:
        """How many requests went out in the last 60 s; no more than 1,000 are counted."""
        since = monotonic() - 60
        return sum(at > since for at in self._asked)

    async def post(
        self, endpoint: str, action: str, params: Mapping[str, Any], *, as_form: bool = False
    ) -> tuple[int, bytes]:
        """Send one request, once; return the HTTP status and the whole body.

        Raises DlsPbxUnreachableError (nothing was sent), DlsPbxConnectionError (no whole answer),
        DlsPbxRateLimitError, DlsPbxResponseError (redirect, over 32 MB), and DlsPbxAuthenticationError, without
        asking, once the PBX has refused the key: asking on would look like an attack, and may lock the user out.
        """
        if self._refused is not None:
            raise DlsPbxAuthenticationError(self._refused)
        self._asked.append(monotonic())
        body = {**self._credentials, **params}
        content: dict[str, Any] = {"data": body} if as_form else {"data": orjson.dumps(body)}
        headers = HEADERS if as_form else {**HEADERS, "Content-Type": "application/json"}
        try:
            async with self._session.post(
                self._base / f"api/v1/{endpoint}.php",
                params={"api_action": action, "api_format": "json"},
                headers=headers,
                allow_redirects=False,
                timeout=self._timeout,
                **content,
            ) as response:
                _check_status(response)
                return response.status, await _read(response)
        except (aiohttp.ClientError, OSError, ValueError) as err:
            failure = _failure(err)
        raise failure

    def answer(self, status: int, body: bytes) -> dict[str, Any]:
        """Read a body as the API's answer; everything but `result: success` raises."""
        try:
            found = orjson.loads(body.removeprefix(b"\xef\xbb\xbf"))
        except orjson.JSONDecodeError:
            found = None
        if isinstance(found, dict) and "result" in found:
            if found["result"] == "success":
                return found
            err = refusal(status, self.safe(str(found.get("error") or found["result"])))
        else:
            err = _not_this_api(status, body)
        if isinstance(err, DlsPbxAuthenticationError):
            self._refused = str(err)
        raise err

    def safe(self, words: str) -> str:
        """Return the PBX's words without the key, should it echo it, and with phone numbers masked."""
        if self._echo:
            words = self._echo.sub("***", words)
        return wire.masked(" ".join(words.split()))[:300]


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


def _not_this_api(status: int, body: bytes) -> DlsPbxError:
    # A firewall's refusal is 403 as well, and says nothing about the key; but it has something to say.
    if status == HTTPStatus.UNAUTHORIZED or (status == HTTPStatus.FORBIDDEN and not body.strip()):
        return DlsPbxAuthenticationError(f"The PBX answered with HTTP status {status}")
    begins = body.removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
    what = {b"": "nothing", b"<": "a web page"}.get(begins, "something that is not of this API")
    return DlsPbxResponseError(f"Instead of an answer came {what} (HTTP status {status})")
