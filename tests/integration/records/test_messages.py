"""Texts as events: each row of the SMS table once."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from simulator.app import Simulator
from simulator.pbx.simulated import SimulatedPbx
from tests.helpers.office import CALLER, JERRY, OTHER_CALLER, TOM
from tests.helpers.restarts import House, Listener
from tests.integration.conftest import Poll

pytestmark = pytest.mark.usefixtures("no_error")

TEL = {"number": f"+1{CALLER}", "tel": f"tel:+1{CALLER}"}
NINE = "2026-11-23T09:00:00-06:00"


def told(heard: Listener) -> list[tuple[str, dict[str, Any]]]:
    """Return what was told, each without the id that the PBX made up, which must be there."""
    return [
        (one.what, {name: value for name, value in one.attributes.items() if name != "message_id"})
        for one in heard.told
        if one.attributes["message_id"]
    ]


async def test_a_text_that_came_in_is_told(pbx: SimulatedPbx, heard: Listener, poll: Poll) -> None:
    """Somebody asks something, and a lamp, a speaker or a telephone has to say so."""
    message_id = pbx.receive_sms(CALLER, TOM, "Are you open?")
    await poll(61)
    assert told(heard) == [
        ("pbx_sms:received", TEL | {"direction": "inbound", "extension": "630", "time": NINE, "text": "Are you open?"})
    ]
    assert heard.told[0].attributes["message_id"] == message_id


async def test_texts_that_went_out_are_told(pbx: SimulatedPbx, heard: Listener, poll: Poll) -> None:
    """Each recipient is a text of its own, and one of them may not have got it."""
    pbx.sms_unreachable(CALLER)
    pbx.send_sms(JERRY, [f"+1{CALLER}", f"+1{OTHER_CALLER}", "630"], "Closed today", "505")
    await poll(61)
    about = {"extension": "69", "time": NINE, "text": "Closed today"}
    other = {"number": f"+1{OTHER_CALLER}", "tel": f"tel:+1{OTHER_CALLER}"}
    assert told(heard) == [
        ("pbx_sms:failed", TEL | about | {"direction": "outbound"}),
        ("pbx_sms:sent", other | about | {"direction": "outbound"}),
        ("pbx_sms:sent", {"number": "630", "name": "Tom"} | about | {"direction": "internal"}),
    ]
    assert len({one.attributes["message_id"] for one in heard.told}) == 1


async def test_a_text_without_an_id_is_told_for_each_who_got_it_and_once(
    pbx: SimulatedPbx, simulator: Simulator, heard: Listener, poll: Poll
) -> None:
    """A text to three people has one message id: two of them would never be told of, or all of them each minute."""
    simulator.control.quirk("sms.query_sms", values="no_ids")
    pbx.send_sms(JERRY, [f"+1{CALLER}", f"+1{OTHER_CALLER}", "630"], "Closed today", "505")
    for _ in range(3):
        await poll(61)
    told_of = sorted(one.attributes["number"] for one in heard.told)
    assert told_of == [f"+1{CALLER}", f"+1{OTHER_CALLER}", "630"]


async def test_a_text_in_a_word_that_nobody_knows_came_in_all_the_same(
    pbx: SimulatedPbx, simulator: Simulator, loaded: MockConfigEntry, heard: Listener, poll: Poll
) -> None:
    """A PBX that calls it "incoming" would have STOP taken for a text of the office's own, and nobody opted out."""
    simulator.control.quirk("sms.query_sms", values="odd_words")
    pbx.receive_sms(CALLER, JERRY, "STOP")
    pbx.send_sms(JERRY, [f"+1{OTHER_CALLER}"], "Closed today", "505")
    await poll(61)
    assert sorted((one.what, one.attributes["number"], one.attributes["direction"]) for one in heard.told) == [
        ("pbx_sms:received", f"+1{CALLER}", "inbound"),
        ("pbx_sms:sent", f"+1{OTHER_CALLER}", "outbound"),
    ]
    words = {(one.field, one.sample) for one in loaded.runtime_data.client.vocabulary.found}
    assert {("MessageDirection", "sideways"), ("MessageStatus", "sideways")} <= words


async def test_a_text_that_failed_in_capitals_has_failed(
    pbx: SimulatedPbx, simulator: Simulator, loaded: MockConfigEntry, heard: Listener, poll: Poll
) -> None:
    """A PBX that writes "FAILURE" would have everybody believe that the customer has got it."""
    simulator.control.quirk("sms.query_sms", values="capitals")
    pbx.sms_unreachable(CALLER)
    pbx.send_sms(JERRY, [f"+1{CALLER}"], "Closed today", "505")
    await poll(61)
    assert heard.whats == ["pbx_sms:failed"]
    assert loaded.runtime_data.client.vocabulary.found == []


@pytest.mark.parametrize("first", ["page", "no_ids"])
async def test_ids_that_come_and_go_double_no_text(
    pbx: SimulatedPbx, simulator: Simulator, heard: Listener, poll: Poll, first: str
) -> None:
    """Two hours of texts would be told again after an upgrade of the PBX, and answered again by automations."""
    for values in (first, "page" if first == "no_ids" else "no_ids", first):
        simulator.control.quirk("sms.query_sms", values=values)
        pbx.receive_sms(CALLER, JERRY, "Are you open?")
        await poll(61)
        await poll(61)
    assert [one.attributes["text"] for one in heard.told] == ["Are you open?"] * 3


