"""Notes on callbacks: what people write about a caller whom they owe a call."""

from collections.abc import Container
from typing import Final

from ..errors import wrong_input

LONGEST_NOTE: Final = 500


def written_note(written: str) -> str | None:
    """Return a note as it is kept, None for none; raises ServiceValidationError for one that is too long."""
    note = "\n".join(line.rstrip() for line in written.splitlines()).strip()
    if len(note) > LONGEST_NOTE:
        raise wrong_input("note_too_long", limit=str(LONGEST_NOTE))
    return note or None


def joined_notes(first: str | None, second: str | None) -> str | None:
    """Return two notes as one: nobody's words are lost by somebody else's, and none are there twice."""
    if not first or not second:
        return first or second
    lines = first.split("\n")
    return "\n".join([*lines, *(line for line in second.split("\n") if line not in lines)])


def without_lines(written: str, lines: Container[str]) -> str:
    """Return what is left of a text without some lines that are not part of it."""
    return "\n".join(line for line in written.splitlines() if line.strip() not in lines)
