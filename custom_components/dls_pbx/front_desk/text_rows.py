"""Text rows: texts and conversations as the screens show them, and who is at the other end."""

from homeassistant.core import HomeAssistant

from .. import phone_numbers
from ..actions.consent import is_sure, listed
from ..api.models import ConsentLists, Message
from ..data import DlsPbxData
from ..records.conversations import Conversation, direction_of, is_incoming, other_end
from .records_rows import MessageRow
from .rows import ConversationRow


class TextRows:
    """Makes the rows of one PBX's texts."""

    def __init__(self, hass: HomeAssistant, data: DlsPbxData) -> None:
        self._data = data
        self._region = phone_numbers.region(hass.config.country)

    def party(self, label: str | None) -> str | None:
        """Return whom a label means: a number, or one of our people by their auth ID; None for who hides."""
        if user := self._data.users.user(label):
            return user.auth_id
        return phone_numbers.label_number(label or "", self._region)

    def conversation(self, one: Conversation, lists: ConsentLists | None) -> ConversationRow:
        """Return a conversation; `lists` tell who opted out."""
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
                "direction": str(direction_of(one.last)),
                "text": one.last.message or "",
                "time": self._time(one.last),
                "status": one.last.status,
            },
            "unanswered": one.unanswered,
            "opted_out": self.opted_out(one.id, lists),
        }

    def message(self, message: Message) -> MessageRow:
        """Return a text."""
        return {
            "id": str(message.id or message.message_id or ""),
            "direction": str(direction_of(message)),
            "text": message.message or "",
            "time": self._time(message),
            "status": message.status,
            "extension": self._data.event_attributes.extension(_own_end(message)),
            "account_code": message.account_code,
        }

    def phone(self, message: Message) -> str | None:
        """Return the auth ID of whom of us a text came to or is from."""
        return self._data.event_attributes.phone(_own_end(message))

    def opted_out(self, party: str, lists: ConsentLists | None) -> bool | None:
        """Return whether a number is on an opt-out list; None where nobody can tell."""
        if lists is None or not party.startswith("+"):
            return None
        if any(listed(one, party, self._region) for one in lists.opt_out):
            return True
        return False if all(map(is_sure, lists.opt_out)) else None

    def _time(self, message: Message) -> str | None:
        return self._data.event_attributes.time(message.timestamp) if message.timestamp else None


def _own_end(message: Message) -> str | None:
    return message.dst_label if is_incoming(message) else message.src_label
