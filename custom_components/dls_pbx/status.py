"""One coordinator per status action: its tempo, and how its rows become facts."""

from collections import Counter
from collections.abc import Mapping
from datetime import timedelta
from functools import cached_property
from typing import override

from homeassistant.core import callback

from .api import Directory
from .api.models import (
    AgentState,
    Call,
    Campaign,
    CampaignLog,
    Conference,
    FaxStatus,
    ProvisionedPhone,
    Queue,
    Snapshot,
    User,
    Users,
)
from .coordinator import ROSTER, StatusCoordinator
from .facts import (
    PBX,
    CallState,
    CallTotals,
    ConferenceTotals,
    FactKey,
    Provisioning,
    RegistrationTotals,
    Wait,
    agent_states,
    call_states,
)

_LATENCY: FactKey = ("phone", "", "latency")
AGENTS: FactKey = ("phone", "", "agents")


class UsersCoordinator(StatusCoordinator[Users]):
    """Users and their phones."""

    action = "users"
    interval = timedelta(seconds=60)
    kind = "phone"
    directory = Directory()
    tracked: frozenset[str] = frozenset()  # the auth IDs of the phones that have devices

    @override
    async def _fetch(self, before: Users | None) -> Users:
        return await self.client.users(before)

    @override
    def _apply(self, snapshot: Users, before: Users | None) -> None:
        for auth_id in snapshot.gone:
            self._drop(("phone", auth_id, ""))
        for auth_id in filter(self.tracks, snapshot.changed):
            self._set(("phone", auth_id, ""), snapshot.rows[auth_id])
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
            self._changed.add(ROSTER)
        # Counted on from the last poll: thousands of phones, of which a few changed.
        self._registered.subtract(old[one].registered for one in snapshot.changed | snapshot.gone if one in old)
        self._registered.update(snapshot.rows[one].registered for one in snapshot.changed)
        self._set(PBX, RegistrationTotals(registered=self._registered[True], unregistered=self._registered[False]))

    @cached_property
    def _registered(self) -> Counter[bool | None]:
        return Counter()


def _renamed(user: User, before: User | None) -> bool:
    return before is None or (user.extension, user.tenant, user.name) != (before.extension, before.tenant, before.name)


class QueuesCoordinator(StatusCoordinator[Snapshot[Queue]]):
    """Queues with their agents and callers."""

    action = "queues"
    interval = timedelta(seconds=15)
    kind = "queue"

    @override
    async def _fetch(self, before: Snapshot[Queue] | None) -> Snapshot[Queue]:
        return await self.client.queues(before)

    @override
    def _apply(self, snapshot: Snapshot[Queue], before: Snapshot[Queue] | None) -> None:
        super()._apply(snapshot, before)
        if snapshot.changed or snapshot.gone or PBX not in self.data:
            queues = snapshot.rows.values()
            self._set(PBX, Wait.of(queues))
            self._set(("pbx", "", "wait"), {"": self.data[PBX]})
            self._set(("queue", "", "wait"), {queue.name: Wait.of([queue]) for queue in queues})
            self._set_agents(agent_states(queues))

    @property
    def agents(self) -> Mapping[str, AgentState | None]:
        """What each agent can do for a caller, by auth ID; the last word of the PBX, if it does not answer now."""
        agents: Mapping[str, AgentState | None] = self.data.get(AGENTS, {})
        return agents

    def _set_agents(self, agents: Mapping[str, AgentState | None]) -> None:
        """Tell the agents' phones. Who logs out vanishes from the queues, but will be back: unknown, not gone."""
        for auth_id in filter(self.tracks, self.data.get(AGENTS, {}).keys() | agents.keys()):
            self._set(("phone", auth_id, ""), agents.get(auth_id))
        self._set(AGENTS, agents)

    @override
    def _polled(self) -> None:
        # A wait grows by itself: while someone waits, each poll is news.
        if self.data[PBX].since:
            self._changed |= {("pbx", "", "wait"), ("queue", "", "wait")}
        self.config_entry.runtime_data.adapt_tempo()


class CallsCoordinator(StatusCoordinator[Snapshot[Call]]):
    """Calls in progress, and what each phone does."""

    action = "calls"
    interval = timedelta(seconds=15)
    _states: Mapping[str, CallState | None] = {}
    _phones: frozenset[str] = frozenset()

    @override
    async def _fetch(self, before: Snapshot[Call] | None) -> Snapshot[Call]:
        return await self.client.calls(before)

    @override
    def _apply(self, snapshot: Snapshot[Call], before: Snapshot[Call] | None) -> None:
        if snapshot.changed or snapshot.gone or before is None:
            self._set(PBX, CallTotals.of(snapshot.rows.values()))
            self._set_phones()

    @override
    def _polled(self) -> None:
        self.config_entry.runtime_data.adapt_tempo()

    def _set_phones(self) -> None:
        """Tell the phones whose state changed; a phone without a call is idle."""
        data = self.config_entry.runtime_data
        find = data.users.directory.auth_id
        calls = self.snapshot.rows.values() if self.snapshot else ()
        parties = [(call, (find(call.extension), find(call.connected_to))) for call in calls]
        agents = data.queues.agents
        before, self._states = self._states, call_states(parties, agents, certain=data.queues.last_update_success)
        if data.users.tracked != self._phones:
            self._follow_users(data.users.tracked)
        for auth_id in self._phones & {auth_id for auth_id, _ in before.items() ^ self._states.items()}:
            self._set(("phone", auth_id, ""), self._states.get(auth_id, CallState.IDLE))

    def _follow_users(self, tracked: frozenset[str]) -> None:
        """Have a state for each phone that there is."""
        for auth_id in sorted(self._phones - tracked):
            self._drop(("phone", auth_id, ""))
        for auth_id in sorted(tracked - self._phones):
            self._set(("phone", auth_id, ""), self._states.get(auth_id, CallState.IDLE))
        self._phones = tracked

    @callback
    def parties_changed(self) -> None:
        """Take over what users and queues know: a queue's call never names the agent who took it."""
        if self.snapshot:
            self._set_phones()
            self.async_update_listeners()


