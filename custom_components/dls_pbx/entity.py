"""Entities' common base: a row of a table, a device, and the one model that they show."""

from abc import abstractmethod
import asyncio
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import batched
from typing import Any, Final, override

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import CALLBACK_TYPE, CoreState, HomeAssistant, callback
from homeassistant.helpers.device_registry import DeviceInfo
from homeassistant.helpers.entity import Entity, EntityDescription
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.helpers.start import async_at_started
from homeassistant.helpers.update_coordinator import CoordinatorEntity

from .api.models import AgentState, Campaign, CampaignLog, Conference, FaxStatus, Queue, User
from .coordinator.base import DlsPbxCoordinator
from .coordinator.derived import (
    CallState,
    CallTotals,
    ConferenceTotals,
    ListSize,
    Provisioning,
    RegistrationTotals,
    Wait,
)
from .coordinator.keys import PBX, Action, ObjectKey, ObjectKind
from .data import DlsPbxConfigEntry
from .devices import device_info
from .records.figures import Figures
from .records.people import PersonFigures

# Entities that are added at a time: adding one takes about a millisecond, and others want their turn.
STEP: Final = 50


@dataclass(frozen=True, slots=True)
class Topic[ModelT]:
    """What one action tells of one kind of object, and the model that it is told by.

    With an `aspect` the model is an item of a table that moves by itself (see coordinator/keys.py).
    """

    action: Action
    kind: ObjectKind
    model: type[ModelT]
    aspect: str = ""


PBX_CALLS: Final = Topic(Action.CALLS, ObjectKind.PBX, CallTotals)
PBX_WAIT: Final = Topic(Action.QUEUES, ObjectKind.PBX, Wait)
PBX_PHONES: Final = Topic(Action.USERS, ObjectKind.PBX, RegistrationTotals)
PBX_FAXES: Final = Topic(Action.FAXES, ObjectKind.PBX, FaxStatus)
PBX_CONFERENCES: Final = Topic(Action.CONFERENCES, ObjectKind.PBX, ConferenceTotals)
PBX_TODAY: Final = Topic(Action.REPORTS, ObjectKind.PBX, Figures)
PBX_LONGEST_WAIT: Final = Topic(Action.QUEUES, ObjectKind.PBX, Wait, aspect="wait")
QUEUE: Final = Topic(Action.QUEUES, ObjectKind.QUEUE, Queue)
QUEUE_LONGEST_WAIT: Final = Topic(Action.QUEUES, ObjectKind.QUEUE, Wait, aspect="wait")
QUEUE_TODAY: Final = Topic(Action.REPORTS, ObjectKind.QUEUE, Figures)
PHONE: Final = Topic(Action.USERS, ObjectKind.PHONE, User)
PHONE_TODAY: Final = Topic(Action.REPORTS, ObjectKind.PHONE, PersonFigures)
PHONE_LATENCY: Final = Topic(Action.USERS, ObjectKind.PHONE, int, aspect="latency")
PHONE_CALLS: Final = Topic(Action.CALLS, ObjectKind.PHONE, CallState)
PHONE_AGENT: Final = Topic(Action.QUEUES, ObjectKind.PHONE, AgentState)
PHONE_PROVISIONING: Final = Topic(Action.PROVISIONING, ObjectKind.PHONE, Provisioning)
CONFERENCE: Final = Topic(Action.CONFERENCES, ObjectKind.CONFERENCE, Conference)
CAMPAIGN: Final = Topic(Action.DIALER, ObjectKind.CAMPAIGN, Campaign)
CAMPAIGN_LOG: Final = Topic(Action.DIALER_LOGS, ObjectKind.CAMPAIGN, CampaignLog)
OPT_IN_LIST: Final = Topic(Action.QUERY_LISTS, ObjectKind.OPT_IN, ListSize)
OPT_OUT_LIST: Final = Topic(Action.QUERY_LISTS, ObjectKind.OPT_OUT, ListSize)


