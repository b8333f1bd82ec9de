"""Sensors: one row each."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, override

from homeassistant.components.sensor import SensorDeviceClass, SensorEntity, SensorEntityDescription, SensorStateClass
from homeassistant.const import EntityCategory, UnitOfRatio, UnitOfTime
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.helpers.typing import StateType
from homeassistant.util import dt as dt_util, slugify

from .api.models import AgentState, CampaignLog, FaxStatus, Queue
from .api.wire import masked
from .coordinator.derived import CallState, ListSize, Wait, wait_steps
from .coordinator.keys import ObjectKind
from .data import DlsPbxConfigEntry
from .entity import (
    CAMPAIGN,
    CAMPAIGN_LOG,
    CONFERENCE,
    OPT_IN_LIST,
    OPT_OUT_LIST,
    PBX_CALLS,
    PBX_CONFERENCES,
    PBX_FAXES,
    PBX_LONGEST_WAIT,
    PBX_PHONES,
    PBX_TODAY,
    PBX_WAIT,
    PHONE,
    PHONE_AGENT,
    PHONE_CALLS,
    PHONE_LATENCY,
    PHONE_PROVISIONING,
    PHONE_TODAY,
    QUEUE,
    QUEUE_LONGEST_WAIT,
    QUEUE_TODAY,
    CallbacksEntity,
    DlsPbxEntity,
    DlsPbxEntityDescription,
    Topic,
    async_add_rows,
)
from .identity import object_of
from .options import Options
from .records.figures import Figures
from .records.people import PersonFigures

# The coordinators ask; entities only show.
PARALLEL_UPDATES = 0

MAX_STATE_LENGTH: Final = 255
_FEW_CALLS: Final = 50
# Of seconds, or of a hundred.
_LEAST_MOVE: Final = 1
_LEAST_SHARE: Final = 0.02


@dataclass(frozen=True, kw_only=True)
class DlsPbxSensorDescription[ModelT](DlsPbxEntityDescription[ModelT], SensorEntityDescription):
    """A row of a sensor table."""

    value_fn: Callable[[ModelT], StateType | datetime]
    options_fn: Callable[[Options], dict[str, Any]] | None = None  # attributes that tell how the user wants it measured
    attributes_fn: Callable[[ModelT], Mapping[str, Any]] | None = None  # what else the PBX says, for nobody's history


def _count[ModelT](
    key: str, topic: Topic[ModelT], value_fn: Callable[[ModelT], StateType]
) -> DlsPbxSensorDescription[ModelT]:
    """Make a row for how many there are right now."""
    return DlsPbxSensorDescription(key=key, topic=topic, value_fn=value_fn, state_class=SensorStateClass.MEASUREMENT)


def _counter[ModelT](
    key: str, topic: Topic[ModelT], value_fn: Callable[[ModelT], StateType]
) -> DlsPbxSensorDescription[ModelT]:
    """Make a row for what the PBX counts from its last restart on."""
    return DlsPbxSensorDescription(
        key=key, topic=topic, value_fn=value_fn, state_class=SensorStateClass.TOTAL_INCREASING
    )


def _seconds[ModelT](
    key: str, topic: Topic[ModelT], value_fn: Callable[[ModelT], StateType], news_fn: Callable[[Any, Any, ModelT], bool]
) -> DlsPbxSensorDescription[ModelT]:
    """Make a row for a time that somebody waits or talks."""
    return DlsPbxSensorDescription(
        key=key,
        topic=topic,
        value_fn=value_fn,
        news_fn=news_fn,
        device_class=SensorDeviceClass.DURATION,
        native_unit_of_measurement=UnitOfTime.SECONDS,
        suggested_display_precision=0,
        state_class=SensorStateClass.MEASUREMENT,
    )


def _diagnostic[ModelT](
    key: str, topic: Topic[ModelT], value_fn: Callable[[ModelT], StateType]
) -> DlsPbxSensorDescription[ModelT]:
    """Make a row for how something is set up."""
    return DlsPbxSensorDescription(key=key, topic=topic, value_fn=value_fn, entity_category=EntityCategory.DIAGNOSTIC)


def _longest_wait(topic: Topic[Wait]) -> DlsPbxSensorDescription[Wait]:
    return _seconds("longest_wait", topic, lambda wait: wait.seconds(dt_util.utcnow()), _is_on_another_step)


def _is_on_another_step(shown: int, seconds: int, _: Wait) -> bool:
    """Tell whether a wait has grown so much that a graph shows it, or another one is the longest."""
    return wait_steps(shown) != wait_steps(seconds) or seconds < shown


def _has_moved_among[ModelT](calls_fn: Callable[[ModelT], int]) -> Callable[[float, float, ModelT], bool]:
    """Return what tells whether a mean or a share of calls is news.

    Of few calls each is; of many, each moves it a little, and only together do they come to something.
    """

    def has_moved(shown: float, mean: float, model: ModelT) -> bool:
        least = max(_LEAST_MOVE, _LEAST_SHARE * shown) if calls_fn(model) > _FEW_CALLS else 0
        return shown != mean and abs(mean - shown) >= least

    return has_moved


def _last_line(log: CampaignLog) -> str | None:
    """Return the last line of a log, its phone numbers masked: states are recorded."""
    return masked(log.output[-1]) if log.output else None


def _since_reset(queue: Queue) -> int:
    return (queue.completed or 0) + (queue.lost or 0)


def _answered(today: Figures) -> int:
    return today.answered


PBX_SENSORS = (
    _count("active_calls", PBX_CALLS, lambda calls: calls.active),
    _count("inbound_calls", PBX_CALLS, lambda calls: calls.inbound),
    _count("outbound_calls", PBX_CALLS, lambda calls: calls.outbound),
    _count("internal_calls", PBX_CALLS, lambda calls: calls.internal),
    _count("ringing_calls", PBX_CALLS, lambda calls: calls.ringing),
    _count("callers_waiting", PBX_WAIT, lambda wait: wait.waiting),
    _longest_wait(PBX_LONGEST_WAIT),
    _count("phones_registered", PBX_PHONES, lambda phones: phones.registered),
    _count("phones_unregistered", PBX_PHONES, lambda phones: phones.unregistered),
    _count("faxes_queued", PBX_FAXES, lambda faxes: faxes.queued),
    _count("faxes_processing", PBX_FAXES, lambda faxes: faxes.processing),
    _counter("faxes_completed", PBX_FAXES, lambda faxes: faxes.statistics.get("completed_faxes")),
    _counter("faxes_failed", PBX_FAXES, lambda faxes: faxes.statistics.get("failed_faxes")),
    _count("conference_participants", PBX_CONFERENCES, lambda rooms: rooms.participants),
)

QUEUE_SENSORS = (
    _count("callers_waiting", QUEUE, lambda queue: queue.waiting),
    _longest_wait(QUEUE_LONGEST_WAIT),
    _seconds(
        "hold_time",
        QUEUE,
        lambda queue: None if queue.hold_time is None else int(queue.hold_time.total_seconds()),
        _has_moved_among(_since_reset),
    ),
    _counter("completed_calls", QUEUE, lambda queue: queue.completed),
    _counter("lost_calls", QUEUE, lambda queue: queue.lost),
    DlsPbxSensorDescription(
        key="abandon_rate",
        topic=QUEUE,
        value_fn=lambda queue: queue.abandon_rate,
        news_fn=_has_moved_among(_since_reset),
        native_unit_of_measurement=UnitOfRatio.PERCENTAGE,
        state_class=SensorStateClass.MEASUREMENT,
        suggested_display_precision=1,
    ),
    _count("agents_logged_in", QUEUE, lambda queue: len(queue.agents)),
    _count("agents_available", QUEUE, lambda queue: queue.agents_in(AgentState.AVAILABLE)),
    _count("agents_on_call", QUEUE, lambda queue: queue.agents_in(AgentState.ON_CALL)),
    _count("agents_paused", QUEUE, lambda queue: queue.agents_paused),
)


def _todays_figures(topic: Topic[Figures]) -> Iterator[DlsPbxSensorDescription[Figures]]:
    """Make the rows of what the CDR says of today, for the PBX or for a queue; at midnight all begin anew.

    No counters to Home Assistant: one that is corrected downwards, by a transfer say, would count as reset. The sums
    are in the statistics of statistics/.
    """
    yield _count("calls_today", topic, lambda today: today.calls)
    yield _count("missed_calls_today", topic, lambda today: today.missed)
    yield _count("abandoned_calls_today", topic, lambda today: today.abandoned)
    yield DlsPbxSensorDescription(
        key="service_level_today",
        topic=topic,
        value_fn=lambda today: today.service_level,
        news_fn=_has_moved_among(_answered),
        # For gauges and wallboards, which turn red below the goal.
        options_fn=lambda options: {
            "goal": options.service_level_goal,
            "threshold": options.thresholds.service_level,
        },
        native_unit_of_measurement=UnitOfRatio.PERCENTAGE,
        state_class=SensorStateClass.MEASUREMENT,
        suggested_display_precision=1,
    )
    yield _seconds("answer_speed_today", topic, lambda today: today.answer_speed, _has_moved_among(_answered))
    yield _seconds("talk_time_today", topic, lambda today: today.talk_time, _has_moved_among(_answered))


TODAYS_FIGURES = (*_todays_figures(PBX_TODAY), *_todays_figures(QUEUE_TODAY))

PHONE_SENSORS = (
    DlsPbxSensorDescription(
        key="call_state",
        topic=PHONE_CALLS,
        value_fn=lambda state: state,
        device_class=SensorDeviceClass.ENUM,
        options=list(CallState),
    ),
    DlsPbxSensorDescription(
        key="agent_state",
        topic=PHONE_AGENT,
        value_fn=lambda state: state,
        device_class=SensorDeviceClass.ENUM,
        options=list(AgentState),
    ),
    # Without a state class, as all that phones count: nobody graphs thousands of series, which would be kept for ever.
    DlsPbxSensorDescription(key="voicemail_new", topic=PHONE, value_fn=lambda user: user.voicemail_new),
    DlsPbxSensorDescription(key="voicemail_old", topic=PHONE, value_fn=lambda user: user.voicemail_old),
    DlsPbxSensorDescription(
        key="latency",
        topic=PHONE_LATENCY,
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
        topic=PHONE_PROVISIONING,
        value_fn=lambda phones: phones.last_provisioned,
        device_class=SensorDeviceClass.TIMESTAMP,
        entity_category=EntityCategory.DIAGNOSTIC,
    ),
    _diagnostic("calls_in", PHONE_PROVISIONING, lambda phones: phones.calls_in),
    _diagnostic("calls_out", PHONE_PROVISIONING, lambda phones: phones.calls_out),
)

# About people's work, and without a state class: thousands of series for ever would be a file on each of them.
PEOPLES_FIGURES: Final[tuple[DlsPbxSensorDescription[PersonFigures], ...]] = (
    DlsPbxSensorDescription(key="calls_answered_today", topic=PHONE_TODAY, value_fn=lambda today: today.answered),
    DlsPbxSensorDescription(key="calls_missed_today", topic=PHONE_TODAY, value_fn=lambda today: today.missed),
    DlsPbxSensorDescription(
        key="talk_time_today",
        topic=PHONE_TODAY,
        value_fn=lambda today: today.talk,
        device_class=SensorDeviceClass.DURATION,
        native_unit_of_measurement=UnitOfTime.SECONDS,
        suggested_display_precision=0,
    ),
    DlsPbxSensorDescription(
        key="last_call",
        topic=PHONE_TODAY,
        value_fn=lambda today: today.last_call,
        attributes_fn=lambda today: {"calls_taken": today.calls_taken, "logged_in_since": today.logged_in_since},
        device_class=SensorDeviceClass.TIMESTAMP,
    ),
)

CONFERENCE_SENSORS = (
    _count("participants", CONFERENCE, lambda room: room.participants),
    _count("admins", CONFERENCE, lambda room: room.admins),
)

CAMPAIGN_SENSORS = (
    DlsPbxSensorDescription(key="status", topic=CAMPAIGN, value_fn=lambda campaign: campaign.status),
    DlsPbxSensorDescription(key="last_log", topic=CAMPAIGN_LOG, value_fn=_last_line),
    _diagnostic("type", CAMPAIGN, lambda campaign: campaign.type),
    _diagnostic("call_ratio", CAMPAIGN, lambda campaign: campaign.call_ratio),
    _diagnostic("max_attempts", CAMPAIGN, lambda campaign: campaign.max_attempts),
)


def _list_size(key: str, topic: Topic[ListSize]) -> DlsPbxSensorDescription[ListSize]:
    """Make a row of a consent list. Whose it is stands in the name: they are all on the PBX's device."""
    return DlsPbxSensorDescription(
        key=key,
        topic=topic,
        value_fn=lambda size: size.total,
        named_fn=lambda size: {"list": size.name},
        state_class=SensorStateClass.MEASUREMENT,
    )


