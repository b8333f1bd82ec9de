"""A hundred calls over a real Asterisk that goes down twice: nothing is lost, nothing is told twice."""

import asyncio
from itertools import count

from homeassistant.core import HomeAssistant

from custom_components.dls_pbx.const import DOMAIN
from custom_components.dls_pbx.phone_numbers import e164
from script.asterisk_run.office import RealOffice
from script.asterisk_run.stage import RealStage
from simulator.asterisk import AsteriskPbx
from simulator.scenes.scenes import DIRECT_NUMBER, SALES, SUPPORT
from tests.asterisk.conftest import Look, SetUp
from tests.helpers.asterisk.queue_log import Tally
from tests.helpers.entities import state_of

SETTLE = 20  # seconds
MOST_NOT_RUNG = 3


class Callers:
    """People outside, each with a number of their own, and what became of those whom no queue knows of."""

    def __init__(self, stage: RealStage) -> None:
        self.stage = stage
        self.made = 0
        self.not_rung = 0
        self.called_back: set[str] = set()
        self.not_reached: list[str] = []  # dialed a user who did not answer
        self._numbers = (f"815555{number:04}" for number in count(2000))

    async def give_up(self, number: str | None = None) -> str:
        """Wait in the queue and hang up."""
        number = number or next(self._numbers)
        call = await self._call_in(number, SUPPORT.number)
        await self.stage.hang_up(call)
        return number

    async def talk(self, number: str | None = None) -> None:
        """Be answered by an agent."""
        call = await self._call_in(number or next(self._numbers), SUPPORT.number)
        await self._answer(call)
        await self.stage.hang_up(call)

    async def _answer(self, call: str) -> None:
        """Pick up; on a busy machine a phone may not ring in time, and the caller is one more who gave up."""
        try:
            await self.stage.answer(call, "beaucrn6")
        except TimeoutError:
            self.not_rung += 1

    async def overflow(self) -> None:
        """Be sent to voicemail and leave a message."""
        call = await self._call_in(next(self._numbers), SALES.number)
        await self.stage.at_voicemail(call)
        await self.stage.leave_message(call, 3)

    async def reach_a_user(self) -> None:
        """Dial a user, who answers."""
        call = await self._call_in(next(self._numbers), DIRECT_NUMBER)
        await self.stage.answer(call, "ew2kk41z")
        await self.stage.hang_up(call)

    async def not_reach_a_user(self) -> None:
        """Dial a user, who does not answer."""
        number = next(self._numbers)
        call = await self._call_in(number, DIRECT_NUMBER)
        await self.stage.hang_up(call)
        self.not_reached.append(number)

    async def be_called_back(self, number: str) -> None:
        """Be called by a user, and answer."""
        self.made += 1
        call = await self.stage.dial("ew2kk41z", number)
        await self.stage.answer_outside(call)
        await self.stage.hang_up(call)
        self.called_back.add(number)

    async def talk_among_themselves(self) -> None:
        """Let two users talk."""
        self.made += 1
        call = await self.stage.dial("fhp9r3tc", "633")
        await self.stage.answer(call, "ew2kk41z")
        await self.stage.hang_up(call)

    async def stay(self, *, talking: bool) -> None:
        """Call and not hang up."""
        call = await self._call_in(next(self._numbers), SUPPORT.number)
        if talking:
            await self._answer(call)

    async def _call_in(self, number: str, to: str) -> str:
        self.made += 1
        call = await self.stage.call_in(number, to)
        if to != DIRECT_NUMBER:
            await self.stage.at_queue(call)
        return call

    async def a_third_of_the_day(self) -> None:
        """Make thirty-two calls of all kinds."""
        gone = [await self.give_up() for _ in range(10)]
        for _ in range(7):
            await self.talk()
        await self.talk(gone[0])  # tried again, and was answered
        await self.give_up(gone[1])  # tried again, in vain
        for number in gone[2:5]:
            await self.be_called_back(number)
        for _ in range(3):
            await self.reach_a_user()
        for _ in range(3):
            await self.not_reach_a_user()
        for _ in range(2):
            await self.talk_among_themselves()
        await asyncio.gather(self.overflow(), self.overflow())


async def test_a_hundred_calls_and_two_restarts_agree_with_the_queue_log(
    hass: HomeAssistant, office: RealOffice, engine: AsteriskPbx, set_up: SetUp
) -> None:
    """Else someone who was cut off by a restart is never called back, and the day's figures are a fairy tale."""
    office.begin_anew()
    look = await set_up(short_abandon_threshold=0)
    before = Tally.of(office.settings.queue_log)
    callers = Callers(RealStage(office, engine))
    for go_down in (office.server.stop, office.server.kill, None):
        await callers.a_third_of_the_day()
        await look()
        if go_down is not None:
            await callers.stay(talking=True)
            await callers.stay(talking=False)
            await asyncio.to_thread(go_down)
            await look()
            assert state_of(hass, "queue_support_queue", "callers_waiting") == "unavailable"
            await asyncio.to_thread(office.start_again)
    assert callers.made >= 100
    assert callers.not_rung <= MOST_NOT_RUNG
    expected = _expected(office, before, callers)
    deadline = asyncio.get_running_loop().time() + SETTLE
    while (shown := await _shown(hass, look)) != expected and asyncio.get_running_loop().time() < deadline:
        pass
    assert shown == expected


def _expected(office: RealOffice, before: Tally, callers: Callers) -> dict[str, object]:
    """Count by `queue_log`, and by what the test did where no queue was in it."""
    tally = Tally.of(office.settings.queue_log)
    owed: dict[str, bool] = {}
    for call, queue, number in tally.entered[len(before.entered) :]:
        owed[number] = (call, queue) not in tally.answered
    owed |= dict.fromkeys(callers.not_reached, True)
    owed |= dict.fromkeys(callers.called_back, False)
    support, sales = tally.figures(SUPPORT.name), tally.figures(SALES.name)
    return {
        **{f"support {key}": value for key, value in support.items()},
        **{f"sales {key}": value for key, value in sales.items()},
        "owed": sorted(e164(number, "US") or number for number, is_owed in owed.items() if is_owed),
        "callbacks_owed": str(sum(owed.values())),
    }


async def _shown(hass: HomeAssistant, look: Look) -> dict[str, object]:
    await look()
    [entry] = hass.config_entries.async_loaded_entries(DOMAIN)
    owed = [item.number for item in entry.runtime_data.callbacks.items if item.completed is None]
    keys = ("calls_today", "missed_calls_today", "abandoned_calls_today")
    return {
        **{f"support {key}": state_of(hass, "queue_support_queue", key) for key in keys},
        **{f"sales {key}": state_of(hass, "queue_sales", key) for key in keys},
        "owed": sorted(owed),
        "callbacks_owed": state_of(hass, "pbx", "callbacks_owed"),
    }
