"""A Home Assistant with a disk of its own, which can be stopped, killed and started again."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
import logging
from pathlib import Path
from typing import Any, Protocol
from unittest.mock import patch

from homeassistant import loader
from homeassistant.bootstrap import DATA_REGISTRIES_LOADED
from homeassistant.const import (
    CONF_API_KEY,
    CONF_URL,
    CONF_USERNAME,
    CONF_VERIFY_SSL,
    EVENT_HOMEASSISTANT_STARTED,
    EVENT_STATE_CHANGED,
    STATE_UNAVAILABLE,
    STATE_UNKNOWN,
)
from homeassistant.core import CoreState, Event, EventStateChangedData, HomeAssistant, callback
from homeassistant.helpers import (
    area_registry as ar,
    category_registry as cr,
    device_registry as dr,
    entity_registry as er,
    floor_registry as fr,
    frame,
    issue_registry as ir,
    label_registry as lr,
    restore_state,
)
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_time_changed,
    async_test_home_assistant,
)

from custom_components.dls_pbx.const import DOMAIN
from custom_components.dls_pbx.events.bus import EventBus, PbxEvent
from simulator.app import Simulator
from tests.helpers.disk import copy_disk
from tests.helpers.entities import ENTRY_ID
from tests.helpers.office import KEY, USERNAME, ZONE


class Clock(Protocol):
    """A clock that moves when it is told to; freezegun's is one."""

    def tick(self, delta: timedelta) -> object:
        """Let time pass."""


@dataclass(frozen=True, slots=True)
class Told:
    """An event as an automation gets it: of which entity (`pbx_call`), of what type, with which attributes."""

    entity: str
    type: str
    attributes: dict[str, Any] = field(hash=False)

    @property
    def what(self) -> str:
        """Return entity and type in one word."""
        return f"{self.entity}:{self.type}"


class Listener:
    """Hears what automations hear: each change of an event entity to another event.

    Home Assistant's own trigger `event.received` takes no notice of what comes straight out of unavailability, nor of
    what an entity remembers from before a reload.
    """

    def __init__(self) -> None:
        self.told: list[Told] = []

    @property
    def whats(self) -> list[str]:
        """Return entities and types of what was told, in order."""
        return [one.what for one in self.told]

    def listen(self, hass: HomeAssistant) -> Callable[[], None]:
        """Begin to listen to a Home Assistant; returns what ends it."""

        @callback
        def changed(event: Event[EventStateChangedData]) -> None:
            before, state = event.data["old_state"], event.data["new_state"]
            if state is None or state.domain != "event" or state.state in (STATE_UNKNOWN, STATE_UNAVAILABLE):
                return
            if before is None or before.state in (STATE_UNAVAILABLE, state.state):
                return
            entity = er.async_get(hass).async_get(state.entity_id)
            assert entity is not None
            attributes = {key: value for key, value in state.attributes.items() if key not in _NOT_OURS}
            self.told.append(
                Told(entity.unique_id.removeprefix(f"{ENTRY_ID}_"), state.attributes["event_type"], attributes)
            )

        return hass.bus.async_listen(EVENT_STATE_CHANGED, changed)


_NOT_OURS = {"event_type", "event_types", "friendly_name", "icon", "device_class"}


