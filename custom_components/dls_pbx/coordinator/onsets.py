"""Onsets: since when something is so of which the PBX tells no time, such as a talk, seen by two looks in a row."""

from collections.abc import Hashable, Mapping, Set as AbstractSet
from datetime import datetime, timedelta
from typing import Final

from homeassistant.util import dt as dt_util

# The slowest tempo at which calls and queues are asked, and what an answer may take.
_IN_A_ROW: Final = timedelta(seconds=20)


class Onsets[KeyT: Hashable]:
    """Moments at which keys were found for the first time, each as late as the tempo of the looks at most.

    What was so already at the first look, or came while the PBX did not answer, has none: nobody can know.
    """

    def __init__(self) -> None:
        self.since: Mapping[KeyT, datetime] = {}
        self._found: AbstractSet[KeyT] = frozenset()
        self._looked_at: datetime | None = None

    def found(self, keys: AbstractSet[KeyT]) -> None:
        """Take over of what it is so now."""
        now = dt_util.utcnow()
        in_a_row = self._looked_at is not None and now - self._looked_at <= _IN_A_ROW
        begun = keys - self._found if in_a_row else frozenset()
        self.since = {key: self.since[key] for key in self.since.keys() & keys} | dict.fromkeys(begun, now)
        self._found = keys

    def looked(self) -> None:
        """Note that this was a look, whether anything had changed or not."""
        self._looked_at = dt_util.utcnow()
