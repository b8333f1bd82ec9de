"""The change-only coordinator: polls one status action and calls only the listeners of facts that changed.

A fact is one object of the PBX seen by one action: (kind, id, aspect) -> model. An entity listens to the key of its
fact; a poll that brings the same facts calls nobody. `ROSTER` is told when facts appear or go.
"""

from abc import abstractmethod
import asyncio
from collections import Counter
from collections.abc import Callable, Iterator, Set as AbstractSet
from datetime import datetime, timedelta
from functools import partial
from time import monotonic
from typing import TYPE_CHECKING, Any, ClassVar, override

from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers.update_coordinator import DataUpdateCoordinator
from homeassistant.util import dt as dt_util, slugify

from .api import DlsPbxClient, DlsPbxError, DlsPbxPermissionError
from .api.models import Snapshot
from .const import CONF_PHONES, DOMAIN, LOGGER
from .errors import error_key, update_error
from .facts import FactKey, Facts

if TYPE_CHECKING:
    from .runtime import DlsPbxConfigEntry

ROSTER: FactKey = ("", "", "")

type ChangeListener = Callable[[AbstractSet[FactKey], bool], None]

# Listeners are called for at most this long at a time, so that other integrations get their turn.
SLICE_SECONDS = 0.02
# So many changes are work of some ten milliseconds: each step of it waits for a turn of its own.
MANY = 1000


def object_slug(row_id: str) -> str:
    """Return an id in Home Assistant's slug form; most auth IDs are in it already, and there may be thousands."""
    is_slug = row_id.isascii() and row_id.isalnum() and row_id == row_id.lower()
    return row_id if is_slug else slugify(row_id)


class Outages:
    """Logs an outage once when it begins and once when it ends, however many actions it takes down."""

    def __init__(self, name: str) -> None:
        self._name = name
        self.failing: dict[str, str] = {}  # what fails now, and how: an error's key
        self._quiet: dict[str, str] | None = {}
        self.refused: set[str] = set()  # what the key may not use, until it was used again
        self.on_refusal: CALLBACK_TYPE = lambda: None  # called when that changes

    def failed(self, action: str, err: DlsPbxError) -> None:
        """Note that an action failed; the first of a kind is logged."""
        if isinstance(err, DlsPbxPermissionError) and action not in self.refused:
            self.refused.add(action)
            self.on_refusal()
        if action in self.failing:
            return
        kind = error_key(err)
        if kind not in self.failing.values():
            self._warn(kind, f"{self._name}: reading {action} failed: {err}")
        self.failing[action] = kind

    def _warn(self, kind: str, line: str) -> None:
        if self._quiet is None:
            LOGGER.warning(line)
        else:
            self._quiet[kind] = line

    def set_up(self) -> None:
        """Begin to log. Until then Home Assistant itself says why it cannot set up, and tries again and again."""
        lines, self._quiet = self._quiet or {}, None
        for kind, line in lines.items():
            self._warn(kind, line)

    def succeeded(self, action: str) -> None:
        """Note that an action succeeded; the last of a kind to come back is logged."""
        if action in self.refused:
            self.refused.remove(action)
            self.on_refusal()
        kind = self.failing.pop(action, None)
        if kind and kind not in self.failing.values():
            LOGGER.info("%s: reading %s works again", self._name, action)


