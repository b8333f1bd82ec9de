"""How often the PBX is asked, and that only what changed is written."""

from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import timedelta

from homeassistant.const import EVENT_STATE_CHANGED, EVENT_STATE_REPORTED
from homeassistant.core import EventStateChangedData, EventStateReportedData, HomeAssistant, callback
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.dls_pbx.coordinator import base as coordinator_module
from simulator.app import Simulator
from simulator.models import Registration
from simulator.pbx.simulated import SimulatedPbx
from tests.helpers.entities import entity_of, state_of
from tests.helpers.office import CALLER, JERRY, NOW, OTHER_CALLER, TOM, ZOE
from tests.integration.conftest import Poll

type Tempo = Callable[[int], Awaitable[Counter[str]]]


@pytest.fixture
def tempo(simulator: Simulator, poll: Poll) -> Tempo:
    """Return a function that lets seconds pass one by one and counts what is asked in them."""

    async def count(seconds: int) -> Counter[str]:
        before = len(simulator.requests)
        for _ in range(seconds):
            await poll(1)
        return Counter(request.action.partition(".")[2] for request in simulator.requests[before:])

    return count


@pytest.fixture
def written(hass: HomeAssistant) -> list[str]:
    """Return the entity ids whose states are written from now on, changed or not, in turn."""
    found: list[str] = []

    @callback
    def note(data: EventStateReportedData | EventStateChangedData) -> bool:
        found.append(data["entity_id"])
        return False

    @callback
    def never(_event: object) -> None:
        """Take no event: the filter has seen it."""

    hass.bus.async_listen(EVENT_STATE_REPORTED, never, event_filter=note)
    hass.bus.async_listen(EVENT_STATE_CHANGED, never, event_filter=note)
    return found


def _ids(hass: HomeAssistant, object_id: str, *keys: str) -> list[str]:
    """Return the entity ids of an object's keys."""
    found = [entity_of(hass, object_id, key) for key in keys]
    return sorted(entity.entity_id for entity in found if entity)


# --- tempo ---------------------------------------------------------------------------------------------------------


async def test_an_idle_office_is_asked_at_most_fourteen_times_a_minute(loaded: MockConfigEntry, tempo: Tempo) -> None:
    """The PBX serves telephones first."""
    asked = await tempo(300)
    assert asked.total() <= 14 * 5
    for action, times in {
        "queues": 20, "calls": 20, "users": 5, "faxes": 5, "conferences": 5,
        "provisioning": 1, "dialer": 1, "dialerlogs": 1, "report": 5, "query_sms": 5,
    }.items():  # fmt: skip
        assert times - 2 <= asked[action] <= times, action


async def test_an_idle_hour_costs_at_most_840_requests(
    loaded: MockConfigEntry, simulator: Simulator, pbx: SimulatedPbx, poll: Poll
) -> None:
    """Also with all that is asked once an hour, and with calls of the morning in the call records."""
    for _ in range(5):
        pbx.abandon(pbx.call_in(CALLER, to="night"))
    await poll(300)
    await poll(300)
    before = len(simulator.requests)
    for _ in range(720):
        await poll(5)
    asked = Counter(request.action.partition(".")[2] for request in simulator.requests[before:])
    assert asked.total() <= 14 * 60, asked
    assert {"report", "query_sms", "query_lists"} <= asked.keys()
    print(f"\nAn idle hour: {asked.total()} requests, {asked.total() / 60:.1f} a minute: {dict(asked)}")  # noqa: T201 - a figure


async def test_while_someone_waits_queues_and_calls_are_asked_every_five_seconds(
    pbx: SimulatedPbx, loaded: MockConfigEntry, tempo: Tempo
) -> None:
    """A caller who joins, is taken or gives up shows within five seconds; the rest is asked as before."""
    call = pbx.call_in(CALLER, to="night")
    await tempo(16)
    asked = await tempo(40)
    assert 7 <= asked["queues"] <= 8
    assert 7 <= asked["calls"] <= 8
    assert asked["users"] <= 1
    pbx.abandon(call)
    await tempo(5)
    asked = await tempo(45)
    assert 2 <= asked["queues"] <= 3
    assert 2 <= asked["calls"] <= 3


