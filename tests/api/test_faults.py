"""Every way in which asking the PBX goes wrong, and what the client makes of it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
import socket
import ssl

import aiohttp
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
import pytest

from custom_components.dls_pbx.api import (
    DlsPbxAuthenticationError,
    DlsPbxClient,
    DlsPbxConnectionError,
    DlsPbxError,
    DlsPbxPermissionError,
    DlsPbxRateLimitError,
    DlsPbxRequestError,
    DlsPbxResponseError,
    DlsPbxTimeoutError,
    DlsPbxUnreachableError,
)
from custom_components.dls_pbx.api.transport import MAX_BODY, TIMEOUT
from simulator.app import Simulator
from simulator.faults import FaultKind
from simulator.pbx import SimulatedPbx
from tests.office import KEY, USERNAME
from tests.scripted import Scripted

from .asking import REQUESTS, STATUS

FAULTS: dict[FaultKind, type[DlsPbxError]] = {
    FaultKind.SERVER_ERROR: DlsPbxRequestError,  # in the API's own words, for whatever they are worth
    FaultKind.SERVER_ERROR_HTML: DlsPbxResponseError,
    FaultKind.HTML: DlsPbxResponseError,
    FaultKind.TRUNCATED: DlsPbxResponseError,
    FaultKind.NOT_JSON: DlsPbxResponseError,
    FaultKind.EMPTY: DlsPbxResponseError,
    FaultKind.PHP_NOTICE: DlsPbxResponseError,
    FaultKind.RESET_BEFORE: DlsPbxConnectionError,
    FaultKind.RESET_AFTER: DlsPbxConnectionError,
    FaultKind.RATE_LIMITED: DlsPbxRateLimitError,
    FaultKind.WRONG_KEY: DlsPbxAuthenticationError,
    FaultKind.NO_PERMISSION: DlsPbxPermissionError,
    FaultKind.ECHOED_KEY: DlsPbxRequestError,
    FaultKind.REDIRECT: DlsPbxResponseError,
    FaultKind.ENDLESS: DlsPbxResponseError,
    FaultKind.OVERSIZED: DlsPbxResponseError,
}
LATE = {FaultKind.SLOW, FaultKind.STALLED}
LARGE = {FaultKind.ENDLESS, FaultKind.OVERSIZED}


def test_no_fault_is_forgotten() -> None:
    """What nobody tries happens at the office first."""
    assert FAULTS.keys() | LATE == set(FaultKind)


@pytest.fixture
def hurried(sim: Simulator, session: aiohttp.ClientSession) -> DlsPbxClient:
    """Return a client that waits for data only a moment, and for a connection as long as it takes."""
    return DlsPbxClient(session, sim.url, USERNAME, KEY, timeout=aiohttp.ClientTimeout(sock_read=0.05))


@pytest.mark.parametrize("kind", sorted(FAULTS.keys() - LARGE))
async def test_each_fault_of_each_action_has_its_error_and_is_over(
    sim: Simulator, session: aiohttp.ClientSession, kind: FaultKind
) -> None:
    """Callers handle nine errors; anything else ends in a traceback in the log, and in entities that stand still."""
    for action, (ask, _, _) in REQUESTS.items():
        client = DlsPbxClient(session, sim.url, USERNAME, KEY)
        sim.control.fail(action, kind)
        with pytest.raises(DlsPbxError) as caught:
            await ask(client)
        assert type(caught.value) is FAULTS[kind], action
        assert len(sim.requests.of(action)) == 1, action  # asked once: it may have been done
        if action in STATUS and kind is not FaultKind.WRONG_KEY:
            await ask(client)
            assert sim.requests[-1].status == 200, action


@pytest.mark.parametrize("kind", sorted(LARGE))
async def test_an_answer_without_end_is_not_read_to_its_end(
    sim: Simulator, client: DlsPbxClient, kind: FaultKind
) -> None:
    """A PBX gone mad must not take all of Home Assistant's memory."""
    sim.control.fail("status.users", kind)
    with pytest.raises(DlsPbxResponseError, match="32 MB"):
        await client.users()
    assert len((await client.users()).rows) == 5


