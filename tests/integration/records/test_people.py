"""People's figures of today: there where they are asked for, and equal to the books of the PBX."""

from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from simulator.app import Simulator
from simulator.office import scenarios
from simulator.pbx.past import Outcome
from simulator.pbx.simulated import SimulatedPbx
from tests.helpers.books import Work, work_by_the_cdr
from tests.helpers.entities import all_states, entity_of, state_of, states_of
from tests.helpers.office import ANNE_MARIE, CALLER, JERRY, NOW, OTHER_CALLER, TOM, ZOE, ZONE, small_office
from tests.helpers.pbx_clock import set_ahead
from tests.integration.conftest import Poll

pytestmark = pytest.mark.usefixtures("no_error")

KEYS = ("calls_answered_today", "calls_missed_today", "talk_time_today", "last_call")


@pytest.fixture
async def simulator(
    request: pytest.FixtureRequest, socket_enabled: None, frozen: FrozenDateTimeFactory
) -> AsyncIterator[Simulator]:
    """Run the small office, or what a test asks for."""
    build, now = getattr(request, "param", (small_office, NOW))
    frozen.move_to(now)
    async with Simulator(build()) as simulator:
        yield simulator


@pytest.fixture
async def entry(hass: HomeAssistant, entry: MockConfigEntry) -> MockConfigEntry:
    """Return an entry whose options ask for figures of people."""
    hass.config_entries.async_update_entry(entry, options={"agent_figures": True})
    return entry


def work(hass: HomeAssistant, auth_id: str) -> tuple[str | None, ...]:
    """Return what is shown of somebody: answered, missed, talk."""
    return tuple(states_of(hass, f"phone_{auth_id}", *KEYS[:3]).values())


def _queue_call(pbx: SimulatedPbx) -> None:
    pbx.add_past_call(CALLER, "support", by=TOM, wait=12, talk=90)


def _direct_call(pbx: SimulatedPbx) -> None:
    pbx.add_past_call(CALLER, TOM, talk=90)


def _call_out(pbx: SimulatedPbx) -> None:
    pbx.add_past_call(TOM, CALLER, talk=90)


def _nobody_there(pbx: SimulatedPbx) -> None:
    pbx.add_past_call(TOM, CALLER, outcome=Outcome.UNANSWERED)


def _missed(pbx: SimulatedPbx) -> None:
    pbx.add_past_call(CALLER, TOM, outcome=Outcome.UNANSWERED)


def _voicemail(pbx: SimulatedPbx) -> None:
    pbx.add_past_call(CALLER, TOM, outcome=Outcome.VOICEMAIL)


def _abandoned(pbx: SimulatedPbx) -> None:
    pbx.add_past_call(CALLER, "support", outcome=Outcome.UNANSWERED, wait=40)


def _fax(pbx: SimulatedPbx) -> None:
    pbx.add_past_call(CALLER, TOM, outcome=Outcome.FAX)


def _colleagues(pbx: SimulatedPbx) -> None:
    pbx.add_past_call(JERRY, TOM, talk=90)


@pytest.mark.parametrize(
    ("happens", "shown"),
    [
        (_queue_call, ("1", "0", "90.0")),
        (_direct_call, ("1", "0", "90.0")),
        (_call_out, ("0", "0", "90.0")),
        (_nobody_there, ("0", "0", "0")),
        (_missed, ("0", "1", "0")),
        (_voicemail, ("0", "1", "0")),
        (_abandoned, ("0", "0", "0")),  # of a queue nobody is to blame
        (_fax, ("0", "0", "0")),
        (_colleagues, ("0", "0", "0")),
    ],
)
async def test_a_call_counts_for_whoever_it_was(
    hass: HomeAssistant,
    pbx: SimulatedPbx,
    loaded: MockConfigEntry,
    poll: Poll,
    happens: Callable[[SimulatedPbx], None],
    shown: tuple[str, ...],
) -> None:
    """A manager would praise or blame the wrong person."""
    assert work(hass, TOM) == ("0", "0", "0")
    happens(pbx)
    await poll(61)
    await poll(61)
    assert tuple(float(state or "nan") for state in work(hass, TOM)) == tuple(map(float, shown))
    assert work(hass, ANNE_MARIE) == work(hass, JERRY) == ("0", "0", "0")


