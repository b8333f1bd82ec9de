"""The engine and a manager interface in every mood: a status that cannot be read is an error, never a guess."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from random import Random
from unittest.mock import patch

import pytest

from script.asterisk_run.office import RealOffice
from simulator.asterisk import AsteriskPbx, Settings, ami
from simulator.asterisk.pbx import FRESH
from simulator.clock import real_clock
from simulator.facts import PbxError
from simulator.pbx import SimulatedPbx
from simulator.scenes import CAST
from tests.asterisk.conftest import ZONE

type Start = Callable[[Settings], Awaitable[AsteriskPbx]]
type Conversation = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


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


async def listening(conversation: Conversation) -> tuple[asyncio.Server, Settings]:
    """Return a manager interface that talks like this."""
    server = await asyncio.start_server(conversation, "127.0.0.1", 0)
    nowhere = Path("/nonexistent")
    port = server.sockets[0].getsockname()[1]
    return server, Settings(port=port, username="dls", secret="x", queue_log=nowhere, cdr=nowhere)


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


async def silence(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Take the connection and say nothing."""
    writer.write(b"Asterisk Call Manager/11.0.0\r\n")
    await writer.drain()


async def half_an_answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Let anybody in, begin each list, and stop in the middle of an event."""
    writer.write(b"Asterisk Call Manager/11.0.0\r\n")
    while request := await reader.readuntil(b"\r\n\r\n"):
        fields = dict(line.split(": ", 1) for line in request.decode().split("\r\n") if ": " in line)
        head = f"Response: Success\r\nActionID: {fields['ActionID']}\r\n"
        if fields["Action"] == "Login":
            writer.write(f"{head}Message: Authentication accepted\r\n\r\n".encode())
        else:
            writer.write(f"{head}EventList: start\r\n\r\nEvent: QueueParams\r\nActionID: {fields['ActionID']}".encode())


@pytest.mark.parametrize("conversation", [silence, half_an_answer])
async def test_an_interface_that_does_not_answer_makes_no_status(start: Start, conversation: Conversation) -> None:
    """Else a wallboard would show an empty office while people wait in it."""
    server, settings = await listening(conversation)
    async with server:
        assert await refuses(await start(settings))


async def test_a_wrong_secret_makes_no_status(start: Start, office: RealOffice) -> None:
    """Else a typing mistake would look like an office without phones."""
    right = office.settings
    wrong = Settings(port=right.port, username=right.username, secret="no", queue_log=right.queue_log, cdr=right.cdr)
    assert await refuses(await start(wrong))


async def test_nobody_there_makes_no_status(start: Start) -> None:
    """Else an Asterisk that is down would look like an idle one."""
    server, settings = await listening(silence)
    server.close()
    assert await refuses(await start(settings))


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
