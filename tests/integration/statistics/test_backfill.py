"""Long-term statistics in Home Assistant's own recorder agree with the PBX's CDR, whatever comes between."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from copy import deepcopy
from datetime import UTC, datetime, timedelta
import re
from typing import Any
from unittest.mock import patch
from zoneinfo import ZoneInfo

from freezegun.api import FrozenDateTimeFactory
from homeassistant.components import persistent_notification
from homeassistant.components.recorder import Recorder
from homeassistant.components.recorder.statistics import async_list_statistic_ids, statistics_during_period
from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import CoreState, HomeAssistant
from homeassistant.util import dt as dt_util, slugify
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

from custom_components.dls_pbx.const import DOMAIN
from custom_components.dls_pbx.events.bus import EventKind
from simulator.app import Simulator
from simulator.office import scenarios
from simulator.pbx.past import Outcome
from simulator.pbx.simulated import SimulatedPbx
from tests.helpers.books import Hours, by_the_cdr, hour_of
from tests.helpers.office import CALLER, NOW, OTHER_CALLER, TOM, USERNAME, ZONE, small_office
from tests.helpers.recorder import mock_recorder_before_hass  # noqa: F401 - a fixture
from tests.integration.conftest import Poll

type Filled = Callable[[], Awaitable[None]]
type HourLater = Callable[[], Awaitable[None]]

HOUR = timedelta(hours=1)
DAY = 86400
FIGURES = ("calls", "missed_calls", "abandoned_calls", "talk_time")


@pytest.fixture
async def simulator(
    request: pytest.FixtureRequest, socket_enabled: None, frozen: FrozenDateTimeFactory
) -> AsyncIterator[Simulator]:
    """Run the small office, or what a test asks for."""
    build: Callable[[], SimulatedPbx] = getattr(request, "param", small_office)
    async with Simulator(build()) as simulator:
        yield simulator


@pytest.fixture
def few_days(hass: HomeAssistant, entry: MockConfigEntry) -> int:
    """Let less than a month be filled back, which takes less time."""
    hass.config_entries.async_update_entry(entry, options={"backfill_days": 8})
    return 8


@pytest.fixture
def two_days(hass: HomeAssistant, entry: MockConfigEntry) -> int:
    """Let as little be filled back as shows what is not about how much."""
    hass.config_entries.async_update_entry(entry, options={"backfill_days": 2})
    return 2


@pytest.fixture
def hour_later(entry: MockConfigEntry, poll: Poll) -> HourLater:
    """Return a function that lets an hour pass, and what is due then come to its end."""

    async def let_pass() -> None:
        into_the_hour = dt_util.utcnow() - hour_of(dt_util.utcnow())
        await poll((HOUR + timedelta(minutes=15) - into_the_hour).total_seconds())
        await _caught_up(entry, poll)

    return let_pass


@pytest.fixture
def filled(hass: HomeAssistant, entry: MockConfigEntry, poll: Poll) -> Filled:
    """Return a function that sets up the entry and lets time pass until the statistics are filled back."""

    async def go_on() -> None:
        if entry.state is ConfigEntryState.NOT_LOADED:
            await _set_up(hass, entry)
        while not _stored(entry).get("filled"):
            await poll(11)

    return go_on


@pytest.fixture
def small_pages(few_days: int) -> Iterator[None]:
    """Let the PBX be asked for few calls at a time, and for few days."""
    with patch("custom_components.dls_pbx.api.client.CALLS_PER_PAGE", 25):
        yield


async def _set_up(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    assert await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)


async def _caught_up(entry: MockConfigEntry, poll: Poll) -> None:
    """Let what is due come to its end."""
    while datetime.fromisoformat(_stored(entry)["until"]) < hour_of(dt_util.utcnow()):
        await poll(11)


def _engine(simulator: Simulator) -> SimulatedPbx:
    assert isinstance(simulator.pbx, SimulatedPbx)
    return simulator.pbx


def _stored(entry: MockConfigEntry) -> dict[str, Any]:
    found: dict[str, Any] = entry.runtime_data.store.sections.get("statistics", {})
    return found


async def _rows(hass: HomeAssistant, recorder: Recorder, value: str = "state") -> Hours:
    """Return what the database says of each hour, by series without the PBX's part of their names."""
    await recorder.async_block_till_done()
    found = await recorder.async_add_executor_job(
        statistics_during_period, hass, NOW - timedelta(days=400), None, None, "hour", None, {"state", "sum"}
    )
    return {
        series.partition(f"{slugify(USERNAME)}_")[2]: {
            dt_util.utc_from_timestamp(row["start"]): row[value]  # type: ignore[literal-required]
            for row in rows
        }
        for series, rows in found.items()
        if series.startswith(f"{DOMAIN}:")
    }


