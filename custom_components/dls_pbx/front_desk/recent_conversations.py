"""Recent conversations: the newest ones of one PBX, kept in step with its texts while somebody looks.

The feed of texts knows what came since the set-up. So the newest texts are read once when somebody begins to look, and
again when the feed is back after an outage; from then on the feed tells of each that is new, or that has changed.
"""

import asyncio
from collections.abc import Callable, Collection, Mapping, Sequence, Set as AbstractSet
from typing import Any, Final

from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError

from ..api.models import Message
from ..coordinator.keys import AVAILABILITY, ObjectKey
from ..data import DlsPbxConfigEntry
from ..records.conversations import Conversation, Conversations, other_end
from .call_graph import differing
from .rows import ConversationRow
from .text_pages import async_read_texts
from .text_rows import TextRows

MOST_CONVERSATIONS: Final = 50


class RecentConversations:
    """Knows the newest conversations from `async_start` to `async_stop`, and tells `touch` which have changed."""

    def __init__(self, hass: HomeAssistant, entry: DlsPbxConfigEntry, touch: Callable[[Collection[str]], None]) -> None:
        self._hass = hass
        self._entry = entry
        self._feed = entry.runtime_data.message_feed
        self._consent = entry.runtime_data.consent
        self._rows = TextRows(hass, entry.runtime_data)
        self._touch = touch
        self._known = Conversations()
        self._shown: Mapping[str, Conversation] = {}
        self._is_whole = False  # whether the newest texts were read since the feed was last away
        self._reading: asyncio.Task[None] | None = None
        self._unsubscribe: list[CALLBACK_TYPE] = []

    @callback
    def async_start(self) -> None:
        """Begin to listen, and read in the background: nobody waits for it."""
        self._unsubscribe = [
            self._feed.async_listen(self._note),
            self._feed.async_subscribe(self._feed_changed),
            self._consent.async_subscribe(self._consent_changed),
        ]
        self._read_if_needed()

    @callback
    def async_stop(self) -> None:
        """Leave no listener behind, and no question under way."""
        while self._unsubscribe:
            self._unsubscribe.pop()()
        if self._reading:
            self._reading.cancel()

    @property
    def ids(self) -> Collection[str]:
        """The conversations that are shown."""
        return self._shown.keys()

    def row(self, party: str) -> ConversationRow | None:
        """Return the row of a conversation; None if it is not among the newest."""
        one = self._shown.get(party)
        return self._rows.conversation(one, self._consent.last) if one else None

    def _feed_changed(self, _before: object, _after: object, changed: AbstractSet[ObjectKey]) -> None:
        if AVAILABILITY in changed:
            self._is_whole = False
        self._read_if_needed()

    def _consent_changed(self, *_: Any) -> None:
        self._touch(self.ids)

    def _read_if_needed(self) -> None:
        """Read unless that has been done; where the feed gets no answer, nobody else would."""
        is_reading = self._reading and not self._reading.done()
        if self._feed.last_update_success and not self._is_whole and not is_reading:
            self._reading = self._entry.async_create_background_task(
                self._hass, self._async_read(), f"{self._entry.title} newest conversations"
            )

    async def _async_read(self) -> None:
        try:
            await async_read_texts(self._hass, self._entry, self._take)
        except HomeAssistantError:
            # The feed says in the log what is wrong; after its next good answer it is tried again.
            return
        self._is_whole = True

    def _take(self, messages: Sequence[Message]) -> bool:
        self._note(messages)
        return len(self._shown) >= MOST_CONVERSATIONS

    def _note(self, messages: Sequence[Message]) -> None:
        for message in messages:
            if party := self._rows.party(other_end(message)):
                self._known.note(party, message)
        before, self._shown = self._shown, self._known.keep_newest(MOST_CONVERSATIONS)
        if touched := differing(before, self._shown):
            self._touch(touched)
