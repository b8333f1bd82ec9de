"""Whoever may not read the entities gets nothing of what they show over the websocket either."""

import json
from typing import Any

from homeassistant.auth.const import GROUP_ID_READ_ONLY
from homeassistant.core import HomeAssistant
from homeassistant.helpers import area_registry as ar, device_registry as dr, entity_registry as er
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, MockUser

from custom_components.dls_pbx.const import DOMAIN
from custom_components.dls_pbx.options import CONF_PHONES
from simulator.pbx.past import Outcome
from simulator.pbx.simulated import SimulatedPbx
from tests.helpers.front_desk import TABLES, Connect, Desk, changed, entities, put_in_group
from tests.helpers.office import ANNE_MARIE, CALLER, JERRY, TOM
from tests.integration.conftest import Poll

SUPPORT, NIGHT = "sensor.support_callers_waiting", "sensor.night_callers_waiting"
ACTIVE_CALLS, CALLBACKS = "sensor.dls_hosted_pbx_active_calls", "todo.dls_hosted_pbx_callbacks"
CONNECTED = "binary_sensor.dls_hosted_pbx_connected"
TOM_AGENT, TOM_CALLS = "sensor.tom_630_agent_state", "sensor.tom_630_call_state"
EVERYTHING = {"queues", "agents", "phones", "health"}


@pytest.fixture
def user(hass_read_only_user: MockUser) -> MockUser:
    """Return somebody who works here."""
    return hass_read_only_user


@pytest.fixture
def token(hass_read_only_access_token: str) -> str:
    """Return what they are logged in with."""
    return hass_read_only_access_token


@pytest.fixture
async def busy(pbx: SimulatedPbx, loaded: MockConfigEntry, poll: Poll) -> None:
    """Let someone wait in each queue, an agent of both talk, a caller be owed a call, and a text and a fax be there."""
    pbx.log_in_agent("night", TOM)
    pbx.answer(pbx.call_in("3125550144", to="night"), TOM)
    pbx.call_in(CALLER, to="night")
    pbx.call_in("2125550187", to="support")
    pbx.add_past_call("7735550111", "night", outcome=Outcome.UNANSWERED, wait=30)
    pbx.receive_sms("6305550100", TOM, "Are you open?")
    pbx.send_fax(JERRY, "6305550122")
    await poll(61)


async def test_a_user_who_may_read_everything_sees_everything(
    busy: None, token: str, user: MockUser, hass_ws_client: Connect
) -> None:
    """A receptionist is no administrator, and would see an empty screen."""
    owner, desk = await Desk.open(hass_ws_client), await Desk.open(hass_ws_client, token)
    assert desk.rows == owner.rows
    assert set(desk.ids) == set(TABLES)


async def test_a_user_without_rights_gets_nothing(
    hass: HomeAssistant, busy: None, user: MockUser, token: str, hass_ws_client: Connect, pbx: SimulatedPbx, poll: Poll
) -> None:
    """The tablet in the hall would tell every visitor who calls."""
    await put_in_group(hass, user, {})
    desk = await Desk.open(hass_ws_client, token)
    assert desk.ids == {}
    pbx.call_in(CALLER, to="support")
    pbx.call_in(CALLER, to="100")
    await poll(15)
    assert await desk.news() == []
    assert (await desk.ask("layout"))["result"] == {"entries": []}


async def test_a_user_of_one_queue_sees_that_queue(
    hass: HomeAssistant, busy: None, user: MockUser, token: str, hass_ws_client: Connect, pbx: SimulatedPbx, poll: Poll
) -> None:
    """One department would read the names and numbers of another's callers."""
    await put_in_group(hass, user, entities(SUPPORT))
    desk = await Desk.open(hass_ws_client, token)
    assert desk.ids == {"queues": {"support"}}
    pbx.call_in(CALLER, to="night")
    pbx.pause_agent("support", ANNE_MARIE, "Lunch")
    await poll(15)
    await desk.news()
    assert desk.rows["queues"]["support"]["agents_paused"] == 1
    said = json.dumps(desk.messages)
    assert "2125550187"[3:6] in said
    assert "night" not in said
    assert "Lunch" not in said
    assert not any(f"{number[3:6]}-{number[6:]}" in said for number in (CALLER, "3125550144", "7735550111"))


