"""What a front desk is sent over Home Assistant's own websocket while things happen at the PBX."""

import gc
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.dls_pbx.const import DOMAIN
from custom_components.dls_pbx.front_desk.broadcaster import Broadcaster
from custom_components.dls_pbx.front_desk.source import Source
from custom_components.dls_pbx.options import CONF_PHONES
from simulator.app import Simulator
from simulator.models import Registration
from simulator.pbx.past import Outcome
from simulator.pbx.simulated import SimulatedPbx
from tests.helpers.front_desk import TABLES, Connect, Desk, changed
from tests.helpers.office import ANNE_MARIE, CALLER, JERRY, KEY, OTHER_CALLER, TOM, USERNAME, ZOE, small_office
from tests.helpers.work import counted
from tests.integration.conftest import Poll

FRONT = "front100"
READABLE, E164 = "(815) 555-0123", "+18155550123"


@pytest.fixture
async def desk(loaded: MockConfigEntry, hass_ws_client: Connect) -> Desk:
    """Return a front desk that the owner looks at."""
    return await Desk.open(hass_ws_client)


async def test_the_first_message_has_all_that_there_is(desk: Desk, loaded: MockConfigEntry) -> None:
    """A receptionist would begin the day with half of the office."""
    (first,) = desk.messages
    assert set(first) == {"type", "now", *TABLES}
    # By it a tablet whose clock is wrong counts right.
    assert dt_util.parse_datetime(first["now"]) == dt_util.utcnow()
    assert desk.ids == {
        "queues": {"support", "night"},
        "agents": {TOM, ANNE_MARIE},
        "phones": {FRONT, TOM, JERRY, ANNE_MARIE, ZOE},
        "health": {"pbx", "users", "queues", "calls", "reports"},
    }
    assert desk.rows["health"]["pbx"] == {"name": loaded.title, "ok": True, "since": None, "refused": False}
    assert desk.rows["phones"][ZOE] | {"device_id": None} == {
        "name": "Zoë @ Home",
        "extension": "630",
        "tenant": "north-side",
        "state": "idle",
        "registered": False,
        "voicemail_new": 0,
        "device_id": None,
    }


async def test_an_idle_office_sends_nothing(desk: Desk, poll: Poll) -> None:
    """A browser that hangs on the wall would work day and night for nothing."""
    for _ in range(3):
        await poll()
        assert await desk.news() == []


async def test_a_caller_waits_is_answered_and_gone(desk: Desk, pbx: SimulatedPbx, poll: Poll) -> None:
    """A receptionist would let callers hang, or look for those who were answered long ago."""
    call = pbx.call_in(CALLER, to="support", priority=3)
    await poll(15)
    assert changed(await desk.news()) == {
        "queues": {"support"},
        "agents": {TOM, ANNE_MARIE},
        "phones": {TOM, ANNE_MARIE},
        "calls": set(desk.rows["calls"]),
    }
    queue, began = desk.rows["queues"]["support"], "2026-11-23T15:00:00+00:00"
    assert (queue["waiting"], queue["waiting_since"]) == (1, began)
    caller = {"number": READABLE, "tel": E164, "name": None, "vip": False, "priority": 3, "since": began}
    assert queue["callers"] == [caller]
    assert desk.rows["agents"][TOM]["state"] == "ringing"

    pbx.answer(call, TOM)
    await poll(5)
    await desk.news()
    queue = desk.rows["queues"]["support"]
    assert (queue["waiting"], queue["waiting_since"], queue["callers"], queue["agents_on_call"]) == (0, None, [], 1)
    assert desk.rows["agents"][TOM] == {
        "name": "Tom",
        "extension": "630",
        "state": "on_call",
        "queues": ["support"],
        "paused": False,
        "pause_reason": None,
        "paused_since": None,
        "since": began,
        "answered": "2026-11-23T15:00:20+00:00",
        "connected_to": READABLE,
        "answered_today": None,
        "missed_today": None,
        "talk_today": None,
        "last_call": None,
    }
    ((call_id, row),) = desk.rows["calls"].items()
    assert (row["queue"], row["callee"], row["number"], row["tel"]) == ("support", TOM, READABLE, E164)
    assert CALLER not in call_id
    assert desk.rows["phones"][TOM]["state"] == "in_call"

    pbx.hang_up(call)
    await poll(15)
    messages = await desk.news()
    assert [message["calls"] for message in messages if "calls" in message] == [{call_id: None}]
    assert desk.rows["agents"][TOM]["state"] == "available"
    assert desk.rows["agents"][TOM]["connected_to"] is None


