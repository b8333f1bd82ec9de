"""Store of address books: a private file for each that was uploaded, written once and never changed."""

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any, Final

from homeassistant.core import HomeAssistant
from homeassistant.helpers.storage import STORAGE_DIR, Store
from homeassistant.util.ulid import ulid_now

from ..const import DOMAIN, LOGGER
from .book import AddressBook, Named

_VERSION: Final = 1


class AddressBookStore:
    """The address books of one PBX on the disk, by ids of their own; only Home Assistant's user can read them."""

    def __init__(self, hass: HomeAssistant, entry_id: str) -> None:
        self._hass = hass
        self._prefix = f"{DOMAIN}.{entry_id}.contacts."

    async def async_add(self, book: AddressBook) -> str:
        """Write an address book; returns its id."""
        book_id = ulid_now()
        await self._file(book_id).async_save({number: [one.name, one.vip] for number, one in book.numbers.items()})
        return book_id

    async def async_load(self, book_id: str) -> Mapping[str, Named]:
        """Return who has which number; where that cannot be read the log says so, and it is nobody."""
        stored = await self._file(book_id).async_load()
        try:
            return await self._hass.async_add_executor_job(_named, stored)
        except AttributeError, TypeError, ValueError:
            LOGGER.warning("An address book cannot be read: open it in the integration's settings, and upload it again")
            return {}

    async def async_keep(self, book_ids: Collection[str]) -> None:
        """Delete all address books but these."""
        await self._hass.async_add_executor_job(self._delete_others, {f"{self._prefix}{one}" for one in book_ids})

    def _delete_others(self, kept: Collection[str]) -> None:
        for path in Path(self._hass.config.path(STORAGE_DIR)).glob(f"{self._prefix}*"):
            if path.name not in kept:
                path.unlink(missing_ok=True)

    def _file(self, book_id: str) -> Store[Any]:
        return Store(self._hass, _VERSION, f"{self._prefix}{book_id}", private=True, atomic_writes=True)


def _named(stored: Any) -> Mapping[str, Named]:
    return {number: Named(name=str(name), vip=bool(vip)) for number, (name, vip) in stored.items()}