def _agree(shown: Hours, cdr: Hours) -> None:
    """Compare the hours in which something was, and see that all others are 0."""
    assert {series: {hour: value for hour, value in hours.items() if value} for series, hours in shown.items()} == {
        series: {hour: pytest.approx(value) for hour, value in cdr.get(series, {}).items() if value} for series in shown
    }
    assert {series for series, hours in cdr.items() if any(hours.values())} <= set(shown)


def _ninety_days() -> SimulatedPbx:
    return scenarios.build(scenarios.Size.OFFICE, seed=3, live=False, history_days=90, time_zone=ZoneInfo(ZONE))


async def test_who_called_weeks_ago_is_known_by_name(
    recorder: Recorder, hass: HomeAssistant, entry: MockConfigEntry, pbx: SimulatedPbx, few_days: int, filled: Filled
) -> None:
    """In its first month an office would read bare numbers of people who have called for years."""
    pbx.add_past_call(CALLER, "630", ago=6 * DAY, name="ADA LOVELACE", by=TOM)
    pbx.add_past_call(CALLER, "630", ago=7 * DAY, name="A LOVELACE", by=TOM)
    pbx.add_past_call(OTHER_CALLER, "630", ago=5 * DAY, name="OLD NAME", by=TOM)
    pbx.add_past_call(OTHER_CALLER, "630", ago=600, name="GRACE HOPPER", by=TOM)
    await filled()
    contacts = entry.runtime_data.contacts
    assert contacts.named(f"+1{CALLER}").name == "ADA LOVELACE"
    assert contacts.named(f"+1{OTHER_CALLER}").name == "GRACE HOPPER"
    assert entry.runtime_data.store.sections["caller_names"][f"+1{CALLER}"] == "ADA LOVELACE"


@pytest.mark.parametrize("simulator", [_ninety_days], indirect=True)
async def test_ninety_days_are_filled_back_to_the_call_and_the_second(
    recorder: Recorder,
    hass: HomeAssistant,
    entry: MockConfigEntry,
    pbx: SimulatedPbx,
    filled: Filled,
) -> None:
    """Last month's graph would say something else than the PBX."""
    hass.config_entries.async_update_entry(entry, options={"backfill_days": 90})
    await filled()

    shown = await _rows(hass, recorder)
    since = (NOW.astimezone(ZoneInfo(ZONE)) - timedelta(days=90)).replace(hour=0).astimezone(UTC)
    assert sum(map(len, shown.values())) == len(shown) * (hour_of(NOW) - since) // HOUR  # nights and Sundays too
    _agree(shown, by_the_cdr(pbx, since, hour_of(NOW)))
    assert sum(shown["pbx_calls"].values()) > 8000
    queues = {f"queue_{slugify(queue.name)}" for queue in pbx.queues()}
    assert set(shown) == {f"{name}_{figure}" for name in {"pbx", *queues} for figure in FIGURES}
    for series, hours in (await _rows(hass, recorder, "sum")).items():
        total = 0.0
        for hour in sorted(hours):
            total += shown[series][hour]
            assert hours[hour] == pytest.approx(total)


