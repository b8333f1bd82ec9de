"""Kinds of call beyond the scenes, each once on a real Asterisk 22 with SIP phones (`logs/kinds`), and what is told."""

from functools import cache
from pathlib import Path

import pytest

from simulator.asterisk.records import RecordBook
from simulator.asterisk.records.queue_log import read, visits
from simulator.models import CallRecord, Direction, Extension
from tests.asterisk.test_records import LOGS, USERS

KINDS = LOGS / "kinds"
BUSY = Extension(ext="650", name="Busy Bee", tenant="default", auth_id="busybee")
TOM, JIM, LOBBY = USERS["beaucrn6"], USERS["ew2kk41z"], USERS["fhp9r3tc"]


@cache
def told() -> list[CallRecord]:
    """Return all of them."""
    return tell(KINDS / "queue_log", KINDS / "dls.csv")


def tell(log: Path, cdr: Path) -> list[CallRecord]:
    """Return what two files tell."""
    book = RecordBook(log, cdr, users=lambda: USERS | {BUSY.auth_id: BUSY})
    book.read()
    return list(book.records())


def came_in(line: int) -> CallRecord:
    """Return the only call of someone outside, known by the last digits of his number."""
    [record] = [record for record in told() if record.src == f"8155550{line}"]
    return record


def dialed(user: Extension, to: str) -> list[CallRecord]:
    """Return a user's calls to what he dialed."""
    return [record for record in told() if record.src_user == user and record.dst_original == to]


def test_a_queue_without_agents_sends_callers_away() -> None:
    """Else whoever came when nobody was there would not be called back."""
    call = came_in(301)
    assert (call.abandoned_queues, call.queue_hold_durations, call.bridged) == (("emptyq",), (26,), False)


def test_a_caller_who_left_a_queue_by_a_key_talked_elsewhere() -> None:
    """Else somebody who has been helped would be called back."""
    call = came_in(302)
    assert (call.abandoned_queues, call.queue_hold_durations) == (("keyq",), (1,))
    assert (call.direction, call.dst_user, call.bridged) == (Direction.INBOUND, JIM, True)


def test_a_second_queue_takes_over_from_the_first() -> None:
    """Else a call would be missed in both queues, or in none."""
    call = came_in(303)
    assert (call.involved_queues, call.abandoned_queues) == (("firstq", "secondq"), ("firstq",))
    assert (call.dst, call.involved_agents) == ("secondq", ("ew2kk41z",))
    assert (call.queue_hold_durations, call.queue_talk_durations) == ((2, 0), (1,))


def test_a_caller_can_be_lost_in_two_queues() -> None:
    """Else one of them would look better than it is."""
    call = came_in(304)
    assert (call.abandoned_queues, call.queue_hold_durations) == (("firstq", "secondq"), (2, 2))
    assert not call.bridged


@pytest.mark.parametrize(("line", "queue"), [(305, "localnq"), (307, "localq")])
def test_an_agent_with_a_name_behind_a_local_channel_is_known_by_the_phone(line: int, queue: str) -> None:
    """Else no agent of a FreePBX would ever have taken a call: `queue_log` has the member's name only."""
    call = came_in(line)
    assert (call.dst, call.dst_type, call.dst_user) == (queue, "Queue", JIM)
    assert (call.involved_agents, call.bridged, call.transferred) == (("ew2kk41z",), True, False)


def test_a_local_channel_that_rings_has_not_answered() -> None:
    """Else who gave up in a FreePBX's queue would count as helped."""
    call = came_in(306)
    assert (call.dst, call.abandoned_queues, call.bridged) == ("localnq", ("localnq",), False)


def test_a_member_that_is_no_user_keeps_its_name() -> None:
    """Else a call that a machine took would have been taken by nobody."""
    assert came_in(308).involved_agents == ("Box",)


def test_an_agent_asks_before_passing_a_caller_on() -> None:
    """Else the caller becomes the agent: Asterisk gives the caller's row the agent's account."""
    call = came_in(309)
    assert (call.direction, call.src_user, call.dst_user) == (Direction.INBOUND, None, JIM)
    assert (call.transferred, call.attended_transferred, call.blind_transferred) == (True, True, False)
    assert (call.transferred_from_queues, call.transferred_from_agents) == (("firstq",), ("fhp9r3tc",))
    assert (call.involved_agents, call.queue_talk_durations) == (("fhp9r3tc",), (8,))


