"""Store of what outlives a restart: which records have been told, the callbacks owed, how far statistics are filled."""

import asyncio
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Final, override

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.storage import Store, UnsupportedStorageVersionError
from homeassistant.util import dt as dt_util

from ..const import DOMAIN, LOGGER

VERSION: Final = 1
# What reading JSON of another shape comes to.
_OTHER_SHAPE: Final = (
    AttributeError,
    LookupError,
    NotImplementedError,
    OverflowError,
    OSError,
    TypeError,
    ValueError,
    UnsupportedStorageVersionError,
)

# Reads a section, and raises what comes of another shape.
type Reader = Callable[[Any], object]


class NotSavedError(Exception):
    """It is not on the disk; Home Assistant has logged why."""


class _File(Store[dict[str, Any]]):
    """Home Assistant's file, which logs what it cannot write and goes on as if it had: this one counts."""

    written = 0

    @override
    async def _async_write_data(self, data: dict[str, Any]) -> None:
        await super()._async_write_data(data)
        self.written += 1


class RecordStore:
    """One file per PBX, written whole and at once: a kill leaves either the old one or the new one.

    `sections` is what is written; each part of the integration has its own.
    """

    def __init__(self, hass: HomeAssistant, entry_id: str) -> None:
        self._hass = hass
        # Private: callbacks hold names and numbers.
        self._file = _File(hass, VERSION, f"{DOMAIN}.{entry_id}", private=True, atomic_writes=True)
        self._saving = asyncio.Lock()  # so that everybody counts their own write
        self.sections: dict[str, Any] = {}
        self.put_aside: str | None = None  # the name of a file that could not be read

    async def async_load(self, readers: Mapping[str, Reader]) -> None:
        """Read what was saved, and try it on those who will read it; nothing is, before the first set-up.

        What has another shape is kept beside the new file, and begun anew. What can be read goes on as it is.
        """
        try:
            stored = await self._file.async_load() or {}
            self.sections = {name: section for name, section in stored.items() if _is_readable(name, section, readers)}
            readable = len(self.sections) == len(stored)
        except _OTHER_SHAPE:
            readable = False
        if not readable:
            await self._async_put_aside()

    async def _async_put_aside(self) -> None:
        path = Path(self._file.path)
        aside = path.with_name(f"{path.name}.unreadable.{dt_util.utcnow():%Y%m%dT%H%M%S}")
        with suppress(FileNotFoundError):
            await self._hass.async_add_executor_job(path.replace, aside)
        self.put_aside = aside.name
        LOGGER.warning("%s cannot be read: it is kept as %s, and begun anew", path.name, aside.name)

    @callback
    def patch(self, section: str, patch: Mapping[str, Any]) -> None:
        """Change a section: None takes away; it is on the disk after the next save."""
        found = self.sections.setdefault(section, {})
        for name, value in patch.items():
            if value is None:
                found.pop(name, None)
            else:
                found[name] = value

    async def async_save(self) -> None:
        """Write now: what is not on the disk yet would be told again after a kill. Raises NotSavedError."""
        async with self._saving:
            before = self._file.written
            try:
                await self._file.async_save(self.sections)
            except OSError as err:
                LOGGER.error("Error writing %s: %s", self._file.key, err.strerror)
            if self._file.written == before:
                raise NotSavedError

    async def async_save_if_possible(self) -> None:
        """Write now what is no harm if it gets lost."""
        with suppress(NotSavedError):
            await self.async_save()

    async def async_remove(self) -> None:
        """Delete the file."""
        await self._file.async_remove()


def _is_readable(name: str, section: Any, readers: Mapping[str, Reader]) -> bool:
    try:
        if name in readers:
            readers[name](section)
    except _OTHER_SHAPE:
        return False
    return True
