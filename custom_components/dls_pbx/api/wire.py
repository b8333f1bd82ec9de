"""Wire: what the PBX writes in PHP's shapes, numbers, yes and no, and what of it must not leak.

One fact comes in many spellings; each function here reads them all. What is not known is None; what cannot be an
answer of this API is a DlsPbxResponseError.
"""

from collections.abc import Iterable, Mapping
import json
import re
from typing import Any, Final

import orjson

from . import vocabulary
from .exceptions import DlsPbxResponseError

type Row = dict[str, Any]

# Seven digits and more, however grouped, are a phone number: extensions are shorter, times have colons.
_PHONE_NUMBER = re.compile(r"\+?\d(?:[\s()./\u2013-]{0,3}\d){6,}")


_BOM: Final = b"\xef\xbb\xbf"
# Half of a character: a text that was cut in the middle of an emoji.
_HALF: Final = re.compile(
    r"\\u[dD][89abAB][0-9a-fA-F]{2}(?!\\u[dD][c-fC-F])|(?<!\\u[dD][89abAB][0-9a-fA-F]{2})\\u[dD][c-fC-F][0-9a-fA-F]{2}"
)
_LONGEST_INTEGER: Final = 300  # digits


def document(body: bytes) -> Any:
    """Read JSON as well as it can be read; None if it is none.

    One byte that is no UTF-8, half of an emoji or a bare control character, from whatever phone it came, costs the
    letter, and not the rows of everybody else.
    """
    body = body.removeprefix(_BOM)
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        text = _HALF.sub(r"\\ufffd", body.decode(errors="replace"))
    try:
        return json.loads(text, strict=False, parse_int=_read_integer, parse_constant=lambda _: None)
    except ValueError, RecursionError:
        return None


def _read_integer(digits: str) -> int | float:
    return int(digits) if len(digits) < _LONGEST_INTEGER else float(digits)


def pairs(value: Any) -> Iterable[tuple[str, Any]]:
    """Read a map that PHP may have written as a list (keys 0..n-1) or as `[]`, `""` or null (empty)."""
    match value:
        case dict():
            return value.items()
        case list():
            return ((str(index), item) for index, item in enumerate(value))
        case None | "" | False:
            return ()
    raise DlsPbxResponseError("The PBX sent a value where a list belongs")


def row_map(value: Any) -> dict[str, Row]:
    """Read a map of rows, in either of PHP's shapes."""
    found = value if isinstance(value, dict) else dict(pairs(value))
    if _are_rows(found.values()):
        return found
    return dict(_readable((key, row) for key, row in found.items() if _is_row(row)))


def rows(value: Any) -> list[Row]:
    """Read a list of rows, in either of PHP's shapes."""
    found = value if isinstance(value, list) else [row for _, row in pairs(value)]
    return found if _are_rows(found) else _readable(filter(_is_row, found))


def _are_rows(found: Iterable[Any]) -> bool:
    return set(map(type, found)) <= {dict}


def _readable[ItemT](found: Iterable[ItemT]) -> list[ItemT]:
    """Return what is left of rows of which some were none; where nothing is, it is no list of rows."""
    if left := list(found):
        return left
    raise DlsPbxResponseError("The PBX sent something else than rows")


def _is_row(found: Any) -> bool:
    """Tell whether something among the rows is one; what is none is counted and passed by."""
    if type(found) is dict:
        return True
    vocabulary.note("row", vocabulary.shape(found))
    return False


def text(value: Any) -> str | None:
    """Read a text; blank means none."""
    if type(value) is str:  # nearly always
        return value.strip() or None
    if value is None or isinstance(value, (dict, list)):
        return None
    return str(value).strip() or None


def count(row: Mapping[str, Any], field: str) -> int | None:
    """Read a count of a row. PHP writes none as `0`, `""` or null; a count that is left out is unknown."""
    value = row.get(field)
    return 0 if (value is None or value == "") and field in row else integer(value)


def integer(value: Any) -> int | None:
    """Read a whole number, however it is quoted."""
    if type(value) is str and value.isdecimal() and len(value) < 16:  # noqa: PLR2004 - nearly always; see `decimal`
        return int(value)
    number = decimal(value)
    return None if number is None else int(number)


def decimal(value: Any) -> float | None:
    """Read a number, however it is quoted."""
    if isinstance(value, bool) or value is None:
        return None
    try:
        number = float(value)
    except TypeError, ValueError:
        return None
    return number if abs(number) < 1e15 else None  # noqa: PLR2004 - NaN and infinity are no figures


def boolean(value: Any) -> bool | None:
    """Read a yes or no in PHP's, Asterisk's and people's spellings."""
    match str(value).strip().casefold():
        case "1" | "yes" | "true" | "on" | "locked":
            return True
        case "0" | "no" | "false" | "off" | "unlocked":
            return False
    return None


def masked(words: str) -> str:
    """Hide phone numbers in a text that people will read, all but the last two digits."""
    return _PHONE_NUMBER.sub(lambda number: "…" + number.group()[-2:], words)