async def test_talk_counts_from_the_answer_and_the_wait_is_told_apart(
    desk: Desk, pbx: SimulatedPbx, poll: Poll
) -> None:
    """An agent who has just said hello would seem to have talked for as long as the caller had waited."""
    call = pbx.call_in(CALLER, to="support")
    began = dt_util.utcnow()
    await poll(15)
    await desk.news()
    ((call_id, row),) = desk.rows["calls"].items()
    assert (row["status"], row["answered"]) == ("waiting", None)
    for _ in range(11):
        await poll(5)
    pbx.answer(call, TOM)
    await poll(5)
    answered = dt_util.utcnow()
    for _ in range(3):
        await poll(5)
    await desk.news()
    for row in (desk.rows["calls"][call_id], desk.rows["agents"][TOM]):
        assert (row["since"], row["answered"]) == (began.isoformat(), answered.isoformat())
    assert desk.rows["calls"][call_id]["status"] == "connected"


@pytest.mark.parametrize("direction", ["inbound", "internal", "outbound"])
async def test_a_call_past_every_queue_counts_from_its_answer_too(
    desk: Desk, pbx: SimulatedPbx, poll: Poll, direction: str
) -> None:
    """Who has let it ring for a minute would seem to have talked for one."""
    match direction:
        case "inbound":
            call = pbx.call_in(CALLER, to="69")
        case "internal":
            call = pbx.call_internal(JERRY, "100")
        case _:
            call = pbx.call_out(JERRY, CALLER)
    began = dt_util.utcnow()
    await poll(15)
    await poll(5)
    pbx.answer(call)
    await poll(5)
    answered = dt_util.utcnow()
    await poll(5)
    await desk.news()
    (row,) = desk.rows["calls"].values()
    assert (row["status"], row["since"], row["answered"]) == ("connected", began.isoformat(), answered.isoformat())


async def test_each_talk_of_an_agent_begins_anew(desk: Desk, pbx: SimulatedPbx, poll: Poll) -> None:
    """Of an agent who takes one call after the other, the last one would seem to have lasted for hours."""
    first, second = pbx.call_in(CALLER, to="support"), pbx.call_in(OTHER_CALLER, to="support")
    await poll(15)
    pbx.answer(first, TOM)
    await poll(5)
    await poll(5)
    pbx.hang_up(first)
    pbx.answer(second, TOM)
    await poll(5)
    answered = dt_util.utcnow()
    await poll(5)
    await desk.news()
    assert desk.rows["agents"][TOM]["answered"] == answered.isoformat()


async def test_an_answer_that_nobody_saw_is_not_guessed(
    hass: HomeAssistant, entry: MockConfigEntry, pbx: SimulatedPbx, poll: Poll, hass_ws_client: Connect
) -> None:
    """After a restart a call of twenty minutes would seem to have begun just now."""
    began = dt_util.utcnow()
    pbx.answer(pbx.call_in(CALLER, to="support"), TOM)
    pbx.answer(pbx.call_internal(JERRY, "100"))
    await poll(1200)
    assert await async_setup_component(hass, DOMAIN, {})
    await hass.async_block_till_done(wait_background_tasks=True)
    for _ in range(3):
        await poll(5)
    desk = await Desk.open(hass_ws_client)
    told = [*desk.rows["calls"].values(), desk.rows["agents"][TOM]]
    assert [(row["since"], row["answered"]) for row in told] == [(began.isoformat(), None)] * 3
    assert [row["status"] for row in desk.rows["calls"].values()] == ["connected"] * 2