async def test_while_somebody_talks_the_calls_tell_who_comes_to_a_queue(
    hass: HomeAssistant, pbx: SimulatedPbx, loaded: MockConfigEntry, tempo: Tempo
) -> None:
    """The first caller after a quiet while is seen as soon as the tenth in a rush."""
    pbx.answer(pbx.call_in(OTHER_CALLER, to="100"))
    await tempo(16)
    asked = await tempo(60)
    assert asked["queues"] <= 4
    assert 11 <= asked["calls"] <= 12
    pbx.call_in(CALLER, to="support")
    await tempo(5)
    assert state_of(hass, "queue_support", "callers_waiting") == "1"


async def test_while_a_phone_rings_calls_are_asked_every_five_seconds(
    pbx: SimulatedPbx, loaded: MockConfigEntry, tempo: Tempo
) -> None:
    """Whoever looks who is calling looks while it rings. What goes on in no queue is no reason to ask the queues."""
    call = pbx.call_in(CALLER, to="100")
    await tempo(16)
    asked = await tempo(40)
    assert asked["queues"] <= 3
    assert 7 <= asked["calls"] <= 8
    pbx.answer(call)
    await tempo(5)
    asked = await tempo(40)
    assert asked["queues"] <= 3
    assert 7 <= asked["calls"] <= 8
    pbx.hang_up(call)
    await tempo(5)
    asked = await tempo(45)
    assert asked["queues"] <= 3
    assert asked["calls"] <= 3


async def test_a_change_during_live_calls_shows_within_five_seconds(
    hass: HomeAssistant, pbx: SimulatedPbx, loaded: MockConfigEntry, tempo: Tempo
) -> None:
    """The limit that the tempo is made for."""
    call = pbx.call_in(CALLER, to="support")
    await tempo(16)
    assert state_of(hass, f"phone_{TOM}", "call_state") == "ringing"
    pbx.answer(call, by=TOM)
    await tempo(5)
    assert state_of(hass, f"phone_{TOM}", "call_state") == "in_call"
    assert state_of(hass, "queue_support", "callers_waiting") == "0"
    pbx.hang_up(call)
    await tempo(5)
    assert state_of(hass, "pbx", "active_calls") == "0"


async def test_an_outage_is_no_reason_to_hurry(
    simulator: Simulator, pbx: SimulatedPbx, loaded: MockConfigEntry, tempo: Tempo
) -> None:
    """A PBX that struggles is not helped by being asked every five seconds; and it is noticed when it is back."""
    pbx.call_in(CALLER, to="support")
    pbx.call_in(OTHER_CALLER, to="100")
    await tempo(16)
    simulator.control.fail("*", "html", None)
    await tempo(5)
    asked = await tempo(60)
    assert asked["queues"] <= 4
    assert asked["calls"] <= 4
    simulator.control.heal()
    await tempo(16)
    asked = await tempo(40)
    assert asked["queues"] >= 7
    assert asked["calls"] >= 7


async def test_one_failing_live_action_does_not_hurry_because_of_the_other(
    simulator: Simulator, pbx: SimulatedPbx, loaded: MockConfigEntry, tempo: Tempo
) -> None:
    """Queues fail while a phone rings: calls stay fast, queues do not."""
    pbx.call_in(CALLER, to="100")
    await tempo(16)
    simulator.control.fail("status.queues", "html", None)
    await tempo(5)
    asked = await tempo(60)
    assert asked["queues"] <= 4
    assert asked["calls"] >= 11


async def test_who_asks_for_an_update_gets_one(
    hass: HomeAssistant, simulator: Simulator, pbx: SimulatedPbx, loaded: MockConfigEntry, poll: Poll
) -> None:
    """`homeassistant.update_entity` asks the entity's own action, once for all of its entities."""
    await async_setup_component(hass, "homeassistant", {})
    pbx.set_voicemail(TOM, 9, 9)
    simulator.requests.clear()
    entity_ids = [*_ids(hass, f"phone_{TOM}", "voicemail_new"), *_ids(hass, f"phone_{JERRY}", "registered")]
    await hass.services.async_call("homeassistant", "update_entity", {"entity_id": entity_ids}, blocking=True)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert state_of(hass, f"phone_{TOM}", "voicemail_new") == "9"
    await poll(11)  # the debouncer's cooldown
    assert {request.action for request in simulator.requests} == {"status.users"}


# --- only what changed ---------------------------------------------------------------------------------------------