LIST_SENSORS = (_list_size("subscribers", OPT_IN_LIST), _list_size("unsubscribers", OPT_OUT_LIST))

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


def _fax_statistic(field: str) -> DlsPbxSensorDescription[FaxStatus]:
    """Make a row for a field of `fax_stats`: for those who hunt a bad line, so off by default."""
    counts = field in FAX_COUNTERS
    return DlsPbxSensorDescription(
        key=f"fax_{slugify(field)}",
        topic=PBX_FAXES,
        value_fn=lambda faxes: faxes.statistics.get(field),
        state_class=SensorStateClass.TOTAL_INCREASING if counts else SensorStateClass.MEASUREMENT,
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
    )


SENSORS: Final[tuple[DlsPbxSensorDescription[Any], ...]] = (
    *PBX_SENSORS,
    *QUEUE_SENSORS,
    *TODAYS_FIGURES,
    *PHONE_SENSORS,
    *PEOPLES_FIGURES,
    *CONFERENCE_SENSORS,
    *CAMPAIGN_SENSORS,
    *LIST_SENSORS,
    *map(_fax_statistic, (*FAX_SESSIONS, *FAX_COUNTERS)),
)


async def async_setup_entry(
    hass: HomeAssistant, entry: DlsPbxConfigEntry, async_add_entities: AddConfigEntryEntitiesCallback
) -> None:
    """Add the sensors of a PBX."""
    if not entry.runtime_data.options.agent_figures:
        _async_forget_people(hass, entry)
    async_add_rows(entry, async_add_entities, SENSORS, DlsPbxSensor)
    async_add_entities([CallbacksOwed(entry)])


