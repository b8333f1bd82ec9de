"""One POST to the PBX and what came back: the only place that knows of HTTP.

The key travels in every body. So nothing is sent in the query but the action, redirects are never followed, and no
exception carries more of an answer than the PBX's own words, with the key and phone numbers taken out.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
import re
from typing import Any, Final

import aiohttp
import orjson
from yarl import URL

from . import wire
from .exceptions import (
    DlsPbxAuthenticationError,
    DlsPbxConnectionError,
    DlsPbxError,
    DlsPbxPermissionError,
    DlsPbxRateLimitError,
    DlsPbxRequestError,
    DlsPbxResponseError,
    DlsPbxTimeoutError,
    DlsPbxUnreachableError,
)

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

# The API has no error codes, only words. "Unmistakable" is meant: a wrong guess would lock out a right key.
_LOGIN_WORDS = r"\b(api[ _]?key|api[ _]?user|credentials?|password|login)\b"
_CREDENTIALS = re.compile(
    rf"\b(invalid|incorrect|wrong|bad|unknown|missing|expired|revoked)\b.{{0,30}}{_LOGIN_WORDS}"
    rf"|{_LOGIN_WORDS}.{{0,30}}\b(invalid|incorrect|wrong|not valid|not recogni[sz]ed|mismatch|expired|revoked|failed)\b"
    r"|\bauthenti\w+\b.{0,20}\b(fail\w*|required|error|denied)\b|\bnot authenticated\b"
    r"|\b(failed|unable) to authenticate\b|\binvalid auth\w*|^unauthori[sz]ed\W*$",
    re.IGNORECASE,
)
_PERMISSION = re.compile(
    r"\bpermi(ssion|tted)\w*|\bprivilege\w*|\bforbidden\b|\bnot (allowed|authori[sz]ed)\b"
    r"|\bunauthori[sz]ed (to|for)\b|\baccess (is )?denied\b|\bnot have (access|the rights?)\b",
    re.IGNORECASE,
)


class Transport:
    """Posts to one PBX with one user's key."""

    def __init__(self, session: aiohttp.ClientSession, url: str, username: str, api_key: str) -> None:
        self._session = session
        self._base = URL(url)
        self._credentials = {"api_user": username, "api_key": api_key}

    async def post(
        self, endpoint: str, action: str, params: Mapping[str, Any], *, as_form: bool = False
    ) -> tuple[int, bytes]:
        """Send one request, once; return the HTTP status and the whole body.

        Raises DlsPbxUnreachableError (nothing was sent), DlsPbxConnectionError (no whole answer),
        DlsPbxRateLimitError, DlsPbxResponseError (redirect, over 32 MB).
        """
        body = {**self._credentials, **params}
        content: dict[str, Any] = {"data": body} if as_form else {"data": orjson.dumps(body)}
        headers = HEADERS if as_form else {**HEADERS, "Content-Type": "application/json"}
        try:
            async with self._session.post(
                self._base / f"api/v1/{endpoint}.php",
                params={"api_action": action, "api_format": "json"},
                headers=headers,
                allow_redirects=False,
                timeout=TIMEOUT,
                **content,
            ) as response:
                self._check_status(response)
                return response.status, await _read(response)
        except aiohttp.ConnectionTimeoutError:
            raise DlsPbxUnreachableError("The PBX cannot be reached: no answer to the connection") from None
        except TimeoutError as err:
            raise DlsPbxTimeoutError("The PBX did not answer in time") from err
        except aiohttp.ClientConnectorError as err:
            raise DlsPbxUnreachableError(f"The PBX cannot be reached: {_reason(err)}") from None
        except (aiohttp.ClientError, OSError, ValueError) as err:
            # From None: an HTTP parser's message may quote what it stumbled over.
            raise DlsPbxConnectionError(f"The connection to the PBX broke: {type(err).__name__}") from None

    def _check_status(self, response: aiohttp.ClientResponse) -> None:
        if response.status == 429 or (response.status == 503 and "Retry-After" in response.headers):  # noqa: PLR2004
            raise DlsPbxRateLimitError(
                "The PBX asks to be called less often", _retry_after(response.headers.get("Retry-After"))
            )
        if 300 <= response.status < 400:  # noqa: PLR2004 - any redirect would carry the key somewhere else
            raise DlsPbxResponseError("The address redirects somewhere else")

    def answer(self, status: int, body: bytes) -> dict[str, Any]:
        """Read a body as the API's answer; everything but `result: success` raises."""
        try:
            found = orjson.loads(body.removeprefix(b"\xef\xbb\xbf"))
        except orjson.JSONDecodeError:
            # From None: the decoder's exception holds the whole document.
            raise _not_this_api(status, body) from None
        if not isinstance(found, dict) or "result" not in found:
            raise _not_this_api(status, body)
        if found["result"] == "success":
            return found
        raise self._refusal(status, str(found.get("error") or found["result"]))

    def _refusal(self, status: int, words: str) -> DlsPbxError:
        """Sort the PBX's words: there are no error codes."""
        safe = self.safe(words)
        if _CREDENTIALS.search(words):
            return DlsPbxAuthenticationError(safe)
        if _PERMISSION.search(words):
            return DlsPbxPermissionError(safe)
        if status in (401, 403):
            return DlsPbxAuthenticationError(safe)
        return DlsPbxRequestError(safe)

    def safe(self, words: str) -> str:
        """Return the PBX's words without the key, should it echo it, and with phone numbers masked."""
        if key := self._credentials["api_key"]:
            words = re.sub(re.escape(key), "***", words, flags=re.IGNORECASE)
        return wire.masked(" ".join(words.split()))[:300]


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
    if header.strip().isdigit():
        return float(header)
    try:
        wait = (parsedate_to_datetime(header) - datetime.now(UTC)).total_seconds()
    except TypeError, ValueError:
        return None
    return max(wait, 1)


def _not_this_api(status: int, body: bytes) -> DlsPbxError:
    # A firewall's page is HTML and often 403; it says nothing about the key.
    is_page = b"<" in body[:200]
    if status == 401 or (status == 403 and not is_page):  # noqa: PLR2004
        return DlsPbxAuthenticationError(f"The PBX answered with HTTP status {status}")
    what = "a web page" if is_page else "nothing" if not body.strip() else "something that is not JSON"
    return DlsPbxResponseError(f"Instead of an answer came {what} (HTTP status {status})")


def _reason(err: aiohttp.ClientConnectorError) -> str:
    if isinstance(err, aiohttp.ClientConnectorCertificateError):
        return "its certificate is not valid"
    return getattr(err, "strerror", None) or type(err).__name__
