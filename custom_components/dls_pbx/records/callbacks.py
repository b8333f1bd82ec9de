"""Who has to be called back."""

from collections.abc import Collection, Mapping, Sequence
from datetime import tzinfo
from typing import Any

from ..api.models import CallRecord


class Callbacks:
    """The list."""

    def __init__(self, stored: Sequence[Mapping[str, Any]], *, region: str, zone: tzinfo) -> None:
        self._stored = list(stored)

    def note(self, records: Sequence[CallRecord], recent: Collection[CallRecord]) -> None:
        """Note records."""

    def as_stored(self) -> list[Mapping[str, Any]]:
        """Return it as JSON takes it."""
        return self._stored
