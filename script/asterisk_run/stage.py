"""The people of `simulator.scenes` at the real office's phones."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

from script.asterisk_run.configuration import FAX_PAGE, LOOPBACK
from script.asterisk_run.office import RealOffice
from script.asterisk_run.phones import PATIENCE, Outgoing, Phone, Ring, dial, until
from simulator.engine import Engine
from simulator.scenes.scenes import CAST, FAX_MACHINE

FAX_SECONDS = 90
OUTSIDE_DIGITS = 10


@dataclass(slots=True)
class _Call:
    dialed: Outgoing
    phone: Phone | None = None  # where it was answered
    ring: Ring | None = None
    heard: dict[str, int] = field(default_factory=dict)  # how often each phone had rung before this call


class RealStage:
    """Implements `simulator.scenes.scenes.Stage`; TimeoutError where Asterisk does not show what was done."""

    _ids = count(1)

    def __init__(self, office: RealOffice, engine: Engine) -> None:
        self._office = office
        self._engine = engine
        self._calls: dict[str, _Call] = {}

    @property
    def engine(self) -> Engine:
        """Return what answers the vendor's API."""
        return self._engine

    async def call_in(self, number: str, to: str) -> str:
        """Let someone outside dial one of the PBX's numbers."""
        return await asyncio.to_thread(self._dial, to, number, "trunk")

    async def dial(self, auth_id: str, to: str) -> str:
        """Let a user dial."""
        return await asyncio.to_thread(self._dial, to, auth_id, "")

    def _dial(self, to: str, caller: str, line: str) -> str:
        before = self._channels()
        heard = {name: len(phone.rings) for name, phone in self._office.phones.items()}
        call_id = f"call-{next(self._ids)}"
        call = _Call(dial(self._office.sipp, to, caller=caller, line=line, call_id=call_id), heard=heard)
        self._calls[call_id] = call
        channel = f"PJSIP/{line or caller}-"
        until(
            lambda: any(name.startswith(channel) for name in self._channels().keys() - before.keys()),
            f"a channel of {caller}",
        )
        return call_id

    async def answer(self, call: str, auth_id: str) -> None:
        """Let a user pick up, who is being rung."""
        await asyncio.to_thread(self._answer, call, auth_id)

    async def answer_outside(self, call: str) -> None:
        """Let the number outside pick up."""
        await asyncio.to_thread(self._answer, call, "trunk")

    def _answer(self, call_id: str, name: str) -> None:
        call, phone = self._calls[call_id], self._office.phones[name]
        call.ring = until(lambda: self._ring(call, phone), f"{name} ringing")
        call.phone = phone
        call.heard[name] = len(phone.rings)
        phone.do(call.ring.call_id)
        channel = f"PJSIP/{name}-"
        until(
            lambda: any(key.startswith(channel) and bridge for key, bridge in self._channels().items()),
            f"{name} talking",
        )

    def _ring(self, call: _Call, phone: Phone) -> Ring | None:
        """Return what rings at a phone since the call was made, with the caller's number."""
        rings = phone.rings[call.heard.get(phone.name, 0) :]
        shown = {call.dialed.caller, *(user.ext for user in CAST if user.auth_id == call.dialed.caller)}
        return next((ring for ring in rings if ring.caller in shown or phone.name == "trunk"), None)

    async def hang_up(self, call: str) -> None:
        """Let the one who dialed hang up."""
        await asyncio.to_thread(self._hang_up, call)

    def _hang_up(self, call_id: str) -> None:
        call = self._calls.pop(call_id)
        before = len(self._channels())
        call.dialed.hang_up()
        until(lambda: len(self._channels()) < before or before == 0, "the call's end")

    async def transfer(self, call: str, to: str) -> None:
        """Let the user who answered pass the call on, blind (RFC 3515)."""
        known = self._calls[call]
        if known.phone is None or known.ring is None:
            raise LookupError(f"Nobody has answered {call}")
        target = f"sip:{to}@{LOOPBACK}:{self._office.ports.sip}"
        known.phone.do(known.ring.call_id, X_Do="refer", X_To=target)
        name = f"PJSIP/{known.phone.name}-"
        await self._until(lambda: not any(key.startswith(name) for key in self._channels()), "the transfer")

    async def at_queue(self, call: str) -> None:
        """Wait until the caller waits in a queue: who hangs up before was never in one."""
        there = ["Queue", self._calls[call].dialed.caller]
        await self._until(lambda: there in [[row[5], row[7]] for row in self._rows()], "the queue")

    async def at_voicemail(self, call: str) -> None:
        """Wait until the caller has been sent to a mailbox."""
        del call
        await self._until(lambda: "!VoiceMail!" in self._office.console("core show channels concise"), "voicemail")

    async def leave_message(self, call: str, seconds: float) -> None:
        """Let a caller at a mailbox speak for some seconds and hang up."""
        await self.wait(seconds)
        await self.hang_up(call)

    async def pause(self, auth_id: str, reason: str) -> None:
        """Let an agent pause in all queues."""
        for queue in self._queues_of(auth_id):
            await self._console(f"queue pause member PJSIP/{auth_id} queue {queue} reason {reason}")

    async def resume(self, auth_id: str) -> None:
        """Let an agent be available again."""
        for queue in self._queues_of(auth_id):
            await self._console(f"queue unpause member PJSIP/{auth_id} queue {queue}")

    async def log_out(self, auth_id: str) -> None:
        """Take an agent out of all queues."""
        for queue in self._queues_of(auth_id):
            await self._console(f"queue remove member PJSIP/{auth_id} from {queue}")

    async def log_in(self, queue: str, auth_id: str) -> None:
        """Put an agent into a queue."""
        await self._console(f"queue add member PJSIP/{auth_id} to {queue}")

    async def unregister(self, auth_id: str) -> None:
        """Switch a phone off."""
        await asyncio.to_thread(self._office.phones[auth_id].register, 0)

    async def register(self, auth_id: str) -> None:
        """Switch a phone on, and wait until Asterisk has reached it."""
        await asyncio.to_thread(self._office.phones[auth_id].register)
        await self._until(
            lambda: (
                f"{auth_id}/sip:" in self._office.console("pjsip show contacts").replace("\n", " ")
                and any(auth_id in line and "Avail" in line for line in self._contacts())
            ),
            f"{auth_id} registered",
        )

    def _contacts(self) -> list[str]:
        return self._office.console("pjsip show contacts").splitlines()

    async def send_fax(self, auth_id: str, to: str) -> None:
        """Let a user send one page, by a call file as fax servers do."""
        folder = self._office.binaries.inside(self._office.folder)
        lines = {
            "Channel": f"PJSIP/{to}@faxline",
            "CallerID": f"<{next(user.ext for user in CAST if user.auth_id == auth_id)}>",
            "Account": auth_id,
            "Context": "fax",
            "Extension": to,
            "Priority": "1",
            "MaxRetries": "0",
            "Setvar": f"FAX_PAGE={folder / FAX_PAGE}",
        }
        spool: Path = self._office.folder / "spool"
        draft = spool / f"fax-{next(self._ids)}.call"
        draft.write_text("".join(f"{key}: {value}\n" for key, value in lines.items()), "utf-8")
        draft.rename(spool / "outgoing" / draft.name)
        await self._until(lambda: self._faxing() or to != FAX_MACHINE, "the fax's session")

    def _faxing(self) -> bool:
        return "!SendFAX!" in self._office.console("core show channels concise")

    async def fax_done(self) -> None:
        """Wait until no fax is on its way."""
        await self._until(lambda: not self._faxing(), "the fax's end", FAX_SECONDS)

    async def wait(self, seconds: float) -> None:
        """Let time pass."""
        await asyncio.sleep(seconds)

    def _queues_of(self, auth_id: str) -> list[str]:
        return [queue.name for queue in self._office.queues if auth_id in queue.agents]

    def _channels(self) -> dict[str, str]:
        """Return the channels and the bridge that each is in."""
        return {row[0]: row[-2] for row in self._rows()}

    def _rows(self) -> list[list[str]]:
        """Return what the console says of each channel: name, context, number, step, state, application, and more."""
        lines = self._office.console("core show channels concise").splitlines()
        return [line.split("!") for line in lines if "!" in line]

    async def _console(self, command: str) -> None:
        await asyncio.to_thread(self._office.console, command)

    async def _until(self, look: Callable[[], bool], what: str, seconds: float = PATIENCE) -> None:
        await asyncio.to_thread(until, look, what, seconds)
