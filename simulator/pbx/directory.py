"""Directory of the PBX: tenants, users, their phones' registration and mailboxes, and the PBX's own numbers."""

from collections.abc import Sequence
from dataclasses import replace
from string import ascii_lowercase, digits
from typing import Unpack

from simulator.engine import PbxError
from simulator.models import Extension, Registration
from simulator.pbx.call import Place
from simulator.pbx.core import Core, CoreOptions

MONITORED = (Registration.OK, Registration.LAGGED)
DEFAULT_TENANT = "default"


class Directory(Core):
    """Tenants, users, and the numbers that lead to them."""

    def __init__(self, **options: Unpack[CoreOptions]) -> None:
        super().__init__(**options)
        self.tenants: dict[str, int] = {DEFAULT_TENANT: 0}
        self.main_number = "8475550100"  # what the outside sees, and what it dials
        self.numbers: dict[str, str] = {}  # the PBX's other numbers, and where each leads
        self.user_groups: dict[str, set[str]] = {}  # name to auth ids
        self._users: dict[str, Extension] = {}  # by auth id
        self._unlisted: set[str] = set()
        self._addresses: dict[str, tuple[str, int]] = {}  # where a phone registers from when it does
        self._by_label: dict[str, str] = {}  # never split a label: extensions and tenants may hold "@"
        self._parents: dict[str, str] = {}  # a mirrored extension's parent

    def users(self) -> Sequence[Extension]:
        """Return every user."""
        return [user for auth_id, user in self._users.items() if auth_id not in self._unlisted]

    def everybody(self) -> Sequence[Extension]:
        """Return every user, also those whom the list does not show."""
        return list(self._users.values())

    def find_user(self, key: str, tenant: str = DEFAULT_TENANT) -> Extension | None:
        """Return the user with this auth id, `ext@tenant`, or extension in the tenant."""
        auth_id = key if key in self._users else self._by_label.get(key) or self._by_label.get(f"{key}@{tenant}")
        return self._users[auth_id] if auth_id else None

    def user(self, key: str, tenant: str = DEFAULT_TENANT) -> Extension:
        """Return the user, or raise PbxError."""
        if user := self.find_user(key, tenant):
            return user
        raise PbxError(f"Unknown extension: {key}")

    def add_tenant(self, name: str) -> int:
        """Add a tenant and return its id."""
        return self.tenants.setdefault(name, len(self.tenants))

    def add_extension(
        self,
        ext: str,
        name: str,
        *,
        tenant: str = DEFAULT_TENANT,
        auth_id: str | None = None,
        address: tuple[str, int] | None = ("192.0.2.1", 5060),
        registration: Registration = Registration.OK,
        listed: bool = True,
    ) -> Extension:
        """Add a user; an `address` of None is a phone that has never registered.

        Unlisted ones can be called and can write, but the user list does not show them, as in the vendor's samples.
        """
        label = f"{ext}@{tenant}"
        if label in self._by_label and listed:
            raise PbxError(f"Extension {label} already exists")
        self.add_tenant(tenant)
        auth_id = auth_id or self._new_auth_id()
        if address:
            self._addresses[auth_id] = address
        self._users[auth_id] = Extension(ext=ext, name=name, tenant=tenant, auth_id=auth_id)
        self._by_label.setdefault(label, auth_id)
        if not listed:
            self._unlisted.add(auth_id)
        return self.set_registration(auth_id, registration)

    def mirror(self, auth_id: str, parent: str) -> None:
        """Make a user the mirror of another one: `map_mirrors` shows the parent's name for its calls."""
        self._parents[self.user(auth_id).auth_id] = self.user(parent).auth_id

    def remove_extension(self, auth_id: str) -> None:
        """Remove a user."""
        user = self.user(auth_id)
        del self._users[user.auth_id]
        del self._by_label[f"{user.ext}@{user.tenant}"]
        self._addresses.pop(user.auth_id, None)
        self._unlisted.discard(user.auth_id)
        self._parents.pop(user.auth_id, None)

    def set_registration(self, auth_id: str, registration: Registration, latency_ms: int | None = None) -> Extension:
        """Let a phone answer, lag, drop off or come back; `UNKNOWN` is a phone that is not registered."""
        user = self.user(auth_id)
        address = self._addresses.get(user.auth_id) if registration is not Registration.UNKNOWN else None
        host, port = address or (None, 0)
        if registration in MONITORED and latency_ms is None:
            latency_ms = 2500 if registration is Registration.LAGGED else 20
        return self._change(
            user,
            registration=registration,
            latency_ms=latency_ms if registration in MONITORED else None,
            host=host,
            port=port,
        )

    def set_voicemail(self, auth_id: str, new: int, old: int) -> None:
        """Set how many messages a mailbox holds."""
        self._change(self.user(auth_id), voicemail_new=new, voicemail_old=old)

    def read_voicemail(self, auth_id: str) -> None:
        """Let a user listen to all new messages."""
        user = self.user(auth_id)
        self.set_voicemail(user.auth_id, 0, user.voicemail_old + user.voicemail_new)

    def number_of(self, place: Place) -> str:
        """Return the PBX's own number that leads to a place."""
        keys = {place.name} if place.user is None else {place.user.auth_id, f"{place.user.ext}@{place.user.tenant}"}
        return next((number for number, to in self.numbers.items() if to in keys), self.main_number)

    def parent_of(self, user: Extension | None) -> Extension | None:
        """Return the extension that this one mirrors, if any."""
        return self._users.get(self._parents.get(user.auth_id, "")) if user else None

    def _change(self, user: Extension, **changes: object) -> Extension:
        changed = replace(user, **changes)  # type: ignore[arg-type]  # replace() is not typed by field
        self._users[user.auth_id] = changed
        return changed

    def _new_auth_id(self) -> str:
        while (auth_id := "".join(self.rng.choices(ascii_lowercase + digits, k=8))) in self._users:
            pass
        return auth_id
