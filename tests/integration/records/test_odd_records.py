"""Records of a PBX, a disk and clocks that are not as they should be: told once all the same, and never as zeros."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import pairwise
import json
import logging
from pathlib import Path
from typing import Any
from unittest.mock import patch

from freezegun.api import FrozenDateTimeFactory
from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import STATE_UNAVAILABLE
from homeassistant.core import Event, EventStateChangedData, HomeAssistant, callback
from homeassistant.helpers import issue_registry as ir
from homeassistant.helpers.event import async_track_state_change_event
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.dls_pbx.const import DOMAIN
from custom_components.dls_pbx.records import calls, feed
from simulator.app import Simulator
from simulator.pbx.past import Outcome
from simulator.pbx.simulated import SimulatedPbx
from tests.helpers.disk import a_disk
from tests.helpers.entities import ENTRY_ID, state_of
from tests.helpers.office import CALLER, JERRY, OTHER_CALLER, TOM, small_office
from tests.helpers.restarts import House, Listener, a_house
from tests.helpers.stored import JOURNAL, OLD, as_before, stored
from tests.integration.conftest import Poll


@pytest.mark.parametrize("room", [0, 30])
async def test_what_cannot_be_written_down_is_told_as_soon_as_it_can(
    house: House, pbx: SimulatedPbx, room: int
) -> None:
    """With a full disk every start would text the same callers again."""
    with a_disk() as disk:
        await house.start()
        pbx.add_past_call(CALLER, JERRY, outcome=Outcome.UNANSWERED)
        pbx.add_past_sms(CALLER, TOM, "Hello")
        disk.room = room
        await house.pass_time(61)
        assert house.heard.whats == []
        await house.kill()
        disk.room = None
        await house.start()
        assert sorted(house.heard.whats) == ["pbx_call:missed", "pbx_sms:received"]
        pbx.add_past_call(OTHER_CALLER, JERRY, outcome=Outcome.UNANSWERED)
        for disk.room in (room, room, None, None):
            await house.pass_time(61)
        assert sorted(house.heard.whats) == ["pbx_call:missed", "pbx_call:missed", "pbx_sms:received"]
        assert house.hass is not None
        stored(house.hass)  # line by line


async def test_a_mark_that_comes_later_than_its_row_still_counts(
    hass: HomeAssistant, simulator: Simulator, pbx: SimulatedPbx, heard: Listener, poll: Poll
) -> None:
    """A fax machine would be texted that it will be called back."""
    simulator.control.quirk("reports.report", marks="late")
    await poll(100)
    pbx.receive_fax(CALLER, TOM, seconds=40)
    pbx.add_past_call(OTHER_CALLER, JERRY, outcome=Outcome.VOICEMAIL)
    for _ in range(4):
        await poll(61)
    assert sorted(heard.whats) == ["pbx_call:voicemail", "pbx_fax:received"]
    assert state_of(hass, "pbx", "missed_calls_today") == "1"
    assert state_of(hass, "pbx", "callbacks_owed") == "1"


async def test_a_mark_that_comes_after_a_start_still_counts(house: House, pbx: SimulatedPbx) -> None:
    """A fax machine that called while Home Assistant restarted would be texted that it will be called back."""
    house.simulator.control.quirk("reports.report", marks="late")
    await house.start()
    await house.stop()
    pbx.receive_fax(CALLER, TOM, seconds=40)
    pbx.add_past_call(OTHER_CALLER, JERRY, outcome=Outcome.UNANSWERED, wait=0)
    await house.start()
    # Who has spoken to nothing needs no mark.
    assert house.heard.whats == ["pbx_call:missed"]
    for _ in range(3):
        await house.pass_time(61)
    assert house.heard.whats == ["pbx_call:missed", "pbx_fax:received"]
    assert state_of(house.running, "pbx", "callbacks_owed") == "1"
    assert state_of(house.running, "pbx", "missed_calls_today") == "1"


@pytest.mark.parametrize("unique_ids", ["page", "named"])
async def test_a_call_that_was_told_as_missed_is_corrected(
    hass: HomeAssistant, simulator: Simulator, pbx: SimulatedPbx, heard: Listener, poll: Poll, unique_ids: str
) -> None:
    """A mark that nobody could wait for takes the caller off the list of callbacks, if it was a machine.

    Also where the PBX was upgraded meanwhile and writes the call's id in another way.
    """
    await poll(100)
    call = pbx.add_past_call(CALLER, TOM, outcome=Outcome.FAX)
    pbx.correct_call(call, fax=False)
    await poll(61)
    assert heard.whats == []
    await poll(120)
    assert heard.whats == ["pbx_call:missed"]
    assert state_of(hass, "pbx", "callbacks_owed") == "1"
    simulator.control.quirk("reports.report", unique_ids=unique_ids)
    pbx.correct_call(call, fax=True)
    await poll(61)
    assert heard.whats == ["pbx_call:missed", "pbx_fax:received"]
    assert state_of(hass, "pbx", "callbacks_owed") == "0"
    assert state_of(hass, "pbx", "missed_calls_today") == "0"


async def test_a_pbx_whose_clock_is_behind_tells_no_fax_as_a_call(
    socket_enabled: None, tmp_path: Path, frozen: FrozenDateTimeFactory
) -> None:
    """A minute's difference between two clocks, and a fax machine would be texted that it will be called back."""
    pbx = small_office(lambda: datetime.now(UTC) - timedelta(minutes=5))
    async with Simulator(pbx) as simulator, a_house(simulator, tmp_path, frozen) as house:
        simulator.control.quirk("reports.report", marks="late")
        await house.start()
        await house.pass_time(100)
        pbx.receive_fax(CALLER, TOM, seconds=40)
        for _ in range(4):
            await house.pass_time(61)
        assert house.heard.whats == ["pbx_fax:received"]


