"""Broadcaster to those who look at one PBX's front desk: a snapshot, then only what changed.

Rows are made once, however many look, and again only when something they show was touched. Several coordinators change
in one turn of the event loop: what that comes to is sent once, after it. It outlives reloads of the config entry.
"""

from asyncio import Handle
from datetime import datetime
from functools import partial
from typing import Any, Final

from homeassistant.auth import EVENT_USER_UPDATED
from homeassistant.components.websocket_api import ActiveConnection
from homeassistant.config_entries import SIGNAL_CONFIG_ENTRY_CHANGED, ConfigEntry, ConfigEntryChange, ConfigEntryState
from homeassistant.core import CALLBACK_TYPE, Event, HomeAssistant, callback
from homeassistant.helpers import device_registry as dr, entity_registry as er
from homeassistant.helpers.dispatcher import async_dispatcher_connect
from homeassistant.util.hass_dict import HassKey

from ..api import DlsPbxAuthenticationError
from ..const import DOMAIN
from ..data import DlsPbxConfigEntry
from ..errors import error_key
from .made_rows import health_row
from .permissions import Permissions, may_read_all
from .source import PBX_HEALTH, Row, Source, Touched
from .view import View, Watcher, send, send_snapshot

_BROADCASTERS: Final[HassKey[dict[str, Broadcaster]]] = HassKey(f"{DOMAIN}_broadcasters")


@callback
def async_subscribe(
    hass: HomeAssistant, entry: DlsPbxConfigEntry, connection: ActiveConnection, message_id: int
) -> CALLBACK_TYPE:
    """Send the rows of a PBX to a connection; returns unsubscribe."""
    broadcasters = hass.data.setdefault(_BROADCASTERS, {})
    if entry.entry_id not in broadcasters:
        broadcasters[entry.entry_id] = Broadcaster(hass, entry)
    return broadcasters[entry.entry_id].async_subscribe(Watcher(connection, message_id))


