"""Phone numbers and extensions as people, automations and the PBX write them."""

import pytest

from custom_components.dls_pbx import phone_numbers

AUTH_ID = "beaucrn6"


@pytest.mark.parametrize(
    ("written", "region", "number"),
    [
        ("+18155550123", "US", "+18155550123"),
        ("8155550123", "US", "+18155550123"),
        ("18155550123", "US", "+18155550123"),
        ("(815) 555-0123", "US", "+18155550123"),
        (" 815.555.0123 ", "US", "+18155550123"),
        ("1-815-555-0123", "US", "+18155550123"),
        ("tel:+18155550123", "US", "+18155550123"),
        ("+49 30 1234567", "US", "+49301234567"),
        ("011 49 30 1234567", "US", "+49301234567"),
        ("030 1234567", "DE", "+49301234567"),
        ("2223334444", "US", "+12223334444"),
        ("1112224444", "US", "+11112224444"),
    ],
)
def test_a_number_is_known_in_every_usual_spelling(written: str, region: str, number: str) -> None:
    """Otherwise people would have to learn E.164 before they can send a text."""
    assert phone_numbers.e164(written, region) == number


@pytest.mark.parametrize(
    "written",
    [
        "",
        "5550123",
        "+2223334444",
        "1-800-FLOWERS",
        "815-555-0123 ext. 5",
        "8155550123;630",
        "+",
        "911",
        "+9991234567",
        "81555501234567",
    ],
)
def test_what_cannot_be_dialed_as_it_stands_is_no_number(written: str) -> None:
    """A guessed digit sends somebody's text to a stranger."""
    assert phone_numbers.e164(written, "US") is None


@pytest.mark.parametrize(
    ("written", "party"),
    [
        ("630", "630"),
        (" 6 30 ", "630"),
        ("123456", "123456"),
        ("630@north-side", "630@north-side"),
        ("630@Tenant With Spaces", "630@Tenant With Spaces"),
        (AUTH_ID, AUTH_ID),
        ("zzz9zzzz", None),
        ("letters", None),
        ("tom@example.com", None),
        ("630@", None),
        ("5550123", None),
        ("", None),
        ("630-631", None),
        ("630/631", None),
        ("7378742833", None),
        ("+10000000000", None),
        ("0000", None),
        ("-1", None),
    ],
)
def test_a_recipient_is_a_number_an_extension_or_a_user(written: str, party: str | None) -> None:
    """A name or a typing error must not reach the PBX, which may take it for somebody."""
    assert phone_numbers.party(written, "US", AUTH_ID.__eq__) == party


@pytest.mark.parametrize(
    ("written", "listed"),
    [
        ("+1 (815) 555-0123", "8155550123"),
        ("8155550123", "8155550123"),
        ("+49301234567", "+49301234567"),
        ("630", None),
    ],
)
def test_lists_hold_ten_digits_in_north_america(written: str, listed: str | None) -> None:
    """Another spelling of a number on an opt-out list would look like another number."""
    assert phone_numbers.listed(written, "US") == listed


@pytest.mark.parametrize(
    ("label", "same"),
    [
        ("8155550123", True),
        ("(815) 555-0123", True),
        ("+18155550123", True),
        ("8475550123", False),
        ("5550123", False),
        ("630@default - Tom", False),
        ("", False),
    ],
)
def test_a_label_of_the_pbx_is_compared_as_a_number(label: str, same: bool) -> None:
    """A lost text would not be found again, or another one would be taken for it."""
    assert phone_numbers.same_number("+18155550123", label, "US") is same


def test_an_extension_is_the_same_in_one_spelling_only() -> None:
    """A text whose answer got lost would be found at whoever has another extension."""
    assert phone_numbers.same_number("630", "630", "US")
    assert not phone_numbers.same_number("630", "631", "US")


def test_who_writes_a_user_in_capitals_is_understood() -> None:
    """The PBX takes auth IDs in any case."""
    assert phone_numbers.party("BeauCRN6", "US", lambda text: text.casefold() == AUTH_ID) == "BeauCRN6"


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("tel:+1-815-555-0123", "+18155550123"),
        ("sip:+18155550123;ext=5", "+18155550123"),
        ("(815) 555-0123 ext. 5", "+18155550123"),
        ("815-555-0123x5#7", "+18155550123"),
        ("ext. 5, 815-555-0123", None),
        ("", None),
    ],
)
def test_a_number_that_is_kept_may_have_an_extension_behind_it(written: str, number: str | None) -> None:
    """Address books are full of them, and the caller would have no name."""
    assert phone_numbers.written_number(written, "US") == number


@pytest.mark.parametrize(
    ("label", "told"), [("8155550123", "+18155550123"), ("630", "630"), ("+5", "+5"), ("Anonymous", None), ("", None)]
)
def test_of_a_label_is_told_what_can_be_a_number(label: str, told: str | None) -> None:
    """An automation would call "Anonymous", or nobody would know that it was extension 630."""
    assert phone_numbers.label_number(label, "US") == told


def test_a_caller_in_a_queue_is_known_where_an_agent_talks_to_them() -> None:
    """The wait would end at nobody's answer."""
    assert phone_numbers.caller_key("+1 (815) 555-0123") == phone_numbers.caller_key("8155550123")
    assert phone_numbers.caller_key("Anonymous") == "Anonymous"
    assert phone_numbers.caller_key(None) is None


def test_a_home_assistant_without_a_country_is_in_the_united_states() -> None:
    """The vendor's customers are there: a number as they write it would be none."""
    assert [phone_numbers.region(country) for country in (None, "", "DE")] == ["US", "US", "DE"]