def test_an_agent_passes_a_caller_on_to_another_queue_while_asking() -> None:
    """Else the second queue's call is told as one of its own: there a Local channel is the caller."""
    call = came_in(310)
    assert (call.involved_queues, call.abandoned_queues) == (("firstq", "secondq"), ())
    assert (call.dst, call.dst_user, call.attended_transferred) == ("secondq", JIM, True)
    assert (call.involved_agents, call.queue_talk_durations) == (("fhp9r3tc", "ew2kk41z"), (5, 2))


def test_an_agent_passes_a_caller_on_to_another_queue() -> None:
    """Else the second agent's work would not be seen."""
    call = came_in(311)
    assert (call.blind_transferred, call.attended_transferred, call.dst) == (True, False, "secondq")
    assert call.involved_agents == ("fhp9r3tc", "ew2kk41z")


def test_a_caller_who_was_passed_on_can_be_lost() -> None:
    """Else nobody would know that the second queue let a caller go."""
    call = came_in(312)
    assert (call.blind_transferred, call.abandoned_queues, call.bridged) == (True, ("secondq",), True)


@pytest.mark.parametrize("line", [313, 314], ids=["answered", "not answered"])
def test_a_direct_call_is_passed_on(line: int) -> None:
    """Else it would seem that the caller had dialed the colleague."""
    call = came_in(line)
    assert (call.direction, call.dst_user, call.bridged) == (Direction.DIRECT_INBOUND, LOBBY, True)
    assert (call.transferred, call.blind_transferred, call.attended_transferred) == (True, True, False)


def test_a_direct_call_is_passed_on_after_asking() -> None:
    """Else the caller would be the user who passed him on."""
    call = came_in(315)
    assert (call.direction, call.src_user, call.dst_user) == (Direction.DIRECT_INBOUND, None, LOBBY)
    assert (call.transferred, call.blind_transferred, call.attended_transferred) == (True, False, True)


@pytest.mark.parametrize(("line", "who"), [(316, JIM), (317, LOBBY)], ids=["first", "second"])
def test_of_phones_that_ring_together_the_one_that_answered_is_told(line: int, who: Extension) -> None:
    """Else a colleague who never picked up would be said to have talked."""
    call = came_in(line)
    assert (call.dst_user, call.bridged, call.transferred) == (who, True, False)


def test_a_busy_phone_is_busy() -> None:
    """Else a busy colleague would seem not to have been there."""
    [inside] = dialed(JIM, "650")
    for call in (came_in(318), inside):
        assert (call.disposition, call.dst_user, call.bridged, call.billable_duration) == ("BUSY", BUSY, False, 0)
    assert inside.direction is Direction.INTERNAL


@pytest.mark.parametrize("to", ["8155550777", "8155550124"], ids=["dead line", "nobody there"])
def test_a_call_that_nobody_outside_answers_is_outbound(to: str) -> None:
    """Else an attempt to call back would be an internal call."""
    call = next(call for call in dialed(JIM, to) if not call.transferred)
    assert (call.direction, call.dst, call.disposition, call.bridged) == (Direction.OUTBOUND, to, "NO ANSWER", False)


def test_a_direct_call_ends_at_the_mailbox() -> None:
    """Else a caller who left a message would look answered, or as if nobody had taken the call at all."""
    call = came_in(319)
    assert (call.voicemail, call.last_app, call.dst_user) == (True, "VoiceMail", JIM)
    assert (call.disposition, call.bridged, call.billable_duration) == ("ANSWERED", False, 6)


@pytest.mark.parametrize("line", [320, 335], ids=["message too short", "hung up in the greeting"])
def test_a_caller_at_a_mailbox_may_leave_no_message(line: int) -> None:
    """Else somebody would look for a message that is not there."""
    call = came_in(line)
    assert (call.voicemail, call.left_message, call.last_app, call.bridged) == (True, False, "VoiceMail", False)


@pytest.mark.parametrize(("line", "queues"), [(333, ()), (334, ("firstq",))], ids=["direct", "after a queue"])
def test_a_dialplan_that_notes_nothing_still_tells_of_voicemail(line: int, queues: tuple[str, ...]) -> None:
    """Else an Asterisk of one's own would have no voicemail before its dialplan was changed."""
    call = came_in(line)
    assert (call.voicemail, call.dst_user, call.abandoned_queues, call.bridged) == (True, JIM, queues, False)