@pytest.mark.parametrize("action", ["status.queues", "*"])
async def test_an_answer_during_an_outage_is_not_guessed(
    desk: Desk, simulator: Simulator, pbx: SimulatedPbx, poll: Poll, action: str
) -> None:
    """A talk that began while the PBX did not answer would be counted from the end of the outage."""
    call = pbx.call_in(CALLER, to="support")
    await poll(15)
    simulator.control.fail(action, "server_error", times=None)
    await poll(15)
    pbx.answer(call, TOM)
    for _ in range(2):
        await poll(15)
        await desk.news()
    simulator.control.heal()
    for _ in range(2):
        await poll(15)
        await desk.news()
    (row,) = desk.rows["calls"].values()
    assert (row["status"], row["callee"], row["answered"]) == ("connected", TOM, None)
    assert desk.rows["agents"][TOM]["answered"] is None


async def test_what_one_answer_changes_comes_in_one_message(
    desk: Desk, pbx: SimulatedPbx, loaded: MockConfigEntry
) -> None:
    """For a moment the screen would show a caller who waits and an agent who already speaks to them."""
    pbx.answer(pbx.call_in(CALLER, to="support"), TOM)
    await loaded.runtime_data.queues.async_refresh()
    # An agent's phone is told by the calls' coordinator, which learns it from the queues'.
    assert changed(await desk.news()) == {"queues": {"support"}, "agents": {TOM}, "phones": {TOM}}
    assert len(desk.messages) == 2


async def test_an_agent_pauses_with_a_reason_and_leaves(
    desk: Desk, pbx: SimulatedPbx, poll: Poll, frozen: FrozenDateTimeFactory
) -> None:
    """Nobody would know whether a colleague is at lunch, since when, or has gone home."""
    pbx.pause_agent("support", ANNE_MARIE, "Lunch")
    await poll(15)
    assert changed(await desk.news()) == {"queues": {"support"}, "agents": {ANNE_MARIE}}
    agent = desk.rows["agents"][ANNE_MARIE]
    assert (agent["state"], agent["pause_reason"]) == ("paused", "Lunch")
    assert agent["since"] == "2026-11-23T15:00:00+00:00"

    pbx.log_out_agent("support", ANNE_MARIE)
    await poll(15)
    messages = await desk.news()
    assert [message["agents"] for message in messages if "agents" in message] == [{ANNE_MARIE: None}]


async def test_an_agent_who_is_free_in_one_queue_is_free(desk: Desk, pbx: SimulatedPbx, poll: Poll) -> None:
    """A pause in one queue would hide who can still take the other's calls."""
    pbx.log_in_agent("night", TOM)
    pbx.pause_agent("night", TOM, "Paperwork")
    await poll(15)
    await desk.news()
    agent = desk.rows["agents"][TOM]
    assert agent["queues"] == ["night", "support"]
    assert (agent["state"], agent["pause_reason"], agent["since"]) == ("available", None, None)


async def test_phones_show_what_they_do(desk: Desk, pbx: SimulatedPbx, poll: Poll) -> None:
    """A receptionist would put a call through to somebody who is on the phone."""
    call = pbx.call_internal(JERRY, "100")
    pbx.set_registration(ANNE_MARIE, Registration.UNREACHABLE)
    pbx.set_voicemail(TOM, 3, 6)
    await poll(61)
    await desk.news()
    phones = desk.rows["phones"]
    assert {auth_id: phones[auth_id]["state"] for auth_id in (FRONT, JERRY, TOM)} == {
        FRONT: "ringing",
        JERRY: "ringing",
        TOM: "idle",
    }
    assert (phones[ANNE_MARIE]["registered"], phones[TOM]["voicemail_new"]) == (False, 3)
    (row,) = desk.rows["calls"].values()
    assert (row["direction"], row["status"], row["caller"], row["callee"]) == ("internal", "ringing", JERRY, FRONT)
    assert (row["number"], row["tel"], row["name"], row["queue"]) == (None, None, None, None)
    pbx.answer(call)
    await poll(5)
    await desk.news()
    assert desk.rows["phones"][FRONT]["state"] == "in_call"
    assert [row["status"] for row in desk.rows["calls"].values()] == ["connected"]


async def test_a_colleague_is_named(desk: Desk, pbx: SimulatedPbx, poll: Poll) -> None:
    """An extension says nothing to who is new in the office."""
    pbx.answer(pbx.call_internal(JERRY, "support"), TOM)
    pbx.call_internal(FRONT, "night")
    await poll(15)
    await desk.news()
    assert desk.rows["agents"][TOM]["connected_to"] == "Jerry"
    (caller,) = desk.rows["queues"]["night"]["callers"]
    assert (caller["number"], caller["tel"], caller["name"]) == ("100", None, "Front Desk")


