"""Phone numbers as people write them, and what the PBX takes for them."""

from collections.abc import Callable
from functools import lru_cache
import re
from typing import Final

import phonenumbers
from phonenumbers import MatchType, NumberParseException, PhoneNumberFormat, ValidationResult

# The vendor serves the United States; it is also what a Home Assistant without a country gets.
DEFAULT_REGION: Final = "US"
# Phone numbers that can be written with their country have more digits than any extension.
LONGEST_EXTENSION: Final = 6
_ANONYMOUS: Final = phonenumbers.convert_alpha_characters_in_number("anonymous")
_KNOWN: Final = 4096  # numbers: the same people call again, and a number takes long to read
# Those of a number in North America, with its area code.
TEN: Final = 10

_SEPARATORS = re.compile(r"[\s().\-/\u2010-\u2015]+")
_EXTENSION = re.compile(r"[a-z;,#*]")
_NUMBER = re.compile(r"\+?\d+")
_ADDRESS = re.compile(r"\d+@\S.*")
_AUTH_ID = re.compile(r"(?=\w*\d)(?=\w*[a-z])[a-z0-9]{6,16}", re.IGNORECASE | re.ASCII)


def region(country: str | None) -> str:
    """Return the country of numbers that name none: Home Assistant's."""
    return country or DEFAULT_REGION


def digits(written: str) -> str:
    """Return the digits of a text; words such as "anonymous" have none."""
    return "".join(filter(str.isdecimal, written))


def e164(written: str, region: str) -> str | None:
    """Return a phone number as +COUNTRY..., or None if it is none; `region` is that of numbers without a country.

    A number without its area code is none: nobody can tell where it leads. Letters are not turned into digits.
    """
    compact = _SEPARATORS.sub("", written.strip().removeprefix("tel:"))
    if not _NUMBER.fullmatch(compact):
        return None
    try:
        number = phonenumbers.parse(compact, region)
    except NumberParseException:
        return None
    if phonenumbers.is_possible_number_with_reason(number) != ValidationResult.IS_POSSIBLE:
        return None
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def ten_digits(number: str) -> str | None:
    """Return a North American E.164 number as area code and number, or None if it is of another country."""
    return number.removeprefix("+1") if re.fullmatch(r"\+1\d{10}", number) else None


def listed(written: str, region: str) -> str | None:
    """Return a number as the PBX's lists hold it: ten digits, or E.164 for another country's; None if it is none."""
    number = e164(written, region)
    return None if number is None else ten_digits(number) or number


def spellings(number: str, region: str) -> frozenset[str]:
    """Return the digits that may stand for an E.164 number on a list, whoever wrote it there, wherever they are."""
    parsed = phonenumbers.parse(number)
    written = (
        number,
        phonenumbers.national_significant_number(parsed),
        phonenumbers.format_number(parsed, PhoneNumberFormat.NATIONAL),
        *(phonenumbers.format_out_of_country_calling_number(parsed, one) for one in (region, DEFAULT_REGION)),
    )
    return frozenset(map(digits, written))


def clear_spellings(number: str) -> frozenset[str]:
    """Return the digits on a list that stand for this E.164 number and for no other.

    Ten digits are a number in North America where they can be one, as the PBX's lists have it.
    """
    if national := ten_digits(number):
        return frozenset({national, f"1{national}"})
    written = digits(number)
    american = len(written) == TEN and phonenumbers.is_valid_number(phonenumbers.parse(written, DEFAULT_REGION))
    return frozenset() if american else frozenset({written})


def listed_digits(written: str) -> str:
    """Return the digits of a number on a list, without the extension behind it."""
    return digits(_EXTENSION.split(written.casefold().removeprefix("tel:"), maxsplit=1)[0])


def party(written: str, region: str, is_auth_id: Callable[[str], bool]) -> str | None:
    """Return whom a text can be sent to: a number in E.164, an extension, `extension@tenant` or an auth ID."""
    text = written.strip()
    compact = _SEPARATORS.sub("", text)
    if compact.isascii() and compact.isdecimal() and len(compact) <= LONGEST_EXTENSION:
        return compact
    if number := e164(text, region):
        return number
    if _ADDRESS.fullmatch(text) or (_AUTH_ID.fullmatch(text) and is_auth_id(text)):
        return text
    return None


@lru_cache(maxsize=_KNOWN)
def caller(written: str, region: str) -> str | None:
    """Return who can be called back: a number in E.164, or its digits if it has no area code.

    None for an extension, and for a caller who hides: by a word, by zeros, or by "anonymous" spelled on the keypad.
    """
    compact = _SEPARATORS.sub("", written.strip().removeprefix("tel:"))
    if not _NUMBER.fullmatch(compact) or len(number := digits(compact)) <= LONGEST_EXTENSION:
        return None
    if number == _ANONYMOUS or not number.strip("0"):
        return None
    # The PBX leaves the + out; longer than the numbers at home, it can only be one with its country.
    return e164(compact, region) or (e164(f"+{number}", region) if len(number) > TEN else None) or number


@lru_cache(maxsize=_KNOWN)
def readable(number: str, region: str) -> str:
    """Return an E.164 number as people of a region write it: without the country if it is theirs."""
    if not number.startswith("+"):
        return number
    parsed = phonenumbers.parse(number)
    home = parsed.country_code == phonenumbers.country_code_for_region(region)
    return phonenumbers.format_number(parsed, PhoneNumberFormat.NATIONAL if home else PhoneNumberFormat.INTERNATIONAL)


def same_number(number: str, label: str) -> bool:
    """Tell whether a label of the PBX (`2224445555`, `(222) 444-5555`) is an E.164 number."""
    match = phonenumbers.is_number_match(number, label)
    return match in (MatchType.EXACT_MATCH, MatchType.NSN_MATCH)


def same_caller(connected_to: str | None, number: str | None) -> bool:
    """Tell whether an agent talks to a queue's caller; a hidden number is the same word in both places."""
    written = digits(number or "")
    return digits(connected_to or "")[-TEN:] == written[-TEN:] if written else connected_to == number
