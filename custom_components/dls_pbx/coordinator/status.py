"""Status coordinators, one per status action: its tempo, and how its rows become models."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Final, override

from homeassistant.core import CALLBACK_TYPE, callback
from homeassistant.helpers.event import async_call_later
from homeassistant.util import dt as dt_util

from ..api import Directory
from ..api.models import (
    AgentState,
    Call,
    CallStatus,
    Campaign,
    CampaignLog,
    Conference,
    FaxJob,
    FaxStatus,
    ProvisionedPhone,
    Queue,
    Snapshot,
    User,
    Users,
)
from ..records.store import RecordStore
from .base import Connection, ObjectCoordinator, StatusCoordinator
from .derived import (
    CallState,
    CallTotals,
    ConferenceTotals,
    Provisioning,
    RegistrationTotals,
    Wait,
    agent_states,
    call_states,
    next_wait_step,
)
from .keys import MEMBERSHIP, PBX, Action, ObjectKey, ObjectKind
from .onsets import Onsets
from .rooms import LateRooms

# While someone waits or there are calls, seconds count: a change has to show within five.
LIVE_INTERVAL: Final = timedelta(seconds=5)
# Of queues, while calls tell of most that happens there.
CALLS_TELL_INTERVAL: Final = timedelta(seconds=30)

_LATENCY: Final = ObjectKey(ObjectKind.PHONE, aspect="latency")
_WAIT_OF_PBX: Final = ObjectKey(ObjectKind.PBX, aspect="wait")
_WAIT_OF_QUEUE: Final = ObjectKey(ObjectKind.QUEUE, aspect="wait")
# Since when agents talk: by their auth IDs, and the PBX's labels of the other ends.
type Talk = tuple[str, str | None]
Talks = Onsets[Talk]
AGENTS: Final = ObjectKey(ObjectKind.PHONE, aspect="agents")
QUEUED: Final = ObjectKey(ObjectKind.QUEUE, aspect="calls")  # the calls at queues, by their ids


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


class QueuesCoordinator(ObjectCoordinator[Snapshot[Queue]]):
    """Queues with their agents and callers."""

    action = Action.QUEUES
    interval = timedelta(seconds=15)
    kind = ObjectKind.QUEUE

    def __init__(self, connection: Connection, users: UsersCoordinator, adapt_tempo: Callable[[], None]) -> None:
        super().__init__(connection)
        self._users = users
        self._adapt_tempo = adapt_tempo
        self._stop_clock: CALLBACK_TYPE = lambda: None
        # Another one by then.
        self.config_entry.async_on_unload(lambda: self._stop_clock())  # noqa: PLW0108
        self.talks = Talks()

    @property
    def names(self) -> Collection[str]:
        """The names of the queues, as far as the PBX has told any."""
        return self.snapshot.rows if self.snapshot else ()

    @override
    async def _fetch(self, before: Snapshot[Queue] | None) -> Snapshot[Queue]:
        return await self.client.queues(before)

    @override
    def _apply(self, snapshot: Snapshot[Queue], before: Snapshot[Queue] | None) -> None:
        super()._apply(snapshot, before)
        if snapshot.changed or snapshot.gone or PBX not in self.data:
            queues = snapshot.rows.values()
            self._set(PBX, Wait.of(queues))
            self._set(_WAIT_OF_PBX, {"": self.data[PBX]})
            self._set(_WAIT_OF_QUEUE, {queue.name: Wait.of([queue]) for queue in queues})
            self._set_agents(agent_states(queues))
            agents = (agent for queue in queues for agent in queue.agents.values())
            self.talks.found({(one.auth_id, one.connected_to) for one in agents if one.state is AgentState.ON_CALL})

    @callback
    def async_look_now(self) -> None:
        """Look at once: a call has come to a queue, or gone."""
        if self.update_interval != LIVE_INTERVAL:
            self.config_entry.async_create_background_task(self.hass, self.async_refresh(), f"{self.name} now")

    @property
    def can_answer(self) -> bool:
        """Whether somebody may be about to take a caller; where the PBX tells of no agents, nobody knows."""
        queues = list(self.snapshot.rows.values()) if self.snapshot else []
        return not any(queue.agents for queue in queues) or any(
            agent.state in (AgentState.AVAILABLE, AgentState.RINGING, None)
            for queue in queues
            if queue.waiting
            for agent in queue.agents.values()
        )

    @property
    def agents(self) -> Mapping[str, AgentState | None]:
        """What each agent can do for a caller, by auth ID; the last word of the PBX, if it does not answer now."""
        agents: Mapping[str, AgentState | None] = self.data.get(AGENTS, {})
        return agents

    def _set_agents(self, agents: Mapping[str, AgentState | None]) -> None:
        """Tell the agents' phones. Who logs out vanishes from the queues, but will be back: unknown, not gone."""
        for auth_id in filter(self._users.tracks, self.data.get(AGENTS, {}).keys() | agents.keys()):
            self._set(ObjectKey(ObjectKind.PHONE, auth_id), agents.get(auth_id))
        self._set(AGENTS, agents)

    @override
    def _polled(self) -> None:
        self.talks.looked()
        self._follow_waits()
        # Here and not in a listener: Home Assistant schedules the next poll before it calls those.
        self._adapt_tempo()

    @callback
    def _follow_waits(self) -> None:
        """Tell of waits, which grow by themselves, and again when one gets to its next step."""
        self._stop_clock()
        now = dt_util.utcnow()
        ages = [(now - wait.since).total_seconds() for wait in self.data[_WAIT_OF_QUEUE].values() if wait.since]
        if ages:
            self._changed |= {_WAIT_OF_PBX, _WAIT_OF_QUEUE}
            self._stop_clock = async_call_later(
                self.hass, min(next_wait_step(age) - age for age in ages), self._wait_grown
            )

    @callback
    def _wait_grown(self, _: datetime) -> None:
        self._stop_clock = lambda: None
        self._follow_waits()
        self.async_update_listeners()


