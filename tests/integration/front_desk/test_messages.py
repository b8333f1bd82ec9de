"""Conversations over Home Assistant's own websocket: who wrote, what was answered, and who waits for an answer."""

from datetime import UTC, datetime
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

THIRD = "2125550187"


@pytest.fixture
def pbx(simulator: Simulator, frozen: FrozenDateTimeFactory) -> SimulatedPbx:
    """Return a PBX with texts from before it was set up."""
    pbx = simulator.pbx
    assert isinstance(pbx, SimulatedPbx)
    pbx.receive_sms(CALLER, TOM, "Is my order ready?")
    frozen.tick(60)
    pbx.send_sms(TOM, [f"+1{CALLER}"], "It is.", "505")
    frozen.tick(60)
    pbx.receive_sms(OTHER_CALLER, JERRY, "Are you open on Saturday?")
    frozen.tick(60)
    pbx.receive_sms(CALLER, TOM, "Thank you!")
    pbx.add_unsubscriber(OTHER_CALLER, "1")
    return pbx


@pytest.fixture
async def desk(pbx: SimulatedPbx, loaded: MockConfigEntry, hass_ws_client: Connect) -> Desk:
    """Return a front desk that the owner looks at."""
    return await Desk.open(hass_ws_client)


async def conversations(desk: Desk, **fields: Any) -> list[dict[str, Any]]:
    """Return a page of conversations."""
    answer = await desk.ask("conversations", **fields)
    assert answer["success"], answer
    found: list[dict[str, Any]] = answer["result"]["conversations"]
    return found


async def texts(desk: Desk, party: str, **fields: Any) -> list[dict[str, Any]]:
    """Return a page of the texts of a conversation."""
    answer = await desk.ask("conversation", conversation_id=party, **fields)
    assert answer["success"], answer
    found: list[dict[str, Any]] = answer["result"]["messages"]
    return found


async def test_whoever_wrote_last_comes_first_and_who_waits_is_marked(desk: Desk) -> None:
    """A text that came in could not be read on any screen."""
    found = await conversations(desk)
    assert [one["id"] for one in found] == ["+18155550123", "+18475550199"]
    assert found[0] == {
        "id": "+18155550123",
        "number": "(815) 555-0123",
        "tel": "+18155550123",
        "name": None,
        "vip": False,
        "own_number": None,
        "last": {
            "direction": "inbound",
            "text": "Thank you!",
            "time": "2026-11-23T09:03:00-06:00",
            "status": "success",
        },
        "unanswered": True,
        "opted_out": False,
    }
    assert [one["opted_out"] for one in found] == [False, True]


async def test_an_answer_takes_the_mark_away(desk: Desk, pbx: SimulatedPbx, frozen: FrozenDateTimeFactory) -> None:
    """Two people would answer the same question."""
    frozen.tick(60)
    pbx.send_sms(JERRY, [f"+1{OTHER_CALLER}"], "From nine to noon.", "")
    found = await conversations(desk)
    assert [(one["id"], one["unanswered"]) for one in found] == [("+18475550199", False), ("+18155550123", True)]


async def test_an_answer_in_the_hour_that_comes_twice_is_the_newest_text(desk: Desk, pbx: SimulatedPbx) -> None:
    """When summer time ends, who was answered would seem to wait: the PBX's clock shows an earlier time by then."""
    for when, say in (
        (datetime(2026, 11, 1, 6, 40, tzinfo=UTC), lambda: pbx.receive_sms(THIRD, TOM, "Are you there?")),
        (datetime(2026, 11, 1, 7, 10, tzinfo=UTC), lambda: pbx.send_sms(TOM, [f"+1{THIRD}"], "We are.", "")),
    ):
        with pbx.as_of(when):
            say()
    (found,) = [one for one in await conversations(desk) if one["id"] == f"+1{THIRD}"]
    assert (found["last"]["text"], found["unanswered"]) == ("We are.", False)


async def test_a_conversation_has_both_sides_newest_first(desk: Desk) -> None:
    """Half of a conversation is read wrong."""
    found = await texts(desk, "+18155550123")
    assert [(one["direction"], one["text"]) for one in found] == [
        ("inbound", "Thank you!"),
        ("outbound", "It is."),
        ("inbound", "Is my order ready?"),
    ]
    assert [one["extension"] for one in found] == ["630", "630", "630"]
    assert [one["account_code"] for one in found][1] == "505"


@pytest.mark.parametrize("written", [CALLER, f"1{CALLER}", f"+1{CALLER}"])
async def test_a_text_belongs_to_its_conversation_however_the_number_was_written(
    desk: Desk, pbx: SimulatedPbx, frozen: FrozenDateTimeFactory, written: str
) -> None:
    """A colleague's answer would be missing from the thread, and somebody would answer once more."""
    frozen.tick(60)
    pbx.send_sms(TOM, [written], "See you at five.", "505")
    assert (await texts(desk, f"+1{CALLER}"))[0]["text"] == "See you at five."


