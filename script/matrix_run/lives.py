"""Lives: a Home Assistant lives through trouble at a moment of its life, and a twin through the same without it.

The tale is the same each time: the trouble begins, things go on at the PBX, automations ask for something, the trouble
ends, and who was told that something was not done does it again.
"""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from enum import StrEnum
from typing import Any, Final
from zlib import crc32

from freezegun.api import FrozenDateTimeFactory
from homeassistant.config_entries import SOURCE_REAUTH, ConfigEntryState
from homeassistant.const import CONF_API_KEY
from homeassistant.core import HomeAssistant, SupportsResponse
from homeassistant.exceptions import HomeAssistantError

from custom_components.dls_pbx.const import DOMAIN
from custom_components.dls_pbx.events.bus import PbxEvent
from script.matrix_run import troubles
from script.matrix_run.log import watched
from script.matrix_run.office import AFTERWARDS, MEANWHILE, Asked, asked, goes_on
from script.matrix_run.troubles import Trouble
from script.matrix_run.turns import LONG, SHORT, Turns
from simulator.vendor.request_log import LoggedRequest
from tests.helpers.api_requests import CHANGES
from tests.helpers.entities import ENTRY_ID, all_states
from tests.helpers.faults import WITHOUT_END
from tests.helpers.office import KEY, NOW
from tests.helpers.restarts import House

LIFE: Final = timedelta(minutes=90)  # longer than the consent lists wait for their turn
POLL: Final = 301  # s: everything is due
LONGEST: Final = 5000  # turns of the event loop, in which 32 MB are read
GIVEN_UP: Final = 31  # s
MOST_TURNS: Final = 60  # until an entry is unloaded: by then most of what was asked is answered
MOST_HELD: Final = 60  # answers in a row
MOST_POLLS: Final = 4  # until an entry is loaded whose last try to set up was under way when the trouble ended
# What the PBX may have done although the action says that it went wrong.
UNCERTAIN: Final = frozenset({"maybe_sent", "maybe_done"})


class Moment(StrEnum):
    """A moment in the life of an entry."""

    SET_UP = "first set-up"
    RUNNING = "running"
    RELOAD = "reload"
    UNLOAD = "unload in flight"


@dataclass(frozen=True, slots=True)
class Case:
    """What is wrong at which moment, and with which actions; `action` is what automations ask for meanwhile."""

    moment: Moment
    action: str
    wrong: tuple[tuple[Trouble, str], ...] = ()

    def twin(self) -> Case:
        """Return the same without trouble."""
        return replace(self, wrong=())


@dataclass(slots=True)
class Outcome:
    """What came of a case, as far as anybody could see."""

    meanwhile: dict[str, str] = field(default_factory=dict)  # states while it lasted
    after: dict[str, str] = field(default_factory=dict)
    told: Counter[str] = field(default_factory=Counter)
    done: Counter[str] = field(default_factory=Counter)  # requests that changed the PBX
    wrong: list[str] = field(default_factory=list)  # what must not be, whatever the twin does


@dataclass(slots=True)
class Answer:
    """What an automation got from an action."""

    asked: Asked
    error: HomeAssistantError | None = None


