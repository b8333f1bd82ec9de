"""Diagnostics, which a user may send to a stranger: what the PBX shows and how polls went, without whom it is about.

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
from homeassistant.config_entries import ConfigSubentry
from homeassistant.const import CONF_API_KEY, CONF_TIME_ZONE, CONF_URL, CONF_USERNAME, CONF_VERIFY_SSL
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import issue_registry as ir
from homeassistant.helpers.device_registry import DeviceEntry
from homeassistant.util import dt as dt_util
from yarl import URL

from .api import DlsPbxResponseError
from .api.vocabulary import Unknown
from .const import (
    CONF_ACCOUNT_CODE,
    CONF_CONTACTS,
    CONF_NUMBERS,
    CONF_RECIPIENTS,
    CONF_SKIPPED,
    DOMAIN,
)
from .coordinator.base import DlsPbxCoordinator, ObjectCoordinator, StatusCoordinator
from .coordinator.keys import PBX, ObjectKey, ObjectKind
from .data import DlsPbxConfigEntry, DlsPbxData
from .options import (
    CONF_BACKFILL_DAYS,
    CONF_PHONES,
    CONF_SERVICE_LEVEL_GOAL,
    CONF_SERVICE_LEVEL_THRESHOLD,
    CONF_SHORT_ABANDON_THRESHOLD,
    CONF_SMS_CONSENT,
)
from .records.cursor import Cursor
from .statistics.progress import Progress
from .support.samples import async_samples

# Texts out of the PBX's own vocabulary: they name nobody.
_PLAIN = frozenset({"strategy", "device", "page", "attempt", "type", "status"})

# Options that name nobody: figures, a zone, a way of doing things. None = the default.
_PLAIN_OPTIONS = (
    CONF_TIME_ZONE,
    CONF_SERVICE_LEVEL_THRESHOLD,
    CONF_SERVICE_LEVEL_GOAL,
    CONF_SHORT_ABANDON_THRESHOLD,
    CONF_SMS_CONSENT,
    CONF_BACKFILL_DAYS,
)

_LETTER = re.compile(r"[^\W\d_]")
_DIGIT = re.compile(r"\d")


async def async_get_config_entry_diagnostics(hass: HomeAssistant, entry: DlsPbxConfigEntry) -> dict[str, Any]:
    """Describe an entry and everything that its PBX shows."""
    return {
        "entry": _entry(entry),
        **_pbx(entry, lambda _: True),
        **_kept(hass, entry),
        **await _async_samples(hass, entry),
    }


async def async_get_device_diagnostics(
    hass: HomeAssistant,
    entry: DlsPbxConfigEntry,
    device: DeviceEntry,
) -> dict[str, Any]:
    """Describe what the PBX shows of one of its objects."""
    return {
        "entry": _entry(entry),
        **_pbx(entry, lambda key: entry.runtime_data.identity.identifier(key) in device.identifiers),
    }


async def _async_samples(hass: HomeAssistant, entry: DlsPbxConfigEntry) -> dict[str, Any]:
    data: DlsPbxData | None = getattr(entry, "runtime_data", None)
    return {"at": _scalar(dt_util.utcnow()), "samples": await async_samples(hass, data.client)} if data else {}


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
            **{name: entry.options.get(name) for name in _PLAIN_OPTIONS},
        },
        "subentries": [_subentry(subentry) for subentry in entry.subentries.values()],
    }


def _subentry(subentry: ConfigSubentry) -> dict[str, Any]:
    return {
        "type": subentry.subentry_type,
        CONF_RECIPIENTS: [_shape(recipient) for recipient in subentry.data.get(CONF_RECIPIENTS, ())],
        CONF_ACCOUNT_CODE: CONF_ACCOUNT_CODE in subentry.data,
        **{name: subentry.data[name] for name in (CONF_CONTACTS, CONF_NUMBERS, CONF_SKIPPED) if name in subentry.data},
    }


def _pbx(entry: DlsPbxConfigEntry, wanted: Callable[[ObjectKey], bool]) -> dict[str, Any]:
    data: DlsPbxData | None = getattr(entry, "runtime_data", None)
    if data is None:
        # Not set up: the entry's state is all there is to say.
        return {}
    redact = _Redactor(data)
    return {
        "time_zone": str(data.client.time_zone),
        "requests_last_minute": data.client.requests_last_minute,
        "dialect": data.client.dialect.as_stored(),
        "vocabulary": [_unknown(unknown) for unknown in data.client.vocabulary.found],
        "actions": {source.action.value: _action(source, redact, wanted) for source in data.sources},
    }


def _unknown(unknown: Unknown) -> dict[str, Any]:
    """Describe what no reader understands; its sample is masked where it was counted."""
    return {field.name: _plain(getattr(unknown, field.name)) for field in fields(unknown)}


def _plain(value: Any) -> Any:
    return value if isinstance(value, str) else _scalar(value)


def _action(source: DlsPbxCoordinator[Any], redact: _Redactor, wanted: Callable[[ObjectKey], bool]) -> dict[str, Any]:
    told: dict[str, Any] = {
        "interval": source.update_interval and source.update_interval.total_seconds(),
        "last_update_success": source.last_update_success,
        "answered_at": _scalar(source.answered_at),
        "error": _error(source),
        "facts": {redact.name(key): redact(model) for key, model in _models(source) if wanted(key)},
    }
    if isinstance(source, StatusCoordinator):
        rows = source.snapshot.rows if source.snapshot else None
        told["rows"] = None if rows is None else len(rows)
        if rows and not isinstance(source, ObjectCoordinator) and wanted(PBX):
            # No objects of their own but joined to others: a row that was not joined shows here only.
            told["unjoined"] = [redact(row) for row in rows.values()]
    return told


def _kept(hass: HomeAssistant, entry: DlsPbxConfigEntry) -> dict[str, Any]:
    """Describe what outlives a restart, by counts and times: how far records are read, what is owed, what is wrong."""
    issues = [
        issue.translation_key
        for (domain, issue_id), issue in ir.async_get(hass).issues.items()
        if domain == DOMAIN and issue.active and issue_id.endswith(entry.entry_id)
    ]
    data: DlsPbxData | None = getattr(entry, "runtime_data", None)
    if data is None:
        return {"issues": issues}
    return {
        "issues": issues,
        "records": {feed.action.value: _cursor(feed.cursor) for feed in data.feeds},
        "callbacks": {"open": data.callbacks.open, "kept": len(data.callbacks.items)},
        "statistics": _progress(data.store.sections.get("statistics")),
    }


def _cursor(cursor: Cursor) -> dict[str, Any]:
    return {
        "first_set_up": _scalar(cursor.baseline),
        "floor": _scalar(cursor.floor),
        "newest": _scalar(cursor.newest),
        "read_to_the_end": cursor.read,
        "seen": len(cursor.seen),
    }


def _progress(stored: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """Return how far statistics are filled; their IDs are made of the names of the PBX and its queues."""
    if stored is None:
        return None
    progress = Progress.from_stored(stored)
    return {
        "since": _scalar(progress.since),
        "until": _scalar(progress.until),
        "kept": _scalar(progress.kept),
        "filled": progress.filled,
        "calls": progress.calls,
        "queues": len(progress.queues),
    }


def _models(coordinator: DlsPbxCoordinator[Any]) -> Iterator[tuple[ObjectKey, Any]]:
    """Yield models one by one: those with an aspect come as a table by id."""
    for key, model in coordinator.data.items():
        if key.aspect:
            yield from ((key._replace(id=of), item) for of, item in model.items())
        else:
            yield key, model


def _objects(coordinator: DlsPbxCoordinator[Any]) -> Iterator[ObjectKey]:
    """Yield the key of every object that an action tells of."""
    if isinstance(coordinator, ObjectCoordinator) and coordinator.snapshot:
        yield from (ObjectKey(coordinator.kind, row_id) for row_id in coordinator.snapshot.rows)
    yield from (key._replace(aspect="") for key in coordinator.data)


def _error(coordinator: DlsPbxCoordinator[Any]) -> dict[str, Any] | None:
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
    """Takes out of models whom they are about."""

    def __init__(self, data: DlsPbxData) -> None:
        self._names: dict[ObjectKey, str] = {}
        counts = Counter[ObjectKind]()
        for key in chain.from_iterable(map(_objects, data.sources)):
            if key.id and key not in self._names:
                counts[key.kind] += 1
                self._names[key] = f"{key.kind} {counts[key.kind]}"
        self._phones = {key.id: name for key, name in self._names.items() if key.kind is ObjectKind.PHONE}

    def name(self, key: ObjectKey) -> str:
        """Return a model's pseudonym: its object's and its aspect."""
        return f"{self._names.get(key._replace(aspect=''), key.kind)} {key.aspect}".rstrip()

    def __call__(self, value: Any) -> Any:
        """Return a model, or a part of one, as JSON takes it."""
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
