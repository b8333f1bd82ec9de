"""Wire: what the PBX writes in PHP's shapes, numbers, yes and no, and what of it must not leak.

One fact comes in many spellings; each function here reads them all. What is not known is None; what cannot be an
answer of this API is a DlsPbxResponseError.
"""

from collections.abc import Iterable, Mapping
import json
from math import isfinite
import re
from typing import Any, Final

import orjson

from . import vocabulary
from .characters import printable
from .exceptions import DlsPbxResponseError

type Row = dict[str, Any]

# Seven digits and more, however grouped, are a phone number: extensions are shorter, times have colons.
_PHONE_NUMBER = re.compile(r"\+?\d(?:[\s()./\u2013-]{0,3}\d){6,}")


_BOM: Final = b"\xef\xbb\xbf"
# An escape; in the group half of a character, of a text that was cut in the middle of an emoji. All escapes are found,
# for a backslash that is escaped itself begins none.
_ESCAPE: Final = re.compile(
    r"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|(u[dD][89a-fA-F][0-9a-fA-F]{2})|.)", re.DOTALL
)
_LONGEST_INTEGER: Final = 300  # digits
# No answer of this API is nested deeper than ten levels, and what goes through one by recursion must come to its end.
_DEEPEST: Final = 100
# Thirty-nine parts of 153 letters make the longest text message; nothing else comes near.
LONGEST_TEXT: Final = 6000
MOST: Final = 10**9  # of anything that an office counts
MOST_ID: Final = 10**15  # up to here a float knows each whole number


def document(body: bytes) -> Any:
    """Read JSON as well as it can be read; None if it is none.

    One byte that is no UTF-8, half of an emoji or a bare control character, from whatever phone it came, costs the
    letter, and not the rows of everybody else.
    """
    body = body.removeprefix(_BOM)
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        text = _ESCAPE.sub(lambda escape: r"\ufffd" if escape[1] else escape[0], body.decode(errors="replace"))
    try:
        found = json.loads(text, strict=False, parse_int=_read_integer)
    except ValueError, RecursionError:
        return None
    return None if _is_deep(found) else found


def _read_integer(digits: str) -> int | float:
    return int(digits) if len(digits) < _LONGEST_INTEGER else float(digits)


def _is_deep(found: Any) -> bool:
    """Tell whether lists and maps are nested deeper than anybody means it; orjson has a limit of its own."""
    level = [found]
    for _ in range(_DEEPEST):
        level = [item for one in level if isinstance(one, dict | list) for item in _items(one)]
        if not level:
            return False
    return True


def _items(found: dict[str, Any] | list[Any]) -> Iterable[Any]:
    return found.values() if isinstance(found, dict) else found


def pairs(value: Any) -> Iterable[tuple[str, Any]]:
    """Read a map that PHP may have written as a list (keys 0..n-1) or as `[]`, `""` or null (empty).

    Its keys are texts like others: most of them are somebody's name.
    """
    match value:
        case dict():
            return value.items() if _is_legible(value) else [(text(key) or "", item) for key, item in value.items()]
        case list():
            return ((str(index), item) for index, item in enumerate(value))
        case None | "" | False:
            return ()
    raise DlsPbxResponseError("The PBX sent a value where a list belongs")


def _is_legible(keys: Iterable[str]) -> bool:
    """Tell in one look, as thousands of agents need it, whether `text` would leave all keys as they are."""
    joined = "".join(keys)
    return joined.isprintable() and " " not in joined and len(joined) <= LONGEST_TEXT


def row_map(value: Any) -> dict[str, Row]:
    """Read a map of rows, in either of PHP's shapes."""
    found = value if isinstance(value, dict) and _is_legible(value) else dict(pairs(value))
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
    """Read a text without what nobody could see of it, and no longer than any text is; blank means none."""
    if type(value) is not str:
        if not isinstance(value, int | float) or not isfinite(value):
            return None
        value = str(value)
    if len(value) > LONGEST_TEXT or not value.isprintable():  # hardly ever, and then mostly for a line's end
        value = printable(value[:LONGEST_TEXT])
    return value.strip() or None


def count(row: Mapping[str, Any], field: str) -> int | None:
    """Read a count of a row. PHP writes none as `0`, `""` or null; a count that is left out is unknown."""
    value = row.get(field)
    return 0 if (value is None or value == "") and field in row else integer(value)


def integer(value: Any, most: int = MOST) -> int | None:
    """Read a whole number, however it is quoted."""
    if type(value) is str and value.isdecimal() and len(value) < 10:  # noqa: PLR2004 - nearly always; see `decimal`
        return int(value)
    number = decimal(value, most)
    return None if number is None else int(number)


def decimal(value: Any, most: int = MOST) -> float | None:
    """Read a number, however it is quoted; the PBX has nothing that is less than none, nor as much as `most`."""
    if isinstance(value, bool) or value is None:
        return None
    try:
        number = float(value)
    except TypeError, ValueError, OverflowError:
        return None
    return number if 0 <= number < most else None  # NaN is neither


def boolean(value: Any) -> bool | None:
    """Read a yes or no in PHP's, Asterisk's and people's spellings."""
    match (text(value) or "").casefold():
        case "1" | "yes" | "true" | "on" | "locked":
            return True
        case "0" | "no" | "false" | "off" | "unlocked":
            return False
    return None


def masked(words: str) -> str:
    """Hide phone numbers in a text that people will read, all but the last two digits."""
    return _PHONE_NUMBER.sub(lambda number: "…" + number.group()[-2:], words)