class Life:
    """One life, from a PBX and a Home Assistant that know nothing of each other."""

    def __init__(self, house: House, turns: Turns, case: Case) -> None:
        self._house = house
        self._turns = turns
        self._hass = house.running
        self._happened = house.happened
        assert isinstance(house.clock, FrozenDateTimeFactory)
        self._clock = house.clock
        self._simulator = house.simulator
        self._case = case
        self._outcome = Outcome()

    async def live(self) -> Outcome:
        """Live it; returns what came of it."""
        outcome, control = self._outcome, self._simulator.control
        await self._begin()
        with watched(outcome.wrong, KEY, is_healthy=not self._case.wrong):
            for trouble, action in self._case.wrong:
                trouble.begin(control, action)
            answers = await self._meanwhile()
            troubles.end(control)
            await self._recover(answers)
            await self._pass(NOW + LIFE)
        outcome.after = _shown(self._hass)
        outcome.told = Counter(map(_told, self._happened))
        outcome.done = Counter(map(_done, self._changes()))
        self._check_requests()
        await self._settle(self._hass.config_entries.async_remove(ENTRY_ID))
        return outcome

    async def _begin(self) -> None:
        self._clock.move_to(NOW)
        self._simulator.control.reset()
        self._happened.clear()
        if self._case.moment is not Moment.SET_UP:
            await self._set_up()

    async def _meanwhile(self) -> list[Answer]:
        """Let the moment come while something is wrong."""
        moment = self._case.moment
        if moment is Moment.SET_UP:
            await self._set_up()
        else:
            goes_on(self._simulator.pbx, *MEANWHILE)
        if moment is Moment.UNLOAD:
            return await self._unload_in_flight()
        if moment is Moment.RELOAD:
            await self._settle(self._hass.config_entries.async_reload(ENTRY_ID))
        answers = await self._ask(asked(self._case.action))
        await self._poll()
        self._outcome.meanwhile = _shown(self._hass)
        return answers

    async def _unload_in_flight(self) -> list[Answer]:
        """Unload while polls and actions are under way, at any turn of it."""
        asking = asyncio.create_task(self._ask(asked(self._case.action), settle=False))
        self._clock.tick(timedelta(seconds=POLL))
        # The same in each run, and for the twin.
        for _ in range(crc32(self._case.action.encode()) % MOST_TURNS):
            await asyncio.sleep(0)
        await self._settle(self._hass.config_entries.async_unload(ENTRY_ID))
        return await self._settle(asking)

    async def _recover(self, answers: Sequence[Answer]) -> None:
        """Do what people do when the trouble is over."""
        for flow in self._hass.config_entries.flow.async_progress():
            if flow["context"]["source"] == SOURCE_REAUTH:
                await self._settle(self._hass.config_entries.flow.async_configure(flow["flow_id"], {CONF_API_KEY: KEY}))
        entry = self._hass.config_entries.async_get_entry(ENTRY_ID)
        if entry is not None and entry.state is ConfigEntryState.NOT_LOADED:
            await self._settle(self._hass.config_entries.async_setup(ENTRY_ID))
        for _ in range(MOST_POLLS):
            await self._poll()
            if entry is None or entry.state is ConfigEntryState.LOADED:
                break
        await self._ask(self._undone(answers))
        goes_on(self._simulator.pbx, *AFTERWARDS)

    def _undone(self, answers: Sequence[Answer]) -> list[Asked]:
        """Return what somebody who was told of a failure does again, after a look at the PBX."""
        undone: list[Asked] = []
        for answer in answers:
            if answer.error is None or answer.asked[0] not in _CHANGE:
                continue
            if not any(_is_of(request, answer.asked) for request in self._changes()):
                undone.append(answer.asked)
            elif answer.error.translation_key not in UNCERTAIN:
                self._outcome.wrong.append(f"{answer.asked[0]} said {answer.error.translation_key}, and was done")
        return undone

    def _changes(self) -> list[LoggedRequest]:
        return [request for request in self._simulator.requests if request.action in CHANGES and request.processed]

    def _check_requests(self) -> None:
        """See that the key went in the body, and to the address that was typed."""
        here = self._simulator.origin.partition("://")[2]
        for request in self._simulator.requests:
            if request.key_in != ("body",) or request.host != here or not request.path.startswith("/api/v1/"):
                self._outcome.wrong.append(f"the key went in the {request.key_in} to {request.host}{request.path}")

    async def _set_up(self) -> None:
        self._house.entry().add_to_hass(self._hass)
        await self._settle(self._hass.config_entries.async_setup(ENTRY_ID))

    async def _ask(self, asks: Iterable[Asked], *, settle: bool = True) -> list[Answer]:
        """Ask as automations do, one after the other."""
        answers: list[Answer] = []
        for name, fields in asks:
            responds = self._hass.services.supports_response(DOMAIN, name) is not SupportsResponse.NONE
            call = self._hass.services.async_call(DOMAIN, name, fields, blocking=True, return_response=responds)
            answer = Answer((name, fields))
            try:
                await (self._settle(call) if settle else call)
            except HomeAssistantError as err:
                answer.error = err
            answers.append(answer)
        return answers

    async def _poll(self) -> None:
        self._clock.tick(timedelta(seconds=POLL))
        await self._quiet()

    async def _pass(self, until: Any) -> None:
        self._clock.move_to(until)
        await self._quiet()

    async def _settle[ResultT](self, work: Awaitable[ResultT]) -> ResultT:
        """Let something come to its end, and what it has brought about; what is held back is given up in time.

        A PBX that hangs is asked again and again: what is asked when the work has been done is left to the next time.
        """
        task = asyncio.ensure_future(work)
        try:
            for _ in range(MOST_HELD):
                await self._until_held_or(task)
                if task.done():
                    return await task
                await self._give_up()
            raise TimeoutError("The PBX is asked again and again")
        finally:
            await self._quiet()

    async def _quiet(self) -> None:
        """Let everything come to its end but what is held back; that is given up once."""
        if self._may_hang:
            await self._give_up()
            await self._turns.let_pass(LONG)
        else:
            await self._turns.let_pass(SHORT)
            await self._hass.async_block_till_done(wait_background_tasks=True)

    @property
    def _may_hang(self) -> bool:
        return any(fault.kind in WITHOUT_END for fault in self._simulator.faults.orders())

    async def _until_held_or(self, task: asyncio.Future[Any]) -> None:
        if not self._may_hang:
            await asyncio.wait([task])
        for _ in range(LONGEST):
            if task.done() or any(fault.held.is_set() for fault in self._simulator.faults.orders()):
                return
            await asyncio.sleep(0)

    async def _give_up(self) -> None:
        await self._turns.let_pass(LONG)
        for fault in self._simulator.faults.orders():
            fault.held.clear()
        self._clock.tick(timedelta(seconds=GIVEN_UP))


_CHANGE: Final = frozenset(action.partition(".")[2] for action in CHANGES)


def _is_of(request: LoggedRequest, what: Asked) -> bool:
    return request.action.partition(".")[2] == what[0]


def _done(request: LoggedRequest) -> str:
    # A list of one is written as the one where a form says it.
    said = {name: value if isinstance(value, list) else [value] for name, value in request.params.items()}
    return f"{request.action} {sorted(said.items())}"


def _shown(hass: HomeAssistant) -> dict[str, str]:
    """Return the states; an event's is the time at which it was told, which may be later."""
    return {one: state for one, state in all_states(hass).items() if not one.endswith(_EVENTS)}


_EVENTS: Final = ("_call", "_fax", "_sms", "_queue")


def _told(event: PbxEvent) -> str:
    about = event.attributes
    return f"{event.kind}:{event.type} {about.get('number') or ''} {about.get('queue') or ''} {about.get('text') or ''}"