async def test_older_texts_come_as_one_scrolls(desk: Desk) -> None:
    """What was agreed on last month is up there."""
    seen: dict[str, str] = {}
    before: dict[str, str] = {}
    more = True
    while more:
        answer = await desk.ask("conversation", conversation_id="+18155550123", limit=2, **before)
        page, more = answer["result"]["messages"], answer["result"]["more"]
        seen |= {one["id"]: one["text"] for one in page}
        before = {"before": page[-1]["time"]}
    assert list(seen.values()) == ["Thank you!", "It is.", "Is my order ready?"]


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("saturday", ["+18475550199"]),
        ("(847) 555", ["+18475550199"]),
        ("0123", ["+18155550123"]),
        ("ORDER", ["+18155550123"]),
        ("nobody", []),
        (" ", ["+18155550123", "+18475550199"]),
    ],
)
async def test_conversations_are_found_by_numbers_and_words(desk: Desk, search: str, found: list[str]) -> None:
    """Who remembers a word of it finds the whole."""
    assert [one["id"] for one in await conversations(desk, search=search)] == found


async def test_pages_of_conversations_leave_nobody_out(
    desk: Desk, pbx: SimulatedPbx, frozen: FrozenDateTimeFactory
) -> None:
    """The tenth customer waits for an answer like the first."""
    for number in range(7):
        frozen.tick(60)
        pbx.receive_sms(f"312555010{number}", TOM, "Hello")
    seen: list[str] = []
    before: dict[str, str] = {}
    more = True
    while more:
        answer = await desk.ask("conversations", limit=3, **before)
        page, more = answer["result"]["conversations"], answer["result"]["more"]
        seen += [one["id"] for one in page if one["id"] not in seen]
        before = {"before": page[-1]["last"]["time"]}
    assert seen == [f"+1312555010{number}" for number in reversed(range(7))] + ["+18155550123", "+18475550199"]


async def test_what_the_pbx_says_against_it_is_told(desk: Desk, simulator: Simulator) -> None:
    """An empty list would say that nobody wrote."""
    simulator.control.fail("sms.query_sms", "no_permission", None)
    for command, fields in (("conversations", {}), ("conversation", {"conversation_id": "+18155550123"})):
        answer = await desk.ask(command, **fields)
        assert (answer["success"], answer["error"]["code"]) == (False, "pbx_error")
        assert "permission" in answer["error"]["message"]


async def test_where_lists_cannot_be_read_nobody_says_who_opted_out(
    desk: Desk, simulator: Simulator, poll: Poll
) -> None:
    """A box that is open for somebody who opted out is a matter for the courts."""
    simulator.control.fail("subscribers.query_lists", "no_permission", None)
    await poll(61)
    await desk.news()
    assert [one["opted_out"] for one in await conversations(desk)] == [None, None]


async def test_who_may_read_no_texts_gets_none(hass: HomeAssistant, pbx: SimulatedPbx, guest: Guest) -> None:
    """What customers write is nobody else's business."""
    desk = await guest(entity(hass, "event", "pbx", "call"))
    for command, fields in (("conversations", {}), ("conversation", {"conversation_id": "+18155550123"})):
        assert (await desk.ask(command, **fields))["error"]["code"] == "unauthorized"


async def test_without_a_pbx_there_are_no_conversations(
    hass: HomeAssistant, desk: Desk, loaded: MockConfigEntry
) -> None:
    """Whoever removed the PBX sees why the card is empty."""
    await hass.config_entries.async_unload(loaded.entry_id)
    await desk.news()
    for command, fields in (("conversations", {}), ("conversation", {"conversation_id": "+18155550123"})):
        assert (await desk.ask(command, **fields))["error"]["code"] == "not_found"


async def test_whose_phone_it_was_is_told_to_those_who_may_read_it(
    hass: HomeAssistant, pbx: SimulatedPbx, guest: Guest
) -> None:
    """What the entity of a phone would tell."""
    desk = await guest(entity(hass, "event", "pbx", "sms"))
    assert {one["extension"] for one in await texts(desk, "+18155550123")} == {None}


async def test_a_word_of_long_ago_is_found_page_by_page(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was agreed on last month is not among the newest texts."""
    monkeypatch.setattr("custom_components.dls_pbx.front_desk.text_pages._PER_PAGE", 2)
    assert [one["id"] for one in await conversations(desk, search="order ready")] == ["+18155550123"]
    assert [one["id"] for one in await conversations(desk)] == ["+18155550123", "+18475550199"]


async def test_a_search_comes_to_an_end_and_says_that_there_is_more(
    desk: Desk, pbx: SimulatedPbx, frozen: FrozenDateTimeFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A word that nobody ever wrote would have the PBX read all texts of ten years."""
    monkeypatch.setattr("custom_components.dls_pbx.front_desk.text_pages._PER_PAGE", 2)
    for _ in range(12):
        frozen.tick(60)
        pbx.receive_sms(OTHER_CALLER, JERRY, "Hello?")
    answer = await desk.ask("conversations", search="order ready")
    assert answer["result"] == {"conversations": [], "more": True}


async def test_texts_between_colleagues_are_a_conversation_as_well(
    desk: Desk, pbx: SimulatedPbx, frozen: FrozenDateTimeFactory
) -> None:
    """A driver who has an extension of his own asks questions, too; and there is no list to opt out of."""
    frozen.tick(60)
    pbx.send_sms(TOM, ["69"], "Come to the front, please.", "")
    newest = (await conversations(desk))[0]
    assert (newest["id"], newest["number"], newest["name"], newest["tel"]) == (JERRY, "69", "Jerry", None)
    assert (newest["last"]["text"], newest["opted_out"]) == ("Come to the front, please.", None)
    assert [one["text"] for one in await texts(desk, JERRY)][:1] == ["Come to the front, please."]