class CallsCoordinator(StatusCoordinator[Snapshot[Call]]):
    """Calls in progress, and what each phone does."""

    action = Action.CALLS
    interval = timedelta(seconds=15)

    def __init__(
        self,
        connection: Connection,
        users: UsersCoordinator,
        queues: QueuesCoordinator,
        adapt_tempo: Callable[[], None],
    ) -> None:
        super().__init__(connection)
        self._users = users
        self._queues = queues
        self._adapt_tempo = adapt_tempo
        self._states: Mapping[str, CallState | None] = {}
        self._phones: frozenset[str] = frozenset()
        # By call. One to a queue is missing: the PBX calls it connected while the caller hears music.
        self.answers = Onsets[str]()

    @override
    async def _fetch(self, before: Snapshot[Call] | None) -> Snapshot[Call]:
        return await self.client.calls(before)

    @override
    def _apply(self, snapshot: Snapshot[Call], before: Snapshot[Call] | None) -> None:
        if snapshot.changed or snapshot.gone or before is None:
            self._set(PBX, CallTotals.of(snapshot.rows.values()))
            self._set_phones()
            self._set(QUEUED, frozenset(key for key, call in snapshot.rows.items() if call.is_queued))
            self.answers.found({key for key, call in snapshot.rows.items() if _is_answered(call)})

    @override
    def _polled(self) -> None:
        self.answers.looked()
        self._adapt_tempo()

    def _set_phones(self) -> None:
        """Tell the phones whose state changed; a phone without a call is idle."""
        find, tracked = self._users.directory.auth_id, self._users.tracked
        calls = self.snapshot.rows.values() if self.snapshot else ()
        parties = [(call, (find(call.extension), find(call.connected_to))) for call in calls]
        certain = self._queues.last_update_success
        before, self._states = self._states, call_states(parties, self._queues.agents, certain=certain)
        if tracked != self._phones:
            self._follow_users(tracked)
        for auth_id in self._phones & {auth_id for auth_id, _ in before.items() ^ self._states.items()}:
            self._set_state(auth_id)

    def _follow_users(self, tracked: frozenset[str]) -> None:
        """Have a state for each phone that there is."""
        for auth_id in sorted(self._phones - tracked):
            self._drop(ObjectKey(ObjectKind.PHONE, auth_id))
        for auth_id in sorted(tracked - self._phones):
            self._set_state(auth_id)
        self._phones = tracked

    def _set_state(self, auth_id: str) -> None:
        self._set(ObjectKey(ObjectKind.PHONE, auth_id), self._states.get(auth_id, CallState.IDLE))

    @callback
    def async_parties_changed(self) -> None:
        """Take over what users and queues know: a queue's call never names the agent who took it."""
        if self.snapshot:
            self._set_phones()
            self.async_update_listeners()


def _is_answered(call: Call) -> bool:
    return call.status is CallStatus.CONNECTED and not call.is_queued


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


class ConferencesCoordinator(ObjectCoordinator[Snapshot[Conference]]):
    """Conference rooms: models of those in use, and devices of those that were in use lately."""

    action = Action.CONFERENCES
    interval = timedelta(seconds=60)
    kind = ObjectKind.CONFERENCE

    def __init__(self, connection: Connection, store: RecordStore) -> None:
        super().__init__(connection)
        self._store = store
        self._late = LateRooms(store)

    @override
    def object_keys(self, *kinds: ObjectKind) -> Iterator[ObjectKey]:
        yield from super().object_keys(*kinds)
        if self.kind in kinds:
            late = (ObjectKey(self.kind, room) for room in self._late.numbers)
            yield from (key for key in late if key not in self.data)

    @override
    def shows(self, key: ObjectKey) -> bool:
        return super().shows(key) or key.id in self._late.numbers

    @override
    async def _async_take(self, answer: Snapshot[Conference]) -> None:
        await super()._async_take(answer)
        if self._late.look(answer.rows):
            self._changed.add(MEMBERSHIP)
            await self._store.async_save_if_possible()

    @override
    async def _fetch(self, before: Snapshot[Conference] | None) -> Snapshot[Conference]:
        return await self.client.conferences(before)

    @override
    def _apply(self, snapshot: Snapshot[Conference], before: Snapshot[Conference] | None) -> None:
        super()._apply(snapshot, before)
        self._set(PBX, ConferenceTotals.of(snapshot.rows.values()))


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