async def test_an_answer_that_says_it_is_too_large_is_not_waited_for(session: aiohttp.ClientSession) -> None:
    """Reading 32 MB of it first would take time and bring nothing."""

    async def boast(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(f"HTTP/1.1 200 OK\r\nContent-Length: {MAX_BODY + 1}\r\n\r\n".encode())
        await reader.read()  # until the client has gone
        writer.close()

    async with await asyncio.start_server(boast, "127.0.0.1", 0) as server:
        url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        with pytest.raises(DlsPbxResponseError, match="32 MB"):
            await DlsPbxClient(session, url, USERNAME, KEY).users()


async def test_a_packed_answer_is_measured_unpacked(sim: Simulator, client: DlsPbxClient) -> None:
    """32 MB fit into 32 kB of gzip."""
    sim.control.fail("status.users", "oversized", compressed=True)
    with pytest.raises(DlsPbxResponseError, match="32 MB"):
        await client.users()


async def test_an_answer_of_32_mb_is_read(sim: Simulator, client: DlsPbxClient) -> None:
    """The limit must not be in anybody's way: this one is read, and only then found to have no users."""
    sim.control.fail("status.users", "oversized", size=MAX_BODY)
    with pytest.raises(DlsPbxResponseError, match="no users"):
        await client.users()


@pytest.mark.parametrize("kind", sorted(LATE))
async def test_an_answer_that_does_not_end_in_time_is_given_up(
    sim: Simulator, hurried: DlsPbxClient, kind: FaultKind
) -> None:
    """A body that trickles must not hold up the poll for ever, and nothing is sent a second time."""
    for action, (ask, _, _) in REQUESTS.items():
        sim.control.fail(action, kind)
        with pytest.raises(DlsPbxTimeoutError):
            await ask(hurried)
        assert len(sim.requests.of(action)) == 1, action


async def test_the_time_allowed_covers_the_body(sim: Simulator, session: aiohttp.ClientSession) -> None:
    """Headers come at once even from a PBX that then stops; by default that is given up as well."""
    assert TIMEOUT.total is not None
    client = DlsPbxClient(session, sim.url, USERNAME, KEY, timeout=aiohttp.ClientTimeout(total=1))
    sim.control.fail("status.users", "stalled")
    with pytest.raises(DlsPbxTimeoutError):
        await client.users()


@pytest.mark.parametrize("kind", ["reset_before", "reset_after"])
async def test_a_message_whose_answer_is_lost_is_sent_once(
    sim: Simulator, pbx: SimulatedPbx, client: DlsPbxClient, kind: str
) -> None:
    """A text that arrives twice is worse than one that is reported as uncertain."""
    sim.control.fail("sms.send_sms", kind)
    with pytest.raises(DlsPbxConnectionError) as caught:
        await client.send_sms(["630"], "Hello")
    # It may have gone out: a caller must be able to tell this from a PBX that was never reached.
    assert not isinstance(caught.value, DlsPbxUnreachableError)
    assert len(sim.requests.of("sms.send_sms")) == 1
    assert len(pbx.messages()) == (1 if kind == "reset_after" else 0)


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
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "pbx")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "pbx.pem"
    path.write_bytes(
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()) + certificate.public_bytes(Encoding.PEM)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
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


@pytest.mark.parametrize(
    ("retry_after", "seconds"),
    [
        (120, 120),
        ("120", 120),
        (0, 1),
        ("soon", None),
        ("-5", None),
        ("9" * 400, 86400),
        ("Wed, 21 Oct 2015 07:28:00 GMT", 1),
        ("Wed, 21 Oct 2015 07:28:00", None),  # in which zone?
        ("Wed, 21 Oct 2915 07:28:00 GMT", 86400),
        ("Wed, 21 Oct 99999 07:28:00 GMT", None),
    ],
)
async def test_the_pbx_says_for_how_long_to_leave_it_alone(
    sim: Simulator, client: DlsPbxClient, retry_after: int | str | None, seconds: float | None
) -> None:
    """Who asks on is shut out; who misreads the answer never asks again."""
    sim.control.fail("status.users", "rate_limited", retry_after=retry_after)
    with pytest.raises(DlsPbxRateLimitError) as caught:
        await client.users()
    assert caught.value.retry_after == seconds


