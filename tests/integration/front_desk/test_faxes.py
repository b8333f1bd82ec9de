"""Faxes as a front desk is sent them: those in the PBX's queue, and those of today that are over."""

import logging

from freezegun.api import FrozenDateTimeFactory
from homeassistant.auth import EVENT_USER_UPDATED
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, MockUser

from simulator.app import Simulator
from simulator.pbx.simulated import SimulatedPbx
from tests.helpers.automations import entity
from tests.helpers.front_desk import Connect, Desk
from tests.helpers.office import CALLER, JERRY, OTHER_CALLER
from tests.integration.conftest import Poll
from tests.integration.front_desk.conftest import Guest

READABLE, E164 = "(815) 555-0123", "+18155550123"


@pytest.fixture
async def desk(loaded: MockConfigEntry, hass_ws_client: Connect) -> Desk:
    """Return a front desk that the owner looks at."""
    return await Desk.open(hass_ws_client)


async def test_a_fax_is_seen_from_the_queue_to_its_end(desk: Desk, pbx: SimulatedPbx, poll: Poll) -> None:
    """Whoever sent it would call the customer to hear whether it has come."""
    fax = pbx.send_fax(JERRY, CALLER)
    await poll(61)
    await desk.news()
    ((fax_id, row),) = desk.rows["faxes"].items()
    assert CALLER not in fax_id
    assert row == {
        "to": READABLE,
        "from": "69",
        "status": "queued",
        "page": None,
        "attempt": "1/5",
        "next_retry": None,
        "time": None,
        "tel": E164,
        "name": None,
    }
    pbx.fax_progress(fax, 2, 3)
    await poll(61)
    await desk.news()
    row = desk.rows["faxes"][fax_id]
    assert (row["status"], row["page"]) == ("processing", "2/3")
    pbx.fax_complete(fax)
    await poll(61)
    await desk.news()
    (row,) = desk.rows["faxes"].values()
    assert (row["to"], row["from"], row["status"], row["time"]) == (READABLE, "69", "sent", "2026-11-23T09:01:01-06:00")
    assert (row["page"], row["attempt"], row["tel"]) == (None, None, E164)


async def test_a_fax_that_has_failed_says_so_after_its_last_attempt(desk: Desk, pbx: SimulatedPbx, poll: Poll) -> None:
    """The order that was faxed would never arrive, and nobody would know."""
    fax = pbx.send_fax(JERRY, CALLER, max_attempts=2)
    pbx.fax_progress(fax)
    await poll(61)
    await desk.news()
    pbx.fax_fail(fax)
    await poll(61)
    await desk.news()
    (row,) = desk.rows["faxes"].values()
    # The PBX waits five minutes from 15:01:01 on, and says in whole minutes how long it still will.
    assert (row["status"], row["attempt"]) == ("queued", "2/2")
    assert row["next_retry"] in ("2026-11-23T15:06:02+00:00", "2026-11-23T15:07:02+00:00")
    await poll(61)
    assert not any("faxes" in message for message in await desk.news())
    await poll(181)
    await desk.news()
    pbx.fax_progress(fax)
    await poll(61)
    await desk.news()
    pbx.fax_fail(fax)
    for _ in range(2):
        await poll(61)
        await desk.news()
    (row,) = desk.rows["faxes"].values()
    assert (row["status"], row["next_retry"], row["attempt"]) == ("failed", None, None)


async def test_a_fax_that_came_in_is_there(desk: Desk, pbx: SimulatedPbx, poll: Poll) -> None:
    """A signed contract would lie in the mailbox of a colleague who is on holiday."""
    pbx.receive_fax(CALLER, "69")
    await poll(61)
    await desk.news()
    (row,) = desk.rows["faxes"].values()
    assert (row["from"], row["to"], row["status"], row["tel"]) == (READABLE, "69", "received", E164)
    assert row["time"] == "2026-11-23T08:59:20-06:00"


