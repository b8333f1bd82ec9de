"""Fields of a request, checked: what is missing, of the wrong type or unheard of is refused."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from simulator.engine import PbxError
from simulator.wire.requests import items


def text(fields: Mapping[str, Any], name: str, default: str | None = None) -> str:
    """Return a text; the page's samples write phone numbers as numbers, so those are text as well."""
    value = fields.get(name, default)
    if value is None:
        raise PbxError(f"Missing field '{name}'")
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise PbxError(f"'{name}' must be a text")
    return str(value)


def required(fields: Mapping[str, Any], name: str) -> str:
    """Return a text that may not be blank."""
    value = text(fields, name)
    if not value.strip():
        raise PbxError(f"Missing field '{name}'")
    return value


def texts(fields: Mapping[str, Any], name: str) -> Sequence[str]:
    """Return the texts of a list, a comma list or a single value."""
    given = items(fields.get(name))
    if given is None or given == []:
        raise PbxError(f"Missing field '{name}'")
    if not isinstance(given, list):
        given = [given]
    return [text({name: one}, name) for one in given]


def whole(fields: Mapping[str, Any], name: str, default: int | None = None, *, at_least: int = 0) -> int:
    """Return a whole number, given as a number or as digits."""
    given = text(fields, name, None if default is None else str(default))
    if not (given.isascii() and given.isdigit()) or int(given) < at_least:
        raise PbxError(f"'{name}' must be a whole number of at least {at_least}")
    return int(given)


def one_of(fields: Mapping[str, Any], name: str, known: Collection[str], default: str) -> str:
    """Return one of the known words, in lower case."""
    given = text(fields, name, default).lower()
    if given not in known:
        raise PbxError(f"'{name}' must be one of: {', '.join(sorted(known))}")
    return given
