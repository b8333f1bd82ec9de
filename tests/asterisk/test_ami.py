"""The engine and a manager interface in every mood: a status that cannot be read is an error, never a guess."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from random import Random
from unittest.mock import patch

import pytest

from script.asterisk_run.office import RealOffice
from simulator.asterisk import AsteriskPbx, Settings, ami, pbx
from simulator.asterisk.pbx import FRESH
from simulator.clock import real_clock
from simulator.engine import PbxError
from simulator.pbx.simulated import SimulatedPbx
from simulator.scenes.scenes import CAST
from tests.asterisk.conftest import ZONE
from tests.helpers.asterisk.scripted_ami import (
    BOOTED,
    Answer,
    Request,
    ScriptedAmi,
    accepted,
    listed,
    nothing_there,
    said,
    tapped,
)

type Start = Callable[[Settings], Awaitable[AsteriskPbx]]

ACTIONS = ("status.users", "status.queues", "status.calls", "status.faxes", "status.conferences", "reports.report")


@pytest.fixture
async def start(socket_enabled: None) -> AsyncIterator[Start]:
    """Return what starts an engine; patience is short here."""
    running: list[AsteriskPbx] = []

    async def start(settings: Settings) -> AsteriskPbx:
        engine = AsteriskPbx(settings, SimulatedPbx(clock=real_clock, rng=Random(1), time_zone=ZONE), ZONE)
        running.append(engine)
        await engine.start()
        return engine

    with patch.object(ami, "TIMEOUT", 0.5):
        yield start
        for engine in running:
            await engine.stop()


async def refuses(engine: AsteriskPbx) -> bool:
    """Tell whether every status is refused."""
    readings: dict[str, Callable[[], object]] = {
        "status.users": engine.users,
        "status.queues": engine.queues,
        "status.calls": engine.calls,
        "status.faxes": engine.faxes,
        "status.conferences": engine.conferences,
        "reports.report": engine.call_records,
    }
    for action, read in readings.items():
        await engine.refresh(action)
        with pytest.raises(PbxError, match="does not answer"):
            read()
    return True


def silent(_: int, __: Request) -> str | None:
    """Take the connection and say nothing."""
    return None


def coming_up(_: int, request: Request) -> str:
    """Answer as an Asterisk whose modules are not loaded yet (tried: for more than a second, with 300 endpoints)."""
    if request["Action"] == "Login":
        return accepted(request)
    return said(request, Response="Error", Message=f"Invalid/unknown command: {request['Action']}.")


def half_an_answer(_: int, request: Request) -> str:
    """Let anybody in, begin each list, and stop in the middle of an event."""
    if request["Action"] == "Login":
        return accepted(request) + BOOTED
    whole = listed(request, {"Event": "QueueParams", "Queue": "sales"})
    return whole[: whole.index("sales")]


@pytest.mark.parametrize("answer", [silent, coming_up, half_an_answer])
async def test_an_interface_that_does_not_answer_makes_no_status(start: Start, answer: Answer) -> None:
    """Else a wallboard would show an empty office while people wait in it."""
    async with ScriptedAmi(answer).listening() as settings:
        assert await refuses(await start(settings))


async def test_an_asterisk_without_anything_is_an_empty_office(start: Start) -> None:
    """Else a fresh Asterisk could not be added before its first phone is."""
    async with ScriptedAmi(nothing_there).listening() as settings:
        engine = await start(settings)
        for action in ACTIONS:
            await engine.refresh(action)
        assert not engine.users()
        assert not engine.queues()
        assert not engine.calls()
        assert not engine.conferences()
        assert not engine.faxes()[0]


async def test_a_connection_that_falls_silent_is_left_for_another(start: Start) -> None:
    """Else a firewall that forgets the connection would blind the wallboard until somebody restarts the engine."""

    def answer(connection: int, request: Request) -> str | None:
        return None if connection == 1 and request["Action"] != "Login" else nothing_there(connection, request)

    interface = ScriptedAmi(answer)
    with patch.object(ami, "RECONNECT", 0), patch.object(pbx, "FRESH", 0):
        async with interface.listening() as settings:
            engine = await start(settings)
            with pytest.raises(PbxError, match="does not answer"):
                engine.users()
            await engine.refresh("status.users")
            assert list(engine.users()) == []
    assert interface.connections == 2


async def test_a_connection_that_ends_in_mid_answer_is_an_error_at_once(start: Start) -> None:
    """Else every request to the vendor's API would hang for seconds while Asterisk restarts."""
    interface = ScriptedAmi(nothing_there)
    with patch.object(ami, "RECONNECT", 0), patch.object(pbx, "FRESH", 0):
        async with interface.listening() as settings:
            engine = await start(settings)
            interface.answer = lambda _, __: interface.drop()
            with patch.object(ami, "TIMEOUT", 3600):
                await engine.refresh("status.conferences")
            with pytest.raises(PbxError, match="does not answer"):
                engine.conferences()