@pytest.mark.parametrize(
    ("written", "region", "number"),
    [
        ("8155550123", "US", "+18155550123"),
        ("+18155550123", "US", "+18155550123"),
        ("442079460958", "US", "+442079460958"),
        ("011442079460958", "US", "+442079460958"),
        ("030 1234567", "DE", "+49301234567"),
        ("555-0123", "US", "5550123"),
        ("9991234567890", "US", "9991234567890"),
        ("630", "US", None),
        ("123456", "US", None),
        ("630@default - Tom", "US", None),
        ("anonymous", "US", None),
        ("", "US", None),
        ("0000000000", "US", None),
        ("+266696687", "US", None),
        ("442079460123", "US", "+442079460123"),
        ("442079460123", "DE", "+442079460123"),
        ("18155550123", "DE", "+18155550123"),
        # Of nobody's yet; and one from Connecticut, whose digits are one in Norway.
        ("551112345678", "US", "+551112345678"),
        ("4752234567", "US", "+14752234567"),
    ],
)
def test_a_caller_can_be_called_back_by_number_only(written: str, region: str, number: str | None) -> None:
    """Two spellings of one caller would be two people to call back; a hidden one is nobody."""
    assert phone_numbers.outside(written, region) == number


@pytest.mark.parametrize(
    ("number", "region", "shown"),
    [
        ("+18155550123", "US", "(815) 555-0123"),
        ("+18155550123", "DE", "+1 815-555-0123"),
        ("+49301234567", "DE", "030 1234567"),
        ("+442079460958", "US", "+44 20 7946 0958"),
        ("5550123", "US", "5550123"),
    ],
)
def test_a_number_is_shown_as_it_is_written_at_home(number: str, region: str, shown: str) -> None:
    """People dial what they read."""
    assert phone_numbers.readable(number, region) == shown


@pytest.mark.parametrize(
    "written",
    [
        *("anonymous", "Anonymous", "Restricted", '"Unavailable"', "PRIVATE", "unknown", "blocked", "withheld"),
        *("anonymous@192.0.2.1", "sip:anonymous@192.0.2.1", "Unavailable 1"),
        *("0", "0000000000", "+0000000000", "-1", "+10000000000", "1000000000", "+440000000000"),
        *("+35300000000", "0010000000000"),
        *("266696687", "+266696687", "7378742833", "+17378742833", "86282452253"),
        *("7748283", "8656696", "2562533", "94844353", "(737) 874-2833", "tel:+17378742833"),
    ],
)
@pytest.mark.parametrize("region", ["US", "DE"])
def test_who_hides_has_no_number_in_any_shape(written: str, region: str) -> None:
    """A stranger would be called back, or texted, whose number happens to be a word."""
    assert phone_numbers.hides(written)
    assert phone_numbers.e164(written, region) is None
    assert phone_numbers.outside(written, region) is None
    assert phone_numbers.label_number(written, region) is None
    assert phone_numbers.party(written, region, AUTH_ID.__eq__) is None


@pytest.mark.parametrize(
    "written",
    ["100", "1000", "100000", "443364", "8005550100", "+18005550000", "630@default - Private", "10", "(200) 100-0001"],
)
def test_who_has_zeros_or_a_word_in_them_does_not_hide(written: str) -> None:
    """Extension 100 and the number of a shop are no anonymous callers."""
    assert not phone_numbers.hides(written)


@pytest.mark.parametrize(
    ("listed", "clear"),
    [
        ("6502530000", True),
        ("16502530000", True),
        ("0016502530000", True),
        ("011 1 650 253 0000", True),
        ("+1 650-253-0000 x136", True),
        ("sip:+16502530000@pbx.example.com", True),
        ("<tel:+16502530000>", True),
        ("6.50253E+9", False),
        ("6502530001", False),
        ("650253", False),
    ],
)
def test_a_listed_number_is_known_in_every_spelling(listed: str, clear: bool) -> None:
    """Who opted out in other words would get the next text all the same."""
    found = phone_numbers.listed_digits(listed)
    assert (found in phone_numbers.opted_out("+16502530000", "US")) is clear
    assert (found in phone_numbers.opted_in("+16502530000")) is clear


@pytest.mark.parametrize("label", ["+5", "+123", "+Sales 3", "+" + "1" * 300, "8155550123", "", None])
def test_what_only_begins_with_a_plus_is_no_number_to_dial(label: str | None) -> None:
    """A page would offer to call "+5", and what shows numbers as people write them would fail over it."""
    assert phone_numbers.uri(label) is None
    assert phone_numbers.readable(label or "", "US") == (label or "")


def test_a_number_is_the_same_in_the_digits_of_each_script() -> None:
    """Who opted out in Arabic digits would get the text."""
    assert phone_numbers.listed_digits("٦٥٠٢٥٣٠٠٠٠") == "6502530000"
    assert phone_numbers.listed_digits("٦٥٠-٢٥٣-٠٠٠٠") in phone_numbers.opted_out("+16502530000", "US")  # noqa: RUF001


def test_ten_digits_on_an_opt_in_list_are_no_foreign_number_that_could_be_an_american_one() -> None:
    """Somebody in Norway would get what somebody in Arkansas has asked for."""
    assert "4792345678" not in phone_numbers.opted_in("+4792345678")
    assert "4792345678" in phone_numbers.opted_in("+14792345678")
    # No exchange begins with a 1: in North America that is nobody's.
    assert "4791234567" in phone_numbers.opted_in("+4791234567")