class Broadcaster:
    """What all see who look at one PBX; it does nothing while nobody does."""

    def __init__(self, hass: HomeAssistant, entry: DlsPbxConfigEntry) -> None:
        self._hass = hass
        self._entry = entry
        self._source: Source | None = None
        self._answered_at: datetime | None = None
        self._removed = False
        self._everything_touched = False
        self._flush_handle: Handle | None = None
        self._unsubscribe: list[CALLBACK_TYPE] = []
        self._all = View(self._row)
        self._limited: dict[str, View] = {}  # by user
        self._places: dict[Watcher, View] = {}

    @callback
    def async_subscribe(self, watcher: Watcher) -> CALLBACK_TYPE:
        """Send a snapshot, then changes; returns unsubscribe."""
        if not self._places:
            self._start()
        send_snapshot([watcher], self._place(watcher).rows)
        return partial(self._remove, watcher)

    def _remove(self, watcher: Watcher) -> None:
        self._displace(watcher)
        if not self._places:
            self._stop()

    def _start(self) -> None:
        listen = self._hass.bus.async_listen
        self._unsubscribe = [
            async_dispatcher_connect(self._hass, SIGNAL_CONFIG_ENTRY_CHANGED, self._entry_changed),
            listen(EVENT_USER_UPDATED, self._user_updated),
            listen(er.EVENT_ENTITY_REGISTRY_UPDATED, self._registry_updated, self._is_of_our_entity),
            listen(dr.EVENT_DEVICE_REGISTRY_UPDATED, self._registry_updated, self._is_of_our_device),
        ]
        self._flush()

    def _stop(self) -> None:
        if self._flush_handle:
            self._flush_handle.cancel()
        if self._source:
            self._source.async_stop()
        for unsubscribe in self._unsubscribe:
            unsubscribe()
        del self._hass.data[_BROADCASTERS][self._entry.entry_id]

    def _place(self, watcher: Watcher) -> View:
        """Show a user what they may see."""
        user = watcher.user
        view = self._all if may_read_all(user) else self._limited.get(user.id)
        if view is None:
            view = self._limited[user.id] = View(partial(self._seen, Permissions(self._hass, self._entry, user)))
            view.update(_ids(self._all))
        view.watchers.add(watcher)
        self._places[watcher] = view
        return view

    def _displace(self, watcher: Watcher) -> View:
        view = self._places.pop(watcher)
        view.watchers.remove(watcher)
        if not view.watchers:
            self._limited.pop(watcher.user.id, None)
        return view

    def _row(self, table: str, row_id: str) -> Row | None:
        if self._source:
            return self._source.row(table, row_id)
        if table == "health" and row_id == PBX_HEALTH and not self._removed:
            refused = self._entry.error_reason_translation_key == error_key(DlsPbxAuthenticationError())
            return health_row(self._entry.title, ok=False, answered_at=self._answered_at, refused=refused)
        return None

    def _seen(self, rights: Permissions, table: str, row_id: str) -> Row | None:
        return rights.seen(self._source, table, row_id, self._all.rows[table].get(row_id))

    @callback
    def _touched(self) -> None:
        """Look at what was touched when this turn of the event loop is over."""
        if self._flush_handle is None:
            self._flush_handle = self._hass.loop.call_soon(self._flush)

    @callback
    def _flush(self) -> None:
        anew = self._follow_entry()
        touched = self._take()
        self._flush_handle = None
        for view in (self._all, *self._limited.values()):
            change = view.update(touched)
            if anew:
                send_snapshot(view.watchers, view.rows)
            elif change:
                send(view.watchers, "change", change)

    def _take(self) -> Touched:
        if not self._everything_touched:
            return self._source.take() if self._source else {}
        self._everything_touched = False
        touched = _ids(self._all)
        touched["health"].add(PBX_HEALTH)
        if self._source:
            self._source.async_touch_all()
            for table, ids in self._source.take().items():
                touched[table] |= ids
        return touched

    def _follow_entry(self) -> bool:
        """Begin with an entry that was loaded, end with one that is not any more; returns whether it is a new one."""
        data = self._entry.runtime_data if self._entry.state is ConfigEntryState.LOADED else None
        if self._source and self._source.data is not data:
            self._answered_at = self._source.answered_at
            self._source.async_stop()
            self._source = None
            self._everything_touched = True
        if self._source or data is None:
            self._everything_touched |= not self._all.rows["health"]
            return False
        self._source = Source(self._hass, self._entry, self._touched)
        self._source.async_start()
        self._everything_touched = True
        return True

    @callback
    def _entry_changed(self, change: ConfigEntryChange, entry: ConfigEntry[Any]) -> None:
        if entry is self._entry:
            self._removed = change is ConfigEntryChange.REMOVED
            self._everything_touched = True
            self._touched()

    @callback
    def _user_updated(self, event: Event[dict[str, Any]]) -> None:
        """Show a user at once what they may see now, and no more than that."""
        watchers = [watcher for watcher in self._places if watcher.user.id == event.data["user_id"]]
        before = {watcher: self._displace(watcher).rows for watcher in watchers}
        for watcher, rows in before.items():
            if change := self._place(watcher).difference(rows):
                send([watcher], "change", change)

    @callback
    def _registry_updated(self, _: Event[Any]) -> None:
        """Look again who may read what, and which devices there are."""
        self._everything_touched = True
        self._touched()

    @callback
    def _is_of_our_entity(self, data: er.EventEntityRegistryUpdatedData) -> bool:
        entity = er.async_get(self._hass).async_get(data["entity_id"])
        return entity is None or entity.config_entry_id == self._entry.entry_id

    @callback
    def _is_of_our_device(self, data: dr.EventDeviceRegistryUpdatedData) -> bool:
        device = dr.async_get(self._hass).async_get(data["device_id"])
        return device is None or device.config_entry_id == self._entry.entry_id


def _ids(view: View) -> Touched:
    return {table: set(rows) for table, rows in view.rows.items()}
