"""The way to the PBX: where no connection comes about, nothing was sent; a redirect is no way; reads share connections.

Of a connection that the PBX closes nobody hears: what only reads is asked again, what changes it had one of its own.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
import socket
import ssl
import tracemalloc

import aiohttp
import pytest

from custom_components.dls_pbx.api import (
    DlsPbxClient,
    DlsPbxConnectionError,
    DlsPbxRequestError,
    DlsPbxResponseError,
    DlsPbxUnreachableError,
    HttpConnections,
    Obstacle,
)
from custom_components.dls_pbx.api.connections import MAX_BODY
from simulator.app import Simulator
from simulator.clock import ManualClock
from simulator.pbx.simulated import SimulatedPbx
from tests.helpers.api_requests import CHANGES, REQUESTS, STATUS
from tests.helpers.office import KEY, USERNAME
from tests.helpers.scripted_server import Scripted
from tests.helpers.tls import EXPIRED, OTHER_HOST, self_signed


@contextmanager
def memory_watched() -> Iterator[Callable[[], int]]:
    """Yield what tells the most memory, in bytes, that Python had at a time from now on."""
    tracemalloc.start()
    try:
        yield lambda: tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


async def test_a_pbx_that_is_down_was_never_reached(sim: Simulator, client: DlsPbxClient) -> None:
    """Then, and only then, sending again is safe; and it is back when it is back."""
    await sim.stop()
    with pytest.raises(DlsPbxUnreachableError, match="cannot be reached") as raised:
        await client.send_sms(["630"], "Hello")
    assert raised.value.obstacle is Obstacle.CONNECTION_REFUSED
    await sim.start()
    assert (await client.send_sms(["630"], "Hello")).message_id


async def test_a_name_that_nobody_knows_was_never_reached(connections: HttpConnections) -> None:
    """A typing error in the address is told as what it is."""
    client = DlsPbxClient(connections, "http://pbx.invalid", USERNAME, KEY)
    with pytest.raises(DlsPbxUnreachableError) as raised:
        await client.users()
    assert raised.value.obstacle is Obstacle.UNKNOWN_HOST


async def test_a_connection_that_nobody_answers_was_never_reached(connections: HttpConnections) -> None:
    """A firewall that swallows packets is no PBX that thinks."""
    with ExitStack() as stack:
        listener = stack.enter_context(socket.socket())
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        # A full queue: Linux leaves whoever else calls without an answer.
        for _ in range(4):
            waiting = stack.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(listener.getsockname())
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        client = DlsPbxClient(connections, url, USERNAME, KEY, timeout=aiohttp.ClientTimeout(total=30, connect=0.1))
        with pytest.raises(DlsPbxUnreachableError, match="no answer to the connection"):
            await client.users()


@pytest.fixture
async def untrusted(pbx: SimulatedPbx, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Simulator]:
    """Return the office behind a certificate that nobody trusts."""
    context, _ = self_signed(tmp_path_factory.mktemp("tls"))
    async with Simulator(pbx, ssl_context=context) as sim:
        yield sim


async def test_a_certificate_that_is_not_valid_gets_no_key(untrusted: Simulator, connections: HttpConnections) -> None:
    """Whoever sits between us and the PBX would have it."""
    client = DlsPbxClient(connections, untrusted.url, USERNAME, KEY)
    with pytest.raises(DlsPbxUnreachableError, match="certificate"):
        await client.users()
    assert untrusted.requests == []


@pytest.mark.parametrize(
    ("certificate", "is_trusted", "obstacle"),
    [
        (EXPIRED, True, Obstacle.CERTIFICATE_EXPIRED),
        (OTHER_HOST, True, Obstacle.CERTIFICATE_OTHER_HOST),
        (OTHER_HOST, False, Obstacle.CERTIFICATE_SELF_SIGNED),
    ],
    ids=["expired", "other_host", "self_signed"],
)
async def test_what_is_wrong_with_a_certificate_is_told(
    pbx: SimulatedPbx, tmp_path: Path, certificate: bytes, is_trusted: bool, obstacle: Obstacle
) -> None:
    """Each has another way out: renew it, use its name, or trust one's own."""
    context, path = self_signed(tmp_path, certificate)
    trust = ssl.create_default_context(cafile=path if is_trusted else None)
    async with Simulator(pbx, ssl_context=context) as sim, HttpConnections(ssl=trust) as connections:
        with pytest.raises(DlsPbxUnreachableError, match="certificate") as raised:
            await DlsPbxClient(connections, sim.url, USERNAME, KEY).users()
    assert raised.value.obstacle is obstacle
    assert "SSL" not in str(raised.value)


