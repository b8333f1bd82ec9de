"""Event attributes: the PBX's labels as what events and triggers tell of who is at the other end, and when."""

from datetime import datetime, tzinfo
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util

from .. import phone_numbers
from ..contacts.lookup import Contacts
from ..coordinator.status import UsersCoordinator


class EventAttributes:
    """Names the parties of one PBX's calls, faxes and texts as the contract's event attributes do."""

    def __init__(self, hass: HomeAssistant, users: UsersCoordinator, contacts: Contacts, time_zone: tzinfo) -> None:
        self._hass = hass
        self._users = users
        self._contacts = contacts
        self._time_zone = time_zone

    def party(self, label: str | None, name: str | None = None) -> dict[str, Any]:
        """Return `number`, `tel`, `name`, `vip` of a number or a user, as far as they apply; `name` is the PBX's word.

        A hidden number is none. A number comes as text and as a URI, because a template takes +18155550123 for a sum.
        """
        if user := self._users.user(label):
            return {"number": user.extension, "name": name or user.name or None}
        number = phone_numbers.label_number(label or "", phone_numbers.region(self._hass.config.country))
        if not number:
            return {"name": name} if name else {}
        named = self._contacts.named(number, name)
        about = {"number": number, "tel": phone_numbers.uri(number), "name": named.name, "vip": named.vip}
        return {key: value for key, value in about.items() if value}

    def phone(self, label: str | None) -> str | None:
        """Return the auth ID of a user, named in any of the PBX's spellings."""
        user = self._users.user(label)
        return user.auth_id if user else None

    def own_number(self, label: str | None) -> str | None:
        """Return which of the PBX's numbers was dialed; an extension is none, and so is what hides."""
        region = phone_numbers.region(self._hass.config.country)
        return None if self._users.user(label) else phone_numbers.outside(label or "", region)

    def extension(self, label: str | None) -> str | None:
        """Return the extension of a user, named in any of the PBX's spellings."""
        user = self._users.user(label)
        return user.extension if user else None

    def time(self, moment: datetime | None = None) -> str:
        """Return a time, by default now, as the PBX's clock shows it."""
        return (moment or dt_util.utcnow()).astimezone(self._time_zone).isoformat(timespec="seconds")
