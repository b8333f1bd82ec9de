"""Who is meant: the PBX names one user in four spellings, and only its own list of users can tell them apart."""

from collections.abc import Iterable

from .models import User


class Directory:
    """Finds the user behind `630`, `630@default`, `630@default-Tom`, `630@default - Tom` and `beaucrn6`.

    Names and tenants may hold `-` and `@`, so a label is never cut blindly: it is looked up whole, and only
    then by the longest `extension@tenant` of a known user in front of a `-`, for a name that has changed since.
    """

    def __init__(self, users: Iterable[User] = ()) -> None:
        self._exact: dict[str, str] = {}
        extensions: dict[str, set[str]] = {}
        for user in users:
            address = f"{user.extension}@{user.tenant}"
            for spelling in (f"{address}-{user.name}", f"{address} - {user.name}", address, user.auth_id):
                self._exact[spelling.casefold()] = user.auth_id
            extensions.setdefault(user.extension.casefold(), set()).add(user.auth_id)
        # A bare extension says whom only while one tenant has it.
        for extension, auth_ids in extensions.items():
            if len(auth_ids) == 1:
                self._exact.setdefault(extension, *auth_ids)

    def auth_id(self, label: str | None) -> str | None:
        """Return the auth ID of the user that a label names, or None for a number, a queue or a stranger."""
        if not label:
            return None
        wanted = label.strip().casefold()
        if found := self._exact.get(wanted):
            return found
        end = len(wanted)
        while (end := wanted.rfind("-", 0, end)) > 0:
            address = wanted[:end].rstrip()
            if "@" in address and (found := self._exact.get(address)):
                return found
        return None
