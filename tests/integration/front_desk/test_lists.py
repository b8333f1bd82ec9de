"""Consent lists over Home Assistant's own websocket: for administrators, who are asked whether somebody is on them."""

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from simulator.app import Simulator
from simulator.pbx.simulated import SimulatedPbx
from tests.helpers.front_desk import Connect, Desk
from tests.helpers.office import CALLER, OTHER_CALLER


@pytest.fixture
async def desk(pbx: SimulatedPbx, loaded: MockConfigEntry, hass_ws_client: Connect) -> Desk:
    """Return a front desk that the owner looks at, of an office with a list of each kind."""
    pbx.add_messaging_campaign("12", "Offers")
    pbx.add_subscriber(CALLER, "12")
    pbx.add_unsubscriber(OTHER_CALLER, "1")
    return await Desk.open(hass_ws_client)


async def test_lists_say_how_long_they_are(desk: Desk) -> None:
    """How many agreed, and how many want no more."""
    found = (await desk.ask("lists"))["result"]
    assert found["opt_in"] == [{"campaign_id": "12", "campaign_name": "Offers", "total": 1, "listed": None}]
    assert {one["tenant_id"]: (one["total"], one["listed"]) for one in found["opt_out"]}["1"] == (1, None)


@pytest.mark.parametrize(
    ("number", "opted_in", "opted_out"),
    [("(815) 555-0123", True, False), ("+1 847 555 0199", False, True), ("3125550144", False, False)],
)
async def test_whether_somebody_is_on_a_list_is_said_for_any_spelling(
    desk: Desk, number: str, opted_in: bool, opted_out: bool
) -> None:
    """Who says that they have opted out is right, or is told that they have not."""
    found = (await desk.ask("lists", number=number))["result"]
    assert [one["listed"] for one in found["opt_in"]] == [opted_in]
    assert {one["tenant_id"]: one["listed"] for one in found["opt_out"]}["1"] is opted_out


async def test_what_is_no_number_is_refused_in_words(desk: Desk) -> None:
    """Half a number is on no list, and that would say nothing."""
    answer = await desk.ask("lists", number="555-01")
    assert (answer["success"], answer["error"]["code"]) == (False, "invalid_format")
    assert "area code" in answer["error"]["message"]


async def test_lists_that_cannot_be_read_say_why(desk: Desk, simulator: Simulator) -> None:
    """Empty lists would say that everybody agreed to nothing."""
    simulator.control.fail("subscribers.query_lists", "no_permission", None)
    answer = await desk.ask("lists")
    assert (answer["success"], answer["error"]["code"]) == (False, "pbx_error")
    assert "permission" in answer["error"]["message"]


async def test_lists_are_for_administrators(
    desk: Desk, hass_ws_client: Connect, hass_read_only_access_token: str
) -> None:
    """Whoever changes a consent list changes whom the law lets the office write to."""
    guest = await Desk.open(hass_ws_client, hass_read_only_access_token)
    assert (await guest.ask("lists"))["error"]["code"] == "unauthorized"
