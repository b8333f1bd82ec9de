"""A log file, read as it grows."""

from collections.abc import Iterator
import os
from pathlib import Path
from typing import BinaryIO


class Tail:
    """Whole lines that were appended since the last look.

    Rotation loses none, but those that were written and truncated away between two looks.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: BinaryIO | None = None
        self._half = b""

    def lines(self) -> Iterator[str]:
        """Yield the new lines; a half one at the end waits for its other half. No file: no lines."""
        while True:
            if self._file is None:
                try:
                    self._file = self._path.open("rb")
                except OSError:
                    return
            if os.fstat(self._file.fileno()).st_size < self._file.tell():
                self._file.seek(0)
                self._half = b""
            *whole, self._half = (self._half + self._file.read()).split(b"\n")
            for line in whole:
                yield line.decode(errors="replace")
            if not self._was_renamed():
                return
            self._file.close()
            self._file, self._half = None, b""

    def _was_renamed(self) -> bool:
        """Tell whether another file has taken the name."""
        if self._file is None:
            return False
        try:
            return self._path.stat().st_ino != os.fstat(self._file.fileno()).st_ino
        except OSError:
            return False  # renamed, and the new one is not there yet