async def test_an_agent_is_shown_without_queues_that_the_user_may_not_read(
    hass: HomeAssistant, busy: None, user: MockUser, token: str, hass_ws_client: Connect
) -> None:
    """That there is a queue for the dismissed, and who works in it, would be on everybody's screen."""
    await put_in_group(hass, user, entities(SUPPORT, TOM_AGENT))
    desk = await Desk.open(hass_ws_client, token)
    assert desk.ids == {"queues": {"support"}, "agents": {TOM}}
    assert desk.rows["agents"][TOM]["queues"] == ["support"]

    await put_in_group(hass, user, entities(TOM_AGENT))
    await desk.news()
    assert desk.ids == {"agents": {TOM}}
    agent = desk.rows["agents"][TOM]
    assert (agent["state"], agent["queues"], agent["connected_to"], agent["since"]) == ("on_call", [], None, None)


async def test_calls_are_shown_without_queues_and_colleagues_that_the_user_may_not_read(
    hass: HomeAssistant, busy: None, user: MockUser, token: str, hass_ws_client: Connect, pbx: SimulatedPbx, poll: Poll
) -> None:
    """Who may see that there are calls would see who of the colleagues makes them."""
    pbx.call_internal(TOM, JERRY)
    await poll(15)
    await put_in_group(hass, user, entities(ACTIVE_CALLS, SUPPORT, TOM_CALLS))
    desk = await Desk.open(hass_ws_client, token)
    assert set(desk.ids) == {"calls", "queues", "phones"}
    calls = desk.rows["calls"].values()
    assert {call["queue"] for call in calls} == {None, "support"}
    assert {call["callee"] for call in calls} | {call["caller"] for call in calls} == {None, TOM}


async def test_what_a_queue_does_with_a_call_is_for_those_who_may_read_the_queue(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    user: MockUser,
    token: str,
    hass_ws_client: Connect,
    pbx: SimulatedPbx,
    poll: Poll,
) -> None:
    """Who may see that there are calls would see how long another department lets its callers wait."""
    pbx.log_in_agent("night", TOM)
    first, _ = pbx.call_in(CALLER, to="night"), pbx.call_in("2125550187", to="night")
    await poll(15)
    pbx.answer(first, TOM)
    await poll(5)
    owner = await Desk.open(hass_ws_client)
    assert {call["status"]: bool(call["answered"]) for call in owner.rows["calls"].values()} == {
        "connected": True,
        "waiting": False,
    }
    await put_in_group(hass, user, entities(ACTIVE_CALLS, SUPPORT))
    desk = await Desk.open(hass_ws_client, token)
    assert [(call["status"], call["answered"]) for call in desk.rows["calls"].values()] == [("connected", None)] * 2


async def test_missed_calls_are_shown_without_queues_that_the_user_may_not_read(
    hass: HomeAssistant, busy: None, user: MockUser, token: str, hass_ws_client: Connect
) -> None:
    """Who calls back needs the number and not the names of others' queues."""
    await put_in_group(hass, user, entities(CALLBACKS))
    desk = await Desk.open(hass_ws_client, token)
    ((_, row),) = desk.rows["missed"].items()
    assert (row["number"], row["queues"]) == ("(773) 555-0111", [])
    assert set(desk.ids) == {"missed"}


