"""Files of contacts: what they are written in, whatever their names say."""

import codecs
from typing import Final

from .book import AddressBook, AddressBookError
from .csv import csv_contacts
from .vcard import is_vcard, vcard_contacts

_MARKS: Final = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


def read_address_book(data: bytes, region: str) -> AddressBook:
    """Read a vCard file (2.1, 3.0, 4.0) or a CSV export; `region` is that of numbers without a country.

    Raises an AddressBookError: `not_an_address_book`, `no_numbers`, `too_many_numbers`.
    """
    text = _text(data)
    contacts, skipped = vcard_contacts(text) if is_vcard(text) else csv_contacts(text)
    return AddressBook.of(contacts, skipped, region)


def _text(data: bytes) -> str:
    """Return a file's text: most are in UTF-8, some of Windows in UTF-16 with a mark, old ones in cp1252."""
    encodings = [name for mark, name in _MARKS if data.startswith(mark)] or ["utf-8", "cp1252"]
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    # A picture, an archive, a spreadsheet in its own format.
    raise AddressBookError("not_an_address_book")
