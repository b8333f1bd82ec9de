"""The vendor's samples, read by the client over a real socket."""

from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from custom_components.dls_pbx.api import DlsPbxClient, HttpConnections
from custom_components.dls_pbx.api.models import (
    Agent,
    AgentState,
    Call,
    CallDirection,
    CallReport,
    CallStatus,
    Campaign,
    CampaignLog,
    Conference,
    ConsentList,
    ConsentLists,
    DeviceState,
    FaxJob,
    FaxStatus,
    ListedNumber,
    Message,
    MessagePage,
    ProvisionedPhone,
    Queue,
    Registration,
    SentMessage,
    Snapshot,
    User,
    WaitingCaller,
)
from simulator.app import DEFAULT_KEY, DEFAULT_USER, Simulator
from simulator.clock import ManualClock
from simulator.office.scenarios import SAMPLE_TIME, vendor_sample
from tests.helpers.paths import VENDOR_SAMPLES
from tests.helpers.scripted_server import Scripted
from tests.helpers.vendor_samples import SAMPLES, answer

CHICAGO = ZoneInfo("America/Chicago")
LISTED = datetime(2023, 6, 22, 10, 16, 25, tzinfo=CHICAGO)


def ago(**span: int) -> datetime:
    """Return the time that an elapsed text of the samples stands for."""
    return SAMPLE_TIME - timedelta(**span)


def phone(ext: str, mac_address: str, device: str, provisioned: bool, *fetched: int) -> ProvisionedPhone:
    """Return a desk phone of the samples."""
    return ProvisionedPhone(
        extension=f"{ext}@default",
        mac_address=mac_address,
        device=device,
        last_provisioned=datetime(*fetched, tzinfo=CHICAGO),  # type: ignore[misc]  # mypy cannot count them
        # The one that is not up to date was fetched "Over a week ago", which tells nothing of the PBX's clock.
        clock_offset=timedelta(0) if provisioned else None,
        provisioned=provisioned,
        calls_in=0,
        calls_out=0,
    )


MESSAGE = Message(
    id=3131,
    timestamp=datetime(2017, 6, 22, 15, 36, 41, tzinfo=CHICAGO),
    src_label="100@default - Phone Name",
    dst_original_label=None,
    dst_label="2224445555",
    status="success",
    direction="outbound",
    message="Test Message",
    account_code="213985",
    message_id="1498157871.594c132f4c2fa",
)
FAX_STATISTICS = {name: int(count) for name, count in answer("status.faxes")["faxes"]["fax_stats"].items()}

FACTS: dict[str, Any] = {
    "status.users": [
        User(
            auth_id="beaucrn6",
            extension="630",
            name="Tom",
            tenant="default",
            voicemail_new=6,
            voicemail_old=6,
            registration=Registration.OK,
            has_host=True,
        ),
        User(
            auth_id="cpirg16m",
            extension="69",
            name="Jerry",
            tenant="default",
            voicemail_new=0,
            voicemail_old=0,
            registration=Registration.UNMONITORED,
        ),
    ],
    "status.queues": [
        Queue(
            name="support_queue",
            strategy="ringall",
            hold_time=timedelta(seconds=4),
            waiting=1,  # the page says "0" and shows one who waits
            completed=6,
            lost=1,
            agents={
                "beaucrn6": Agent(
                    auth_id="beaucrn6",
                    name="Tom",
                    tenant="default",
                    device_state=DeviceState.NOT_IN_USE,
                    paused=False,
                    last_call_at=ago(seconds=30),
                    call_count=6,
                    penalty=0,
                    connected_to="XXXXXXXXXX",
                )
            },
            callers=(WaitingCaller(number="XXXXXXXXXX", priority=1, since=ago(seconds=4)),),
        ),
        Queue(
            name="testqueue",
            strategy="ringall",
            hold_time=timedelta(0),
            waiting=0,
            completed=0,
            lost=0,
            agents={},
            callers=(),
        ),
    ],
    "status.calls": [
        Call(
            direction=CallDirection.INBOUND,
            status=CallStatus.CONNECTED,
            started_at=ago(minutes=4, seconds=3),
            caller_id="1234567890",
            connected_to="Queue:support_queue",
        ),
        Call(
            direction=CallDirection.OUTBOUND,
            status=CallStatus.CONNECTED,
            started_at=ago(minutes=1, seconds=20),
            caller_id="+1234567890",
            extension="985@default-Jerma",
            connected_to="1023456789",
        ),
        Call(
            direction=CallDirection.INTERNAL,
            status=CallStatus.RINGING,
            started_at=ago(seconds=4),
            extension="985@default-Jerry",
            connected_to="630@default-Tom",
        ),
    ],
    "status.faxes": [
        FaxStatus(
            jobs=(
                FaxJob(
                    to="7735966400",
                    sender="beaucrn6",
                    processing=False,
                    page="N/A",
                    attempt="2/5",
                    next_retry=ago(minutes=-1),
                ),
                FaxJob(to="8474743126", sender="beaucrn6", processing=True, page="1/0", attempt="1/5"),
            ),
            statistics=FAX_STATISTICS,
        )
    ],
    "status.conferences": [Conference(number="2000", participants=1, admins=0, locked=False)],
    "status.provisioning": [
        phone("630", "24:9a:d8:02:f4:4e", "Yealink W70P", True, 2024, 1, 30, 13, 42, 56),
        phone("635", "00:04:f2:cc:2c:46", "Polycom VVX400", True, 2024, 1, 24, 11, 59, 55),
        phone("985", "00:15:65:4d:f1:b7", "Yealink SIP-T32G", False, 2024, 1, 12, 12, 0, 26),
    ],
    "status.dialer": [
        Campaign(id="1", name="My Campaign", type="blaster", status="Stopped", call_ratio=1, max_attempts=1)
    ],
    "status.dialerlogs": [
        CampaignLog(campaign="My Campaign", output=tuple(answer("status.dialerlogs")["logs"][0]["output"]))
    ],
    "sms.send_sms": SentMessage(message_id="1525443917.5aec6d4dd217b", recipients=("100", "+2223334444")),
    "sms.query_sms": MessagePage(
        total=171,
        messages=(
            MESSAGE,
            replace(
                MESSAGE,
                id=3121,
                timestamp=datetime(2017, 6, 22, 13, 57, 51, tzinfo=CHICAGO),
                account_code=None,
            ),
        ),
    ),
    "subscribers.query_lists": ConsentLists(
        opt_in=(
            ConsentList(
                id="XXXXXXX",
                name="Name of the campaign",
                total=190,
                numbers=(ListedNumber(number="5555555555", reason="MANUAL", text="N\\A", since=LISTED),),
                complete=False,  # the page leaves out the other 189
            ),
        ),
        opt_out=(
            ConsentList(
                id="0",
                name="name of the tenant",
                total=24,
                numbers=(ListedNumber(number="5555555555", reason="MANUAL", text="N\\A", since=LISTED),),
                complete=False,
            ),
        ),
    ),
    "subscribers.add_subscriber": None,
    "subscribers.remove_subscriber": None,
    "subscribers.add_unsubscriber": None,
    "subscribers.remove_unsubscriber": None,
    "reports.report": CallReport(
        total=3,
        columns=tuple(answer("reports.report")["columns"]),
        rows=tuple(map(tuple, answer("reports.report")["results"])),
    ),
}


