"""The way to the PBX: where no connection comes about, nothing was sent; and a redirect is no way."""

from collections.abc import AsyncIterator
from contextlib import ExitStack
import socket

import aiohttp
import pytest

from custom_components.dls_pbx.api import DlsPbxClient, DlsPbxResponseError, DlsPbxUnreachableError
from simulator.app import Simulator
from simulator.pbx.simulated import SimulatedPbx
from tests.helpers.office import KEY, USERNAME
from tests.helpers.scripted_server import Scripted
from tests.helpers.tls import self_signed


async def test_a_pbx_that_is_down_was_never_reached(sim: Simulator, client: DlsPbxClient) -> None:
    """Then, and only then, sending again is safe; and it is back when it is back."""
    await sim.stop()
    with pytest.raises(DlsPbxUnreachableError, match="cannot be reached"):
        await client.send_sms(["630"], "Hello")
    await sim.start()
    assert (await client.send_sms(["630"], "Hello")).message_id


async def test_a_name_that_nobody_knows_was_never_reached(session: aiohttp.ClientSession) -> None:
    """A typing error in the address is told as what it is."""
    client = DlsPbxClient(session, "http://pbx.invalid", USERNAME, KEY)
    with pytest.raises(DlsPbxUnreachableError):
        await client.users()


async def test_a_connection_that_nobody_answers_was_never_reached(session: aiohttp.ClientSession) -> None:
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
        client = DlsPbxClient(session, url, USERNAME, KEY, timeout=aiohttp.ClientTimeout(total=30, connect=0.1))
        with pytest.raises(DlsPbxUnreachableError, match="no answer to the connection"):
            await client.users()


@pytest.fixture
async def untrusted(pbx: SimulatedPbx, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Simulator]:
    """Return the office behind a certificate that nobody trusts."""
    context, _ = self_signed(tmp_path_factory.mktemp("tls"))
    async with Simulator(pbx, ssl_context=context) as sim:
        yield sim


async def test_a_certificate_that_is_not_valid_gets_no_key(
    untrusted: Simulator, session: aiohttp.ClientSession
) -> None:
    """Whoever sits between us and the PBX would have it."""
    client = DlsPbxClient(session, untrusted.url, USERNAME, KEY)
    with pytest.raises(DlsPbxUnreachableError, match="certificate"):
        await client.users()
    assert untrusted.requests == []


async def test_a_server_that_speaks_no_tls_was_never_reached(sim: Simulator, session: aiohttp.ClientSession) -> None:
    """Https to a port of plain http is a mistake in the address."""
    client = DlsPbxClient(session, sim.url.replace("http:", "https:"), USERNAME, KEY)
    with pytest.raises(DlsPbxUnreachableError):
        await client.users()


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
