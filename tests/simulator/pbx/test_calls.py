"""Calls, phones and the CDR: what was live is what the records tell."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from simulator.engine import Engine, PbxError
from simulator.models import CallRecord, DeviceState, Direction, Registration
from simulator.pbx.simulated import SimulatedPbx
from tests.simulator.conftest import Wait

TOM, PHONE, JERRY = "beaucrn6", "phone100", "cpirg16m"


def last_row(pbx: SimulatedPbx) -> CallRecord:
    """Return the newest CDR row."""
    return pbx.call_records()[-1]


def test_the_simulated_pbx_is_an_engine(pbx: SimulatedPbx) -> None:
    """The vendor's API could not be answered from it."""
    engine: Engine = pbx
    assert engine.now().utcoffset() == timedelta(0)


def test_a_queue_call_is_connected_at_once_and_stays_with_its_queue(pbx: SimulatedPbx) -> None:
    """Callers would seem to be ringing while they listen to music, and leave the queue when an agent answers."""
    call = pbx.call_in("8155550101", to="support_queue")
    for _ in range(2):
        live = pbx.calls()[0]
        assert (live.direction, live.connected, live.connected_to) == (
            Direction.INBOUND,
            True,
            "Queue:support_queue",
        )
        assert (live.caller_id, live.extension) == ("8155550101", None)
        if not pbx.call(call).talker:
            pbx.answer(call)


def test_a_direct_call_rings_until_the_phone_answers(pbx: SimulatedPbx, wait: Wait) -> None:
    """A ringing phone would look like one in a call."""
    call = pbx.call_in("8155550101", name="Café Olé", to="100@north-side")
    assert (pbx.calls()[0].connected, pbx.calls()[0].connected_to) == (False, "100@north-side-Zoë O'Neil-Smith")
    wait(6)
    pbx.answer(call)
    assert pbx.calls()[0].connected
    wait(30)
    pbx.hang_up(call)
    row = last_row(pbx)
    assert (row.direction, row.src, row.src_name) == (Direction.DIRECT_INBOUND, "8155550101", "Café Olé")
    assert (row.duration, row.billable_duration, row.bridged) == (36, 30, True)
    assert row.dst_user is not None
    assert (row.dst_user.auth_id, row.dst_type, row.disposition) == ("north100", "Extension", "ANSWERED")


def test_a_direct_call_that_nobody_takes_is_not_answered(pbx: SimulatedPbx, wait: Wait) -> None:
    """A missed call would count as answered."""
    call = pbx.call_in("8155550101", to="630")
    wait(20)
    pbx.abandon(call)
    row = last_row(pbx)
    assert (row.disposition, row.bridged, row.billable_duration) == ("NO ANSWER", False, 0)


def test_an_answered_queue_call_is_told_with_hold_talk_and_agent(pbx: SimulatedPbx, wait: Wait) -> None:
    """Day figures made from CDR would not agree with the queue."""
    call = pbx.call_in("8155550101", to="support_queue")
    wait(7)
    pbx.answer(call)
    wait(50)
    pbx.hang_up(call)
    row = last_row(pbx)
    assert (row.direction, row.dst, row.dst_type) == (Direction.INBOUND, "support_queue", "Queue")
    assert (row.involved_queues, row.involved_agents) == (("support_queue",), (TOM,))
    assert (row.queue_hold_durations, row.queue_talk_durations) == ((7,), (50,))
    assert row.bridged
    assert row.abandoned_queues == ()
    assert row.unique_id == call
    assert call.partition(".")[0] == str(int(row.started_at.timestamp()))
    assert call in row.recording_link


def test_an_abandoned_caller_counts_as_answered_by_the_pbx_but_met_nobody(pbx: SimulatedPbx, wait: Wait) -> None:
    """Abandoned calls would be missing in the day's figures, as the PBX says ANSWERED."""
    call = pbx.call_in("8155550101", to="support_queue")
    wait(12)
    pbx.abandon(call)
    row = last_row(pbx)
    assert (row.disposition, row.bridged, row.abandoned_queues) == ("ANSWERED", False, ("support_queue",))
    assert (row.queue_hold_durations, row.queue_talk_durations, row.recording_link) == ((12,), (), "")


def test_an_outbound_call_rings_until_the_other_side_answers(pbx: SimulatedPbx, wait: Wait) -> None:
    """Calls out would have the wrong state or number."""
    call = pbx.call_out(TOM, "+1 312 555 0100")
    live = pbx.calls()[0]
    assert (live.connected, live.connected_to, live.caller_id) == (False, "3125550100", "+18475550100")
    assert live.extension == pbx.user(TOM)
    assert pbx.device_state(TOM) is DeviceState.IN_USE
    wait(5)
    pbx.answer(call)
    assert pbx.calls()[0].connected
    with pytest.raises(PbxError, match="has been answered"):
        pbx.answer(call)
    wait(20)
    pbx.hang_up(call)
    row = last_row(pbx)
    assert (row.direction, row.src, row.dst, row.billable_duration) == (Direction.OUTBOUND, "630", "3125550100", 20)


