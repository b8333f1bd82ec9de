"""Source of the front desk's rows at one loaded PBX: which rows a change touches, and what they say now."""

from collections.abc import Callable, Collection, Iterable, Mapping, Set as AbstractSet
from datetime import datetime
from functools import partial
from typing import Any, Final

from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback

from .. import phone_numbers
from ..api.models import Queue, Snapshot
from ..callbacks.items import Callback
from ..coordinator.base import DlsPbxCoordinator
from ..coordinator.derived import joined_state
from ..coordinator.keys import AVAILABILITY, FAXES_TODAY, MEMBERSHIP, Action, ObjectKey, ObjectKind, object_keys
from ..data import DlsPbxConfigEntry
from ..records.people import PersonFigures
from ..texts import queue_name, text
from .call_graph import CallGraph, differing, outside
from .faxes import Faxes
from .made_rows import NOBODY, Party, agent_row, call_row, health_row, missed_row, phone_row, queue_row
from .recent_conversations import RecentConversations
from .rows import TABLES

type Touched = dict[str, set[str]]
type Row = Mapping[str, Any]

# Trouble with them is trouble at the front desk; with the dialer, say, it is not.
ASKED_FOR: Final = (Action.USERS, Action.QUEUES, Action.CALLS, Action.REPORTS)
# The PBX itself, among the rows of its health.
PBX_HEALTH: Final = "pbx"


