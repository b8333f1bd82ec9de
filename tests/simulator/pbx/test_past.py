"""Records of what nobody had to live through."""

from datetime import timedelta
from typing import Any

import pytest

from simulator.clock import ManualClock
from simulator.engine import PbxError
from simulator.models import CallRecord, Direction
from simulator.pbx.simulated import SimulatedPbx
from tests.simulator.conftest import Wait
from tests.simulator.control.test_commands import Order, order

__all__ = ["order"]

CALLER = "8475550123"


def only(pbx: SimulatedPbx, call_id: str) -> CallRecord:
    """Return the row of a call."""
    [row] = [row for row in pbx.call_records() if row.unique_id == call_id]
    return row


def test_a_past_call_is_as_the_call_would_have_been(pbx: SimulatedPbx, clock: ManualClock, wait: Wait) -> None:
    """Tests on made-up rows would prove nothing about real ones."""
    lived = pbx.call_in(CALLER, name="Ann", to="support_queue")
    wait(12)
    pbx.answer(lived)
    wait(40)
    pbx.hang_up(lived)
    told = pbx.add_past_call(CALLER, "support_queue", wait=12, talk=40, name="Ann")
    ignored = ("unique_id", "recording_link", "cel_link", "bridged_unique_ids")
    rows = [
        {name: getattr(only(pbx, one), name) for name in CallRecord.__slots__ if name not in ignored}
        for one in (lived, told)
    ]
    assert rows[0] == rows[1]
    assert len(only(pbx, told).bridged_unique_ids) == 1
    assert told in only(pbx, told).recording_link


@pytest.mark.parametrize(
    ("ends", "facts", "seen"),
    [
        (
            (CALLER, "630"),
            {},
            {"direction": Direction.DIRECT_INBOUND, "bridged": True, "duration": 70, "billable_duration": 60},
        ),
        ((CALLER, "630"), {"outcome": "unanswered"}, {"bridged": False, "duration": 10, "disposition": "NO ANSWER"}),
        ((CALLER, "630"), {"outcome": "voicemail"}, {"bridged": False, "voicemail": True, "duration": 25}),
        ((CALLER, "630"), {"outcome": "fax"}, {"fax": True, "fax_successful": True, "fax_pages": 1}),
        (("630", "8475550199"), {"outcome": "fax_failed"}, {"fax_successful": False, "direction": Direction.OUTBOUND}),
        ((CALLER, "8475550199"), {}, {"direction": Direction.HAIRPIN, "bridged": True}),
        (("630", "69"), {}, {"direction": Direction.INTERNAL, "src": "630"}),
        (
            (CALLER, "support_queue"),
            {"outcome": "unanswered", "wait": 4},
            {"abandoned_queues": ("support_queue",), "queue_hold_durations": (4,), "billable_duration": 4},
        ),
        (
            (CALLER, "support_queue"),
            {"outcome": "voicemail"},
            {"dst": "630", "abandoned_queues": ("support_queue",), "voicemail": True, "bridged": False},
        ),
        (
            (CALLER, "support_queue"),
            {"via": ["0"], "by": "630", "wait": 7},
            {
                "involved_queues": ("0", "support_queue"),
                "abandoned_queues": ("0",),
                "queue_hold_durations": (7, 7),
                "queue_talk_durations": (60,),
                "involved_agents": ("beaucrn6",),
            },
        ),
    ],
)
async def test_a_past_call_has_any_outcome(
    order: Order, pbx: SimulatedPbx, ends: tuple[str, str], facts: dict[str, Any], seen: dict[str, Any]
) -> None:
    """Each outcome is told differently, and each has to be tried."""
    row = only(pbx, await order("POST", "add_past_call", caller=ends[0], to=ends[1], **facts))
    assert {name: getattr(row, name) for name in seen} == seen
    assert row.started_at + timedelta(seconds=row.duration) == pbx.now()


def test_a_past_call_stands_where_it_belongs(pbx: SimulatedPbx) -> None:
    """The CDR is in the order in which calls began."""
    late, early = (pbx.add_past_call(CALLER, "630", ago=ago) for ago in (100, 86_400))
    assert [row.unique_id for row in pbx.call_records()] == [early, late]
    assert only(pbx, early).started_at == pbx.now() - timedelta(days=1)


@pytest.mark.parametrize(
    ("facts", "error"),
    [
        ({"to": "630", "ago": 69}, "A call of 70 seconds that began 69 seconds ago has not ended"),
        ({"to": "0"}, "Queue 0 has no agent who could have answered"),
        ({"to": "0", "outcome": "voicemail"}, "There is no mailbox for this call"),
        ({"to": "nobody"}, "No queue, extension or conference is called nobody"),
        ({"to": "630", "outcome": "lost"}, "'outcome' must be one of: answered, unanswered, voicemail"),
    ],
)
async def test_what_cannot_have_been_is_refused(
    order: Order, pbx: SimulatedPbx, facts: dict[str, Any], error: str
) -> None:
    """A test on an impossible row would prove the impossible."""
    assert error in await order("POST", "add_past_call", expect=400, caller=CALLER, **facts)
    assert pbx.call_records() == []


async def test_a_row_is_corrected(order: Order, pbx: SimulatedPbx) -> None:
    """The PBX knows better after a while, and says so in the same row."""
    call = pbx.add_past_call(CALLER, "630", outcome="unanswered")
    await order("POST", "correct_call", call_id=call, bridged=True)
    assert (only(pbx, call).bridged, only(pbx, call).recording_link) == (True, "")
    with pytest.raises(PbxError, match="No such call record"):
        pbx.correct_call("1.1", bridged=True)


async def test_texts_of_the_past(order: Order, pbx: SimulatedPbx) -> None:
    """A text has an id that is later than its time, if it got lost on its way for a while."""
    pbx.receive_sms(CALLER, "630", "now")
    await order("POST", "add_past_sms", sender=CALLER, to="630", body="an hour ago", ago=3600)
    sent = await order("POST", "add_past_sms", sender="630", to=f"+1{CALLER}", body="an answer")
    assert [(row.id, row.direction, row.body) for row in pbx.messages()] == [
        (1, "inbound", "now"),
        (2, "inbound", "an hour ago"),
        (3, "outbound", "an answer"),
    ]
    assert pbx.now() - pbx.messages()[1].time == timedelta(hours=1)
    await order("POST", "fail_sms", message_id=sent)
    assert [row.status for row in pbx.messages()] == ["success", "success", "failure"]
    with pytest.raises(PbxError, match="No such message"):
        pbx.fail_sms("1.1")
