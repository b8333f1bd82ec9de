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
    new = names(*extensions)
    assert not set(new) & set(extensions)
    # Of zeros in front nobody knows whether they are part of it.
    assert {len(one) for one in new} == {3}
    assert not any(one.startswith("0") for one in new)
    assert names("015")[0].startswith("0")


def test_where_there_are_more_names_than_other_ones_each_still_has_its_own() -> None:
    """Two of ninety queues would become one."""
    numbers = [str(number) for number in range(10, 100)]
    assert len(set(names(*numbers))) > 85


def test_numbers_change_behind_their_area_codes_and_stay_numbers() -> None:
    """A stranger could tell an office's numbers from the pseudonyms, or not call any of them a number."""
    written = [f"815555{number:04}" for number in range(200)]
    new = names(*written)
    assert {one[:3] for one in new} == {"815"}
    assert len({one[3] for one in new}) > 4
    assert len(set(new)) == 200
    assert all(phone_numbers.e164(one, "US") for one in new)


def test_digits_that_are_a_number_at_home_are_one_there_afterwards() -> None:
    """In Germany ten digits may be a number with its country and without: the replayed PBX would call another one."""
    written = [f"4962587{number:03}" for number in range(60)]
    rows = Pseudonyms("DE").answers({"": {"rows": [{"name": one} for one in written]}})[""]["rows"]
    before = {phone_numbers.outside(one, "DE") or "" for one in written}
    after = {phone_numbers.outside(row["name"], "DE") or "" for row in rows}
    assert {(len(one), one[:3]) for one in after} <= {(len(one), one[:3]) for one in before}


def test_a_report_is_replaced_by_its_columns() -> None:
    """Times and words of the PBX would be lost in it, or names would be told."""
    columns = ["date", "direction", "callerid", "billable_duration"]
    known = ["2026-11-23 12:33:55", "Inbound", "Anne Marie", "125"]
    document = {
        "columns": columns,
        "results": [known, known[:2], [*known, "Jerry Garcia"], "Anne Marie", {"date": known[0], "callerid": known[2]}],
    }
    found = Pseudonyms("US").answers({"": document})[""]
    whole, short, long, stray, named = found["results"]
    first, second = whole[2].split()
    assert whole == [*known[:2], f"{first} {second}", known[3]]
    assert {first, second}.isdisjoint({"Anne", "Marie"})
    assert short == known[:2]
    assert long[:4] == whole
    assert {*long[4].split()}.isdisjoint({"Jerry", "Garcia"})
    assert stray == f"{first} {second}"
    assert named == {"date": known[0], "callerid": f"{first} {second}"}
    assert found["columns"] == columns


def test_what_stands_beside_a_report_has_no_columns() -> None:
    """A list of names would be taken for the PBX's words, and be told."""
    found = Pseudonyms("US").answers({"": {"columns": ["status"], "results": [], "others": [["Jerry"], ["Tom"]]}})[""]
    assert "Jerry" not in str(found)
    assert found["columns"] == ["status"]


def test_a_number_without_quotes_may_be_somebodys() -> None:
    """Some PBXs write telephone numbers as JSON's numbers, and counts as well."""
    (number,) = names(8155550142.0)
    assert isinstance(number, float)
    assert number != 8155550142.0
    assert names(0.25) == [0.25]
    assert replaced(123456, field="waiting")[0]["waiting"] == 123456
    assert replaced(1234567, field="waiting")[0]["waiting"] != 1234567


def test_a_long_text_is_no_word_of_the_pbx() -> None:
    """Somebody's note would be told where the PBX has its states."""
    word = "Sideways"
    assert replaced(f"{word:.<40}", field="status")[0]["status"] == f"{word:.<40}"
    assert replaced(f"{word:.<41}", field="status")[0]["status"] != f"{word:.<41}"


def test_an_address_does_not_look_like_an_extension() -> None:
    """In the file it would be found wherever that extension is."""
    (*_, address) = names(*map(str, range(10, 255)), "10.20.30.40")
    assert address.removeprefix("192.0.2.") in set("123456789")


def test_numbers_of_two_countries_are_not_the_same_for_their_last_digits() -> None:
    """A caller from Ireland would be taken for one from Tennessee."""
    irish, american = names("35315550142", "5315550142")
    assert not irish.endswith(american)


def test_every_letter_has_a_capital_that_is_one_letter() -> None:
    """A name would come out longer than it is, and in small letters in between."""
    (new,) = names("\u0141" * 400)  # an L with a stroke: among its neighbors is one whose capital is two
    assert len(new) == 400
    assert new.isupper()
