"""The newest conversations as a front desk is sent them, by themselves and as they change."""

from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from simulator.app import Simulator
from simulator.pbx.simulated import SimulatedPbx
from tests.helpers.automations import entity
from tests.helpers.front_desk import Connect, Desk
from tests.helpers.office import CALLER, JERRY, OTHER_CALLER, TOM
from tests.integration.conftest import Poll
from tests.integration.front_desk.conftest import Guest

CUSTOMER, OTHER_CUSTOMER = f"+1{CALLER}", f"+1{OTHER_CALLER}"


@pytest.fixture
def pbx(simulator: Simulator, frozen: FrozenDateTimeFactory) -> SimulatedPbx:
    """Return a PBX with texts from long before it was set up."""
    pbx = simulator.pbx
    assert isinstance(pbx, SimulatedPbx)
    # Each longer ago than a look of the feed reaches back from the next one.
    pbx.add_past_sms(CALLER, TOM, "Is my order ready?", ago=120_000)
    pbx.add_past_sms(TOM, CUSTOMER, "It is.", ago=100_000)
    pbx.add_past_sms(OTHER_CALLER, JERRY, "Are you open on Saturday?", ago=80_000)
    return pbx


@pytest.fixture
async def desk(hass: HomeAssistant, pbx: SimulatedPbx, loaded: MockConfigEntry, hass_ws_client: Connect) -> Desk:
    """Return a front desk that the owner looks at, and that has what was read for it."""
    desk = await Desk.open(hass_ws_client)
    await hass.async_block_till_done(wait_background_tasks=True)
    await desk.news()
    return desk


def shown(desk: Desk) -> dict[str, tuple[str, bool]]:
    """Return the last words of each conversation, and whether they wait for an answer."""
    return {key: (row["last"]["text"], row["unanswered"]) for key, row in desk.rows["conversations"].items()}


async def row_of_command(desk: Desk, party: str) -> dict[str, Any]:
    """Return what the command answers of a conversation."""
    found: list[dict[str, Any]] = (await desk.ask("conversations"))["result"]["conversations"]
    return next(row for row in found if row["id"] == party)


async def test_texts_from_before_the_set_up_are_there(desk: Desk) -> None:
    """Who wrote yesterday would wait for an answer until they write again."""
    assert shown(desk) == {CUSTOMER: ("It is.", False), OTHER_CUSTOMER: ("Are you open on Saturday?", True)}
    assert desk.messages[0]["conversations"] == {}  # nobody had to wait for them
    for party, row in desk.rows["conversations"].items():
        assert row == await row_of_command(desk, party)


async def test_a_text_that_comes_in_and_its_answer_change_the_table(desk: Desk, pbx: SimulatedPbx, poll: Poll) -> None:
    """A customer would stand at the door while their text waits for somebody to reload the page."""
    pbx.receive_sms(CALLER, TOM, "I am at the door")
    await poll(61)
    assert [set(message["conversations"]) for message in await desk.news() if "conversations" in message] == [
        {CUSTOMER}
    ]
    assert shown(desk)[CUSTOMER] == ("I am at the door", True)
    pbx.send_sms(JERRY, [CUSTOMER], "Coming!", "")
    await poll(61)
    await desk.news()
    assert shown(desk)[CUSTOMER] == ("Coming!", False)
    assert desk.rows["conversations"][CUSTOMER] == await row_of_command(desk, CUSTOMER)


async def test_a_new_customer_is_a_new_row(desk: Desk, pbx: SimulatedPbx, poll: Poll) -> None:
    """The first text of somebody is the one that must not be overlooked."""
    pbx.receive_sms("3125550147", TOM, "Hello")
    await poll(61)
    await desk.news()
    assert shown(desk)["+13125550147"] == ("Hello", True)


async def test_a_text_that_turns_out_to_have_failed_says_so(desk: Desk, pbx: SimulatedPbx, poll: Poll) -> None:
    """The customer would be taken for somebody who got the answer."""
    message_id = pbx.send_sms(TOM, [OTHER_CUSTOMER], "From nine.", "").message_id
    await poll(61)
    await desk.news()
    assert desk.rows["conversations"][OTHER_CUSTOMER]["last"]["status"] == "success"
    pbx.fail_sms(message_id)
    await poll(61)
    await desk.news()
    assert desk.rows["conversations"][OTHER_CUSTOMER]["last"]["status"] == "failure"