async def test_a_statistics_graph_gets_what_the_cdr_says(
    recorder: Recorder,
    hass: HomeAssistant,
    hass_ws_client: WebSocketGenerator,
    pbx: SimulatedPbx,
    entry: MockConfigEntry,
    few_days: int,
    filled: Filled,
) -> None:
    """The graph card would stay empty, or show sums that jump."""
    for day in range(1, 4):
        for call in range(day):
            pbx.add_past_call(CALLER, "support", ago=day * DAY + call * 60, wait=20, talk=100)
    await filled()
    await recorder.async_block_till_done()

    client = await hass_ws_client(hass)
    series = f"{DOMAIN}:{slugify(entry.unique_id or '')}_queue_support"
    await client.send_json_auto_id({
        "type": "recorder/statistics_during_period",
        "start_time": (NOW - timedelta(days=4)).isoformat(),
        "end_time": NOW.isoformat(),
        "statistic_ids": [f"{series}_calls", f"{series}_talk_time"],
        "period": "day",
        "types": ["change"],
        "units": {"duration": "min"},
    })  # fmt: skip
    answer = (await client.receive_json())["result"]
    assert [row["change"] for row in answer[f"{series}_calls"]] == [0, 3, 2, 1, 0]
    assert [row["change"] for row in answer[f"{series}_talk_time"]] == pytest.approx([0, 5, 10 / 3, 5 / 3, 0])

    await client.send_json_auto_id({"type": "recorder/list_statistic_ids", "statistic_type": "sum"})
    listed = {row["statistic_id"]: row for row in (await client.receive_json())["result"]}
    assert (listed[f"{series}_calls"]["name"], listed[f"{series}_calls"]["statistics_unit_of_measurement"]) == (
        "support calls",
        None,
    )
    talk = listed[f"{series}_talk_time"]
    assert (talk["name"], talk["statistics_unit_of_measurement"], talk["unit_class"]) == (
        "support talk time",
        "s",
        "duration",
    )
    names = [row["name"] for series, row in listed.items() if series.startswith(DOMAIN)]
    assert len(set(names)) == len(names) == 12


def _some_days(pbx: SimulatedPbx, days: int = 7) -> None:
    """Write a few calls of every kind into each of the last days."""
    for day in range(1, days + 1):
        for hour in range(2, 6):
            ago = day * DAY - hour * 3600
            pbx.add_past_call(CALLER, "support", ago=ago + 100, wait=12, talk=130 + day)
            pbx.add_past_call(OTHER_CALLER, "support", ago=ago + 200, outcome=Outcome.UNANSWERED, wait=hour * 2)
            pbx.add_past_call(CALLER, "support", ago=ago + 300, via=("night",), wait=9, talk=77)
            pbx.add_past_call(TOM, OTHER_CALLER, ago=ago + 400)
            pbx.add_past_call(CALLER, TOM, ago=ago + 500, outcome=Outcome.FAX)
            pbx.add_past_call(CALLER, TOM, ago=ago + 600, outcome=Outcome.VOICEMAIL)
            pbx.add_past_call(TOM, "69", ago=ago + 700)


def _all(pbx: SimulatedPbx, until: datetime = NOW, **options: int) -> Hours:
    return by_the_cdr(pbx, NOW - timedelta(days=30), hour_of(until), **options)


async def test_filling_again_changes_nothing(
    recorder: Recorder,
    hass: HomeAssistant,
    pbx: SimulatedPbx,
    entry: MockConfigEntry,
    few_days: int,
    filled: Filled,
    poll: Poll,
) -> None:
    """Each restart would count calls twice."""
    _some_days(pbx)
    await filled()
    before = await _rows(hass, recorder), await _rows(hass, recorder, "sum")
    _agree(before[0], _all(pbx))

    # Killed after the rows were written, and before anything was noted: all over again.
    entry.runtime_data.store.patch("statistics", None)
    await entry.runtime_data.store.async_save()
    await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    await filled()
    await poll(11)
    assert (await _rows(hass, recorder), await _rows(hass, recorder, "sum")) == before


async def test_a_restart_in_the_middle_goes_on_where_it_was(
    recorder: Recorder,
    hass: HomeAssistant,
    small_pages: None,
    pbx: SimulatedPbx,
    entry: MockConfigEntry,
    simulator: Simulator,
    filled: Filled,
    poll: Poll,
) -> None:
    """A Home Assistant that is restarted every day would never get to the end, or count a page twice."""
    _some_days(pbx)
    await _set_up(hass, entry)
    for _ in range(3):
        await poll(11)
        reached = _stored(entry)
        assert not reached["filled"]
        simulator.requests.clear()
        await hass.config_entries.async_reload(entry.entry_id)
        await hass.async_block_till_done(wait_background_tasks=True)
        # A day is looked at again, since rows come late, and not more.
        assert min(_asked(simulator)) >= datetime.fromisoformat(reached["until"]) - timedelta(days=1)
    await filled()
    _agree(await _rows(hass, recorder), _all(pbx))