async def test_a_row_that_comes_twice_is_told_once(
    simulator: Simulator, pbx: SimulatedPbx, heard: Listener, poll: Poll
) -> None:
    """A join in the PBX's database would text a caller twice."""
    simulator.control.quirk(repeated_rows=True)
    await poll(100)
    pbx.add_past_call(CALLER, JERRY, outcome=Outcome.UNANSWERED)
    pbx.add_past_sms(CALLER, TOM, "Hello")
    await poll(61)
    await poll(61)
    assert sorted(heard.whats) == ["pbx_call:missed", "pbx_sms:received"]


@pytest.mark.parametrize(
    "quirks", [{"order": "newest_first"}, {"totals": "page"}, {"order": "newest_first", "totals": "page"}]
)
async def test_neither_order_nor_totals_are_believed(house: House, pbx: SimulatedPbx, quirks: dict[str, Any]) -> None:
    """After an outage of days most of what came in meanwhile would be lost."""
    house.simulator.control.quirk(page_cap=20, **quirks)
    pbx.add_past_call(CALLER, JERRY, ago=600)
    await house.start()
    await house.stop()
    for turn in range(45):
        house.clock.tick(timedelta(minutes=96))
        pbx.add_past_call(f"81555510{turn:02}", JERRY, outcome=Outcome.UNANSWERED)
        pbx.add_past_sms(f"81555520{turn:02}", TOM, "Hello")
    await house.start()
    for number, entity in (("81555510", "pbx_call"), ("81555520", "pbx_sms")):
        told = [one.attributes["number"] for one in house.heard.told if one.entity == entity]
        assert told == [f"+1{number}{turn:02}" for turn in range(45)]


@pytest.mark.parametrize("zone", ["UTC", "Asia/Tokyo", "Pacific/Honolulu"])
async def test_a_wrong_zone_hides_no_text_of_the_first_hours(house: House, pbx: SimulatedPbx, zone: str) -> None:
    """The first hours' texts would never be told, or history would be."""
    house.options = {"time_zone": zone}
    pbx.add_past_sms(CALLER, TOM, "History", ago=60)
    pbx.add_past_call(CALLER, JERRY, outcome=Outcome.UNANSWERED, ago=60)
    await house.start()
    await house.pass_time(61)
    assert house.heard.told == []
    pbx.add_past_sms(OTHER_CALLER, TOM, "News")
    pbx.add_past_call(OTHER_CALLER, JERRY, outcome=Outcome.UNANSWERED)
    await house.pass_time(61)
    assert sorted(house.heard.whats) == ["pbx_call:missed", "pbx_sms:received"]