@callback
def _async_forget_people(hass: HomeAssistant, entry: DlsPbxConfigEntry) -> None:
    """Take away the figures of people's work, where nobody wants them any more."""
    registry = er.async_get(hass)
    keys = {row.key for row in PEOPLES_FIGURES}
    for entity in er.async_entries_for_config_entry(registry, entry.entry_id):
        if entity.translation_key in keys and object_of(entity).startswith(f"{ObjectKind.PHONE}_"):
            registry.async_remove(entity.entity_id)


class DlsPbxSensor(DlsPbxEntity, SensorEntity):
    """A figure, a text or a time."""

    _unrecorded_attributes = frozenset({"calls_taken", "logged_in_since"})
    entity_description: DlsPbxSensorDescription[Any]

    @override
    async def async_added_to_hass(self) -> None:
        await super().async_added_to_hass()
        if options_fn := self.entity_description.options_fn:
            self._attr_extra_state_attributes = options_fn(Options.of(self.coordinator.config_entry.options))

    @property
    @override
    def details(self) -> Mapping[str, Any] | None:
        model, attributes_fn = self._model, self.entity_description.attributes_fn
        if attributes_fn is None or model is None:
            return None
        return {name: value for name, value in attributes_fn(model).items() if value is not None}

    @property
    @override
    def extra_state_attributes(self) -> Mapping[str, Any] | None:
        details = self.details
        return super().extra_state_attributes if details is None else details

    @property
    @override
    def native_value(self) -> StateType | datetime:
        value: StateType | datetime = self.value
        # Longer ones Home Assistant takes for an error, and the PBX may say what it likes.
        return value[:MAX_STATE_LENGTH] if isinstance(value, str) else value


class CallbacksOwed(CallbacksEntity, SensorEntity):
    """How many callers are owed a call."""

    _attr_state_class = SensorStateClass.MEASUREMENT

    def __init__(self, entry: DlsPbxConfigEntry) -> None:
        super().__init__(entry, "callbacks_owed")

    @override
    def _show(self) -> None:
        self._attr_native_value = self._callbacks.open
