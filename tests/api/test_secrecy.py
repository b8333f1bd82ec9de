"""The key and phone numbers are in nothing that anybody reads but the request's own body."""

import asyncio
from collections.abc import Iterator
from html import escape
import logging
import traceback
from urllib.parse import quote, quote_plus

import aiohttp
import pytest

from custom_components.dls_pbx.api import (
    DlsPbxAuthenticationError,
    DlsPbxClient,
    DlsPbxError,
    DlsPbxRequestError,
    HttpConnections,
)
from simulator.app import Simulator
from simulator.clock import ManualClock
from simulator.faults.orders import FaultKind
from simulator.pbx.simulated import SimulatedPbx
from tests.helpers.api_requests import REQUESTS, STATUS
from tests.helpers.office import CALLER, KEY, OTHER_CALLER, TOM, USERNAME
from tests.helpers.scripted_server import Scripted

NUMBERS = (CALLER, OTHER_CALLER, "8155550177")


def told(err: BaseException) -> Iterator[str]:
    """Return everything that an exception and those behind it may be printed as."""
    yield from traceback.format_exception(err)
    seen: set[int] = set()
    pending: list[BaseException | None] = [err]
    while pending:
        one = pending.pop()
        if one is None or id(one) in seen:
            continue
        seen.add(id(one))
        yield from (str(one), repr(one), repr(one.args), repr(vars(one)))
        pending += [one.__cause__, one.__context__]


def secrets_in(text: str) -> list[str]:
    """Return which of the secrets a text holds, however they are written."""
    digits = "".join(filter(str.isdecimal, text))
    return [KEY for _ in range(KEY.lower() in text.lower())] + [number for number in NUMBERS if number in digits]


