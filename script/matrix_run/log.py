"""Log as people read it: what must not be in it is complained of."""

from collections.abc import Iterator
from contextlib import contextmanager
import logging
from typing import override

from custom_components.dls_pbx.const import LOGGER


class _Watch(logging.Handler):
    def __init__(self, complaints: list[str], key: str, *, is_healthy: bool) -> None:
        super().__init__()
        self._complaints = complaints
        self._key = key
        self._is_healthy = is_healthy

    @override
    def emit(self, record: logging.LogRecord) -> None:
        text = record.getMessage()
        if self._key in text:
            self._complaints.append(f"the key is in the log of {record.name}")
        # At DEBUG Home Assistant itself adds the stack of each failed poll.
        if record.levelno >= logging.ERROR or (record.exc_info and record.levelno > logging.DEBUG):
            self._complaints.append(f"{record.levelname} of {record.name}: {text}")
        elif self._is_healthy and record.name.startswith(LOGGER.name) and record.levelno >= logging.WARNING:
            self._complaints.append(f"a warning, of a PBX without fault: {text}")


@contextmanager
def watched(complaints: list[str], key: str, *, is_healthy: bool) -> Iterator[None]:
    """Complain of stack traces, errors and the key in what anybody logs meanwhile; of a healthy PBX's outages too."""
    watch = _Watch(complaints, key, is_healthy=is_healthy)
    logging.root.addHandler(watch)
    try:
        yield
    finally:
        logging.root.removeHandler(watch)
