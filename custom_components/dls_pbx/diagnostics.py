"""What a user may send to a stranger: what the PBX shows and how the polls went, without whom it is about.

Objects get pseudonyms (`phone 3`), the same in all of a download, so that an agent, a call and a phone can still be
told to belong together. Of other texts only the shape is left: `630@default` turns into `999@xxxxxxx`.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import datetime, timedelta
from enum import Enum
from itertools import chain
import re
from typing import Any

from homeassistant.components.diagnostics import REDACTED
from homeassistant.const import CONF_API_KEY, CONF_TIME_ZONE, CONF_URL, CONF_USERNAME, CONF_VERIFY_SSL
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.device_registry import DeviceEntry
from yarl import URL

from .api import DlsPbxResponseError
from .const import CONF_PHONES, DOMAIN
from .coordinator import StatusCoordinator
from .devices import object_id
from .facts import PBX, FactKey
from .runtime import DlsPbxConfigEntry, DlsPbxData

# Texts out of the PBX's own vocabulary: they name nobody.
_PLAIN = frozenset({"strategy", "device", "page", "attempt", "type", "status"})

_LETTER = re.compile(r"[^\W\d_]")
_DIGIT = re.compile(r"\d")


async def async_get_config_entry_diagnostics(hass: HomeAssistant, entry: DlsPbxConfigEntry) -> dict[str, Any]:
    """Describe an entry and everything that its PBX shows."""
    return {"entry": _entry(entry), **_pbx(entry, lambda _: True)}


async def async_get_device_diagnostics(
    hass: HomeAssistant,
    entry: DlsPbxConfigEntry,
    device: DeviceEntry,
) -> dict[str, Any]:
    """Describe what the PBX shows of one of its objects."""
    return {
        "entry": _entry(entry),
        **_pbx(entry, lambda key: (DOMAIN, f"{entry.entry_id}_{object_id(entry, key)}") in device.identifiers),
    }


def _entry(entry: DlsPbxConfigEntry) -> dict[str, Any]:
    url = URL(entry.data[CONF_URL])
    return {
        "version": f"{entry.version}.{entry.minor_version}",
        "state": entry.state.value,
        "data": {
            CONF_URL: f"{url.scheme}://{REDACTED}:{url.port}",
            CONF_USERNAME: _shape(entry.data[CONF_USERNAME]),
            CONF_API_KEY: REDACTED,
            CONF_VERIFY_SSL: entry.data[CONF_VERIFY_SSL],
        },
        "options": {
            CONF_PHONES: len(entry.options.get(CONF_PHONES, ())) or "all",
            CONF_TIME_ZONE: entry.options.get(CONF_TIME_ZONE),
        },
    }


def _pbx(entry: DlsPbxConfigEntry, wanted: Callable[[FactKey], bool]) -> dict[str, Any]:
    data: DlsPbxData | None = getattr(entry, "runtime_data", None)
    if data is None:
        # Not set up: the entry's state is all there is to say.
        return {}
    redact = _Redactor(data)
    return {
        "time_zone": str(data.client.time_zone),
        "actions": {coordinator.action: _action(coordinator, redact, wanted) for coordinator in data.coordinators},
    }


def _action(
    coordinator: StatusCoordinator[Any], redact: _Redactor, wanted: Callable[[FactKey], bool]
) -> dict[str, Any]:
    rows = coordinator.snapshot.rows if coordinator.snapshot else None
    told: dict[str, Any] = {
        "interval": coordinator.update_interval and coordinator.update_interval.total_seconds(),
        "last_update_success": coordinator.last_update_success,
        "error": _error(coordinator),
        "rows": None if rows is None else len(rows),
        "facts": {redact.name(key): redact(fact) for key, fact in _facts(coordinator) if wanted(key)},
    }
    if rows and not coordinator.kind and wanted(PBX):
        # No objects of their own but joined to others: a row that was not joined shows here only.
        told["unjoined"] = [redact(row) for row in rows.values()]
    return told


def _facts(coordinator: StatusCoordinator[Any]) -> Iterator[tuple[FactKey, Any]]:
    """Yield facts one by one: those with an aspect come as a table by id."""
    for (kind, row_id, aspect), fact in coordinator.data.items():
        if aspect:
            yield from (((kind, of, aspect), item) for of, item in fact.items())
        else:
            yield (kind, row_id, aspect), fact


def _objects(coordinator: StatusCoordinator[Any]) -> Iterator[tuple[str, str]]:
    """Yield kind and id of every object that an action tells of."""
    if coordinator.kind and coordinator.snapshot:
        yield from ((coordinator.kind, row_id) for row_id in coordinator.snapshot.rows)
    yield from ((kind, row_id) for kind, row_id, _ in coordinator.data)


def _error(coordinator: StatusCoordinator[Any]) -> dict[str, Any] | None:
    failure = coordinator.last_exception
    if coordinator.last_update_success or failure is None:
        return None
    cause = failure.__cause__
    return {
        "kind": failure.translation_key if isinstance(failure, HomeAssistantError) else type(failure).__name__,
        # The other errors quote the PBX or name its address; this one is in our own words.
        "reason": str(cause) if isinstance(cause, DlsPbxResponseError) else None,
    }


class _Redactor:
    """Takes out of facts whom they are about."""

    def __init__(self, data: DlsPbxData) -> None:
        self._names: dict[tuple[str, str], str] = {}
        counts = Counter[str]()
        for kind, row_id in chain.from_iterable(map(_objects, data.coordinators)):
            if row_id and (kind, row_id) not in self._names:
                counts[kind] += 1
                self._names[kind, row_id] = f"{kind} {counts[kind]}"
        self._phones = {row_id: name for (kind, row_id), name in self._names.items() if kind == "phone"}

    def name(self, key: FactKey) -> str:
        """Return a fact's pseudonym: its object's and its aspect."""
        kind, row_id, aspect = key
        return f"{self._names.get((kind, row_id), kind)} {aspect}".rstrip()

    def __call__(self, value: Any) -> Any:
        """Return a fact, or a part of one, as JSON takes it."""
        if is_dataclass(value):
            return {field.name: self._field(field.name, getattr(value, field.name)) for field in fields(value)}
        if isinstance(value, Mapping):
            # Keyed by people; what they are called stands in the values too.
            return [self(item) for item in value.values()]
        if isinstance(value, tuple):
            # The lines of a log are only worth their count.
            return [self(item) for item in value if not isinstance(item, str)] or len(value)
        if isinstance(value, str) and not isinstance(value, Enum):
            return self._phones.get(value) or _shape(value)
        return _scalar(value)

    def _field(self, name: str, value: Any) -> Any:
        if name == "statistics":
            return {counter: self(count) for counter, count in value.items()}
        return value if name in _PLAIN else self(value)


def _scalar(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    if isinstance(value, timedelta):
        return value.total_seconds()
    # What is of no kind that we know could be about anybody.
    return value if value is None or isinstance(value, int | float) else type(value).__name__


def _shape(text: str) -> str:
    return _DIGIT.sub("9", _LETTER.sub("x", text))
