"""Permissions of one user at the front desk: they may see what they may read of the entities that show the same."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from homeassistant.auth.models import User
from homeassistant.auth.permissions.const import POLICY_CONTROL, POLICY_READ
from homeassistant.components.binary_sensor import DOMAIN as BINARY_SENSOR_DOMAIN
from homeassistant.components.event import DOMAIN as EVENT_DOMAIN
from homeassistant.components.sensor import DOMAIN as SENSOR_DOMAIN
from homeassistant.components.todo import DOMAIN as TODO_DOMAIN
from homeassistant.core import HomeAssistant, callback

from ..coordinator.keys import ObjectKey, ObjectKind
from ..data import DlsPbxConfigEntry
from ..identity import find_entity
from .records_rows import LoggedCallRow, MessageRow
from .rows import LiveStatus
from .source import Row, Source

# The entity of the PBX that shows the same as a whole table.
_SHOWN_BY: Final[Mapping[str, tuple[str, str]]] = {
    "calls": ("active_calls", SENSOR_DOMAIN),
    "missed": ("callbacks", TODO_DOMAIN),
    "conversations": ("sms", EVENT_DOMAIN),
    "faxes": ("fax", EVENT_DOMAIN),
    "health": ("connected", BINARY_SENSOR_DOMAIN),
}


@callback
def may_read_all(user: User) -> bool:
    """Whether a user may read every entity."""
    return user.is_admin or user.permissions.access_all_entities(POLICY_READ)


class Permissions:
    """Asks anew each time: rights change, and entities come and go."""

    def __init__(self, hass: HomeAssistant, entry: DlsPbxConfigEntry, user: User) -> None:
        self._hass = hass
        self._entry = entry
        self._user = user

    def seen(self, source: Source | None, table: str, row_id: str, row: Row | None) -> Row | None:
        """Return what the user may see of a row; None if nothing."""
        if row is None or not self._may_see(table, row_id):
            return None
        match table:
            case "agents":
                return self._agent(source, row_id, row) if source else None
            case "calls":
                return self._call(row)
            case "missed":
                return {**row, "queues": self._queues(row["queues"])}
            case "faxes":
                return self._fax(source, row_id, row) if source else None
        return row

    def _may_see(self, table: str, row_id: str) -> bool | None:
        match table:
            case "queues":
                return self._queue(row_id)
            case "phones":
                return self._phone(row_id)
            case "agents":
                return True  # as far as their queues and their phone tell of them
        return self._pbx(*_SHOWN_BY[table])

    def _agent(self, source: Source, auth_id: str, row: Row) -> Row | None:
        queues = self._queues(row["queues"])
        of_phone = self._object(ObjectKind.PHONE, auth_id, "agent_state")
        # Without an entity of their own they are known by their queues alone.
        if of_phone is False or (of_phone is None and not queues):
            return None
        figures = self._object(ObjectKind.PHONE, auth_id, "calls_answered_today") is True
        return source.agent(auth_id, told_by=queues, state_known=of_phone is True, figures_known=figures)

    def _fax(self, source: Source, fax_id: str, row: Row) -> Row | None:
        if (end := source.faxes.own_end(fax_id)) is None:
            return None
        own, phone = end
        return {**row, own: None} if phone and not self._phone(phone) else row

    def _call(self, row: Row) -> Row:
        queue, ends = row["queue"], {end: row[end] for end in ("caller", "callee")}
        hidden: dict[str, Any] = {end: None for end, auth_id in ends.items() if auth_id and not self._phone(auth_id)}
        if queue and not self._queue(queue):
            # That it waits, or since when somebody talks to it, is what the queue tells.
            status = LiveStatus.CONNECTED if row["status"] is LiveStatus.WAITING else row["status"]
            hidden |= {"queue": None, "answered": None, "status": status}
        return {**row, **hidden}

    @property
    def calls(self) -> bool:
        """Whether the user may read of calls that have ended."""
        return self._pbx("call", EVENT_DOMAIN) is True

    @property
    def callbacks(self) -> bool:
        """Whether the user may read who is owed a call."""
        return self._pbx("callbacks", TODO_DOMAIN) is True

    @property
    def ticks_off(self) -> bool:
        """Whether the user may change who is owed a call, as they may on the to-do list."""
        return self._pbx("callbacks", TODO_DOMAIN, POLICY_CONTROL) is True

    @property
    def texts(self) -> bool:
        """Whether the user may read texts."""
        return self._pbx("sms", EVENT_DOMAIN) is True

    def of_conversation(self, row: MessageRow, phone: str | None) -> MessageRow:
        """Return what the user may see of a text; `phone` is at our end of it, by its auth ID."""
        return {**row, "extension": None} if phone and not self._phone(phone) else row

    def of_call_log(self, row: LoggedCallRow, phone: str | None) -> LoggedCallRow:
        """Return what the user may see of a call that has ended; `phone` is at our end of it, by its auth ID."""
        if phone and not self._phone(phone):
            row = {**row, "extension": None, "agent": None}
        return {**row, "queues": self._queues(row["queues"])}

    def _queues(self, names: Iterable[str]) -> list[str]:
        return [name for name in names if self._queue(name)]

    def _queue(self, name: str) -> bool:
        return self._object(ObjectKind.QUEUE, name, "callers_waiting") is True

    def _phone(self, auth_id: str) -> bool:
        return self._object(ObjectKind.PHONE, auth_id, "call_state") is True

    def _object(self, kind: ObjectKind, row_id: str, key: str) -> bool | None:
        identity, object_key = self._entry.runtime_data.identity, ObjectKey(kind, row_id)
        return self._may(identity.object_id(object_key), key) if identity.shows(object_key) else None

    def _pbx(self, key: str, domain: str = SENSOR_DOMAIN, policy: str = POLICY_READ) -> bool | None:
        return self._may(ObjectKind.PBX, key, domain, policy)

    def _may(self, object_id: str, key: str, domain: str = SENSOR_DOMAIN, policy: str = POLICY_READ) -> bool | None:
        """Whether the user may do so with an entity; None where there is none."""
        entity_id = find_entity(self._hass, self._entry.entry_id, domain, object_id, key)
        return None if entity_id is None else self._user.permissions.check_entity(entity_id, policy)
