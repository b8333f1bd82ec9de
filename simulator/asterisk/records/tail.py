"""Log file, read as it grows."""

from collections.abc import Iterator
import os
from pathlib import Path
from typing import BinaryIO


class Tail:
    """Whole lines that were appended since the last look.

    Rotation loses none, but those that were written and truncated away between two looks.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file: BinaryIO | None = None
        self._half = b""

    def lines(self) -> Iterator[str]:
        """Yield the new lines; a half one at the end waits for its other half. No file: no lines."""
        while True:
            if self._file is None:
                try:
                    self._file = self.path.open("rb")
                except OSError:
                    return
            # Before reading: nothing is written to the old file after that.
            has_successor = self._has_successor(self._file)
            if os.fstat(self._file.fileno()).st_size < self._file.tell():
                self._file.seek(0)
                self._half = b""
            *whole, self._half = (self._half + self._file.read()).split(b"\n")
            for line in whole:
                yield line.decode(errors="replace")
            if not has_successor:
                return
            self._file.close()
            self._file, self._half = None, b""

    def _has_successor(self, file: BinaryIO) -> bool:
        """Tell whether another file has taken the name. While that is empty, Asterisk still writes to the old one."""
        try:
            named = self.path.stat()
        except OSError:
            return False  # renamed, and the new one is not there yet
        return named.st_size > 0 and not os.path.samestat(named, os.fstat(file.fileno()))
