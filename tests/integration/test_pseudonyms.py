"""Pseudonyms: one for one, in the PBX's own shape."""

from typing import Any

import pytest

from custom_components.dls_pbx import phone_numbers
from custom_components.dls_pbx.support.pseudonyms import Pseudonyms


def replaced(*values: Any, field: str = "name") -> list[Any]:
    """Return values of one field without whom they are about."""
    return Pseudonyms("US").answers({"": {"rows": [{field: value} for value in values]}})[""]["rows"]


def names(*values: Any) -> list[Any]:
    """Return names without whom they are about."""
    return [row["name"] for row in replaced(*values)]


def test_what_was_equal_stays_equal_in_every_spelling() -> None:
    """A call could not be told to belong to its caller, nor an agent to a phone."""
    first, *others = names("8155550142", "+1 (815) 555-0142", "18155550142", "011 1 815 555 0142", 8155550142)
    assert first != "8155550142"
    assert first.startswith("815")
    assert {phone_numbers.digits(str(one))[-10:] for one in others} == {first}
    extension, label, number = names("630", "630@default - Tom", 630)
    assert label.startswith(f"{extension}@")
    assert str(number) == extension != "630"
    lower, upper, other = names("sales", "Sales", "Sale")
    assert lower == upper.casefold()
    assert upper[0].isupper()
    assert other.casefold() not in lower


@pytest.mark.parametrize("written", ["2125550142", "+442079460123", "442079460123", "011 44 20 7946 0123", "5550142"])
def test_a_number_stays_one_of_its_kind(written: str) -> None:
    """A stranger would look for the fault among numbers that nobody can call."""
    (new,) = names(written)
    assert new != written
    assert (phone_numbers.e164(new, "US") is None) == (phone_numbers.e164(written, "US") is None)
    assert len(new) == len(written)
    assert new[:3] == written[:3]


@pytest.mark.parametrize(
    "text",
    [
        "anonymous", "0000000000", "+10000000000", "266696687", "-1", "N/A", "", "s", "2026-11-23 12:33:55",
        "1795437235.45", "(ringinuse enabled) (dynamic) (in call)", "was 12 secs ago",
    ],
)  # fmt: skip
def test_what_is_nobodys_stays(text: str) -> None:
    """Who hides would get a number, and a clock another time."""
    assert names(text) == [text]


@pytest.mark.parametrize(
    "text",
    [
        "Anne-Marie O'Neill", "Zoë Jürgens", "Ирина", "王小明", "tom@example.com", "10.20.30.40", "00:15:65:12:ab:cd",
        "00156512abcd.cfg", '"SMITH "BOB" J" <8155550123>', "Ring me back at 815 555 0123, says Bob 🔋",
    ],
)  # fmt: skip
def test_whoever_is_named_is_somebody_else(text: str) -> None:
    """A stranger would read who calls and what they text."""
    (new,) = names(text)
    assert new != text
    assert not _telling(text) & _telling(new)
    assert [char for char in new if not char.isalnum()] == [char for char in text if not char.isalnum()]


def _telling(text: str) -> set[str]:
    """Return the words that tell of whom a text is: a byte of an address is the same by chance."""
    words = "".join(char if char.isalnum() else " " for char in text).split()
    return {word for word in words if len(word) > (2 if word.isalpha() else 3)}


def test_what_the_pbx_says_of_itself_stays() -> None:
    """Words, counts and shapes are what a stranger's help begins with."""
    document = {
        "result": "success", "added_later": [], "status": "Sideways", "waiting": "12", "hunt": "ringall", "paused": 0,
        "elapsed": "4m 3s", "calls": {"inbound": [], "outbound": {}}, "fax_stats": {"queued_faxes": "0", "new": 17},
    }  # fmt: skip
    assert Pseudonyms("US").answers({"": document}) == {"": document}


def test_a_sentence_in_a_field_of_states_is_somebodys() -> None:
    """A PBX that writes who is on the phone into its status would tell it to all."""
    for text in ("On a call with 8155550142", "tom@example.com", "Out until Monday, ask Anne-Marie about the contract"):
        assert replaced(text, field="status")[0]["status"] != text


def test_names_that_are_keys_are_replaced_and_fields_are_not() -> None:
    """A queue's name stands in a key, where a field's name stands elsewhere."""
    document = {
        "queues": {"sales": {"queue": "sales", "agents": {"tom4k2m1": {"name": "Tom", "presence": "away"}}}},
        "users": {"tom4k2m1": {"authid": "tom4k2m1"}},
    }  # fmt: skip
    found = Pseudonyms("US").answers({"": document})[""]
    ((queue, row),) = found["queues"].items()
    ((agent, of),) = row["agents"].items()
    assert queue == row["queue"] != "sales"
    assert set(of) == {"name", "presence"}
    assert found["users"] == {agent: {"authid": agent}}
    assert agent != "tom4k2m1"


def test_nobody_gets_the_name_of_somebody_else() -> None:
    """A reader would take one colleague for another, and the file would still name both."""
    extensions = [str(number) for number in range(100, 400)]
    assert not set(names(*extensions)) & set(extensions)


def test_where_there_are_more_names_than_other_ones_each_still_has_its_own() -> None:
    """Two of ninety queues would become one."""
    numbers = [str(number) for number in range(10, 100)]
    assert len(set(names(*numbers))) > 85