def test_a_service_number_is_no_call_to_the_outside() -> None:
    """Else listening to one's messages would count as an outbound call to nobody."""
    calls = [*dialed(JIM, ""), *dialed(LOBBY, "")]
    assert len(calls) == 3
    assert {(call.direction, call.bridged) for call in calls} == {(Direction.INTERNAL, False)}


def test_an_agent_who_logs_in_or_out_by_phone_is_no_caller() -> None:
    """Else a call would be missed each time: `queue_log` names the phone's call, and the CDR was told to be quiet."""
    assert "REMOVEMEMBER" in (KINDS / "queue_log").read_text("utf-8")
    assert not [record for record in told() if not record.src]


def test_a_queue_behind_a_local_channel_belongs_to_the_caller() -> None:
    """Else there would be two calls, one of them without end: the queue's caller changes when that channel goes."""
    call = came_in(321)
    assert (call.direction, call.dst, call.dst_user) == (Direction.INBOUND, "firstq", LOBBY)
    assert (call.involved_agents, call.abandoned_queues, call.queue_talk_durations) == (("fhp9r3tc",), (), (2,))
    lost = came_in(322)
    assert (lost.direction, lost.dst, lost.abandoned_queues) == (Direction.INBOUND, "firstq", ("firstq",))
    assert not lost.bridged


def test_a_machine_that_answers_is_nobody_to_talk_to() -> None:
    """Else a caller who hung up in the menu would count as helped."""
    call = came_in(323)
    assert (call.direction, call.disposition, call.bridged) == (Direction.INBOUND, "ANSWERED", False)


def test_a_call_that_is_led_out_again_is_a_hairpin() -> None:
    """Else nobody would know that the PBX paid for it."""
    call = came_in(324)
    assert (call.direction, call.bridged) == (Direction.HAIRPIN, True)


@pytest.mark.parametrize(("line", "answered"), [(325, True), (326, False), (327, True)])
def test_a_phone_behind_a_local_channel_is_reached_directly(line: int, answered: bool) -> None:
    """Else calls by a dialplan of many parts would all be hairpins that somebody answered."""
    call = came_in(line)
    assert (call.direction, call.dst_user, call.bridged) == (Direction.DIRECT_INBOUND, JIM, answered)
    assert not call.transferred


def test_a_mailbox_behind_a_local_channel_has_not_talked() -> None:
    """Else a caller who spoke to a machine would count as helped."""
    call = came_in(336)
    assert (call.voicemail, call.dst_user, call.bridged) == (True, JIM, False)


def test_a_caller_is_parked_and_fetched() -> None:
    """Else it would seem that the caller had been left there."""
    call = came_in(328)
    assert (call.parked, call.bridged, call.dst_user) == (True, True, JIM)


def test_a_phone_that_does_not_exist_is_passed_over() -> None:
    """Else the next one, which answered, would not be seen."""
    assert (came_in(329).dst_user, came_in(329).bridged, came_in(329).transferred) == (JIM, True, False)


def test_a_caller_who_is_fetched_from_a_queue_has_talked() -> None:
    """Else a colleague's help would be a missed call; the queue itself says that it lost the caller."""
    call = came_in(330)
    assert (call.abandoned_queues, call.dst_user, call.bridged) == (("firstq",), JIM, True)


def test_a_caller_who_is_taken_out_of_a_queue_has_left_it() -> None:
    """Else that caller would wait there forever."""
    call = came_in(331)
    assert (call.abandoned_queues, call.queue_hold_durations, call.bridged) == (("firstq",), (2,), False)


def test_a_user_calls_a_queue() -> None:
    """Else colleagues who need help would not count."""
    answered, lost = dialed(JIM, "firstq")
    assert (answered.direction, answered.involved_agents, answered.bridged) == (
        Direction.INTERNAL,
        ("fhp9r3tc",),
        True,
    )
    assert (lost.direction, lost.abandoned_queues, lost.bridged) == (Direction.INTERNAL, ("firstq",), False)


def test_who_is_alone_in_a_room_talks_to_nobody() -> None:
    """Else a caller who came in vain would count as helped."""
    call = came_in(332)
    assert (call.dst_type, call.conference, call.bridged) == ("Conference", "2000", False)


def test_who_dialed_passes_the_call_on() -> None:
    """Else a customer who was called back and then passed on to a colleague would still be owed a call."""
    [call] = [call for call in dialed(JIM, "8155550124") if call.transferred]
    assert (call.direction, call.dst, call.bridged) == (Direction.OUTBOUND, "8155550124", True)
    assert call.blind_transferred


