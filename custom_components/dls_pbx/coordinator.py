"""Polls the PBX, one coordinator per status action, and tells each listener only of what it asked about.

A fact is one object of the PBX seen by one action: (kind, id, aspect) -> model. An entity listens to the key of its
fact; a poll that brings the same facts calls nobody. `ROSTER` is told when objects appear or go.
"""

from abc import abstractmethod
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from time import monotonic
from typing import Any, ClassVar, override
import asyncio

from homeassistant.config_entries import ConfigEntry
from homeassistant.const import CONF_URL
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers.update_coordinator import DataUpdateCoordinator
from yarl import URL

from .api import Directory, DlsPbxAuthenticationError, DlsPbxClient, DlsPbxError
from .api.models import (
    AgentState,
    Call,
    CallStatus,
    Campaign,
    CampaignLog,
    Conference,
    FaxStatus,
    ProvisionedPhone,
    Queue,
    Snapshot,
    Users,
)
from .const import CONF_PHONES, DOMAIN, LOGGER
from .errors import error_key, update_error
from .facts import (
    PBX,
    CallState,
    CallTotals,
    ConferenceTotals,
    FactKey,
    Facts,
    Provisioning,
    RegistrationTotals,
    Wait,
    agent_states,
    call_states,
)

type DlsPbxConfigEntry = ConfigEntry[DlsPbxData]

ROSTER: FactKey = ("", "", "")

# While a caller waits or a phone rings, seconds count; a change has to show within five.
LIVE_INTERVAL = timedelta(seconds=4)
# Listeners are called for at most this long at a time, so that other integrations get their turn.
SLICE_SECONDS = 0.02


@dataclass(frozen=True, slots=True, kw_only=True)
class DlsPbxData:
    """What belongs to one PBX while it is loaded."""

    client: DlsPbxClient
    users: UsersCoordinator
    queues: QueuesCoordinator
    calls: CallsCoordinator
    faxes: FaxesCoordinator
    conferences: ConferencesCoordinator
    provisioning: ProvisioningCoordinator
    campaigns: CampaignsCoordinator
    campaign_logs: CampaignLogsCoordinator

    @property
    def coordinators(self) -> tuple[StatusCoordinator[Any], ...]:
        """All of them, users first: the others name people after it."""
        return (
            self.users,
            self.queues,
            self.calls,
            self.faxes,
            self.conferences,
            self.provisioning,
            self.campaigns,
            self.campaign_logs,
        )


