"""PHP's shapes, numbers, yes and no, and what is hidden in a text."""

from typing import Any

import pytest

from custom_components.dls_pbx.api import DlsPbxResponseError, wire


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"a": 1}, {"a": 1}),
        ([7, 8], {"0": 7, "1": 8}),
        ([], {}),
        ({}, {}),
        ("", {}),
        (None, {}),
        (False, {}),
    ],
)
def test_a_map_is_read_in_both_of_php_shapes(value: Any, expected: dict[str, Any]) -> None:
    """PHP has one type for both, and prints a list wherever the keys allow it."""
    assert dict(wire.pairs(value)) == expected


@pytest.mark.parametrize("value", ["text", 0, 1, 1.5, True])
def test_a_value_in_place_of_a_list_is_no_empty_list(value: Any) -> None:
    """Else an answer that is broken would empty the office."""
    with pytest.raises(DlsPbxResponseError):
        wire.pairs(value)


@pytest.mark.parametrize("value", [["text"], [None], {"a": []}])
def test_something_else_than_rows_is_no_answer(value: Any) -> None:
    """Else it would be an exception from deep inside."""
    with pytest.raises(DlsPbxResponseError):
        wire.rows(value)


@pytest.mark.parametrize(
    ("value", "number"),
    [
        ("6", 6),
        (6, 6),
        (6.0, 6),
        (" 6 ", 6),
        ("6.9", 6),
        ("-3", None),
        (-3, None),
        ("999999999", 999999999),
        ("1000000000", None),
        (10**12, None),
        ("-0", 0),
        (float("inf"), None),
        ("٣٤", 34),
        ("", None),
        (None, None),
        ("many", None),
        ("nan", None),
        ("inf", None),
        ("9" * 400, None),
        (True, None),
        ([], None),
    ],
)
def test_a_number_is_read_however_it_is_quoted(value: Any, number: int | None) -> None:
    """PHP quotes numbers or not, as the database driver has it; an office with -3 calls or a billion has neither."""
    assert wire.integer(value) == number


@pytest.mark.parametrize(
    ("row", "count"),
    [
        ({"n": "6"}, 6),
        ({"n": 0}, 0),
        ({"n": ""}, 0),
        ({"n": None}, 0),
        ({}, None),
        ({"n": "many"}, None),
        ({"n": []}, None),
    ],
)
def test_a_blank_count_is_none_and_a_missing_one_unknown(row: dict[str, Any], count: int | None) -> None:
    """PHP writes no faxes as "", but a PBX that does not count them must not show 0."""
    assert wire.count(row, "n") == count


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("1", True),
        (1, True),
        (True, True),
        ("Yes", True),
        ("Locked", True),
        ("0", False),
        (0, False),
        (False, False),
        ("no", False),
        ("Unlocked", False),
        ("", None),
        (None, None),
        ("perhaps", None),
    ],
)
def test_yes_and_no_have_many_spellings(value: Any, expected: bool | None) -> None:
    """The page alone has three."""
    assert wire.boolean(value) is expected


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("Placing call to pd-12-8-3 at 8153556261", "Placing call to pd-12-8-3 at …61"),
        ("+18155550123 is not valid", "…23 is not valid"),
        ("(815) 555-0123", "(…23"),
        ("1-815-555-0123", "…23"),
        ("815.555.0123", "…23"),
        ("815/555/0123", "…23"),
        ("815 \N{EN DASH} 555 \N{EN DASH} 0123", "…23"),
        ("555-0123", "…23"),
        ("00 49 89 1234 5678", "…78"),
        ('"John" <8881234567>', '"John" <…67>'),
        ("8155550123,8475550199", "…23,…99"),
        ("tel:+18155550123;phone-context=x", "tel:…23;phone-context=x"),
        ("Extension 630 is busy", "Extension 630 is busy"),
        ("630@default-Tom", "630@default-Tom"),
        ("[Dec 29 17:32:12] STATUS: Ready for dialing", "[Dec 29 17:32:12] STATUS: Ready for dialing"),
        ("list 8, step 39", "list 8, step 39"),
    ],
)
def test_phone_numbers_are_hidden_in_texts(written: str, shown: str) -> None:
    """A number in a log or an error is told to everybody who sees it."""
    assert wire.masked(written) == shown


def test_an_id_may_be_larger_than_any_count() -> None:
    """A text whose id is no id could be told twice."""
    assert wire.integer("20261123000001", wire.MOST_ID) == 20261123000001
    assert wire.integer("9" * 16, wire.MOST_ID) is None


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("Zoë 🦊", "Zoë 🦊"),
        ("two\nlines\tand a tab", "two\nlines\tand a tab"),
        ("a\0b\x1b[31m\x7f", "ab[31m"),
        ("half \ud83d of a fox", "half  of a fox"),
        ("\0", None),
        (" \x01 ", None),
        (12, "12"),
        (1.5, "1.5"),
        (float("nan"), None),
        (float("inf"), None),
        (["x"], None),
        ({"x": 1}, None),
    ],
)
def test_a_text_has_what_can_be_seen_and_written_down(value: Any, text: str | None) -> None:
    """A database refuses the whole state for one NUL or half of an emoji, and the entity stands still."""
    assert wire.text(value) == text


def test_no_text_is_longer_than_any_text_is() -> None:
    """A name of a megabyte would go into the registry, every state and every log."""
    assert wire.text("x" * 2**20) == "x" * wire.LONGEST_TEXT


def test_the_keys_of_a_map_are_texts_like_others() -> None:
    """Queues, agents and counters are named by them."""
    assert dict(wire.pairs({" a\0 ": 1, "b" * 2**20: 2})) == {"a": 1, "b" * wire.LONGEST_TEXT: 2}


@pytest.mark.parametrize(
    ("body", "read"),
    [
        (rb'["\ud83d"]', ["\ufffd"]),
        (rb'["\ude00"]', ["\ufffd"]),
        (rb'["\ud83d\ud83d\ude00"]', ["\ufffd\U0001f600"]),
        (rb'["\\ud83d\ude00"]', ["\\ud83d\ufffd"]),
        (rb'["\\\ud83d"]', ["\\\ufffd"]),
        (rb'["\\ud83d", "\ud83d"]', ["\\ud83d", "\ufffd"]),
        (b'["\xed\xa0\xbd"]', ["\ufffd" * 3]),
    ],
)
def test_half_of_a_character_costs_that_letter_and_no_other(body: bytes, read: list[str]) -> None:
    """A phone cuts its owner's name in the middle of an emoji, and a backslash before it is no part of that."""
    assert wire.document(body) == read


@pytest.mark.parametrize("depth", [1_500, 40_000, 200_000])
@pytest.mark.parametrize(("opens", "closes"), [("[", "]"), ('{"a":', "}")])
def test_what_is_nested_without_end_is_no_answer(depth: int, opens: str, closes: str) -> None:
    """What goes through it by recursion would end in the middle of a poll, with an error that nobody expects."""
    assert wire.document(f"{opens * depth}1{closes * depth}".encode()) is None


def test_what_is_not_a_number_is_not_nothing() -> None:
    """A list that is `Infinity` would be an empty one."""
    with pytest.raises(DlsPbxResponseError):
        wire.pairs(wire.document(b"Infinity"))