async def test_a_pbx_that_does_not_say_for_how_long_leaves_it_to_us(sim: Simulator, client: DlsPbxClient) -> None:
    """429 comes without a time as well."""
    sim.control.fail("status.users", "rate_limited")
    with pytest.raises(DlsPbxRateLimitError) as caught:
        await client.users()
    assert caught.value.retry_after is None


async def test_a_date_to_come_back_at_is_a_wait(sim: Simulator, client: DlsPbxClient) -> None:
    """RFC 9110 allows a date as well as seconds."""
    until = datetime.now(UTC) + timedelta(seconds=600)
    sim.control.fail("status.users", "rate_limited", retry_after=format_datetime(until, usegmt=True))
    with pytest.raises(DlsPbxRateLimitError) as caught:
        await client.users()
    assert caught.value.retry_after is not None
    assert 0 < caught.value.retry_after <= 600


async def test_maintenance_with_a_time_is_a_wait_as_well(scripted: Scripted, reader: DlsPbxClient) -> None:
    """503 with Retry-After means the same; without, it is a server in trouble."""
    scripted.says("<html>Maintenance</html>", 503, Retry_After="300")
    with pytest.raises(DlsPbxRateLimitError) as caught:
        await reader.users()
    assert caught.value.retry_after == 300
    scripted.says("<html>Maintenance</html>", 503)
    with pytest.raises(DlsPbxResponseError, match="a web page"):
        await reader.users()


@pytest.mark.parametrize(
    ("body", "status", "what"),
    [
        (b"", 200, "nothing"),
        (b" \r\n", 200, "nothing"),
        (b"\xef\xbb\xbf\n<!DOCTYPE html><p>Login</p>", 200, "a web page"),
        (b"[]", 200, "not of this API"),
        (b"null", 200, "not of this API"),
        (b"42", 200, "not of this API"),
        (b"{}", 200, "not of this API"),
        (b'{"message": "Forbidden"}', 403, "not of this API"),
        (b"error code: 1020", 403, "not of this API"),
        (b"<html><h1>403 Forbidden</h1><p>Invalid API key? Contact your administrator", 403, "a web page"),
        (b'{"result": "success", "users": [', 200, "not of this API"),
        (b'{"result": "success"}{"result": "success"}', 200, "not of this API"),
        (b'{"result": "success", "users": "\xe9"}', 200, "not of this API"),
        (b"[" * 100_000, 200, "not of this API"),
    ],
)
async def test_what_is_not_of_this_api_is_told_as_such(
    scripted: Scripted, reader: DlsPbxClient, body: bytes, status: int, what: str
) -> None:
    """A firewall's page says nothing about the key: asking the user for a new one would be no help."""
    scripted.says(body, status)
    with pytest.raises(DlsPbxResponseError, match=what):
        await reader.users()
    scripted.shows(users=[])
    assert (await reader.users()).rows == {}


@pytest.mark.parametrize(
    "answer",
    [
        {"result": "success"},
        {"result": "success", "users": 7},
        {"result": "success", "users": "none"},
        {"result": "success", "users": [[]]},
        {"result": "success", "users": {"tom": "Tom"}},
    ],
)
async def test_a_success_without_its_list_empties_no_office(
    scripted: Scripted, reader: DlsPbxClient, answer: dict[str, object]
) -> None:
    """All devices would be removed over a broken answer."""
    scripted.says(answer)
    with pytest.raises(DlsPbxResponseError):
        await reader.users()


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ({"result": "error", "error": "The trunk is down"}, "The trunk is down"),
        ({"result": "error", "error": ""}, "error"),
        ({"result": "error"}, "error"),
        ({"result": "error", "error": ["one", "two"]}, "['one', 'two']"),
        ({"result": "failure", "error": None}, "failure"),
        ({"result": "Success"}, "Success"),
        ({"result": None}, "None"),
        ({"result": "error", "error": "  two \n lines "}, "two lines"),
        ({"result": "error", "error": "x" * 999}, "x" * 300),
    ],
)
async def test_everything_but_success_is_a_refusal(
    scripted: Scripted, reader: DlsPbxClient, answer: dict[str, object], words: str
) -> None:
    """A message that was not sent must not be reported as sent."""
    scripted.says(answer)
    with pytest.raises(DlsPbxRequestError) as caught:
        await reader.send_sms(["630"], "Hello")
    assert str(caught.value) == words