async def test_an_outbound_call_shows_who_was_called(desk: Desk, pbx: SimulatedPbx, poll: Poll) -> None:
    """The office's own number would stand where the customer's should."""
    pbx.call_out(JERRY, CALLER)
    await poll(15)
    await desk.news()
    (row,) = desk.rows["calls"].values()
    assert (row["direction"], row["number"], row["tel"]) == ("outbound", READABLE, E164)
    assert (row["caller"], row["callee"]) == (JERRY, None)


@pytest.mark.parametrize("number", ["anonymous", "0000000000", ""])
async def test_a_caller_who_hides_has_no_number(desk: Desk, pbx: SimulatedPbx, poll: Poll, number: str) -> None:
    """A receptionist would try to call "anonymous" back."""
    pbx.call_in(number, to="support")
    await poll(15)
    await desk.news()
    (caller,) = desk.rows["queues"]["support"]["callers"]
    assert (caller["number"], caller["tel"], caller["name"]) == ("", None, None)
    (row,) = desk.rows["calls"].values()
    assert (row["number"], row["tel"], row["status"]) == (None, None, "waiting")


async def test_a_missed_call_is_shown_until_somebody_has_called_back(desk: Desk, pbx: SimulatedPbx, poll: Poll) -> None:
    """A customer would wait for a call in vain, or get two."""
    for ago in (100, 50):
        pbx.add_past_call(CALLER, "support", name="Mildred", outcome=Outcome.VOICEMAIL, wait=30, ago=ago)
    await poll(61)
    await desk.news()
    ((uid, row),) = desk.rows["missed"].items()
    assert row == {
        "number": READABLE,
        "tel": E164,
        "name": "Mildred",
        "vip": False,
        "first": "2026-11-23T14:58:20+00:00",
        "last": "2026-11-23T14:59:10+00:00",
        "calls": 2,
        "queues": ["support"],
        "voicemail": True,
        "note": None,
        "owner": None,
        "texted": None,
    }
    queue = desk.rows["queues"]["support"]
    assert (queue["calls_today"], queue["missed_calls_today"], queue["abandoned_calls_today"]) == (2, 2, 2)
    assert (queue["service_level"], queue["service_level_goal"]) == (0, 80)

    pbx.add_past_call(JERRY, CALLER, talk=60)
    await poll(61)
    assert [message["missed"] for message in await desk.news() if "missed" in message] == [{uid: None}]


async def test_an_action_that_fails_takes_its_rows_away(
    desk: Desk, simulator: Simulator, pbx: SimulatedPbx, poll: Poll
) -> None:
    """Callers of an hour ago would be shown as waiting now, and nobody would know since when."""
    pbx.call_in(CALLER, to="support")
    await poll(15)
    await desk.news()
    before = desk.rows
    simulator.control.fail("status.queues", "server_error", times=None)
    await poll(15)
    await desk.news()
    assert set(desk.ids) == {"calls", "phones", "health"}
    since = "2026-11-23T15:00:15+00:00"
    assert desk.rows["health"]["queues"] == {"name": "Queues", "ok": False, "since": since, "refused": False}
    assert desk.rows["health"]["pbx"]["ok"]

    simulator.control.heal()
    await poll(15)
    await desk.news()
    assert desk.rows == before


async def test_phones_of_unknown_users_still_show_their_calls(
    desk: Desk, simulator: Simulator, pbx: SimulatedPbx, poll: Poll
) -> None:
    """One action's outage would blind the whole front desk, or show phones as registered that are not."""
    simulator.control.fail("status.users", "server_error", times=None)
    pbx.call_internal(JERRY, "100")
    await poll(61)
    await desk.news()
    row = desk.rows["phones"][JERRY]
    assert (row["name"], row["state"], row["registered"], row["voicemail_new"]) == ("Jerry", "ringing", None, None)
    simulator.control.fail("status.calls", "server_error", times=None)
    await poll(15)
    await desk.news()
    assert set(desk.ids) == {"queues", "agents", "health"}
    assert [name for name, row in desk.rows["health"].items() if not row["ok"]] == ["calls", "users"]


