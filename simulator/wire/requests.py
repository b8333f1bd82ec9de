"""Requests as PHP would see them: a JSON, XML or form body becomes one map of fields."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
import re
from typing import Any
from xml.etree import ElementTree as ET

import orjson

from simulator.engine import PbxError

type Fields = dict[str, Any]

DEEPEST = 20  # levels of a request; the page's filter groups have five
_TOO_DEEP = "The request body is nested too deep"
ARRAYS = ("columns", "filters", "options")  # the page spells these with and without brackets


class Encoding(StrEnum):
    """How a body is written."""

    JSON = "json"
    XML = "xml"
    FORM = "form"
    EMPTY = "empty"


def encoding_of(content_type: str, body: bytes) -> Encoding:
    """Return a body's encoding: what the header says, or else what the body looks like.

    No form begins as JSON does, so JSON under the header that curl sends by itself is JSON all the same.
    """
    if content_type.startswith("multipart/"):
        return Encoding.FORM
    if not body.strip():
        return Encoding.EMPTY
    if content_type.endswith("x-www-form-urlencoded") and body.lstrip().startswith(b"{"):
        return Encoding.JSON
    for name, encoding in (("json", Encoding.JSON), ("xml", Encoding.XML), ("x-www-form-urlencoded", Encoding.FORM)):
        if content_type.endswith(name):
            return encoding
    return {b"{": Encoding.JSON, b"<": Encoding.XML}.get(body.lstrip()[:1], Encoding.FORM)


def read_json(body: bytes) -> Fields:
    """Return the fields of a JSON body."""
    try:
        fields = orjson.loads(body)
    except orjson.JSONDecodeError:
        raise PbxError("The request body is not valid JSON") from None
    if not isinstance(fields, dict):
        raise PbxError("The request body must be a JSON object")
    _check_depth(fields)
    return fields


def _check_depth(fields: Fields) -> None:
    """Refuse what nobody means, before whoever walks through it runs out of stack."""
    level: list[Any] = [fields]
    for _ in range(DEEPEST):
        level = [
            inner
            for outer in level
            for inner in (outer.values() if isinstance(outer, dict) else outer)
            if isinstance(inner, dict | list)
        ]
    if level:
        raise PbxError(_TOO_DEEP)


# The page's own sample has <filters[]>, which no XML parser takes.
_BRACKETED_TAG = re.compile(r"(</?[A-Za-z_][\w.:-]*)\[\](?=[\s/>])")
# A contact's own fields have a prefix that looks like one of XML's, which nobody declares.
_CUSTOM = "custom:"
_BRACKETS = "..brackets"
_DECLARED = f"{{{_CUSTOM}}}"
_REQUEST = re.compile(r"<request(?=[\s/>])(?![^>]*\sxmlns:custom\s*=)")
_DECLARATION = re.compile(r"^\ufeff?\s*<\?xml[^>]*\?>")


def read_xml(body: bytes) -> Fields:
    """Return the fields of an XML body with a <request> in it; one with a document type is refused unread."""
    try:
        text = _DECLARATION.sub("", body.decode())
        if "<!DOCTYPE" in text or "<!ENTITY" in text:
            raise PbxError("The request body must not have a document type")
        text = _REQUEST.sub(f'<request xmlns:custom="{_CUSTOM}"', _BRACKETED_TAG.sub(rf"\1{_BRACKETS}", text), count=1)
        root = ET.fromstring(text, ET.XMLParser(target=_Shallow()))  # noqa: S314 - no document type gets this far
    except UnicodeDecodeError, ET.ParseError:
        raise PbxError("The request body is not valid XML") from None
    if root.tag != "request":
        raise PbxError("The request body must be a <request>")
    fields = _xml_value(root)
    return fields if isinstance(fields, dict) else {}


class _Shallow(ET.TreeBuilder):
    """A tree that does not grow too high."""

    _depth = 0

    def start(self, tag: str, attrs: dict[str, str], /) -> ET.Element:
        """Go down a level."""
        self._depth += 1
        if self._depth > DEEPEST:
            raise PbxError(_TOO_DEEP)
        return super().start(tag, attrs)

    def end(self, tag: str, /) -> ET.Element:
        """Go up a level."""
        self._depth -= 1
        return super().end(tag)


def _xml_value(element: ET.Element) -> Any:
    """Return an element's text, fields or items; an element that comes twice is a list."""
    if not len(element):
        return element.text or ""
    children = [
        (child.tag.replace(_DECLARED, _CUSTOM).replace(_BRACKETS, "[]"), _xml_value(child)) for child in element
    ]
    if {tag for tag, _ in children} <= {"array", "value"}:
        return [value for _, value in children]
    fields: Fields = {}
    for tag, value in children:
        if tag not in fields:
            fields[tag] = value
        elif isinstance(fields[tag], list):
            fields[tag].append(value)
        else:
            fields[tag] = [fields[tag], value]
    return fields


_NAME = re.compile(r"([^\[\]]+)((?:\[[^\[\]]*\])*)")


def read_form(pairs: Iterable[tuple[str, str]]) -> Fields:
    """Return the fields of a form, brackets unfolded as PHP does: `a[b][]=1` is {"a": {"b": ["1"]}}."""
    fields: Fields = {}
    for name, value in pairs:
        found = _NAME.fullmatch(name)
        if found and found[2] == "[]":  # kept apart from the bare name: both may come
            fields.setdefault(name, []).append(value)
            continue
        if found and found[2].count("[") > DEEPEST:
            raise PbxError(_TOO_DEEP)
        keys = [found[1], *found[2][1:-1].split("][")] if found and found[2] else [name]
        node = fields
        for key, following in zip(keys, [*keys[1:], None], strict=True):
            key = key or str(len(node))  # noqa: PLW2901 - `[]` is the next free place
            if following is None:
                node[key] = value
            else:
                inner = node.get(key)
                node[key] = node = inner if isinstance(inner, dict) else {}
    return {key: _as_list(value) for key, value in fields.items()}


def _as_list(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    if list(value) == [str(index) for index in range(len(value))]:
        return [_as_list(item) for item in value.values()]
    return {key: _as_list(item) for key, item in value.items()}


def without_brackets(fields: Mapping[str, Any], names: str = "both", encoding: Encoding = Encoding.JSON) -> Fields:
    """Return the fields with `columns[]` read as `columns`.

    `names` tells which spelling the PBX sees (both, bare, brackets). Both at once must say the same.
    """
    read: Fields = {}
    for name, value in fields.items():
        bare = name.removesuffix("[]")
        # The brackets of a form's `filters[from]` are unfolded already.
        unfolded = encoding is Encoding.FORM and isinstance(value, dict)
        if names != "both" and bare in ARRAYS and not unfolded and (name == bare) != (names == "bare"):
            continue
        if bare in read and items(read[bare]) != items(value):
            raise PbxError(f"'{bare}' and '{bare}[]' say different things")
        read[bare] = value
    return read


def items(value: Any) -> Any:
    """Return a list's items, given as a list or as a comma list; anything else as it is."""
    if isinstance(value, str):
        return [part.strip() for part in value.split(",") if part.strip()]
    return value
