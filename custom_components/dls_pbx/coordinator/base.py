"""Coordinator bases: poll one action, keep its models by key, and call only the listeners of keys that changed.

An entity listens to the key of its model; a poll that brings the same models calls nobody. Whoever looks at a
coordinator as a whole subscribes, and is told each time what changed.
"""

from abc import abstractmethod
import asyncio
from collections.abc import Callable, Iterator, Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from time import monotonic
from typing import Any, ClassVar, override

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers.start import async_at_started
from homeassistant.helpers.update_coordinator import DataUpdateCoordinator
from homeassistant.util import dt as dt_util

from ..api import DlsPbxClient, DlsPbxError, DlsPbxRateLimitError
from ..api.models import Snapshot
from ..const import DOMAIN, LOGGER
from ..errors import update_error
from .keys import AVAILABILITY, MEMBERSHIP, Action, Models, ObjectKey, ObjectKind, object_keys
from .outages import Outages

# Listeners are called for at most this long at a time, so that other integrations get their turn.
SLICE_SECONDS = 0.02
# So many changes are work of some ten milliseconds: each step of it waits for a turn of its own.
MANY = 1000
# A poll that is due may come as early as that.
PUNCTUAL_SECONDS = 1

# Called with the answer before, the answer now and the keys of what changed, MEMBERSHIP and AVAILABILITY among them.
# The answers are None unless there are two to be compared: what is so at the first look did not happen just now.
type ChangeListener[AnswerT] = Callable[[AnswerT | None, AnswerT | None, AbstractSet[ObjectKey]], None]


@dataclass(frozen=True, slots=True)
class Connection:
    """What all who ask one PBX share: the client, on whose behalf they ask, and where they note what fails."""

    hass: HomeAssistant
    entry: ConfigEntry[Any]
    client: DlsPbxClient
    outages: Outages


class DlsPbxCoordinator[AnswerT](DataUpdateCoordinator[Models]):
    """Asks the PBX at its tempo and keeps models; a subclass says what it asks and how answers become models."""

    config_entry: ConfigEntry[Any]
    action: ClassVar[Action]
    interval: ClassVar[timedelta]

    def __init__(self, connection: Connection) -> None:
        super().__init__(
            connection.hass,
            LOGGER,
            config_entry=connection.entry,
            name=f"{DOMAIN} {self.action}",
            update_interval=self.interval,
        )
        self.client = connection.client
        self.data = {}
        self._outages = connection.outages
        self.answered_at: datetime | None = None  # when the PBX last gave a good answer
        self._keyed: dict[ObjectKey, dict[int, CALLBACK_TYPE]] = {}
        self._changed: set[ObjectKey] = set()
        self._subscribers: list[ChangeListener[AnswerT]] = []
        self._was_available = True
        self._quiet_until = 0.0  # by the clock that nobody can set
        self._turn = asyncio.Lock()
        self._looks_soon = False

    @abstractmethod
    async def _async_ask(self) -> AnswerT:
        """Ask the PBX; raises a DlsPbxError."""

    @abstractmethod
    async def _async_take(self, answer: AnswerT) -> None:
        """Turn an answer into models."""

    @override
    async def _async_update_data(self) -> Models:
        # One after the other: what an answer changes is told from the one before it.
        async with self._turn:
            return await self._async_look_once()

    async def _async_look_once(self) -> Models:
        try:
            self._check_patience()
            answer = await self._async_ask()
        except DlsPbxError as err:
            if isinstance(err, DlsPbxRateLimitError) and err.retry_after:
                self._quiet_until = monotonic() + err.retry_after
            self._outages.failed(self.action, err)
            # Said here, or Home Assistant's own coordinator would log a line for each action that fails.
            self.last_update_success = False
            # An outage is no reason to ask more often.
            self.update_interval = self.interval
            raise update_error(err) from err
        self._outages.succeeded(self.action)
        self.last_update_success = True
        self.answered_at = dt_util.utcnow()
        await self._async_take(answer)
        return self.data

    def _check_patience(self) -> None:
        """Ask nothing while the PBX wants to be left alone, whoever wants to look, and for whatever reason."""
        wait = self._quiet_until - monotonic()
        if wait > PUNCTUAL_SECONDS:
            raise DlsPbxRateLimitError("The PBX asks to be called less often", wait)

    def _set(self, key: ObjectKey, model: Any) -> None:
        known = key in self.data
        if known and self.data[key] == model:
            return
        self.data[key] = model
        self._changed.add(key)
        if not known:
            self._changed.add(MEMBERSHIP)

    def object_keys(self, *kinds: ObjectKind) -> Iterator[ObjectKey]:
        """Yield the objects of some kinds that it tells of, or has told of and will again."""
        return object_keys(self.data, *kinds)

    def _drop(self, key: ObjectKey) -> None:
        if key in self.data:
            del self.data[key]
            self._changed.update((key, MEMBERSHIP))

    @callback
    def async_membership_changed(self) -> None:
        """Have everything looked at again that there is."""
        self._changed.add(MEMBERSHIP)
        self.async_update_listeners()

    @callback
    def async_look_once_started(self) -> None:
        """Ask for the first time when Home Assistant has started: nobody there has to wait for the answer."""

        @callback
        def begin(hass: HomeAssistant) -> None:
            self.update_interval = self.interval
            self.config_entry.async_create_background_task(hass, self.async_refresh(), f"{self.name} first look")

        self.config_entry.async_on_unload(async_at_started(self.hass, begin))

    @callback
    def async_look_now(self) -> None:
        """Ask at once, but not before an answer has come that is under way, and once for all who want it by then."""
        if not self._looks_soon:
            self._looks_soon = True
            self.config_entry.async_create_background_task(self.hass, self._async_look_now(), f"{self.name} now")

    async def _async_look_now(self) -> None:
        async with self._turn:
            self._looks_soon = False
        await self.async_refresh()

    def set_interval(self, interval: timedelta) -> None:
        """Change the tempo; a faster one counts from now on, not from the next slow poll."""
        if not self.last_update_success:
            # A failing action keeps to its slow tempo, or to the pause that the PBX asked for.
            return
        faster = self.update_interval is not None and interval < self.update_interval
        self.update_interval = interval
        if faster and self._listeners:
            self._schedule_refresh()

    @callback
    @override
    def async_add_listener(self, update_callback: CALLBACK_TYPE, context: Any = None) -> Callable[[], None]:
        """Listen to the model that `context` names by its key, or (None) to objects coming and going."""
        unsubscribe = super().async_add_listener(update_callback, context)
        listeners = self._keyed.setdefault(context or MEMBERSHIP, {})
        listeners[id(unsubscribe)] = update_callback

        @callback
        def remove_listener() -> None:
            listeners.pop(id(unsubscribe), None)
            unsubscribe()

        return remove_listener

    @callback
    def async_subscribe(self, listener: ChangeListener[AnswerT]) -> CALLBACK_TYPE:
        """Have every change told, of whatever keys; returns unsubscribe."""
        self._subscribers.append(listener)
        return partial(self._subscribers.remove, listener)

    def _compared(self) -> tuple[AnswerT | None, AnswerT | None]:
        """Return the answer that subscribers know and the one that they do not; a feed's cannot be compared."""
        return None, None

    @callback
    @override
    def async_update_listeners(self) -> None:
        """Call those whose models changed; all of them when the action failed or came back."""
        changed, self._changed = self._changed, set()
        turned = self._was_available != self.last_update_success
        if turned:
            self._was_available = self.last_update_success
            changed.add(AVAILABILITY)
        before, after = self._compared()
        for tell in tuple(self._subscribers):
            self._call(partial(tell, before, after, changed))
        if turned:
            changed = set(self._keyed)
        listeners = [listener for key in self._keyed.keys() & changed for listener in self._keyed[key].values()]
        pending = iter(listeners)
        if len(listeners) > MANY or self._call_for_a_slice(pending):
            self.config_entry.async_create_background_task(
                self.hass, self._async_call_rest(pending), f"{self.name} listeners", eager_start=False
            )

    async def _async_call_rest(self, pending: Iterator[CALLBACK_TYPE]) -> None:
        while self._call_for_a_slice(pending):  # noqa: ASYNC110 - it waits for its turn, not for an event
            await asyncio.sleep(0)

    @callback
    def _call_for_a_slice(self, pending: Iterator[CALLBACK_TYPE]) -> bool:
        """Call listeners until they or the time run out; return whether some may be left."""
        end = monotonic() + SLICE_SECONDS
        for listener in pending:
            self._call(listener)
            if monotonic() > end:
                return True
        return False

    def _call(self, listener: CALLBACK_TYPE) -> None:
        try:
            listener()
        except Exception:
            # One listener's trouble is not the others'.
            self.logger.exception("Unexpected error updating a listener of %s", self.name)