async def test_a_clock_that_was_ahead_at_the_first_set_up_hides_nothing(
    house: House, pbx: SimulatedPbx, frozen: FrozenDateTimeFactory
) -> None:
    """A small computer without a battery begins with the wrong time."""
    real = pbx.now()
    pbx.add_past_call(CALLER, JERRY, outcome=Outcome.UNANSWERED, ago=3600)
    pbx.add_past_sms(CALLER, TOM, "History", ago=3600)
    with patch.object(type(pbx), "now", lambda _: real):
        house.clock.tick(timedelta(days=2))
        await house.start()
    await house.stop()
    frozen.move_to(real + timedelta(minutes=5))
    pbx.add_past_call(OTHER_CALLER, JERRY, outcome=Outcome.UNANSWERED)
    pbx.add_past_sms(OTHER_CALLER, TOM, "News")
    await house.start()
    assert sorted(house.heard.whats) == ["pbx_call:missed", "pbx_sms:received"]
    assert {one.attributes["number"] for one in house.heard.told} == {f"+1{OTHER_CALLER}"}


async def test_a_pbx_that_wants_to_be_left_alone_is(
    simulator: Simulator, pbx: SimulatedPbx, loaded: MockConfigEntry, poll: Poll
) -> None:
    """Who asks on is locked out."""
    await poll(61)
    simulator.control.fail("reports.report", "rate_limited", times=1, retry_after=3600)
    await poll(61)
    before = len(simulator.requests.of("reports.report"))
    for _ in range(3):
        call = pbx.call_in(CALLER, to=JERRY)
        await poll(10)
        pbx.hang_up(call)
        await poll(10)
        await poll(10)
    assert len(simulator.requests.of("reports.report")) == before
    await poll(3600)
    assert len(simulator.requests.of("reports.report")) > before


BROKEN = [{"tables": "empty_results"}, {"tables": "no_results"}, {"tables": "no_columns"}, {"values": "odd_dates"}]


@pytest.mark.parametrize("quirks", BROKEN, ids=str)
async def test_a_success_that_contradicts_itself_is_no_zero(
    hass: HomeAssistant,
    simulator: Simulator,
    pbx: SimulatedPbx,
    loaded: MockConfigEntry,
    poll: Poll,
    caplog: pytest.LogCaptureFixture,
    quirks: dict[str, Any],
) -> None:
    """A wallboard would say that nobody called today."""
    pbx.add_past_call(CALLER, JERRY)
    await poll(61)
    assert state_of(hass, "pbx", "calls_today") == "1"
    simulator.control.quirk("reports.report", **quirks)
    caplog.clear()
    for _ in range(3):
        await poll(61)
    assert state_of(hass, "pbx", "calls_today") == STATE_UNAVAILABLE
    assert (
        len([one for one in caplog.records if one.levelno >= logging.WARNING and one.name.startswith("custom_")]) == 1
    )
    simulator.control.plain()
    await poll(61)
    assert state_of(hass, "pbx", "calls_today") == "1"


@pytest.mark.parametrize("values", ["huge_durations", "far_dates"])
async def test_an_absurd_row_is_passed_by(
    hass: HomeAssistant, simulator: Simulator, pbx: SimulatedPbx, heard: Listener, poll: Poll, values: str
) -> None:
    """One slip of the PBX's clock would keep all calls of the day from being told."""
    await poll(100)
    odd = pbx.add_past_call(OTHER_CALLER, JERRY)
    pbx.add_past_call(CALLER, JERRY, outcome=Outcome.UNANSWERED)
    simulator.control.quirk("reports.report", values=values, values_of=odd)
    await poll(61)
    await poll(61)
    assert heard.whats == ["pbx_call:missed"]
    assert state_of(hass, "pbx", "calls_today") == "1"


def _add_line(storage: Path, odd: Any) -> Path:
    """Add to a journal what has another shape."""
    with (storage / JOURNAL).open("a") as journal:
        journal.write(f"{json.dumps(odd)}\n{{}}\n")
    return storage / JOURNAL


def _make_old(storage: Path, odd: Any) -> Path:
    """Put the file of an older version in the place of a journal, with something of another shape in it."""
    written = json.loads(as_before(stored(storage / JOURNAL)))
    written["data"] = {**written["data"], **odd} if isinstance(odd, dict) else odd
    (storage / JOURNAL).unlink()
    (storage / OLD).write_text(json.dumps(written))
    return storage / OLD