def test_a_busy_number_leaves_its_disposition(pbx: SimulatedPbx) -> None:
    """A call that came to nothing could not be told from one that nobody answered."""
    pbx.hang_up(pbx.call_out(TOM, "3125550100"), "BUSY")
    assert last_row(pbx).disposition == "BUSY"


def test_an_internal_call_names_both_ends(pbx: SimulatedPbx) -> None:
    """A call between colleagues would show one phone only."""
    call = pbx.call_internal("100", "630")
    live = pbx.calls()[0]
    assert (live.direction, live.connected_to, live.connected) == (Direction.INTERNAL, "630@default-Tom", False)
    assert live.extension == pbx.user(PHONE)
    pbx.answer(call)
    assert pbx.queues()[0].agents[0].connected_to == "100"
    pbx.hang_up(call)
    assert last_row(pbx).direction is Direction.INTERNAL


def test_an_extension_means_the_one_in_the_callers_tenant(pbx: SimulatedPbx) -> None:
    """The same extension in two tenants would be mixed up."""
    pbx.add_extension("101", "Zoë's neighbour", tenant="north-side", auth_id="north101")
    pbx.call_internal("north101", "100")
    assert pbx.calls()[0].connected_to == "100@north-side-Zoë O'Neil-Smith"


def test_a_caller_reaches_the_mailbox_of_a_phone_that_is_away(pbx: SimulatedPbx, wait: Wait) -> None:
    """Voicemail counts would not move, or the record would not know of the message."""
    call = pbx.call_in("8155550101", to="69")
    assert pbx.calls()[0].connected
    pbx.leave_voicemail(call, seconds=15)
    wait(15)
    row, jerry = last_row(pbx), pbx.user(JERRY)
    assert (row.voicemail, row.bridged, row.last_app) == (True, False, "VoiceMail")
    assert (jerry.voicemail_new, jerry.voicemail_old) == (1, 0)
    pbx.read_voicemail(JERRY)
    pbx.leave_voicemail(pbx.call_in("8155550102", to="69"))
    pbx.read_voicemail(JERRY)
    assert (pbx.user(JERRY).voicemail_new, pbx.user(JERRY).voicemail_old) == (0, 2)


def test_a_queue_caller_who_speaks_to_the_mailbox_is_lost_to_the_queue(pbx: SimulatedPbx) -> None:
    """An overflow to voicemail would hide that nobody answered."""
    pbx.leave_voicemail(pbx.call_in("8155550101", to="support_queue"))
    row = last_row(pbx)
    assert (row.direction, row.voicemail, row.abandoned_queues) == (Direction.INBOUND, True, ("support_queue",))
    assert (pbx.user(TOM).voicemail_new, pbx.queues()[0].lost) == (1, 1)


def test_a_transfer_is_corrected_in_the_record_a_little_later(pbx: SimulatedPbx, wait: Wait) -> None:
    """A reader that looks at each record once only would never learn of transfers."""
    call = pbx.call_in("8155550101", to="support_queue")
    pbx.answer(call)
    pbx.transfer(call, "100")
    assert (pbx.queues()[0].completed, pbx.device_state(PHONE)) == (1, DeviceState.RINGING)
    pbx.answer(call)
    pbx.hang_up(call)
    wait(9)
    assert not last_row(pbx).transferred
    wait(1)
    row = last_row(pbx)
    assert (row.transferred, row.blind_transferred, row.attended_transferred) == (True, True, False)
    assert (row.transferred_from_queues, row.transferred_from_agents) == (["support_queue"], [TOM])
    assert len(pbx.call_records()) == 1
    assert len(row.bridged_unique_ids) == 2


def test_an_attended_transfer_connects_at_once(pbx: SimulatedPbx, wait: Wait) -> None:
    """An announced caller would have to ring again."""
    call = pbx.call_in("8155550101", to="100")
    pbx.answer(call)
    pbx.transfer(call, "630", blind=False)
    assert (pbx.device_state(TOM), pbx.device_state(PHONE)) == (DeviceState.IN_USE, DeviceState.NOT_IN_USE)
    pbx.hang_up(call)
    wait(10)
    assert last_row(pbx).attended_transferred


def test_a_user_who_passes_his_own_call_on_is_free_again(pbx: SimulatedPbx) -> None:
    """A phone would stay busy with a call that somebody else has taken over."""
    call = pbx.call_out(PHONE, "3125550100")
    pbx.answer(call)
    pbx.transfer(call, "630")
    assert (pbx.device_state(PHONE), pbx.device_state(TOM)) == (DeviceState.NOT_IN_USE, DeviceState.RINGING)


