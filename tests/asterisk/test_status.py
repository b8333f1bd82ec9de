"""What Asterisk is told as in offices of other people: names, lines and phones that the office of the scenes lacks."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from random import Random
import re
import shutil
from string import Template
from unittest.mock import patch

import pytest
import pytest_socket

from script.asterisk_run import configuration
from script.asterisk_run.office import RealOffice
from script.asterisk_run.phones import Outgoing, Phone, Sipp, dial, until
from script.asterisk_run.server import Server
from script.demo_run.processes import free_port
from simulator.asterisk import AsteriskPbx, Settings, pbx
from simulator.asterisk.directory import Directory
from simulator.clock import real_clock
from simulator.models import DeviceState, Direction, LiveCall, Registration
from simulator.pbx.simulated import SimulatedPbx
from tests.asterisk.conftest import ZONE
from tests.helpers.asterisk.console import plain

TEMPLATES = Path(__file__).parent / "freepbx"


class OtherOffice:
    """An Asterisk as FreePBX configures it: extensions as names, agents by the dialplan, a line that is not PJSIP."""

    def __init__(self, like: RealOffice, stack: ExitStack) -> None:
        folder = like.binaries.new_folder()
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        self.ports = {name: free_port() for name in ("ami", "sip", "phone", "nobody", "outside", "iax")}
        files = {
            path.name: Template(path.read_text("utf-8")).substitute(self.ports) for path in TEMPLATES.glob("*.conf")
        }
        modules = (configuration.ETC / "modules.conf").read_text("utf-8")
        files["modules.conf"] = modules.replace("noload = chan_iax2.so\n", "")
        files["cdr_custom.conf"] = "[mappings]\n"
        self.server = Server(like.binaries, folder, files)
        stack.callback(self.server.kill)
        self.server.start()
        self.sipp = Sipp(like.binaries, folder, self.ports["sip"])
        stack.callback(self.sipp.stop)
        self.phone = Phone(self.sipp, "201", self.ports["phone"])
        self.outside = Phone(self.sipp, "outside", self.ports["outside"])

    @property
    def settings(self) -> Settings:
        """Return what the engine needs to know."""
        logs = self.server.folder / "log"
        return Settings(
            port=self.ports["ami"], username="dls", secret="made-up", queue_log=logs / "queue_log", cdr=logs / "none"
        )

    def console(self, command: str) -> str:
        """Return what `asterisk -rx` says."""
        return plain(self.server.console(command))

    async def says(self, command: str, pattern: str) -> re.Match[str]:
        """Wait until the console says this."""
        return await asyncio.to_thread(until, lambda: re.search(pattern, self.console(command)), pattern)

    def write(self, name: str, old: str, new: str) -> None:
        """Change a configuration file."""
        path = self.server.folder / "etc" / name
        path.write_text(path.read_text("utf-8").replace(old, new), "utf-8")


@pytest.fixture(scope="module")
def other(office: RealOffice) -> Iterator[OtherOffice]:
    """Run it beside the office of the scenes."""
    pytest_socket.enable_socket()
    with ExitStack() as stack:
        yield OtherOffice(office, stack)


@pytest.fixture
async def engine(socket_enabled: None, other: OtherOffice) -> AsyncIterator[AsteriskPbx]:
    """Connect to it; each look is a new one."""
    rest = SimulatedPbx(clock=real_clock, rng=Random(1), time_zone=ZONE)
    engine = AsteriskPbx(other.settings, rest, ZONE)
    with patch.object(pbx, "FRESH", 0):
        await engine.start()
        yield engine
        await engine.stop()
        other.console("channel request hangup all")
        await other.says("core show channels count", "^0 active channels")


async def queue_calls(engine: AsteriskPbx) -> list[LiveCall]:
    """Return the calls that are in a queue."""
    await engine.refresh("status.calls")
    return [call for call in engine.calls() if call.connected_to.startswith("Queue:")]


async def test_names_come_through_as_they_are(engine: AsteriskPbx) -> None:
    """Else people find neither themselves nor the one they look for."""
    assert {user.ext: user.name for user in engine.users()} == {
        "201": "Ana Ünal",
        "202": """Bob "Bobby" O'Neil""",
        "203": "Žofie",
        "204": """José "Pepe" Núñez, Jr.""",  # has no mailbox, so that the caller ID tells
    }


