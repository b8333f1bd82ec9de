"""What goes on in a queue as events: callers and agents, seen from one poll to the next."""

from typing import Any

from homeassistant.core import HomeAssistant
import pytest

from simulator.app import Simulator
from simulator.pbx.simulated import SimulatedPbx
from tests.helpers.office import ANNE_MARIE, CALLER, JERRY, OTHER_CALLER, TOM
from tests.helpers.restarts import Listener
from tests.integration.conftest import Poll

pytestmark = pytest.mark.usefixtures("no_error")

TEL = {"number": f"+1{CALLER}", "tel": f"tel:+1{CALLER}"}
NINE = "2026-11-23T09:00:00-06:00"


def of_queue(heard: Listener) -> list[tuple[str, dict[str, Any]]]:
    """Return what was told of queues."""
    return [(one.what, one.attributes) for one in heard.told if one.entity.startswith("queue_")]


async def test_a_caller_is_told_from_joining_to_being_answered(pbx: SimulatedPbx, heard: Listener, poll: Poll) -> None:
    """A lamp in the lobby goes on when somebody waits, and off when somebody takes the call."""
    call = pbx.call_in(CALLER, to="support")
    await poll(15)
    joined = TEL | {"direction": "inbound", "queue": "support", "time": NINE}
    assert of_queue(heard) == [("queue_support_queue:caller_joined", joined)]
    pbx.answer(call, by=ANNE_MARIE)
    await poll(5)
    [_, (what, attributes)] = of_queue(heard)
    assert what == "queue_support_queue:caller_answered"
    assert 15 <= attributes.pop("wait") <= 20
    assert attributes.pop("time") == "2026-11-23T09:00:20-06:00"
    assert attributes == TEL | {"direction": "inbound", "queue": "support", "extension": "631"}
    assert heard.whats.count("pbx_call:answered") == 1
    await poll(60)
    pbx.hang_up(call)
    for _ in range(3):
        await poll(61)
    assert heard.whats.count("pbx_call:answered") == 1
    assert [what for what, _ in of_queue(heard)] == [
        "queue_support_queue:caller_joined",
        "queue_support_queue:caller_answered",
    ]


@pytest.mark.parametrize("values", ["long_statuses", "odd_words"])
async def test_a_word_that_nobody_knows_answers_no_call_once_more(
    simulator: Simulator, pbx: SimulatedPbx, heard: Listener, poll: Poll, values: str
) -> None:
    """The lights would go down for a call each time the PBX stammers; one that is answered meanwhile is told."""
    calls = [pbx.call_in(CALLER, to=JERRY), pbx.call_in(OTHER_CALLER, to=TOM)]
    await poll(5)
    pbx.answer(calls[0])
    await poll(5)
    for answered in (calls[1], None):
        simulator.control.quirk("status.calls", values=values)
        await poll(5)
        if answered:
            pbx.answer(answered)
        simulator.control.plain()
        await poll(5)
    answers = [one.attributes["number"] for one in heard.told if one.what == "pbx_call:answered"]
    assert answers == [f"+1{CALLER}", f"+1{OTHER_CALLER}"]


async def test_a_wait_that_ended_during_an_outage_has_no_length(
    simulator: Simulator, pbx: SimulatedPbx, heard: Listener, poll: Poll
) -> None:
    """Somebody who was answered at once would stand in the log as one who had waited for the whole outage."""
    call = pbx.call_in(CALLER, to="support")
    await poll(15)
    simulator.control.fail("status.queues", "server_error", times=None)
    await poll(15)
    pbx.answer(call, by=TOM)
    await poll(600)
    simulator.control.heal()
    await poll(15)
    [*_, (what, attributes)] = of_queue(heard)
    assert what == "queue_support_queue:caller_answered"
    assert attributes["extension"] == "630"
    assert "wait" not in attributes


async def test_a_caller_who_gives_up_is_told_by_the_record(pbx: SimulatedPbx, heard: Listener, poll: Poll) -> None:
    """That somebody is gone does not say why; the call record does."""
    call = pbx.call_in(CALLER, to="night")
    await poll(15)
    pbx.abandon(call)
    await poll(5)
    await poll(6)
    assert of_queue(heard)[1:] == [
        (
            "queue_night_queue:caller_abandoned",
            TEL
            | {
                "own_number": "+18475550100",
                "direction": "inbound",
                "queue": "night",
                "duration": 15,
                "wait": 15,
                "time": NINE,
            },
        )
    ]


async def test_who_hangs_up_at_once_has_not_given_up(pbx: SimulatedPbx, heard: Listener, poll: Poll) -> None:
    """Five seconds are no wait: most have dialed wrong."""
    for wait in (4, 5):
        pbx.add_past_call(f"815555010{wait}", "night", outcome="unanswered", wait=wait)
        await poll(61)
    assert [attributes["wait"] for _, attributes in of_queue(heard)] == [5]
    assert heard.whats.count("pbx_call:missed") == 2


