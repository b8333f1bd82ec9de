"""Work counted: how often functions are called, which no other load of the machine changes."""

from collections.abc import Iterator
from contextlib import contextmanager
import sys
from types import FrameType
from typing import Any

from tests.helpers.paths import INTEGRATION

OURS = str(INTEGRATION)


class Work:
    """The calls that our own code has got and made."""

    def __init__(self) -> None:
        self.calls = 0

    def note(self, frame: FrameType, event: str, _: Any) -> None:
        """Count one, as Python's profiler tells it."""
        if event in ("call", "c_call") and frame.f_code.co_filename.startswith(OURS):
            self.calls += 1


@contextmanager
def counted() -> Iterator[Work]:
    """Count what our code does meanwhile in this thread."""
    work = Work()
    before = sys.getprofile()
    sys.setprofile(work.note)
    try:
        yield work
    finally:
        sys.setprofile(before)
