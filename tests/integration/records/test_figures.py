"""Today's figures, against sums made from what the test let happen and not from what the PBX wrote of it."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from homeassistant.const import CONF_TIME_ZONE, EVENT_STATE_CHANGED
from homeassistant.core import Event, EventStateChangedData, HomeAssistant, callback
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from simulator.app import Simulator
from simulator.pbx.past import Outcome
from simulator.pbx.simulated import SimulatedPbx
from tests.helpers.entities import states_of
from tests.helpers.office import ANNE_MARIE, CALLER, JERRY, OTHER_CALLER, TOM, ZONE
from tests.helpers.pbx_clock import set_ahead
from tests.helpers.restarts import House
from tests.integration.conftest import Poll

pytestmark = pytest.mark.usefixtures("no_error")

KEYS = (
    "calls_today",
    "missed_calls_today",
    "abandoned_calls_today",
    "service_level_today",
    "answer_speed_today",
    "talk_time_today",
)
NOTHING: list[float | str] = [0, 0, 0, "unknown", "unknown", "unknown"]


def figures(hass: HomeAssistant | None, of: str = "pbx") -> list[float | str | None]:
    """Return the six figures of the PBX or of a queue, rounded as people read them."""
    assert hass is not None
    states = states_of(hass, of, *KEYS)
    return [
        round(float(state), 2) if state and state.replace(".", "").isdecimal() else state for state in states.values()
    ]


@dataclass(frozen=True, slots=True)
class Happened:
    """What a caller lived through."""

    queue: str | None
    wait: int
    talk: int  # 0: with nobody
    outcome: Outcome = Outcome.ANSWERED
    incoming: bool = True

    def write(self, pbx: SimulatedPbx, ago: float) -> None:
        """Have the PBX write it down."""
        ends = (CALLER, self.queue or JERRY) if self.incoming else (JERRY, CALLER)
        by = ANNE_MARIE if self.queue else None
        pbx.add_past_call(*ends, outcome=self.outcome, wait=self.wait, talk=self.talk, ago=ago, by=by)


def counted(calls: list[Happened], *, queue: str | None = None, level: int = 20, short: int = 5) -> list[float | str]:
    """Count by the definitions of the contract."""
    shown = [call for call in calls if queue is None or call.queue == queue]
    fax = (Outcome.FAX, Outcome.FAX_FAILED)
    missed = [call for call in shown if call.incoming and call.outcome not in (Outcome.ANSWERED, *fax)]
    abandoned = [call for call in missed if call.queue and call.wait >= short]
    answered = [call for call in shown if call.queue and call.outcome is Outcome.ANSWERED]
    in_time = [call for call in answered if call.wait <= level]
    offered = len(answered) + len(abandoned)
    return [
        len(shown),
        len(missed),
        len(abandoned),
        round(100 * len(in_time) / offered, 2) if offered else "unknown",
        round(sum(call.wait for call in answered) / len(answered), 2) if answered else "unknown",
        round(sum(call.talk for call in answered) / len(answered), 2) if answered else "unknown",
    ]


def a_day(seed: int) -> list[Happened]:
    """Make up a day of calls of all kinds."""
    rng = Random(seed)
    return [
        Happened(
            queue=rng.choice(["support", "support", "night", None]) if incoming else None,
            wait=rng.randint(0, 60),
            talk=rng.randint(1, 900),
            outcome=rng.choice([Outcome.ANSWERED] * 3 + [Outcome.UNANSWERED] + [Outcome.VOICEMAIL] * incoming),
            incoming=incoming,
        )
        for incoming in (rng.random() < 4 / 5 for _ in range(60))
    ]


async def test_before_the_first_call_of_a_day(hass: HomeAssistant, loaded: MockConfigEntry) -> None:
    """No call is no bad service: a service level of nought would wake somebody every morning."""
    assert figures(hass) == figures(hass, "queue_support") == figures(hass, "queue_night") == NOTHING


@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_a_day_adds_up(
    hass: HomeAssistant, pbx: SimulatedPbx, loaded: MockConfigEntry, poll: Poll, seed: int
) -> None:
    """A manager who counts the calls by hand comes to the same figures, whenever he looks."""
    pbx.log_in_agent("night", ANNE_MARIE)
    day = a_day(seed)
    for turn, call in enumerate(day, 1):
        call.write(pbx, ago=1000)
        if turn % 12 == 0:
            await poll(61)
            assert figures(hass) == counted(day[:turn])
            for queue in ("support", "night"):
                assert figures(hass, f"queue_{queue}") == counted(day[:turn], queue=queue)


async def test_calls_of_the_morning_count_when_it_is_set_up_at_noon(
    hass: HomeAssistant, pbx: SimulatedPbx, entry: MockConfigEntry
) -> None:
    """Today is today, whether anybody looked or not; yesterday is not."""
    day = [call for call in a_day(4) if call.queue != "night"]
    for call in day:
        call.write(pbx, ago=3600)
        call.write(pbx, ago=86400)
    assert await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert figures(hass) == counted(day)
    assert figures(hass, "queue_support") == counted(day, queue="support")


async def test_what_is_no_call_of_the_day_and_what_is(
    hass: HomeAssistant, pbx: SimulatedPbx, loaded: MockConfigEntry, poll: Poll
) -> None:
    """Colleagues who ring each other up are no customers; a fax is nobody who was missed."""
    await poll(3000)
    pbx.add_past_call(JERRY, TOM)
    pbx.add_past_call(JERRY, "support", by=TOM)
    await poll(61)
    assert figures(hass) == NOTHING
    pbx.add_past_call(CALLER, TOM, outcome=Outcome.FAX)
    pbx.add_past_call(CALLER, TOM, outcome=Outcome.FAX_FAILED)
    pbx.add_past_call(TOM, CALLER, outcome=Outcome.FAX)
    pbx.add_past_call(TOM, CALLER, outcome=Outcome.UNANSWERED)
    await poll(61)
    assert figures(hass) == [4, 0, 0, *NOTHING[3:]]
    pbx.add_past_call(CALLER, OTHER_CALLER, outcome=Outcome.UNANSWERED)  # a hairpin: in and out again
    pbx.add_past_call(CALLER, TOM, outcome=Outcome.VOICEMAIL)
    await poll(61)
    assert figures(hass) == [6, 2, 0, *NOTHING[3:]]


async def test_a_caller_who_went_through_two_queues(
    hass: HomeAssistant, pbx: SimulatedPbx, loaded: MockConfigEntry, poll: Poll
) -> None:
    """Who gave up in one queue and was answered in the next is both, each where it happened."""
    await poll(3000)
    pbx.add_past_call(CALLER, "support", via=("night",), wait=8, talk=100, by=TOM)
    await poll(61)
    assert figures(hass, "queue_night") == [1, 0, 1, 0, "unknown", "unknown"]
    assert figures(hass, "queue_support")[:4] == [1, 0, 0, 100]
    assert figures(hass)[:4] == [1, 0, 1, 50]
    assert figures(hass, "queue_support")[5] == figures(hass)[5] == 100


async def test_a_caller_whom_two_queues_answered_spoke_to_each_for_a_share(
    hass: HomeAssistant, pbx: SimulatedPbx, loaded: MockConfigEntry, poll: Poll
) -> None:
    """The CDR has one sum for both: each would have spoken to them all the time, and nobody that long in all."""
    await poll(3000)
    call = pbx.add_past_call(CALLER, "support", via=("night",), wait=15, talk=100, by=TOM)
    pbx.correct_call(call, abandoned_queues=())
    await poll(61)
    hold = figures(hass)[4]
    assert figures(hass) == [1, 0, 0, 0, hold, 100]
    assert figures(hass, "queue_support") == figures(hass, "queue_night") == [1, 0, 0, 100, hold / 2, 50]


async def test_a_caller_whom_a_queue_gave_to_a_machine_was_not_answered(
    hass: HomeAssistant, pbx: SimulatedPbx, loaded: MockConfigEntry, poll: Poll
) -> None:
    """An announcement that takes every call at once would bring the best service level of all."""
    await poll(3000)
    call = pbx.add_past_call(CALLER, "support", wait=8, talk=100, by=TOM)
    pbx.correct_call(call, bridged=False)
    for _ in range(3):  # it could still turn out to be a fax
        await poll(61)
    assert figures(hass, "queue_support") == figures(hass) == [1, 1, 0, *NOTHING[3:]]


@pytest.mark.parametrize(
    ("options", "level", "short"),
    [({}, 20, 5), ({"service_level_threshold": 30, "short_abandon_threshold": 10}, 30, 10)],
)
async def test_the_options_say_what_is_fast_and_what_is_short(
    hass: HomeAssistant,
    pbx: SimulatedPbx,
    entry: MockConfigEntry,
    poll: Poll,
    options: dict[str, int],
    level: int,
    short: int,
) -> None:
    """Every office has its own agreement; a threshold itself is still within it."""
    hass.config_entries.async_update_entry(entry, options=options)
    assert await hass.config_entries.async_setup(entry.entry_id)
    await poll(100)
    waits = (0, 4, 5, 6, 9, 10, 11, 19, 20, 21, 29, 30, 31)
    day = [Happened("support", wait, 60) for wait in waits]
    day += [Happened("support", wait, 0, Outcome.UNANSWERED) for wait in waits]
    for call in day:
        call.write(pbx, ago=100)
    await poll(61)
    expected = counted(day, queue="support", level=level, short=short)
    assert figures(hass, "queue_support") == figures(hass) == expected
    assert expected[2] == sum(wait >= short for wait in waits)


async def test_a_day_ends_at_midnight_where_the_pbx_is(
    hass: HomeAssistant, pbx: SimulatedPbx, entry: MockConfigEntry, poll: Poll
) -> None:
    """Home Assistant may stand elsewhere: its own midnight is in the middle of the PBX's day."""
    await hass.config.async_set_time_zone("Asia/Tokyo")
    hass.config_entries.async_update_entry(entry, options={CONF_TIME_ZONE: ZONE})
    assert await hass.config_entries.async_setup(entry.entry_id)
    await poll(61)  # nine in the morning in Chicago, midnight in Tokyo
    pbx.add_past_call(CALLER, JERRY, outcome=Outcome.UNANSWERED)
    await poll(61)
    assert figures(hass)[:2] == [1, 1]
    midnight = datetime(2026, 11, 24, 6, tzinfo=UTC)
    await poll((midnight - datetime.now(UTC)).total_seconds() - 30)
    pbx.add_past_call(OTHER_CALLER, JERRY, outcome=Outcome.UNANSWERED)
    await poll(29)
    assert figures(hass)[:2] == [1, 1]
    await poll(2)
    assert figures(hass) == NOTHING
    # What began before midnight and ended after it is yesterday's.
    await poll(60)
    pbx.add_past_call(CALLER, "support", by=TOM, wait=10, talk=90)
    await poll(60)
    assert figures(hass) == NOTHING
    pbx.add_past_call(CALLER, JERRY, outcome=Outcome.UNANSWERED)
    await poll(61)
    assert figures(hass)[:2] == [1, 1]


