"""Scenes of an office day that can be played on every engine, by the same people, to see whether they agree.

A scene acts through a `Stage` and stops at each moment worth looking at: it yields the moment's name.
"""

from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from typing import Final, Protocol

from simulator.engine import Engine


@dataclass(frozen=True, slots=True, kw_only=True)
class SceneUser:
    """A user with a phone and a mailbox."""

    ext: str
    name: str
    tenant: str
    auth_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SceneQueue:
    """A queue, its agents' auth IDs in order, and after how many seconds its callers go to voicemail."""

    name: str
    strategy: str
    number: str  # who dials it from outside gets here
    agents: tuple[str, ...]
    timeout: int | None = None
    mailbox: str | None = None  # the auth ID of whose it is


# Names and tenants with hyphens, an apostrophe, spaces: what must never be split blindly.
CAST: Final = (
    SceneUser(ext="630", name="Tom", tenant="default", auth_id="beaucrn6"),
    SceneUser(ext="631", name="Jerry Ortega", tenant="default", auth_id="cpirg16m"),
    SceneUser(ext="632", name="Ana-Maria Lopez", tenant="default", auth_id="dmx07qpa"),
    SceneUser(ext="633", name="Jim O'Neil", tenant="default", auth_id="ew2kk41z"),
    SceneUser(ext="634", name="Front Desk - Lobby", tenant="default", auth_id="fhp9r3tc"),
    SceneUser(ext="985", name="Example User 1", tenant="default-Jerma", auth_id="gz5n8vby"),
    SceneUser(ext="986", name="Example User 2", tenant="default-Jerma", auth_id="hk3w6jds"),
    SceneUser(ext="630", name="Tomasz", tenant="default-Jerma", auth_id="jq1c9mxe"),
)
SUPPORT: Final = SceneQueue(
    name="support_queue", strategy="ringall", number="8475550100", agents=("beaucrn6", "cpirg16m")
)
SALES: Final = SceneQueue(
    name="sales",
    strategy="rrmemory",
    number="8475550110",
    agents=("dmx07qpa", "gz5n8vby"),
    timeout=6,
    mailbox="dmx07qpa",
)
QUEUES: Final = (SUPPORT, SALES)
ROOM: Final = "2000"
ROOM_NUMBER: Final = "8475550120"  # the room's, from outside
DIRECT_NUMBER: Final = "8475550133"
DIRECT_USER: Final = "ew2kk41z"  # whose it is
FAX_MACHINE: Final = "8155550177"  # outside; takes faxes
VOICE_LINE: Final = "8155550166"  # outside; a person answers, so a fax fails
CALLER: Final = "8155550123"
OTHER_CALLER: Final = "8155550124"
FAX_ATTEMPTS: Final = 1


class Stage(Protocol):
    """A PBX and the people at its phones. A verb returns when the PBX shows what was done; LookupError if it can't be.

    Users are named by auth ID. A call is known by a handle of the stage's own.
    """

    @property
    def engine(self) -> Engine:
        """Return what answers the vendor's API."""

    async def call_in(self, number: str, to: str) -> str:
        """Let someone outside dial one of the PBX's numbers."""

    async def dial(self, auth_id: str, to: str) -> str:
        """Let a user dial an extension of the same tenant, a room, a queue or a number outside."""

    async def answer(self, call: str, auth_id: str) -> None:
        """Let a user pick up, who is being rung."""

    async def answer_outside(self, call: str) -> None:
        """Let the number outside pick up."""

    async def hang_up(self, call: str) -> None:
        """Let the one who dialed hang up, in whatever state the call is."""

    async def transfer(self, call: str, to: str) -> None:
        """Let the user who answered pass the call on, blind, to an extension of the same tenant."""

    async def at_voicemail(self, call: str) -> None:
        """Wait until the caller has been sent to a mailbox."""

    async def leave_message(self, call: str, seconds: float) -> None:
        """Let a caller at a mailbox speak for some seconds and hang up."""

    async def pause(self, auth_id: str, reason: str) -> None:
        """Let an agent pause in all queues."""

    async def resume(self, auth_id: str) -> None:
        """Let an agent be available again."""

    async def log_out(self, auth_id: str) -> None:
        """Take an agent out of all queues."""

    async def log_in(self, queue: str, auth_id: str) -> None:
        """Put an agent into a queue."""

    async def unregister(self, auth_id: str) -> None:
        """Switch a phone off."""

    async def register(self, auth_id: str) -> None:
        """Switch a phone on."""

    async def send_fax(self, auth_id: str, to: str) -> None:
        """Let a user send one page; returns when it is on its way."""

    async def fax_done(self) -> None:
        """Wait until no fax is on its way."""

    async def wait(self, seconds: float) -> None:
        """Let time pass."""


type Scene = Callable[[Stage], AsyncIterator[str]]


async def call_is_answered(stage: Stage) -> AsyncIterator[str]:
    """Play a call that waits in a queue, is answered by an agent, and ends."""
    call = await stage.call_in(CALLER, SUPPORT.number)
    yield "waiting"
    await stage.wait(2)
    await stage.answer(call, "cpirg16m")
    yield "talking"
    await stage.wait(2)
    await stage.hang_up(call)
    yield "over"


