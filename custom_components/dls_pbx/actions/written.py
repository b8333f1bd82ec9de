"""Texts as automations write them: what YAML and templates made of them, as far as it can be mended."""

from typing import Any

from ..errors import wrong_input


class Bare(str):
    """A text that came as a bare number: `+3161234567` lost its plus, `02134` was read as an octal number."""

    __slots__ = ()


def quoted(field: str, text: str) -> str:
    """Return a text in which a plus and leading zeros count; raises ServiceValidationError for a bare number."""
    if isinstance(text, Bare):
        raise wrong_input("unquoted_field", field=field)
    return text


def whole(field: str, text: str) -> str:
    r"""Return a text with its emoji whole, which YAML writes as two halves (`"\ud83d\udd0b"`).

    Raises ServiceValidationError for a half alone: it is no letter, and cannot be sent.
    """
    if text.isascii():
        return text
    try:
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le")
    except UnicodeDecodeError:
        raise wrong_input("broken_text", field=field) from None


def all_whole(field: str, value: Any) -> Any:
    """Return a field's value with all texts in it whole."""
    match value:
        case str():
            return whole(field, value)
        case list():
            return [all_whole(field, item) for item in value]
        case dict():
            return {all_whole(field, name): all_whole(field, item) for name, item in value.items()}
    return value
