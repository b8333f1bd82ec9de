"""CSV exports of contacts: Outlook's, Google's, iCloud's and those of telephones, told apart by their headings."""

from collections.abc import Mapping, Sequence
import csv
import re
from typing import Final

from .book import VIP, AddressBookError, Contact

# In English, Spanish and German, as parts of headings.
_PHONE: Final = re.compile(r"phone|mobile|cell|\btel|tel[eé]fono|m[oó]vil|telefon|handy|\bnumber\b", re.IGNORECASE)
_NO_PHONE: Final = re.compile(r"fax|label|type|pager|\bid\b", re.IGNORECASE)
_CATEGORIES: Final = re.compile(r"categor|kategor|label|group", re.IGNORECASE)
_FULL: Final = ("name", "full name", "display name", "nombre completo", "anzeigename")
_PARTS: Final = (
    ("first name", "given name", "nombre", "vorname"),
    ("last name", "family name", "surname", "apellidos", "apellido", "nachname"),
)
_COMPANY: Final = ("company", "organization name", "organization 1 - name", "organization", "empresa", "firma")
_DELIMITERS: Final = ",;\t|"
# Google's, of several values in one cell.
_SEVERAL: Final = re.compile(r"\s*:::\s*")


def csv_contacts(text: str) -> tuple[list[Contact], int]:
    """Return the contacts of a file, and how many of its lines cannot be read; raises an AddressBookError."""
    heading, _, _ = text.lstrip().partition("\n")
    delimiter = max(_DELIMITERS, key=heading.count)
    try:
        rows = list(csv.reader(text.lstrip().splitlines(keepends=True), delimiter=delimiter))
    except csv.Error as err:
        raise AddressBookError("not_an_address_book") from err
    names = [name.strip().casefold() for name in rows[0]] if rows else []
    phones = [column for column, name in enumerate(names) if _PHONE.search(name) and not _NO_PHONE.search(name)]
    if not phones or len(names) == 1:
        raise AddressBookError("not_an_address_book")
    contacts, skipped = [], 0
    for row in rows[1:]:
        if len(row) > len(names):
            skipped += 1
        elif any(map(str.strip, row)):
            contacts.append(_contact(names, phones, row))
    return [contact for contact in contacts if contact.numbers], skipped


def _contact(names: Sequence[str], phones: Sequence[int], row: Sequence[str]) -> Contact:
    cells = dict(zip(names, map(str.strip, row), strict=False))
    written = [cell for column in phones if column < len(row) for cell in _SEVERAL.split(row[column].strip())]
    groups = (value for name, value in cells.items() if _CATEGORIES.search(name))
    return Contact(
        name=_name(cells),
        numbers=tuple(filter(None, written)),
        vip=any(one.strip(" *").casefold() == VIP for group in groups for one in re.split(r"[;,]|:::", group)),
    )


def _name(cells: Mapping[str, str]) -> str:
    def first(wanted: Sequence[str]) -> str:
        return next((cells[name] for name in wanted if cells.get(name)), "")

    return first(_FULL) or " ".join(filter(None, map(first, _PARTS))) or first(_COMPANY)
