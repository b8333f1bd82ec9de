"""What the textbooks teach, as the bench's other side: everything is polled at one tempo, and written as it comes.

A coordinator per status action hands out all rows, each figure is an entity that shows what the PBX says, the calls on
record of the last two hours are read every minute, and the ids of those that were told are saved after each change.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
import logging
from typing import Any, Final, override

from homeassistant.components.sensor import SensorEntity, SensorStateClass
from homeassistant.core import HomeAssistant
from homeassistant.helpers import aiohttp_client
from homeassistant.helpers.storage import Store
from homeassistant.helpers.update_coordinator import CoordinatorEntity, DataUpdateCoordinator
from homeassistant.util import dt as dt_util
import orjson
from pytest_homeassistant_custom_component.common import MockEntityPlatform

from simulator.app import DEFAULT_KEY, DEFAULT_USER

TEXTBOOK: Final = "textbook"
LIVE: Final = timedelta(seconds=5)
SLOW: Final = timedelta(minutes=1)
LOOK_BACK: Final = timedelta(hours=2)
TEMPOS: Final = {"users": SLOW, "queues": LIVE, "calls": LIVE, "faxes": SLOW, "conferences": SLOW, "provisioning": SLOW}
COLUMNS: Final = ("unique_id", "date", "direction", "bridged", "billable_duration", "callerid", "src", "dst")

type Answer = dict[str, Any]
type Read = Callable[[Answer], Any]


@dataclass(slots=True)
class Told:
    """What the records came to."""

    calls: int = 0
    missed: int = 0
    talk: float = 0


class Textbook:
    """One PBX, integrated by the book."""

    def __init__(self, hass: HomeAssistant, url: str, requests: Counter[str], received: Counter[str]) -> None:
        self._hass = hass
        self._url = url
        self._requests = requests
        self._received = received
        self._session = aiohttp_client.async_get_clientsession(hass)
        self._store = Store[list[str]](hass, 1, TEXTBOOK)
        self._told: list[str] = []
        self.today = Told()

    async def async_start(self) -> None:
        """Set up, and poll from then on."""
        entities: list[TextbookSensor] = []
        for action, tempo in TEMPOS.items():
            coordinator = self._coordinator(action, tempo, lambda action=action: self._ask("status", action, {}))
            await coordinator.async_refresh()
            entities += [
                TextbookSensor(coordinator, f"{action} {name}", read) for name, read in _figures(coordinator.data)
            ]
        records = self._coordinator("records", SLOW, self._read_calls)
        await records.async_refresh()
        entities += [
            TextbookSensor(records, f"records {name}", lambda _, name=name: getattr(self.today, name))
            for name in ("calls", "missed", "talk")
        ]
        await MockEntityPlatform(self._hass, domain="sensor", platform_name=TEXTBOOK).async_add_entities(entities)

    def _coordinator(self, name: str, tempo: timedelta, update: Callable[[], Any]) -> DataUpdateCoordinator[Answer]:
        return DataUpdateCoordinator(
            self._hass,
            logging.getLogger(TEXTBOOK),
            config_entry=None,
            name=f"{TEXTBOOK} {name}",
            update_method=update,
            update_interval=tempo,
        )

    async def _ask(self, endpoint: str, action: str, params: Mapping[str, Any]) -> Answer:
        async with self._session.post(
            f"{self._url}/api/v1/{endpoint}.php?api_action={action}",
            json={"api_user": DEFAULT_USER, "api_key": DEFAULT_KEY, **params},
        ) as response:
            body = await response.read()
        self._requests[f"{endpoint}.{action}"] += 1
        self._received[f"{endpoint}.{action}"] += len(body)
        answer: Answer = orjson.loads(body)
        return answer

    async def _read_calls(self) -> Answer:
        since: datetime = dt_util.utcnow() - LOOK_BACK
        options = [f"from={since:%Y-%m-%d %H:%M:%S}", "timezone=Africa/Abidjan", "per_page=5000"]
        answer = await self._ask(
            "reports", "report", {"report_type": "detail_table", "columns": list(COLUMNS), "options": options}
        )
        news = [row for row in answer["results"] if row[0] not in self._told]
        for row in news:
            self.today.calls += 1
            self.today.missed += row[3] == "No"
            self.today.talk += float(row[4])
        if news:
            self._told += [row[0] for row in news]
            await self._store.async_save(self._told)
        return answer


class TextbookSensor(CoordinatorEntity[DataUpdateCoordinator[Answer]], SensorEntity):
    """One figure, as the PBX says it."""

    def __init__(self, coordinator: DataUpdateCoordinator[Answer], name: str, read: Read) -> None:
        super().__init__(coordinator)
        self._read = read
        self._attr_name = f"{TEXTBOOK} {name}"
        self._attr_unique_id = f"{TEXTBOOK} {name}"
        if str(self.native_value).isdecimal():
            self._attr_state_class = SensorStateClass.MEASUREMENT

    @property
    @override
    def native_value(self) -> Any:
        try:
            return self._read(self.coordinator.data)
        except LookupError:
            return None  # a row that is gone


def _figures(answer: Answer) -> Iterator[tuple[str, Read]]:
    """Yield a name and a reader for each figure of an answer."""
    for number, user in enumerate(answer.get("users", ())):
        for name in ("vmail", "status", "host"):
            yield f"{user['authid']} {name}", lambda now, at=number, name=name: now["users"][at][name]
    for number, phone in enumerate(answer.get("provisioning", ())):
        for name in ("last_provision_delta", "provisioned", "calls_in", "calls_out"):
            yield f"{phone['mac_address']} {name}", lambda now, at=number, name=name: now["provisioning"][at][name]
    for queue in answer.get("queues", ()):
        for name in ("waiting", "holdtime", "complete", "lost"):
            yield f"{queue} {name}", lambda now, queue=queue, name=name: now["queues"][queue][name]
        yield f"{queue} longest", lambda now, queue=queue: _first_wait(now["queues"][queue])
        for state in ("Not in use", "In use", "Ringing"):
            yield (
                f"{queue} agents {state}",
                lambda now, queue=queue, state=state: sum(
                    agent["status"] == state for agent in (now["queues"][queue]["agents"] or {}).values()
                ),
            )
    if "calls" in answer:
        yield "active", lambda now: len(now["calls"])
        for word in ("inbound", "outbound", "internal"):
            yield word, lambda now, word=word: sum(word in str(call).casefold() for call in now["calls"])


def _first_wait(queue: Answer) -> Any:
    return queue["calls_waiting"][0]["wait_time"] if queue["calls_waiting"] else 0
