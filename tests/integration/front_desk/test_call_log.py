"""Call log over Home Assistant's own websocket: any day's calls, found by what people remember of them."""

from datetime import timedelta
from typing import Any

from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from simulator.app import Simulator
from simulator.pbx.past import Outcome
from simulator.pbx.simulated import SimulatedPbx
from tests.helpers.automations import entity
from tests.helpers.front_desk import Connect, Desk
from tests.helpers.office import CALLER, JERRY, NOW, OTHER_CALLER, TOM
from tests.integration.front_desk.conftest import Guest

DAY = 86400


@pytest.fixture
def pbx(simulator: Simulator) -> SimulatedPbx:
    """Return a PBX that has calls of some days on record."""
    pbx = simulator.pbx
    assert isinstance(pbx, SimulatedPbx)
    pbx.add_past_call(CALLER, "support", by=TOM, wait=12, talk=90, ago=3 * DAY, name="LOVELACE A")
    pbx.add_past_call(JERRY, OTHER_CALLER, talk=30, ago=2 * DAY)
    pbx.add_past_call(OTHER_CALLER, "night", outcome=Outcome.UNANSWERED, wait=40, ago=DAY)
    pbx.add_past_call(CALLER, "630", outcome=Outcome.VOICEMAIL, ago=3000)
    pbx.add_past_call(OTHER_CALLER, "69", outcome=Outcome.FAX, ago=2000)
    pbx.add_past_call(CALLER, "69", outcome=Outcome.UNANSWERED, ago=1000, name="LOVELACE A")
    pbx.add_past_call(JERRY, TOM, ago=500)
    return pbx


@pytest.fixture
async def desk(pbx: SimulatedPbx, loaded: MockConfigEntry, hass_ws_client: Connect) -> Desk:
    """Return a front desk that the owner looks at."""
    return await Desk.open(hass_ws_client)


async def calls(desk: Desk, **fields: Any) -> list[dict[str, Any]]:
    """Return the calls of one page."""
    answer = await desk.ask("call_log", **fields)
    assert answer["success"], answer
    found: list[dict[str, Any]] = answer["result"]["calls"]
    return found


def outcomes(found: list[dict[str, Any]]) -> list[str | None]:
    """Return what came of each call."""
    return [call["outcome"] for call in found]


async def test_a_direction_in_a_word_that_nobody_knows_is_unknown(desk: Desk, simulator: Simulator) -> None:
    """The log would make up which way a call went, or leave it out of all that is shown."""
    known = len(await calls(desk))
    simulator.control.quirk("reports.report", values="odd_words")
    assert [call["direction"] for call in await calls(desk)] == ["unknown"] * known


async def test_a_call_of_three_days_ago_is_there_with_all_that_is_on_record(desk: Desk) -> None:
    """Yesterday's caller could not be looked up."""
    found = await calls(desk)
    assert outcomes(found) == ["answered", "missed", "fax", "voicemail", "abandoned", "answered", "answered"]
    call = found[-1]
    assert call | {"id": "", "recording": None} == {
        "id": "",
        "time": "2026-11-20T09:00:00-06:00",
        "direction": "inbound",
        "outcome": "answered",
        "number": "(815) 555-0123",
        "tel": "+18155550123",
        "name": "LOVELACE A",
        "vip": False,
        "own_number": "(847) 555-0100",
        "extension": "630",
        "agent": "Tom",
        "queues": ["support"],
        "wait": 12,
        "duration": 102,
        "recording": None,
    }


async def test_who_hangs_up_at_once_is_missed_and_has_not_given_up(pbx: SimulatedPbx, desk: Desk) -> None:
    """The log would count more who gave up in the queue than the day's figures do."""
    for wait in (4, 5):
        pbx.add_past_call(CALLER, "support", outcome=Outcome.UNANSWERED, wait=wait, ago=100 + wait)
    assert outcomes(await calls(desk, limit=2)) == ["missed", "abandoned"]


