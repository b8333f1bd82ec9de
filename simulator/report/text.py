"""Texts of the report: numbers, times and people as it writes them."""

from datetime import UTC, datetime

from simulator.models import Extension
from simulator.report.options import Options

_AREA, _LINE, _US_DIGITS = 3, 6, 10
TOLL_FREE = ("800", "833", "844", "855", "866", "877", "888")


# Area codes of countries that share North America's numbering and not its prices.
CARIBBEAN = (
    "242", "246", "264", "268", "284", "345", "441", "473", "649", "658", "664", "721", "758", "767", "784", "809",
    "829", "849", "868", "869", "876",
)  # fmt: skip


def us_digits(number: str) -> str:
    """Return the ten digits of a number in North America, or an empty text: +47 9123 4567 has ten as well."""
    digits = "".join(filter(str.isdecimal, number))
    if number.startswith("+") and not digits.startswith("1"):
        return ""
    if len(digits) == _US_DIGITS + 1 and digits.startswith("1"):
        digits = digits[1:]
    return digits if len(digits) == _US_DIGITS else ""


def is_international(number: str) -> bool:
    """Tell whether it is a phone number outside North America; extensions are shorter than any."""
    digits = "".join(filter(str.isdecimal, number))
    return (len(digits) > _US_DIGITS or number.startswith("+")) and not us_digits(number)


def is_caribbean(number: str) -> bool:
    """Tell whether it is dialed like one in the United States, and charged like one abroad."""
    return us_digits(number).startswith(CARIBBEAN)


def is_toll_free(number: str) -> bool:
    """Tell whether the called one pays for the call."""
    return us_digits(number).startswith(TOLL_FREE)


def parts(number: str) -> tuple[str, str, str]:
    """Return area code, exchange and subscriber number of a number in North America."""
    digits = us_digits(number)
    return digits[:_AREA], digits[_AREA:_LINE], digits[_LINE:]


def label(user: Extension | None, number: str) -> str:
    """Return a party as the label columns show it."""
    if user:
        return f"{user.ext}@{user.tenant} - {user.name}"
    area, exchange, line = parts(number)
    return f"({area}) {exchange}-{line}" if area else number


def write_number(number: str, options: Options) -> str:
    """Return a number, formatted if so wanted; unlike a label it has no space."""
    area, exchange, line = parts(number)
    return f"({area}){exchange}-{line}" if area and options.formatted_numbers else number


def write_time(time: datetime, options: Options) -> str:
    """Return a time in the report's zone."""
    local = time.astimezone(options.time_zone)
    return f"{local:%m/%d/%y %I:%M }{_half(local)}" if options.formatted_dates else f"{local:%Y-%m-%d %H:%M:%S}"


def write_duration(seconds: int, options: Options) -> str:
    """Return seconds, or hours, minutes and seconds."""
    if not options.formatted_durations:
        return str(seconds)
    minutes, seconds = divmod(seconds, 60)
    return f"{minutes // 60:02}:{minutes % 60:02}:{seconds:02}"


def write_title(options: Options) -> str:
    """Return the report's title: its range, its zone and that zone's offset."""
    start, end = options.start, options.end
    local = (start or end or datetime.fromtimestamp(0, UTC)).astimezone(options.time_zone)
    zone = f"{options.time_zone.key} {_offset(local)}"
    if start and end:
        return f"Restrict inclusive by date range '{_long(start, options)}' to '{_long(end, options)}' - {zone}"
    if start:
        return f"Restrict inclusive by date range beginning '{_long(start, options)}' - {zone}"
    if end:
        return f"Restrict inclusive by date range ending '{_long(end, options)}' - {zone}"
    return f"Not restricted by date range - {zone}"


def _long(time: datetime, options: Options) -> str:
    local = time.astimezone(options.time_zone)
    return f"{local:%a, %b} {local.day}, {local:%Y} {local.hour % 12 or 12}:{local:%M} {_half(local)}"


def _half(local: datetime) -> str:
    return "pm" if local.hour >= 12 else "am"  # noqa: PLR2004  # noon


def _offset(local: datetime) -> str:
    offset = local.utcoffset()
    minutes = int(offset.total_seconds()) // 60 if offset else 0
    summer = " (DST)" if local.dst() else ""
    return f"UTC{'-' if minutes < 0 else '+'}{abs(minutes) // 60}:{abs(minutes) % 60:02}{summer}"
