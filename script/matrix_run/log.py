"""Log as people read it: what must not be in it is complained of."""

from collections.abc import Iterator
from contextlib import contextmanager
import logging
from typing import override


class _Watch(logging.Handler):
    def __init__(self, complaints: list[str], key: str) -> None:
        super().__init__()
        self._complaints = complaints
        self._key = key

    @override
    def emit(self, record: logging.LogRecord) -> None:
        text = record.getMessage()
        if self._key in text:
            self._complaints.append(f"the key is in the log of {record.name}")
        # At DEBUG Home Assistant itself adds the stack of each failed poll.
        if record.levelno >= logging.ERROR or (record.exc_info and record.levelno > logging.DEBUG):
            self._complaints.append(f"{record.levelname} of {record.name}: {text}")


@contextmanager
def watched(complaints: list[str], key: str) -> Iterator[None]:
    """Complain of stack traces, errors and the key in what anybody logs meanwhile."""
    watch = _Watch(complaints, key)
    logging.root.addHandler(watch)
    try:
        yield
    finally:
        logging.root.removeHandler(watch)