@dataclass(frozen=True, kw_only=True)
class DlsPbxEntityDescription[ModelT](EntityDescription):
    """A row: what it shows of a topic.

    `named_fn` gives what the name has to say of the object, where its device does not. `news_fn` gets what is shown,
    what could be, neither of them None, and the model; it tells whether that is worth a row in the database.
    """

    topic: Topic[ModelT]
    value_fn: Callable[[ModelT], Any]
    news_fn: Callable[[Any, Any, ModelT], bool] = lambda shown, value, _: shown != value
    named_fn: Callable[[ModelT], Mapping[str, str]] | None = None


class DlsPbxEntity(CoordinatorEntity[DlsPbxCoordinator[Any]]):
    """An entity that shows one model, and is written only when what it shows changes."""

    _attr_has_entity_name = True
    entity_description: DlsPbxEntityDescription[Any]

    def __init__(
        self,
        coordinator: DlsPbxCoordinator[Any],
        description: DlsPbxEntityDescription[Any],
        key: ObjectKey,
        device: DeviceInfo,
        unique_id: str,
    ) -> None:
        topic = description.topic
        self.object_key = key
        self._model_key = ObjectKey(topic.kind, aspect=topic.aspect) if topic.aspect else key
        super().__init__(coordinator, self._model_key)
        self.entity_description = description
        self._attr_translation_key = description.key
        if description.named_fn:
            self._attr_translation_placeholders = description.named_fn(coordinator.data[key])
        self._attr_unique_id = unique_id
        self._attr_device_info = device
        self._shown: tuple[bool, Any, Any] | None = None

    @override
    async def async_added_to_hass(self) -> None:
        await super().async_added_to_hass()
        # Home Assistant writes the first state itself, right after this.
        self._shown = (self.available, self.value, self.details)

    @property
    def value(self) -> Any:
        """What the entity shows; None where the PBX says nothing."""
        model = self._model
        return None if model is None else self.entity_description.value_fn(model)

    @property
    def details(self) -> Mapping[str, Any] | None:
        """What stands beside it as attributes."""
        return None

    @property
    def _model(self) -> Any:
        model = self.coordinator.data.get(self._model_key)
        return model if model is None or self._model_key is self.object_key else model.get(self.object_key.id)

    @callback
    @override
    def _handle_coordinator_update(self) -> None:
        """Write the state if it is news: an object has several entities, and rarely more than one changes."""
        shown = (self.available, self.value, self.details)
        if shown != self._shown and self._is_news(shown):
            self._shown = shown
            self.async_write_ha_state()

    def _is_news(self, shown: tuple[bool, Any, Any]) -> bool:
        before = self._shown
        if before is None or before[0] != shown[0] or before[1] is None or shown[1] is None or before[2] != shown[2]:
            return True
        return self.entity_description.news_fn(before[1], shown[1], self._model)

    @property
    @override
    def available(self) -> bool:
        return self.coordinator.last_update_success and self.object_key in self.coordinator.data


class CallbacksEntity(Entity):
    """An entity of the PBX that shows the callbacks owed. They are our own memory, and outlast outages."""

    _attr_has_entity_name = True
    _attr_should_poll = False

    def __init__(self, entry: DlsPbxConfigEntry, key: str) -> None:
        self._callbacks = entry.runtime_data.callbacks
        self._attr_translation_key = key
        self._attr_unique_id = entry.runtime_data.identity.unique_id(PBX, key)
        self._attr_device_info = device_info(entry, PBX)

    @override
    async def async_added_to_hass(self) -> None:
        self._show()
        self.async_on_remove(self._callbacks.async_subscribe(self._changed))

    @callback
    def _changed(self) -> None:
        self._show()
        self.async_write_ha_state()

    @abstractmethod
    def _show(self) -> None:
        """Take over what there is to show."""


