"""Rows that a target means, and deadlines that are held back while nobody can look."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers.event import async_track_point_in_utc_time
from homeassistant.util import dt as dt_util

from ..coordinator.base import ObjectCoordinator
from ..coordinator.keys import ObjectKey, ObjectKind, object_keys
from ..data import DlsPbxConfigEntry

type Look = Callable[[str, Any], None]


@callback
def async_follow_rows(
    entry: DlsPbxConfigEntry, coordinator: ObjectCoordinator[Any], some: frozenset[str], look: Look
) -> CALLBACK_TYPE:
    """Have `look(row_id, row)` called for each row that objects stand for, now and whenever it changes; None is gone.

    Nothing is said while the PBX does not answer. Returns unsubscribe.
    """
    return _Rows(entry, coordinator, some, look).stop


class _Rows:
    """The rows of one coordinator that somebody looks at."""

    def __init__(
        self, entry: DlsPbxConfigEntry, coordinator: ObjectCoordinator[Any], some: frozenset[str], look: Look
    ) -> None:
        self._identity = entry.runtime_data.identity
        self._coordinator = coordinator
        self._objects = some
        self._look = look
        self._rows: dict[ObjectKey, CALLBACK_TYPE] = {}
        self._remove = coordinator.async_add_listener(self._membership_changed)
        self._membership_changed()

    @callback
    def stop(self) -> None:
        """Look no more."""
        self._remove()
        for remove in self._rows.values():
            remove()
        self._rows.clear()

    @callback
    def _membership_changed(self) -> None:
        wanted = {key for key in object_keys(self._coordinator.data, self._coordinator.kind) if self._means(key)}
        for key in self._rows.keys() - wanted:
            self._rows.pop(key)()
            self._look(key.id, None)
        for key in sorted(wanted - self._rows.keys()):
            look = partial(self._look_at, key)
            self._rows[key] = self._coordinator.async_add_listener(look, key)
            look()

    def _means(self, key: ObjectKey) -> bool:
        return ObjectKind.PBX in self._objects or self._identity.object_id(key) in self._objects

    @callback
    def _look_at(self, key: ObjectKey) -> None:
        if self._coordinator.last_update_success and key in self._coordinator.data:
            self._look(key.id, self._coordinator.data[key])


class Deadline:
    """Does something once, at its time, or as soon after it as somebody knows that it is still due."""

    def __init__(self, hass: HomeAssistant, due: datetime, action: Callable[[], None], *, done: bool = False) -> None:
        self._hass = hass
        self._action = action
        self._cancel: CALLBACK_TYPE | None = None
        self.due = due
        self.done = done

    def arm(self, is_known: Callable[[], bool]) -> None:
        """Say that it is due still. When the time comes, `is_known` tells whether that can be relied on."""
        self.disarm()
        if self.done:
            return

        @callback
        def on_time(_: datetime) -> None:
            self._cancel = None
            if is_known():
                self._do()

        if dt_util.utcnow() >= self.due:
            self._do()
        else:
            self._cancel = async_track_point_in_utc_time(self._hass, on_time, self.due)

    def disarm(self) -> None:
        """Let the time pass."""
        if self._cancel:
            self._cancel()
            self._cancel = None

    def _do(self) -> None:
        self.done = True
        self._action()