def _asked(simulator: Simulator) -> list[datetime]:
    """Return from when on the CDR was read, each time."""
    zone = ZoneInfo(ZONE)
    starts = [
        option.removeprefix("from=")
        for request in simulator.requests.of("reports.report")
        for option in request.params["options"]
        if option.startswith("from=")
    ]
    return [datetime.fromisoformat(start).replace(tzinfo=zone).astimezone(UTC) for start in starts]


async def test_pages_are_not_read_in_a_hurry(
    recorder: Recorder,
    hass: HomeAssistant,
    small_pages: None,
    pbx: SimulatedPbx,
    entry: MockConfigEntry,
    simulator: Simulator,
    poll: Poll,
) -> None:
    """The PBX would be busy with our past while it has to ring phones."""
    _some_days(pbx)
    await _set_up(hass, entry)
    for _ in range(3):
        simulator.requests.clear()
        await poll(9)
        old = [start for start in _asked(simulator) if start < NOW - timedelta(days=2)]
        assert old == []
        await poll(2)
        assert 1 <= len([start for start in _asked(simulator) if start < NOW - timedelta(days=2)]) <= 4


@pytest.mark.parametrize("kind", ["server_error", "no_permission", "rate_limited"])
async def test_an_outage_in_the_middle_loses_nothing(
    kind: str,
    recorder: Recorder,
    hass: HomeAssistant,
    small_pages: None,
    entry: MockConfigEntry,
    simulator: Simulator,
    filled: Filled,
    poll: Poll,
) -> None:
    """A day that could not be read would be a day without calls in all graphs to come."""
    pbx = _engine(simulator)
    _some_days(pbx)
    await _set_up(hass, entry)
    await poll(11)
    simulator.faults.order("reports.report", kind, times=None)
    await poll(11)
    reached = deepcopy(_stored(entry))
    assert "stopped at" in _notice(hass, entry)
    simulator.faults.clear()
    await poll(11)
    assert _stored(entry) == reached  # an outage is no reason to hurry
    await poll(301)
    assert _stored(entry)["until"] > reached["until"]
    await filled()
    _agree(await _rows(hass, recorder), _all(pbx))


async def test_a_pbx_that_wants_to_be_left_alone_is_asked_for_no_past(
    recorder: Recorder,
    hass: HomeAssistant,
    small_pages: None,
    pbx: SimulatedPbx,
    entry: MockConfigEntry,
    simulator: Simulator,
    poll: Poll,
) -> None:
    """Who asks on is locked out, and the phones' figures with them, for the sake of graphs."""
    _some_days(pbx)
    await _set_up(hass, entry)
    await poll(11)
    simulator.faults.order("reports.report", "rate_limited", times=None, retry_after=3600)
    await poll(11)
    simulator.faults.clear()
    simulator.requests.clear()
    for _ in range(3):
        await poll(601)
    assert [start for start in _asked(simulator) if start < NOW - timedelta(days=2)] == []
    await poll(1801)
    assert [start for start in _asked(simulator) if start < NOW - timedelta(days=2)] != []


def _notice(hass: HomeAssistant, entry: MockConfigEntry) -> str:
    found = persistent_notification._async_get_or_create_notifications(hass)  # noqa: SLF001 - there is no other way to read them
    return found[f"{DOMAIN}_{entry.entry_id}_statistics"]["message"]


async def test_a_person_sees_how_far_it_is_and_what_came_of_it(
    recorder: Recorder,
    hass: HomeAssistant,
    small_pages: None,
    pbx: SimulatedPbx,
    entry: MockConfigEntry,
    filled: Filled,
    poll: Poll,
) -> None:
    """An empty graph would look like a fault while it is only on its way."""
    _some_days(pbx)
    await _set_up(hass, entry)
    seen = [_notice(hass, entry)]
    for _ in range(3):
        await poll(11)
        seen.append(_notice(hass, entry))
    done = [int("".join(filter(str.isdecimal, text))) for text in seen]
    assert done == sorted(set(done))
    assert 0 < done[0] < done[-1] < 100
    await hass.config_entries.async_unload(entry.entry_id)
    with pytest.raises(KeyError):
        _notice(hass, entry)
    await hass.config_entries.async_setup(entry.entry_id)
    await filled()
    calls = sum(sum(hours.values()) for series, hours in _all(pbx).items() if series == "pbx_calls")
    # The history has eight days, and the PBX has records of seven.
    first = (NOW - timedelta(days=7)).astimezone(ZoneInfo(ZONE)).date()
    assert f"Calls found: {calls:.0f}, the first on {first}." in _notice(hass, entry)
    assert "card" not in _notice(hass, entry)


