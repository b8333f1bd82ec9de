"""Conversations: whom texts came from and went to, with the newest text of each, as far back as texts were read."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
import re
from typing import Final

from ..api.models import Message, MessageDirection
from ..phone_numbers import LONGEST_EXTENSION

_NUMBER: Final = re.compile(rf"\+?\d{{{LONGEST_EXTENSION + 1},}}")
_TWICE: Final = timedelta(hours=1)


def is_incoming(message: Message) -> bool:
    """Tell whether a text came from outside."""
    return direction_of(message) is MessageDirection.INBOUND


def direction_of(message: Message) -> MessageDirection:
    """Return which way a text went, as we see it: inbound, outbound or internal."""
    match found := MessageDirection.of(message.direction):
        case MessageDirection.HAIRPIN:
            return MessageDirection.INBOUND
        case MessageDirection.UNKNOWN:
            # Where the word says nothing the ends do: a user writes, or somebody outside to a number of ours.
            came_in = message.dst_original_label or _NUMBER.fullmatch(message.src_label or "")
            return MessageDirection.INBOUND if came_in else MessageDirection.OUTBOUND
    return found


def other_end(message: Message) -> str | None:
    """Return whom a text came from or went to, as the PBX calls them."""
    return message.src_label if is_incoming(message) else message.dst_label


def time_of(message: Message) -> datetime:
    """Return when a text came or went; where the PBX does not say, it is as old as can be."""
    return message.timestamp or datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation:
    """A conversation, by the number or extension at its other end; `own` is what they wrote to last."""

    id: str
    last: Message
    own: str | None

    @property
    def unanswered(self) -> bool:
        """Whether they had the last word."""
        return is_incoming(self.last)


class Conversations:
    """The conversations that texts belong to."""

    def __init__(self) -> None:
        self._known: dict[str, Conversation] = {}

    def note(self, party: str, message: Message) -> None:
        """Take in a text, newer or older than those that are known."""
        known = self._known.get(party)
        own = message.dst_original_label or message.dst_label if is_incoming(message) else None
        if known is None:
            self._known[party] = Conversation(id=party, last=message, own=own)
        elif _is_newer(message, known.last):
            self._known[party] = Conversation(id=party, last=message, own=own or known.own)
        elif known.own is None and own:
            self._known[party] = Conversation(id=party, last=known.last, own=own)

    def newest(self) -> list[Conversation]:
        """Return all, the newest first."""
        return sorted(self._known.values(), key=lambda one: _order(one.last), reverse=True)

    def keep_newest(self, most: int) -> dict[str, Conversation]:
        """Forget all but so many; returns these by their ids."""
        self._known = {one.id: one for one in self.newest()[:most]}
        return self._known.copy()

    def of(self, parties: Iterable[str]) -> list[Conversation]:
        """Return some of them, by their ids."""
        return [self._known[party] for party in parties if party in self._known]


def _order(message: Message) -> tuple[datetime, int]:
    return time_of(message), message.id or 0


def _is_newer(message: Message, other: Message) -> bool:
    """Tell whether a text is the newer one, or the same. Of one hour ids tell: when summer time ends it comes twice."""
    if message.id is not None and other.id is not None and abs(time_of(message) - time_of(other)) <= _TWICE:
        return message.id >= other.id
    return _order(message) >= _order(other)
