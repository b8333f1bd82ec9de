"""What the engine costs a real Asterisk with 200 agents in 50 queues and 200 callers waiting."""

import asyncio
from collections.abc import Awaitable, Callable
import os
from pathlib import Path
from random import Random
from statistics import median
import sys
from time import perf_counter
from zoneinfo import ZoneInfo

from script.asterisk_run.binaries import MissingError
from script.asterisk_run.office import RealOffice
from script.asterisk_run.phones import until
from script.demo_run.processes import free_port
from simulator.asterisk import AsteriskPbx
from simulator.asterisk.pbx import FRESH
from simulator.clock import real_clock
from simulator.pbx.simulated import SimulatedPbx
from simulator.scenes.scenes import SceneQueue, SceneUser

QUEUES, AGENTS, CALLERS = 50, 4, 4  # the latter two in each queue
POLLS = 20
ACTIONS = ("status.users", "status.queues", "status.calls", "status.faxes", "status.conferences")
ZONE = ZoneInfo("America/Chicago")
# How often Home Assistant asks while people wait; docs/set-up.md says it of every action.
A_MINUTE = {"status.users": 1, "status.queues": 15, "status.calls": 15, "status.faxes": 1, "status.conferences": 1}
TICKS = os.sysconf("SC_CLK_TCK")

USERS = tuple(
    SceneUser(ext=str(1000 + index), name=f"Agent {index}", tenant="default", auth_id=f"agent{index:03}")
    for index in range(QUEUES * AGENTS)
)
STAFFED = tuple(
    SceneQueue(
        name=f"queue{index:02}",
        strategy="ringall",
        number=f"84755600{index:02}",
        agents=tuple(user.auth_id for user in USERS[index * AGENTS : (index + 1) * AGENTS]),
    )
    for index in range(QUEUES)
)


def main() -> int:
    """Measure and print; 2 where there is no Asterisk."""
    try:
        office = RealOffice(USERS, STAFFED, one_phone=True)
    except MissingError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    with office:
        for queue in STAFFED:
            options = ("-s", queue.number, "-m", str(CALLERS), "-cid_str", f"{queue.name}-%u")
            voice = str(office.sipp.path("voice.ulaw"))
            office.sipp.start(
                "dial-outside", free_port(), *options, caller="8155550123", line="trunk", password="", voice=voice
            )
        until(lambda: _waiting(office) == QUEUES * CALLERS, "all callers waiting", 60)
        asyncio.run(_measure(office))
    return 0


def _waiting(office: RealOffice) -> int:
    return office.console("queue show").count("(wait: ")


async def _measure(office: RealOffice) -> None:
    engine = AsteriskPbx(office.settings, SimulatedPbx(clock=real_clock, rng=Random(1), time_zone=ZONE), ZONE)
    before = perf_counter()
    await engine.start()
    print(f"first look, with every endpoint                {perf_counter() - before:8.2f} s")
    await asyncio.gather(*(engine.refresh(action) for action in ACTIONS))
    agents = sum(len(queue.agents) for queue in engine.queues())
    waiting = sum(len(queue.callers) for queue in engine.queues())
    print(f"{len(engine.queues())} queues, {agents} agents, {waiting} waiting, {len(engine.calls())} calls, ", end="")
    print(f"{office.console('core show channels count').split()[0]} channels")
    idle = await _load(office, lambda: asyncio.sleep(FRESH))
    load = 0.0
    for action in ACTIONS:
        times: list[float] = []

        async def poll(action: str = action, times: list[float] = times) -> None:
            await asyncio.sleep(FRESH)  # a reading serves all who ask within that time
            begin = perf_counter()
            await engine.refresh(action)
            times.append(perf_counter() - begin)

        cost = max(0.0, await _load(office, poll) - idle)
        load += cost * A_MINUTE[action] / 60
        print(f"{action:<24} median {median(times) * 1e3:7.1f} ms, longest {max(times) * 1e3:7.1f} ms, ", end="")
        print(f"of Asterisk's processor time {cost * 1e3:6.1f} ms a poll")
    print(f"load on Asterisk by one Home Assistant while people wait: {load:.2%} of one processor")
    await engine.stop()


async def _load(office: RealOffice, poll: Callable[[], Awaitable[None]]) -> float:
    """Return the processor time that Asterisk takes from poll to poll, in seconds."""
    before = _processor_seconds(office.server.pid)
    for _ in range(POLLS):
        await poll()
    return (_processor_seconds(office.server.pid) - before) / POLLS


def _processor_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


if __name__ == "__main__":
    sys.exit(main())
