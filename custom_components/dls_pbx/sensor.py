"""Sensors: one row each."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any, Final, override

from homeassistant.components.sensor import SensorDeviceClass, SensorEntity, SensorEntityDescription, SensorStateClass
from homeassistant.const import EntityCategory, UnitOfRatio, UnitOfTime
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.helpers.typing import StateType
from homeassistant.util import dt as dt_util, slugify

from .api.models import AgentState, CampaignLog
from .api.wire import masked
from .const import CONF_SERVICE_LEVEL_GOAL, DEFAULT_SERVICE_LEVEL_GOAL
from .entity import DlsPbxEntity, DlsPbxEntityDescription, async_add_rows
from .facts import OPT_IN, OPT_OUT, CallState
from .owed import CallbacksOwed
from .records.figures import Thresholds
from .runtime import DlsPbxConfigEntry

# The coordinators ask; entities only show.
PARALLEL_UPDATES = 0

MAX_STATE_LENGTH: Final = 255


class DlsPbxSensorDescription(DlsPbxEntityDescription, SensorEntityDescription, frozen_or_thawed=True):
    """A row of a sensor table."""

    value_fn: Callable[[Any], StateType | datetime]
    attributes_fn: Callable[[Mapping[str, Any]], dict[str, Any]] | None = None  # of the entry's options


def _count(key: str, action: str, kind: str, value_fn: Callable[[Any], StateType]) -> DlsPbxSensorDescription:
    """Make a row for how many there are right now."""
    return DlsPbxSensorDescription(
        key=key, action=action, kind=kind, value_fn=value_fn, state_class=SensorStateClass.MEASUREMENT
    )


def _counter(key: str, action: str, kind: str, value_fn: Callable[[Any], StateType]) -> DlsPbxSensorDescription:
    """Make a row for what the PBX counts from its last restart on."""
    return DlsPbxSensorDescription(
        key=key, action=action, kind=kind, value_fn=value_fn, state_class=SensorStateClass.TOTAL_INCREASING
    )


def _longest_wait(kind: str) -> DlsPbxSensorDescription:
    return DlsPbxSensorDescription(
        key="longest_wait",
        action="queues",
        kind=kind,
        aspect="wait",
        value_fn=lambda wait: wait.seconds(dt_util.utcnow()),
        device_class=SensorDeviceClass.DURATION,
        native_unit_of_measurement=UnitOfTime.SECONDS,
        suggested_display_precision=0,
        state_class=SensorStateClass.MEASUREMENT,
    )


def _last_line(log: CampaignLog) -> str | None:
    """Return the last line of a log, its phone numbers masked: states are recorded."""
    return masked(log.output[-1])[:MAX_STATE_LENGTH] if log.output else None


PBX_SENSORS = (
    _count("active_calls", "calls", "pbx", lambda calls: calls.active),
    _count("inbound_calls", "calls", "pbx", lambda calls: calls.inbound),
    _count("outbound_calls", "calls", "pbx", lambda calls: calls.outbound),
    _count("internal_calls", "calls", "pbx", lambda calls: calls.internal),
    _count("ringing_calls", "calls", "pbx", lambda calls: calls.ringing),
    _count("callers_waiting", "queues", "pbx", lambda wait: wait.waiting),
    _longest_wait("pbx"),
    _count("phones_registered", "users", "pbx", lambda phones: phones.registered),
    _count("phones_unregistered", "users", "pbx", lambda phones: phones.unregistered),
    _count("faxes_queued", "faxes", "pbx", lambda faxes: faxes.queued),
    _count("faxes_processing", "faxes", "pbx", lambda faxes: faxes.processing),
    _counter("faxes_completed", "faxes", "pbx", lambda faxes: faxes.statistics.get("completed_faxes")),
    _counter("faxes_failed", "faxes", "pbx", lambda faxes: faxes.statistics.get("failed_faxes")),
    _count("conference_participants", "conferences", "pbx", lambda rooms: rooms.participants),
)

QUEUE_SENSORS = (
    _count("callers_waiting", "queues", "queue", lambda queue: queue.waiting),
    _longest_wait("queue"),
    DlsPbxSensorDescription(
        key="hold_time",
        action="queues",
        kind="queue",
        value_fn=lambda queue: None if queue.hold_time is None else int(queue.hold_time.total_seconds()),
        device_class=SensorDeviceClass.DURATION,
        native_unit_of_measurement=UnitOfTime.SECONDS,
        suggested_display_precision=0,
        state_class=SensorStateClass.MEASUREMENT,
    ),
    _counter("completed_calls", "queues", "queue", lambda queue: queue.completed),
    _counter("lost_calls", "queues", "queue", lambda queue: queue.lost),
    DlsPbxSensorDescription(
        key="abandon_rate",
        action="queues",
        kind="queue",
        value_fn=lambda queue: queue.abandon_rate,
        native_unit_of_measurement=UnitOfRatio.PERCENTAGE,
        state_class=SensorStateClass.MEASUREMENT,
        suggested_display_precision=1,
    ),
    _count("agents_logged_in", "queues", "queue", lambda queue: len(queue.agents)),
    _count("agents_available", "queues", "queue", lambda queue: queue.agents_in(AgentState.AVAILABLE)),
    _count("agents_on_call", "queues", "queue", lambda queue: queue.agents_in(AgentState.ON_CALL)),
    _count("agents_paused", "queues", "queue", lambda queue: queue.agents_paused),
)


def _todays_seconds(key: str, kind: str, value_fn: Callable[[Any], StateType]) -> DlsPbxSensorDescription:
    return DlsPbxSensorDescription(
        key=key,
        action="reports",
        kind=kind,
        value_fn=value_fn,
        device_class=SensorDeviceClass.DURATION,
        native_unit_of_measurement=UnitOfTime.SECONDS,
        suggested_display_precision=0,
        state_class=SensorStateClass.MEASUREMENT,
    )


def _todays_figures(kind: str) -> Iterator[DlsPbxSensorDescription]:
    """Make the rows of what the CDR says of today, for the PBX or for a queue; at midnight all begin anew.

    No counters to Home Assistant: one that is corrected downwards, by a transfer say, would count as reset. The sums
    are in the statistics of records/statistics.py.
    """
    yield _count("calls_today", "reports", kind, lambda today: today.calls)
    yield _count("missed_calls_today", "reports", kind, lambda today: today.missed)
    yield _count("abandoned_calls_today", "reports", kind, lambda today: today.abandoned)
    yield DlsPbxSensorDescription(
        key="service_level_today",
        action="reports",
        kind=kind,
        value_fn=lambda today: today.service_level,
        # For gauges and wallboards, which turn red below the goal.
        attributes_fn=lambda options: {
            "goal": options.get(CONF_SERVICE_LEVEL_GOAL, DEFAULT_SERVICE_LEVEL_GOAL),
            "threshold": Thresholds.of(options).service_level,
        },
        native_unit_of_measurement=UnitOfRatio.PERCENTAGE,
        state_class=SensorStateClass.MEASUREMENT,
        suggested_display_precision=1,
    )
    yield _todays_seconds("answer_speed_today", kind, lambda today: today.answer_speed)
    yield _todays_seconds("talk_time_today", kind, lambda today: today.talk_time)


TODAYS_FIGURES = tuple(row for kind in ("pbx", "queue") for row in _todays_figures(kind))

PHONE_SENSORS = (
    DlsPbxSensorDescription(
        key="call_state",
        action="calls",
        kind="phone",
        value_fn=lambda state: state,
        device_class=SensorDeviceClass.ENUM,
        options=list(CallState),
    ),
    DlsPbxSensorDescription(
        key="agent_state",
        action="queues",
        kind="phone",
        value_fn=lambda state: state,
        device_class=SensorDeviceClass.ENUM,
        options=list(AgentState),
    ),
    _count("voicemail_new", "users", "phone", lambda user: user.voicemail_new),
    _count("voicemail_old", "users", "phone", lambda user: user.voicemail_old),
    DlsPbxSensorDescription(
        key="latency",
        action="users",
        kind="phone",
        aspect="latency",
        value_fn=lambda latency: latency,
        device_class=SensorDeviceClass.DURATION,
        native_unit_of_measurement=UnitOfTime.MILLISECONDS,
        suggested_display_precision=0,
        state_class=SensorStateClass.MEASUREMENT,
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
    ),
    DlsPbxSensorDescription(
        key="last_provisioned",
        action="provisioning",
        kind="phone",
        value_fn=lambda phones: phones.last_provisioned,
        device_class=SensorDeviceClass.TIMESTAMP,
        entity_category=EntityCategory.DIAGNOSTIC,
    ),
    *(
        DlsPbxSensorDescription(
            key=key,
            action="provisioning",
            kind="phone",
            value_fn=value_fn,
            state_class=SensorStateClass.MEASUREMENT,
            entity_category=EntityCategory.DIAGNOSTIC,
        )
        for key, value_fn in (
            ("calls_in", lambda phones: phones.calls_in),
            ("calls_out", lambda phones: phones.calls_out),
        )
    ),
)

CONFERENCE_SENSORS = (
    _count("participants", "conferences", "conference", lambda room: room.participants),
    _count("admins", "conferences", "conference", lambda room: room.admins),
)

CAMPAIGN_SENSORS = (
    DlsPbxSensorDescription(key="status", action="dialer", kind="campaign", value_fn=lambda campaign: campaign.status),
    DlsPbxSensorDescription(key="last_log", action="dialerlogs", kind="campaign", value_fn=_last_line),
    *(
        DlsPbxSensorDescription(
            key=key, action="dialer", kind="campaign", value_fn=value_fn, entity_category=EntityCategory.DIAGNOSTIC
        )
        for key, value_fn in (
            ("type", lambda campaign: campaign.type),
            ("call_ratio", lambda campaign: campaign.call_ratio),
            ("max_attempts", lambda campaign: campaign.max_attempts),
        )
    ),
)

# Whose list it is stands in the name: they are all on the PBX's device.
LIST_SENSORS = tuple(
    DlsPbxSensorDescription(
        key=key,
        action="query_lists",
        kind=kind,
        value_fn=lambda size: size.total,
        named_fn=lambda size: {"list": size.name},
        state_class=SensorStateClass.MEASUREMENT,
    )
    for key, kind in (("subscribers", OPT_IN), ("unsubscribers", OPT_OUT))
)

# `fax_stats`, but for the two that everyone wants; the first two say what goes on, the others count.
FAX_SESSIONS = ("current_sessions", "reserved_sessions")
FAX_COUNTERS = (
    "transmit_attempts",
    "receive_attempts",
    "success",
    "switched_to_t.38",
    "call_dropped",
    "no_fax",
    "negotiation_failed",
    "train_failure",
    "retries_exceeded",
    "protocol_error",
    "tx_protocol_error",
    "rx_protocol_error",
    "file_error",
    "memory_error",
    "unknown_error",
)


def _fax_statistic(field: str) -> DlsPbxSensorDescription:
    """Make a row for a field of `fax_stats`: for those who hunt a bad line, so off by default."""
    counts = field in FAX_COUNTERS
    return DlsPbxSensorDescription(
        key=f"fax_{slugify(field)}",
        action="faxes",
        kind="pbx",
        value_fn=lambda faxes: faxes.statistics.get(field),
        exists_fn=lambda faxes: field in faxes.statistics,
        state_class=SensorStateClass.TOTAL_INCREASING if counts else SensorStateClass.MEASUREMENT,
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
    )


SENSORS = (
    *PBX_SENSORS,
    *QUEUE_SENSORS,
    *TODAYS_FIGURES,
    *PHONE_SENSORS,
    *CONFERENCE_SENSORS,
    *CAMPAIGN_SENSORS,
    *LIST_SENSORS,
    *map(_fax_statistic, (*FAX_SESSIONS, *FAX_COUNTERS)),
)


async def async_setup_entry(
    hass: HomeAssistant, entry: DlsPbxConfigEntry, async_add_entities: AddConfigEntryEntitiesCallback
) -> None:
    """Add the sensors of a PBX."""
    async_add_rows(entry, async_add_entities, SENSORS, DlsPbxSensor)
    async_add_entities([CallbacksOwed(entry)])


class DlsPbxSensor(DlsPbxEntity, SensorEntity):
    """A figure, a text or a time."""

    entity_description: DlsPbxSensorDescription

    @override
    async def async_added_to_hass(self) -> None:
        await super().async_added_to_hass()
        if attributes_fn := self.entity_description.attributes_fn:
            self._attr_extra_state_attributes = attributes_fn(self.coordinator.config_entry.options)

    @property
    @override
    def native_value(self) -> StateType | datetime:
        value: StateType | datetime = self.value
        return value