@callback
def async_add_rows(
    entry: DlsPbxConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
    rows: Iterable[DlsPbxEntityDescription[Any]],
    entity_class: type[DlsPbxEntity],
) -> None:
    """Add an entity per row and object, now and whenever the PBX shows a new one.

    Phones wait until all platforms are set up: Home Assistant takes 10,000 entities of one PBX, and where there are
    more phones than that, the figures of the PBX and its queues must not be what is left out.
    """
    for coordinator in entry.runtime_data.sources:
        mine = [row for row in rows if row.topic.action is coordinator.action]
        for of_phones in (False, True):
            if some := [row for row in mine if (row.topic.kind is ObjectKind.PHONE) is of_phones]:
                adds = partial(_add_in_steps, entry, async_add_entities) if of_phones else async_add_entities
                add = partial(_add_entities, entry, adds, some, entity_class, coordinator)
                look = async_follow_objects(entry, coordinator, {row.topic.kind for row in some}, add)
                if not of_phones:
                    look()


def _add_entities(
    entry: DlsPbxConfigEntry,
    add_entities: Callable[[list[DlsPbxEntity]], None],
    rows: Iterable[DlsPbxEntityDescription[Any]],
    entity_class: type[DlsPbxEntity],
    coordinator: DlsPbxCoordinator[Any],
    keys: Iterable[ObjectKey],
) -> None:
    identity = entry.runtime_data.identity
    entities: list[DlsPbxEntity] = []
    for key in keys:
        device = device_info(entry, key)
        entities += (
            entity_class(coordinator, row, key, device, identity.unique_id(key, row.key))
            for row in rows
            if row.topic.kind is key.kind
        )
    add_entities(entities)


@callback
def _add_in_steps(
    entry: DlsPbxConfigEntry, async_add_entities: AddConfigEntryEntitiesCallback, entities: list[DlsPbxEntity]
) -> None:
    """Add entities of phones, of which there may be thousands.

    Those of phones that are new to Home Assistant wait until it has started, but for a first step: it looks at all that
    is new to it in one go then, and gives up after 5,000 entities, with an error for each of the others.
    """
    hass, device_id = entry.runtime_data.users.hass, entry.runtime_data.identity.device_id
    later: list[DlsPbxEntity] = []
    if hass.state is not CoreState.running:
        later = [one for one in entities if device_id(one.object_key) is None][STEP:]
    waiting = set(later)

    @callback
    def start(some: list[DlsPbxEntity], hass: HomeAssistant) -> None:
        entry.async_create_task(hass, _async_add(entry, async_add_entities, some), "entities of phones")

    start([one for one in entities if one not in waiting], hass)
    if later:
        entry.async_on_unload(async_at_started(hass, partial(start, later)))


async def _async_add(
    entry: DlsPbxConfigEntry, async_add_entities: AddConfigEntryEntitiesCallback, entities: list[DlsPbxEntity]
) -> None:
    for step in batched(entities, STEP, strict=False):
        if entry.state not in (ConfigEntryState.SETUP_IN_PROGRESS, ConfigEntryState.LOADED):
            return
        async_add_entities(one for one in step if entry.runtime_data.identity.shows(one.object_key))
        await asyncio.sleep(0)


@callback
def async_follow_objects(
    entry: DlsPbxConfigEntry,
    coordinator: DlsPbxCoordinator[Any],
    kinds: Collection[ObjectKind],
    add: Callable[[Collection[ObjectKey]], None],
) -> CALLBACK_TYPE:
    """Have objects of some kinds added that a coordinator tells of, when they appear; returns what looks at once."""
    identity = entry.runtime_data.identity
    known: Collection[ObjectKey] = ()

    @callback
    def look() -> None:
        nonlocal known
        shown = dict.fromkeys(filter(identity.shows, coordinator.object_keys(*kinds)))
        new, known = [key for key in shown if key not in known], shown
        if new:
            add(new)

    for source in {coordinator, *filter(None, map(identity.owner, kinds))}:
        entry.async_on_unload(source.async_add_listener(look))
    return look
