"""Messages: conversations with whoever texted or was texted, and the texts of one, as the PBX keeps them.

The PBX has texts, and no conversations: they are made of its texts, the newest first, as far back as somebody looks.
"""

from datetime import datetime
from functools import partial
from typing import Final

from homeassistant.auth.models import User
from homeassistant.core import HomeAssistant

from .. import phone_numbers
from ..actions.consent import is_sure, listed
from ..actions.request import async_ask
from ..api import DlsPbxError
from ..api.models import ConsentLists, Message
from ..data import DlsPbxConfigEntry
from ..records.conversations import Conversation, Conversations, is_incoming, other_end, time_of
from ..records.read import async_newest_messages
from .permissions import Permissions
from .records_rows import ConversationRow, MessageRow

MOST_ROWS: Final = 200
_PER_PAGE: Final = 200
# A search goes no further back, and a list of conversations no further at a time.
_MOST_PAGES: Final = 10
_FEWEST_DIGITS: Final = 3


async def async_conversations(
    hass: HomeAssistant, entry: DlsPbxConfigEntry, search: str, before: datetime | None, limit: int
) -> tuple[list[ConversationRow], bool]:
    """Return a page of conversations, and whether there may be more; raises a HomeAssistantError (`sms.php query_sms`).

    `search` looks at names, numbers and words.
    """
    desk = _Messages(hass, entry)
    words = search.strip().casefold()
    matching: dict[str, None] = {}
    end: datetime | None = None
    more = True
    found: list[Conversation] = []
    for _ in range(_MOST_PAGES):
        more, messages = await async_ask(hass, entry, partial(async_newest_messages, limit=_PER_PAGE, end=end))
        for message in messages:
            if party := desk.party(message):
                desk.known.note(party, message)
                if words and desk.has_words(party, message, words):
                    matching[party] = None
        found = desk.known.of(matching) if words else desk.known.newest()
        found = [one for one in found if before is None or time_of(one.last) <= before]
        reached = time_of(messages[-1]) if messages else None
        if not more or reached is None or reached == end or (not words and len(found) > limit):
            break
        end = reached
    lists = await _async_lists(entry)
    return [desk.conversation(one, lists) for one in found[:limit]], more or len(found) > limit


async def async_conversation(
    hass: HomeAssistant, entry: DlsPbxConfigEntry, user: User, party: str, before: datetime | None, limit: int
) -> tuple[list[MessageRow], bool]:
    """Return a page of the texts from and to somebody, newest first, and whether there are older ones."""
    desk = _Messages(hass, entry)
    pages = [
        await async_ask(hass, entry, partial(async_newest_messages, limit=limit, end=before, filters={end_of: [party]}))
        for end_of in ("src", "dst")
    ]
    texts = {message.id or message.message_id: message for _, page in pages for message in page}
    newest = sorted(texts.values(), key=lambda one: (time_of(one), one.id or 0), reverse=True)
    rights = Permissions(hass, entry, user)
    rows = [rights.of_conversation(desk.message(one), desk.phone(one)) for one in newest[:limit]]
    return rows, any(more for more, _ in pages) or len(newest) > limit


async def _async_lists(entry: DlsPbxConfigEntry) -> ConsentLists | None:
    """Return the consent lists, if they can be read: whether somebody opted out is shown, and checked once more."""
    try:
        return await entry.runtime_data.consent.async_lists()
    except DlsPbxError:
        return None


class _Messages:
    def __init__(self, hass: HomeAssistant, entry: DlsPbxConfigEntry) -> None:
        self._data = entry.runtime_data
        self._region = phone_numbers.region(hass.config.country)
        self.known = Conversations()

    def party(self, message: Message) -> str | None:
        """Return who is at the other end: a number, or one of our people; None for who hides."""
        label = other_end(message)
        if user := self._data.users.user(label):
            return user.auth_id
        return phone_numbers.label_number(label or "", self._region)

    def has_words(self, party: str, message: Message, words: str) -> bool:
        """Tell whether a text, or who it is from or to, has some words, or a number in any spelling."""
        about = self._data.event_attributes.party(other_end(message))
        written = " ".join((message.message or "", about.get("name") or "")).casefold()
        # Whoever writes a number writes no letters.
        number = "" if any(map(str.isalpha, words)) else phone_numbers.digits(words)
        return words in written or (len(number) >= _FEWEST_DIGITS and number in phone_numbers.digits(party))

    def conversation(self, one: Conversation, lists: ConsentLists | None) -> ConversationRow:
        """Return a conversation as the screens show it."""
        about = self._data.event_attributes.party(other_end(one.last))
        own = self._data.event_attributes.own_number(one.own)
        return {
            "id": one.id,
            "number": phone_numbers.readable(about.get("number") or one.id, self._region),
            "tel": one.id if one.id.startswith("+") else None,
            "name": about.get("name"),
            "vip": bool(about.get("vip")),
            "own_number": phone_numbers.readable(own, self._region) if own else None,
            "last": {
                "direction": _direction(one.last),
                "text": one.last.message or "",
                "time": self._time(one.last),
                "status": one.last.status,
            },
            "unanswered": one.unanswered,
            "opted_out": self._opted_out(one.id, lists),
        }

    def message(self, message: Message) -> MessageRow:
        """Return a text as the screens show it."""
        return {
            "id": str(message.id or message.message_id or ""),
            "direction": _direction(message),
            "text": message.message or "",
            "time": self._time(message),
            "status": message.status,
            "extension": self._data.event_attributes.extension(_own_end(message)),
            "account_code": message.account_code,
        }

    def phone(self, message: Message) -> str | None:
        """Return the auth ID of whom of us a text came to or is from."""
        return self._data.event_attributes.phone(_own_end(message))

    def _time(self, message: Message) -> str | None:
        return self._data.event_attributes.time(message.timestamp) if message.timestamp else None

    def _opted_out(self, number: str, lists: ConsentLists | None) -> bool | None:
        if lists is None or not number.startswith("+"):
            return None
        if any(listed(one, number, self._region) for one in lists.opt_out):
            return True
        return False if all(map(is_sure, lists.opt_out)) else None


def _own_end(message: Message) -> str | None:
    return message.dst_label if is_incoming(message) else message.src_label


def _direction(message: Message) -> str:
    return "inbound" if is_incoming(message) else message.direction or "outbound"
