"""A disk that fills up, and what a plug pulled at any moment leaves on it: for the files of the integration."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
import errno
import os
from pathlib import Path
from shutil import copytree, ignore_patterns
from threading import Event
from typing import Any
from unittest.mock import patch

from custom_components.dls_pbx.const import DOMAIN


class Disk:
    """The disk as the operating system has it; everybody else's files are left alone."""

    def __init__(self) -> None:
        self.room: int | None = None  # bytes until it is full; None: without end
        self.busy: Event | None = None  # writes wait until it is set
        self.writes: list[int] = []
        self.moments: list[Path] = []  # copies of the folder, from before and after all that was done to it
        self._keep: tuple[Path, Path] | None = None

    def keep_moments(self, folder: Path, copies: Path) -> None:
        """Keep a copy of a folder whenever something is done to a file of the integration."""
        self._keep = folder, copies

    def write(self, real: Callable[..., int], descriptor: int, data: memoryview) -> int:
        """Write as much as there is room for, as a disk does: a part first, and nothing the next time."""
        if not _is_ours(Path(f"/proc/self/fd/{descriptor}").readlink()):
            return real(descriptor, data)
        if self.busy:
            self.busy.wait()
        if self.room == 0:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        written = real(descriptor, data[: self.room])
        self.room = None if self.room is None else self.room - written
        self.writes.append(written)
        self._moment()
        return written

    def change(self, real: Callable[..., Any], name: Any, *more: Any, **how: Any) -> Any:
        """Do what changes the names of files."""
        if not _is_ours(name):
            return real(name, *more, **how)
        self._moment()
        freed = _size((name, *more)[-1])
        result = real(name, *more, **how)
        self.room = None if self.room is None else self.room + freed
        self._moment()
        return result

    def _moment(self) -> None:
        if self._keep:
            folder, copies = self._keep
            self.moments.append(copies / str(len(self.moments)))
            copy_disk(folder, self.moments[-1])


def copy_disk(here: Path, there: Path) -> None:
    """Copy what is on a disk while Home Assistant may be writing to it.

    A file that is not whole yet has another name until it is, and may lose that one while we copy.
    """
    copytree(here, there, ignore=ignore_patterns("tmp*"))


def _size(path: Any) -> int:
    return Path(path).stat().st_size if Path(path).exists() else 0


def _is_ours(path: Any) -> bool:
    return Path(path).name.startswith(f"{DOMAIN}.")


@contextmanager
def a_disk() -> Iterator[Disk]:
    """Put a disk of our own in place of the machine's. It forgets nothing in a power cut, so nobody waits for it."""
    disk, write, replace, unlink = Disk(), os.write, os.replace, os.unlink
    with (
        patch("os.write", lambda *what: disk.write(write, *what)),
        patch("os.replace", lambda *what, **how: disk.change(replace, *what, **how)),
        patch("os.unlink", lambda *what, **how: disk.change(unlink, *what, **how)),
        patch("os.fsync", lambda _: None),
    ):
        yield disk
