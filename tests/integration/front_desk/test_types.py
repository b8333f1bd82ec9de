"""The rows in Python and in JavaScript are the same rows."""

from enum import StrEnum
import re
from types import NoneType, UnionType
from typing import Any, get_args, get_origin, get_type_hints, is_typeddict

import pytest

from custom_components.dls_pbx.actions.sms import LONGEST_MESSAGE
from custom_components.dls_pbx.api.models import CallDirection
from custom_components.dls_pbx.front_desk import callback_commands, layout, lists, records_rows, rows
from custom_components.dls_pbx.front_desk.static_files import WWW
from tests.helpers.paths import read

TYPEDEF = re.compile(r"@typedef \{object\} (\w+)(.*?)\*/", re.DOTALL)
PROPERTY = re.compile(r"@property \{(.+?)\} (\w+)(?: |$)", re.MULTILINE)
UNION = re.compile(r'@typedef \{("[^{}]+)\} (\w+)')
FILES = {
    "data/subscribe-types.js": (rows,),
    "data/layout-types.js": (layout,),
    "data/records-types.js": (records_rows, lists, callback_commands),
}
ROWS = {
    (file, name): kind
    for file, modules in FILES.items()
    for module in modules
    for name, kind in vars(module).items()
    if is_typeddict(kind)
}
NAMES: dict[Any, str] = {str: "string", int: "number", float: "number", bool: "boolean", NoneType: "null"}


def in_javascript(file: str) -> dict[str, dict[str, set[str]]]:
    """Return the alternatives of each property of each row that a file has."""
    text = (WWW / file).read_text("utf-8")
    unions = {name: union for union, name in UNION.findall(text)}
    return {
        name: {key: set("|".join(unions.get(one, one) for one in kind.split("|")).split("|")) for kind, key in found}
        for name, body in TYPEDEF.findall(text)
        if (found := PROPERTY.findall(body))
    }


def spelled(kind: Any) -> set[str]:
    """Return the alternatives of a Python type as JSDoc spells them."""
    if isinstance(kind, UnionType):
        return set().union(*(spelled(one) for one in get_args(kind)))
    if get_origin(kind) is list:
        (of,) = get_args(kind)
        return {f"{one}[]" for one in spelled(of)}
    if get_origin(kind) is dict:
        _, of = get_args(kind)
        return {f"Record<string, {one}>" for one in spelled(of)}
    if is_typeddict(kind):
        return {kind.__name__.removesuffix("Row")}
    if issubclass(kind, StrEnum):
        # An unknown one is sent as null.
        return {f'"{one}"' for one in kind if one != "unknown"}
    return {NAMES[kind]}


@pytest.mark.parametrize("file", FILES)
def test_both_sides_know_the_same_rows(file: str) -> None:
    """The card would wait for a table that is never sent."""
    assert {name.removesuffix("Row") for one, name in ROWS if one == file} == set(in_javascript(file))


@pytest.mark.parametrize(("file", "name"), ROWS)
def test_a_row_has_the_same_fields_of_the_same_types_on_both_sides(file: str, name: str) -> None:
    """The card would show "undefined", or nothing, where something is known."""
    in_python = {key: spelled(kind) for key, kind in get_type_hints(ROWS[file, name]).items()}
    assert in_python == in_javascript(file)[name.removesuffix("Row")]


@pytest.mark.parametrize("language", ["en", "es"])
def test_each_direction_of_a_call_has_a_word(language: str) -> None:
    """A caller's last calls would say "call_unknown" where the PBX has a word of its own."""
    texts = read(f"translations/{language}.json")["common"]
    assert [way for way in CallDirection if not texts.get(f"front_desk_call_{way}")] == []


def test_both_sides_let_a_text_be_as_long() -> None:
    """A text would be refused that the box had called short enough, or the other way round."""
    box = (WWW / "messages" / "drafts.js").read_text("utf-8")
    (limit,) = re.findall(r"^export const LIMIT = (\d+);$", box, re.MULTILINE)
    assert int(limit) == LONGEST_MESSAGE