@pytest.mark.parametrize(
    "midnight",
    [datetime(2027, 11, 7, 5, tzinfo=UTC), datetime(2027, 3, 14, 6, tzinfo=UTC)],
    ids=["25 hours", "23 hours"],
)
async def test_a_day_that_is_not_a_day_long(house: House, pbx: SimulatedPbx, midnight: datetime) -> None:
    """On the day when clocks change, today is still all of today and nothing else."""
    hours = 25 if midnight.month == 11 else 23
    house.clock.move_to(midnight - timedelta(minutes=10))
    await house.start()
    pbx.add_past_call(CALLER, JERRY)
    house.clock.move_to(midnight + timedelta(minutes=10))
    pbx.add_past_call(CALLER, JERRY, wait=1, talk=1)
    await house.pass_time(0)
    assert figures(house.hass)[0] == 1
    # Two, each in a look of its own: how far records were read is on the disk with the one that comes next.
    for before_midnight, calls in ((3, 2), (1, 3)):
        house.clock.move_to(midnight + timedelta(hours=hours, minutes=-before_midnight))
        pbx.add_past_call(CALLER, JERRY, wait=1, talk=1)
        await house.pass_time(0)
        assert figures(house.hass)[0] == calls
    await house.stop()
    await house.start()
    assert figures(house.hass)[0] == 3
    house.clock.move_to(midnight + timedelta(hours=hours, seconds=1))
    await house.pass_time(0)
    assert figures(house.hass)[0] == 0