async def call_is_abandoned(stage: Stage) -> AsyncIterator[str]:
    """Play a caller who waits behind another one and gives up, and one who is answered after that."""
    first = await stage.call_in(CALLER, SUPPORT.number)
    second = await stage.call_in(OTHER_CALLER, SUPPORT.number)
    yield "two waiting"
    await stage.wait(2)
    await stage.hang_up(first)
    yield "one left"
    await stage.answer(second, "beaucrn6")
    await stage.wait(1)
    await stage.hang_up(second)
    yield "over"


async def agents_pause(stage: Stage) -> AsyncIterator[str]:
    """Play agents who pause, one with a reason, so that only the other one rings; and one who logs out and in."""
    await stage.pause("beaucrn6", "lunch")
    yield "paused"
    call = await stage.call_in(CALLER, SUPPORT.number)
    yield "one rings"
    await stage.answer(call, "cpirg16m")
    await stage.wait(1)
    await stage.hang_up(call)
    await stage.resume("beaucrn6")
    await stage.log_out("cpirg16m")
    yield "logged out"
    await stage.log_in(SUPPORT.name, "cpirg16m")
    yield "back"


async def queue_overflows(stage: Stage) -> AsyncIterator[str]:
    """Play a caller whom nobody answers, who is sent to voicemail and leaves a message."""
    call = await stage.call_in(CALLER, SALES.number)
    yield "waiting"
    await stage.at_voicemail(call)
    yield "at the mailbox"
    await stage.leave_message(call, 4)
    yield "over"


async def call_is_transferred(stage: Stage) -> AsyncIterator[str]:
    """Play an agent who passes a queue's caller on to a colleague, blind."""
    call = await stage.call_in(CALLER, SUPPORT.number)
    await stage.answer(call, "beaucrn6")
    await stage.wait(1)
    await stage.transfer(call, "633")
    yield "rings at the colleague"
    await stage.answer(call, "ew2kk41z")
    yield "talking to the colleague"
    await stage.wait(1)
    await stage.hang_up(call)
    yield "over"


async def people_confer(stage: Stage) -> AsyncIterator[str]:
    """Play two users and someone outside who meet in a room."""
    first = await stage.dial("fhp9r3tc", ROOM)
    yield "alone"
    second = await stage.dial("beaucrn6", ROOM)
    outside = await stage.call_in(CALLER, ROOM_NUMBER)
    yield "three"
    await stage.wait(1)
    for call in (outside, first, second):
        await stage.hang_up(call)
    yield "over"


async def fax_is_sent(stage: Stage) -> AsyncIterator[str]:
    """Play a fax that arrives."""
    await stage.send_fax("ew2kk41z", FAX_MACHINE)
    yield "on its way"
    await stage.fax_done()
    yield "over"


async def fax_fails(stage: Stage) -> AsyncIterator[str]:
    """Play a fax that reaches a person."""
    await stage.send_fax("ew2kk41z", VOICE_LINE)
    yield "on its way"
    await stage.fax_done()
    yield "over"


async def colleagues_talk(stage: Stage) -> AsyncIterator[str]:
    """Play an internal call."""
    call = await stage.dial("fhp9r3tc", "633")
    yield "ringing"
    await stage.wait(1)
    await stage.answer(call, "ew2kk41z")
    yield "talking"
    await stage.wait(2)
    await stage.hang_up(call)
    yield "over"


async def colleague_is_out(stage: Stage) -> AsyncIterator[str]:
    """Play an internal call that nobody answers."""
    call = await stage.dial("hk3w6jds", "985")
    yield "ringing"
    await stage.wait(2)
    await stage.hang_up(call)
    yield "over"


async def call_is_direct(stage: Stage) -> AsyncIterator[str]:
    """Play someone outside who dials a user's own number, and talks."""
    call = await stage.call_in(CALLER, DIRECT_NUMBER)
    yield "ringing"
    await stage.answer(call, "ew2kk41z")
    yield "talking"
    await stage.wait(1)
    await stage.hang_up(call)
    yield "over"


async def call_goes_out(stage: Stage) -> AsyncIterator[str]:
    """Play a user who dials a number outside."""
    call = await stage.dial("ew2kk41z", OTHER_CALLER)
    yield "ringing"
    await stage.answer_outside(call)
    yield "talking"
    await stage.wait(1)
    await stage.hang_up(call)
    yield "over"


async def phone_unregisters(stage: Stage) -> AsyncIterator[str]:
    """Play an agent's phone that is switched off and on."""
    await stage.unregister("cpirg16m")
    yield "off"
    await stage.register("cpirg16m")
    yield "on"


SCENES: Final[Mapping[str, Scene]] = {
    scene.__name__: scene
    for scene in (
        call_is_answered,
        call_is_abandoned,
        agents_pause,
        queue_overflows,
        call_is_transferred,
        people_confer,
        fax_is_sent,
        fax_fails,
        colleagues_talk,
        colleague_is_out,
        call_is_direct,
        call_goes_out,
        phone_unregisters,
    )
}
