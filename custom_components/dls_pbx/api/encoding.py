"""Encodings of a body. The vendor's page shows JSON and XML, and speaks of POST parameters; PHP reads forms."""

from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
import re
from typing import Any, Final
from urllib.parse import urlencode
from xml.sax.saxutils import escape

import orjson

from .exceptions import DlsPbxUnwritableError

# The page names these with brackets (`columns[]`) and without.
ARRAYS: Final = frozenset({"columns", "filter_groups", "filters", "options"})
_TAG: Final = re.compile(r"[A-Za-z_][\w.:-]*(\[\])?")
# What no XML document can hold.
_NOT_XML: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Encoding(StrEnum):
    """How a body is written."""

    JSON = "json"
    FORM = "form"
    XML = "xml"


class ArrayNames(StrEnum):
    """How an array parameter is named: as JSON does, as PHP does, or both ways at once."""

    BOTH = "both"
    BARE = "bare"
    BRACKETS = "brackets"


CONTENT_TYPES: Final[Mapping[Encoding, str]] = {
    Encoding.JSON: "application/json",
    Encoding.FORM: "application/x-www-form-urlencoded",
    Encoding.XML: "application/xml",
}


def encode(params: Mapping[str, Any], encoding: Encoding, names: ArrayNames) -> bytes:
    """Write parameters (texts, numbers, lists and maps of them) as a body; raises DlsPbxUnwritableError."""
    match encoding:
        case Encoding.JSON:
            return orjson.dumps(dict(_spelled(params, names)))
        case Encoding.FORM:
            return urlencode(list(_form(params, names)), errors="replace").encode()
        case Encoding.XML:
            request = _element("request", dict(_spelled(params, names)))
            return f'<?xml version="1.0" standalone="yes"?>{request}'.encode()


def _spelled(params: Mapping[str, Any], names: ArrayNames) -> Iterator[tuple[str, Any]]:
    for name, value in params.items():
        if name not in ARRAYS or names is not ArrayNames.BRACKETS:
            yield name, value
        if name in ARRAYS and names is not ArrayNames.BARE:
            yield f"{name}[]", value


def _form(params: Mapping[str, Any], names: ArrayNames) -> Iterator[tuple[str, str]]:
    """Yield the fields of a form as PHP unfolds them: `a[b][0]` is an item of a list in a map."""
    for name, value in params.items():
        if not isinstance(value, list | tuple) or any(isinstance(item, Mapping) for item in value):
            yield from _folded(name, value)
            continue
        # A comma list is the page's other way to write one; where both come, PHP goes by the brackets.
        if name not in ARRAYS or names is not ArrayNames.BRACKETS:
            yield name, ",".join(map(str, value))
        if name in ARRAYS and names is not ArrayNames.BARE:
            yield from ((f"{name}[]", str(item)) for item in value)


def _folded(name: str, value: Any) -> Iterator[tuple[str, str]]:
    match value:
        case Mapping():
            for key, item in value.items():
                yield from _folded(f"{name}[{key}]", item)
        case list() | tuple():
            for index, item in enumerate(value):
                yield from _folded(f"{name}[{index}]", item)
        case _:
            yield name, str(value)


def _element(name: str, value: Any) -> str:
    """Write an element; a list of texts as an element for each, a list of maps as the page's answers have it."""
    if not _TAG.fullmatch(name):
        raise DlsPbxUnwritableError("The PBX takes XML only, in which a field cannot be called so")
    match value:
        case Mapping():
            return f"<{name}>{''.join(_element(key, item) for key, item in value.items())}</{name}>"
        case list() | tuple():
            return _elements(name, value)
    return f"<{name}>{escape(_NOT_XML.sub('�', str(value)))}</{name}>"


def _elements(name: str, items: Sequence[Any]) -> str:
    if any(isinstance(item, Mapping) for item in items):
        return f"<{name}>{''.join(_element('array', item) for item in items)}</{name}>"
    return "".join(_element(name, item) for item in items)
