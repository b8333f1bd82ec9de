"""Store of what outlives a restart: which records have been told, the callbacks owed, how far statistics are filled."""

import asyncio
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.storage import STORAGE_DIR
from homeassistant.util import dt as dt_util
from homeassistant.util.json import json_loads

from ..const import DOMAIN, LOGGER
from .journal import Journal, as_line, sync_folder
from .merge_patch import NotComposableError, compose, difference, merge

_OLD_VERSION: Final = 1
# What reading JSON of another shape comes to.
_OTHER_SHAPE: Final = (
    AttributeError,
    LookupError,
    NotImplementedError,
    OverflowError,
    OSError,
    TypeError,
    ValueError,
)

# Reads a section, and raises what comes of another shape.
type Reader = Callable[[Any], object]


class NotSavedError(Exception):
    """It is not on the disk; the log says why."""


class RecordStore:
    """What is kept of one PBX, in a journal: a save writes what has changed, and all of that or nothing.

    `sections` is what is kept, to be read; each part of the integration has its own, and changes it by patches.
    """

    def __init__(self, hass: HomeAssistant, entry_id: str) -> None:
        self._hass = hass
        # Up to 0.2.0 all of it was one map of JSON. If there is one it counts, whatever the journal says: only an older
        # version can have written it, and nothing is saved before it is gone.
        self._old = Path(hass.config.path(STORAGE_DIR, f"{DOMAIN}.{entry_id}"))
        self._journal = Journal(self._old.with_name(f"{self._old.name}.jsonl"))
        self._saving = asyncio.Lock()
        self._unsaved: dict[str, Any] = {}  # a patch
        self._whole = False  # whether only all of it says what has changed
        self._saves = True  # whether the last write succeeded
        self._closed = False
        self.sections: dict[str, Any] = {}
        self.put_aside: str | None = None  # the name of a file that could not be read

    async def async_load(self, readers: Mapping[str, Reader]) -> None:
        """Read what was saved, and try it on those who will read it; nothing is, before the first set-up.

        What has another shape is kept beside the new file, and begun anew. What can be read goes on as it is.
        """
        await self._hass.async_add_executor_job(self._load, readers)

    def _load(self, readers: Mapping[str, Reader]) -> None:
        is_old = self._old.exists()
        try:
            stored = _read_old(self._old) if is_old else self._journal.load()
            self.sections = {
                name: section for name, section in (stored or {}).items() if _is_readable(name, section, readers)
            }
            readable = len(self.sections) == len(stored or {})
            self._whole = is_old or stored is None
        except _OTHER_SHAPE:
            readable = False
        if not readable:
            self._put_aside(self._old if is_old else self._journal.path)

    def _put_aside(self, path: Path) -> None:
        aside = path.with_name(f"{path.name}.unreadable.{dt_util.utcnow():%Y%m%dT%H%M%S}")
        with suppress(FileNotFoundError):
            path.replace(aside)
        self.put_aside, self._whole = aside.name, True
        LOGGER.warning("%s cannot be read: it is kept as %s, and begun anew", path.name, aside.name)

    @callback
    def patch(self, section: str, patch: Any) -> None:
        """Change a section as a merge patch says; it is on the disk after the next save."""
        if patch != {}:
            merge(self.sections, {section: patch})
            self._add_unsaved({section: patch})

    @callback
    def put(self, section: str, value: Mapping[str, Any]) -> None:
        """Have a section be so; it is on the disk after the next save."""
        self.patch(section, difference(self.sections.get(section), value))

    def _add_unsaved(self, patch: dict[str, Any]) -> None:
        try:
            compose(self._unsaved, patch)
        except NotComposableError:
            self._whole = True

    async def async_save(self) -> None:
        """Write now: what is not on the disk yet would be told again after a kill. Raises NotSavedError."""
        # A write cannot be stopped, whatever becomes of who waits for it.
        await asyncio.shield(self._hass.async_create_task(self._async_save(), f"{self._journal.path.name} save"))

    async def _async_save(self) -> None:
        async with self._saving:
            if self._closed:
                raise NotSavedError
            if not self._unsaved and not self._whole:
                return
            line = None if self._whole else as_line(self._unsaved)
            state = as_line(self.sections) if self._whole or self._journal.outgrown else None
            unsaved, self._unsaved, self._whole = self._unsaved, {}, False
            try:
                await self._hass.async_add_executor_job(self._write, line, state)
            except OSError as err:
                newer, self._unsaved = self._unsaved, unsaved
                self._add_unsaved(newer)
                self._whole = self._whole or line is None
                self._log_failure(err)
                raise NotSavedError from err
            self._saves = True

    def _write(self, line: bytes | None, state: bytes | None) -> None:
        if state is not None:
            try:
                self._journal.fold(state)
            except OSError:
                if line is None:
                    raise
            else:
                self._remove_old()
                return
        if line is not None:
            self._journal.append(line)

    def _remove_old(self) -> None:
        if self._old.exists():
            self._old.unlink()
            sync_folder(self._old.parent)

    def _log_failure(self, err: OSError) -> None:
        if self._saves:
            LOGGER.error("%s cannot be written: %s", self._journal.path.name, err.strerror)
        self._saves = False

    async def async_save_if_possible(self) -> None:
        """Write now what is no harm if it gets lost."""
        with suppress(NotSavedError):
            await self.async_save()

    async def async_close(self) -> None:
        """Write nothing from now on: another one may read and write the file."""
        async with self._saving:
            self._closed = True

    async def async_remove(self) -> None:
        """Delete all that is kept."""
        await self._hass.async_add_executor_job(self._remove)

    def _remove(self) -> None:
        self._journal.remove()
        self._old.unlink(missing_ok=True)


def _read_old(path: Path) -> dict[str, Any]:
    """Read the file of a version up to 0.2.0."""
    written: Any = json_loads(path.read_bytes())
    if written["version"] != _OLD_VERSION:
        raise ValueError(f"{path.name} is of version {written['version']}")
    return dict(written["data"].items())


def _is_readable(name: str, section: Any, readers: Mapping[str, Reader]) -> bool:
    try:
        if name in readers:
            readers[name](section)
    except _OTHER_SHAPE:
        return False
    return True
