"""Four calls to report on."""

from datetime import UTC, datetime, timedelta

from simulator.models import CallRecord, Direction, Extension

ANN = Extension(ext="100", name="Ann", tenant="default", auth_id="ann00000")
ZOE = Extension(ext="100", name="Zoë O'Neil", tenant="north-side", auth_id="zoe00000")
MOBILE = Extension(ext="1100", name="Ann - Mobile", tenant="default", auth_id="annmobil")
START = datetime(2026, 7, 1, 14, tzinfo=UTC)  # nine o'clock in Chicago

OUT = CallRecord(
    unique_id="1782914400.9",
    started_at=START,
    direction=Direction.OUTBOUND,
    src="100",
    src_name="Ann",
    src_type="Extension",
    src_user=ANN,
    dst="3125550100",
    dst_type="fixed-line",
    duration=40,
    billable_duration=30,
    bridged=True,
    bridged_unique_ids=("1782914402.10", "1782914403.11"),
)
QUEUE = CallRecord(
    unique_id="1782914460.10",
    started_at=START + timedelta(minutes=1),
    direction=Direction.INBOUND,
    src="8475550100",
    src_name="Café Olé",
    dst="support",
    dst_type="Queue",
    dst_user=ZOE,
    dst_original="8005550199",
    duration=165,
    billable_duration=165,
    bridged=True,
    recording_link="https://pbx.example.com/1",
    involved_queues=("sales", "support"),
    involved_agents=("zoe00000",),
    abandoned_queues=("sales",),
    queue_hold_durations=(10, 5),
    queue_talk_durations=(150,),
)
FAX = CallRecord(
    unique_id="1782914520.11",
    started_at=START + timedelta(minutes=2),
    direction=Direction.DIRECT_INBOUND,
    src="498912345678",
    dst="100",
    dst_user=ANN,
    duration=60,
    billable_duration=60,
    fax=True,
    fax_successful=True,
    fax_pages=3,
)
ROOM = CallRecord(
    unique_id="1782914580.12",
    started_at=START + timedelta(minutes=3),
    direction=Direction.INTERNAL,
    src="100",
    src_user=ZOE,
    dst="2000",
    dst_type="Conference",
    duration=600,
    billable_duration=600,
    conference="2000",
    recording_link="https://pbx.example.com/2",
)
CALLS = (OUT, QUEUE, FAX, ROOM)
NAMES = {call.unique_id: name for call, name in zip(CALLS, ("out", "queue", "fax", "room"), strict=True)}