async def test_the_newest_fifty_are_there_and_make_room_for_newer_ones(
    hass: HomeAssistant,
    pbx: SimulatedPbx,
    loaded: MockConfigEntry,
    hass_ws_client: Connect,
    poll: Poll,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A tablet would drag along every customer of ten years."""
    monkeypatch.setattr("custom_components.dls_pbx.front_desk.text_pages._PER_PAGE", 20)
    for number in range(55):
        pbx.add_past_sms(f"31255501{number:02}", TOM, "Hello", ago=70_000 - number)
    desk = await Desk.open(hass_ws_client)
    await hass.async_block_till_done(wait_background_tasks=True)
    await desk.news()
    assert set(shown(desk)) == {f"+131255501{number:02}" for number in range(5, 55)}
    pbx.receive_sms(CALLER, TOM, "Me again")
    await poll(61)
    await desk.news()
    assert set(shown(desk)) == {CUSTOMER, *(f"+131255501{number:02}" for number in range(6, 55))}


async def test_the_pbx_is_asked_once_for_all_who_look_and_not_again(
    hass: HomeAssistant, desk: Desk, hass_ws_client: Connect, simulator: Simulator, poll: Poll, pbx: SimulatedPbx
) -> None:
    """Ten screens would ask ten times what each of them could know."""
    simulator.requests.clear()
    other = await Desk.open(hass_ws_client)
    assert shown(other) == shown(desk)
    pbx.receive_sms(CALLER, TOM, "Thank you!")
    await poll(61)
    assert len(simulator.requests.of("sms.query_sms")) == 1  # the feed's
    for one in (desk, other):
        await one.news()
        assert shown(one)[CUSTOMER] == ("Thank you!", True)


async def test_nothing_is_read_while_nobody_looks(
    hass: HomeAssistant, desk: Desk, simulator: Simulator, poll: Poll, pbx: SimulatedPbx, hass_ws_client: Connect
) -> None:
    """The PBX would work for screens that were turned off long ago."""
    await desk.client.close()
    await hass.async_block_till_done()
    simulator.requests.clear()
    pbx.receive_sms(CALLER, TOM, "Is anybody there?")
    await poll(61)
    assert len(simulator.requests.of("sms.query_sms")) == 1
    again = await Desk.open(hass_ws_client)
    await hass.async_block_till_done(wait_background_tasks=True)
    await again.news()
    assert shown(again)[CUSTOMER] == ("Is anybody there?", True)


async def test_texts_are_read_again_after_an_outage_and_a_reload(
    hass: HomeAssistant, desk: Desk, simulator: Simulator, pbx: SimulatedPbx, poll: Poll, loaded: MockConfigEntry
) -> None:
    """What came in or turned out meanwhile would be missing until the next text of the same customer."""
    (answer,) = (one for one in pbx.messages() if one.body == "It is.")
    simulator.control.fail("sms.query_sms", "server_error", times=None)
    await poll(61)
    await desk.news()
    pbx.fail_sms(answer.message_id)
    pbx.receive_sms(OTHER_CALLER, TOM, "Is your line dead?")
    simulator.control.heal()
    await poll(61)
    await desk.news()
    assert shown(desk)[OTHER_CUSTOMER] == ("Is your line dead?", True)
    # Of a text of the day before yesterday the feed does not tell.
    assert desk.rows["conversations"][CUSTOMER]["last"]["status"] == "failure"

    assert await hass.config_entries.async_unload(loaded.entry_id)
    await desk.news()
    assert shown(desk) == {}
    assert await hass.config_entries.async_setup(loaded.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    await desk.news()
    assert set(shown(desk)) == {CUSTOMER, OTHER_CUSTOMER}


async def test_a_question_that_failed_is_asked_again(
    hass: HomeAssistant,
    pbx: SimulatedPbx,
    loaded: MockConfigEntry,
    simulator: Simulator,
    hass_ws_client: Connect,
    poll: Poll,
) -> None:
    """One lost packet in the morning would leave the list empty all day."""
    simulator.control.fail("sms.query_sms", "server_error", times=1)
    desk = await Desk.open(hass_ws_client)
    await hass.async_block_till_done(wait_background_tasks=True)
    await desk.news()
    assert shown(desk) == {}
    await poll(61)
    await desk.news()
    assert set(shown(desk)) == {CUSTOMER, OTHER_CUSTOMER}


async def test_who_opts_out_is_marked_when_the_lists_are_read(
    hass: HomeAssistant, desk: Desk, pbx: SimulatedPbx, poll: Poll
) -> None:
    """Somebody would write to a customer who has asked for no more texts."""
    assert desk.rows["conversations"][OTHER_CUSTOMER]["opted_out"] is False
    pbx.add_unsubscriber(OTHER_CALLER, "1")
    await poll(3601)
    await desk.news()
    assert desk.rows["conversations"][OTHER_CUSTOMER]["opted_out"] is True
    assert desk.rows["conversations"][CUSTOMER]["opted_out"] is False


async def test_where_the_lists_cannot_be_read_nobody_says_who_opted_out(
    desk: Desk, simulator: Simulator, poll: Poll
) -> None:
    """A list of yesterday would let a text go out that nobody wants."""
    simulator.control.fail("subscribers.query_lists", "no_permission", times=None)
    await poll(3601)
    await desk.news()
    assert [row["opted_out"] for row in desk.rows["conversations"].values()] == [None, None]


async def test_who_may_not_read_texts_gets_no_conversations(
    hass: HomeAssistant, pbx: SimulatedPbx, guest: Guest, poll: Poll
) -> None:
    """What customers write is nobody else's business."""
    desk = await guest(entity(hass, "event", "pbx", "call"), entity(hass, "event", "pbx", "fax"))
    await hass.async_block_till_done(wait_background_tasks=True)
    pbx.receive_sms(CALLER, TOM, "Between us")
    await poll(61)
    assert await desk.news() == []
    assert desk.ids == {}


async def test_who_may_read_texts_alone_gets_the_conversations(
    hass: HomeAssistant, pbx: SimulatedPbx, guest: Guest
) -> None:
    """The colleague who answers texts has no business with the queues."""
    desk = await guest(entity(hass, "event", "pbx", "sms"))
    await hass.async_block_till_done(wait_background_tasks=True)
    await desk.news()
    assert desk.ids == {"conversations": {CUSTOMER, OTHER_CUSTOMER}}
