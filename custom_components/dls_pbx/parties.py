"""Who is at the other end: the PBX's labels as what events and triggers tell of a person."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util

from . import telephone

if TYPE_CHECKING:
    from .runtime import DlsPbxConfigEntry


class Parties:
    """Names the parties of one PBX's calls, faxes and texts in the contract's event attributes."""

    def __init__(self, hass: HomeAssistant, entry: DlsPbxConfigEntry) -> None:
        self._region = telephone.region(hass.config.country)
        self._users = entry.runtime_data.users
        self._zone = entry.runtime_data.client.time_zone

    def attributes(self, label: str | None, name: str | None = None) -> dict[str, Any]:
        """Return `number`, `tel` and `name` of a number or a user; a hidden number has none of them.

        A number comes as text and as a URI, because a template takes +18155550123 for a sum.
        """
        about: dict[str, Any] = {}
        if user := self._user(label):
            about = {"number": user.extension, "name": user.name or None}
        elif number := telephone.e164(label or "", self._region):
            about = {"number": number, "tel": f"tel:{number}"}
        elif label and telephone.digits(label):
            about = {"number": label}
        return about | ({"name": name} if name else {})

    def extension(self, label: str | None) -> str | None:
        """Return the extension of a user, named in any of the PBX's spellings."""
        user = self._user(label)
        return user.extension if user else None

    def time(self, moment: datetime | None = None) -> str:
        """Return a time, by default now, as the PBX's clock shows it."""
        return (moment or dt_util.utcnow()).astimezone(self._zone).isoformat(timespec="seconds")

    def _user(self, label: str | None) -> Any:
        snapshot, auth_id = self._users.snapshot, self._users.directory.auth_id(label)
        return snapshot.rows.get(auth_id) if snapshot and auth_id else None
