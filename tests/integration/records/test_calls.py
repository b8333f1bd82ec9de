"""Calls as events: how each ended, from the CDR, and how it began, from differences between polls."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

from homeassistant.components.recorder import get_instance
from homeassistant.components.recorder.history import state_changes_during_period
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from simulator.app import Simulator
from simulator.pbx.past import Outcome
from simulator.pbx.simulated import SimulatedPbx
from tests.helpers.entities import all_states
from tests.helpers.office import ANNE_MARIE, CALLER, JERRY, NOW, OTHER_CALLER, TOM
from tests.helpers.restarts import House, Listener
from tests.integration.conftest import Poll

pytestmark = pytest.mark.usefixtures("no_error")

TEL = {"number": f"+1{CALLER}", "tel": f"tel:+1{CALLER}"}
# On record it is known which of the PBX's numbers was dialed; the stand-in gives the first one to who is first called.
INBOUND = TEL | {"direction": "inbound", "own_number": "+18475550100"}
MINUTE_AGO = "2026-11-23T09:00:00-06:00"  # what the PBX's clock showed when a test began

OUTCOMES: list[tuple[tuple[str, str], dict[str, Any], dict[str, dict[str, Any]]]] = [
    (
        (CALLER, JERRY),
        {"name": "Ann Example"},
        {"pbx_call:ended": INBOUND | {"name": "Ann Example", "extension": "69", "duration": 20}},
    ),
    (
        (CALLER, JERRY),
        {"outcome": Outcome.UNANSWERED},
        {"pbx_call:missed": INBOUND | {"extension": "69", "duration": 0}},
    ),
    (
        (CALLER, JERRY),
        {"outcome": Outcome.VOICEMAIL},
        {"pbx_call:voicemail": INBOUND | {"extension": "69", "duration": 15}},
    ),
    (
        (JERRY, CALLER),
        {},
        {"pbx_call:ended": TEL
            | {"direction": "outbound", "extension": "69", "duration": 20, "disposition": "answered"}},
    ),
    (
        (JERRY, CALLER),
        {"outcome": Outcome.UNANSWERED},
        {"pbx_call:ended": TEL
            | {"direction": "outbound", "extension": "69", "duration": 0, "disposition": "no_answer"}},
    ),
    (
        (JERRY, TOM),
        {},
        {
            "pbx_call:ended": {
                "number": "69", "name": "Jerry", "direction": "internal", "extension": "630", "duration": 20,
            }
        },
    ),
    (
        (CALLER, OTHER_CALLER),
        {},
        {"pbx_call:ended": INBOUND | {"duration": 20}},
    ),
    (
        (CALLER, "support"),
        {"by": ANNE_MARIE},
        {
            "pbx_call:ended": INBOUND
            | {"queue": "support", "extension": "631", "duration": 30, "wait": 10}
        },
    ),
    (
        (CALLER, "support"),
        {"outcome": Outcome.UNANSWERED},
        {
            "queue_support_queue:caller_abandoned": INBOUND
            | {"queue": "support", "duration": 10, "wait": 10},
            "pbx_call:missed": INBOUND | {"queue": "support", "duration": 10, "wait": 10},
        },
    ),
    (
        (CALLER, "support"),
        {"outcome": Outcome.UNANSWERED, "wait": 4},
        {"pbx_call:missed": INBOUND | {"queue": "support", "duration": 4, "wait": 4}},
    ),
    (
        (CALLER, "support"),
        {"outcome": Outcome.VOICEMAIL},
        {
            "queue_support_queue:caller_abandoned": INBOUND
            | {"queue": "support", "extension": "630", "duration": 25, "wait": 10},
            "pbx_call:voicemail": INBOUND
            | {"queue": "support", "extension": "630", "duration": 25, "wait": 10},
        },
    ),
    (
        (CALLER, "support"),
        {"via": ("night",), "by": TOM},
        {
            "queue_night_queue:caller_abandoned": INBOUND
            | {"queue": "night", "extension": "630", "duration": 40, "wait": 20},
            "pbx_call:ended": INBOUND
            | {"queue": "support", "extension": "630", "duration": 40, "wait": 20},
        },
    ),
]  # fmt: skip


@pytest.mark.parametrize(("ends", "facts", "told"), OUTCOMES)
async def test_a_call_is_told_as_what_came_of_it(
    pbx: SimulatedPbx,
    heard: Listener,
    poll: Poll,
    ends: tuple[str, str],
    facts: dict[str, Any],
    told: dict[str, dict[str, Any]],
) -> None:
    """An automation that texts back missed callers must not text those who spoke to somebody."""
    await poll(100)
    pbx.add_past_call(*ends, ago=100, **{"talk": 20} | facts)
    await poll(61)
    found = {one.what: one.attributes for one in heard.told}
    assert len(heard.told) == len(found)
    for attributes in found.values():
        if recording := attributes.pop("recording", None):
            assert recording.startswith("https://pbx.example.com/recording.php?id=")
    assert found == {what: attributes | {"time": MINUTE_AGO} for what, attributes in told.items()}


async def test_a_recorded_call_has_its_recording(pbx: SimulatedPbx, heard: Listener, poll: Poll) -> None:
    """Who wants to hear what was agreed upon needs the link."""
    await poll(100)
    call = pbx.add_past_call(CALLER, "support")
    await poll(61)
    assert heard.told[0].attributes["recording"] == f"https://pbx.example.com/recording.php?id={call}"


async def test_a_call_is_told_from_beginning_to_end(pbx: SimulatedPbx, heard: Listener, poll: Poll) -> None:
    """A light at the desk goes on when it rings, changes when somebody talks, and goes off afterwards."""
    call = pbx.call_in(CALLER, name="Ann", to=JERRY)
    await poll(15)
    assert heard.whats == ["pbx_call:started"]
    assert heard.told[0].attributes == TEL | {"direction": "inbound", "extension": "69", "time": MINUTE_AGO}
    pbx.answer(call)
    await poll(5)
    assert heard.whats == ["pbx_call:started", "pbx_call:answered"]
    await poll(40)
    pbx.hang_up(call)
    await poll(5)  # the live call has gone
    await poll(6)  # a row of the CDR is there soon afterwards
    assert heard.whats == ["pbx_call:started", "pbx_call:answered", "pbx_call:ended"]
    assert heard.told[-1].attributes == INBOUND | {
        "name": "Ann", "extension": "69", "duration": 45, "time": MINUTE_AGO,
    }  # fmt: skip


async def test_an_outgoing_call_is_told(pbx: SimulatedPbx, heard: Listener, poll: Poll) -> None:
    """The number is that of the other end, whoever dialed."""
    call = pbx.call_out(JERRY, CALLER)
    await poll(15)
    pbx.answer(call)
    await poll(5)
    assert heard.whats == ["pbx_call:started", "pbx_call:answered"]
    for one in heard.told:
        assert one.attributes == TEL | {"direction": "outbound", "extension": "69", "time": MINUTE_AGO}


async def test_what_was_already_so_is_no_news(
    hass: HomeAssistant, pbx: SimulatedPbx, entry: MockConfigEntry, poll: Poll
) -> None:
    """A restart in the middle of the day must not set off every automation of the day again."""
    listener = Listener()
    listener.listen(hass)
    for outcome in Outcome:
        pbx.add_past_call(CALLER, JERRY, outcome=outcome, ago=3600)
        pbx.add_past_call(CALLER, "support", outcome=Outcome.UNANSWERED, ago=90 * 86400)
    pbx.receive_sms(CALLER, TOM, "Hello")
    pbx.send_sms(TOM, [f"+1{CALLER}"], "Hello", "")
    pbx.answer(pbx.call_in(CALLER, to=JERRY))
    pbx.call_in(CALLER, to="night")
    pbx.pause_agent("support", TOM, "lunch")
    pbx.send_fax(TOM, CALLER)
    assert await hass.config_entries.async_setup(entry.entry_id)
    for _ in range(4):
        await poll(61)
    assert listener.told == []


async def test_an_outage_is_no_news_and_hides_none(
    pbx: SimulatedPbx, simulator: Simulator, heard: Listener, poll: Poll
) -> None:
    """When the line is back, what happened meanwhile is told, and nothing of what was so before."""
    pbx.answer(pbx.call_in(CALLER, to=JERRY))
    pbx.call_in(CALLER, to="night")
    pbx.pause_agent("support", TOM, "lunch")
    pbx.send_fax(TOM, CALLER)
    await poll(61)
    heard.told.clear()
    await simulator.stop()
    await poll(61)
    pbx.add_past_call(OTHER_CALLER, JERRY, outcome=Outcome.UNANSWERED)
    await poll(61)
    await simulator.start()
    await poll(61)
    assert heard.whats == ["pbx_call:missed"]
    await poll(61)
    assert heard.whats == ["pbx_call:missed"]


async def test_two_equal_calls_are_two(pbx: SimulatedPbx, heard: Listener, poll: Poll) -> None:
    """Somebody who calls twice in one second from two lines has called twice."""
    await poll(100)
    for _ in range(2):
        pbx.add_past_call(CALLER, JERRY, outcome=Outcome.UNANSWERED)
    await poll(61)
    assert heard.whats == ["pbx_call:missed"] * 2
    assert heard.told[0].attributes == heard.told[1].attributes


@pytest.mark.parametrize("hidden", ["anonymous", "Restricted", "", "unavailable"])
async def test_a_hidden_caller_has_no_number(pbx: SimulatedPbx, heard: Listener, poll: Poll, hidden: str) -> None:
    """Nobody can be called back there, and an automation that tries must see that."""
    await poll(100)
    pbx.add_past_call(hidden, JERRY, outcome=Outcome.UNANSWERED)
    await poll(61)
    [told] = heard.told
    assert told.what == "pbx_call:missed"
    assert not {"number", "tel"} & told.attributes.keys()


async def test_a_number_stays_text_in_a_template(hass: HomeAssistant, pbx: SimulatedPbx, house: House) -> None:
    """A template makes a bare +18155550123 a number; with `tel:` before it, it stays what it is."""
    await house.start()
    pbx.add_past_call(CALLER, JERRY, outcome=Outcome.UNANSWERED)
    await house.pass_time(61)
    [told] = house.heard.told
    assert (told.attributes["number"], told.attributes["tel"]) == (f"+1{CALLER}", f"tel:+1{CALLER}")
    assert isinstance(told.attributes["number"], str)


async def test_a_call_that_ended_while_home_assistant_was_down_is_told(house: House, pbx: SimulatedPbx) -> None:
    """Calls of the night are there in the morning, oldest first, with their own times."""
    await house.start()
    await house.stop()
    for hours in (3, 2, 1):
        pbx.add_past_call(CALLER, JERRY, outcome=Outcome.UNANSWERED)
        house.clock.tick(timedelta(hours=hours))
    await house.start()
    assert house.heard.whats == ["pbx_call:missed"] * 3
    times = [datetime.fromisoformat(one.attributes["time"]) for one in house.heard.told]
    assert [later - earlier for earlier, later in pairwise(times)] == [
        timedelta(hours=3),
        timedelta(hours=2),
    ]


async def test_a_long_absence_is_made_up_for(house: House, pbx: SimulatedPbx) -> None:
    """After a fortnight without power, what is told is a fortnight, page by page, and nothing of before."""
    pbx.add_past_call(CALLER, JERRY, ago=86400)
    await house.start()
    await house.stop()
    for turn in range(30):
        house.clock.tick(timedelta(hours=11))
        pbx.add_past_call(f"81555510{turn:02}", JERRY, outcome=Outcome.UNANSWERED)
    house.simulator.control.quirk(page_cap=20)
    await house.start()
    assert [one.attributes["number"] for one in house.heard.told] == [f"+181555510{turn:02}" for turn in range(30)]


MOODS: list[dict[str, Any]] = [
    {"rows": "late"},
    {"rows": "ragged"},
    {"ties": "shuffled"},
    {"page_cap": 20},
    {"page_cap": 20, "cap_cuts_pages": True},
    {"page_cap": 20, "ties": "shuffled", "rows": "ragged"},
    {"unique_ids": "digits"},
    {"unique_ids": "digits", "numbers": "numeric_check"},
    {"unique_ids": "padded", "numbers": "numeric_check"},
    {"unique_ids": "named"},
    {"report_columns": "fewer"},
    {"report_columns": "reordered"},
    {"numbers": "numeric_check"},
    {"blanks": "null", "zeros": "blank"},
]


@pytest.mark.parametrize("mood", MOODS, ids=str)
async def test_every_call_is_told_whatever_mood_the_records_are_in(
    pbx: SimulatedPbx, simulator: Simulator, heard: Listener, poll: Poll, mood: dict[str, Any]
) -> None:
    """Rows that come late, in small pages or without order are calls like any other."""
    simulator.control.quirk("reports.report", **mood)
    await poll(300)
    outcomes = [Outcome.ANSWERED, Outcome.UNANSWERED, Outcome.VOICEMAIL, Outcome.FAX, Outcome.FAX_FAILED]
    whats = ["pbx_call:ended", "pbx_call:missed", "pbx_call:voicemail", "pbx_fax:received", "pbx_fax:failed"]
    expected = []
    for turn in range(125):
        kind = turn % len(outcomes)
        # Ten of each second.
        pbx.add_past_call(f"8155551{turn:03}", JERRY, outcome=outcomes[kind], ago=200 - turn // 10)
        expected.append((whats[kind], f"+18155551{turn:03}"))
    for _ in range(4):
        await poll(61)
    told = [(one.what, one.attributes["number"]) for one in heard.told]
    assert sorted(told) == sorted(expected)


@pytest.mark.parametrize("is_off", [False, True], ids=["running", "off"])
@pytest.mark.parametrize("writing", ["digits", "padded", "named"])
async def test_ids_in_another_writing_double_no_call(
    house: House, pbx: SimulatedPbx, simulator: Simulator, writing: str, is_off: bool
) -> None:
    """After an upgrade of the PBX a whole day of missed callers would be texted back once more."""
    await house.start()
    numbers = [f"81555510{turn:02}" for turn in range(20)]
    for turn, number in enumerate(numbers):
        # Some of one second, and some hours ago.
        pbx.add_past_call(number, JERRY, outcome=Outcome.UNANSWERED, ago=60 + turn // 4 * 3000)
    await house.pass_time(3601)
    for unique_ids in (writing, "page"):
        if is_off:
            await house.stop()
        simulator.control.quirk("reports.report", unique_ids=unique_ids)
        if is_off:
            await house.start()
        # Of a second in which others began.
        for ago in (60 + round((dt_util.utcnow() - NOW).total_seconds()), 15):
            numbers.append(f"81555511{len(numbers)}")
            pbx.add_past_call(numbers[-1], JERRY, outcome=Outcome.UNANSWERED, ago=ago)
        await house.pass_time(61)
        await house.pass_time(3601)
    assert sorted(one.attributes["number"] for one in house.heard.told) == [f"+1{number}" for number in numbers]
    assert all_states(house.running)["pbx_missed_calls_today"] == f"{len(numbers)}"


async def test_a_row_that_is_corrected_is_not_told_again(pbx: SimulatedPbx, heard: Listener, poll: Poll) -> None:
    """A transfer shows in the row some seconds after the call has ended."""
    call = pbx.call_in(CALLER, to="support")
    pbx.answer(call, by=TOM)
    pbx.transfer(call, JERRY)
    pbx.answer(call)
    pbx.hang_up(call)
    missed = pbx.add_past_call(OTHER_CALLER, JERRY, outcome=Outcome.UNANSWERED, ago=20)
    await poll(8)
    await poll(61)
    told = ["pbx_call:ended", "pbx_call:missed"]
    assert sorted(heard.whats) == told
    pbx.correct_call(missed, bridged=True, recording_link="https://pbx.example.com/1")
    for _ in range(3):
        await poll(61)
    assert sorted(heard.whats) == told


async def test_a_row_that_is_hours_late_is_told(pbx: SimulatedPbx, heard: Listener, poll: Poll) -> None:
    """A PBX that was busy with other things writes its records down in the end."""
    await poll(5 * 3600)
    pbx.add_past_call(OTHER_CALLER, JERRY)
    await poll(61)
    pbx.add_past_call(CALLER, JERRY, ago=4 * 3600, outcome=Outcome.UNANSWERED)
    await poll(3601)  # now and then a look reaches back a whole day
    assert heard.whats == ["pbx_call:ended", "pbx_call:missed"]


# Chicago's clocks went back from 2:00 to 1:00 at 7:00 UTC, and on from 2:00 to 3:00 at 8:00 UTC.
@pytest.mark.parametrize(
    ("change", "times"),
    [
        (
            datetime(2027, 11, 7, 7, tzinfo=UTC),
            [
                "2027-11-07T00:30:00-05:00", "2027-11-07T01:10:00-05:00", "2027-11-07T01:50:00-05:00",
                "2027-11-07T01:30:00-06:00", "2027-11-07T02:10:00-06:00", "2027-11-07T02:50:00-06:00",
            ],
        ),
        (
            datetime(2027, 3, 14, 8, tzinfo=UTC),
            [
                "2027-03-14T00:30:00-06:00", "2027-03-14T01:10:00-06:00", "2027-03-14T01:50:00-06:00",
                "2027-03-14T03:30:00-05:00", "2027-03-14T04:10:00-05:00", "2027-03-14T04:50:00-05:00",
            ],
        ),
    ],
    ids=["back", "forward"],
)  # fmt: skip
async def test_calls_of_the_night_when_clocks_change(
    house: House, pbx: SimulatedPbx, change: datetime, times: list[str]
) -> None:
    """An hour that comes twice has its calls twice, each with its own time and what came of it."""
    house.clock.move_to(change - timedelta(hours=4))
    await house.start()
    house.clock.move_to(change - timedelta(minutes=90))
    outcomes = [Outcome.VOICEMAIL, Outcome.FAX, Outcome.UNANSWERED]
    for turn in range(6):
        pbx.add_past_call(f"81555510{turn:02}", JERRY, outcome=outcomes[turn % 3], wait=0, talk=0, ago=15)
        await house.pass_time(40 * 60)
    await house.pass_time(61)
    whats = ["pbx_call:voicemail", "pbx_fax:received", "pbx_call:missed"] * 2
    seconds_ago = timedelta(seconds=15)
    expected = [(datetime.fromisoformat(time) - seconds_ago).isoformat() for time in times]
    assert [(one.what, one.attributes["time"]) for one in house.heard.told] == list(zip(whats, expected, strict=True))


async def test_the_recorder_gets_no_callers(
    recorder_mock: object, hass: HomeAssistant, pbx: SimulatedPbx, heard: Listener, poll: Poll
) -> None:
    """Who called is nobody's business in a database that is kept for years and copied about."""
    await poll(100)
    pbx.add_past_call(CALLER, "support", name="Ann Example", outcome=Outcome.UNANSWERED)
    pbx.receive_sms(CALLER, TOM, "A secret text")
    await poll(61)
    assert len(heard.told) == 3
    await get_instance(hass).async_block_till_done()
    entities = [state.entity_id for state in hass.states.async_all("event")]
    start = dt_util.utcnow() - timedelta(hours=1)
    rows = [
        row
        for entity_id in entities
        for row in (
            await get_instance(hass).async_add_executor_job(state_changes_during_period, hass, start, None, entity_id)
        ).get(entity_id, [])
    ]
    recorded = repr([row.as_dict() for row in rows])
    assert "caller_abandoned" in recorded
    for secret in (CALLER, "Ann Example", "secret text", "recording.php"):
        assert secret not in recorded
