"""Triggers on phones. They remember what the PBX said before, through outages and reloads."""

from collections.abc import Iterable
from datetime import timedelta
from functools import partial
from typing import ClassVar, override

from homeassistant.components.binary_sensor import DOMAIN as BINARY_SENSOR_DOMAIN
from homeassistant.const import ATTR_ENTITY_ID, CONF_FOR
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.trigger import TriggerConfig
from homeassistant.util import dt as dt_util
import voluptuous as vol

from ..api.models import User
from ..coordinator.keys import ObjectKey, ObjectKind
from ..data import DlsPbxConfigEntry
from .base import DlsPbxTrigger, trigger_schema
from .rows import Deadline, async_follow_rows
from .targets import Objects, objects


class _RegistrationTrigger(DlsPbxTrigger):
    """A phone is registered or not, which was otherwise before."""

    schema = trigger_schema({vol.Optional(CONF_FOR): cv.positive_time_period})
    # The PBX stands for its phones by whether it is connected, which is a diagnostic entity.
    primary_entities_only = False
    registered: ClassVar[bool]

    def __init__(self, hass: HomeAssistant, config: TriggerConfig) -> None:
        super().__init__(hass, config)
        self._hold: timedelta = self._options.get(CONF_FOR) or timedelta(0)
        self._last: dict[tuple[str, str], bool] = {}
        self._pending: dict[tuple[str, str], Deadline] = {}

    @override
    def _meaning(self, hass: HomeAssistant, entity_ids: Iterable[str]) -> Objects:
        return objects(hass, entity_ids, BINARY_SENSOR_DOMAIN, ObjectKind.PHONE)

    @override
    def _attach(self, entry: DlsPbxConfigEntry, some: frozenset[str]) -> CALLBACK_TYPE:
        unsubscribe = async_follow_rows(entry, entry.runtime_data.users, some, partial(self._look, entry))

        @callback
        def detach() -> None:
            unsubscribe()
            for (entry_id, _), pending in self._pending.items():
                if entry_id == entry.entry_id:
                    pending.disarm()

        return detach

    def _look(self, entry: DlsPbxConfigEntry, auth_id: str, user: User | None) -> None:
        phone = (entry.entry_id, auth_id)
        if user is None:
            self._last.pop(phone, None)
        elif user.registered is None:
            return
        else:
            was = self._last.get(phone, user.registered)
            self._last[phone] = user.registered
            if was is not self.registered and user.registered is self.registered:
                due = dt_util.utcnow() + self._hold
                self._pending[phone] = Deadline(self._hass, due, partial(self._fire, entry, user))
        self._settle(entry, phone)

    def _settle(self, entry: DlsPbxConfigEntry, phone: tuple[str, str]) -> None:
        if not (pending := self._pending.get(phone)):
            return
        if self._last.get(phone) is self.registered:
            pending.arm(lambda: entry.runtime_data.users.last_update_success)
        else:
            pending.disarm()
            del self._pending[phone]

    def _fire(self, entry: DlsPbxConfigEntry, user: User) -> None:
        data, phone = entry.runtime_data, ObjectKey(ObjectKind.PHONE, user.auth_id)
        told = {
            ATTR_ENTITY_ID: data.identity.entity_id(BINARY_SENSOR_DOMAIN, phone, "registered"),
            "extension": user.extension,
            "name": user.name or None,
            "time": data.event_attributes.time(),
        }
        self._run(told, f"phone {user.extension} {'registered' if self.registered else 'unregistered'}")


class PhoneRegistered(_RegistrationTrigger):
    """A phone has registered."""

    registered = True


class PhoneUnregistered(_RegistrationTrigger):
    """A phone has gone off the network."""

    registered = False
