"""Store of what outlives a restart: which records have been told, the callbacks owed, how far statistics are filled."""

from typing import Any, Final

from homeassistant.core import HomeAssistant
from homeassistant.helpers.storage import Store

from ..const import DOMAIN

VERSION: Final = 1


class RecordStore:
    """One file per PBX, written whole and at once: a kill leaves either the old one or the new one.

    `sections` is what is written; each part of the integration has its own.
    """

    def __init__(self, hass: HomeAssistant, entry_id: str) -> None:
        # Private: callbacks hold names and numbers.
        self._store = Store[dict[str, Any]](hass, VERSION, f"{DOMAIN}.{entry_id}", private=True, atomic_writes=True)
        self.sections: dict[str, Any] = {}

    async def async_load(self) -> None:
        """Read what was saved; nothing is, before the first set-up."""
        self.sections = await self._store.async_load() or {}

    async def async_save(self) -> None:
        """Write now: what is not on the disk yet would be told again after a kill."""
        await self._store.async_save(self.sections)

    async def async_remove(self) -> None:
        """Delete the file."""
        await self._store.async_remove()
