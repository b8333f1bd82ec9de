"""What one loaded PBX shows at the front desk: which rows a change touches, and what they say now."""

from collections.abc import Collection, Iterable, Mapping, Set as AbstractSet
from datetime import datetime
from functools import partial
from typing import Any, Final

from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers.translation import async_get_cached_translations

from .. import telephone
from ..api.models import Queue
from ..const import CONF_SERVICE_LEVEL_GOAL, DEFAULT_SERVICE_LEVEL_GOAL, DOMAIN
from ..coordinator import ROSTER, FactCoordinator
from ..devices import device_id
from ..facts import FactKey, joined_state
from ..records.callback_items import Callback
from ..runtime import DlsPbxConfigEntry
from .rows import NOBODY, TABLES, Party, agent_row, call_row, health_row, missed_row, phone_row, queue_row
from .switchboard import Switchboard, differing, outside

type Touched = dict[str, set[str]]
type Row = Mapping[str, Any]

# Trouble with them is trouble at the front desk; with the dialer, say, it is not.
ASKED_FOR: Final = ("users", "queues", "calls", "reports")


class Source:
    """Knows what is touched from `async_start` to `async_stop`, and tells `on_touch`."""

    def __init__(self, hass: HomeAssistant, entry: DlsPbxConfigEntry, on_touch: CALLBACK_TYPE) -> None:
        self._hass = hass
        self._entry = entry
        self.data = entry.runtime_data
        self._on_touch = on_touch
        self._region = telephone.region(hass.config.country)
        self._board = Switchboard()
        self._owed: Mapping[str, Callback] = {}
        self._touched = _nothing()
        self._calls_stale = False
        self._removers: list[CALLBACK_TYPE] = []

    @callback
    def async_start(self) -> None:
        """Begin to listen; everything is touched."""
        data = self.data
        for coordinator in (*data.coordinators, *data.feeds):
            self._removers.append(coordinator.async_listen_to_changes(partial(self._facts_changed, coordinator)))
        self._removers += (
            data.calls.async_watch(lambda after, _: self._calls_changed(after.changed | after.gone)),
            data.callbacks.async_listen(self._callbacks_changed),
        )
        self._callbacks_changed()
        self.async_touch_all()

    @callback
    def async_stop(self) -> None:
        """Leave no listener behind."""
        while self._removers:
            self._removers.pop()()

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
        self._join_queues(queues, {*queues, *self._board.queues})
        self._calls_stale = True
        self._touch("agents", self._board.member_of)
        self._touch("calls", {*self._shown_calls(), *self._board.calls})
        self._touch("phones", {key[1] for key in self.data.users.data if key[0] == "phone"})
        self._touch("missed", self._owed)
        self._touch("health", ("pbx", *ASKED_FOR))

    def _facts_changed(self, coordinator: FactCoordinator[Any], changed: AbstractSet[FactKey], turned: bool) -> None:
        if turned or (coordinator is self.data.users and ROSTER in changed):
            # The action failed or is back; or people have other names now.
            self.async_touch_all()
        match coordinator.action:
            case "users" | "calls":
                self._touch("phones", _ids("phone", changed))
            case "queues":
                self._join_queues(self._shown_queues(), _ids("queue", changed))
            case "reports":
                self._touch("queues", _ids("queue", changed))

    def _calls_changed(self, ids: AbstractSet[str]) -> None:
        self._calls_stale = True
        self._touch("calls", ids)

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
            self._touch("agents", self._board.set_queues(queues, changed))
            self._touch("queues", changed)

    def _join_calls(self) -> None:
        self._calls_stale = False
        calls, agents = self._board.set_calls(self._shown_calls(), self.data.users.directory.auth_id)
        self._touched["calls"] |= calls
        self._touched["agents"] |= agents

    def row(self, table: str, row_id: str) -> Row | None:
        """Return a row as those see it who may read all; None if it is gone."""
        match table:
            case "queues":
                return self._queue(row_id)
            case "agents":
                return self.agent(row_id)
            case "calls":
                return self._call(row_id)
            case "phones":
                return self._phone(row_id)
            case "missed":
                return self._missed(row_id)
        return self._health(row_id)

    def _queue(self, name: str) -> Row | None:
        queue = self._board.queues.get(name)
        if queue is None:
            return None
        feed = self.data.call_feed
        today = feed.data.get(("queue", name, "")) if feed.last_update_success else None
        goal = self._entry.options.get(CONF_SERVICE_LEVEL_GOAL, DEFAULT_SERVICE_LEVEL_GOAL)
        callers = [self._party(caller.number) for caller in queue.callers]
        return queue_row(queue, callers, today, goal, device_id(self._entry, ("queue", name, "")))

    def agent(self, auth_id: str, *, told_by: Collection[str] | None = None, state_known: bool = True) -> Row | None:
        """Return an agent's row, as some of their queues tell it; their state in all of them may be known anyway."""
        member_of = self._board.member_of.get(auth_id)
        if member_of is None:
            return None
        told = member_of if told_by is None else {name: member_of[name] for name in member_of if name in told_by}
        users = self.data.users.snapshot
        user = users.rows.get(auth_id) if users else None
        engaged = self._board.engaged.get(auth_id)
        if engaged and engaged.call.queue and engaged.call.queue not in told:
            engaged = None
        other = next((agent.connected_to for agent in told.values() if agent.connected_to), None)
        return agent_row(
            (user and user.name) or next(iter(member_of.values())).name,
            user.extension if user else None,
            joined_state(agent.state for agent in (member_of if state_known else told).values()),
            told,
            engaged.call if engaged else None,
            self._party(other or (engaged.other if engaged else None)),
        )

    def _call(self, call_id: str) -> Row | None:
        call = self._board.calls.get(call_id)
        if call is None:
            return None
        has_outside, label = outside(call)
        return call_row(call, self._party(label) if has_outside else None, *self._board.ends[call_id])

    def _phone(self, auth_id: str) -> Row | None:
        users, calls = self.data.users, self.data.calls
        key = ("phone", auth_id, "")
        if key not in users.data or not (users.last_update_success or calls.last_update_success):
            return None
        state = calls.data.get(key) if calls.last_update_success else None
        known = users.last_update_success
        return phone_row(users.data[key], state, device_id(self._entry, key), users_known=known)

    def _missed(self, uid: str) -> Row | None:
        item = self._owed.get(uid)
        return missed_row(item, telephone.readable(item.number, self._region)) if item else None

    def _health(self, what: str) -> Row:
        sources = {coordinator.action: coordinator for coordinator in (*self.data.coordinators, *self.data.feeds)}
        if what == "pbx":
            ok = any(source.last_update_success for source in sources.values())
            return health_row(self._entry.title, ok=ok, answered_at=self.answered_at)
        source = sources[what]
        # Records are first asked for when Home Assistant has started.
        ok = source.last_update_success or (source.answered_at is None and source.last_exception is None)
        texts = async_get_cached_translations(self._hass, self._hass.config.language, "common", DOMAIN)
        name = texts.get(f"component.{DOMAIN}.common.asked_{what}", what)
        return health_row(name, ok=ok, answered_at=source.answered_at)

    @property
    def answered_at(self) -> datetime | None:
        """When the PBX last answered anything."""
        sources = (*self.data.coordinators, *self.data.feeds)
        return max((source.answered_at for source in sources if source.answered_at), default=None)

    def _party(self, label: str | None) -> Party:
        """Say who a label of the PBX means: one of its users, a number, or nobody that it would name."""
        users = self.data.users
        if label and users.snapshot and (auth_id := users.directory.auth_id(label)):
            user = users.snapshot.rows[auth_id]
            return Party(user.extension, None, user.name or None)
        if number := telephone.caller(label or "", self._region):
            tel = number if number.startswith("+") else None
            return Party(telephone.readable(number, self._region), tel)
        short = label and label.isdecimal() and len(label) <= telephone.LONGEST_EXTENSION
        return Party(label) if label and short else NOBODY


def _ids(kind: str, changed: Iterable[FactKey]) -> set[str]:
    return {key[1] for key in changed if key[0] == kind and key[1]}


def _nothing() -> Touched:
    return {table: set() for table in TABLES}