@dataclass(slots=True)
class House:
    """Home Assistant, from one start to the next."""

    simulator: Simulator
    folder: Path
    clock: Clock
    options: dict[str, Any] = field(default_factory=dict)
    heard: Listener = field(default_factory=Listener)  # by automations
    happened: list[PbxEvent] = field(default_factory=list)  # by whoever listens inside the integration
    hass: HomeAssistant | None = None
    recorder: Callable[[HomeAssistant], AbstractAsyncContextManager[object]] | None = None  # its database stays
    keeps_registries: bool = False  # and the config entries, as outside of tests; else each start makes them anew
    lives: int = 0
    _running: AsyncExitStack = field(default_factory=AsyncExitStack)
    _deaf: list[Callable[[], None]] = field(default_factory=list)

    async def start(self) -> None:
        """Start on the disk as it is; events are told once Home Assistant has started."""
        hass = await self.boot()
        if hass.config_entries.async_get_entry(ENTRY_ID):
            await hass.config_entries.async_setup(ENTRY_ID)
        else:
            await hass.config_entries.async_add(self.entry())
        await hass.async_block_till_done()
        hass.set_state(CoreState.running)
        hass.bus.async_fire(EVENT_HOMEASSISTANT_STARTED)
        await self.settle()

    async def boot(self, state: CoreState = CoreState.starting) -> HomeAssistant:
        """Start Home Assistant without asking a PBX; what is said of it is heard."""
        self.lives += 1
        here = self.folder / f"life {self.lives}"
        here.mkdir(exist_ok=True)
        self.hass = hass = await self._running.enter_async_context(
            async_test_home_assistant(
                load_registries=not self.keeps_registries, config_dir=str(here), initial_state=state
            )
        )
        if self.keeps_registries:
            await _load_registries(hass)
        frame.async_setup(hass)
        hass.data.pop(loader.DATA_CUSTOM_COMPONENTS)
        await hass.config.async_set_time_zone(ZONE)
        hass.config.country = "US"
        if self.recorder:
            await self._running.enter_async_context(self.recorder(hass))
        self._deaf = [self.heard.listen(hass)]
        return hass

    def entry(self) -> MockConfigEntry:
        """Return a config entry for the PBX, which Home Assistant does not have yet."""
        return MockConfigEntry(
            domain=DOMAIN,
            entry_id=ENTRY_ID,
            unique_id=f"127.0.0.1:{self.simulator.port}_{USERNAME}",
            data={CONF_URL: self.simulator.url, CONF_USERNAME: USERNAME, CONF_API_KEY: KEY, CONF_VERIFY_SSL: True},
            options=dict(self.options),
        )

    @property
    def running(self) -> HomeAssistant:
        """Return the Home Assistant that runs."""
        assert self.hass is not None
        return self.hass

    async def settle(self) -> None:
        """Let everything that is under way come to its end."""
        assert self.hass is not None
        await self.hass.async_block_till_done(wait_background_tasks=True)

    async def pass_time(self, seconds: float = 61) -> None:
        """Let time pass, and every poll that is due happen."""
        self.clock.tick(timedelta(seconds=seconds))
        if self.hass is not None:
            async_fire_time_changed(self.hass)
            await self.settle()

    async def begin_poll(self, seconds: float = 61) -> None:
        """Let time pass, and go on while the polls are under way."""
        assert self.hass is not None
        self.clock.tick(timedelta(seconds=seconds))
        async_fire_time_changed(self.hass)

    async def reload(self) -> None:
        """Reload the integration, as a changed option does."""
        assert self.hass is not None
        await self.hass.config_entries.async_reload(ENTRY_ID)
        await self.settle()

    async def stop(self) -> None:
        """Stop in good order; the disk goes on to the next life."""
        await self._end()
        self._keep_disk()

    async def kill(self) -> None:
        """Pull the plug: the next life has what was on the disk by now, and nobody hears what this one still says."""
        self._keep_disk()
        for stop_listening in self._deaf:
            stop_listening()
        self._deaf.clear()
        heard, happened = len(self.heard.told), len(self.happened)
        await self._end()
        del self.heard.told[heard:], self.happened[happened:]

    def _keep_disk(self) -> None:
        copy_disk(self.folder / f"life {self.lives}", self.folder / f"life {self.lives + 1}")

    async def _end(self) -> None:
        hass, self.hass = self.hass, None
        assert hass is not None
        self.simulator.control.release()
        if hass.config_entries.async_get_entry(ENTRY_ID):
            await hass.config_entries.async_unload(ENTRY_ID)
        await hass.async_stop(force=True)
        await self._running.aclose()

    @contextmanager
    def overhear(self) -> Iterator[None]:
        """Write down every event, whatever becomes of it."""
        fire = EventBus.async_fire

        def fired(bus: EventBus, event: PbxEvent) -> None:
            self.happened.append(event)
            fire(bus, event)

        with patch.object(EventBus, "async_fire", fired):
            yield


async def _load_registries(hass: HomeAssistant) -> None:
    """Read from the disk what Home Assistant keeps there, as its own start does."""
    dr.async_setup(hass)
    for registry in (ar, cr, dr, er, fr, ir, lr, restore_state):
        await registry.async_load(hass)
    hass.data[DATA_REGISTRIES_LOADED] = None
    await hass.config_entries.async_initialize()


@asynccontextmanager
async def a_house(simulator: Simulator, folder: Path, clock: Clock, **options: Any) -> AsyncIterator[House]:
    """Build a house for a test, and leave nothing of it running."""
    house = House(simulator, folder, clock, options)
    loop, errors = asyncio.get_running_loop(), list[Any]()
    before = loop.get_exception_handler()

    def note(_: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        errors.append(context)
        # Whoever reads the log sees when it was.
        logging.getLogger("asyncio").error("%s", context)

    loop.set_exception_handler(note)
    try:
        with house.overhear():
            yield house
    finally:
        if house.hass is not None:
            await house.kill()
        loop.set_exception_handler(before)
    assert errors == [], errors