async def test_a_pbx_without_a_past_is_said_to_have_none(
    recorder: Recorder, hass: HomeAssistant, entry: MockConfigEntry, few_days: int, filled: Filled
) -> None:
    """Who reads "the last 8 days" over an empty graph takes it for a fault."""
    await filled()
    assert "has no calls" in _notice(hass, entry)
    assert not any(map(str.isdecimal, _notice(hass, entry)))


async def test_hours_to_come_are_added_when_they_are_over(
    recorder: Recorder,
    hass: HomeAssistant,
    pbx: SimulatedPbx,
    entry: MockConfigEntry,
    few_days: int,
    filled: Filled,
    hour_later: HourLater,
) -> None:
    """History would end on the day of the set-up."""
    _some_days(pbx, 3)
    await filled()
    await hour_later()
    assert (await _rows(hass, recorder))["queue_support_calls"][NOW] == 0
    pbx.add_past_call(CALLER, "support", ago=600, wait=20, talk=45)
    await hour_later()
    shown = await _rows(hass, recorder)
    assert shown["queue_support_calls"][NOW + HOUR] == 1
    assert shown["queue_support_talk_time"][NOW + HOUR] == 45
    assert max(shown["pbx_calls"]) == NOW + HOUR  # the hour that goes on has to wait
    _agree(shown, _all(pbx, NOW + 2 * HOUR))


async def test_a_call_from_the_future_makes_no_hour_that_is_not_over(
    recorder: Recorder, hass: HomeAssistant, pbx: SimulatedPbx, entry: MockConfigEntry, few_days: int, filled: Filled
) -> None:
    """A PBX whose clock is ahead would have hours to come shown as quiet ones, and today's as over."""
    _some_days(pbx, 3)
    with pbx.as_of(NOW + 3 * HOUR):
        pbx.add_past_call(CALLER, "support")
    await filled()
    assert max((await _rows(hass, recorder))["pbx_calls"]) == NOW - HOUR


async def test_a_row_that_comes_late_is_counted_in_its_hour(
    recorder: Recorder,
    hass: HomeAssistant,
    pbx: SimulatedPbx,
    entry: MockConfigEntry,
    few_days: int,
    filled: Filled,
    hour_later: HourLater,
) -> None:
    """A long call's row appears at its end; its hour would stay without it."""
    _some_days(pbx, 3)
    await filled()
    pbx.add_past_call(CALLER, "support", ago=5 * 3600, wait=20, talk=4 * 3600)
    missed = pbx.add_past_call(CALLER, "support", ago=7 * 3600, outcome=Outcome.UNANSWERED, wait=20)
    await hour_later()
    _agree(await _rows(hass, recorder), _all(pbx, NOW + HOUR))
    pbx.correct_call(missed, bridged=True)
    await hour_later()
    shown, sums = await _rows(hass, recorder), await _rows(hass, recorder, "sum")
    _agree(shown, _all(pbx, NOW + 2 * HOUR))
    for series, hours in shown.items():
        assert sums[series][max(hours)] == pytest.approx(sum(hours.values()))


async def test_home_assistant_that_was_away_for_days_catches_up(
    recorder: Recorder,
    hass: HomeAssistant,
    small_pages: None,
    pbx: SimulatedPbx,
    entry: MockConfigEntry,
    frozen: FrozenDateTimeFactory,
    filled: Filled,
    poll: Poll,
) -> None:
    """A week on holiday would be a week without calls."""
    _some_days(pbx, 3)
    await filled()
    await hass.config_entries.async_unload(entry.entry_id)
    frozen.tick(timedelta(days=9))
    for day in range(1, 9):
        for call in range(10):
            pbx.add_past_call(CALLER, "support", ago=day * DAY + call * 2400)
    await hass.config_entries.async_setup(entry.entry_id)
    await _caught_up(entry, poll)
    _agree(await _rows(hass, recorder), _all(pbx, NOW + timedelta(days=9)))