async def test_a_day_whose_midnight_comes_twice_begins_with_the_first(house: House, pbx: SimulatedPbx) -> None:
    """In Havana the clocks go back from 1:00 to 0:00: an hour of calls would be on neither day."""
    pbx.time_zone = ZoneInfo("America/Havana")
    house.options[CONF_TIME_ZONE] = "America/Havana"
    midnight = datetime(2027, 11, 7, 4, tzinfo=UTC)
    house.clock.move_to(midnight + timedelta(minutes=30))
    pbx.add_past_call(CALLER, JERRY, wait=1, talk=1)
    house.clock.move_to(midnight + timedelta(minutes=70))
    await house.start()
    assert figures(house.hass)[0] == 1


async def test_a_call_that_began_at_midnight_sharp_is_of_the_new_day(house: House, pbx: SimulatedPbx) -> None:
    """It would count on neither day, or on both."""
    midnight = datetime(2026, 11, 24, 6, tzinfo=UTC)
    house.clock.move_to(midnight - timedelta(minutes=10))
    await house.start()
    house.clock.move_to(midnight + timedelta(seconds=2))
    pbx.add_past_call(CALLER, JERRY, wait=1, talk=1)
    house.clock.move_to(midnight + timedelta(minutes=2))
    await house.pass_time(0)
    assert figures(house.hass)[0] == 1


