"""Vocabulary of a PBX as far as nobody knew it: words, fields and shapes that no reader understands.

None of them makes anything fail. They are counted, with a sample in which letters and digits are masked, so that a
stranger's diagnostics say how their PBX reads the vendor's page.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
import re
from typing import Any, Final

from .characters import printable

# More than these, and a PBX speaks another language altogether.
MOST: Final = 200
_LONGEST: Final = 60
_DIGIT: Final = re.compile(r"\d")
_LETTER: Final = re.compile(r"[^\W\d_]")


@dataclass(slots=True)
class Unknown:
    """Something that was not understood: in which field of which action, how often, and when first and last."""

    action: str
    field: str
    sample: str
    count: int
    first: datetime
    last: datetime


class Vocabulary:
    """What one PBX has said that was not understood."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._found: dict[tuple[str, str, str], Unknown] = {}

    @property
    def found(self) -> list[Unknown]:
        """What was not understood, in the order in which it came."""
        return list(self._found.values())

    @contextmanager
    def reading(self, action: str) -> Iterator[None]:
        """Count what is not understood of an answer to `action` (`status.users`)."""
        token = _READING.set((self, action))
        try:
            yield
        finally:
            _READING.reset(token)

    def add(self, action: str, field: str, sample: str) -> None:
        """Count one thing; the first of more than MOST are kept."""
        now, key = self._clock(), (action, printable(field[:_LONGEST]), printable(sample[:_LONGEST]))
        if known := self._found.get(key):
            known.count += 1
            known.last = now
        elif len(self._found) < MOST:
            self._found[key] = Unknown(*key, count=1, first=now, last=now)


_READING: ContextVar[tuple[Vocabulary, str] | None] = ContextVar("reading", default=None)


def note(field: str, sample: str) -> None:
    """Count something in the answer that is being read."""
    if reading := _READING.get():
        vocabulary, action = reading
        vocabulary.add(action, field, sample)


def note_word(field: str, word: str) -> None:
    """Count a word of the PBX's own, where only a few can stand; its digits may be anybody's."""
    note(field, _DIGIT.sub("9", word[:_LONGEST]))


def note_fields(row: Mapping[str, Any], known: frozenset[str], prefix: str = "") -> None:
    """Count the fields of a row that nobody knows."""
    if not row.keys() <= known:
        for field in row.keys() - known:
            note(f"{prefix}{_DIGIT.sub('9', field[:_LONGEST])}", shape(row[field]))


def shape(value: Any, longest: int = _LONGEST) -> str:
    """Return a value without whom it is about: digits are 9, letters are x; of what is no text the kind."""
    if isinstance(value, str):
        return _LETTER.sub("x", _DIGIT.sub("9", value[:longest]))
    if isinstance(value, Mapping):
        return f"map of {_kinds(value.values())}"
    if isinstance(value, list):
        return f"list of {_kinds(value)}"
    return type(value).__name__


def _kinds(values: Iterable[Any]) -> str:
    return ", ".join(sorted({type(value).__name__ for value in values})) or "nothing"