async def test_what_a_user_writes_through_home_assistant_is_told(
    pbx: SimulatedPbx, house: House, simulator: Simulator
) -> None:
    """What an automation sent shows like what anybody sent."""
    await house.start()
    assert house.hass is not None
    await house.hass.services.async_call(
        "dls_pbx", "send_sms", {"recipients": [f"+1{CALLER}"], "message": "Hello"}, blocking=True, return_response=True
    )
    await house.pass_time(61)
    assert house.heard.whats == ["pbx_sms:sent"]


async def test_two_equal_texts_are_two(pbx: SimulatedPbx, simulator: Simulator, heard: Listener, poll: Poll) -> None:
    """Even from a PBX that gives all its rows one message id."""
    simulator.control.quirk(repeated_message_id=True)
    for _ in range(2):
        pbx.receive_sms(CALLER, TOM, "Hello?")
    await poll(61)
    assert heard.whats == ["pbx_sms:received"] * 2
    assert heard.told[0].attributes == heard.told[1].attributes


@pytest.mark.parametrize("sender", ["BANK", "12345"])
async def test_a_sender_may_be_no_telephone(pbx: SimulatedPbx, heard: Listener, poll: Poll, sender: str) -> None:
    """Nobody can call back or write back there, so there is no link to do so."""
    pbx.receive_sms(sender, TOM, "Your code is 1")
    await poll(61)
    assert heard.whats == ["pbx_sms:received"]
    assert "tel" not in heard.told[0].attributes


@pytest.mark.parametrize(
    "mood",
    [
        {"rows": "late"},
        {"rows": "ragged"},
        {"ties": "shuffled"},
        {"page_cap": 20},
        {"page_cap": 20, "ties": "shuffled", "rows": "ragged"},
        {"repeated_message_id": True},
        {"numbers": "numeric_check"},
        {"blanks": "absent"},
    ],
    ids=str,
)
async def test_every_text_is_told_whatever_mood_the_table_is_in(
    pbx: SimulatedPbx, simulator: Simulator, heard: Listener, poll: Poll, mood: dict[str, Any]
) -> None:
    """Rows that come late, in small pages or without order are texts like any other."""
    simulator.control.quirk("sms.query_sms", **mood)
    await poll(300)
    for turn in range(110):
        # Five of each second; the ids run on, whatever the time.
        pbx.add_past_sms(CALLER, TOM, f"Text {turn}", ago=(turn // 5) % 17)
    for _ in range(4):
        await poll(61)
    assert sorted(one.attributes["text"] for one in heard.told) == sorted(f"Text {turn}" for turn in range(110))


async def test_texts_are_told_in_the_order_of_their_times(
    pbx: SimulatedPbx, simulator: Simulator, heard: Listener, poll: Poll
) -> None:
    """An answer must not be read out before its question, even if both came in one second."""
    simulator.control.quirk(ties="shuffled")
    await poll(300)
    for turn, ago in enumerate((10, 40, 20, 20, 20, 20, 20, 30)):
        pbx.add_past_sms(CALLER, TOM, f"Text {turn}", ago=ago)
    await poll(61)
    assert [one.attributes["text"] for one in heard.told] == [f"Text {turn}" for turn in (1, 7, 2, 3, 4, 5, 6, 0)]


async def test_a_text_that_fails_afterwards_is_not_told_again(pbx: SimulatedPbx, heard: Listener, poll: Poll) -> None:
    """A row is told once: an automation that counts texts would count it twice."""
    message_id = pbx.add_past_sms(JERRY, f"+1{CALLER}", "Hello")
    await poll(61)
    pbx.fail_sms(message_id)
    for _ in range(3):
        await poll(61)
    assert heard.whats == ["pbx_sms:sent"]


async def test_a_text_that_came_an_hour_late_is_told(pbx: SimulatedPbx, heard: Listener, poll: Poll) -> None:
    """It lay around in somebody's network; its time is when it was written down."""
    await poll(2 * 3600)
    pbx.receive_sms(CALLER, TOM, "now")
    await poll(61)
    pbx.add_past_sms(CALLER, TOM, "an hour ago", ago=3600)
    await poll(61)
    assert [one.attributes["text"] for one in heard.told] == ["now", "an hour ago"]


@pytest.mark.parametrize("change", [datetime(2027, 11, 7, 7, tzinfo=UTC), datetime(2027, 3, 14, 8, tzinfo=UTC)])
async def test_texts_of_the_night_when_clocks_change(house: House, pbx: SimulatedPbx, change: datetime) -> None:
    """The PBX writes local times without their zone: in the hour that comes twice nobody can tell which it is."""
    house.clock.move_to(change - timedelta(hours=4))
    await house.start()
    house.clock.move_to(change - timedelta(minutes=90))
    for turn in range(9):
        pbx.receive_sms(CALLER, TOM, f"Text {turn}")
        await house.pass_time(20 * 60)
    await house.pass_time(61)
    assert [one.attributes["text"] for one in house.heard.told] == [f"Text {turn}" for turn in range(9)]


async def test_a_page_that_fails_in_the_middle_is_read_again(
    pbx: SimulatedPbx, simulator: Simulator, heard: Listener, poll: Poll
) -> None:
    """What was told from the first page is not told again when the second one comes at last."""
    simulator.control.quirk("sms.query_sms", page_cap=20)
    await poll(61)
    for turn in range(50):
        pbx.receive_sms(CALLER, TOM, f"Text {turn}")
    for _ in range(3):  # the first page gets through, what follows does not
        simulator.control.fail("sms.query_sms", "slow", delay=0)
        simulator.control.fail("sms.query_sms", "server_error")
        await poll(61)
        assert 20 <= len(heard.told) < 50
    await poll(61)
    assert sorted(one.attributes["text"] for one in heard.told) == sorted(f"Text {turn}" for turn in range(50))
