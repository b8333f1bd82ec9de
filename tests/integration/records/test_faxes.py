"""Faxes as events: queued when it is seen in the queue, and what came of it from the CDR."""

from typing import Any

import pytest

from simulator.pbx.faxes import MAX_ATTEMPTS
from simulator.pbx.past import Outcome
from simulator.pbx.simulated import SimulatedPbx
from tests.helpers.office import CALLER, JERRY, OTHER_CALLER, TOM
from tests.helpers.restarts import House, Listener
from tests.integration.conftest import Poll

pytestmark = pytest.mark.usefixtures("no_error")

TEL = {"number": f"+1{CALLER}", "tel": f"tel:+1{CALLER}"}
NINE = "2026-11-23T09:00:00-06:00"


def attempt(pbx: SimulatedPbx, fax: int, *, fails: bool) -> None:
    """Let the PBX try to send a fax once."""
    pbx.fax_progress(fax, page=1, pages=2)
    if fails:
        pbx.fax_fail(fax)
    else:
        pbx.fax_complete(fax)


@pytest.mark.parametrize(("cause", "what"), [(None, "received"), ("no_fax", "failed")])
async def test_a_fax_that_comes_in_is_told(
    pbx: SimulatedPbx, heard: Listener, poll: Poll, cause: str | None, what: str
) -> None:
    """An order has come, and nobody looks at the machine; it is no call that anybody missed."""
    await poll(40)
    pbx.receive_fax(CALLER, TOM, cause=cause, seconds=40)
    await poll(61)
    assert [(one.what, one.attributes) for one in heard.told] == [
        (
            f"pbx_fax:{what}",
            TEL
            | {
                "direction": "inbound",
                "extension": "630",
                "own_number": "+18475550100",
                "duration": 40,
                "time": NINE,
            },
        )
    ]


async def test_a_fax_is_told_when_it_is_queued_and_when_it_is_sent(
    pbx: SimulatedPbx, heard: Listener, poll: Poll
) -> None:
    """Who sent it wants to know that it is on its way, and that it has arrived."""
    fax = pbx.send_fax(TOM, CALLER)
    await poll(60)
    about: dict[str, Any] = TEL | {"direction": "outbound", "extension": "630"}
    assert [(one.what, one.attributes) for one in heard.told] == [
        ("pbx_fax:queued", about | {"time": "2026-11-23T09:01:00-06:00"})
    ]
    pbx.fax_progress(fax, page=1, pages=2)
    await poll(60)
    pbx.fax_complete(fax)
    await poll(60)
    await poll(60)
    assert heard.whats == ["pbx_fax:queued", "pbx_fax:sent"]
    ended = {"time": "2026-11-23T09:01:00-06:00", "duration": 60, "disposition": "answered"}
    assert heard.told[1].attributes == about | ended


async def test_a_fax_has_failed_when_the_pbx_gives_up(pbx: SimulatedPbx, heard: Listener, poll: Poll) -> None:
    """Five attempts are one fax: an alarm after the first would be false four times out of five."""
    fax = pbx.send_fax(TOM, CALLER)
    await poll(60)
    for _ in range(MAX_ATTEMPTS):
        assert heard.whats == ["pbx_fax:queued"]
        await poll(300)
        attempt(pbx, fax, fails=True)
        await poll(61)
    assert heard.whats == ["pbx_fax:queued", "pbx_fax:failed"]
    for _ in range(3):
        await poll(61)
    assert heard.whats == ["pbx_fax:queued", "pbx_fax:failed"]


async def test_a_fax_that_gets_through_at_last_was_sent(pbx: SimulatedPbx, heard: Listener, poll: Poll) -> None:
    """Busy lines are no failure."""
    fax = pbx.send_fax(TOM, CALLER)
    await poll(61)
    for fails in (True, True, False):
        await poll(300)
        attempt(pbx, fax, fails=fails)
        await poll(61)
    assert heard.whats == ["pbx_fax:queued", "pbx_fax:sent"]


async def test_a_fax_that_fails_while_home_assistant_is_down_is_told_once(house: House, pbx: SimulatedPbx) -> None:
    """In the morning there is one failed fax, not five."""
    await house.start()
    fax = pbx.send_fax(TOM, CALLER)
    await house.pass_time(61)
    await house.stop()
    for _ in range(MAX_ATTEMPTS):
        house.clock.tick(300)
        attempt(pbx, fax, fails=True)
    house.clock.tick(300)
    pbx.add_past_call(OTHER_CALLER, TOM, outcome=Outcome.FAX)
    await house.start()
    assert house.heard.whats == ["pbx_fax:queued", "pbx_fax:failed", "pbx_fax:received"]


async def test_two_equal_faxes_are_two(pbx: SimulatedPbx, heard: Listener, poll: Poll) -> None:
    """Whoever sends the same thing twice has two faxes on their way."""
    faxes = [pbx.send_fax(TOM, CALLER) for _ in range(2)]
    await poll(61)
    assert heard.whats == ["pbx_fax:queued"] * 2
    for fax in faxes:
        attempt(pbx, fax, fails=False)
    await poll(61)
    assert heard.whats == ["pbx_fax:queued"] * 2 + ["pbx_fax:sent"] * 2
    assert heard.told[2].attributes == heard.told[3].attributes


async def test_somebody_elses_fax_to_the_same_number_does_not_hide_a_failure(
    pbx: SimulatedPbx, heard: Listener, poll: Poll
) -> None:
    """Two people write to one customer, and only one of them gets through."""
    lost = pbx.send_fax(TOM, CALLER, max_attempts=1)
    waiting = pbx.send_fax(JERRY, CALLER)
    await poll(61)
    attempt(pbx, lost, fails=True)
    await poll(61)
    assert heard.whats == ["pbx_fax:queued"] * 2 + ["pbx_fax:failed"]
    assert heard.told[-1].attributes["extension"] == "630"
    attempt(pbx, waiting, fails=False)
    await poll(61)
    assert heard.whats == ["pbx_fax:queued"] * 2 + ["pbx_fax:failed", "pbx_fax:sent"]


async def test_a_fax_sent_again_later_does_not_hide_that_the_first_failed(house: House, pbx: SimulatedPbx) -> None:
    """It failed at ten at night and went through at eight in the morning: both is worth knowing at nine."""
    await house.start()
    await house.stop()
    pbx.add_past_call(TOM, CALLER, outcome=Outcome.FAX_FAILED)
    house.clock.tick(10 * 3600)
    pbx.add_past_call(TOM, CALLER, outcome=Outcome.FAX)
    await house.start()
    assert house.heard.whats == ["pbx_fax:failed", "pbx_fax:sent"]
