"""Directory of who is meant: the PBX names one user in four spellings, which only its own list of users tells apart."""

from collections.abc import Iterable

from .models import User


class Directory:
    """Finds the user behind `630`, `630@default`, `630@default-Tom`, `630@default - Tom` and `beaucrn6`.

    Names and tenants may hold `-` and `@`, so a label is never cut blindly: it is looked up whole, and only
    then by the longest `extension@tenant` of a known user in front of a `-`, for a name that has changed since.
    What fits two users names neither.
    """

    def __init__(self, users: Iterable[User] = ()) -> None:
        known = [(f"{user.extension}@{user.tenant}", user) for user in users]
        self._labels = _table(
            (f"{address}{joint}{user.name}", user) for address, user in known for joint in ("-", " - ")
        )
        self._addresses = _table(known)
        self._short = _table((user.extension, user) for _, user in known)
        self._short |= _table((user.auth_id, user) for _, user in known)
        self._extensions = frozenset(user.extension for _, user in known)

    def has_extension(self, extension: str) -> bool:
        """Tell whether somebody has an extension, in whatever tenant."""
        return extension in self._extensions

    def auth_id(self, label: str | None) -> str | None:
        """Return the auth ID of the user that a label names, or None for a number, a queue or a stranger."""
        wanted = (label or "").strip().casefold()
        for table in (self._labels, self._addresses, self._short):
            if wanted in table:
                return table[wanted]
        end = len(wanted)
        while (end := wanted.rfind("-", 0, end)) > 0:
            address = wanted[:end].rstrip()
            if address in self._addresses:
                return self._addresses[address]
        return None

    def auth_id_at(self, address: str | None) -> str | None:
        """Return the auth ID of the user at `extension@tenant`, where the PBX writes no name behind it."""
        return self._addresses.get((address or "").strip().casefold()) or self.auth_id(address)


def _table(spellings: Iterable[tuple[str, User]]) -> dict[str, str | None]:
    table: dict[str, str | None] = {}
    for spelling, user in spellings:
        key = spelling.casefold()
        table[key] = user.auth_id if table.get(key, user.auth_id) == user.auth_id else None
    return table
