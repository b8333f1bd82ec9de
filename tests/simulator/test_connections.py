"""Connections as clients meet them: kept, counted, closed while idle; and answers that come packed."""

import asyncio

import aiohttp
import pytest

from simulator.app import Simulator
from simulator.pbx.simulated import SimulatedPbx
from tests.simulator.conftest import CREDENTIALS

USERS = "/api/v1/status.php?api_action=users"


async def _ask(sim: Simulator, session: aiohttp.ClientSession, **headers: str) -> aiohttp.ClientResponse:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    async with session.post(f"{sim.url}{USERS}", json=CREDENTIALS, headers=named) as response:
        await response.read()
        return response


async def test_connections_are_kept_and_counted(sim: Simulator, session: aiohttp.ClientSession) -> None:
    """Who counts handshakes has to count all of them, and none twice."""
    for _ in range(3):
        await _ask(sim, session)
    await _ask(sim, session, Connection="close")
    await _ask(sim, session)
    assert [request.connection for request in sim.requests] == [1, 1, 1, 1, 2]
    assert sim.connections_opened == 2


async def test_the_control_interface_counts_for_nothing(sim: Simulator, session: aiohttp.ClientSession) -> None:
    """Whoever watches the PBX would otherwise change what they see."""
    async with session.get(f"{sim.origin}/control/state") as response:
        assert response.status == 200
    assert sim.connections_opened == 0


async def test_idle_connections_close_on_order(sim: Simulator, session: aiohttp.ClientSession) -> None:
    """As they do after five seconds at one server, after 75 at another."""
    await _ask(sim, session)
    async with aiohttp.ClientSession() as other, other.post(f"{sim.origin}/control/close_idle") as response:
        assert await response.json() == {"result": 1}
    await _ask(sim, session)
    assert [request.connection for request in sim.requests] == [1, 2]


async def test_idle_connections_close_by_themselves(pbx: SimulatedPbx) -> None:
    """Nobody has to order it: the client sees the end of the line, and nothing else."""
    async with Simulator(pbx, keep_alive=0.01) as sim:
        reader, writer = await asyncio.open_connection("127.0.0.1", sim.port)
        writer.write(f"POST {USERS} HTTP/1.1\r\nHost: pbx\r\nContent-Length: 2\r\n\r\n{{}}".encode())
        assert (await reader.readline()).startswith(b"HTTP/1.1 200")
        await reader.read()  # to the end, or for ever
        writer.close()


@pytest.mark.parametrize("packing", ["gzip", "deflate"])
async def test_answers_are_packed_for_who_can_read_them(
    sim: Simulator, session: aiohttp.ClientSession, packing: str
) -> None:
    """A PBX that packs everything would be one that old clients cannot read."""
    sim.control.quirk(packing=packing)
    assert (await _ask(sim, session, Accept_Encoding="gzip, deflate")).headers.get("Content-Encoding") == packing
    assert "Content-Encoding" not in (await _ask(sim, session, Accept_Encoding="identity")).headers
