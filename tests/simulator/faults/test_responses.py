"""Every way to fail, on order, for as long as ordered."""

import asyncio
from email.utils import format_datetime
import ssl
from typing import Any

import aiohttp
import orjson
import pytest

from simulator.app import DEFAULT_KEY, Simulator
from simulator.clock import ManualClock
from simulator.engine import PbxError
from simulator.faults.orders import FaultKind
from simulator.pbx.simulated import SimulatedPbx
from tests.simulator.conftest import CREDENTIALS, Ask

MIB = 2**20
SMS = {"dst": "630", "body": "Hello"}
USERS = "/api/v1/status.php?api_action=users"


async def raw(
    sim: Simulator, session: aiohttp.ClientSession, action: str = "status.users", **fields: Any
) -> tuple[aiohttp.ClientResponse, bytes]:
    """Return an answer as it came, redirects not followed."""
    endpoint, name = action.split(".")
    url = f"{sim.url}/api/v1/{endpoint}.php?api_action={name}"
    async with session.post(url, json=CREDENTIALS | fields, allow_redirects=False) as response:
        return response, await response.read()


@pytest.mark.parametrize(
    ("kind", "status", "content_type", "start"),
    [
        ("server_error", 500, "application/json", b'{"result":"error"'),
        ("server_error_html", 500, "text/html", b"<!DOCTYPE html>"),
        ("html", 200, "text/html", b"<!DOCTYPE html>"),
        ("not_json", 200, "text/plain", b"Service"),
        ("php_notice", 200, "text/html", b"<br />\n<b>Notice</b>"),
        ("rate_limited", 429, "application/json", b'{"result":"error"'),
        ("wrong_key", 200, "application/json", b'{"result":"error","error":"Invalid API user or key"}'),
        ("no_permission", 200, "application/json", b'{"result":"error","error":"You do not have permission'),
        ("unauthorized_html", 401, "text/html", b"<!DOCTYPE html>"),
        ("session_down", 401, "application/json", b'{"result":"error","error":"Session backend down"}'),
        ("login_failed", 200, "application/json", b'{"result":"error","error":"Login failed: database gone away"}'),
    ],
)
async def test_an_answer_goes_wrong_once(
    sim: Simulator, session: aiohttp.ClientSession, kind: str, status: int, content_type: str, start: bytes
) -> None:
    """Each of these reaches an integration some day; a fault that stays on would look like an outage."""
    sim.control.fail("status.users", kind)
    response, body = await raw(sim, session)
    assert (response.status, response.headers["Content-Type"]) == (status, content_type)
    assert body.startswith(start)
    assert (sim.requests[-1].fault, sim.requests[-1].status) == (kind, status)
    _, body = await raw(sim, session)
    assert orjson.loads(body)["result"] == "success"
    assert sim.requests[-1].fault == ""


async def test_an_answer_is_empty(sim: Simulator, session: aiohttp.ClientSession) -> None:
    """A PHP script that dies says nothing, with status 200."""
    sim.control.fail("status.users", "empty")
    response, body = await raw(sim, session)
    assert (response.status, body) == (200, b"")


async def test_a_refusal_has_no_words(sim: Simulator, session: aiohttp.ClientSession) -> None:
    """A gateway that says only 403 has not looked at the key."""
    sim.control.fail("status.users", "forbidden_empty")
    response, body = await raw(sim, session)
    assert (response.status, body) == (403, b"")


@pytest.mark.parametrize("kind", ["unauthorized_html", "session_down", "forbidden_empty", "login_failed"])
async def test_what_sounds_like_a_refusal_lasts_until_it_is_healed(
    sim: Simulator, session: aiohttp.ClientSession, kind: str
) -> None:
    """Only by its lasting can it be told from an outage."""
    sim.control.fail("*", kind, None)
    assert {(await raw(sim, session))[0].status == 200 for _ in range(3)} == {kind == "login_failed"}
    sim.control.heal()
    _, body = await raw(sim, session)
    assert orjson.loads(body)["result"] == "success"