class Source:
    """Knows what is touched from `async_start` to `async_stop`, and tells `on_touch`."""

    def __init__(self, hass: HomeAssistant, entry: DlsPbxConfigEntry, on_touch: CALLBACK_TYPE) -> None:
        self._hass = hass
        self._entry = entry
        self.data = entry.runtime_data
        self._on_touch = on_touch
        self._region = phone_numbers.region(hass.config.country)
        self._graph = CallGraph()
        self._conversations = RecentConversations(hass, entry, partial(self._touch, "conversations"))
        self.faxes = Faxes(hass, self.data)
        self._makers: Mapping[str, Callable[[str], Row | None]] = {
            "queues": self._queue,
            "agents": self.agent,
            "calls": self._call,
            "phones": self._phone,
            "missed": self._missed,
            "conversations": self._conversations.row,
            "faxes": self.faxes.row,
            "health": self._health,
        }
        self._owed: Mapping[str, Callback] = {}
        self._touched = _nothing()
        self._calls_stale = False
        self._unsubscribe: list[CALLBACK_TYPE] = []

    @callback
    def async_start(self) -> None:
        """Begin to listen; everything is touched."""
        data = self.data
        for coordinator in data.vital_sources:
            self._unsubscribe.append(coordinator.async_subscribe(partial(self._changed, coordinator)))
        self._unsubscribe.append(data.callbacks.async_subscribe(self._callbacks_changed))
        self._callbacks_changed()
        self._conversations.async_start()
        self.async_touch_all()

    @callback
    def async_stop(self) -> None:
        """Leave no listener behind."""
        self._conversations.async_stop()
        while self._unsubscribe:
            self._unsubscribe.pop()()

    def take(self) -> Touched:
        """Return what has been touched since the last time."""
        if self._calls_stale:
            self._join_calls()
        touched, self._touched = self._touched, _nothing()
        return touched

    @callback
    def async_touch_all(self) -> None:
        """Have every row looked at again, and those that are gone."""
        queues = self._shown_queues()
        self._join_queues(queues, {*queues, *self._graph.queues})
        self._calls_stale = True
        self._touch("agents", self._graph.member_of)
        self._touch("calls", {*self._shown_calls(), *self._graph.calls})
        self._touch("phones", _ids(ObjectKind.PHONE, self.data.users.data))
        self._touch("missed", self._owed)
        self._touch("conversations", self._conversations.ids)
        self._touch("faxes", {*self.faxes.look(), *self.faxes.ids})
        self._touch("health", (PBX_HEALTH, *ASKED_FOR))

    def _changed(
        self, coordinator: DlsPbxCoordinator[Any], _before: object, after: object, changed: AbstractSet[ObjectKey]
    ) -> None:
        if AVAILABILITY in changed or (coordinator is self.data.users and MEMBERSHIP in changed):
            # The action failed or is back; or people have other names now.
            self.async_touch_all()
        match coordinator.action:
            case Action.USERS:
                self._touch("phones", _ids(ObjectKind.PHONE, changed))
            case Action.CALLS:
                if isinstance(after, Snapshot) and (ids := after.changed | after.gone):
                    self._calls_stale = True
                    self._touch("calls", ids)
                self._touch("phones", _ids(ObjectKind.PHONE, changed))
            case Action.QUEUES:
                self._join_queues(self._shown_queues(), _ids(ObjectKind.QUEUE, changed))
            case Action.REPORTS:
                self._touch("queues", _ids(ObjectKind.QUEUE, changed))
                self._touch("agents", _ids(ObjectKind.PHONE, changed) & self._graph.member_of.keys())
                if FAXES_TODAY in changed:
                    self._touch("faxes", self.faxes.look())
            case Action.FAXES:
                self._touch("faxes", self.faxes.look())

    def _callbacks_changed(self) -> None:
        before, self._owed = self._owed, {item.uid: item for item in self.data.callbacks.owed}
        self._touch("missed", differing(before, self._owed))

    def _touch(self, table: str, ids: Iterable[str]) -> None:
        self._touched[table].update(ids)
        if self._calls_stale or any(self._touched.values()):
            self._on_touch()

    def _shown_queues(self) -> Mapping[str, Queue]:
        queues = self.data.queues
        return queues.snapshot.rows if queues.snapshot and queues.last_update_success else {}

    def _shown_calls(self) -> Mapping[str, Any]:
        calls = self.data.calls
        return calls.snapshot.rows if calls.snapshot and calls.last_update_success else {}

    def _join_queues(self, queues: Mapping[str, Queue], changed: Collection[str]) -> None:
        if changed:
            # A queue's call names the queue, and the queue who took it.
            self._calls_stale = True
            self._touch("agents", self._graph.set_queues(queues, changed, self.data.users.directory.auth_id))
            self._touch("queues", changed)

    def _join_calls(self) -> None:
        self._calls_stale = False
        data = self.data
        calls, agents = self._graph.set_calls(
            self._shown_calls(), data.users.directory.auth_id, data.calls.answers.since, data.queues.talks.since
        )
        self._touched["calls"] |= calls
        self._touched["agents"] |= agents

    def row(self, table: str, row_id: str) -> Row | None:
        """Return a row as those see it who may read all; None if it is gone."""
        return self._makers[table](row_id)

    def _queue(self, name: str) -> Row | None:
        queue = self._graph.queues.get(name)
        if queue is None:
            return None
        feed = self.data.call_feed
        key = ObjectKey(ObjectKind.QUEUE, name)
        today = feed.data.get(key) if feed.last_update_success else None
        goal = self.data.options.service_level_goal
        callers = [self._party(caller.number) for caller in queue.callers]
        return queue_row(queue, queue_name(self._hass, name), callers, today, goal, self.data.identity.device_id(key))

    def agent(
        self,
        auth_id: str,
        *,
        told_by: Collection[str] | None = None,
        state_known: bool = True,
        figures_known: bool = True,
    ) -> Row | None:
        """Return an agent's row, as some of their queues tell it; their state in all of them may be known anyway."""
        member_of = self._graph.member_of.get(auth_id)
        if member_of is None:
            return None
        told = member_of if told_by is None else {name: member_of[name] for name in member_of if name in told_by}
        users = self.data.users.snapshot
        user = users.rows.get(auth_id) if users else None
        engaged = self._graph.engaged.get(auth_id)
        if engaged and engaged.call.queue and engaged.call.queue not in told:
            engaged = None
        other = next((agent.connected_to for agent in told.values() if agent.connected_to), None)
        return agent_row(
            (user and user.name) or next(iter(member_of.values())).name,
            user.extension if user else None,
            joined_state(agent.state for agent in (member_of if state_known else told).values()),
            told,
            engaged,
            self._party(other or (engaged.other if engaged else None)),
            self._figures(auth_id) if figures_known else None,
        )

    def _figures(self, auth_id: str) -> PersonFigures | None:
        """Return somebody's figures of today; None where the options ask for none."""
        feed = self.data.call_feed
        return feed.data.get(ObjectKey(ObjectKind.PHONE, auth_id)) if feed.last_update_success else None

    def _call(self, call_id: str) -> Row | None:
        call = self._graph.calls.get(call_id)
        if call is None:
            return None
        has_outside, label = outside(call)
        return call_row(call, self._party(label) if has_outside else None, self._graph.parties[call_id])

    def _phone(self, auth_id: str) -> Row | None:
        users, calls = self.data.users, self.data.calls
        key = ObjectKey(ObjectKind.PHONE, auth_id)
        if key not in users.data or not (users.last_update_success or calls.last_update_success):
            return None
        state = calls.data.get(key) if calls.last_update_success else None
        known = users.last_update_success
        return phone_row(users.data[key], state, self.data.identity.device_id(key), users_known=known)

    def _missed(self, uid: str) -> Row | None:
        item = self._owed.get(uid)
        if item is None:
            return None
        return missed_row(item, self._outside(item.number, item.name))

    def _health(self, what: str) -> Row:
        if what == PBX_HEALTH:
            refused = self.data.client.is_refused
            # What is asked more rarely has not noticed yet that the PBX answers nothing any more.
            ok = self.data.answers and not refused
            return health_row(self._entry.title, ok=ok, answered_at=self.answered_at, refused=refused)
        source = next(source for source in self.data.vital_sources if source.action == what)
        # Records are first asked for when Home Assistant has started.
        ok = source.last_update_success or (source.answered_at is None and source.last_exception is None)
        name = text(self._hass, f"asked_{what}", default=what)
        return health_row(name, ok=ok, answered_at=source.answered_at)

    @property
    def answered_at(self) -> datetime | None:
        """When the PBX last answered anything."""
        return max((source.answered_at for source in self.data.vital_sources if source.answered_at), default=None)

    def _party(self, label: str | None) -> Party:
        """Say who a label of the PBX means: one of its users, a number, or nobody that it would name."""
        if user := self.data.users.user(label):
            return Party(user.extension, None, user.name or None)
        if number := phone_numbers.outside(label or "", self._region):
            return self._outside(number)
        return Party(label) if label and phone_numbers.is_extension(label) else NOBODY

    def _outside(self, number: str, told: str | None = None) -> Party:
        named = self.data.contacts.named(number, told)
        tel = number if number.startswith("+") else None
        return Party(phone_numbers.readable(number, self._region), tel, named.name or None, named.vip)


def _ids(kind: ObjectKind, keys: Iterable[ObjectKey]) -> set[str]:
    return {key.id for key in object_keys(keys, kind)}


def _nothing() -> Touched:
    return {table: set() for table in TABLES}
