"""Answers of the API: a body as the PBX wrote it, read as a success, or raised as what else it is.

No exception carries more of an answer than the PBX's own words, with the key and phone numbers taken out.
"""

from html import escape
from http import HTTPStatus
import re
from typing import Any, Final
from urllib.parse import quote, quote_plus

from . import wire
from .characters import printable
from .exceptions import DlsPbxBareRefusalError, DlsPbxResponseError
from .refusals import refusal

# How programs write that nothing went wrong.
_NO_ERROR: Final = frozenset({"", "0", "false", "no error", "none", "null", "ok", "success"})


class AnswerReader:
    """Reads the answers to one user's key, which it never repeats."""

    def __init__(self, api_key: str) -> None:
        self._echo = _echoes(api_key)

    def read(self, status: int, body: bytes) -> dict[str, Any]:
        """Read a body as the API's answer; everything but `result: success` raises."""
        found = wire.document(body)
        if not isinstance(found, dict) or "result" not in found:
            raise _not_this_api(status, body)
        error = found.get("error")
        if found["result"] != "success":
            raise refusal(status, self._safe(str(error or found["result"])))
        if error and str(error).strip().casefold() not in _NO_ERROR:
            # Whatever else is in it, somebody doubts that it is all.
            raise DlsPbxResponseError(f"The answer is a success and an error: {self._safe(str(error))}")
        return found

    def _safe(self, words: str) -> str:
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


def _not_this_api(status: int, body: bytes) -> DlsPbxResponseError:
    begins = body.removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
    what = {b"": "nothing", b"<": "a web page"}.get(begins, "something that is not of this API")
    # A firewall's refusal is 403 as well, and says nothing about the key; but it has something to say.
    if status == HTTPStatus.UNAUTHORIZED or (status == HTTPStatus.FORBIDDEN and not begins):
        return DlsPbxBareRefusalError(f"The PBX answered with HTTP status {status}", status)
    words = f"Instead of an answer came {what} (HTTP status {status})"
    return DlsPbxBareRefusalError(words, status) if status == HTTPStatus.BAD_REQUEST else DlsPbxResponseError(words)
