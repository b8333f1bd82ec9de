"""What an address book costs: a start with it, and finding a name in it."""

from time import process_time
from typing import Final

from homeassistant.core import HomeAssistant

from custom_components.dls_pbx.contacts.book import MOST_NUMBERS, AddressBook, Named
from custom_components.dls_pbx.contacts.callers import CallerNames
from custom_components.dls_pbx.contacts.lookup import Contacts
from custom_components.dls_pbx.contacts.store import AddressBookStore
from script.bench_table import Table

_LOOKS: Final = 100_000
_START: Final = 100  # ms
_FEW: Final = 20


async def report(table: Table, hass: HomeAssistant) -> None:
    """Add the rows of the largest address book that there can be, beside a small one."""
    read, looked_up = await _measured(hass, MOST_NUMBERS)
    _, beside = await _measured(hass, _FEW)
    table.row(f"address book of {MOST_NUMBERS}: at a start", read * 1000, _START)
    table.row(
        f"address book of {MOST_NUMBERS}: {_LOOKS} look-ups",
        looked_up * 1000,
        1.5 * beside * 1000,
        beside=f"{looked_up / beside:.2f} x an address book of {_FEW}, limit 1.5 x",
    )


async def _measured(hass: HomeAssistant, size: int) -> tuple[float, float]:
    """Return the seconds of processor time to read an address book, and to find names in it."""
    store = AddressBookStore(hass, "bench")
    numbers = [f"+1815{number:07}" for number in range(size)]
    named = {number: Named(name=f"Contact {number}") for number in numbers}
    book_id = await store.async_add(AddressBook(numbers=named, contacts=size, skipped=0))
    start = process_time()
    book = await store.async_load(book_id)
    read = process_time() - start
    contacts = Contacts([book], CallerNames({}, "US"))
    start = process_time()
    for look in range(_LOOKS):
        contacts.named(numbers[look % size])
    return read, process_time() - start
