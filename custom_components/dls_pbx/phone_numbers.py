"""Phone numbers as people write them, and what the PBX takes for them."""

from collections.abc import Callable
from functools import lru_cache
import re
from typing import Final

import phonenumbers
from phonenumbers import NumberParseException, PhoneMetadata, PhoneNumber, PhoneNumberFormat, ValidationResult

# The vendor serves the United States; it is also what a Home Assistant without a country gets.
DEFAULT_REGION: Final = "US"
# Phone numbers that can be written with their country have more digits than any extension.
LONGEST_EXTENSION: Final = 6
# What a PBX or a carrier writes for a caller who hides, in letters or spelled on the keypad.
_HIDING: Final = (
    "anonymous",
    "restricted",
    "unavailable",
    "private",
    "unknown",
    "blocked",
    "withheld",
    "hidden",
    "undisclosed",
    "unidentified",
    "confidential",
    "nocallerid",
)
_HIDING_DIGITS: Final = frozenset(map(phonenumbers.convert_alpha_characters_in_number, _HIDING)) - {
    # Six digits may be somebody's extension.
    phonenumbers.convert_alpha_characters_in_number("hidden")
}
_KNOWN: Final = 4096  # numbers: the same people call again, and a number takes long to read
# Those of a number in North America, with its area code.
TEN: Final = 10
LONGEST_COUNTRY: Final = 3

_SEPARATORS = re.compile(r"[\s().\-/\u2010-\u2015]+")
_SCHEME = re.compile(r"\A\W*(?:tel|sips?):", re.IGNORECASE)
_EXTENSION = re.compile(r"[a-z;,#*@]")
# Where the extension behind a number begins, or what is dialed after a pause.
_BEHIND = re.compile(r"\s*(?:[;,#*]|ext|x)", re.IGNORECASE)
# What a spreadsheet makes of a number: digits are lost in it.
_ROUNDED = re.compile(r"\d(?:\.\d+)?e[+-]?\d", re.IGNORECASE)
_HIDING_WORD = re.compile(rf"\W*(?:tel:|sips?:)?\W*(?:{'|'.join(_HIDING)})(?![a-z])", re.IGNORECASE)
_NUMBER = re.compile(r"\+?\d+")
# A label may begin with a plus as well: "+5", say.
_E164 = re.compile(rf"\+[1-9]\d{{{LONGEST_EXTENSION},14}}", re.ASCII)
# What is dialed for a number abroad: in most countries, in North America. Others have one of their own.
_ABROAD: Final = ("00", "011")
_ADDRESS = re.compile(r"\d+@\S.*")
_AUTH_ID = re.compile(r"(?=\w*\d)(?=\w*[a-z])[a-z0-9]{6,16}", re.IGNORECASE | re.ASCII)


def load_countries() -> None:
    """Read from the disk how numbers are made in all countries: later the first one from each would hold up the loop.

    That takes 0.2 s and 1.5 MB.
    """
    PhoneMetadata.load_all()


def region(country: str | None) -> str:
    """Return the country of numbers that name none: Home Assistant's."""
    return country or DEFAULT_REGION


def digits(written: str) -> str:
    """Return the digits of a text; words such as "anonymous" have none."""
    found = "".join(filter(str.isdecimal, written))
    # Other scripts have digits of their own, and a number on a list is the same number in each of them.
    return found if found.isascii() else "".join(str(int(digit)) for digit in found)


def hides(written: str) -> bool:
    """Tell whether it is no number but what stands there for a caller who hides theirs.

    That is a word, such a word spelled on the keypad, zeros, or -1; the latter three also behind a country.
    """
    if _HIDING_WORD.match(written) or written.strip() == "-1":
        return True
    compact = _compact(written)
    if not _NUMBER.fullmatch(compact):
        return False
    number = digits(compact)
    if not number.strip("0"):
        return True
    # An extension may well be 100.
    return len(number) > LONGEST_EXTENSION and (
        number.removeprefix("1") in _HIDING_DIGITS or number in _HIDING_DIGITS or _is_country_with_zeros(number)
    )


def _is_country_with_zeros(number: str) -> bool:
    significant = number.lstrip("0")
    return any(
        int(significant[:length]) in phonenumbers.COUNTRY_CODE_TO_REGION_CODE and not significant[length:].strip("0")
        for length in range(1, LONGEST_COUNTRY + 1)
    )


def _compact(written: str) -> str:
    return _SEPARATORS.sub("", written.strip().removeprefix("tel:"))


def e164(written: str, region: str) -> str | None:
    """Return a phone number as +COUNTRY..., or None if it is none; `region` is that of numbers without a country.

    A number without its area code is none: nobody can tell where it leads. Letters are not turned into digits, and who
    hides has no number.
    """
    number = _parsed(_compact(written), region)
    return None if number is None or hides(written) else phonenumbers.format_number(number, PhoneNumberFormat.E164)


def written_number(written: str, region: str) -> str | None:
    """Return a phone number in E.164 as people keep it, with an extension behind it or not; None if it is none."""
    return e164(_BEHIND.split(_SCHEME.sub("", written))[0], region)


