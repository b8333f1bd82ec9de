"""Formats of an answer, five of them: JSON, XML, YAML, CSV and plain text."""

from collections.abc import Iterator, Mapping
import csv
from enum import StrEnum
import io
import json
import re
from typing import Any
from xml.sax.saxutils import escape

import orjson
import yaml  # type: ignore[import-untyped]  # its stubs are a package of their own

from simulator.engine import PbxError
from simulator.quirks.switches import Quirks
from simulator.wire.characters import with_odd_characters

type Document = dict[str, Any]


class Format(StrEnum):
    """A format, under the name that `api_format` knows it by."""

    JSON = "json"
    XML = "xml"
    YAML = "yaml"
    CSV = "csv"
    PLAIN = "plain"


CONTENT_TYPES = {
    Format.JSON: "application/json",
    Format.XML: "application/xml",
    Format.YAML: "application/x-yaml",
    Format.CSV: "text/csv",
    Format.PLAIN: "text/plain",
}
_BY_CONTENT_TYPE = {content_type: name for name, content_type in CONTENT_TYPES.items()}


def choose(api_format: str | None, accept: str) -> Format:
    """Return the format asked for: the parameter before the header, JSON when neither says; PbxError if unknown."""
    if api_format is not None:
        try:
            return Format(api_format.lower())
        except ValueError:
            raise PbxError(f"Unknown api_format '{api_format}'") from None
    ranges = sorted((_media_range(part) for part in accept.split(",")), key=lambda found: -found[1])
    return next((_BY_CONTENT_TYPE[name] for name, weight in ranges if weight and name in _BY_CONTENT_TYPE), Format.JSON)


def _media_range(part: str) -> tuple[str, float]:
    name, _, parameters = part.partition(";")
    weight = re.search(r"(?:^|;)\s*q=([01](?:\.\d+)?)", parameters)
    return name.strip().lower(), float(weight[1]) if weight else 1.0


def encode(document: Document, wanted: Format, quirks: Quirks, endpoint: str) -> bytes:
    """Return an answer's body."""
    match wanted:
        case Format.JSON:
            return _json(document, quirks)
        case Format.XML:
            return f'<?xml version="1.0" encoding="UTF-8"?>{_xml("response", document, endpoint)}'.encode()
        case Format.YAML:
            return _yaml(document)
        case Format.CSV:
            return _csv(document)
        case Format.PLAIN:
            return _plain(document).encode()


def _json(document: Document, quirks: Quirks) -> bytes:
    if quirks.characters != "utf8":
        return with_odd_characters(document, quirks.characters)
    if quirks.php_escapes:
        return json.dumps(document, separators=(",", ":")).replace("/", "\\/").encode()
    if quirks.whitespace == "ragged":
        return json.dumps(document, indent="\t", separators=(" ,\r", " :  "), ensure_ascii=False).encode()
    return orjson.dumps(document, option=orjson.OPT_INDENT_2 if quirks.whitespace == "pretty" else 0)


# Where the page repeats a list's own element instead of writing <array> inside it.
_REPEATED = frozenset({("status", "inbound"), ("status", "outbound"), ("status", "internal"), ("sms", "results")})
_NOT_A_NAME = re.compile(r"[^A-Za-z0-9_.-]")
_NOT_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def _xml(name: str, value: Any, endpoint: str) -> str:
    tag = _NOT_A_NAME.sub("_", name)
    if not tag[:1].isalpha():
        tag = f"_{tag}"  # a queue named "0" is no name for an element
    if isinstance(value, list) and (endpoint, name) in _REPEATED:
        return "".join(_xml(name, item, endpoint) for item in value)
    return f"<{tag}>{_xml_content(value, endpoint)}</{tag}>"


def _xml_content(value: Any, endpoint: str) -> str:
    match value:
        case dict():
            return "".join(_xml(name, item, endpoint) for name, item in value.items())
        case list():
            return "".join(
                _xml("array" if isinstance(item, dict | list) else "value", item, endpoint) for item in value
            )
        case None:
            return ""
    return escape(_NOT_XML.sub("", str(value)))


class _Quoted(str):
    """Text that YAML writes in double quotes, as the page does with every value."""

    __slots__ = ()


class _Dumper(yaml.CSafeDumper):  # type: ignore[misc]  # untyped, as above
    """Never an anchor: the page has none."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002 - PyYAML's signature
        """Write a value again rather than point at it."""
        return True


_Dumper.add_representer(_Quoted, lambda dumper, text: dumper.represent_scalar("tag:yaml.org,2002:str", str(text), '"'))


def _yaml(document: Document) -> bytes:
    text: str = yaml.dump(
        _quoted(document), Dumper=_Dumper, explicit_start=True, sort_keys=False, allow_unicode=True, width=2**20
    )
    return text.encode()


def _quoted(value: Any) -> Any:
    match value:
        case dict():
            return {str(name): _quoted(item) for name, item in value.items()}
        case list():
            return [_quoted(item) for item in value]
        case str():
            return _Quoted(value)
    return value


def _csv(document: Document) -> bytes:
    """Write a line per value: the names that lead to it, then the value; the error's line is always there."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["result", document["result"]])
    writer.writerow(["error", document.get("error", "")])
    writer.writerows(_paths({key: value for key, value in document.items() if key not in {"result", "error"}}))
    return out.getvalue().encode()


def _paths(value: Any) -> Iterator[list[str]]:
    match value:
        case Mapping():
            for name, item in value.items():
                yield from ([name, *path] for path in _paths(item))
        case list() if value and all(not isinstance(item, dict | list) for item in value):
            yield ["" if item is None else str(item) for item in value]
        case list():
            for item in value:
                yield from _paths(item)
        case _:
            yield ["" if value is None else str(value)]


def _plain(document: Document) -> str:
    """Write the id of what was made, 0 where nothing has one, -1 for an error."""
    if document["result"] != "success":
        return "-1"
    return str(document.get("id", 0))
