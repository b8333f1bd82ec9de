"""The fax queue, its retries and its counters."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from simulator.clock import ManualClock
from simulator.engine import PbxError
from simulator.models import Direction
from simulator.pbx.simulated import SimulatedPbx

TOM = "beaucrn6"


def counted(pbx: SimulatedPbx) -> dict[str, int]:
    """Return the counters that are not 0."""
    return {name: count for name, count in pbx.faxes()[1].items() if count}


def test_a_fax_goes_page_by_page_and_leaves_the_queue(pbx: SimulatedPbx, clock: ManualClock) -> None:
    """A fax that was sent would stay in the queue, or be counted as something else."""
    fax = pbx.send_fax(TOM, "+1 847 474 3126")
    row = pbx.faxes()[0][0]
    assert (row.to, row.from_auth_id, row.processing, row.page, row.attempt) == ("8474743126", TOM, False, None, 1)
    for page in (1, 2):
        pbx.fax_progress(fax, page, 2)
        clock.advance(10)
    assert (pbx.faxes()[0][0].processing, pbx.faxes()[0][0].page) == (True, 2)
    assert counted(pbx) == {"current_sessions": 1, "transmit_attempts": 1}
    pbx.fax_complete(fax)
    assert (pbx.faxes()[0], counted(pbx)) == ([], {"transmit_attempts": 1, "completed_faxes": 1, "success": 1})
    record = pbx.call_records()[-1]
    assert (record.direction, record.fax, record.fax_successful) == (Direction.OUTBOUND, True, True)
    assert (record.fax_pages, record.duration, record.src) == (2, 20, "630")


def test_a_failed_attempt_is_tried_again_until_there_are_none_left(pbx: SimulatedPbx) -> None:
    """A fax that cannot be delivered would be tried for ever, or never a second time."""
    fax = pbx.send_fax(TOM, "8474743126", max_attempts=2)
    pbx.fax_progress(fax)
    pbx.fax_fail(fax, "no_fax")
    row = pbx.faxes()[0][0]
    assert (row.attempt, row.max_attempts, row.processing, row.page) == (2, 2, False, None)
    assert row.next_retry_at == pbx.now() + timedelta(minutes=5)
    pbx.fax_progress(fax)
    assert pbx.faxes()[0][0].next_retry_at is None
    pbx.fax_fail(fax)
    assert pbx.faxes()[0] == []
    assert counted(pbx) == {
        "transmit_attempts": 2,
        "completed_faxes": 2,
        "failed_faxes": 2,
        "no_fax": 1,
        "call_dropped": 1,
    }
    assert [record.fax_successful for record in pbx.call_records()] == [False, False]


@pytest.mark.parametrize(("cause", "pages"), [(None, 3), ("train_failure", 0)])
def test_a_fax_that_comes_in_makes_a_record(pbx: SimulatedPbx, cause: str | None, pages: int) -> None:
    """Nobody would be told of a fax that came in, or that it failed."""
    pbx.receive_fax("8155550101", "630", pages=3, cause=cause)
    record = pbx.call_records()[-1]
    assert (record.direction, record.src, record.dst) == (Direction.DIRECT_INBOUND, "8155550101", "630")
    assert (record.fax_successful, record.fax_pages, record.last_app) == (cause is None, pages, "ReceiveFAX")
    assert counted(pbx)["receive_attempts"] == 1


def test_fax_counters_start_again_after_a_restart(pbx: SimulatedPbx) -> None:
    """A restart of the PBX would not look like one."""
    pbx.receive_fax("8155550101", "630")
    pbx.reset_counters()
    assert counted(pbx) == {}


def test_faxes_go_with_the_one_who_sent_them(pbx: SimulatedPbx) -> None:
    """A fax of somebody who is gone could not be shown."""
    pbx.send_fax(TOM, "8474743126")
    pbx.remove_extension(TOM)
    assert pbx.faxes()[0] == []


@pytest.mark.parametrize(
    "refused",
    [
        lambda pbx, fax: pbx.fax_complete(fax),
        lambda pbx, fax: pbx.fax_fail(fax),
        lambda pbx, fax: pbx.fax_progress(fax + 1),
        lambda pbx, _: pbx.send_fax("nobody", "8474743126"),
        lambda pbx, _: pbx.receive_fax("8155550101", "630", cause="bad_mood"),
        lambda pbx, fax: (pbx.fax_progress(fax), pbx.fax_fail(fax, "bad_mood")),
    ],
)
def test_what_makes_no_sense_for_a_fax_is_refused(
    pbx: SimulatedPbx, refused: Callable[[SimulatedPbx, int], object]
) -> None:
    """A slip in a test or a demo would pass in silence."""
    fax = pbx.send_fax(TOM, "8474743126")
    with pytest.raises(PbxError, match=r"\w+ \w+"):
        refused(pbx, fax)
    assert (len(pbx.faxes()[0]), counted(pbx).get("failed_faxes")) == (1, None)


def test_a_call_that_was_taken_for_a_fax_is_none(pbx: SimulatedPbx) -> None:
    """The filter for failed detection would never find anything."""
    pbx.miss_fax("8155550101", "630", seconds=12)
    record = pbx.call_records()[-1]
    assert (record.fax_detect_failed, record.fax, record.fax_successful, record.duration) == (True, False, None, 12)
    assert counted(pbx) == {}