async def test_a_call_of_tomorrow_by_the_pbxs_clock_is_of_tomorrow(
    hass: HomeAssistant, pbx: SimulatedPbx, loaded: MockConfigEntry, poll: Poll
) -> None:
    """Where the PBX's clock is ahead, the first calls after midnight would be on no day."""
    set_ahead(pbx, 2)
    midnight = datetime(2026, 11, 24, 6, tzinfo=UTC)
    await poll((midnight - datetime.now(UTC)).total_seconds() - 70)
    pbx.add_past_call(CALLER, JERRY, wait=1, talk=1)
    await poll(61)
    assert figures(hass)[0] == 1
    await poll(10)
    assert figures(hass)[0] == 1
    await poll(301)
    assert figures(hass)[0] == 1


async def test_a_corrected_row_counts_as_corrected(
    hass: HomeAssistant, pbx: SimulatedPbx, loaded: MockConfigEntry, poll: Poll
) -> None:
    """The PBX knows better after a while; nobody is counted twice for it."""
    await poll(100)
    call = pbx.add_past_call(CALLER, JERRY, outcome=Outcome.UNANSWERED)
    await poll(61)
    assert figures(hass)[:2] == [1, 1]
    pbx.correct_call(call, bridged=True)
    await poll(61)
    assert figures(hass)[:2] == [1, 0]


@pytest.mark.parametrize(
    "mood",
    [
        {"rows": "late"},
        {"rows": "ragged", "ties": "shuffled", "page_cap": 20},
        {"page_cap": 20, "cap_cuts_pages": True},
    ],
    ids=str,
)
async def test_figures_agree_in_the_end_whatever_mood_the_records_are_in(
    hass: HomeAssistant,
    pbx: SimulatedPbx,
    simulator: Simulator,
    loaded: MockConfigEntry,
    poll: Poll,
    mood: dict[str, str],
) -> None:
    """A row that came late, or stood on another page, is a call of the day."""
    simulator.control.quirk("reports.report", **mood)
    day = [call for call in a_day(5) if call.queue != "night"]
    await poll(1000)
    for call in day:
        call.write(pbx, ago=1000)
    for _ in range(4):
        await poll(61)
    assert figures(hass) == counted(day)
    assert figures(hass, "queue_support") == counted(day, queue="support")