async def test_rights_that_are_taken_away_take_the_rows_away(
    hass: HomeAssistant, busy: None, user: MockUser, token: str, hass_ws_client: Connect, pbx: SimulatedPbx, poll: Poll
) -> None:
    """Who is dismissed would watch the callers until they close the browser."""
    desk, owner = await Desk.open(hass_ws_client, token), await Desk.open(hass_ws_client)
    await put_in_group(hass, user, entities(SUPPORT, CONNECTED))
    await desk.news()
    assert desk.ids == {"queues": {"support"}, "health": {"pbx", "users", "queues", "calls", "reports"}}
    await put_in_group(hass, user, {})
    await desk.news()
    assert desk.ids == {}
    pbx.call_in(CALLER, to="support")
    await poll(15)
    assert await desk.news() == []
    assert await owner.news()

    await hass.auth.async_update_user(user, group_ids=[GROUP_ID_READ_ONLY])
    await desk.news()
    assert desk.rows == owner.rows


async def test_two_screens_of_one_user_and_those_of_others_each_show_what_is_theirs(
    hass: HomeAssistant, busy: None, user: MockUser, token: str, hass_ws_client: Connect, pbx: SimulatedPbx, poll: Poll
) -> None:
    """What one user gains or loses would show on somebody else's screen."""
    await put_in_group(hass, user, entities(NIGHT))
    first, second = [await Desk.open(hass_ws_client, token) for _ in range(2)]
    owner = await Desk.open(hass_ws_client)
    pbx.abandon(pbx.call_in(CALLER, to="night"))
    pbx.call_in(CALLER, to="support")
    await poll(15)
    for desk in (first, second, owner):
        await desk.news()
    assert first.rows == second.rows
    assert first.ids == {"queues": {"night"}}
    assert set(owner.ids) == set(TABLES)


async def test_rights_by_area_follow_the_device(
    hass: HomeAssistant, loaded: MockConfigEntry, user: MockUser, token: str, hass_ws_client: Connect
) -> None:
    """A queue that moves to another floor would stay on the old one's screens."""
    hall = ar.async_get(hass).async_create("Hall")
    await put_in_group(hass, user, {"entities": {"area_ids": {hall.id: {"read": True}}}})
    desk = await Desk.open(hass_ws_client, token)
    assert desk.ids == {}
    device = er.async_get(hass).async_get(SUPPORT).device_id  # type: ignore[union-attr]
    assert device
    for area, shown in ((hall.id, {"queues": {"support"}}), (None, {})):
        dr.async_get(hass).async_update_device(device, area_id=area)
        await hass.async_block_till_done()
        await desk.news()
        assert desk.ids == shown


async def test_rights_follow_an_entity_that_gets_another_id(
    hass: HomeAssistant, loaded: MockConfigEntry, user: MockUser, token: str, hass_ws_client: Connect
) -> None:
    """The policy says another entity now, and the old one's rows would still be shown."""
    await put_in_group(hass, user, entities(SUPPORT))
    desk = await Desk.open(hass_ws_client, token)
    er.async_get(hass).async_update_entity(SUPPORT, new_entity_id="sensor.secret")
    await hass.async_block_till_done()
    await desk.news()
    assert desk.ids == {}
    er.async_get(hass).async_update_entity(NIGHT, new_entity_id=SUPPORT)
    await hass.async_block_till_done()
    await desk.news()
    assert desk.ids == {"queues": {"night"}}
    er.async_get(hass).async_remove(SUPPORT)
    await hass.async_block_till_done()
    await desk.news()
    assert desk.ids == {}


async def test_what_has_no_entity_is_for_those_who_may_read_all(
    hass: HomeAssistant, entry: MockConfigEntry, user: MockUser, token: str, hass_ws_client: Connect
) -> None:
    """Phones that were left out of Home Assistant would come in by the back door."""
    hass.config_entries.async_update_entry(entry, options={CONF_PHONES: [TOM]})
    assert await async_setup_component(hass, DOMAIN, {})
    await hass.async_block_till_done(wait_background_tasks=True)
    await put_in_group(hass, user, {"entities": {"domains": {"sensor": {"read": True}}}})
    desk = await Desk.open(hass_ws_client, token)
    # Of an agent without a device, those may know who may read their queue.
    assert desk.ids == {"queues": {"support", "night"}, "agents": {TOM, ANNE_MARIE}, "phones": {TOM}}
    await put_in_group(hass, user, entities(NIGHT))
    await desk.news()
    assert desk.ids == {"queues": {"night"}}