async def test_phones_that_need_not_register_are_as_the_console_says(engine: AsteriskPbx, other: OtherOffice) -> None:
    """Else a phone with a fixed address would be shown as switched off for ever."""
    for user, word in {"201": "Avail", "202": "Unavail", "203": "NonQual"}.items():
        await other.says("pjsip show contacts", rf"{user}/sip:\S+ +\S+ {word} ")
    other.write("voicemail.conf", "\n[default]\n", "\n; read anew\n[default]\n")
    other.console("module reload app_voicemail.so")
    await engine.refresh("status.users")
    shown = {user.ext: (user.registration, user.host, user.port) for user in engine.users()}
    nobody = other.ports["nobody"]
    assert shown == {
        "201": (Registration.OK, "127.0.0.1", other.ports["phone"]),
        "202": (Registration.UNREACHABLE, "127.0.0.1", nobody),
        "203": (Registration.UNMONITORED, "[::1]", nobody),
        "204": (Registration.UNKNOWN, None, 0),
    }


async def test_agents_that_the_dialplan_names_are_known(engine: AsteriskPbx, other: OtherOffice) -> None:
    """Else with FreePBX no agent would have a phone, an extension or a name."""
    await other.says("queue show 400", r"Ana, at the door .*\(Not in use\)")
    await engine.refresh("status.queues")
    [queue] = engine.queues()
    agents = {agent.auth_id: agent for agent in queue.agents}
    assert {key: (agent.name, agent.penalty, agent.dynamic) for key, agent in agents.items()} == {
        "201": ("Ana Ünal", 0, False),
        "202": ("""Bob "Bobby" O'Neil""", 5, False),
    }
    assert agents["201"].device_state is DeviceState.NOT_IN_USE
    assert agents["202"].device_state is DeviceState.UNAVAILABLE
    seconds = re.search(r"Ana, at the door .*\(login was (\d+) secs ago\)", other.console("queue show 400"))
    assert seconds is not None
    since = agents["201"].logged_in_at
    assert since is not None
    assert abs((engine.now() - since).total_seconds() - int(seconds[1])) <= 2


@pytest.fixture
def dialed(other: OtherOffice) -> Iterator[Callable[..., Outgoing]]:
    """Return what lets somebody dial."""

    def call(to: str, caller: str, line: str = "") -> Outgoing:
        return dial(other.sipp, to, caller=caller, line=line, call_id=f"{caller}-{to}")

    return call


async def test_a_call_by_way_of_a_local_channel_is_one_call(
    engine: AsteriskPbx, other: OtherOffice, dialed: Callable[..., Outgoing]
) -> None:
    """Else each of FreePBX's queue calls would be shown three times, or the agent as talking to nobody."""
    call = dialed("400", "8155550123", "trunk")
    await other.says("queue show 400", r"1\. PJSIP/trunk-")
    [waiting] = await calls_when(engine, 1)
    assert (waiting.direction, waiting.connected_to, waiting.caller_id) == (
        Direction.INBOUND,
        "Queue:400",
        "8155550123",
    )
    ring = await asyncio.to_thread(until, lambda: next(iter(other.phone.rings), None), "201 ringing")
    other.phone.do(ring.call_id)
    await other.says("queue show 400", r"Ana, at the door .*\(in call\)")
    await engine.refresh("status.queues")
    assert await queue_calls(engine) == [waiting]
    agent = next(agent for agent in engine.queues()[0].agents if agent.auth_id == "201")
    assert (agent.device_state, agent.in_call) == (DeviceState.IN_USE, True)
    assert agent.connected_to == "8155550123"
    call.hang_up()


async def test_a_caller_keeps_the_time_at_which_they_joined(
    engine: AsteriskPbx, other: OtherOffice, dialed: Callable[..., Outgoing]
) -> None:
    """Else a caller's wait would jump with every look, and the alert for it come and go."""
    dialed("400", "anonymous", "trunk")
    await other.says("queue show 400", r"1\. PJSIP/trunk-")
    seen, waited = set(), 0
    while waited < 4:
        await engine.refresh("status.queues")
        [caller] = engine.queues()[0].callers
        seen.add(caller.joined_at)
        wait = await other.says("queue show 400", r"\(wait: 0:(\d+)")
        waited = int(wait[1])
    assert caller.number == "anonymous"
    assert (max(seen) - min(seen)).total_seconds() <= 1
    assert abs((engine.now() - caller.joined_at).total_seconds() - waited) <= 2