@pytest.fixture
async def connections(socket_enabled: None) -> AsyncIterator[HttpConnections]:
    """Return an HTTP client."""
    async with HttpConnections() as connections:
        yield connections


def client(connections: HttpConnections, url: str, taken: datetime) -> DlsPbxClient:
    """Return a client in the samples' zone, at the time of the sample."""
    return DlsPbxClient(connections, url, DEFAULT_USER, DEFAULT_KEY, time_zone=CHICAGO, clock=lambda: taken)


def facts(found: Any) -> Any:
    """Return what a client found; of a snapshot the rows."""
    return list(found.rows.values()) if isinstance(found, Snapshot) else found


@pytest.mark.parametrize("name", SAMPLES)
async def test_the_client_reads_the_page(connections: HttpConnections, name: str) -> None:
    """The page is all that is known of the PBX: what is misread here is wrong at every office."""
    sample = SAMPLES[name]
    async with Scripted() as page:
        page.says((VENDOR_SAMPLES / f"{name}.json").read_bytes())
        found = await sample.call(client(connections, page.url, sample.taken))
    assert facts(found) == FACTS[name]


# Where no stand-in can say what the page says, the facts that the page cuts short.
CUT: dict[str, Callable[[Any], Any]] = {
    "sms.query_sms": lambda page: replace(page, messages=page.messages[:2]),
    "subscribers.query_lists": lambda lists: ConsentLists(
        opt_in=tuple(replace(one, numbers=one.numbers[:1], complete=False) for one in lists.opt_in),
        opt_out=tuple(replace(one, numbers=one.numbers[:1], complete=False) for one in lists.opt_out),
    ),
}


@pytest.mark.parametrize("name", SAMPLES)
async def test_the_stand_in_and_the_page_tell_the_client_the_same(connections: HttpConnections, name: str) -> None:
    """Our own request, too, has to bring about the page's answer."""
    sample = SAMPLES[name]
    clock = ManualClock(sample.taken)
    async with Simulator(vendor_sample(clock), clock=clock) as sim:
        found = await sample.call(client(connections, sim.url, sample.taken))
    assert CUT.get(name, lambda whole: whole)(facts(found)) == FACTS[name]


async def test_the_samples_tell_what_everybody_does(connections: HttpConnections) -> None:
    """What is computed from the rows, on the page's own rows."""
    async with Scripted() as page:
        asked = client(connections, page.url, SAMPLE_TIME)
        page.says((VENDOR_SAMPLES / "status.queues.json").read_bytes())
        queue = (await asked.queues()).rows["support_queue"]
        page.says((VENDOR_SAMPLES / "status.users.json").read_bytes())
        users = await asked.users()
        page.says((VENDOR_SAMPLES / "status.faxes.json").read_bytes())
        fax = (await asked.faxes()).rows[""]
    assert queue.agents["beaucrn6"].state is AgentState.AVAILABLE
    assert queue.agents_in(AgentState.AVAILABLE) == 1
    assert queue.waiting_since == ago(seconds=4)
    assert queue.abandon_rate == pytest.approx(100 / 7)
    assert (users.rows["beaucrn6"].registered, users.rows["cpirg16m"].registered) == (True, False)
    assert users.latencies == {"beaucrn6": 3}
    assert (fax.queued, fax.processing) == (1, 1)


async def test_times_come_out_in_utc(connections: HttpConnections) -> None:
    """Python compares two times of one zone by their wall clocks, which is wrong when summer time ends."""
    async with Scripted() as page:
        page.says((VENDOR_SAMPLES / "sms.query_sms.json").read_bytes())
        found = await client(connections, page.url, SAMPLE_TIME).query_sms()
    assert found.messages[0].timestamp == datetime(2017, 6, 22, 20, 36, 41, tzinfo=UTC)
    assert found.messages[0].timestamp.tzinfo is UTC