async def test_a_poll_without_news_writes_no_state(
    hass: HomeAssistant, simulator: Simulator, loaded: MockConfigEntry, poll: Poll, written: list[str]
) -> None:
    """An office sleeps two thirds of its life; the recorder and every browser should, too."""
    asked = len(simulator.requests)
    for _ in range(3):
        await poll()
    assert len(simulator.requests) == asked + 3 * 10
    assert written == []


async def test_clocks_that_run_are_no_news(
    hass: HomeAssistant, pbx: SimulatedPbx, loaded: MockConfigEntry, poll: Poll, written: list[str]
) -> None:
    """Elapsed, paused, logged in and last called since: the PBX's answer differs each second, the office does not."""
    call = pbx.call_in(CALLER, to="support")
    pbx.answer(call, by=TOM)
    pbx.pause_agent("support", TOM, "lunch")
    pbx.answer(pbx.call_in(OTHER_CALLER, to="69"))
    pbx.send_fax(TOM, "7735550111")
    await poll()
    await poll()
    written.clear()
    for _ in range(10):
        await poll(7)
    await poll()
    assert written == []


async def test_only_the_wait_is_written_while_someone_waits(
    hass: HomeAssistant, pbx: SimulatedPbx, loaded: MockConfigEntry, poll: Poll, written: list[str]
) -> None:
    """Thirty other figures of the queues stand still meanwhile, and between its steps so does the wait."""
    pbx.call_in(CALLER, to="night")
    await poll(16)
    await poll(5)
    written.clear()
    await poll(5)
    assert written == []
    await poll(5)
    assert sorted(written) == sorted(_ids(hass, "queue_night", "longest_wait") + _ids(hass, "pbx", "longest_wait"))


async def test_one_changed_phone_writes_only_its_own_entity(
    hass: HomeAssistant, pbx: SimulatedPbx, loaded: MockConfigEntry, poll: Poll, written: list[str]
) -> None:
    """Thousands of phones must not be written because one has a message."""
    pbx.set_voicemail(JERRY, 1, 0)
    await poll()
    assert written == _ids(hass, f"phone_{JERRY}", "voicemail_new")
    written.clear()
    pbx.set_registration(JERRY, Registration.UNREACHABLE)
    await poll()
    assert sorted(written) == sorted(
        _ids(hass, f"phone_{JERRY}", "registered") + _ids(hass, "pbx", "phones_registered", "phones_unregistered")
    )


async def test_a_call_writes_only_those_whom_it_concerns(
    hass: HomeAssistant, pbx: SimulatedPbx, loaded: MockConfigEntry, poll: Poll, written: list[str]
) -> None:
    """A call between two phones is news of two phones and of the PBX, and an event."""
    call = pbx.call_internal(JERRY, "100")
    await poll(16)
    pbx.answer(call)
    written.clear()
    await poll(5)
    assert sorted(set(written)) == sorted(
        _ids(hass, f"phone_{JERRY}", "call_state", "in_call")
        + _ids(hass, "phone_front100", "call_state", "in_call")
        + _ids(hass, "pbx", "call", "ringing_calls")
    )


async def test_what_stays_unknown_is_not_written_again(
    hass: HomeAssistant, pbx: SimulatedPbx, loaded: MockConfigEntry, poll: Poll, written: list[str]
) -> None:
    """Until the first caller of the day is answered, each one who gives up would write three figures of nothing."""
    await poll()
    written.clear()
    pbx.add_past_call(CALLER, "support", outcome="unanswered", wait=1)
    await poll()
    unknown = "service_level_today", "answer_speed_today", "talk_time_today"
    assert set(written) >= set(_ids(hass, "pbx", "calls_today", "missed_calls_today"))
    assert set(written).isdisjoint(_ids(hass, "pbx", *unknown) + _ids(hass, "queue_support", *unknown))


def _jitter(pbx: SimulatedPbx, by: int) -> None:
    """Let every phone's latency move a little, as it does at every poll in real life."""
    for user in pbx.users():
        if user.auth_id != ZOE:
            pbx.set_registration(user.auth_id, Registration.OK, 20 + by)


async def test_latencies_that_jitter_write_nothing_while_nobody_looks(
    hass: HomeAssistant, pbx: SimulatedPbx, loaded: MockConfigEntry, poll: Poll, written: list[str]
) -> None:
    """They are off by default for this very reason."""
    for turn in range(4):
        _jitter(pbx, turn)
        await poll()
    assert written == []


