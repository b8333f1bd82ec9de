"""View of the rows as users of the same rights see them, and those to whom it is sent."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from homeassistant.auth.models import User
from homeassistant.components import websocket_api
from homeassistant.helpers.json import json_bytes
from homeassistant.util import dt as dt_util

from .rows import TABLES
from .source import Row, Touched

type Tables = dict[str, dict[str, Row]]
type Change = dict[str, dict[str, Row | None]]


class Watcher:
    """A subscription."""

    def __init__(self, connection: websocket_api.ActiveConnection, message_id: int) -> None:
        self.user: User = connection.user
        self._connection = connection
        self._message_id = message_id

    def send(self, payload: bytes) -> None:
        """Send an event that is written as JSON already."""
        self._connection.send_message(websocket_api.messages.construct_event_message(self._message_id, payload))


class View:
    """The rows that users of the same rights see, as they were last sent to `watchers`."""

    def __init__(self, see: Callable[[str, str], Row | None]) -> None:
        self._see = see
        self.rows: Tables = {table: {} for table in TABLES}
        self.watchers: set[Watcher] = set()

    def update(self, touched: Touched) -> Change:
        """Look at rows again; returns those that changed, and None for those that are gone."""
        change: Change = {}
        for table, ids in touched.items():
            rows = self.rows[table]
            for row_id in sorted(ids):
                row = self._see(table, row_id)
                if row == rows.get(row_id):
                    continue
                change.setdefault(table, {})[row_id] = row
                if row is None:
                    del rows[row_id]
                else:
                    rows[row_id] = row
        return change

    def difference(self, before: Tables) -> Change:
        """Return what changes for someone who saw other rows before."""
        change: Change = {}
        for table, rows in self.rows.items():
            for row_id in sorted(rows.keys() | before[table].keys()):
                if rows.get(row_id) != before[table].get(row_id):
                    change.setdefault(table, {})[row_id] = rows.get(row_id)
        return change


def send_snapshot(watchers: Iterable[Watcher], rows: Tables) -> None:
    """Send everything; with the time, since a tablet on a wall may have another one."""
    send(watchers, "snapshot", {"now": dt_util.utcnow().isoformat(), **rows})


def send(watchers: Iterable[Watcher], kind: str, rows: Mapping[str, Any]) -> None:
    """Send the same to all of them, written as JSON once."""
    payload = b""
    for watcher in watchers:
        payload = payload or json_bytes({"type": kind, **rows})
        watcher.send(payload)