async def test_figures_survive_restarts_kills_and_reloads(house: House, pbx: SimulatedPbx) -> None:
    """Today's figures are those of today, not of since the last restart."""
    day = [call for call in a_day(6) if call.queue != "night"]
    await house.start()
    await house.pass_time(1000)
    for turn, call in enumerate(day):
        call.write(pbx, ago=1000)
        match turn % 9:
            case 2:
                await house.stop()
                await house.start()
            case 5:
                await house.kill()
                await house.start()
            case 8:
                await house.reload()
                assert figures(house.hass) == counted(day[: turn + 1])
    await house.pass_time(61)
    assert figures(house.hass) == counted(day)
    assert figures(house.hass, "queue_support") == counted(day, queue="support")


async def test_an_outage_makes_figures_unavailable_and_loses_none(
    hass: HomeAssistant, pbx: SimulatedPbx, simulator: Simulator, loaded: MockConfigEntry, poll: Poll
) -> None:
    """Nobody knows how many called while the line was down: until it is back, and then all of them are known."""
    await poll(100)
    pbx.add_past_call(CALLER, "support", by=TOM, wait=10, talk=60)
    await poll(61)
    shown = figures(hass), figures(hass, "queue_support")
    assert shown == ([1, 0, 0, 100, 10, 60], [1, 0, 0, 100, 10, 60])
    simulator.control.fail("reports.report", "server_error", times=None)
    await poll(61)
    assert figures(hass) == figures(hass, "queue_support") == ["unavailable"] * 6
    pbx.add_past_call(CALLER, "support", outcome=Outcome.UNANSWERED, wait=30)
    simulator.control.heal()
    await poll(61)
    assert figures(hass) == figures(hass, "queue_support") == [2, 1, 1, 50, 10, 60]


async def test_figures_are_unavailable_until_all_of_today_has_been_read(
    hass: HomeAssistant, pbx: SimulatedPbx, simulator: Simulator, entry: MockConfigEntry, poll: Poll
) -> None:
    """Half of a day shown as the whole would be a bad day for somebody."""
    for turn in range(50):
        pbx.add_past_call(CALLER, JERRY, ago=3600 - turn)
    simulator.control.quirk(page_cap=20)
    simulator.control.fail("reports.report", "slow", delay=0)
    simulator.control.fail("reports.report", "server_error")
    assert await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert set(figures(hass)) <= {"unavailable", "unknown"}
    await poll(61)
    assert figures(hass)[:2] == [50, 0]


async def test_figures_are_there_as_soon_as_today_has_been_read(
    hass: HomeAssistant, pbx: SimulatedPbx, entry: MockConfigEntry
) -> None:
    """At every start a wallboard would show blanks between "unavailable" and the figures."""
    pbx.add_past_call(CALLER, JERRY, ago=3600)
    seen: list[str] = []

    @callback
    def note(event: Event[EventStateChangedData]) -> None:
        if (state := event.data["new_state"]) and state.entity_id == "sensor.dls_hosted_pbx_calls_today":
            seen.append(state.state)

    hass.bus.async_listen(EVENT_STATE_CHANGED, note)
    assert await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert seen == ["unavailable", "1"]


async def test_a_queue_that_goes_takes_its_figures_along(
    hass: HomeAssistant, pbx: SimulatedPbx, loaded: MockConfigEntry, poll: Poll
) -> None:
    """The PBX's own figures still count its callers."""
    await poll(100)
    pbx.add_past_call(CALLER, "night", outcome=Outcome.UNANSWERED)
    await poll(61)
    assert figures(hass, "queue_night") == [1, 1, 1, 0, "unknown", "unknown"]
    pbx.remove_queue("night")
    await poll(61)
    assert figures(hass, "queue_night") == [None] * 6
    assert figures(hass) == [1, 1, 1, 0, "unknown", "unknown"]
