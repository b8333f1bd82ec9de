"""Happenings: what each entry of the diary does to the PBX, to Home Assistant, and to their clocks."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from datetime import timedelta
from functools import partial
from time import sleep
from typing import Final

from homeassistant.components.recorder import get_instance
from homeassistant.const import CONF_API_KEY

from script.soak_run.callbacks import number_of, todo_items, todo_list
from script.soak_run.diary import Happening, Kind
from script.soak_run.week import Week
from simulator.engine import PbxError

_MOMENT: Final = 0.004  # seconds of real time, for what is on its way while a second passes
_PATIENCE: Final = 20  # minutes until somebody has to have been asked for a new key
_KEY: Final = "made-up-key-of-{:%Y%m%d%H%M}-for-the-stand-in-pbx"
_ROOM: Final = "2000"


async def happen(week: Week, happening: Happening) -> None:
    """Let it happen; returns when it is over, or goes on beside all else."""
    await _HAPPENINGS[happening.kind](week, happening)


async def _outage(week: Week, happening: Happening) -> None:
    await week.simulator.stop()
    await week.pass_for(happening.seconds)
    await week.simulator.start()


async def _errors(week: Week, happening: Happening) -> None:
    week.simulator.control.fail("*", happening.how["kind"], None)
    await week.pass_for(happening.seconds)
    week.simulator.control.heal()


async def _slow(week: Week, happening: Happening) -> None:
    await _answer_slowly(week, happening.how["delay"], happening.seconds)
    week.simulator.control.heal()
    await week.house.settle()


async def _answer_slowly(week: Week, delay: int, seconds: int) -> None:
    """Let each answer wait. Nobody can wait for all to come to an end, so the machine gets a moment each second."""
    week.simulator.control.fail("*", "slow", None, delay=delay)
    for _ in range(seconds):
        week.clocks.tick(timedelta(seconds=1))
        week.simulator.run()
        await asyncio.get_running_loop().run_in_executor(None, sleep, _MOMENT)


async def _restart(week: Week, happening: Happening) -> None:
    await week.house.stop()
    await _stay_away(week, happening)


async def _kill(week: Week, happening: Happening) -> None:
    # What its recorder has in its hands it may write; what it would commit in its next turn is lost.
    await get_instance(week.house.running).async_block_till_done()
    await week.house.kill()
    await _stay_away(week, happening)


async def _kill_asking(week: Week, happening: Happening) -> None:
    await _answer_slowly(week, happening.how["delay"], happening.how["after"])
    await get_instance(week.house.running).async_block_till_done()
    await week.house.kill()
    week.simulator.control.heal()
    await _stay_away(week, happening)


async def _stay_away(week: Week, happening: Happening) -> None:
    await week.pass_for(happening.seconds)
    await week.house.start()


async def _reload(week: Week, _: Happening) -> None:
    await week.house.reload()


async def _renew_key(week: Week, happening: Happening) -> None:
    """Have the old key refused, until somebody types the new one where Home Assistant asks for it."""
    week.simulator.api.key = key = _KEY.format(week.now)
    await week.pass_for(happening.seconds)
    for _ in range(_PATIENCE):
        flows = week.house.running.config_entries.flow
        if asked := flows.async_progress():
            await flows.async_configure(asked[0]["flow_id"], {CONF_API_KEY: key})
            await week.house.settle()
            return
        await week.pass_for(60)
    raise RuntimeError("Nobody was asked for the new key")


async def _set_clock(week: Week, happening: Happening) -> None:
    week.clocks.set_wrong(timedelta(seconds=happening.how["wrong"]))
    week.later(happening.seconds, partial(week.clocks.set_wrong, timedelta()))


async def _restart_pbx(week: Week, happening: Happening) -> None:
    await week.simulator.stop()
    week.simulator.control.do("restart")
    await week.pass_for(happening.seconds)
    await week.simulator.start()


async def _be_late(week: Week, happening: Happening) -> None:
    week.simulator.control.quirk(**happening.how)
    week.later(happening.seconds, partial(week.simulator.control.quirk, rows="prompt", marks="prompt"))


async def _upgrade(week: Week, happening: Happening) -> None:
    week.simulator.control.quirk(**happening.how)


async def _tick_off(week: Week, _: Happening) -> None:
    """Tick off who waits longest, as somebody does who has called from another telephone."""
    if owed := await todo_items(week.house.running):
        week.ticked.append((number_of(owed[0]), week.pbx.now()))
        await week.house.running.services.async_call(
            "todo",
            "update_item",
            {"item": owed[0]["uid"], "status": "completed"},
            target={"entity_id": todo_list(week.house.running)},
            blocking=True,
        )


async def _call_over_midnight(week: Week, happening: Happening) -> None:
    """Let somebody meet somebody from outside, and somebody wait where nobody answers."""
    pbx = week.pbx
    with suppress(PbxError):
        calls = [pbx.join_conference(_ROOM, "8155550123")]
        free = [user.auth_id for user in pbx.users() if pbx.is_free(user.auth_id)]
        calls += [pbx.join_conference(_ROOM, auth_id) for auth_id in free[:1]]
        lonely = [queue.name for queue in pbx.queue_states() if not queue.members]
        calls += [pbx.call_in("8475550199", to=queue) for queue in lonely[:1]]
        for call in calls:
            pbx.after(happening.seconds, partial(_hang_up, week, call))


def _hang_up(week: Week, call: str) -> None:
    with suppress(PbxError):
        week.pbx.hang_up(call)


_HAPPENINGS: Final[Mapping[Kind, Callable[[Week, Happening], Awaitable[None]]]] = {
    Kind.OUTAGE: _outage,
    Kind.ERRORS: _errors,
    Kind.SLOW: _slow,
    Kind.RESTART: _restart,
    Kind.KILL: _kill,
    Kind.KILL_ASKING: _kill_asking,
    Kind.RELOAD: _reload,
    Kind.KEY: _renew_key,
    Kind.CLOCK: _set_clock,
    Kind.PBX_RESTART: _restart_pbx,
    Kind.LATE_ROWS: _be_late,
    Kind.UPGRADE: _upgrade,
    Kind.TICK: _tick_off,
    Kind.NIGHT_CALLS: _call_over_midnight,
}