@pytest.fixture(autouse=True)
def logged(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """See to it after each test that nothing was logged by anybody, at any level."""
    caplog.set_level(logging.DEBUG)
    for name in list(logging.root.manager.loggerDict):
        caplog.set_level(logging.DEBUG, logger=name)
    yield
    for record in caplog.get_records("call"):
        line = f"{record.getMessage()} {record.args!r} {record.exc_text}"
        # A number of the sockets' is not one of the callers'.
        assert not secrets_in(line), line


@pytest.fixture
def busy(pbx: SimulatedPbx, clock: ManualClock) -> None:
    """Let numbers be in every answer."""
    pbx.answer(pbx.call_in(CALLER, name="Caller", to="support"))
    pbx.call_in(OTHER_CALLER, to="night")
    pbx.send_fax(TOM, CALLER)
    pbx.receive_sms(CALLER, TOM, f"Call me at {OTHER_CALLER}")
    pbx.log_campaign("1", "INFO", f"Placing call to pd-12-8-3 at {CALLER}")
    pbx.add_unsubscriber(CALLER, "0")
    pbx.hang_up(pbx.call_in(CALLER, to="630"))
    clock.advance(5)


@pytest.mark.usefixtures("busy")
@pytest.mark.parametrize("action", [name for name in REQUESTS if "remove_s" not in name])
async def test_an_answers_facts_print_no_number(
    sim: Simulator, pbx: SimulatedPbx, client: DlsPbxClient, action: str
) -> None:
    """Whoever logs a model or puts it into an error would tell the office's callers to everybody."""
    if action == "dialer.add_contact":
        pbx.add_contact_list("Überfällig")
    if action == "subscribers.add_unsubscriber":
        pbx.remove_unsubscriber(CALLER, "0")
    found = await REQUESTS[action][0](client)
    assert not secrets_in(repr(found))
    assert not secrets_in(repr(getattr(found, "changed", None)))
    (request,) = sim.requests
    assert request.key_in == ("body",)


@pytest.mark.usefixtures("busy")
@pytest.mark.parametrize("kind", sorted(set(FaultKind) - {FaultKind.ENDLESS, FaultKind.OVERSIZED, FaultKind.CLOSING}))
async def test_no_error_tells_a_secret(sim: Simulator, connections: HttpConnections, kind: FaultKind) -> None:
    """An exception's text ends up in logs, in notifications and in bug reports; so does what stands behind it."""
    timeout = aiohttp.ClientTimeout(sock_read=0.05 if kind in {FaultKind.SLOW, FaultKind.STALLED} else None)
    for action in (*STATUS, "sms.send_sms", "sms.query_sms", "dialer.add_contact", "subscribers.query_lists"):
        client = DlsPbxClient(connections, sim.url, USERNAME, KEY, timeout=timeout)
        sim.control.fail(action, kind, times=None)
        with pytest.raises(DlsPbxError) as caught:
            await REQUESTS[action][0](client)
        sim.control.heal()
        for text in told(caught.value):
            assert not secrets_in(text), text
        assert caught.value.__cause__ is None
        assert caught.value.__context__ is None
    assert {request.key_in for request in sim.requests} == {("body",)}


async def test_a_pbx_that_is_down_tells_no_secret(sim: Simulator, client: DlsPbxClient) -> None:
    """Nor does a refused connection."""
    await sim.stop()
    with pytest.raises(DlsPbxError) as caught:
        await client.send_sms([CALLER], f"Call {OTHER_CALLER}")
    assert not [text for text in told(caught.value) if secrets_in(text)]


ODD_KEY = "s3cret/Key+with &\"odd'<signs> 1234567890"


@pytest.mark.parametrize(
    "echo",
    [
        ODD_KEY,
        ODD_KEY.upper(),
        quote(ODD_KEY),
        quote(ODD_KEY, safe=""),
        quote_plus(ODD_KEY),
        escape(ODD_KEY),
        ODD_KEY.replace("&", "&amp;").replace("'", "&#039;"),  # PHP's htmlspecialchars
        ODD_KEY.replace("'", "\\'").replace('"', '\\"'),  # PHP's addslashes
        ODD_KEY.replace("/", "\\/").replace("&", "\\u0026"),  # PHP's json_encode
    ],
)
async def test_a_key_that_the_pbx_echoes_is_taken_out(
    scripted: Scripted, connections: HttpConnections, echo: str
) -> None:
    """A PHP error quotes whatever it was given, in its own spelling."""
    client = DlsPbxClient(connections, scripted.url, USERNAME, ODD_KEY)
    scripted.says({"result": "error", "error": f"You have an error near '{echo}' at line 1"})
    with pytest.raises(DlsPbxRequestError, match=r"^You have an error near '\*\*\*' at line 1$"):
        await client.users()


async def test_an_echoed_key_says_nothing_about_itself(scripted: Scripted, connections: HttpConnections) -> None:
    """A key may well hold the words by which a wrong key is told."""
    client = DlsPbxClient(connections, scripted.url, USERNAME, "invalid api key")
    scripted.says({"result": "error", "error": "Duplicate entry: invalid api key"})
    with pytest.raises(DlsPbxRequestError, match=r"^Duplicate entry: \*\*\*$"):
        await client.users()


@pytest.mark.parametrize("key", ["", "."])
async def test_a_poor_key_spoils_no_text(scripted: Scripted, connections: HttpConnections, key: str) -> None:
    """An empty key stands between any two letters."""
    client = DlsPbxClient(connections, scripted.url, USERNAME, key)
    scripted.says({"result": "error", "error": "Invalid API key"})
    with pytest.raises(DlsPbxAuthenticationError, match=r"^Invalid API key$"):
        await client.users()


async def test_a_number_that_the_pbx_repeats_is_hidden(client: DlsPbxClient, pbx: SimulatedPbx) -> None:
    """The words of the PBX go into logs and notifications."""
    pbx.add_subscriber(CALLER, "CSPRING")
    with pytest.raises(DlsPbxRequestError, match=r"already subscribed: …23$"):
        await client.add_subscriber(CALLER, "CSPRING")


async def test_a_header_that_makes_no_sense_is_not_quoted(connections: HttpConnections) -> None:
    """An HTTP parser's error shows what it stumbled over."""

    async def nonsense(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(f"HTTP/1.1 200 OK\r\nbad header {KEY} {CALLER}\r\n\r\n".encode())
        writer.close()
        await writer.wait_closed()

    server = await asyncio.start_server(nonsense, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        with pytest.raises(DlsPbxError) as caught:
            await DlsPbxClient(connections, f"http://127.0.0.1:{port}", USERNAME, KEY).users()
    assert not [text for text in told(caught.value) if secrets_in(text)]


async def test_a_client_prints_no_secret(client: DlsPbxClient) -> None:
    """Debuggers and error reports print objects, and what is in them."""
    before = await client.users()
    printed = repr([client, *vars(client).values(), before])
    assert "Transport" in printed
    assert not secrets_in(printed)


def test_a_secret_is_found_where_there_is_one() -> None:
    """Else none of these tests sees anything."""
    outer = DlsPbxError("outer")
    outer.__context__ = ValueError(f"near {KEY}")
    assert any(secrets_in(text) == [KEY] for text in told(outer))
    assert secrets_in("+1 (815) 555-0123") == [CALLER]
