"""Rows of the vendor's samples, as printed on the page."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from simulator.models import Agent, Caller, CallRecord, DeviceState, Direction, Extension, LiveCall, Message, Queue

CHICAGO = ZoneInfo("America/Chicago")


def local(year: int, month: int, day: int, hour: int, minute: int, second: int) -> datetime:
    """Return a time that the page prints in the PBX's zone."""
    return datetime(year, month, day, hour, minute, second, tzinfo=CHICAGO).astimezone(UTC)


def queue(name: str) -> Queue:
    """Return an empty queue."""
    return Queue(name=name, strategy="ringall", hold_time=0, completed=0, lost=0)


def support_queue(now: datetime) -> Queue:
    """Return the queue with an agent and a caller."""
    tom = Agent(
        auth_id="beaucrn6",
        name="Tom",
        tenant="default",
        tenant_id=0,
        device_state=DeviceState.NOT_IN_USE,
        last_call_at=now - timedelta(seconds=30),
        call_count=6,
        connected_to="XXXXXXXXXX",
    )
    waiting = Caller(number="XXXXXXXXXX", priority=1, joined_at=now - timedelta(seconds=4))
    return replace(queue("support_queue"), hold_time=4, completed=6, lost=1, agents=(tom,), callers=(waiting,))


def live_calls(now: datetime) -> Sequence[LiveCall]:
    """Return one call in each direction."""
    jerma = Extension(ext="985", name="Jerma", tenant="default", auth_id="sample985")
    return (
        LiveCall(
            direction=Direction.INBOUND,
            connected=True,
            started_at=now - timedelta(minutes=4, seconds=3),
            connected_to="Queue:support_queue",
            caller_id="1234567890",
        ),
        LiveCall(
            direction=Direction.OUTBOUND,
            connected=True,
            started_at=now - timedelta(minutes=1, seconds=20),
            connected_to="1023456789",
            caller_id="+1234567890",
            extension=jerma,
        ),
        LiveCall(
            direction=Direction.INTERNAL,
            connected=False,
            started_at=now - timedelta(seconds=4),
            connected_to="630@default-Tom",
            extension=replace(jerma, name="Jerry"),
        ),
    )


def message(row: int, time: datetime, account_code: str) -> Message:
    """Return a row of the SMS table."""
    return Message(
        id=row,
        time=time,
        src_label="100@default - Phone Name",
        dst_original_label="",
        dst_label="2224445555",
        src="sample100",
        dst_original="",
        dst="+12224445555",
        status="success",
        direction="outbound",
        body="Test Message",
        account_code=account_code,
        message_id="1498157871.594c132f4c2fa",
        cdr_id=row,
    )


def call_records(first: Extension, second: Extension) -> Sequence[CallRecord]:
    """Return the three rows of the report, oldest first."""
    internal = CallRecord(
        unique_id="1476370446.2",
        started_at=local(2016, 10, 13, 9, 54, 6),
        direction=Direction.INTERNAL,
        src="123",
        src_name=first.name,
        src_type="Extension",
        src_user=first,
        dst="321",
        dst_user=second,
        dst_name=second.name,
        dst_context="users",
        duration=90,
        billable_duration=85,
        bridged=True,
        bridged_unique_ids=("1476370446.3",),
    )
    inbound = CallRecord(
        unique_id="1476370384.0",
        started_at=local(2016, 10, 13, 9, 53, 4),
        direction=Direction.DIRECT_INBOUND,
        src="8478544799",
        src_name="DLS Internet Services",
        dst="123",
        dst_user=first,
        dst_name=first.name,
        dst_context="users",
        duration=46,
        billable_duration=41,
        bridged=True,
        bridged_unique_ids=("1476370384.1",),
    )
    toll_free = replace(
        inbound,
        unique_id="1476370358.2",
        started_at=local(2016, 10, 13, 9, 52, 38),
        src="8881234567",
        src_name="John",
        src_type="toll-free",
        dst="321",
        dst_user=second,
        dst_name=second.name,
        duration=31,
        billable_duration=26,
        bridged_unique_ids=("1476370358.3",),
    )
    return (toll_free, inbound, internal)
