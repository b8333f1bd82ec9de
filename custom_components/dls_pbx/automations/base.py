"""Base of all triggers: a schema, and a target that means objects of PBXs."""

from abc import abstractmethod
from collections.abc import Iterable
from typing import Any, ClassVar, cast, override

from homeassistant.const import CONF_OPTIONS, CONF_TARGET
from homeassistant.core import CALLBACK_TYPE, HomeAssistant
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.trigger import Trigger, TriggerActionRunner, TriggerConfig, TriggerNotTriggeredReporter
from homeassistant.helpers.typing import ConfigType
from homeassistant.util import dt as dt_util
import voluptuous as vol

from ..data import DlsPbxConfigEntry
from .targets import Objects, async_follow


def trigger_schema(options: dict[vol.Marker, Any] | None = None) -> vol.Schema:
    """Return the schema of a trigger with a target; `options` with a required one have to be there."""
    required = any(isinstance(option, vol.Required) for option in options or {})
    key = vol.Required(CONF_OPTIONS) if required else vol.Required(CONF_OPTIONS, default={})
    return vol.Schema({vol.Required(CONF_TARGET): cv.TARGET_FIELDS, key: options or {}})


class DlsPbxTrigger(Trigger):
    """A trigger whose target means objects of PBXs."""

    schema: ClassVar[vol.Schema] = trigger_schema()
    primary_entities_only: ClassVar[bool] = True
    while_loaded: ClassVar[bool] = True  # whether it looks at what is there only while the PBX is loaded

    @classmethod
    @override
    async def async_validate_config(cls, hass: HomeAssistant, config: ConfigType) -> ConfigType:
        return cast("ConfigType", cls.schema(config))

    def __init__(self, hass: HomeAssistant, config: TriggerConfig) -> None:
        super().__init__(hass, config)
        self._target: ConfigType = config.target or {}
        self._options: ConfigType = config.options or {}

    @override
    async def async_attach_runner(
        self, run_action: TriggerActionRunner, did_not_trigger: TriggerNotTriggeredReporter | None = None
    ) -> CALLBACK_TYPE:
        self._attached_at = dt_util.utcnow()
        self._run = run_action
        return await async_follow(
            self._hass,
            self._target,
            self._meaning,
            self._attach,
            while_loaded=self.while_loaded,
            primary_entities_only=self.primary_entities_only,
        )

    @abstractmethod
    def _meaning(self, hass: HomeAssistant, entity_ids: Iterable[str]) -> Objects:
        """Return the objects that entities in the target stand for."""

    @abstractmethod
    def _attach(self, entry: DlsPbxConfigEntry, some: frozenset[str]) -> CALLBACK_TYPE:
        """Begin to follow objects of a PBX; returns unsubscribe."""