async def test_a_reload_gives_nobody_more_than_before(
    hass: HomeAssistant, loaded: MockConfigEntry, user: MockUser, token: str, hass_ws_client: Connect
) -> None:
    """Every change of an option would open the front desk to all who look."""
    await put_in_group(hass, user, entities(NIGHT))
    desk = await Desk.open(hass_ws_client, token)
    await hass.config_entries.async_reload(loaded.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    messages = await desk.news()
    assert desk.ids == {"queues": {"night"}}
    assert not any(message.get(table) for message in messages for table in ("agents", "phones", "health"))


async def layout(desk: Desk, **fields: Any) -> Any:
    """Return what there is for a dashboard."""
    return (await desk.ask("layout", **fields))["result"]["entries"]


async def test_the_layout_names_what_there_is(loaded: MockConfigEntry, hass_ws_client: Connect) -> None:
    """The dashboard would be empty, or full of entities that are not there."""
    desk = await Desk.open(hass_ws_client)
    (pbx,) = await layout(desk)
    assert (pbx["config_entry_id"], pbx["name"]) == (loaded.entry_id, loaded.title)
    assert pbx["pbx"]["entities"]["callbacks"] == CALLBACKS
    assert "fax_no_fax" not in pbx["pbx"]["entities"]  # off by default
    assert [queue["id"] for queue in pbx["queues"]] == ["night", "support"]
    assert pbx["queues"][1]["entities"]["callers_waiting"] == SUPPORT
    assert pbx["queues"][1]["device_id"] == desk.rows["queues"]["support"]["device_id"]
    assert {phone["id"]: (phone["name"], phone["extension"]) for phone in pbx["phones"]} == {
        auth_id: (phone["name"], phone["extension"]) for auth_id, phone in desk.rows["phones"].items()
    }
    assert await layout(desk, config_entry_id=loaded.entry_id) == [pbx]
    assert await layout(desk, config_entry_id="nobody's") == []


async def test_the_layout_says_whose_name_texts_go_out_under(
    hass: HomeAssistant, loaded: MockConfigEntry, hass_ws_client: Connect, pbx: SimulatedPbx, poll: Poll
) -> None:
    """Somebody would sign a text with a name of their own, and the customer read another one."""
    desk = await Desk.open(hass_ws_client)
    assert (await layout(desk))[0]["sender"] == "100 Front Desk"
    await hass.config_entries.async_unload(loaded.entry_id)
    assert (await layout(desk))[0]["sender"] is None


async def test_where_the_account_is_no_user_nobody_says_who_sends(
    hass: HomeAssistant, loaded: MockConfigEntry, hass_ws_client: Connect, pbx: SimulatedPbx, poll: Poll
) -> None:
    """A name that is made up is worse than none."""
    pbx.remove_extension("front100")
    pbx.add_extension("101", "Nobody", auth_id="nobody101")
    desk = await Desk.open(hass_ws_client)
    await loaded.runtime_data.users.async_refresh()
    await desk.news()
    assert (await layout(desk))[0]["sender"] is None


async def test_figures_of_peoples_work_are_for_those_who_may_read_them(
    hass: HomeAssistant,
    agent_figures: None,
    loaded: MockConfigEntry,
    user: MockUser,
    token: str,
    hass_ws_client: Connect,
    pbx: SimulatedPbx,
    poll: Poll,
) -> None:
    """Every colleague would read how much another one has done today."""
    pbx.add_past_call(CALLER, "support", by=TOM, wait=12, talk=90)
    pbx.add_past_call(CALLER, TOM, outcome=Outcome.UNANSWERED)
    await poll(61)
    keys = ("answered_today", "missed_today", "talk_today", "last_call")
    owner = await Desk.open(hass_ws_client)
    row = owner.rows["agents"][TOM]
    assert [row[key] for key in keys] == [1, 1, 90, "2026-11-23T15:00:00+00:00"]
    assert [owner.rows["agents"][ANNE_MARIE][key] for key in keys] == [0, 0, 0, None]
    pbx.add_past_call(TOM, CALLER, talk=30)
    await poll(61)
    assert changed(await owner.news()).get("agents") == {TOM}
    assert owner.rows["agents"][TOM]["talk_today"] == 120

    await put_in_group(hass, user, entities(SUPPORT, TOM_AGENT))
    desk = await Desk.open(hass_ws_client, token)
    assert [desk.rows["agents"][TOM][key] for key in keys] == [None] * 4
    figures = er.async_get(hass).async_get_entity_id("sensor", DOMAIN, f"01PBX_phone_{TOM}_calls_answered_today")
    await put_in_group(hass, user, entities(SUPPORT, TOM_AGENT, str(figures)))
    await desk.news()
    assert desk.rows["agents"][TOM] == owner.rows["agents"][TOM]


async def test_each_queue_is_an_object_of_its_own_in_the_layout(
    hass: HomeAssistant, loaded: MockConfigEntry, pbx: SimulatedPbx, poll: Poll, hass_ws_client: Connect
) -> None:
    """Two views of the dashboard would have one path, and the second could not be reached."""
    names = ("Sales/1", "Sales 1", "★", "☆")
    for name in names:
        pbx.add_queue(name)
    await poll(15)
    desk = await Desk.open(hass_ws_client)
    (before,) = await layout(desk)
    objects = {queue["id"]: queue["object_id"] for queue in before["queues"]}
    assert {"night", "support", *names} == objects.keys()
    assert objects["support"] == "queue_support"
    assert len(set(objects.values())) == len(objects)
    assert all(object_id.isascii() and "-" not in object_id for object_id in objects.values())
    # The path that somebody has bookmarked is still there when the PBX is not.
    assert await hass.config_entries.async_unload(loaded.entry_id)
    await desk.news()
    assert (await layout(desk))[0]["queues"] == before["queues"]


async def test_the_layout_is_there_while_the_pbx_is_not(
    hass: HomeAssistant, loaded: MockConfigEntry, hass_ws_client: Connect
) -> None:
    """A dashboard that is opened while Home Assistant starts would stay empty."""
    desk = await Desk.open(hass_ws_client)
    (before,) = await layout(desk)
    assert await hass.config_entries.async_unload(loaded.entry_id)
    await desk.news()
    (pbx,) = await layout(desk)
    assert (pbx["pbx"], pbx["queues"]) == (before["pbx"], before["queues"])
    assert [phone["entities"] for phone in pbx["phones"]] == [phone["entities"] for phone in before["phones"]]


async def test_the_layout_leaves_out_what_is_hidden_or_turned_off(
    hass: HomeAssistant, loaded: MockConfigEntry, hass_ws_client: Connect
) -> None:
    """What somebody has put away would come back on the dashboard."""
    registry = er.async_get(hass)
    registry.async_update_entity(SUPPORT, disabled_by=er.RegistryEntryDisabler.USER)
    registry.async_update_entity(CALLBACKS, hidden_by=er.RegistryEntryHider.USER)
    (pbx,) = await layout(await Desk.open(hass_ws_client))
    assert "callbacks" not in pbx["pbx"]["entities"]
    assert "callers_waiting" not in pbx["queues"][1]["entities"]


async def test_the_layout_has_what_the_user_may_read(
    hass: HomeAssistant, loaded: MockConfigEntry, user: MockUser, token: str, hass_ws_client: Connect
) -> None:
    """The dashboard would be full of red cards, and tell the names of queues and colleagues."""
    await put_in_group(hass, user, entities(NIGHT, TOM_CALLS))
    (pbx,) = await layout(await Desk.open(hass_ws_client, token))
    assert pbx["pbx"] == {"device_id": None, "entities": {}}
    assert [(queue["id"], queue["entities"]) for queue in pbx["queues"]] == [("night", {"callers_waiting": NIGHT})]
    assert [(phone["id"], phone["entities"]) for phone in pbx["phones"]] == [(TOM, {"call_state": TOM_CALLS})]
