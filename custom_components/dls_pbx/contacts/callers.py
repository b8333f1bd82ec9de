"""Callers and what they called themselves: the names that came with their calls, by number."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from .. import phone_numbers
from ..api.models import CallRecord
from .book import LONGEST_NAME

# Of the newest ones; a name takes 40 bytes.
MOST_CALLERS: Final = 5000


def outside_caller(record: CallRecord, region: str) -> str | None:
    """Return who called from outside, in E.164 or by digits; None for colleagues, and for who hides."""
    own = record.internal or record.src_user
    return None if own else phone_numbers.outside(record.src or record.src_label or "", region)


def name_of(record: CallRecord) -> str | None:
    """Return what a caller's telephone says of whose it is, on one line; a number in its place is no name."""
    line = " ".join((record.caller_name or "").split())[:LONGEST_NAME]
    return line if any(map(str.isalpha, line)) and not phone_numbers.hides(line) else None


class CallerNames:
    """The names of one PBX's callers by number, the newest last."""

    section: Final = "caller_names"

    def __init__(self, stored: Mapping[str, str], region: str) -> None:
        self._names = dict(stored)
        self._region = region
        self._changes: dict[str, str | None] = {}  # None: gone

    @staticmethod
    def from_stored(stored: Any) -> Mapping[str, str]:
        """Read what was kept; raises a ValueError if it is something else."""
        if not all(isinstance(one, str) for pair in stored.items() for one in pair):
            raise ValueError("A caller's name is no text")
        return stored  # type: ignore[no-any-return]

    def get(self, number: str) -> str | None:
        """Return what a number's caller was last called."""
        return self._names.get(number)

    def items(self) -> Iterable[tuple[str, str]]:
        """Return all numbers with their names."""
        return self._names.items()

    def note(self, records: Iterable[CallRecord]) -> None:
        """Take in the names of calls, in the order in which they were made."""
        for record in records:
            number, name = outside_caller(record, self._region), name_of(record)
            if number and name and self._names.get(number) != name:
                self._names.pop(number, None)
                self._names[number] = self._changes[number] = name
        for number in list(self._names)[: max(0, len(self._names) - MOST_CALLERS)]:
            del self._names[number]
            self._changes[number] = None

    def recall(self, records: Iterable[CallRecord]) -> None:
        """Take in the names of calls of long ago: of those whose later calls told none, the latest."""
        found: dict[str, str] = {}
        for record in records:
            number, name = outside_caller(record, self._region), name_of(record)
            if number and name and number not in self._names:
                found[number] = name
        room = MOST_CALLERS - len(self._names)
        kept = dict(list(found.items())[-room:]) if room > 0 else {}
        # The newest are last.
        self._names = {**kept, **self._names}
        self._changes |= kept

    def changes(self) -> dict[str, str | None]:
        """Return what has changed since this was asked last, as a merge patch."""
        changes, self._changes = self._changes, {}
        return changes