async def test_an_encryption_that_the_other_end_does_not_know_is_told(pbx: SimulatedPbx, tmp_path: Path) -> None:
    """A PBX with old software says so in OpenSSL's words only."""
    context, path = self_signed(tmp_path)
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    trust = ssl.create_default_context(cafile=path)
    trust.minimum_version = ssl.TLSVersion.TLSv1_3
    async with Simulator(pbx, ssl_context=context) as sim, HttpConnections(ssl=trust) as connections:
        with pytest.raises(DlsPbxUnreachableError) as raised:
            await DlsPbxClient(connections, sim.url, USERNAME, KEY).users()
    assert raised.value.obstacle is Obstacle.TLS_FAILED
    assert "SSL" not in str(raised.value)


async def test_a_server_that_speaks_no_tls_was_never_reached(sim: Simulator, connections: HttpConnections) -> None:
    """Https to a port of plain http is a mistake in the address."""
    client = DlsPbxClient(connections, sim.url.replace("http:", "https:"), USERNAME, KEY)
    with pytest.raises(DlsPbxUnreachableError, match="no TLS") as raised:
        await client.users()
    assert raised.value.obstacle is Obstacle.NO_TLS


@pytest.fixture
async def secure(
    pbx: SimulatedPbx, clock: ManualClock, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[tuple[Simulator, DlsPbxClient]]:
    """Return the office behind TLS, and a client that trusts its certificate."""
    context, certificate = self_signed(tmp_path_factory.mktemp("tls"))
    trust = ssl.create_default_context(cafile=certificate)
    async with Simulator(pbx, ssl_context=context, clock=clock) as sim, HttpConnections(ssl=trust) as connections:
        yield sim, DlsPbxClient(connections, sim.url, USERNAME, KEY)


async def _change(client: DlsPbxClient, action: str) -> None:
    """Ask for a change; there may be nothing to change, which the PBX says."""
    with suppress(DlsPbxRequestError):
        await REQUESTS[action][0](client)


async def test_polls_share_one_handshake(secure: tuple[Simulator, DlsPbxClient]) -> None:
    """Two thousand handshakes an hour are most of what the smallest computers would do for this office."""
    sim, client = secure
    for _ in range(10):
        for ask in STATUS.values():
            await ask(client, None)
    assert len(sim.requests) == 10 * len(STATUS)
    assert sim.connections_opened == 1


@pytest.mark.parametrize("action", sorted(CHANGES))
async def test_each_change_has_a_connection_of_its_own(secure: tuple[Simulator, DlsPbxClient], action: str) -> None:
    """A kept one may be closing: then nobody could tell whether the text went out."""
    sim, client = secure
    for ask in (STATUS["status.users"], STATUS["status.queues"]):
        await _change(client, action)
        await ask(client, None)
    await _change(client, action)
    used = Counter(request.connection for request in sim.requests)
    assert [used[request.connection] for request in sim.requests.of(action)] == [1, 1, 1]
    assert sim.connections_opened == 4


@pytest.mark.parametrize("action", sorted(set(REQUESTS) - CHANGES))
async def test_a_read_into_a_closing_connection_is_asked_once_more(
    sim: Simulator, client: DlsPbxClient, action: str
) -> None:
    """Servers close connections whenever they like; an outage a day would be seen that is none."""
    await client.users()
    sim.requests.clear()
    sim.control.fail(action, "closing", times=None)
    await REQUESTS[action][0](client)
    assert [(request.fault, request.processed) for request in sim.requests] == [("closing", False), ("", True)]
    assert client.requests_last_minute == 2  # the office's users, and this


async def test_many_reads_into_closing_connections_are_asked_once_more_each(
    sim: Simulator, client: DlsPbxClient
) -> None:
    """A server that is restarted closes them all at once: a second kept one would be no better than the first."""
    await asyncio.gather(*(ask(client, None) for ask in STATUS.values()))
    sim.requests.clear()
    sim.control.fail("*", "closing", times=None)
    await asyncio.gather(*(ask(client, None) for ask in STATUS.values()))
    assert Counter(request.processed for request in sim.requests) == {False: len(STATUS), True: len(STATUS)}


@pytest.mark.parametrize("action", sorted(CHANGES))
async def test_a_change_cannot_run_into_a_closing_connection(sim: Simulator, client: DlsPbxClient, action: str) -> None:
    """It goes out exactly once, whatever becomes of the connections that polls keep."""
    for ask in STATUS.values():
        await ask(client, None)
    sim.control.fail("*", "closing", times=None)
    await _change(client, action)
    assert [(request.status, request.fault) for request in sim.requests.of(action)] == [(200, "")]


async def test_a_connection_that_was_closed_meanwhile_is_not_used(
    sim: Simulator, client: DlsPbxClient, scripted: Scripted, reader: DlsPbxClient
) -> None:
    """Apache closes after five seconds: each poll has a new connection then, and none is asked twice."""
    scripted.shows(users=[])
    for number in range(1, 4):
        await client.users()
        assert (len(sim.requests), sim.connections_opened) == (number, number)
        assert sim.control.close_idle() == 1
        await reader.users()  # meanwhile


async def test_a_read_that_breaks_twice_is_a_failure(sim: Simulator, client: DlsPbxClient) -> None:
    """A PBX that is going down must not be asked again and again."""
    sim.control.fail("status.users", "reset_before", times=None)
    with pytest.raises(DlsPbxConnectionError):
        await client.users()
    assert len(sim.requests) == 2


@pytest.mark.parametrize("said", [b"HTTP/1.1 200 OK\r\nContent-Le", b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{"])
async def test_an_answer_that_broke_off_is_not_asked_for_again(connections: HttpConnections, said: bytes) -> None:
    """The PBX has heard it: once more may be once too often for what made it break."""
    asked: list[bytes] = []

    async def break_off(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.append(await reader.readuntil(b"\r\n\r\n"))
        await reader.readuntil(b"}")
        writer.write(said)
        writer.close()

    async with await asyncio.start_server(break_off, "127.0.0.1", 0) as server:
        url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        with pytest.raises(DlsPbxConnectionError):
            await DlsPbxClient(connections, url, USERNAME, KEY).users()
    assert len(asked) == 1


@pytest.mark.parametrize("packing", ["gzip", "deflate"])
async def test_answers_may_come_packed(sim: Simulator, client: DlsPbxClient, packing: str) -> None:
    """A report of a month is a tenth as long on the way."""
    plain = await client.users()
    sim.control.quirk(packing=packing)
    assert (await client.users()).rows == plain.rows


async def test_a_bomb_is_stopped_while_others_go_on(sim: Simulator, client: DlsPbxClient) -> None:
    """32 kB that unpack to 32 MB, and on: neither memory nor everybody else's turn may go that way."""
    turns = 0

    async def others() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    sim.control.fail("status.users", "endless", compressed=True)
    with memory_watched() as peak:
        going_on = asyncio.create_task(others())
        with pytest.raises(DlsPbxResponseError, match="32 MB"):
            await client.users()
        going_on.cancel()
        assert peak() < 3 * MAX_BODY
    assert turns > 50
    assert (await client.users()).rows


@pytest.mark.parametrize("action", ["sms.send_sms", "sms.query_sms"])
async def test_what_is_under_way_outlives_the_closing(sim: Simulator, clock: ManualClock, action: str) -> None:
    """Whoever reloads the integration while a text goes out would not know whether it did."""
    connections = HttpConnections()
    client = DlsPbxClient(connections, sim.url, USERNAME, KEY, clock=clock)
    slow = sim.control.fail(action, "slow")
    asking = asyncio.create_task(REQUESTS[action][0](client))
    await slow.held.wait()
    await connections.close()
    sim.control.release()
    await asking
    assert (await client.users()).rows
    assert len(sim.requests.of(action)) == (1 if action in CHANGES else 2)


@pytest.mark.parametrize("to", ["same_origin", "other_origin", "http"])
async def test_a_redirect_is_not_followed(sim: Simulator, client: DlsPbxClient, to: str) -> None:
    """The key would go wherever the answer says."""
    for status in (301, 302, 303, 307, 308):
        sim.control.fail("status.users", "redirect", to=to, status=status)
        with pytest.raises(DlsPbxResponseError, match="redirects"):
            await client.users()
    assert [request.path for request in sim.requests] == ["/api/v1/status.php"] * 5


async def test_a_redirect_to_another_machine_is_not_followed(
    sim: Simulator, client: DlsPbxClient, scripted: Scripted
) -> None:
    """Its log stays empty: not even a knock, let alone the key."""
    sim.control.fail("sms.send_sms", "redirect", to=f"{scripted.url}/api/v1/sms.php")
    with pytest.raises(DlsPbxResponseError):
        await client.send_sms(["630"], "Hello")
    assert scripted.seen == []