async def test_a_wrong_secret_is_not_tried_again_and_again(start: Start) -> None:
    """Else a guard like fail2ban would lock out the machine that Home Assistant runs on."""

    def answer(_: int, request: Request) -> str:
        return said(request, Response="Error", Message="Authentication failed")

    interface = ScriptedAmi(answer)
    with patch.object(ami, "RECONNECT", 0):
        async with interface.listening() as settings:
            assert await refuses(await start(settings))
    assert interface.asked == ["Login"]


async def test_a_letter_that_comes_in_two_packets_is_whole(start: Start) -> None:
    """Else people would lose letters of their names, each time others, in large offices."""
    people = 1000
    name = "ẞéü" * 40

    def answer(connection: int, request: Request) -> str:
        match request["Action"]:
            case "PJSIPShowEndpoints":
                rows = [{"Event": "EndpointList", "ObjectName": f"user{index}"} for index in range(people)]
                return listed(request, *rows)
            case "PJSIPShowEndpoint":
                user = request["Endpoint"]
                mailbox = f"{user.removeprefix('user')}@default"
                return listed(request, {"Event": "EndpointDetail", "ObjectName": user, "Mailboxes": mailbox})
            case "VoicemailUsersList":
                rows = [{"VMContext": "default", "VoiceMailbox": str(index)} for index in range(people)]
                return listed(request, *({"Event": "VoicemailUserEntry", "Fullname": name} | row for row in rows))
        return nothing_there(connection, request)

    with patch.object(ami, "TIMEOUT", 10):
        async with ScriptedAmi(answer).listening() as settings:
            engine = await start(settings)
            assert {user.name for user in engine.users()} == {name}


async def test_a_wrong_secret_makes_no_status(start: Start, office: RealOffice) -> None:
    """Else a typing mistake would look like an office without phones."""
    right = office.settings
    wrong = Settings(port=right.port, username=right.username, secret="no", queue_log=right.queue_log, cdr=right.cdr)
    assert await refuses(await start(wrong))


async def test_nobody_there_makes_no_status(start: Start) -> None:
    """Else an Asterisk that is down would look like an idle one."""
    async with ScriptedAmi(silent).listening() as settings:
        pass
    assert await refuses(await start(settings))


async def test_a_poll_costs_the_same_for_one_and_for_many_who_ask(start: Start, office: RealOffice) -> None:
    """Else a second Home Assistant would double the load on the phone system."""
    async with tapped(office.settings) as (settings, asked):
        engine = await start(settings)
        costs = {}
        for action in ACTIONS:
            await asyncio.sleep(FRESH)
            before = asked()
            await asyncio.gather(*(engine.refresh(action) for _ in range(20)))
            costs[action] = (asked() - before).total()
    assert costs == {
        "status.users": 3,
        "status.queues": 2,
        "status.calls": 1,
        "status.faxes": 3,
        "status.conferences": 1,
        "reports.report": 1,
    }


async def test_after_a_restart_everything_is_back(start: Start, office: RealOffice) -> None:
    """Else somebody would have to start the engine again after each update of Asterisk."""
    engine = await start(office.settings)
    await engine.refresh("status.queues")
    agents = {agent.auth_id for queue in engine.queues() for agent in queue.agents}
    await asyncio.to_thread(office.server.stop)
    await asyncio.sleep(FRESH)  # what was read a moment ago still serves
    assert await refuses(engine)
    await asyncio.to_thread(office.start_again)
    with patch.object(ami, "TIMEOUT", 10):
        for action in ("status.users", "status.queues"):
            await asyncio.sleep(FRESH)
            await engine.refresh(action)
    assert len(engine.users()) == len(CAST)
    assert {agent.auth_id for queue in engine.queues() for agent in queue.agents} == agents
