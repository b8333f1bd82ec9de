"""Look-up of who has a number: the address books first, then what the PBX says, then what it said of calls before."""

from collections.abc import Mapping, Sequence
from itertools import chain
from typing import Any, Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant

from ..const import CONF_BOOK_ID, SUBENTRY_ADDRESS_BOOK
from .book import Named
from .callers import CallerNames
from .store import AddressBookStore

_NOBODY: Final = Named(name="")


class Contacts:
    """Who has which number, as far as an office knows; of two address books the first one counts."""

    def __init__(self, books: Sequence[Mapping[str, Named]], callers: CallerNames) -> None:
        self._books = books
        self.callers = callers

    def named(self, number: str, told: str | None = None) -> Named:
        """Return who has a number, `told` being what the PBX calls them now; without a name if nobody knows."""
        if found := next((book[number] for book in self._books if number in book), None):
            return Named(name=found.name or told or "", vip=found.vip)
        name = told or self.callers.get(number)
        return Named(name=name) if name else _NOBODY

    def numbers_of(self, words: str) -> list[str]:
        """Return the numbers of those in whose names words occur, in E.164."""
        wanted = words.casefold()
        named = ((number, one.name) for book in self._books for number, one in book.items())
        found = (number for number, name in chain(named, self.callers.items()) if wanted in name.casefold())
        return list(dict.fromkeys(found))


async def async_contacts(hass: HomeAssistant, entry: ConfigEntry[Any], callers: CallerNames) -> Contacts:
    """Read the address books of a PBX, in the order in which they were added; others' files are deleted."""
    store = AddressBookStore(hass, entry.entry_id)
    book_ids = [one.data[CONF_BOOK_ID] for one in entry.get_subentries_of_type(SUBENTRY_ADDRESS_BOOK)]
    await store.async_keep(book_ids)
    return Contacts([await store.async_load(book_id) for book_id in book_ids], callers)