async def test_a_call_from_a_line_that_is_no_endpoint_is_inbound(engine: AsteriskPbx, other: OtherOffice) -> None:
    """Else callers on an analog or IAX line would wait unseen."""
    other.console(f"channel originate IAX2/guest@127.0.0.1:{other.ports['iax']}/400 application Wait 60")
    await other.says("queue show 400", r"1\. IAX2/")
    [call] = await queue_calls(engine)
    assert (call.direction, call.caller_id, call.extension) == (Direction.INBOUND, None, None)
    await engine.refresh("status.queues")
    assert [caller.number for caller in engine.queues()[0].callers] == [""]


async def test_a_number_dialed_by_way_of_a_macro_is_shown(
    engine: AsteriskPbx, other: OtherOffice, dialed: Callable[..., Outgoing]
) -> None:
    """Else with FreePBX everybody would talk to a number called "s"."""
    call = dialed("8155550177", "201")
    await other.says("core show channels concise", r"PJSIP/trunk-\S+!")
    [shown] = await calls_when(engine, 1)
    assert (shown.direction, shown.connected_to) == (Direction.OUTBOUND, "8155550177")
    assert shown.extension is not None
    assert shown.extension.ext == "201"
    await engine.refresh("status.queues")
    agent = next(agent for agent in engine.queues()[0].agents if agent.auth_id == "201")
    assert agent.connected_to == "8155550177"
    call.hang_up()


async def calls_when(engine: AsteriskPbx, count: int) -> list[LiveCall]:
    """Wait until there are so many calls."""
    async with asyncio.timeout(20):
        while True:
            await engine.refresh("status.calls")
            if len(calls := list(engine.calls())) == count:
                return calls


async def name_when(engine: AsteriskPbx, ext: str, told: Callable[[str | None], bool]) -> str | None:
    """Wait until a user's name is like this."""
    async with asyncio.timeout(20):
        while True:
            await engine.refresh("status.users")
            names = {user.ext: user.name for user in engine.users()}
            if told(names.get(ext)):
                return names[ext]


async def test_a_new_name_is_there_after_a_reload(engine: AsteriskPbx, other: OtherOffice) -> None:
    """Else somebody who married is called by the old name for minutes, or until a restart."""
    other.write("pjsip.conf", 'callerid = "José', 'callerid = "Joséphine')
    other.console("core reload")
    assert await name_when(engine, "204", lambda name: name != 'José "Pepe" Núñez, Jr.')


async def test_somebody_new_is_there_after_a_reload(engine: AsteriskPbx, other: OtherOffice) -> None:
    """Else whoever gets a phone is not there for minutes, or until a restart."""
    other.write("pjsip.conf", "[201](user)", "[205](user)\nmailboxes = 205@default\n[201](user)")
    other.write("voicemail.conf", "203 => 0000,Žofie", "203 => 0000,Žofie\n205 => 0000,Novák")
    other.console("core reload")
    assert await name_when(engine, "205", bool) == "Novák"


def test_a_slow_phone_is_lagged() -> None:
    """Else a phone that hears two seconds late would look well."""
    detail = {"Event": "EndpointDetail", "ObjectName": "201", "Mailboxes": "201@default", "Callerid": "Ana <201>"}
    directory = Directory([detail])
    for usec, expected in {
        "1999000": (Registration.OK, 1999),
        "2001000": (Registration.LAGGED, 2001),
        "250": (Registration.OK, 1),
    }.items():
        # Of a real one, Asterisk 22.
        contact = {
            "Event": "ContactList",
            "ObjectName": "201;@a392aefbe76c7e40261a7c4a5cb53717",
            "Uri": "sip:201@192.0.2.7:5062;line=1",
            "Status": "Reachable",
            "RoundtripUsec": usec,
            "Endpoint": "201",
        }
        directory.update((), [contact], ())
        user = directory.users["201"]
        assert (user.registration, user.latency_ms) == expected
        assert (user.host, user.port) == ("192.0.2.7", 5062)