class FaxesCoordinator(StatusCoordinator[Snapshot[FaxStatus]]):
    """The fax queue and its counters."""

    action = "faxes"
    interval = timedelta(seconds=60)

    @override
    async def _fetch(self, before: Snapshot[FaxStatus] | None) -> Snapshot[FaxStatus]:
        return await self.client.faxes(before)

    @override
    def _apply(self, snapshot: Snapshot[FaxStatus], before: Snapshot[FaxStatus] | None) -> None:
        self._set(PBX, snapshot.rows[""])


class ConferencesCoordinator(StatusCoordinator[Snapshot[Conference]]):
    """Conference rooms in use."""

    action = "conferences"
    interval = timedelta(seconds=60)
    kind = "conference"

    @override
    async def _fetch(self, before: Snapshot[Conference] | None) -> Snapshot[Conference]:
        return await self.client.conferences(before)

    @override
    def _apply(self, snapshot: Snapshot[Conference], before: Snapshot[Conference] | None) -> None:
        super()._apply(snapshot, before)
        self._set(PBX, ConferenceTotals.of(snapshot.rows.values()))


class ProvisioningCoordinator(StatusCoordinator[Snapshot[ProvisionedPhone]]):
    """Desk phones, gathered by their users."""

    action = "provisioning"
    interval = timedelta(seconds=300)

    @override
    async def _fetch(self, before: Snapshot[ProvisionedPhone] | None) -> Snapshot[ProvisionedPhone]:
        return await self.client.provisioning(before)

    @override
    def _apply(self, snapshot: Snapshot[ProvisionedPhone], before: Snapshot[ProvisionedPhone] | None) -> None:
        if snapshot.changed or snapshot.gone:
            self._set_phones(snapshot)

    def _set_phones(self, snapshot: Snapshot[ProvisionedPhone]) -> None:
        users = self.config_entry.runtime_data.users
        found: dict[str, list[ProvisionedPhone]] = {}
        for phone in snapshot.rows.values():
            if (auth_id := users.directory.auth_id_at(phone.extension)) and self.tracks(auth_id):
                found.setdefault(auth_id, []).append(phone)
        lines = Counter(phone.mac_address for phone in snapshot.rows.values())
        for key in [key for key in self.data if key[1] not in found]:
            self._drop(key)
        for auth_id, phones in found.items():
            own = frozenset(mac for phone in phones if (mac := phone.mac_address) and lines[mac] == 1)
            self._set(("phone", auth_id, ""), Provisioning(phones=tuple(phones), mac_addresses=own))

    @callback
    def users_changed(self) -> None:
        """Name the phones' users anew."""
        if self.snapshot:
            self._set_phones(self.snapshot)
            self.async_update_listeners()


class CampaignsCoordinator(StatusCoordinator[Snapshot[Campaign]]):
    """Dialer campaigns."""

    action = "dialer"
    interval = timedelta(seconds=300)
    kind = "campaign"

    @override
    async def _fetch(self, before: Snapshot[Campaign] | None) -> Snapshot[Campaign]:
        return await self.client.campaigns(before)


class CampaignLogsCoordinator(StatusCoordinator[Snapshot[CampaignLog]]):
    """Log tails of the campaigns."""

    action = "dialerlogs"
    interval = timedelta(seconds=300)

    @override
    async def _fetch(self, before: Snapshot[CampaignLog] | None) -> Snapshot[CampaignLog]:
        return await self.client.campaign_logs(before)

    @override
    def _apply(self, snapshot: Snapshot[CampaignLog], before: Snapshot[CampaignLog] | None) -> None:
        campaigns = self.config_entry.runtime_data.campaigns.snapshot
        rows = campaigns.rows if campaigns else {}
        for key in [key for key in self.data if key[1] not in rows]:
            self._drop(key)
        for campaign in rows.values():
            # The log names the campaign, not its id; a campaign that never ran has none.
            self._set(("campaign", campaign.id, ""), snapshot.rows.get(campaign.name))

    @callback
    def campaigns_changed(self) -> None:
        """Find the logs of new campaigns."""
        if self.snapshot:
            self._apply(self.snapshot, None)
            self.async_update_listeners()