class Outages:
    """Logs an outage once when it begins and once when it ends, however many actions it takes down."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._failing: dict[str, str] = {}

    def failed(self, action: str, err: DlsPbxError) -> None:
        """Note that an action failed; the first of a kind is logged."""
        if action in self._failing:
            return
        kind = error_key(err)
        if kind not in self._failing.values():
            LOGGER.warning("%s: reading %s failed: %s", self._name, action, err)
        self._failing[action] = kind

    def succeeded(self, action: str) -> None:
        """Note that an action succeeded; the last of a kind to come back is logged."""
        kind = self._failing.pop(action, None)
        if kind and kind not in self._failing.values():
            LOGGER.info("%s: reading %s works again", self._name, action)


class StatusCoordinator[SnapshotT: Snapshot[Any]](DataUpdateCoordinator[Facts]):
    """Polls one status action and keeps its facts; a subclass says how rows become facts."""

    config_entry: DlsPbxConfigEntry
    action: ClassVar[str]
    interval: ClassVar[timedelta]
    owns: ClassVar[str | None] = None  # the kind of devices that come and go with this action

    def __init__(self, hass: HomeAssistant, entry: DlsPbxConfigEntry, client: DlsPbxClient, outages: Outages) -> None:
        super().__init__(
            hass, LOGGER, config_entry=entry, name=f"{DOMAIN} {self.action}", update_interval=self.interval
        )
        self.client = client
        self.data = {}
        self.snapshot: SnapshotT | None = None
        self._outages = outages
        self._keyed: dict[FactKey, dict[int, CALLBACK_TYPE]] = {}
        self._changed: set[FactKey] = set()
        self._was_available = True

    @abstractmethod
    async def _fetch(self, before: SnapshotT | None) -> SnapshotT:
        """Ask the PBX."""

    @abstractmethod
    def _apply(self, snapshot: SnapshotT) -> None:
        """Turn what the snapshot brings into facts, with `_set` and `_drop`."""

    @override
    async def _async_update_data(self) -> Facts:
        try:
            snapshot = await self._fetch(self.snapshot)
        except DlsPbxError as err:
            self._outages.failed(self.action, err)
            # Home Assistant's own coordinator would log a line for each action that fails.
            self.last_update_success = False
            raise update_error(err) from err
        self._outages.succeeded(self.action)
        self.last_update_success = True
        if snapshot is not self.snapshot:
            self.snapshot = snapshot
            self._apply(snapshot)
        self._polled()
        return self.data

    def _polled(self) -> None:
        """Do what a good poll brings with it, news or not."""

    def _set(self, key: FactKey, model: Any) -> None:
        known = key in self.data
        if known and self.data[key] == model:
            return
        self.data[key] = model
        self._changed.add(key)
        if not known:
            self._changed.add(ROSTER)

    def _drop(self, key: FactKey) -> None:
        if key in self.data:
            del self.data[key]
            self._changed.update((key, ROSTER))

    def _set_rows(self, kind: str, snapshot: SnapshotT) -> None:
        """Take over the rows of a snapshot that are objects of their own."""
        for row_id in snapshot.gone:
            self._drop((kind, row_id, ""))
        for row_id in snapshot.changed:
            self._set((kind, row_id, ""), snapshot.rows[row_id])

    def tracks(self, auth_id: str) -> bool:
        """Whether the user wants a device for this phone."""
        wanted = self.config_entry.options.get(CONF_PHONES)
        return not wanted or auth_id in wanted

    def set_interval(self, interval: timedelta) -> None:
        """Change the tempo; a faster one counts from now on, not from the next slow poll."""
        faster = self.update_interval is None or interval < self.update_interval
        self.update_interval = interval
        if faster and self._listeners:
            self._schedule_refresh()

    @callback
    @override
    def async_add_listener(self, update_callback: CALLBACK_TYPE, context: Any = ROSTER) -> Callable[[], None]:
        """Listen to one fact, or to objects coming and going."""
        remove = super().async_add_listener(update_callback, context)
        listeners = self._keyed.setdefault(context, {})
        listeners[id(remove)] = update_callback

        @callback
        def remove_listener() -> None:
            listeners.pop(id(remove), None)
            remove()

        return remove_listener

    @callback
    @override
    def async_update_listeners(self) -> None:
        """Call those whose facts changed; all of them when the action failed or came back."""
        changed, self._changed = self._changed, set()
        if self._was_available != self.last_update_success:
            self._was_available = self.last_update_success
            changed = set(self._keyed)
        pending = [listener for key in changed & self._keyed.keys() for listener in self._keyed[key].values()]
        if self._call_for_a_slice(listeners := iter(pending)):
            self.config_entry.async_create_background_task(
                self.hass, self._async_call_rest(listeners), f"{self.name} listeners", eager_start=False
            )

    async def _async_call_rest(self, listeners: Iterator[CALLBACK_TYPE]) -> None:
        while self._call_for_a_slice(listeners):
            await asyncio.sleep(0)

    @callback
    def _call_for_a_slice(self, listeners: Iterator[CALLBACK_TYPE]) -> bool:
        """Call listeners until they or the time run out; return whether some may be left."""
        end = monotonic() + SLICE_SECONDS
        for listener in listeners:
            try:
                listener()
            except Exception:
                # One entity's trouble is not the others'.
                self.logger.exception("Unexpected error updating a listener of %s", self.name)
            if monotonic() > end:
                return True
        return False


class UsersCoordinator(StatusCoordinator[Users]):
    """Users and their phones."""

    action = "users"
    interval = timedelta(seconds=60)
    owns = "phone"

    @override
    async def _fetch(self, before: Users | None) -> Users:
        return await self.client.users(before)

    @override
    def _apply(self, snapshot: Users) -> None:
        for auth_id in snapshot.gone:
            self._drop(("phone", auth_id, ""))
            self.data.pop(("phone", auth_id, "latency"), None)
        for auth_id in filter(self.tracks, snapshot.changed):
            self._set(("phone", auth_id, ""), snapshot.rows[auth_id])
        moved = {("phone", auth_id, "latency"): auth_id for auth_id in snapshot.latencies_changed}
        self.data |= {key: snapshot.latencies.get(auth_id) for key, auth_id in moved.items()}
        self._changed |= moved.keys()
        if snapshot.changed or snapshot.gone:
            self.directory = Directory(snapshot.rows.values())
            self._set(PBX, RegistrationTotals.of(snapshot.rows.values()))

    directory = Directory()

    @property
    def tracked(self) -> Iterable[str]:
        """The auth IDs of the phones that have devices."""
        return filter(self.tracks, self.snapshot.rows) if self.snapshot else ()


class QueuesCoordinator(StatusCoordinator[Snapshot[Queue]]):
    """Queues with their agents and callers."""

    action = "queues"
    interval = timedelta(seconds=15)
    owns = "queue"

    @override
    async def _fetch(self, before: Snapshot[Queue] | None) -> Snapshot[Queue]:
        return await self.client.queues(before)

    @override
    def _apply(self, snapshot: Snapshot[Queue]) -> None:
        self._set_rows("queue", snapshot)
        for name in snapshot.gone:
            self.data.pop(("queue", name, "wait"), None)
        for name in snapshot.changed:
            self.data["queue", name, "wait"] = Wait.of([snapshot.rows[name]])
        if snapshot.changed or snapshot.gone or PBX not in self.data:
            self._set(PBX, Wait.of(snapshot.rows.values()))
            self.data["pbx", "", "wait"] = self.data[PBX]
            self.agents = agent_states(snapshot.rows.values())
            for auth_id, state in self.agents.items():
                if self.tracks(auth_id):
                    self._set(("phone", auth_id, ""), state)
            for key in [key for key in self.data if key[0] == "phone" and key[1] not in self.agents]:
                self._drop(key)

    agents: dict[str, AgentState | None] = {}