async def test_a_call_that_turns_out_otherwise_counts_as_what_it_was(
    hass: HomeAssistant, pbx: SimulatedPbx, loaded: MockConfigEntry, poll: Poll
) -> None:
    """Who took a call that the PBX had lost sight of would have missed it, or missed another one less."""
    call = pbx.add_past_call(CALLER, TOM, outcome=Outcome.UNANSWERED)
    pbx.add_past_call(OTHER_CALLER, TOM, outcome=Outcome.UNANSWERED)
    await poll(61)
    await poll(61)
    assert work(hass, TOM)[:2] == ("0", "2")
    pbx.correct_call(call, bridged=True)
    for _ in range(11):
        await poll(61)
    assert work(hass, TOM)[:2] == ("1", "1")


async def test_agents_who_shared_a_call_share_its_time(
    hass: HomeAssistant, pbx: SimulatedPbx, loaded: MockConfigEntry, poll: Poll
) -> None:
    """The PBX tells one time for all of them: counted for each, the day would have more hours than it has."""
    pbx.add_queue("repairs")
    pbx.log_in_agent("repairs", JERRY)
    call = pbx.call_in(CALLER, to="support")
    pbx.answer(call, by=TOM)
    await poll(60)
    pbx.transfer(call, "repairs")
    pbx.answer(call, by=JERRY)
    await poll(60)
    pbx.hang_up(call)
    await poll(61)
    await poll(61)
    talk = [float(state_of(hass, f"phone_{one}", "talk_time_today") or 0) for one in (TOM, JERRY)]
    assert sum(talk) == 120
    assert talk[0] == talk[1]
    assert [state_of(hass, f"phone_{one}", "calls_answered_today") for one in (TOM, JERRY)] == ["1", "1"]


async def test_the_last_call_is_when_the_last_one_ended(
    hass: HomeAssistant, pbx: SimulatedPbx, loaded: MockConfigEntry, poll: Poll
) -> None:
    """Who has not talked for an hour can take the next one."""
    assert state_of(hass, f"phone_{JERRY}", "last_call") == "unknown"
    pbx.add_past_call(CALLER, JERRY, talk=60, wait=0, ago=600)
    await poll(61)
    assert state_of(hass, f"phone_{JERRY}", "last_call") == (NOW - timedelta(seconds=540)).isoformat()


async def test_a_last_call_that_a_queue_remembers_is_told_before_any_record(
    hass: HomeAssistant, pbx: SimulatedPbx, entry: MockConfigEntry, frozen: FrozenDateTimeFactory, poll: Poll
) -> None:
    """After a weekend the call records that are read hold no last call."""
    call = pbx.call_in(CALLER, to="support")
    pbx.answer(call, by=TOM)
    frozen.tick(60)
    pbx.hang_up(call)
    ended = datetime.now(UTC)
    frozen.tick(timedelta(days=2))
    await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    await poll(61)
    assert state_of(hass, f"phone_{TOM}", "last_call") == ended.isoformat()
    assert work(hass, TOM) == ("0", "0", "0")


async def test_what_queues_say_of_an_agents_work_stands_beside_the_last_call(
    hass: HomeAssistant, pbx: SimulatedPbx, loaded: MockConfigEntry, poll: Poll
) -> None:
    """Who has taken nine calls in three hours gets a break; who is no agent has nothing of it."""
    pbx.answer(call := pbx.call_in(CALLER, to="support"), by=TOM)
    await poll(61)
    pbx.hang_up(call)
    await poll(61)
    await poll(61)
    about = {one: hass.states.get(entity_of(hass, f"phone_{one}", "last_call").entity_id) for one in (TOM, JERRY)}  # type: ignore[union-attr]
    assert {one: state.attributes.get("calls_taken") for one, state in about.items() if state} == {TOM: 1, JERRY: None}
    assert {one: state.attributes.get("logged_in_since") for one, state in about.items() if state} == {
        TOM: NOW,
        JERRY: None,
    }