async def test_an_outage_of_the_pbx_leaves_no_number_that_may_be_wrong(
    desk: Desk, simulator: Simulator, poll: Poll
) -> None:
    """The wallboard would look like a quiet day while the line is dead."""
    simulator.control.fail("*", "server_error", times=None)
    await poll()
    await desk.news()
    assert desk.ids == {"health": {"pbx", "users", "queues", "calls", "reports"}}
    assert [(row["ok"], row["since"]) for row in desk.rows["health"].values()] == [
        (False, "2026-11-23T15:00:00+00:00")
    ] * 5
    simulator.control.heal()
    await poll()
    await desk.news()
    assert all(row["ok"] for row in desk.rows["health"].values())
    assert set(desk.rows["queues"]) == {"support", "night"}


async def test_a_refused_key_is_told_from_an_outage(
    hass: HomeAssistant, loaded: MockConfigEntry, desk: Desk, simulator: Simulator, poll: Poll
) -> None:
    """Reception would wait all day for a line that comes back only when somebody enters a new key."""
    simulator.api.key = "another-made-up-key-1111"
    await poll(61)
    await desk.news()
    assert (desk.rows["health"]["pbx"]["ok"], desk.rows["health"]["pbx"]["refused"]) == (False, True)
    # Also after a restart of Home Assistant, when the PBX has not been reached at all.
    await hass.config_entries.async_reload(loaded.entry_id)
    assert loaded.state is ConfigEntryState.SETUP_ERROR
    await desk.news()
    assert desk.rows["health"]["pbx"]["refused"]
    simulator.api.key = KEY
    await hass.config_entries.async_reload(loaded.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    await desk.news()
    assert (desk.rows["health"]["pbx"]["ok"], desk.rows["health"]["pbx"]["refused"]) == (True, False)


async def test_figures_that_are_not_told_are_unknown(desk: Desk, simulator: Simulator, poll: Poll) -> None:
    """A service level of this morning would be taken for this afternoon's."""
    simulator.control.fail("reports.report", "server_error", times=None)
    await poll(61)
    await desk.news()
    queue = desk.rows["queues"]["support"]
    assert (queue["calls_today"], queue["service_level"], queue["waiting"]) == (None, None, 0)
    assert not desk.rows["health"]["reports"]["ok"]


async def test_a_new_queue_appears_and_goes(hass: HomeAssistant, desk: Desk, pbx: SimulatedPbx, poll: Poll) -> None:
    """Somebody would have to reload the page to see who waits in it."""
    pbx.add_queue("sales")
    await poll(15)
    await desk.news()
    assert desk.rows["queues"]["sales"]["device_id"]
    pbx.remove_queue("sales")
    await poll(15)
    await desk.news()
    assert "sales" not in desk.rows["queues"]


async def test_a_phone_has_its_new_name_everywhere(desk: Desk, pbx: SimulatedPbx, poll: Poll) -> None:
    """A colleague who married would be called by the old name until the next restart."""
    pbx.remove_extension(TOM)
    pbx.add_extension("630", "Thomas", auth_id=TOM)
    pbx.log_in_agent("support", TOM)
    await poll(61)
    await desk.news()
    assert (desk.rows["phones"][TOM]["name"], desk.rows["agents"][TOM]["name"]) == ("Thomas", "Thomas")


async def test_agents_without_devices_are_shown_all_the_same(
    hass: HomeAssistant, entry: MockConfigEntry, hass_ws_client: Connect
) -> None:
    """Who keeps devices for a few phones only would see a queue without its agents."""
    hass.config_entries.async_update_entry(entry, options={CONF_PHONES: [TOM]})
    assert await async_setup_component(hass, DOMAIN, {})
    await hass.async_block_till_done(wait_background_tasks=True)
    desk = await Desk.open(hass_ws_client)
    assert desk.ids["phones"] == {TOM}
    assert desk.ids["agents"] == {TOM, ANNE_MARIE}
    assert desk.rows["agents"][ANNE_MARIE]["extension"] == "631"


async def test_a_reload_is_a_pause_and_not_an_end(hass: HomeAssistant, desk: Desk, loaded: MockConfigEntry) -> None:
    """Every change of an option would leave all screens dead until somebody reloads them."""
    before = desk.rows
    assert await hass.config_entries.async_unload(loaded.entry_id)
    await desk.news()
    assert desk.rows == {table: {} for table in TABLES} | {
        "health": {"pbx": {"name": loaded.title, "ok": False, "since": "2026-11-23T15:00:00+00:00", "refused": False}}
    }
    assert await hass.config_entries.async_setup(loaded.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert "snapshot" in [message["type"] for message in await desk.news()]
    assert desk.rows == before


async def test_options_are_in_force_at_once(hass: HomeAssistant, desk: Desk, loaded: MockConfigEntry) -> None:
    """The new goal would be there after a reload of the page, for those who know."""
    hass.config_entries.async_update_entry(loaded, options={"service_level_goal": 90})
    await hass.config_entries.async_reload(loaded.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    await desk.news()
    assert desk.rows["queues"]["support"]["service_level_goal"] == 90


async def test_who_looks_before_the_pbx_answers_sees_it_when_it_does(
    hass: HomeAssistant, entry: MockConfigEntry, simulator: Simulator, hass_ws_client: Connect, poll: Poll
) -> None:
    """After a power cut the PBX comes back later than Home Assistant."""
    simulator.control.fail("*", "server_error", times=None)
    assert await async_setup_component(hass, DOMAIN, {})
    assert entry.state is ConfigEntryState.SETUP_RETRY
    desk = await Desk.open(hass_ws_client)
    assert desk.ids == {"health": {"pbx"}}
    assert desk.rows["health"]["pbx"] == {"name": entry.title, "ok": False, "since": None, "refused": False}
    simulator.control.heal()
    await poll()
    assert entry.state is ConfigEntryState.LOADED
    await desk.news()
    assert set(desk.rows["queues"]) == {"support", "night"}


async def test_a_pbx_that_is_removed_is_gone(hass: HomeAssistant, desk: Desk, loaded: MockConfigEntry) -> None:
    """The last words of a PBX would stay on the wall for good."""
    await hass.config_entries.async_remove(loaded.entry_id)
    await hass.async_block_till_done()
    await desk.news()
    assert desk.ids == {}
    error = (await desk.ask("subscribe", config_entry_id=loaded.entry_id))["error"]
    assert (error["code"], error["message"]) == ("not_found", "There is no such PBX")


@pytest.fixture
async def other(hass: HomeAssistant, loaded: MockConfigEntry, socket_enabled: None) -> Any:
    """Set up a second PBX, with another queue."""
    office = small_office()
    office.add_queue("billing")
    async with Simulator(office) as simulator:
        data = {**loaded.data, "url": simulator.url, "username": USERNAME, "api_key": KEY}
        entry = MockConfigEntry(domain=DOMAIN, title="Other", unique_id="other", entry_id="02PBX", data=data)
        entry.add_to_hass(hass)
        assert await hass.config_entries.async_setup(entry.entry_id)
        await hass.async_block_till_done(wait_background_tasks=True)
        yield entry


async def test_each_of_two_pbxs_has_a_front_desk_of_its_own(
    loaded: MockConfigEntry, other: MockConfigEntry, hass_ws_client: Connect, pbx: SimulatedPbx, poll: Poll
) -> None:
    """One tenant's receptionist would see the other tenant's callers."""
    ours = await Desk.open(hass_ws_client, config_entry_id=loaded.entry_id)
    theirs = await Desk.open(hass_ws_client, config_entry_id=other.entry_id)
    assert set(theirs.rows["queues"]) - set(ours.rows["queues"]) == {"billing"}
    pbx.call_in(CALLER, to="support")
    await poll(15)
    assert await ours.news()
    assert await theirs.news() == []
    error = (await ours.ask("subscribe"))["error"]
    assert (error["code"], error["message"]) == (
        "not_found",
        "There are several PBXs: config_entry_id has to name one",
    )


async def test_all_who_look_are_sent_the_same(
    desk: Desk, hass_ws_client: Connect, pbx: SimulatedPbx, poll: Poll
) -> None:
    """The screen on the wall and the one at the desk would tell different stories."""
    others = [await Desk.open(hass_ws_client) for _ in range(2)]
    pbx.call_in(OTHER_CALLER, to="night")
    await poll(15)
    sent = await desk.news()
    assert sent
    for other in others:
        assert await other.news() == sent


async def test_callers_who_hide_are_told_apart(desk: Desk, pbx: SimulatedPbx, poll: Poll) -> None:
    """One agent would be shown in two calls, and the other in none."""
    calls = [pbx.call_in("anonymous", to="support") for _ in range(2)]
    pbx.answer(calls[0], TOM)
    await poll(15)
    await desk.news()
    assert sorted(row["callee"] or "" for row in desk.rows["calls"].values()) == ["", TOM]
    pbx.answer(calls[1], ANNE_MARIE)
    await poll(5)
    await desk.news()
    assert {row["callee"] for row in desk.rows["calls"].values()} == {TOM, ANNE_MARIE}


async def test_a_colleague_in_a_queue_is_answered_by_somebody(desk: Desk, pbx: SimulatedPbx, poll: Poll) -> None:
    """A call within the house would seem to wait in the queue as long as it lasts."""
    pbx.answer(pbx.call_internal(JERRY, "support"), TOM)
    await poll(15)
    await desk.news()
    assert [(row["caller"], row["callee"]) for row in desk.rows["calls"].values()] == [(JERRY, TOM)]


async def test_twice_the_calls_are_twice_the_work(desk: Desk, pbx: SimulatedPbx, poll: Poll) -> None:
    """In an office of hundreds all of Home Assistant would stop for a moment at each change of a call."""
    pbx.log_out_agent("support", TOM)
    pbx.log_out_agent("support", ANNE_MARIE)

    async def work_of_a_change(size: int) -> int:
        """Return what it takes to tell that one of so many calls has ended."""
        for number in range(len(desk.rows["calls"]), size):
            auth_id = f"agent{number}"
            pbx.add_extension(str(2000 + number), f"Agent {number}", auth_id=auth_id)
            pbx.log_in_agent("support", auth_id)
            call = pbx.call_in(f"815555{number:04}", to="support")
            pbx.answer(call, auth_id)
        await poll(61)
        await poll(5)
        await desk.news()
        assert {row["callee"] for row in desk.rows["calls"].values()} == desk.rows["agents"].keys()
        pbx.hang_up(call)
        with counted() as work:
            await poll(5)
        assert len((await desk.news())[0]["calls"]) == 1
        pbx.log_out_agent("support", auth_id)
        pbx.remove_extension(auth_id)
        await poll(61)
        await desk.news()
        return work.calls

    small, middle, large = [await work_of_a_change(size) for size in (20, 40, 80)]
    # Each step costs more by as much as there is more, whatever a change of one call costs anyway.
    assert large - middle < 2.2 * (middle - small)


def watching() -> list[Any]:
    """Return everything that works for front desks."""
    gc.collect()
    return [one for one in gc.get_objects() if isinstance(one, Broadcaster | Source)]


@pytest.mark.parametrize("how", ["unsubscribe", "disconnect"])
async def test_nothing_is_left_when_nobody_looks_any_more(
    hass: HomeAssistant, desk: Desk, hass_ws_client: Connect, poll: Poll, pbx: SimulatedPbx, how: str
) -> None:
    """Every reload of a page would leave a bit more work for each poll, until Home Assistant is slow."""
    other = await Desk.open(hass_ws_client)
    assert watching()
    pbx.call_in(CALLER, to="support")
    await poll(15)
    await other.news()
    for one in (desk, other):
        if how == "unsubscribe":
            await one.client.send_json_auto_id({"type": "unsubscribe_events", "subscription": 1})
            while (await one.client.receive_json())["type"] != "result":
                pass
        else:
            await one.client.close()
    await hass.async_block_till_done()
    assert watching() == []
    again = await Desk.open(hass_ws_client)
    assert again.rows["queues"]["support"]["waiting"] == 1


async def test_an_entity_that_is_turned_off_changes_nothing_for_who_may_read_all(
    hass: HomeAssistant, desk: Desk
) -> None:
    """Who tidies up the entities would lose the front desk's rows."""
    registry = er.async_get(hass)
    registry.async_update_entity("sensor.support_callers_waiting", disabled_by=er.RegistryEntryDisabler.USER)
    await hass.async_block_till_done()
    assert await desk.news() == []