async def test_filling_back_tells_nobody(
    recorder: Recorder,
    hass: HomeAssistant,
    pbx: SimulatedPbx,
    entry: MockConfigEntry,
    few_days: int,
    filled: Filled,
    poll: Poll,
) -> None:
    """Somebody would be sent a text for a call that was missed last month."""
    _some_days(pbx)
    await _set_up(hass, entry)
    told: list[Any] = []
    for kind in EventKind:
        entry.runtime_data.events.async_subscribe(kind, told.append)
    await filled()
    await poll(4500)
    assert told == []
    assert entry.runtime_data.callbacks.open == 0


async def test_without_a_recorder_nothing_is_asked(
    hass: HomeAssistant, pbx: SimulatedPbx, loaded: MockConfigEntry, simulator: Simulator, poll: Poll
) -> None:
    """Some people run Home Assistant without a database."""
    _some_days(pbx)
    for _ in range(3):
        await poll(3600)
    assert _stored(loaded) == {}
    assert [start for start in _asked(simulator) if start < NOW - timedelta(days=2)] == []
    assert loaded.state is ConfigEntryState.LOADED


async def test_it_begins_when_home_assistant_has_started(
    recorder: Recorder, hass: HomeAssistant, entry: MockConfigEntry, two_days: int, filled: Filled, poll: Poll
) -> None:
    """Starting would take as long as reading a month."""
    hass.set_state(CoreState.starting)
    await _set_up(hass, entry)
    await poll(4000)
    assert _stored(entry) == {}
    hass.set_state(CoreState.running)
    hass.bus.async_fire("homeassistant_started")
    await hass.async_block_till_done(wait_background_tasks=True)
    assert _stored(entry)["filled"]


async def test_no_history_is_filled_back_if_none_is_wanted(
    recorder: Recorder, hass: HomeAssistant, pbx: SimulatedPbx, entry: MockConfigEntry, filled: Filled, poll: Poll
) -> None:
    """Who chose 0 days would get them all the same, and be told of them."""
    _some_days(pbx)
    hass.config_entries.async_update_entry(entry, options={"backfill_days": 0})
    await filled()
    with pytest.raises(KeyError):
        _notice(hass, entry)
    await poll(4500)
    assert set((await _rows(hass, recorder))["pbx_calls"]) == {NOW}


async def test_more_history_can_be_wanted_later(
    recorder: Recorder, hass: HomeAssistant, pbx: SimulatedPbx, entry: MockConfigEntry, filled: Filled, poll: Poll
) -> None:
    """The option would do nothing but at the first set-up; or wipe out what the PBX has forgotten meanwhile."""
    _some_days(pbx, 11)
    hass.config_entries.async_update_entry(entry, options={"backfill_days": 5})
    await filled()
    wanted = _all(pbx)
    # What happened seven to three days ago is gone: the first half of it was not read yet.
    pbx._records[:] = [  # noqa: SLF001 - a PBX that forgets has no verb
        row for row in pbx.call_records() if not NOW - timedelta(days=7) < row.started_at < NOW - timedelta(days=3)
    ]
    forgotten = NOW - timedelta(days=7), datetime(2026, 11, 18, 6, tzinfo=UTC)
    hass.config_entries.async_update_entry(entry, options={"backfill_days": 12})
    await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    await filled()
    shown, sums = await _rows(hass, recorder), await _rows(hass, recorder, "sum")
    _agree(
        shown,
        {
            series: {hour: value for hour, value in hours.items() if not forgotten[0] < hour < forgotten[1]}
            for series, hours in wanted.items()
        },
    )
    for series, hours in shown.items():
        assert sums[series][max(hours)] == pytest.approx(sum(hours.values()))


async def test_another_database_is_filled_anew(
    recorder: Recorder,
    hass: HomeAssistant,
    pbx: SimulatedPbx,
    entry: MockConfigEntry,
    few_days: int,
    filled: Filled,
    poll: Poll,
) -> None:
    """Who moves to another database would see the history begin today."""
    _some_days(pbx)
    await filled()
    cleared = asyncio.Event()
    everything = [row["statistic_id"] for row in await async_list_statistic_ids(hass)]
    recorder.async_clear_statistics(everything, on_done=lambda: hass.loop.call_soon_threadsafe(cleared.set))
    await cleared.wait()
    assert await _rows(hass, recorder) == {}
    await poll(4500)
    await filled()
    _agree(await _rows(hass, recorder), _all(pbx, NOW + HOUR))