def test_a_colleague_passes_a_call_on_to_the_outside() -> None:
    """Else the one who dialed a colleague would have dialed the outside."""
    [call] = dialed(TOM, "8155550125")
    assert (call.direction, call.dst, call.bridged, call.blind_transferred) == (
        Direction.INTERNAL,
        "8155550125",
        True,
        True,
    )


def test_a_restart_ends_calls_as_a_hang_up_would() -> None:
    """Else the calls of the minute before would be lost."""
    talking, waiting, speaking = came_in(337), came_in(338), came_in(339)
    assert (talking.involved_agents, talking.bridged) == (("fhp9r3tc",), True)
    assert (waiting.abandoned_queues, waiting.bridged) == (("firstq",), False)
    assert speaking.voicemail
    assert [call.bridged for call in dialed(TOM, "8155550124")] == [True]


def test_who_was_in_a_queue_when_asterisk_crashed_is_told() -> None:
    """Else who was cut off would never be called back; of other calls a crash leaves no trace."""
    talking, waiting, behind_local, second = (came_in(line) for line in (340, 341, 342, 343))
    assert (talking.involved_agents, talking.bridged) == (("fhp9r3tc",), True)
    assert (waiting.abandoned_queues, waiting.queue_hold_durations) == (("firstq",), (7,))
    assert behind_local.abandoned_queues == ("firstq",)
    assert (second.abandoned_queues, second.queue_hold_durations) == (("firstq", "secondq"), (2, 5))
    assert not [record for record in told() if record.src == "8155550344"]  # was talking to a user


def test_a_caller_goes_on_when_a_colleague_hangs_up() -> None:
    """Else every dialplan that goes on after a call (`Dial` with `g`) would transfer all its callers."""
    call = came_in(351)
    assert (call.conference, call.bridged, call.transferred) == ("2000", True, False)


def test_a_caller_may_leave_a_mailbox_by_a_key(tmp_path: Path) -> None:
    """Else somebody who has been helped would have left a message."""
    call = came_in(352)
    assert (call.voicemail, call.last_app, call.dst_user, call.bridged) == (False, "Dial", LOBBY, True)
    noted = (
        (KINDS / "dls.csv").read_text("utf-8").replace(";VMSTATUS=USEREXIT", "MAILBOX=633@default;VMSTATUS=USEREXIT")
    )
    (tmp_path / "dls.csv").write_text(noted, "utf-8")
    assert call in tell(KINDS / "queue_log", tmp_path / "dls.csv")


def test_an_agent_passes_a_caller_on_to_a_colleague_in_the_same_queue() -> None:
    """Else the two agents' work would be told of one of them: `queue_log` tells both stays at the same time."""
    call = came_in(353)
    assert (call.involved_queues, call.involved_agents) == (("firstq",), ("fhp9r3tc", "ew2kk41z"))
    assert (call.transferred_from_agents, call.abandoned_queues) == (("fhp9r3tc",), ())
    assert call.queue_talk_durations == (7, 3)


def test_a_transfer_that_joins_two_places_has_one_field_more() -> None:
    """Else its seconds would be a channel's name (`app_queue.c`: LINK; what we could play were BRIDGE only)."""
    said = "7|1.1|q|PJSIP/a|ATTENDEDTRANSFER|LINK|Local/1@x-00000001;1|Local/1@x-00000001;2|3|4|1"
    [visit] = visits(line for text in ("1|1.1|q|NONE|ENTERQUEUE||2|1", said) if (line := read(text)))
    assert (visit.hold, visit.talk, visit.transferred) == (3, 4, "ATTENDEDTRANSFER")


def test_before_asterisk_is_up_again_nothing_says_that_a_call_is_over(tmp_path: Path) -> None:
    """Else each caller in a queue would for a moment be missed: the row comes after the log's line."""
    log = tmp_path / "queue_log"
    lines = (KINDS / "queue_log").read_text("utf-8").splitlines(keepends=True)
    starts = [number for number, line in enumerate(lines) if "QUEUESTART" in line]
    log.write_text("".join(lines[: starts[2]]), "utf-8")  # the first is the beginning, the second a restart
    before, after = tell(log, KINDS / "dls.csv"), told()
    cut_off = {record.src for record in after} - {record.src for record in before}
    assert cut_off == {"8155550340", "8155550341", "8155550342", "8155550343"}