class StatusCoordinator[SnapshotT: Snapshot[Any]](DlsPbxCoordinator[SnapshotT]):
    """Polls one status action; a subclass says which, and how its rows become models."""

    def __init__(self, connection: Connection) -> None:
        super().__init__(connection)
        self.snapshot: SnapshotT | None = None
        self._known: SnapshotT | None = None  # to the subscribers

    @abstractmethod
    async def _fetch(self, before: SnapshotT | None) -> SnapshotT:
        """Ask the PBX."""

    @abstractmethod
    def _apply(self, snapshot: SnapshotT, before: SnapshotT | None) -> None:
        """Turn what the snapshot brings into models."""

    def _polled(self) -> None:
        """Do what a good poll brings with it, news or not."""

    @override
    async def _async_ask(self) -> SnapshotT:
        return await self._fetch(self.snapshot)

    @override
    async def _async_take(self, answer: SnapshotT) -> None:
        if answer is not self.snapshot:
            before, self.snapshot = self.snapshot, answer
            if len(answer.changed) > MANY:
                await asyncio.sleep(0)
            self._apply(answer, before)
            if len(answer.changed) > MANY:
                await asyncio.sleep(0)
        self._polled()

    @override
    def _compared(self) -> tuple[SnapshotT | None, SnapshotT | None]:
        before, after = self._known, self.snapshot
        self._known = after
        if before is None or after is None or after is before or not (after.changed or after.gone):
            return None, None
        return before, after


class ObjectCoordinator[SnapshotT: Snapshot[Any]](StatusCoordinator[SnapshotT]):
    """Polls a status action whose rows are objects: their devices come and go with the rows."""

    kind: ClassVar[ObjectKind]

    def tracks(self, row_id: str) -> bool:  # noqa: ARG002 - see UsersCoordinator
        """Whether the user wants a device for this row."""
        return True

    def shows(self, key: ObjectKey) -> bool:
        """Whether an object has a device."""
        return key in self.data

    @override
    def _apply(self, snapshot: SnapshotT, before: SnapshotT | None) -> None:
        for row_id in snapshot.gone:
            self._drop(ObjectKey(self.kind, row_id))
        for row_id in filter(self.tracks, snapshot.changed):
            self._set(ObjectKey(self.kind, row_id), snapshot.rows[row_id])