async def test_an_answer_is_cut_in_half(sim: Simulator, session: aiohttp.ClientSession) -> None:
    """HTTP sees nothing wrong with it; only JSON does."""
    _, whole = await raw(sim, session)
    sim.control.fail("status.users", "truncated")
    response, half = await raw(sim, session)
    assert response.status == 200
    assert half == whole[: len(whole) // 2]


async def test_an_error_echoes_the_key(sim: Simulator, session: aiohttp.ClientSession) -> None:
    """The integration must not pass on such a text."""
    sim.control.fail("status.users", "echoed_key")
    _, body = await raw(sim, session)
    assert DEFAULT_KEY in orjson.loads(body)["error"]
    assert DEFAULT_KEY not in str(sim.requests[-1].as_dict())


async def test_a_wrong_key_says_so_in_the_format_asked_for(sim: Simulator, session: aiohttp.ClientSession) -> None:
    """A refusal is an ordinary answer of the vendor's."""
    sim.control.fail("*", "wrong_key")
    async with session.post(f"{sim.url}{USERS}&api_format=plain", json=CREDENTIALS) as response:
        assert await response.text() == "-1"


@pytest.mark.parametrize(
    ("option", "header"),
    [
        ({}, None),
        ({"retry_after": 30}, "30"),
        ({"retry_after": 3600}, "3600"),
        ({"retry_after": "Mon, 23 Nov 2026 15:01:00 GMT"}, "Mon, 23 Nov 2026 15:01:00 GMT"),
    ],
)
async def test_too_many_requests_are_told_when_to_come_back(
    sim: Simulator, session: aiohttp.ClientSession, clock: ManualClock, option: dict[str, Any], header: str | None
) -> None:
    """RFC 9110 has two ways to say it, and a PBX may say nothing."""
    assert format_datetime(clock(), usegmt=True) == "Mon, 23 Nov 2026 15:00:00 GMT"
    sim.control.fail("status.users", "rate_limited", **option)
    response, _ = await raw(sim, session)
    assert response.headers.get("Retry-After") == header


@pytest.mark.parametrize(("kind", "sent"), [("reset_before", 0), ("reset_after", 1)])
async def test_a_connection_breaks_before_or_after_the_deed(
    sim: Simulator, session: aiohttp.ClientSession, pbx: SimulatedPbx, kind: str, sent: int
) -> None:
    """To the sender both look alike; a message sent twice is what comes of mixing them up."""
    sim.control.fail("sms.send_sms", kind)
    with pytest.raises(aiohttp.ClientConnectionError):
        await raw(sim, session, "sms.send_sms", **SMS)
    assert len(pbx.messages()) == sent
    assert (sim.requests[-1].processed, sim.requests[-1].status) == (bool(sent), None)


@pytest.mark.parametrize("kind", ["server_error", "empty"])
async def test_a_bad_answer_can_come_after_the_deed(
    sim: Simulator, session: aiohttp.ClientSession, pbx: SimulatedPbx, kind: str
) -> None:
    """A 500 does not tell whether the message went out."""
    sim.control.fail("sms.send_sms", kind, processed=True)
    await raw(sim, session, "sms.send_sms", **SMS)
    assert len(pbx.messages()) == 1


@pytest.mark.parametrize("kind", ["slow", "stalled"])
async def test_an_answer_waits_until_it_is_let_go(
    sim: Simulator, session: aiohttp.ClientSession, pbx: SimulatedPbx, kind: str
) -> None:
    """A timeout is tested without waiting for one; the message has gone out meanwhile."""
    fault = sim.control.fail("sms.send_sms", kind)
    asking = asyncio.create_task(raw(sim, session, "sms.send_sms", **SMS))
    await fault.held.wait()
    assert len(pbx.messages()) == 1
    sim.control.release()
    _, body = await asking
    assert orjson.loads(body)["result"] == "success"


@pytest.mark.parametrize("kind", ["slow", "stalled"])
async def test_an_answer_comes_late_by_itself(sim: Simulator, session: aiohttp.ClientSession, kind: str) -> None:
    """A demo of a slow PBX needs no one to let it go."""
    sim.control.fail("status.users", kind, delay=0.01)
    _, body = await raw(sim, session)
    assert orjson.loads(body)["result"] == "success"


async def test_a_client_that_gives_up_is_not_waited_for(sim: Simulator, session: aiohttp.ClientSession) -> None:
    """An answer held for a client that has gone must not keep the PBX from going down."""
    fault = sim.control.fail("status.users", "slow", None)
    asking = asyncio.create_task(raw(sim, session))
    await fault.held.wait()
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    await sim.stop()


async def test_an_outage_breaks_what_is_under_way(sim: Simulator, session: aiohttp.ClientSession) -> None:
    """A PBX that goes down does not answer first."""
    fault = sim.control.fail("status.users", "slow", None)
    asking = asyncio.create_task(raw(sim, session))
    await fault.held.wait()
    await sim.stop()
    with pytest.raises(aiohttp.ClientConnectionError):
        await asking
    assert sim.requests[-1].status is None


async def test_an_answer_never_ends(sim: Simulator, session: aiohttp.ClientSession) -> None:
    """Whoever reads it to its end fills the machine's memory."""
    sim.control.fail("status.users", "endless")
    async with session.post(f"{sim.url}{USERS}", json=CREDENTIALS) as response:
        assert response.content_length is None
        read = 0
        async for chunk in response.content.iter_any():
            read += len(chunk)
            if read > 2 * MIB:
                break
    assert read > 2 * MIB


@pytest.mark.parametrize("compressed", [False, True])
async def test_an_answer_is_too_large(sim: Simulator, session: aiohttp.ClientSession, compressed: bool) -> None:
    """A compressed one is small on the wire and large in memory."""
    sim.control.fail("status.users", "oversized", size=33 * MIB, compressed=compressed)
    response, body = await raw(sim, session)
    assert len(body) == 33 * MIB
    assert orjson.loads(body)["result"] == "success"
    assert ((response.content_length or 0) < MIB) is compressed


async def test_a_redirect_leads_to_the_same_pbx(sim: Simulator, session: aiohttp.ClientSession) -> None:
    """What is sent there is in the log."""
    sim.control.fail("status.users", "redirect", status=308)
    response, _ = await raw(sim, session)
    assert response.status == 308
    async with session.post(f"{sim.url}{response.headers['Location']}", json=CREDENTIALS) as moved:
        assert (await moved.json())["result"] == "success"
    assert sim.requests[-1].path == "/moved/api/v1/status.php"


async def test_a_redirect_leads_to_another_origin(sim: Simulator, session: aiohttp.ClientSession) -> None:
    """Whoever follows it carries the key to somebody else; the log would show it."""
    sim.control.fail("status.users", "redirect", to="other_origin")
    response, _ = await raw(sim, session)
    assert response.headers["Location"] == f"http://localhost:{sim.port}/moved{USERS}"
    sim.control.fail("status.users", "redirect", to="https://pbx.example.com/")
    response, _ = await raw(sim, session)
    assert response.headers["Location"] == "https://pbx.example.com/"


async def test_a_redirect_leads_to_plain_http(
    pbx: SimulatedPbx, session: aiohttp.ClientSession, tls: tuple[ssl.SSLContext, ssl.SSLContext]
) -> None:
    """Whoever follows it sends the key in the clear."""
    server, client = tls
    async with Simulator(pbx, ssl_context=server) as sim:
        sim.control.fail("status.users", "redirect", to="http")
        async with session.post(f"{sim.url}{USERS}", json=CREDENTIALS, ssl=client, allow_redirects=False) as response:
            assert response.headers["Location"] == f"http://127.0.0.1:{sim.port}/moved{USERS}"


async def test_a_fault_lasts_as_long_as_ordered(ask: Ask, sim: Simulator) -> None:
    """Once, a number of times, or until it is taken back; one after the other."""
    sim.control.fail("status.users", "wrong_key", 2)
    sim.control.fail("status.users", "no_permission", None)
    errors = [(await ask("status.users"))["error"].split()[0] for _ in range(4)]
    assert errors == ["Invalid", "Invalid", "You", "You"]
    sim.control.heal("status.users")
    assert (await ask("status.users"))["result"] == "success"


async def test_a_fault_hits_its_own_action_only(ask: Ask, sim: Simulator) -> None:
    """One failing action must take only its own entities down; a fault for all takes all."""
    sim.control.fail("status.users", "wrong_key", None)
    assert (await ask("status.calls"))["result"] == "success"
    sim.control.fail("*", "no_permission", None)
    assert (await ask("status.calls"))["error"].startswith("You")
    assert (await ask("status.users"))["error"].startswith("Invalid")
    sim.control.heal()
    assert (await ask("status.users"))["result"] == "success"


@pytest.mark.parametrize(
    ("order", "error"),
    [
        ({"kind": "fire"}, "Unknown fault 'fire'"),
        ({"kind": "html", "times": 0}, "'times' is a whole number from 1"),
        ({"kind": "html", "times": True}, "'times' is a whole number from 1"),
        ({"kind": "html", "colour": "red"}, "Unknown option 'colour'"),
        ({"kind": "slow", "delay": "long"}, "Option 'delay' has the wrong type"),
        ({"kind": "redirect", "status": 200}, "Option 'status' is at least 300"),
    ],
)
async def test_a_fault_that_does_not_exist_is_refused(sim: Simulator, order: dict[str, Any], error: str) -> None:
    """A misspelt fault would make a test pass that tests nothing."""
    with pytest.raises(PbxError, match=error):
        sim.control.fail("status.users", **order)


@pytest.mark.parametrize("kind", sorted(set(FaultKind) - {FaultKind.CLOSING}))
async def test_every_fault_leaves_the_pbx_whole(
    sim: Simulator, session: aiohttp.ClientSession, kind: FaultKind
) -> None:
    """After any failure the next request is answered."""
    sim.control.fail("status.users", kind, delay=0.0, size=MIB)
    try:
        async with session.post(f"{sim.url}{USERS}", json=CREDENTIALS, allow_redirects=False):
            pass
    except aiohttp.ClientConnectionError:
        assert kind in {FaultKind.RESET_BEFORE, FaultKind.RESET_AFTER}
    _, body = await raw(sim, session)
    assert orjson.loads(body)["result"] == "success"


async def test_a_closing_connection_fails_whoever_kept_it(sim: Simulator, session: aiohttp.ClientSession) -> None:
    """That race is lost by chance once a day: a client has to lose it on order."""
    sim.control.fail("status.users", "closing", times=None)
    for _ in range(2):
        _, body = await raw(sim, session)  # over a new connection
        assert orjson.loads(body)["result"] == "success"
        with pytest.raises(aiohttp.ServerDisconnectedError):
            await raw(sim, session)
    asked = [(request.connection, request.processed) for request in sim.requests]
    assert asked == [(1, True), (1, False), (2, True), (2, False)]
    assert sim.connections_opened == 2


async def test_a_packed_endless_answer_is_a_bomb(sim: Simulator, session: aiohttp.ClientSession) -> None:
    """What a client reads of it is many times what came over the wire."""
    sim.control.fail("status.users", "endless", compressed=True)
    async with session.post(f"{sim.url}{USERS}", json=CREDENTIALS) as response:
        await response.content.readexactly(8 * MIB)
        assert response.content.total_compressed_bytes < MIB


async def test_a_packed_endless_answer_needs_no_thread(sim: Simulator, session: aiohttp.ClientSession) -> None:
    """Once in some twenty lives of the matrix a Home Assistant had ended its threads, and the PBX logged an error."""
    sim.control.fail("status.users", "endless", compressed=True)
    async with session.post(f"{sim.url}{USERS}", json=CREDENTIALS) as response:
        await response.content.readexactly(MIB)
        await asyncio.get_running_loop().shutdown_default_executor()
        await response.content.readexactly(32 * MIB)
