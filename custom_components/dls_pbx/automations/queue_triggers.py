"""Triggers on queues. They remember what the PBX said before, through outages and reloads."""

from abc import abstractmethod
from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import partial
from typing import Any, ClassVar, override

from homeassistant.components.sensor import DOMAIN as SENSOR_DOMAIN
from homeassistant.const import ATTR_ENTITY_ID
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers.trigger import TriggerConfig
from homeassistant.util import dt as dt_util
import voluptuous as vol

from ..api.models import Queue, WaitingCaller
from ..coordinator.keys import ObjectKey, ObjectKind
from ..data import DlsPbxConfigEntry
from .base import DlsPbxTrigger, trigger_schema
from .rows import Deadline, async_follow_rows
from .targets import Objects, objects

CONF_SECONDS = "seconds"

# The PBX tells a wait in whole seconds, and takes a moment to tell it: one caller seen twice, with an outage between.
SAME_CALLER = timedelta(seconds=5)


class _QueueTrigger(DlsPbxTrigger):
    """A trigger on queues."""

    key: ClassVar[str]  # of the sensor that it names

    @override
    def _meaning(self, hass: HomeAssistant, entity_ids: Iterable[str]) -> Objects:
        return objects(hass, entity_ids, SENSOR_DOMAIN, ObjectKind.QUEUE)

    @override
    def _attach(self, entry: DlsPbxConfigEntry, some: frozenset[str]) -> CALLBACK_TYPE:
        return async_follow_rows(entry, entry.runtime_data.queues, some, partial(self._look, entry))

    @abstractmethod
    def _look(self, entry: DlsPbxConfigEntry, name: str, queue: Queue | None) -> None:
        """See a queue as it is now; None is gone."""

    def _fire(self, entry: DlsPbxConfigEntry, name: str, told: dict[str, Any], description: str) -> None:
        data = entry.runtime_data
        entity_id = data.identity.entity_id(SENSOR_DOMAIN, ObjectKey(ObjectKind.QUEUE, name), self.key)
        time = data.event_attributes.time()
        self._run({ATTR_ENTITY_ID: entity_id, "queue": name, **told, "time": time}, description)


class QueueLeftUnattended(_QueueTrigger):
    """Callers wait and nobody is there, which was not so before."""

    key = "callers_waiting"

    def __init__(self, hass: HomeAssistant, config: TriggerConfig) -> None:
        super().__init__(hass, config)
        self._unattended: dict[tuple[str, str], bool] = {}

    @override
    def _look(self, entry: DlsPbxConfigEntry, name: str, queue: Queue | None) -> None:
        if queue is None or queue.waiting is None:
            return
        unattended = queue.waiting > 0 and not queue.is_attended
        # How things were found when the automation was loaded did not happen just now.
        was = self._unattended.get((entry.entry_id, name), True)
        self._unattended[entry.entry_id, name] = unattended
        if unattended and not was:
            since = queue.waiting_since
            wait = round((dt_util.utcnow() - since).total_seconds()) if since else None
            self._fire(entry, name, {"callers_waiting": queue.waiting, "wait": wait}, f"queue {name} left unattended")


class _Wait(Deadline):
    """A caller on their way to having waited too long."""

    caller: WaitingCaller


class CallerWaitExceeded(_QueueTrigger):
    """A caller has waited for so many seconds, each caller once."""

    schema = trigger_schema({vol.Required(CONF_SECONDS): vol.All(vol.Coerce(int), vol.Range(min=1))})
    key = "longest_wait"

    def __init__(self, hass: HomeAssistant, config: TriggerConfig) -> None:
        super().__init__(hass, config)
        self._limit = timedelta(seconds=self._options[CONF_SECONDS])
        self._waits: dict[tuple[str, str], list[_Wait]] = {}

    @override
    def _attach(self, entry: DlsPbxConfigEntry, some: frozenset[str]) -> CALLBACK_TYPE:
        unsubscribe = super()._attach(entry, some)

        @callback
        def detach() -> None:
            unsubscribe()
            for (entry_id, _), waits in self._waits.items():
                for wait in waits if entry_id == entry.entry_id else ():
                    wait.disarm()

        return detach

    @override
    def _look(self, entry: DlsPbxConfigEntry, name: str, queue: Queue | None) -> None:
        before = self._waits.pop((entry.entry_id, name), [])
        waits = [
            _known(caller, caller.since, before) or self._begin(entry, name, caller, caller.since)
            for caller in (queue.callers if queue else ())
            if caller.since
        ]
        for wait in before:
            wait.disarm()
        if waits:
            self._waits[entry.entry_id, name] = waits
        queues = entry.runtime_data.queues
        for wait in waits:
            wait.arm(lambda: queues.last_update_success)

    def _begin(self, entry: DlsPbxConfigEntry, name: str, caller: WaitingCaller, since: datetime) -> _Wait:
        due = since + self._limit
        # Whoever had waited longer when the automation was loaded was news to somebody else.
        wait = _Wait(
            self._hass, due, partial(self._exceeded, entry, name, caller, since), done=due <= self._attached_at
        )
        wait.caller = caller
        return wait

    def _exceeded(self, entry: DlsPbxConfigEntry, name: str, caller: WaitingCaller, since: datetime) -> None:
        about = entry.runtime_data.event_attributes.party(caller.number)
        waited = int((dt_util.utcnow() - since).total_seconds())
        self._fire(entry, name, {**about, "wait": waited}, f"a caller waiting in queue {name}")


def _known(caller: WaitingCaller, since: datetime, before: list[_Wait]) -> _Wait | None:
    """Take out of `before` who is the same caller: one number, and come in at the same time."""

    def off(wait: _Wait) -> timedelta:
        return abs((wait.caller.since or since) - since)

    same = [wait for wait in before if wait.caller.number == caller.number and off(wait) <= SAME_CALLER]
    if not same:
        return None
    nearest = min(same, key=off)
    before.remove(nearest)
    return nearest
