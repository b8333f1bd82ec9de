"""Characters as a PBX sends them that never checks them: JSON that no parser has to take."""

from collections.abc import Callable, Mapping
import json
import re
from typing import Any

_BEYOND_16_BITS = re.compile("[\U00010000-\U0010ffff]")
# A backslash is read with what follows: what comes after two of them is no escape.
_ESCAPE = re.compile(r"\\(\\|[bfnrt]|u00[01][0-9a-f])")


def with_odd_characters(document: Mapping[str, Any], kind: str) -> bytes:
    """Return an answer in JSON with its special characters spoiled; without any it is good JSON."""
    return _SPOIL[kind](json.dumps(document, separators=(",", ":"), ensure_ascii=False))


def _latin1(text: str) -> bytes:
    """Write a byte per letter, as a database of the last century hands it out; what it does not know in UTF-8."""
    return b"".join(one.encode("latin-1") if one <= "\xff" else one.encode() for one in text)


def _halves(text: str) -> bytes:
    """Cut emoji in half, as who counts in units of sixteen bits does at a text's end."""
    return _BEYOND_16_BITS.sub(lambda found: f"\\u{0xD7C0 + (ord(found[0]) >> 10):04x}", text).encode()


def _control(text: str) -> bytes:
    """Write control characters as they are."""
    return _ESCAPE.sub(lambda found: found[0] if found[1] == "\\" else json.loads(f'"{found[0]}"'), text).encode()


_SPOIL: Mapping[str, Callable[[str], bytes]] = {"latin1": _latin1, "halves": _halves, "control": _control}