async def test_two_faxes_to_one_number_are_two(desk: Desk, pbx: SimulatedPbx, poll: Poll) -> None:
    """The second page of an order would seem to be on its way when the first is."""
    pbx.fax_progress(pbx.send_fax(JERRY, CALLER))
    pbx.send_fax(JERRY, CALLER)
    pbx.send_fax(JERRY, OTHER_CALLER)
    await poll(61)
    await desk.news()
    states = sorted((row["to"], row["status"]) for row in desk.rows["faxes"].values())
    assert states == [(READABLE, "processing"), (READABLE, "queued"), ("(847) 555-0199", "queued")]


async def test_yesterdays_faxes_are_gone_at_midnight(
    desk: Desk, pbx: SimulatedPbx, poll: Poll, frozen: FrozenDateTimeFactory
) -> None:
    """A fax of yesterday would be taken for today's."""
    frozen.move_to("2026-11-24T05:59:30Z")  # before midnight in Chicago
    pbx.receive_fax(CALLER, "69")
    await poll(0)
    await desk.news()
    assert len(desk.rows["faxes"]) == 1
    # Too soon for anything that is asked.
    await poll(31)
    await desk.news()
    assert desk.rows["faxes"] == {}


async def test_a_queue_that_is_not_told_shows_no_faxes(
    desk: Desk, pbx: SimulatedPbx, simulator: Simulator, poll: Poll
) -> None:
    """A fax that went out long ago would seem to wait; what came in has come in all the same."""
    pbx.send_fax(JERRY, OTHER_CALLER)
    pbx.receive_fax(CALLER, "69")
    await poll(61)
    await desk.news()
    simulator.control.fail("status.faxes", "server_error", times=None)
    await poll(61)
    await desk.news()
    assert [row["status"] for row in desk.rows["faxes"].values()] == ["received"]


async def test_who_begins_to_look_as_a_fax_goes_sees_it_go(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    pbx: SimulatedPbx,
    guest: Guest,
    poll: Poll,
    hass_read_only_user: MockUser,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """One screen would stay empty for the rest of the day."""
    desk = await guest(entity(hass, "event", "pbx", "fax"))
    fax = pbx.send_fax(JERRY, CALLER)
    await poll(61)
    await desk.news()
    assert len(desk.rows["faxes"]) == 1
    pbx.fax_progress(fax)
    pbx.fax_complete(fax)
    await loaded.runtime_data.faxes.async_refresh()
    # Rights are looked at anew before what was touched is.
    hass.bus.async_fire(EVENT_USER_UPDATED, {"user_id": hass_read_only_user.id})
    await desk.news()
    assert desk.rows["faxes"] == {}
    assert [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR] == []


async def test_who_may_not_read_faxes_gets_none(
    hass: HomeAssistant, pbx: SimulatedPbx, guest: Guest, poll: Poll
) -> None:
    """Whom the office sends what is not for everybody."""
    desk = await guest(entity(hass, "event", "pbx", "sms"))
    pbx.receive_fax(CALLER, "69")
    await poll(61)
    assert await desk.news() == []


async def test_a_colleague_whom_the_user_may_not_read_is_left_out_of_faxes(
    hass: HomeAssistant, pbx: SimulatedPbx, guest: Guest, poll: Poll
) -> None:
    """Who may see that there are faxes would see who of the colleagues gets and sends them."""
    desk = await guest(entity(hass, "event", "pbx", "fax"))
    pbx.receive_fax(CALLER, "69")
    pbx.send_fax(JERRY, OTHER_CALLER)
    await poll(61)
    await desk.news()
    found = {row["status"]: (row["from"], row["to"]) for row in desk.rows["faxes"].values()}
    assert found == {"received": (READABLE, None), "queued": (None, "(847) 555-0199")}


async def test_a_colleague_whom_the_user_may_read_is_shown_in_faxes(
    hass: HomeAssistant, pbx: SimulatedPbx, guest: Guest, poll: Poll
) -> None:
    """A receptionist would not know whom to bring the fax."""
    desk = await guest(entity(hass, "event", "pbx", "fax"), entity(hass, "sensor", f"phone_{JERRY}", "call_state"))
    pbx.receive_fax(CALLER, "69")
    await poll(61)
    await desk.news()
    assert [(row["from"], row["to"]) for row in desk.rows["faxes"].values()] == [(READABLE, "69")]