@pytest.mark.parametrize("put_into", [_add_line, _make_old])
@pytest.mark.parametrize(
    "odd",
    [
        [1],
        {"calls": []},
        {"calls": {"baseline": 5}},
        {"callbacks": {"a": 1}},
        {"statistics": "x"},
        {"identity": {"queue Support": 5}},
        {"messages": {"baseline": "2026-01-01", "floor": "2026-01-01", "newest": None, "read": True, "seen": {}}},
    ],
)
async def test_a_store_of_another_shape_is_kept_and_begun_anew(
    house: House, pbx: SimulatedPbx, put_into: Callable[[Path, Any], Path], odd: Any
) -> None:
    """The entry would hang half set up, and every reload would fail until somebody finds the file."""
    await house.start()
    await house.stop()
    storage = house.folder / f"life {house.lives + 1}" / ".storage"
    file = put_into(storage, odd)
    written = file.read_bytes()
    await house.start()
    assert house.hass is not None
    entry = house.hass.config_entries.async_get_entry(ENTRY_ID)
    assert entry is not None
    assert entry.state is ConfigEntryState.LOADED
    issue = ir.async_get(house.hass).async_get_issue(DOMAIN, f"records_unreadable_{ENTRY_ID}")
    assert issue is not None
    assert issue.translation_placeholders is not None
    aside = storage / issue.translation_placeholders["file"]
    assert (aside.name.startswith(file.name), aside.read_bytes()) == (True, written)
    pbx.add_past_call(CALLER, JERRY, outcome=Outcome.UNANSWERED)
    await house.pass_time(61)
    assert house.heard.whats == ["pbx_call:missed"]
    await house.reload()
    assert entry.state is ConfigEntryState.LOADED
    assert sorted(path.name for path in storage.glob(f"{DOMAIN}*")) == sorted([JOURNAL, aside.name])


async def test_a_fax_list_that_hangs_holds_up_nobody(house: House, pbx: SimulatedPbx) -> None:
    """Reloading and changing an option would take a minute, and so would every call's event."""
    await house.start()
    await house.pass_time(61)
    pbx.add_past_call(TOM, OTHER_CALLER, outcome=Outcome.FAX_FAILED)
    pbx.add_past_call(CALLER, JERRY, outcome=Outcome.UNANSWERED)
    fault = house.simulator.control.fail("status.faxes", "stalled", times=None)
    await house.begin_poll(61)
    await fault.held.wait()
    waited = timedelta()
    while len(house.heard.told) <= 1 and waited < timedelta(seconds=2 * calls.FAXES_SECONDS):
        # In small steps: what else is asked meanwhile needs some turns of the loop, and is no part of the wait.
        house.clock.tick(timedelta(microseconds=100))
        waited += timedelta(microseconds=100)
        await asyncio.sleep(0)
    assert sorted(house.heard.whats) == ["pbx_call:missed", "pbx_fax:failed"]
    house.simulator.control.heal()  # what hangs goes on hanging
    await house.reload()


async def test_many_records_are_told_in_slices(
    hass: HomeAssistant, pbx: SimulatedPbx, heard: Listener, poll: Poll
) -> None:
    """A light switch would wait until a thousand events have been told."""
    await poll(100)
    for turn in range(200):
        pbx.add_past_call(f"8155551{turn:03}", JERRY, ago=150 - turn / 4)
    turns: list[int] = []
    running = True

    async def others() -> None:
        while running:
            turns.append(len(heard.told))
            await asyncio.sleep(0)

    task = asyncio.create_task(others())
    await poll(61)
    running = False
    await task
    steps = sorted(set(turns))
    assert max(later - earlier for earlier, later in pairwise(steps)) <= feed.SLICE
    assert [one.attributes["number"] for one in heard.told] == [f"+18155551{turn:03}" for turn in range(200)]


async def test_what_has_been_written_down_as_told_is_told_although_the_entry_is_unloaded(
    hass: HomeAssistant, loaded: MockConfigEntry, pbx: SimulatedPbx, heard: Listener, poll: Poll
) -> None:
    """A reload in the middle of a busy minute would lose each call that was not told yet: no look brings it again."""
    await poll(100)
    for turn in range(200):
        pbx.add_past_call(f"8155551{turn:03}", JERRY, ago=150 - turn / 4)

    async def unload() -> None:
        await hass.config_entries.async_unload(loaded.entry_id)

    @callback
    def begun(_: Event[EventStateChangedData]) -> None:
        stop()
        hass.async_create_task(unload())

    stop = async_track_state_change_event(hass, "event.dls_hosted_pbx_call", begun)
    await poll(61)
    assert loaded.state is ConfigEntryState.NOT_LOADED
    assert [one.attributes["number"] for one in heard.told] == [f"+18155551{turn:03}" for turn in range(200)]
