"""Messages: conversations with whoever texted or was texted, and the texts of one, as the PBX keeps them.

The PBX has texts, and no conversations: they are made of its texts, the newest first, as far back as somebody looks.
"""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Final

from homeassistant.auth.models import User
from homeassistant.core import HomeAssistant

from .. import phone_numbers
from ..actions.request import async_ask
from ..api import DlsPbxError
from ..api.models import ConsentLists, Message
from ..data import DlsPbxConfigEntry
from ..records.conversations import Conversation, Conversations, other_end, time_of
from ..records.read import async_newest_messages
from .permissions import Permissions
from .records_rows import MessageRow
from .rows import ConversationRow
from .text_pages import async_read_texts
from .text_rows import TextRows

MOST_ROWS: Final = 200
_FEWEST_DIGITS: Final = 3


async def async_conversations(
    hass: HomeAssistant, entry: DlsPbxConfigEntry, search: str, before: datetime | None, limit: int
) -> tuple[list[ConversationRow], bool]:
    """Return a page of conversations, and whether there may be more; raises a HomeAssistantError (`sms.php query_sms`).

    `search` looks at names, numbers and words.
    """
    sought = _Search(entry, TextRows(hass, entry.runtime_data), search.strip().casefold(), before)

    def take(messages: Sequence[Message]) -> bool:
        sought.note(messages)
        return not sought.words and len(sought.found()) > limit

    more = await async_read_texts(hass, entry, take)
    found, lists = sought.found(), await _async_lists(entry)
    return [sought.rows.conversation(one, lists) for one in found[:limit]], more or len(found) > limit


def spellings(party: str) -> list[str]:
    """Return how the PBX may have written a number: as whoever sent the text did."""
    return list(dict.fromkeys((party, party.removeprefix("+"), phone_numbers.ten_digits(party) or party)))


async def async_conversation(
    hass: HomeAssistant, entry: DlsPbxConfigEntry, user: User, party: str, before: datetime | None, limit: int
) -> tuple[list[MessageRow], bool]:
    """Return a page of the texts from and to somebody, newest first, and whether there are older ones."""
    rows = TextRows(hass, entry.runtime_data)
    pages = [
        await async_ask(
            hass, entry, partial(async_newest_messages, limit=limit, end=before, filters={end_of: spellings(party)})
        )
        for end_of in ("src", "dst")
    ]
    texts = {message.id or message.message_id: message for _, page in pages for message in page}
    newest = sorted(texts.values(), key=lambda one: (time_of(one), one.id or 0), reverse=True)
    rights = Permissions(hass, entry, user)
    found = [rights.of_conversation(rows.message(one), rows.phone(one)) for one in newest[:limit]]
    return found, any(more for more, _ in pages) or len(newest) > limit


async def _async_lists(entry: DlsPbxConfigEntry) -> ConsentLists | None:
    """Return the consent lists, if they can be read: whether somebody opted out is shown, and checked once more."""
    try:
        return await entry.runtime_data.consent.async_lists()
    except DlsPbxError:
        return None


class _Search:
    """Whom somebody looks for among the texts that were read up to now; without words everybody."""

    def __init__(self, entry: DlsPbxConfigEntry, rows: TextRows, words: str, before: datetime | None) -> None:
        self._attributes = entry.runtime_data.event_attributes
        self._before = before
        self._known = Conversations()
        self._matching: dict[str, None] = {}
        self.rows = rows
        self.words = words

    def note(self, messages: Sequence[Message]) -> None:
        """Take in texts."""
        for message in messages:
            if party := self.rows.party(other_end(message)):
                self._known.note(party, message)
                if self.words and self._has_words(party, message):
                    self._matching[party] = None

    def found(self) -> list[Conversation]:
        """Return the conversations that are wanted."""
        found = self._known.of(self._matching) if self.words else self._known.newest()
        return [one for one in found if self._before is None or time_of(one.last) <= self._before]

    def _has_words(self, party: str, message: Message) -> bool:
        """Tell whether a text, or who it is from or to, has the words, or a number in any spelling."""
        about = self._attributes.party(other_end(message))
        written = " ".join((message.message or "", about.get("name") or "")).casefold()
        # Whoever writes a number writes no letters.
        number = "" if any(map(str.isalpha, self.words)) else phone_numbers.digits(self.words)
        return self.words in written or (len(number) >= _FEWEST_DIGITS and number in phone_numbers.digits(party))
