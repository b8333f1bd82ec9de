"""Answers as a PBX with other quirks gives them."""

import random
import re
from typing import Any

from simulator.quirks.switches import Quirks
from simulator.wire.serializer import NamedMap

# Counts, which a PBX that keeps its types sends as numbers; within them also every one of the `fax_stats`.
_COUNTS = frozenset({
    "admins", "avail", "billable_duration", "call_ratio", "callcount", "calls_in", "calls_out", "complete",
    "fax_stats", "involved_agent_count", "involved_queue_count", "lost", "max_attempts", "min_callback_time",
    "paused", "penalty", "port", "priority", "queue_avg_hold_duration", "queue_avg_talk_duration",
    "queue_hold_duration", "queue_talk_duration", "results_limit", "results_offset", "total_results",
    "total_subscribers", "total_unsubscribers", "transferred_from_agents_count", "transferred_from_queues_count",
    "users", "waiting",
})  # fmt: skip
_NUMBERS = _COUNTS | {"elapsed", "holdtime", "id", "lastcall", "next_retry", "tenant_id", "tid", "wait_time"}
_DECIMAL = re.compile(r"-?(0|[1-9]\d{0,14})(\.\d+)?")
_PLAIN = Quirks()
_ABSENT = object()


def apply_quirks(document: dict[str, Any], quirks: Quirks, rng: random.Random) -> dict[str, Any]:
    """Return the answer as a PBX with these quirks would give it; None stands for null."""
    if quirks == _PLAIN and not any(isinstance(value, dict) for value in document.values()):
        return document
    rewriter = _Rewriter(quirks, rng)
    read = {key: rewriter.top(key, value, document) for key, value in rewriter.ordered(document)}
    return rewriter.extended(read)


class _Rewriter:
    """One answer's walk: from the leaves up, a key at a time."""

    def __init__(self, quirks: Quirks, rng: random.Random) -> None:
        self._quirks = quirks
        self._rng = rng
        self._message_id: str | None = None

    def ordered(self, row: dict[str, Any]) -> list[tuple[str, Any]]:
        """Return a row's items in the order in which they go out."""
        items = list(row.items())
        if self._quirks.shuffled_keys:
            self._rng.shuffle(items)
        return items

    def extended(self, row: dict[str, Any]) -> dict[str, Any]:
        """Return a row with what a later version of the PBX may add to it."""
        return row | {"added_later": "1", "more_added_later": []} if self._quirks.extra_fields else row

    def top(self, key: str, value: Any, document: dict[str, Any]) -> Any:
        """Return one of the answer's own fields; these are never left out."""
        if key == "results" and "columns" in document:
            # A cell cannot be left out: the ones behind it would move.
            return [
                [
                    cell if (read := self._value(column, cell)) is _ABSENT else read
                    for column, cell in zip(document["columns"], row, strict=False)
                ]
                for row in value
            ]
        read = self._value(key, value)
        return value if read is _ABSENT else read

    def _value(self, key: str, value: Any) -> Any:
        match value:
            case NamedMap():
                return self._named(value)
            case dict():
                return self.extended(self._items(value, key if key == "fax_stats" else None))
            case list() if value or self._quirks.empties != "absent":
                return [read for item in value if (read := self._value(key, item)) is not _ABSENT]
            case list():
                return _ABSENT
            case str():
                return self._text(key, value)
            case _:
                return str(value) if self._quirks.numbers == "strings" else value

    def _items(self, row: dict[str, Any], kind: str | None = None) -> dict[str, Any]:
        read = ((name, self._value(kind or name, value)) for name, value in self.ordered(row))
        return {name: value for name, value in read if value is not _ABSENT}

    def _named(self, named: NamedMap) -> Any:
        """Return a map as PHP writes an array: it has no other type, so a list is a map keyed 0..n-1."""
        read = self._items(named)
        if not read:
            shapes: dict[str, Any] = {"list": [], "object": {}, "null": None, "blank": "", "absent": _ABSENT}
            return shapes[self._quirks.empty_maps]
        if self._quirks.sequential_maps == "list" and list(read) == [str(index) for index in range(len(read))]:
            return list(read.values())
        return NamedMap(read)

    def _text(self, key: str, text: str) -> Any:
        quirks = self._quirks
        if key == "message_id" and quirks.repeated_message_id:
            self._message_id = text = self._message_id or text
        if text == "0" and key in _COUNTS and quirks.zeros != "page":
            return "" if quirks.zeros == "blank" else None
        if not text and quirks.blanks != "page":
            return None if quirks.blanks == "null" else _ABSENT
        if quirks.numbers == "numeric_check" or (quirks.numbers == "numbers" and key in _NUMBERS):
            return _number(text)
        return text


def _number(text: str) -> Any:
    found = _DECIMAL.fullmatch(text)
    if found is None:
        return text
    return float(text) if found[2] else int(text)