async def test_latencies_that_jitter_write_themselves_only(
    hass: HomeAssistant, all_entities: None, pbx: SimulatedPbx, loaded: MockConfigEntry, poll: Poll, written: list[str]
) -> None:
    """Whoever turns one on gets every figure of it, and nothing else moves."""
    _jitter(pbx, 1)
    await poll()
    expected = {
        one for user in pbx.users() if user.auth_id != ZOE for one in _ids(hass, f"phone_{user.auth_id}", "latency")
    }
    assert set(written) == expected
    assert len(written) == len(expected)


async def test_many_changes_are_told_in_slices(
    hass: HomeAssistant,
    pbx: SimulatedPbx,
    loaded: MockConfigEntry,
    poll: Poll,
    written: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Other integrations get their turn between them; none of the changes is lost for it."""
    monkeypatch.setattr(coordinator_module, "SLICE_SECONDS", -1)  # every slice is over after one listener
    for user in pbx.users():
        pbx.set_voicemail(user.auth_id, 5, 7)
    await poll()
    for user in pbx.users():
        assert state_of(hass, f"phone_{user.auth_id}", "voicemail_new") == "5"
        assert state_of(hass, f"phone_{user.auth_id}", "voicemail_old") == "7"
    assert len(written) == 2 * len(pbx.users())


async def test_trouble_with_one_entity_is_not_the_others(
    hass: HomeAssistant,
    pbx: SimulatedPbx,
    loaded: MockConfigEntry,
    poll: Poll,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """A listener that fails must not freeze whoever comes after it."""

    @callback
    def fail() -> None:
        raise RuntimeError("somebody else's mistake")

    loaded.runtime_data.users.async_add_listener(fail, ("phone", TOM, ""))
    pbx.set_voicemail(TOM, 5, 7)
    pbx.set_voicemail(JERRY, 6, 8)
    await poll()
    assert "Unexpected error updating a listener" in caplog.text
    assert state_of(hass, f"phone_{TOM}", "voicemail_new") == "5"
    assert state_of(hass, f"phone_{JERRY}", "voicemail_new") == "6"
    caplog.clear()


async def test_a_state_changed_when_it_changed_at_the_pbx(
    hass: HomeAssistant, pbx: SimulatedPbx, loaded: MockConfigEntry, poll: Poll
) -> None:
    """An automation on "registered for 10 minutes" counts from the change, not from the last poll."""
    for _ in range(4):
        await poll()
    entity = entity_of(hass, f"phone_{TOM}", "registered")
    state = hass.states.get(entity.entity_id) if entity else None
    assert state
    assert state.last_reported - NOW < timedelta(seconds=1)


async def test_two_looks_at_once_lose_no_change(
    hass: HomeAssistant, simulator: Simulator, pbx: SimulatedPbx, loaded: MockConfigEntry, poll: Poll
) -> None:
    """A caller who came and went between two answers that cross each other would wait on the wall for ever."""
    queues = loaded.runtime_data.queues
    call = pbx.call_in(CALLER, to="night")
    first = hass.async_create_task(queues.async_refresh())
    second = hass.async_create_task(queues.async_refresh())
    await first
    assert state_of(hass, "queue_night", "callers_waiting") == "1"
    pbx.abandon(call)
    third = hass.async_create_task(queues.async_refresh())
    await second
    await third
    await hass.async_block_till_done(wait_background_tasks=True)
    assert state_of(hass, "queue_night", "callers_waiting") == "0"


async def test_empty_rooms_are_asked_for_rarely_while_calls_tell_of_them(
    hass: HomeAssistant, pbx: SimulatedPbx, loaded: MockConfigEntry, tempo: Tempo
) -> None:
    """Who comes into a room is seen at once all the same: the door's light says that there is a meeting."""
    pbx.answer(pbx.call_in(OTHER_CALLER, to="100"))
    await tempo(61)
    await tempo(61)
    asked = await tempo(120)
    assert asked["conferences"] <= 1
    pbx.join_conference("2000", TOM)
    await tempo(5)
    assert state_of(hass, "pbx", "conference_participants") == "1"
    asked = await tempo(120)
    assert asked["conferences"] >= 1
