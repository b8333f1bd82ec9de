"""The front desk's texts: JavaScript asks for those that the backend has, and for all of them."""

import re

import pytest

from custom_components.dls_pbx.front_desk.static_files import WWW
from tests.helpers.paths import translations

PREFIX = "front_desk_"
PLACEHOLDER = re.compile(r"\{(\w+)\}")


def texts(language: str) -> dict[str, str]:
    """Return the front desk's texts by the keys that JavaScript uses."""
    common = translations(language)["common"]
    return {key.removeprefix(PREFIX): text for key, text in common.items() if key.startswith(PREFIX)}


@pytest.fixture(scope="module")
def code() -> str:
    """Return all of the JavaScript."""
    return "\n".join(path.read_text("utf-8") for path in sorted(WWW.rglob("*.js")))


def test_every_text_that_is_asked_for_is_there(code: str) -> None:
    """People would read "sms_over" instead of what is wrong with their message."""
    asked = set(re.findall(r'\bt\(\s*"(\w+)"', code))
    assert asked
    assert asked - texts("en").keys() == set()


def test_every_text_is_asked_for(code: str) -> None:
    """Translators would translate what nobody ever reads."""
    literal = set(re.findall(r'"(\w+)"', code))
    beginnings = tuple(re.findall(r"`([a-z]+_)\$\{", code))
    assert {key for key in texts("en") if key not in literal and not key.startswith(beginnings)} == set()


@pytest.mark.parametrize("kind", ["state", "call", "level", "section", "empty"])
def test_every_value_that_makes_a_key_has_a_text(code: str, kind: str) -> None:
    """People would read the bare name of a state."""
    types = "".join(path.read_text("utf-8") for path in (WWW / "data").glob("*-types.js"))
    sections = set(re.findall(r'"(\w+)"', next(re.finditer(r"SECTIONS = .*?;", code, re.DOTALL)).group()))
    values = {
        "state": set(re.findall(r'"(\w+)"', "".join(re.findall(r'\{"(?:avail|wait).*\}', types)))) | {"unknown"},
        "call": {"inbound", "outbound", "internal"},
        "level": {"ok", "amber", "red", "unknown"},
        "section": sections,
        "empty": sections - {"sms"},
    }[kind]
    assert values
    assert {f"{kind}_{value}" for value in values} - texts("en").keys() == set()


def test_both_languages_have_the_same_texts_with_the_same_placeholders_in_as_many_forms() -> None:
    """In one language a number or a name would be missing."""

    def shape(text: str) -> list[list[str]]:
        return [sorted(PLACEHOLDER.findall(form)) for form in text.split("|")]

    english, spanish = ({key: shape(text) for key, text in texts(language).items()} for language in ("en", "es"))
    assert english == spanish