@pytest.mark.parametrize("number", [CALLER, "anonymous", ""])
async def test_equal_callers_are_as_many_as_they_are(
    pbx: SimulatedPbx, heard: Listener, poll: Poll, number: str
) -> None:
    """Two hidden callers of one second look the same, and are two all the same."""
    calls = [pbx.call_in(number, to="support") for _ in range(2)]
    await poll(15)
    assert [what for what, _ in of_queue(heard)] == ["queue_support_queue:caller_joined"] * 2
    for call, agent in zip(calls, (TOM, ANNE_MARIE), strict=True):
        pbx.answer(call, by=agent)
        await poll(5)
    assert [what for what, _ in of_queue(heard)][2:] == ["queue_support_queue:caller_answered"] * 2
    assert [attributes["extension"] for _, attributes in of_queue(heard)[2:]] == ["630", "631"]


@pytest.mark.parametrize("number", [CALLER, "anonymous", ""])
async def test_of_equal_callers_each_has_an_agent_of_their_own(
    pbx: SimulatedPbx, heard: Listener, poll: Poll, number: str
) -> None:
    """Who gave up beside two who were answered would be told as answered, by somebody who speaks to another."""
    calls = [pbx.call_in(number, to="support") for _ in range(3)]
    await poll(15)
    for call, agent in zip(calls[:2], (TOM, ANNE_MARIE), strict=True):
        pbx.answer(call, by=agent)
    pbx.hang_up(calls[2])
    await poll(5)
    told = of_queue(heard)[3:]
    assert [what for what, _ in told] == ["queue_support_queue:caller_answered"] * 2
    assert sorted(attributes["extension"] for _, attributes in told) == ["630", "631"]


async def test_what_agents_do_is_told(pbx: SimulatedPbx, heard: Listener, poll: Poll) -> None:
    """A team leader sees who comes, goes and pauses; in which queue is part of it."""
    pbx.pause_agent("support", TOM, "lunch")
    await poll(15)
    pbx.resume_agent("support", TOM)
    await poll(15)
    pbx.log_in_agent("night", TOM)
    await poll(15)
    pbx.log_out_agent("support", TOM)
    await poll(15)
    about = {"name": "Tom", "extension": "630"}
    assert [(one.what, one.attributes) for one in heard.told] == [
        (
            "queue_support_queue:agent_paused",
            about | {"queue": "support", "reason": "lunch", "time": "2026-11-23T09:00:15-06:00"},
        ),
        ("queue_support_queue:agent_resumed", about | {"queue": "support", "time": "2026-11-23T09:00:30-06:00"}),
        ("queue_night_queue:agent_logged_in", about | {"queue": "night", "time": "2026-11-23T09:00:45-06:00"}),
        ("queue_support_queue:agent_logged_out", about | {"queue": "support", "time": "2026-11-23T09:01:00-06:00"}),
    ]


async def test_a_new_queue_brings_no_news_of_its_people(pbx: SimulatedPbx, heard: Listener, poll: Poll) -> None:
    """What is in a queue when it is first seen was so already; from then on it is told."""
    pbx.add_queue("sales")
    pbx.log_in_agent("sales", JERRY)
    await poll(15)
    assert heard.told == []
    pbx.pause_agent("sales", JERRY)
    await poll(15)
    assert heard.whats == ["queue_sales_queue:agent_paused"]


async def test_waiting_on_is_no_news(pbx: SimulatedPbx, heard: Listener, poll: Poll) -> None:
    """A wait grows at every look; and a caller who moves up is the same caller."""
    first, _ = pbx.call_in(CALLER, to="night"), pbx.call_in(OTHER_CALLER, to="night")
    await poll(15)
    heard.told.clear()
    for _ in range(5):
        await poll(5)
    pbx.abandon(first)
    await poll(5)
    await poll(5)
    assert "queue_night_queue:caller_joined" not in heard.whats


@pytest.mark.parametrize(
    "quirk", [{"durations": "words"}, {"durations": "retry"}, {"waiting_count": "zero"}, {"numbers": "numeric_check"}]
)
async def test_another_way_of_writing_is_no_news(
    pbx: SimulatedPbx, simulator: Simulator, heard: Listener, poll: Poll, quirk: dict[str, Any]
) -> None:
    """An update of the PBX overnight must not make everybody who waits or talks begin anew."""
    pbx.call_in(CALLER, to="night")
    pbx.answer(pbx.call_in(OTHER_CALLER, to="support"))
    pbx.answer(pbx.call_in(OTHER_CALLER, to=JERRY))
    await poll(61)
    heard.told.clear()
    simulator.control.quirk(**quirk)
    for _ in range(3):
        await poll(61)
    simulator.control.plain()
    for _ in range(3):
        await poll(61)
    assert heard.whats == []


async def test_an_outage_of_the_queues_brings_no_news_of_what_was_so(
    hass: HomeAssistant, pbx: SimulatedPbx, simulator: Simulator, heard: Listener, poll: Poll
) -> None:
    """Nobody joins a second time because the line was down."""
    pbx.call_in(CALLER, to="night")
    pbx.pause_agent("support", TOM)
    await poll(15)
    heard.told.clear()
    simulator.control.fail("status.queues", "server_error", times=3)
    for _ in range(6):
        await poll(15)
    assert heard.told == []
