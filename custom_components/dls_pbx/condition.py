"""Conditions of the automation editor.

They are Home Assistant's own conditions on entity states, with targets that mean objects: any sensor of a queue means
the queue, and the PBX means all of its queues or phones.
"""

from collections.abc import Callable, Mapping
from typing import ClassVar, Final, override

from homeassistant.components.binary_sensor import DOMAIN as BINARY_SENSOR_DOMAIN
from homeassistant.components.sensor import DOMAIN as SENSOR_DOMAIN
from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import CONF_OPTIONS, CONF_TARGET, STATE_ON
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, State, callback
from homeassistant.helpers import config_validation as cv, entity_registry as er
from homeassistant.helpers.automation import DomainSpec
from homeassistant.helpers.condition import ATTR_BEHAVIOR, BEHAVIOR_ALL, BEHAVIOR_ANY, Condition, EntityConditionBase
from homeassistant.helpers.target import async_track_target_selector_state_change_event
import voluptuous as vol

from .api.models import Queue
from .automations.targets import entities_of, objects
from .coordinator.keys import ObjectKey, ObjectKind
from .data import DlsPbxConfigEntry
from .identity import object_of


class _ObjectCondition(EntityConditionBase):
    """A condition on one entity of each object that the target means."""

    _kind: ClassVar[ObjectKind]
    _key: ClassVar[str]  # of the entities that tell

    @override
    def entity_filter(self, entities: set[str]) -> set[str]:
        (domain,) = self._domain_specs
        return entities_of(self._hass, objects(self._hass, entities, domain, self._kind), domain, self._kind, self._key)

    @override
    async def _async_track_changes(self, action: Callable[[], None]) -> CALLBACK_TYPE:
        # Home Assistant's own way looks at no more than the entities in the target, where there are only such.
        tracking = False

        @callback
        def changed(*_: object) -> None:
            if tracking:
                action()

        remove = await async_track_target_selector_state_change_event(
            self._hass,
            self._target,
            changed,
            self.entity_filter,
            changed,
            primary_entities_only=self._primary_entities_only,
        )
        tracking = True
        return remove


class IsInCall(_ObjectCondition):
    """Somebody talks on a phone."""

    _domain_specs: Mapping[str, DomainSpec] = {BINARY_SENSOR_DOMAIN: DomainSpec()}
    # The PBX stands for its phones by whether it is connected, which is a diagnostic entity.
    _primary_entities_only = False
    _kind = ObjectKind.PHONE
    _key = "in_call"

    @override
    def is_valid_state(self, entity_state: State) -> bool:
        return entity_state.state == STATE_ON


class IsHoldingCallers(_ObjectCondition):
    """Callers wait in a queue."""

    _domain_specs: Mapping[str, DomainSpec] = {SENSOR_DOMAIN: DomainSpec()}
    _kind = ObjectKind.QUEUE
    _key = "callers_waiting"

    @override
    def is_valid_state(self, entity_state: State) -> bool:
        return float(entity_state.state) > 0


class IsAttended(_ObjectCondition):
    """Somebody in a queue is there to take a call."""

    # Not for how long: whether a phone rings for a caller is in no state of the queue.
    _schema = vol.Schema({  # type: ignore[assignment] # voluptuous is probatio at run time
        vol.Required(CONF_TARGET): cv.TARGET_FIELDS,
        vol.Required(CONF_OPTIONS, default={}): {
            vol.Required(ATTR_BEHAVIOR, default=BEHAVIOR_ANY): vol.In([BEHAVIOR_ANY, BEHAVIOR_ALL])
        },
    })  # fmt: skip
    _domain_specs: Mapping[str, DomainSpec] = {SENSOR_DOMAIN: DomainSpec()}
    _kind = ObjectKind.QUEUE
    _key = "agents_available"

    @property
    @override
    def needs_polling(self) -> bool:
        return True

    @override
    def is_valid_state(self, entity_state: State) -> bool:
        queue = self._queue(entity_state.entity_id)
        return queue is not None and queue.is_attended

    def _queue(self, entity_id: str) -> Queue | None:
        entity = er.async_get(self._hass).async_get(entity_id)
        if entity is None or entity.config_entry_id is None:
            return None
        entry: DlsPbxConfigEntry | None = self._hass.config_entries.async_get_entry(entity.config_entry_id)
        if entry is None or entry.state is not ConfigEntryState.LOADED:
            return None
        data, wanted = entry.runtime_data, object_of(entity)
        rows = data.queues.snapshot.rows if data.queues.snapshot else {}
        named = (
            queue for name, queue in rows.items() if data.identity.object_id(ObjectKey(self._kind, name)) == wanted
        )
        return next(named, None)


CONDITIONS: Final[dict[str, type[Condition]]] = {
    "is_attended": IsAttended,
    "is_holding_callers": IsHoldingCallers,
    "is_in_call": IsInCall,
}


async def async_get_conditions(hass: HomeAssistant) -> dict[str, type[Condition]]:
    """Return the conditions."""
    return CONDITIONS