async def test_at_midnight_the_day_begins_anew_and_the_last_call_stays(
    hass: HomeAssistant, pbx: SimulatedPbx, loaded: MockConfigEntry, poll: Poll
) -> None:
    """Yesterday's calls are not today's."""
    pbx.add_past_call(CALLER, JERRY, talk=60, wait=0, ago=60)
    await poll(61)
    last_call = state_of(hass, f"phone_{JERRY}", "last_call")
    assert work(hass, JERRY)[0] == "1"
    midnight = datetime(2026, 11, 24, tzinfo=ZoneInfo(ZONE))
    await poll((midnight - datetime.now(UTC)).total_seconds() + 61)
    assert work(hass, JERRY) == ("0", "0", "0")
    assert state_of(hass, f"phone_{JERRY}", "last_call") == last_call == NOW.isoformat()


async def test_who_takes_a_call_of_tomorrow_by_the_pbxs_clock_has_taken_one(
    hass: HomeAssistant, pbx: SimulatedPbx, loaded: MockConfigEntry, poll: Poll
) -> None:
    """Where the PBX's clock is ahead, the first calls after midnight would count twice, or not."""
    set_ahead(pbx, 2)
    midnight = datetime(2026, 11, 24, 6, tzinfo=UTC)
    await poll((midnight - datetime.now(UTC)).total_seconds() - 70)
    pbx.add_past_call(CALLER, TOM, wait=1, talk=1)
    await poll(61)
    await poll(10)
    assert work(hass, TOM)[0] == "1"


async def test_while_call_records_cannot_be_read_nobody_has_figures(
    hass: HomeAssistant, simulator: Simulator, loaded: MockConfigEntry, poll: Poll
) -> None:
    """A zero would say that somebody did nothing."""
    simulator.control.fail("reports.report", "server_error", None)
    await poll()
    assert work(hass, TOM) == ("unavailable",) * 3


async def test_there_are_none_until_somebody_asks_and_none_afterwards(
    hass: HomeAssistant, pbx: SimulatedPbx, loaded: MockConfigEntry, poll: Poll
) -> None:
    """They are about people's work."""
    own = [f"phone_{TOM}_{key}" for key in KEYS]
    assert set(own) <= set(all_states(hass))
    hass.config_entries.async_update_entry(loaded, options={})
    await hass.config_entries.async_reload(loaded.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert set(own).isdisjoint(all_states(hass))
    assert [state_of(hass, f"phone_{TOM}", key) for key in KEYS] == [None] * 4
    assert state_of(hass, "pbx", "talk_time_today") == "unknown"


async def test_only_phones_with_devices_have_figures(
    hass: HomeAssistant, pbx: SimulatedPbx, entry: MockConfigEntry, poll: Poll
) -> None:
    """Who chose three phones wants to know nothing of the others."""
    hass.config_entries.async_update_entry(entry, options={"agent_figures": True, "phones": [TOM]})
    await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    pbx.add_past_call(OTHER_CALLER, JERRY)
    await poll(61)
    assert work(hass, TOM) == ("0", "0", "0")
    assert work(hass, JERRY) == work(hass, ZOE) == (None,) * 3


def _a_days_office() -> SimulatedPbx:
    return scenarios.build(scenarios.Size.OFFICE, seed=3, live=False, history_days=1, time_zone=ZoneInfo(ZONE))


@pytest.mark.parametrize("simulator", [(_a_days_office, NOW.replace(hour=23))], indirect=True)
async def test_the_sum_of_all_people_over_a_day_is_what_the_pbx_has_in_its_books(
    hass: HomeAssistant, pbx: SimulatedPbx, loaded: MockConfigEntry, poll: Poll
) -> None:
    """A figure that does not add up is worth nothing to a manager."""
    await poll(61)
    books = work_by_the_cdr(pbx, datetime(2026, 11, 23, tzinfo=ZoneInfo(ZONE)))
    shown = {}
    for auth_id in [user.auth_id for user in pbx.users()]:
        answered, missed, talk = (float(state or "nan") for state in work(hass, auth_id))
        if answered or missed or talk:
            shown[auth_id] = Work(answered=int(answered), missed=int(missed), talk=pytest.approx(talk))  # type: ignore[arg-type]
    assert shown == {auth_id: one for auth_id, one in books.items() if one != Work()}
    assert sum(one.answered for one in books.values()) > 50