def test_a_caller_from_outside_has_no_mailbox_to_speak_to_in_an_empty_queue(pbx: SimulatedPbx) -> None:
    """A caller turned away from a queue without agents would hang in the air."""
    call = pbx.call_in("8155550101", to="0")
    with pytest.raises(PbxError, match="no mailbox"):
        pbx.leave_voicemail(call)
    pbx.leave_voicemail(call, mailbox="100")
    assert pbx.user(PHONE).voicemail_new == 1


def test_a_caller_is_turned_away_from_a_queue_without_agents(pbx: SimulatedPbx, wait: Wait) -> None:
    """Nobody would be there to speak to, and nothing to end the call."""
    pbx.add_queue("closed", timeout=10)
    pbx.call_in("8155550101", to="closed")
    wait(10)
    assert pbx.calls() == []
    assert last_row(pbx).abandoned_queues == ("closed",)


def test_a_call_sent_on_to_a_mobile_is_a_hairpin(pbx: SimulatedPbx) -> None:
    """A forwarded call would look like one that the phone answered."""
    call = pbx.call_in("8155550101", to="630")
    pbx.forward(call, "3125550100")
    assert (pbx.device_state(TOM), pbx.calls()[0].connected) == (DeviceState.NOT_IN_USE, False)
    pbx.answer(call)
    pbx.hang_up(call)
    row = last_row(pbx)
    assert (row.direction, row.forwarded, row.dst, row.bridged) == (Direction.HAIRPIN, True, "3125550100", True)


def test_a_long_calls_row_stands_where_it_began(pbx: SimulatedPbx, wait: Wait) -> None:
    """Rows ordered by date would come in another order than the CDR's own."""
    long = pbx.call_in("8155550101", to="630")
    wait(10)
    pbx.abandon(pbx.call_in("8155550102", to="100"))
    pbx.hang_up(long)
    assert [row.src for row in pbx.call_records()] == ["8155550101", "8155550102"]


@pytest.mark.parametrize(
    "refused",
    [
        lambda pbx: pbx.answer("1.1"),
        lambda pbx: pbx.hang_up("1.1"),
        lambda pbx: pbx.call_out("nobody", "3125550100"),
        lambda pbx: pbx.call_out(JERRY, "3125550100"),
        lambda pbx: pbx.call_internal(TOM, "630"),
        lambda pbx: pbx.call_internal(TOM, "999"),
        lambda pbx: pbx.add_extension("630", "Twin"),
        lambda pbx: pbx.join_conference("9", TOM),
        lambda pbx: pbx.add_conference("2000"),
        lambda pbx: pbx.lock_conference("2000"),
        lambda pbx: pbx.set_registration("nobody", Registration.OK),
        lambda pbx: pbx.remove_extension("nobody"),
    ],
)
def test_what_cannot_happen_is_refused(pbx: SimulatedPbx, refused: Callable[[SimulatedPbx], None]) -> None:
    """A slip in a test or a demo would pass in silence, or leave half a call behind."""
    with pytest.raises(PbxError, match=r"\w+ \w+"):
        refused(pbx)
    assert pbx.calls() == []


@pytest.mark.parametrize(
    "refused",
    [
        lambda pbx, call: pbx.abandon(call),
        lambda pbx, call: pbx.leave_conference(call),
        lambda pbx, call: pbx.hang_up(call, "BORED"),
        lambda pbx, call: pbx.transfer(call, "nowhere"),
        lambda pbx, call: pbx.forward(call, "3125550100"),
        lambda pbx, call: pbx.answer(call, by="phone100"),
    ],
)
def test_what_does_not_fit_a_conversation_changes_nothing(
    pbx: SimulatedPbx, refused: Callable[[SimulatedPbx, str], None]
) -> None:
    """A refused step would cut a call off."""
    call = pbx.call_in("8155550101", to="630")
    pbx.answer(call)
    with pytest.raises(PbxError, match=r"\w+ \w+"):
        refused(pbx, call)
    assert pbx.call(call).talker == TOM


def test_who_hangs_up_in_the_mailbox_went_to_it(pbx: SimulatedPbx, wait: Wait) -> None:
    """The page's filter is "Went to Voicemail", and says nothing of a message."""
    call = pbx.call_in("8155550101", to="630")
    pbx.leave_voicemail(call, seconds=20)
    wait(5)
    pbx.hang_up(call)
    assert (last_row(pbx).voicemail, last_row(pbx).left_message) == (True, False)
    assert pbx.user(TOM).voicemail_new == 0
    pbx.leave_voicemail(pbx.call_in("8155550101", to="630"))
    assert (last_row(pbx).voicemail, last_row(pbx).left_message) == (True, True)


