"""Address books as programs and telephones export them: read, or refused in words that help."""

import logging
from typing import Any

import pytest

from custom_components.dls_pbx.contacts.book import MOST_NUMBERS, AddressBook, AddressBookError
from custom_components.dls_pbx.contacts.reading import read_address_book

ADA = "+18155550123"


def read(written: str | bytes, encoding: str = "utf-8") -> AddressBook:
    """Read a file of an office in the United States."""
    data = written if isinstance(written, bytes) else written.encode(encoding)
    return read_address_book(data, "US")


def names(book: AddressBook) -> dict[str, str]:
    """Return who has which number."""
    return {number: named.name for number, named in book.numbers.items()}


def card(*lines: str, version: str = "3.0") -> str:
    """Return a vCard."""
    return "\r\n".join(("BEGIN:VCARD", f"VERSION:{version}", *lines, "END:VCARD", ""))


@pytest.mark.parametrize(
    ("version", "lines"),
    [
        ("2.1", ("N:Lovelace;Ada;;;", "FN:Ada Lovelace", "TEL;CELL;PREF:815-555-0123")),
        ("2.1", ("FN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:Ada=20=", "Lovelace", "TEL;WORK:(815) 555-0123")),
        ("3.0", ("FN:Ada Love", " lace", "item1.TEL;type=pref:+1 815 555 0123", "item1.X-ABLabel:_$!<Other>!$_")),
        ("4.0", ("FN:Ada Lovelace", 'TEL;VALUE=uri;TYPE="voice,home":tel:+1-815-555-0123;ext=5')),
    ],
)
def test_a_vcard_of_each_version_is_read(version: str, lines: tuple[str, ...]) -> None:
    """Whoever exports from a telephone does not choose the version."""
    book = read(card(*lines, version=version))
    assert names(book) == {ADA: "Ada Lovelace"}
    assert (book.contacts, book.skipped) == (1, 0)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("kind", ["vcard", "csv"])
def test_a_file_is_read_in_the_alphabets_that_programs_write(kind: str, encoding: str) -> None:
    """Jörg is Jörg, also where Outlook wrote him."""
    written = card("FN:Jörg", "TEL:8155550123") if kind == "vcard" else "Name,Phone\r\nJörg,8155550123\r\n"
    assert names(read(written, encoding)) == {ADA: "Jörg"}


CSV: list[tuple[str, dict[str, str]]] = [
    (
        (
            "First Name,Middle Name,Last Name,Organization Name,Labels,Phone 1 - Label,Phone 1 - Value\n"
            "Ada,,Lovelace,,VIP ::: * myContacts,Mobile,815-555-0123 ::: (847) 555-0199\n"
        ),
        {ADA: "Ada Lovelace", "+18475550199": "Ada Lovelace"},
    ),
    (
        (
            '"First Name","Last Name","Company","Business Fax","Business Phone","Mobile Phone","Categories"\n'
            '"","","Example, Inc.","8155550999","8155550123","","Friends;VIP"\n'
        ),
        {ADA: "Example, Inc."},
    ),
    (
        (
            "Vorname;Nachname;Firma;Mobiltelefon;Telefon geschäftlich;Kategorien\n"
            "Ada;Lovelace;;+1 815 555 0123;+49 30 901820;VIP\n"
        ),
        {ADA: "Ada Lovelace", "+4930901820": "Ada Lovelace"},
    ),
    ("Nombre\tApellidos\tTeléfono móvil\tCategorías\nAda\tLovelace\t8155550123\tvip\n", {ADA: "Ada Lovelace"}),
]


@pytest.mark.parametrize(("written", "found"), CSV)
def test_a_csv_export_is_read_by_its_headings(written: str, found: dict[str, str]) -> None:
    """Google, Outlook in three languages: with commas, semicolons and tabs."""
    book = read(written)
    assert names(book) == found
    assert all(named.vip for named in book.numbers.values())
    assert book.skipped == 0


def test_whoever_is_a_vip_is_told_as_one() -> None:
    """They ring through to the boss."""
    book = read(card("FN:Ada", "TEL:8155550123", "CATEGORIES:Friends,VIP") + card("FN:Bob", "TEL:8475550199"))
    assert [named.vip for named in book.numbers.values()] == [True, False]


def test_what_cannot_be_read_is_counted_and_nobodys_name_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    """A line that was lost is said; what it said is private."""
    caplog.set_level(logging.DEBUG)
    book = read(card("FN:Ada", "TEL of Ada", "TEL:8155550123", "TEL:call the shop"))
    assert names(book) == {ADA: "Ada"}
    assert (book.contacts, book.skipped) == (1, 2)
    assert "Ada" not in caplog.text + repr(book)
    assert read("Name,Phone\nAda,8155550123\nBob,8475550199,too,much\n").skipped == 1


def test_a_file_that_breaks_off_is_read_as_far_as_it_is_whole() -> None:
    """Nine contacts of ten are better than none, and that one is missing is said."""
    book = read(card("FN:Ada", "TEL:8155550123") + "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Bob")
    assert (names(book), book.skipped) == ({ADA: "Ada"}, 1)


@pytest.mark.parametrize(
    ("written", "error"),
    [
        (b"PK\x03\x04\x14\x00\x06\x00", "not_an_address_book"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "not_an_address_book"),
        ("", "not_an_address_book"),
        ("Dear all,\nthe phones are down.\n", "not_an_address_book"),
        ("<html><body>Sign in</body></html>", "not_an_address_book"),
        ("Name,Phone\n", "no_numbers"),
        (card("FN:Ada", "EMAIL:ada@example.com"), "no_numbers"),
        ("BEGIN:VCARD\nVERSION:3.0\nFN:Ada\n", "not_an_address_book"),
        (
            "Name,Phone\n" + "".join(f"A,+1815{n:07}\n" for n in range(2_000_000, 2_000_001 + MOST_NUMBERS)),
            "too_many_numbers",
        ),
    ],
)
def test_a_file_that_is_no_address_book_is_refused(written: Any, error: str) -> None:
    """Who picks the wrong file is told so, and the old one stays."""
    with pytest.raises(AddressBookError, match=error):
        read(written)


def test_a_contact_without_a_name_is_known_by_its_number_alone() -> None:
    """A card that somebody made in a hurry holds nothing else, and is no mistake."""
    book = read(card("TEL:815-555-0123") + card("FN:", "N:Lovelace;Ada;;;", "TEL:847-555-0199"))
    assert names(book)[ADA] == ""
    assert "Lovelace" in names(book)["+18475550199"]


def test_empty_lines_of_a_table_are_no_contacts() -> None:
    """Spreadsheets write them at the end, and nobody has left them out."""
    book = read("Name,Phone\nAda,815-555-0123\n,\n\n")
    assert (book.contacts, book.skipped) == (1, 0)


def test_a_table_that_cannot_be_taken_apart_is_refused() -> None:
    """Half of a picture in a cell is no phone number."""
    with pytest.raises(AddressBookError, match="not_an_address_book"):
        read(f"Name,Phone\n{'x' * 200_000},815-555-0123\n")