def _parsed(compact: str, region: str) -> PhoneNumber | None:
    if not _NUMBER.fullmatch(compact):
        return None
    try:
        number = phonenumbers.parse(compact, region)
    except NumberParseException:
        return None
    possible = phonenumbers.is_possible_number_with_reason(number) == ValidationResult.IS_POSSIBLE
    return number if possible else None


def ten_digits(number: str) -> str | None:
    """Return a North American E.164 number as area code and number, or None if it is of another country."""
    return number.removeprefix("+1") if re.fullmatch(r"\+1\d{10}", number) else None


def listed(written: str, region: str) -> str | None:
    """Return a number as the PBX's lists hold it: ten digits, or E.164 for another country's; None if it is none."""
    number = e164(written, region)
    return None if number is None else ten_digits(number) or number


def opted_out(number: str, region: str) -> frozenset[str]:
    """Return the digits that may stand for an E.164 number on a list, whoever wrote it there, wherever they are."""
    parsed = phonenumbers.parse(number)
    written = (
        number,
        phonenumbers.national_significant_number(parsed),
        phonenumbers.format_number(parsed, PhoneNumberFormat.NATIONAL),
        *(phonenumbers.format_out_of_country_calling_number(parsed, one) for one in (region, DEFAULT_REGION)),
    )
    return frozenset(map(digits, written)) | _from_abroad(number)


def opted_in(number: str) -> frozenset[str]:
    """Return the digits on a list that stand for this E.164 number and for no other.

    Ten digits are a number in North America where they can be one, as the PBX's lists have it.
    """
    if national := ten_digits(number):
        return frozenset({national, f"1{national}"}) | _from_abroad(number)
    written = digits(number)
    american = len(written) == TEN and phonenumbers.is_valid_number(phonenumbers.parse(written, DEFAULT_REGION))
    return _from_abroad(number) if american else _from_abroad(number) | {written}


def _from_abroad(number: str) -> frozenset[str]:
    return frozenset(prefix + digits(number) for prefix in _ABROAD)


def listed_digits(written: str) -> str:
    """Return the digits of a number on a list, without the extension behind it; none where nobody can tell which."""
    if _ROUNDED.search(written):
        return ""
    return digits(_EXTENSION.split(_SCHEME.sub("", written.casefold()))[0])


def is_extension(written: str) -> bool:
    """Tell whether it is written as an extension; the PBX has zeros for who hides."""
    return written.isascii() and written.isdecimal() and len(written) <= LONGEST_EXTENSION and not hides(written)


def party(written: str, region: str, is_auth_id: Callable[[str], bool]) -> str | None:
    """Return whom a text can be sent to: a number in E.164, an extension, `extension@tenant` or an auth ID."""
    text = written.strip()
    # 630-631 are two, and no third one.
    if is_extension(unspaced := "".join(text.split())):
        return unspaced
    if number := e164(text, region):
        return number
    if _ADDRESS.fullmatch(text) or (_AUTH_ID.fullmatch(text) and is_auth_id(text)):
        return text
    return None


@lru_cache(maxsize=_KNOWN)
def outside(written: str, region: str) -> str | None:
    """Return the number of somebody outside: in E.164, or its digits if it has no area code.

    This is how every number is read that the PBX tells. None for an extension, and for who hides.
    """
    compact = _compact(written)
    if not _NUMBER.fullmatch(compact) or len(number := digits(compact)) <= LONGEST_EXTENSION or hides(written):
        return None
    read = _parsed(compact, region)
    # The PBX leaves the + out; where numbers may have any length, one at home would begin with a zero.
    if len(number) > TEN and (abroad := _parsed(f"+{number}", region)):
        read = abroad if read is None or phonenumbers.is_valid_number(abroad) else read
    return phonenumbers.format_number(read, PhoneNumberFormat.E164) if read else number


def label_number(label: str, region: str) -> str | None:
    """Return what there is to tell of a label that names no user: a number outside, or a short one as it stands."""
    if number := outside(label, region):
        return number
    return label if digits(label) and not hides(label) else None


def uri(number: str | None) -> str | None:
    """Return a number in E.164 as a URI, which no template takes for a sum; None for others."""
    return f"tel:{number}" if number and _E164.fullmatch(number) else None


@lru_cache(maxsize=_KNOWN)
def readable(number: str, region: str) -> str:
    """Return an E.164 number as people of a region write it: without the country if it is theirs."""
    if not _E164.fullmatch(number):
        return number
    parsed = phonenumbers.parse(number)
    home = parsed.country_code == phonenumbers.country_code_for_region(region)
    return phonenumbers.format_number(parsed, PhoneNumberFormat.NATIONAL if home else PhoneNumberFormat.INTERNATIONAL)


def same_number(one: str, other: str, region: str) -> bool:
    """Tell whether two texts (`2224445555`, `(222) 444-5555`) are the same number; extensions have but one spelling."""
    number = outside(one, region)
    return number == outside(other, region) if number else one == other


def caller_key(label: str | None) -> str | None:
    """Return what a queue's caller and the agent who talks to them have in common, however either label is written.

    A hidden number is the same word in both places.
    """
    return digits(label or "")[-TEN:] or label
