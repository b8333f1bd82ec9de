"""Status coordinators, one per status action: its tempo, and how its rows become models."""

from collections import Counter
from collections.abc import Iterable
from datetime import timedelta
from typing import Final, override

from homeassistant.core import callback

from ..api import Directory
from ..api.models import (
    Campaign,
    CampaignLog,
    FaxJob,
    FaxStatus,
    ProvisionedPhone,
    Snapshot,
    User,
    Users,
)
from .base import Connection, ObjectCoordinator, StatusCoordinator
from .derived import (
    Provisioning,
    RegistrationTotals,
)
from .keys import MEMBERSHIP, PBX, Action, ObjectKey, ObjectKind

_LATENCY: Final = ObjectKey(ObjectKind.PHONE, aspect="latency")


class UsersCoordinator(ObjectCoordinator[Users]):
    """Users and their phones. Those that the user does not want as devices are counted all the same."""

    action = Action.USERS
    interval = timedelta(seconds=60)
    kind = ObjectKind.PHONE

    def __init__(self, connection: Connection, phones: Iterable[str]) -> None:
        super().__init__(connection)
        self._wanted = frozenset(phones)
        self._registered: Counter[bool | None] = Counter()
        self.directory = Directory()
        self.tracked: frozenset[str] = frozenset()  # the auth IDs of the phones that have devices

    @override
    def tracks(self, row_id: str) -> bool:
        return not self._wanted or row_id in self._wanted

    def user(self, label: str | None) -> User | None:
        """Return the user whom a label of the PBX means, in any of its spellings."""
        auth_id = self.directory.auth_id(label)
        return self.snapshot.rows.get(auth_id) if self.snapshot and auth_id else None

    @override
    async def _fetch(self, before: Users | None) -> Users:
        return await self.client.users(before)

    @override
    def _apply(self, snapshot: Users, before: Users | None) -> None:
        super()._apply(snapshot, before)
        if before is None or snapshot.latencies is not before.latencies:
            self.data[_LATENCY] = snapshot.latencies
            self._changed.add(_LATENCY)
        old = before.rows if before else {}
        if (
            PBX not in self.data
            or snapshot.gone
            or any(_renamed(snapshot.rows[one], old.get(one)) for one in snapshot.changed)
        ):
            self.directory = Directory(snapshot.rows.values())
            self.tracked = frozenset(filter(self.tracks, snapshot.rows))
            self._changed.add(MEMBERSHIP)
        # Counted on from the last poll: thousands of phones, of which a few changed.
        self._registered.subtract(old[one].registered for one in snapshot.changed | snapshot.gone if one in old)
        self._registered.update(snapshot.rows[one].registered for one in snapshot.changed)
        self._set(PBX, RegistrationTotals(registered=self._registered[True], unregistered=self._registered[False]))


def _renamed(user: User, before: User | None) -> bool:
    return before is None or (user.extension, user.tenant, user.name) != (before.extension, before.tenant, before.name)


class FaxesCoordinator(StatusCoordinator[Snapshot[FaxStatus]]):
    """The fax queue and its counters."""

    action = Action.FAXES
    interval = timedelta(seconds=60)

    @property
    def jobs(self) -> tuple[FaxJob, ...]:
        """The faxes that were in the queue at the last good poll."""
        return self.snapshot.rows[""].jobs if self.snapshot else ()

    @override
    async def _fetch(self, before: Snapshot[FaxStatus] | None) -> Snapshot[FaxStatus]:
        return await self.client.faxes(before)

    @override
    def _apply(self, snapshot: Snapshot[FaxStatus], before: Snapshot[FaxStatus] | None) -> None:
        self._set(PBX, snapshot.rows[""])


class ProvisioningCoordinator(StatusCoordinator[Snapshot[ProvisionedPhone]]):
    """Desk phones, gathered by their users."""

    action = Action.PROVISIONING
    interval = timedelta(seconds=300)

    def __init__(self, connection: Connection, users: UsersCoordinator) -> None:
        super().__init__(connection)
        self._users = users

    @override
    async def _fetch(self, before: Snapshot[ProvisionedPhone] | None) -> Snapshot[ProvisionedPhone]:
        return await self.client.provisioning(before)

    @override
    def _apply(self, snapshot: Snapshot[ProvisionedPhone], before: Snapshot[ProvisionedPhone] | None) -> None:
        if snapshot.changed or snapshot.gone:
            self._set_phones(snapshot)

    def _set_phones(self, snapshot: Snapshot[ProvisionedPhone]) -> None:
        found: dict[str, list[ProvisionedPhone]] = {}
        for phone in snapshot.rows.values():
            auth_id = self._users.directory.auth_id_at(phone.extension)
            if auth_id and self._users.tracks(auth_id):
                found.setdefault(auth_id, []).append(phone)
        lines = Counter(phone.mac_address for phone in snapshot.rows.values())
        for key in [key for key in self.data if key.id not in found]:
            self._drop(key)
        for auth_id, phones in found.items():
            own = frozenset(mac for phone in phones if (mac := phone.mac_address) and lines[mac] == 1)
            self._set(ObjectKey(ObjectKind.PHONE, auth_id), Provisioning(phones=tuple(phones), mac_addresses=own))

    @callback
    def async_users_changed(self) -> None:
        """Name the phones' users anew."""
        if self.snapshot:
            self._set_phones(self.snapshot)
            self.async_update_listeners()


class CampaignsCoordinator(ObjectCoordinator[Snapshot[Campaign]]):
    """Dialer campaigns."""

    action = Action.DIALER
    interval = timedelta(seconds=300)
    kind = ObjectKind.CAMPAIGN

    @override
    async def _fetch(self, before: Snapshot[Campaign] | None) -> Snapshot[Campaign]:
        return await self.client.campaigns(before)


class CampaignLogsCoordinator(StatusCoordinator[Snapshot[CampaignLog]]):
    """Log tails of the campaigns."""

    action = Action.DIALER_LOGS
    interval = timedelta(seconds=300)

    def __init__(self, connection: Connection, campaigns: CampaignsCoordinator) -> None:
        super().__init__(connection)
        self._campaigns = campaigns

    @override
    async def _fetch(self, before: Snapshot[CampaignLog] | None) -> Snapshot[CampaignLog]:
        return await self.client.campaign_logs(before)

    @override
    def _apply(self, snapshot: Snapshot[CampaignLog], before: Snapshot[CampaignLog] | None) -> None:
        campaigns = self._campaigns.snapshot
        rows = campaigns.rows if campaigns else {}
        for key in [key for key in self.data if key.id not in rows]:
            self._drop(key)
        for campaign in rows.values():
            # The log names the campaign, not its id; a campaign that never ran has none.
            self._set(ObjectKey(ObjectKind.CAMPAIGN, campaign.id), snapshot.rows.get(campaign.name))

    @callback
    def async_campaigns_changed(self) -> None:
        """Find the logs of new campaigns."""
        if self.snapshot:
            self._apply(self.snapshot, None)
            self.async_update_listeners()
