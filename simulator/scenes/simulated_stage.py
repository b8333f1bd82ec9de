"""Stage of scenes in the simulated office."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from random import Random
from zoneinfo import ZoneInfo

from simulator.clock import real_clock
from simulator.models import Registration
from simulator.pbx.simulated import SimulatedPbx
from simulator.scenes.scenes import (
    CAST,
    DIRECT_NUMBER,
    DIRECT_USER,
    FAX_ATTEMPTS,
    QUEUES,
    ROOM,
    ROOM_NUMBER,
    VOICE_LINE,
)

OUTSIDE_DIGITS = 10
LOOK_AGAIN = 0.05  # seconds
LATENCY_MS = 1


async def _at_once() -> None:
    """Take no time."""


class SimulatedStage:
    """The cast in a simulated office; `transmission` lasts as long as the other side takes for a fax."""

    def __init__(
        self,
        time_zone: ZoneInfo,
        *,
        clock: Callable[[], datetime] = real_clock,
        transmission: Callable[[], Awaitable[None]] = _at_once,
    ) -> None:
        self._pbx = SimulatedPbx(clock=clock, rng=Random(1), time_zone=time_zone)
        self._transmission = transmission
        self._fax: tuple[int, str] | None = None
        furnish(self._pbx)

    @property
    def engine(self) -> SimulatedPbx:
        """Return the PBX."""
        return self._pbx

    async def call_in(self, number: str, to: str) -> str:
        """Let someone outside dial one of the PBX's numbers."""
        return self._pbx.call_in(number, to=to)

    async def dial(self, auth_id: str, to: str) -> str:
        """Let a user dial."""
        if len(to) == OUTSIDE_DIGITS:
            return self._pbx.call_out(auth_id, to)
        return self._pbx.call_internal(auth_id, to)

    async def answer(self, call: str, auth_id: str) -> None:
        """Let a user pick up."""
        self._pbx.answer(call, auth_id)

    async def answer_outside(self, call: str) -> None:
        """Let the number outside pick up."""
        self._pbx.answer(call)

    async def hang_up(self, call: str) -> None:
        """Let the one who dialed hang up."""
        self._pbx.hang_up(call)

    async def transfer(self, call: str, to: str) -> None:
        """Let the user who answered pass the call on."""
        self._pbx.transfer(call, to)

    async def at_voicemail(self, call: str) -> None:
        """Wait until the caller has been sent to a mailbox."""
        while not self._pbx.call(call).at_voicemail:
            await self.wait(LOOK_AGAIN)

    async def leave_message(self, call: str, seconds: float) -> None:
        """Let a caller at a mailbox speak and hang up."""
        await self.wait(seconds)
        self._pbx.leave_voicemail(call)

    async def pause(self, auth_id: str, reason: str) -> None:
        """Let an agent pause."""
        self._pbx.pause_agent(None, auth_id, reason)

    async def resume(self, auth_id: str) -> None:
        """Let an agent be available again."""
        self._pbx.resume_agent(None, auth_id)

    async def log_out(self, auth_id: str) -> None:
        """Take an agent out of all queues."""
        self._pbx.log_out_agent(None, auth_id)

    async def log_in(self, queue: str, auth_id: str) -> None:
        """Put an agent into a queue."""
        self._pbx.log_in_agent(queue, auth_id)

    async def unregister(self, auth_id: str) -> None:
        """Switch a phone off."""
        self._pbx.set_registration(auth_id, Registration.UNKNOWN)

    async def register(self, auth_id: str) -> None:
        """Switch a phone on."""
        self._pbx.set_registration(auth_id, Registration.OK, LATENCY_MS)

    async def send_fax(self, auth_id: str, to: str) -> None:
        """Let a user send one page."""
        fax_id = self._pbx.send_fax(auth_id, to, max_attempts=FAX_ATTEMPTS)
        self._pbx.fax_progress(fax_id)
        self._fax = fax_id, to

    async def fax_done(self) -> None:
        """Wait until the fax is through, or not."""
        if self._fax is None:
            raise LookupError("No fax is on its way")
        (fax_id, to), self._fax = self._fax, None
        await self._transmission()
        if to == VOICE_LINE:
            self._pbx.fax_fail(fax_id)
        else:
            self._pbx.fax_complete(fax_id)

    async def wait(self, seconds: float) -> None:
        """Let time pass."""
        await asyncio.sleep(seconds)
        self._pbx.run_until(self._pbx.now())


def furnish(pbx: SimulatedPbx) -> None:
    """Put the cast, their queues and the room into an empty PBX."""
    for user in CAST:
        pbx.add_extension(user.ext, user.name, tenant=user.tenant, auth_id=user.auth_id)
        pbx.set_registration(user.auth_id, Registration.OK, LATENCY_MS)
    for queue in QUEUES:
        pbx.add_queue(queue.name, queue.strategy, timeout=queue.timeout)
        pbx.numbers[queue.number] = queue.name
        for auth_id in queue.agents:
            pbx.log_in_agent(queue.name, auth_id)
    pbx.add_conference(ROOM)
    pbx.numbers |= {ROOM_NUMBER: ROOM, DIRECT_NUMBER: DIRECT_USER}