async def test_short_abandons_are_what_the_option_says(
    recorder: Recorder, hass: HomeAssistant, pbx: SimulatedPbx, entry: MockConfigEntry, filled: Filled
) -> None:
    """History would count by another rule than today's figures."""
    _some_days(pbx, 4)
    hass.config_entries.async_update_entry(entry, options={"short_abandon_threshold": 8, "backfill_days": 5})
    await filled()
    shown = await _rows(hass, recorder)
    _agree(shown, _all(pbx, short_abandon=8))
    assert sum(shown["queue_support_abandoned_calls"].values()) == 8  # of 16 who gave up after 4, 6, 8, 10 seconds


async def test_two_pbxs_have_figures_of_their_own(
    recorder: Recorder,
    hass: HomeAssistant,
    pbx: SimulatedPbx,
    entry: MockConfigEntry,
    two_days: int,
    filled: Filled,
    poll: Poll,
) -> None:
    """Two offices' calls would be added up in one line."""
    async with Simulator(small_office()) as other:
        for ago in (3000, 90000):
            _engine(other).add_past_call(CALLER, "support", ago=ago + DAY)
        pbx.add_past_call(CALLER, "support", ago=DAY)
        second = MockConfigEntry(
            domain=DOMAIN,
            title="North Side",
            unique_id=f"127.0.0.1:{other.port}_{USERNAME}",
            entry_id="02PBX",
            data={**entry.data, "url": other.url},
            options={"backfill_days": 2},
        )
        second.add_to_hass(hass)
        await filled()
        while not _stored(second).get("filled"):
            await poll(11)
        await recorder.async_block_till_done()
        listed = {row["statistic_id"]: row["name"] for row in await async_list_statistic_ids(hass)}
        found = await recorder.async_add_executor_job(
            statistics_during_period, hass, NOW - timedelta(days=400), None, None, "month", None, {"change"}
        )
        support = [f"{DOMAIN}:{slugify(one.unique_id or '')}_queue_support_calls" for one in (entry, second)]
        assert [listed[series] for series in support] == ["DLS Hosted PBX support calls", "North Side support calls"]
        assert [sum(row["change"] or 0 for row in found[series]) for series in support] == [1, 2]
        await hass.config_entries.async_unload(second.entry_id)


async def test_accounts_with_names_alike_are_told_apart(
    recorder: Recorder, hass: HomeAssistant, entry: MockConfigEntry, two_days: int, filled: Filled
) -> None:
    """100@default and 100-default would share a line."""
    MockConfigEntry(domain=DOMAIN, unique_id=(entry.unique_id or "").replace("@", "-")).add_to_hass(hass)
    await filled()
    slug = _stored(entry)["slug"]
    assert slug.startswith(slugify(entry.unique_id or ""))
    assert slug != slugify(entry.unique_id or "")


async def test_a_pbx_that_has_moved_keeps_its_statistics_to_itself(
    recorder: Recorder, hass: HomeAssistant, entry: MockConfigEntry, two_days: int, filled: Filled, poll: Poll
) -> None:
    """Whoever is set up at the old address would be added up with it."""
    await filled()
    old, slug = str(entry.unique_id), _stored(entry)["slug"]
    hass.config_entries.async_update_entry(entry, unique_id=f"pbx.example.com:443_{USERNAME}")
    await hass.config_entries.async_reload(entry.entry_id)
    assert _stored(entry)["slug"] == slug
    new = MockConfigEntry(domain=DOMAIN, unique_id=old, entry_id="02PBX", data=entry.data, options={"backfill_days": 1})
    new.add_to_hass(hass)
    assert await hass.config_entries.async_setup(new.entry_id)
    while not _stored(new).get("filled"):
        await poll(11)
    assert _stored(new)["slug"] not in ("", slug)
    await hass.config_entries.async_unload(new.entry_id)


async def test_a_queue_that_is_gone_keeps_its_history(
    recorder: Recorder,
    hass: HomeAssistant,
    pbx: SimulatedPbx,
    entry: MockConfigEntry,
    few_days: int,
    filled: Filled,
    hour_later: HourLater,
) -> None:
    """Whoever closes a queue still wants to see last year; one of a like name is another queue."""
    _some_days(pbx, 3)
    pbx.remove_queue("night")
    pbx.add_queue("Night")
    pbx.log_in_agent("Night", TOM)
    pbx.add_past_call(CALLER, "Night", ago=7200)
    await filled()
    shown = await _rows(hass, recorder)
    assert sum(shown["queue_night_calls"].values()) in (1, 12)
    (other,) = [series for series in shown if re.fullmatch("queue_night_[0-9a-f]{6}_calls", series)]
    assert sum(shown["queue_night_calls"].values()) + sum(shown[other].values()) == 13
    await hour_later()
    again = await _rows(hass, recorder)
    assert {series: sum(hours.values()) for series, hours in again.items()} == {
        series: sum(hours.values()) for series, hours in shown.items()
    }


