"""Address book: who has which number, and how much of a file could be read."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, Self

from .. import phone_numbers

MOST_NUMBERS: Final = 20_000
# With pictures in it a file may be as large; read, it takes ten times the memory.
MOST_BYTES: Final = 32 * 2**20
LONGEST_NAME: Final = 60
# What an office calls those who are not to wait.
VIP: Final = "vip"


class AddressBookError(Exception):
    """A file that is no address book; its text is the translation key of why not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """Somebody with a name, as a file has them: numbers in any spelling."""

    name: str = field(repr=False)
    numbers: tuple[str, ...] = field(repr=False)
    vip: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """Who has a number."""

    name: str = field(repr=False)
    vip: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressBook:
    """An address book by its numbers, in E.164; `skipped` counts lines and numbers that nobody can read."""

    numbers: Mapping[str, Named] = field(repr=False)
    contacts: int
    skipped: int

    @classmethod
    def of(cls, contacts: Iterable[Contact], skipped: int, region: str) -> Self:
        """Gather contacts; of two with one number the first has it. Raises an AddressBookError."""
        numbers: dict[str, Named] = {}
        count = 0
        for contact in contacts:
            found = [phone_numbers.written_number(number, region) for number in contact.numbers]
            skipped += found.count(None)
            named = Named(name=" ".join(contact.name.split())[:LONGEST_NAME], vip=contact.vip)
            count += any(found)
            for number in filter(None, found):
                numbers.setdefault(number, named)
        if not numbers:
            raise AddressBookError("no_numbers")
        if len(numbers) > MOST_NUMBERS:
            raise AddressBookError("too_many_numbers")
        return cls(numbers=numbers, contacts=count, skipped=skipped)