@pytest.mark.parametrize(
    ("fields", "found"),
    [
        ({"outcome": "answered"}, ["answered", "answered", "answered"]),
        ({"outcome": "missed"}, ["missed"]),
        ({"outcome": "voicemail"}, ["voicemail"]),
        ({"outcome": "abandoned"}, ["abandoned"]),
        ({"outcome": "fax"}, ["fax"]),
        ({"direction": "outbound"}, ["answered"]),
        ({"direction": "internal"}, ["answered"]),
        ({"queue": "support"}, ["answered"]),
        ({"queue": "night", "outcome": "abandoned"}, ["abandoned"]),
        ({"extension": "69"}, ["answered", "missed", "fax", "answered"]),
        ({"search": "+1 (815) 555-0123"}, ["missed", "voicemail", "answered"]),
        ({"search": "815.555.0123", "outcome": "missed"}, ["missed"]),
        ({"search": "630"}, ["answered", "voicemail", "answered"]),
        ({"search": "jerry"}, ["answered", "missed", "fax", "answered"]),
        ({"search": "lovelace"}, ["missed", "voicemail", "answered"]),
        ({"search": "nobody at all"}, []),
        ({"start": (NOW - timedelta(hours=1)).isoformat()}, ["answered", "missed", "fax", "voicemail"]),
        ({"end": (NOW - timedelta(hours=1)).isoformat()}, ["abandoned", "answered", "answered"]),
    ],
)  # fmt: skip
async def test_calls_are_found_by_what_is_known_of_them(
    desk: Desk, pbx: SimulatedPbx, fields: dict[str, Any], found: list[str]
) -> None:
    """Who seeks a call knows when it was about, or who it was, or what came of it."""
    assert outcomes(await calls(desk, **fields)) == found


async def test_pages_go_back_and_leave_nothing_out(desk: Desk) -> None:
    """As one scrolls, what comes next is what was before; of the same second calls come again."""
    whole = await calls(desk)
    seen: dict[str, Any] = {}
    before: dict[str, str] = {}
    more = True
    while more:
        answer = await desk.ask("call_log", limit=2, **before)
        page, more = answer["result"]["calls"], answer["result"]["more"]
        seen |= {call["id"]: call for call in page}
        before = {"before": page[-1]["time"]}
    assert list(seen.values()) == whole


async def test_a_call_of_long_ago_is_reached_though_the_first_pages_have_none(desk: Desk, pbx: SimulatedPbx) -> None:
    """Somebody would read that a rare queue never had a call."""
    for minutes in range(300):
        pbx.add_past_call(CALLER, "630", ago=3600 + minutes * 60, by=TOM)
    first = (await desk.ask("call_log", queue="night", limit=1))["result"]
    assert (first["calls"], first["more"]) == ([], True)
    second = (await desk.ask("call_log", queue="night", limit=1, before=first["reached"]))["result"]
    assert [call["queues"] for call in second["calls"]] == [["night"]]


async def test_more_calls_of_one_second_than_a_page_has_are_no_end(desk: Desk, pbx: SimulatedPbx) -> None:
    """Nobody would come past a minute in which everybody called."""
    for _ in range(5):
        pbx.add_past_call(CALLER, "630", ago=7200, by=TOM)
    answer = (await desk.ask("call_log", limit=2))["result"]
    assert len(answer["calls"]) == 2
    assert answer["more"]
    older = (await desk.ask("call_log", before=answer["reached"], limit=100))["result"]["calls"]
    assert len(older) > 5


async def test_a_page_of_answered_calls_is_one_question(desk: Desk, simulator: Simulator) -> None:
    """The PBX has other things to do."""
    simulator.requests.clear()
    assert len(await calls(desk, outcome="answered", limit=2)) == 2
    assert [request.action for request in simulator.requests] == ["reports.report"]


async def test_what_the_pbx_says_against_it_is_told(desk: Desk, simulator: Simulator) -> None:
    """An empty list would say that nobody called."""
    simulator.control.fail("reports.report", "no_permission", None)
    answer = await desk.ask("call_log")
    assert (answer["success"], answer["error"]["code"]) == (False, "pbx_error")
    assert "permission" in answer["error"]["message"]


async def test_without_a_pbx_there_is_no_log(hass: HomeAssistant, desk: Desk, loaded: MockConfigEntry) -> None:
    """Whoever removed the PBX sees why the card is empty."""
    await hass.config_entries.async_unload(loaded.entry_id)
    await desk.news()
    for fields, text in (({}, "The PBX is not connected"), ({"config_entry_id": "another"}, "There is no such PBX")):
        assert (await desk.ask("call_log", **fields))["error"] == {"code": "not_found", "message": text}


async def test_who_may_read_no_calls_gets_no_log(hass: HomeAssistant, pbx: SimulatedPbx, guest: Guest) -> None:
    """A guest's tablet in the lobby would show who called."""
    desk = await guest(entity(hass, "sensor", "pbx", "active_calls"))
    assert (await desk.ask("call_log"))["error"]["code"] == "unauthorized"


async def test_who_may_not_read_a_phone_or_queue_does_not_see_it_in_the_log(
    hass: HomeAssistant, pbx: SimulatedPbx, guest: Guest
) -> None:
    """Whose phone it was is what the entity of that phone would tell."""
    desk = await guest(entity(hass, "event", "pbx", "call"))
    found = await calls(desk)
    assert len(found) == 7
    assert {(call["extension"], call["agent"], tuple(call["queues"])) for call in found} == {(None, None, ())}
