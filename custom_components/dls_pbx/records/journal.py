"""Journal: a file to which what changes is added, a line for each save; each line is a merge patch of the state.

The first line is written to a file of its own and renamed, so it is whole or not there. Of a later one a kill, a power
cut or a full disk may leave a part: then it is the last, and was never saved.
"""

from collections.abc import Mapping
from contextlib import suppress
import errno
import os
from pathlib import Path
from typing import Any, Final

from homeassistant.helpers.json import json_bytes
from homeassistant.util.json import json_loads

from .merge_patch import merge

# So much is written at a time: a memory card must not hold up everything else.
MOST_AT_ONCE: Final = 64 * 1024
# Where less than this is superfluous, writing it anew would cost more than it saves.
FOLDED_AT_LEAST: Final = 64 * 1024
_PRIVATE: Final = 0o600  # callbacks hold names and numbers


class UnreadableError(ValueError):
    """Something in a file cannot be read, and it is no end that a kill has left."""


def as_line(patch: Mapping[str, Any]) -> bytes:
    """Return a patch as a line of a journal."""
    return json_bytes(patch) + b"\n"


class Journal:
    """The file; all of it is done in the executor, one thing at a time."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._temporary = path.with_name(f"{path.name}.new")
        self._length = 0  # up to the end of the last line that was saved
        self._fold_beyond = 0

    @property
    def outgrown(self) -> bool:
        """Whether most of the file says what has changed again since."""
        return self._length > self._fold_beyond

    def load(self) -> dict[str, Any] | None:
        """Return the state, None if there is no file; raises an UnreadableError, or another OSError."""
        self._temporary.unlink(missing_ok=True)
        try:
            written = self.path.read_bytes()
        except FileNotFoundError:
            return None
        state, self._length = _read(written)
        self._fold_when_grown(len(as_line(state)))
        return state

    def append(self, line: bytes) -> None:
        """Add a line; raises an OSError, and then the file is as before, or ends in a part of the line."""
        if not self.path.exists() or self.path.stat().st_size < self._length:
            # Somebody was at it: only the whole state says what was in it.
            self._fold_beyond = -1
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT))
        with self.path.open("r+b", buffering=0) as file:
            # What is left of a line that could not be written to its end.
            file.truncate(self._length)
            file.seek(self._length)
            try:
                _write(file.fileno(), line)
            except OSError:
                # It may be there to the end all the same, although nobody will be told what it says was told.
                with suppress(OSError):
                    file.truncate(self._length)
                raise
        self._length += len(line)

    def fold(self, state: bytes) -> None:
        """Begin anew with the state as the only line; raises an OSError, and then the file is mostly as before."""
        try:
            self._write_beside(state)
            self._temporary.replace(self.path)
        except OSError:
            # Not at the next line again, and it must not take the room that the next line needs.
            self._fold_beyond = self._length + FOLDED_AT_LEAST
            with suppress(OSError):
                self._temporary.unlink(missing_ok=True)
            raise
        self._length = len(state)
        self._fold_when_grown(self._length)
        sync_folder(self.path.parent)

    def remove(self) -> None:
        """Delete the file."""
        for path in (self.path, self._temporary):
            path.unlink(missing_ok=True)

    def _write_beside(self, state: bytes) -> None:
        self.path.parent.mkdir(exist_ok=True)
        self._temporary.unlink(missing_ok=True)
        descriptor = os.open(self._temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _PRIVATE)
        try:
            _write(descriptor, state)
        finally:
            os.close(descriptor)

    def _fold_when_grown(self, folded: int) -> None:
        self._fold_beyond = max(FOLDED_AT_LEAST, 2 * folded)


def sync_folder(folder: Path) -> None:
    """Have the disk know of names that came or went."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _write(descriptor: int, data: bytes) -> None:
    """Write all of it to the disk itself, a piece at a time; a disk that fills up takes a part before it says so."""
    left = memoryview(data)
    while left:
        left = left[os.write(descriptor, left[:MOST_AT_ONCE]) :]
        os.fsync(descriptor)


def _read(written: bytes) -> tuple[dict[str, Any], int]:
    """Return the state of a file, and how long it is without a torn end."""
    state: dict[str, Any] = {}
    length = 0
    *lines, torn = written.split(b"\n")
    for number, line in enumerate(lines, start=1):
        try:
            state = _merged(state, line)
        except ValueError as err:
            # The blocks of a line may reach the disk in any order, its end before its beginning.
            if number == len(lines) and not torn:
                break
            raise UnreadableError from err
        length += len(line) + 1
    if not length:
        raise UnreadableError
    return state, length


def _merged(state: dict[str, Any], line: bytes) -> dict[str, Any]:
    patch = json_loads(line)
    if not isinstance(patch, dict):
        raise UnreadableError
    merge(state, patch)
    return state