async def test_an_hour_that_comes_twice_loses_no_call(
    recorder: Recorder, hass: HomeAssistant, pbx: SimulatedPbx, entry: MockConfigEntry, filled: Filled
) -> None:
    """Half past one comes twice that night: a call could be counted twice, in the wrong hour, or not at all."""
    for hour in (5, 6, 7, 8):
        began = datetime(2026, 11, 1, hour, 30, tzinfo=UTC)
        pbx.add_past_call(CALLER, "support", ago=(NOW - began).total_seconds())
    await filled()
    shown = (await _rows(hass, recorder))["queue_support_calls"]
    night = {
        hour.hour: calls for hour, calls in shown.items() if hour.date() == datetime(2026, 11, 1, tzinfo=UTC).date()
    }
    assert {hour: calls for hour, calls in night.items() if calls} == {5: 1, 6: 1, 7: 1, 8: 1}


async def test_names_are_in_the_users_language(
    recorder: Recorder, hass: HomeAssistant, pbx: SimulatedPbx, entry: MockConfigEntry, two_days: int, filled: Filled
) -> None:
    """A Spanish office would pick its graphs from an English list."""
    hass.config.language = "es"
    pbx.add_past_call(CALLER, "support", ago=DAY)
    await filled()
    await recorder.async_block_till_done()
    names = {row["name"] for row in await async_list_statistic_ids(hass) if row["source"] == DOMAIN}
    assert {"Llamadas de support", "Llamadas perdidas de support", "Tiempo de conversación de DLS Hosted PBX"} <= names
    assert "Llamadas encontradas: 1, " in _notice(hass, entry)


async def test_a_queue_that_comes_back_goes_on_from_its_sum(
    recorder: Recorder,
    hass: HomeAssistant,
    pbx: SimulatedPbx,
    entry: MockConfigEntry,
    few_days: int,
    filled: Filled,
    poll: Poll,
    hour_later: HourLater,
) -> None:
    """A queue that is open in summer only would have a graph that falls by all its calls of the year before."""
    _some_days(pbx, 3)
    await filled()
    pbx.remove_queue("night")
    await hour_later()
    for _ in range(2):
        await poll(3 * DAY)
        await _caught_up(entry, poll)
    pbx.add_queue("night")
    pbx.add_past_call(CALLER, "night", ago=600, outcome=Outcome.UNANSWERED)
    await hour_later()
    calls = (await _rows(hass, recorder))["queue_night_calls"]
    sums = (await _rows(hass, recorder, "sum"))["queue_night_calls"]
    assert sorted(sums.values()) == [sums[hour] for hour in sorted(sums)]
    assert sums[max(sums)] == sum(calls.values()) == 13
    assert len(sums) < (max(sums) - min(sums)) / HOUR  # there is a gap indeed


@pytest.mark.parametrize(("reach", "calls"), [("refused", 1), ("cut", 1), ("span", 2)])
async def test_a_pbx_that_gives_ninety_days_at_most_is_read_as_far_as_it_gives(
    recorder: Recorder,
    hass: HomeAssistant,
    entry: MockConfigEntry,
    pbx: SimulatedPbx,
    simulator: Simulator,
    filled: Filled,
    reach: str,
    calls: int,
) -> None:
    """There would be no statistics at all, not even of today."""
    simulator.control.quirk("reports.report", report_reach=reach)
    # Without queues a third is left to be written.
    for queue in pbx.queues():
        pbx.remove_queue(queue.name)
    pbx.add_past_call(CALLER, TOM, ago=118 * 86400)
    pbx.add_past_call(CALLER, TOM, ago=80 * 86400)
    hass.config_entries.async_update_entry(entry, options={"backfill_days": 120})
    await filled()

    assert sum((await _rows(hass, recorder))["pbx_calls"].values()) == calls
    assert ("gives no older ones" in _notice(hass, entry)) == (reach != "span")
