"""Every way in which asking the PBX goes wrong, and what the client makes of it."""

import asyncio
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import aiohttp
import pytest

from custom_components.dls_pbx.api import (
    DlsPbxAuthenticationError,
    DlsPbxBareRefusalError,
    DlsPbxClient,
    DlsPbxConnectionError,
    DlsPbxError,
    DlsPbxPermissionError,
    DlsPbxRateLimitError,
    DlsPbxRequestError,
    DlsPbxResponseError,
    DlsPbxTimeoutError,
    DlsPbxUnreachableError,
    HttpConnections,
)
from custom_components.dls_pbx.api.connections import MAX_BODY, TIMEOUT
from simulator.app import Simulator
from simulator.faults.orders import FaultKind
from simulator.pbx.simulated import SimulatedPbx
from tests.helpers.api_requests import CHANGES, REQUESTS, STATUS
from tests.helpers.office import KEY, USERNAME

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
    FaultKind.UNAUTHORIZED_HTML: DlsPbxBareRefusalError,
    FaultKind.FORBIDDEN_EMPTY: DlsPbxBareRefusalError,
    # Of a key that was never answered nothing else is known than what is said, three times.
    FaultKind.SESSION_DOWN: DlsPbxAuthenticationError,
    FaultKind.LOGIN_FAILED: DlsPbxAuthenticationError,
}


REFUSALS = {FaultKind.WRONG_KEY, FaultKind.NO_PERMISSION, FaultKind.SESSION_DOWN, FaultKind.LOGIN_FAILED}
LATE = {FaultKind.SLOW, FaultKind.STALLED}
BREAKS = {FaultKind.RESET_BEFORE, FaultKind.RESET_AFTER}


LARGE = {FaultKind.ENDLESS, FaultKind.OVERSIZED}


def test_no_fault_is_forgotten() -> None:
    """What nobody tries happens at the office first."""
    # One of them is no fault of anybody's: see test_connections.py.
    assert FAULTS.keys() | LATE == set(FaultKind) - {FaultKind.CLOSING}


@pytest.fixture
def hurried(sim: Simulator, connections: HttpConnections) -> DlsPbxClient:
    """Return a client that waits for data only a moment, and for a connection as long as it takes."""
    return DlsPbxClient(connections, sim.url, USERNAME, KEY, timeout=aiohttp.ClientTimeout(sock_read=0.05))


def _asked(action: str, kind: FaultKind) -> int:
    """Return how often is asked what goes wrong each time."""
    if kind in REFUSALS:
        # It was not done: asked in each encoding that can say it. This contact's own field has a name that is none in
        # XML.
        return 2 if action == "dialer.add_contact" else 3
    # What changes the PBX may have been done; what only reads is asked again where its connection broke.
    return 1 if action in CHANGES or kind not in BREAKS else 2


@pytest.mark.parametrize("kind", sorted(FAULTS.keys() - LARGE))
async def test_each_fault_of_each_action_has_its_error_and_is_over(
    sim: Simulator, connections: HttpConnections, kind: FaultKind
) -> None:
    """Callers handle nine errors; anything else ends in a traceback in the log, and in entities that stand still."""
    for action, (ask, _, _) in REQUESTS.items():
        client = DlsPbxClient(connections, sim.url, USERNAME, KEY)
        sim.control.fail(action, kind, times=None)
        with pytest.raises(DlsPbxError) as caught:
            await ask(client)
        sim.control.heal()
        assert type(caught.value) is FAULTS[kind], action
        assert len(sim.requests.of(action)) == _asked(action, kind), action
        if action in STATUS and FAULTS[kind] is not DlsPbxAuthenticationError:
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


async def test_an_answer_that_says_it_is_too_large_is_not_waited_for(connections: HttpConnections) -> None:
    """Reading 32 MB of it first would take time and bring nothing."""

    async def boast(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(f"HTTP/1.1 200 OK\r\nContent-Length: {MAX_BODY + 1}\r\n\r\n".encode())
        await reader.read()  # until the client has gone
        writer.close()

    async with await asyncio.start_server(boast, "127.0.0.1", 0) as server:
        url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        with pytest.raises(DlsPbxResponseError, match="32 MB"):
            await DlsPbxClient(connections, url, USERNAME, KEY).users()


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


async def test_the_time_allowed_covers_the_body(sim: Simulator, connections: HttpConnections) -> None:
    """Headers come at once even from a PBX that then stops; by default that is given up as well."""
    assert TIMEOUT.total is not None
    client = DlsPbxClient(connections, sim.url, USERNAME, KEY, timeout=aiohttp.ClientTimeout(total=1))
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