class FactCoordinator[AnswerT](DataUpdateCoordinator[Facts]):
    """Asks the PBX at its tempo and keeps facts; a subclass says what it asks and how answers become facts."""

    config_entry: DlsPbxConfigEntry
    action: ClassVar[str]
    interval: ClassVar[timedelta]

    def __init__(self, hass: HomeAssistant, entry: DlsPbxConfigEntry, client: DlsPbxClient, outages: Outages) -> None:
        super().__init__(
            hass, LOGGER, config_entry=entry, name=f"{DOMAIN} {self.action}", update_interval=self.interval
        )
        self.client = client
        self.data = {}
        self._outages = outages
        self.answered_at: datetime | None = None  # when the PBX last gave a good answer
        self._keyed: dict[FactKey, dict[int, CALLBACK_TYPE]] = {}
        self._changed: set[FactKey] = set()
        self._change_listeners: list[ChangeListener] = []
        self._was_available = True

    @abstractmethod
    async def _async_ask(self) -> AnswerT:
        """Ask the PBX; raises a DlsPbxError."""

    @abstractmethod
    async def _async_take(self, answer: AnswerT) -> None:
        """Turn an answer into facts."""

    @override
    async def _async_update_data(self) -> Facts:
        try:
            answer = await self._async_ask()
        except DlsPbxError as err:
            self._outages.failed(self.action, err)
            # Said here, or Home Assistant's own coordinator would log a line for each action that fails.
            self.last_update_success = False
            # An outage is no reason to hurry.
            self.update_interval = self.interval
            raise update_error(err) from err
        self._outages.succeeded(self.action)
        self.last_update_success = True
        self.answered_at = dt_util.utcnow()
        await self._async_take(answer)
        return self.data

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

    @callback
    def async_tell_roster(self) -> None:
        """Have everything looked at again that there is."""
        self._changed.add(ROSTER)
        self.async_update_listeners()

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
        """Listen to the fact that `context` names, or (None) to facts appearing and going."""
        remove = super().async_add_listener(update_callback, context)
        listeners = self._keyed.setdefault(context or ROSTER, {})
        listeners[id(remove)] = update_callback

        @callback
        def remove_listener() -> None:
            listeners.pop(id(remove), None)
            remove()

        return remove_listener

    @callback
    def async_listen_to_changes(self, listener: ChangeListener) -> CALLBACK_TYPE:
        """Have told which facts changed, and whether the action failed or came back; returns what ends it."""
        self._change_listeners.append(listener)
        return partial(self._change_listeners.remove, listener)

    @callback
    @override
    def async_update_listeners(self) -> None:
        """Call those whose facts changed; all of them when the action failed or came back."""
        changed, self._changed = self._changed, set()
        turned = self._was_available != self.last_update_success
        for listen in tuple(self._change_listeners):
            listen(changed, turned)
        if turned:
            self._was_available = self.last_update_success
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
            try:
                listener()
            except Exception:
                # One entity's trouble is not the others'.
                self.logger.exception("Unexpected error updating a listener of %s", self.name)
            if monotonic() > end:
                return True
        return False


class StatusCoordinator[SnapshotT: Snapshot[Any]](FactCoordinator[SnapshotT]):
    """Polls one status action; what changed between two answers is news to its facts and to who watches for events."""

    kind: ClassVar[str] = ""  # what the rows are, and the kind of devices that come and go with them

    def __init__(self, hass: HomeAssistant, entry: DlsPbxConfigEntry, client: DlsPbxClient, outages: Outages) -> None:
        super().__init__(hass, entry, client, outages)
        self.snapshot: SnapshotT | None = None
        self._watchers: list[Callable[[SnapshotT, SnapshotT], None]] = []
        self._slugs: Counter[str] | None = None
        self.object_ids: dict[str, str] = {}  # what unique ids call a row, for as long as it is there

    @abstractmethod
    async def _fetch(self, before: SnapshotT | None) -> SnapshotT:
        """Ask the PBX."""

    def _apply(self, snapshot: SnapshotT, before: SnapshotT | None) -> None:  # noqa: ARG002 - subclasses count on from it
        """Turn what the snapshot brings into facts; by itself each row is one."""
        for row_id in snapshot.gone:
            self._drop((self.kind, row_id, ""))
        for row_id in snapshot.changed:
            self._set((self.kind, row_id, ""), snapshot.rows[row_id])

    def _polled(self) -> None:
        """Do what a good poll brings with it, news or not."""

    @override
    async def _async_ask(self) -> SnapshotT:
        return await self._fetch(self.snapshot)

    @override
    async def _async_take(self, answer: SnapshotT) -> None:
        if answer is not self.snapshot:
            before, self.snapshot = self.snapshot, answer
            if answer.changed or answer.gone:
                self._slugs = None
            if len(answer.changed) > MANY:
                await asyncio.sleep(0)
            self._apply(answer, before)
            # The first answer is bearings: what is so already did not happen just now.
            if before is not None and (answer.changed or answer.gone):
                for watch in tuple(self._watchers):
                    watch(answer, before)
        self._polled()

    @callback
    def async_watch(self, watch: Callable[[SnapshotT, SnapshotT], None]) -> CALLBACK_TYPE:
        """Have every change between two answers told, the new snapshot and the one before it; returns what ends it."""
        self._watchers.append(watch)
        return partial(self._watchers.remove, watch)

    @override
    def _drop(self, key: FactKey) -> None:
        super()._drop(key)
        if key[0] == self.kind:
            self.object_ids.pop(key[1], None)

    @property
    def slugs(self) -> Counter[str]:
        """How often each slug stands for a row of the last answer."""
        if self._slugs is None:
            self._slugs = Counter(object_slug(row_id) for row_id in (self.snapshot.rows if self.snapshot else ()))
        return self._slugs

    def tracks(self, auth_id: str) -> bool:
        """Whether the user wants a device for this phone."""
        wanted = self.config_entry.options.get(CONF_PHONES)
        return not wanted or auth_id in wanted