@pytest.mark.parametrize("order", [(True, False), (False, True)])
def test_a_second_transfer_does_not_undo_the_first(pbx: SimulatedPbx, wait: Wait, order: tuple[bool, bool]) -> None:
    """Each kind of transfer has a column and a filter, and a call can have had both."""
    call = pbx.call_in("8155550101", to="630")
    pbx.answer(call)
    for to, blind in zip(("100", "630"), order, strict=True):
        pbx.transfer(call, to, blind=blind)
        if blind:
            pbx.answer(call)
    pbx.hang_up(call)
    wait(10)
    row = last_row(pbx)
    assert (row.transferred, row.blind_transferred, row.attended_transferred) == (True, True, True)


def test_a_parked_call_is_picked_up_elsewhere(pbx: SimulatedPbx, wait: Wait) -> None:
    """The column and the filter could not be tried."""
    call = pbx.call_in("8155550101", to="support_queue")
    pbx.answer(call)
    pbx.park(call)
    assert (pbx.device_state(TOM), pbx.calls()[0].connected) == (DeviceState.NOT_IN_USE, True)
    wait(20)
    pbx.pick_up_parked(call, PHONE)
    assert (pbx.device_state(PHONE), pbx.calls()[0].connected_to) == (DeviceState.IN_USE, "100@default-Phone Name")
    pbx.hang_up(call)
    row = last_row(pbx)
    assert (row.parked, row.dst, row.queue_talk_durations, row.duration) == (True, "100", (0,), 20)
    assert pbx.device_state(PHONE) is DeviceState.NOT_IN_USE


def test_what_cannot_be_parked_or_picked_up_is_refused(pbx: SimulatedPbx) -> None:
    """A slip in a test or a demo would pass in silence."""
    call = pbx.call_in("8155550101", to="630")
    for refused in (lambda: pbx.park(call), lambda: pbx.pick_up_parked(call, PHONE)):
        with pytest.raises(PbxError, match=r"\w+ \w+"):
            refused()
    pbx.answer(call)
    pbx.park(call)
    with pytest.raises(PbxError, match="not registered"):
        pbx.pick_up_parked(call, JERRY)
    pbx.leave_voicemail(call)
    assert last_row(pbx).parked


@pytest.mark.parametrize(
    ("number", "src", "kind"),
    [
        ("+47 9123 4567", "+4791234567", "mobile"),
        ("+31 20 123456", "+3120123456", "fixed-line"),
        ("+447700900123", "447700900123", "mobile"),
        ("+442079460123", "442079460123", "fixed-line"),
        ("+85512345678", "85512345678", "fixed-line"),
        ("8555550100", "8555550100", "toll-free"),
    ],
)
def test_a_number_of_another_country_is_known_for_one(pbx: SimulatedPbx, number: str, src: str, kind: str) -> None:
    """Ten digits with a country would be somebody in Arkansas, and no number would ever be a mobile's."""
    pbx.abandon(pbx.call_in(number, to="630"))
    assert (last_row(pbx).src, last_row(pbx).src_type) == (src, kind)
    pbx.hang_up(pbx.call_out(TOM, number))
    assert (last_row(pbx).dst, last_row(pbx).dst_type, last_row(pbx).shown_number) == (src, kind, "+18475550100")


def test_a_restart_cuts_calls_off_without_a_record_and_counts_anew(pbx: SimulatedPbx) -> None:
    """Nobody could see what an integration makes of calls that are gone and are on no record."""
    pbx.add_phone(TOM, "24:9a:d8:02:f4:4e", "Yealink W70P")
    pbx.hang_up(pbx.call_out(TOM, "8155550109"))
    known = len(pbx.call_records())
    pbx.answer(pbx.call_in("8155550103", to="support_queue"))
    waiting = pbx.call_in("8155550102", to="support_queue")
    pbx.call_in("8155550101", to="630")
    pbx.join_conference("2000", "8155550104")
    assert [phone.calls_out for phone in pbx.provisioning()] == [1]
    pbx.restart()
    assert (pbx.calls(), pbx.conferences(), len(pbx.call_records())) == ([], [], known)
    assert {pbx.device_state(phone) for phone in (TOM, PHONE)} == {DeviceState.NOT_IN_USE}
    assert [(queue.completed, queue.lost, list(queue.callers)) for queue in pbx.queues()] == [(0, 0, [])] * 2
    assert {(phone.calls_in, phone.calls_out) for phone in pbx.provisioning()} == {(0, 0)}
    with pytest.raises(PbxError, match="No such call"):
        pbx.hang_up(waiting)
