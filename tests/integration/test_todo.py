"""The to-do list of callers to be called back, from the calls at the PBX to the tick in Home Assistant."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
import json
import logging
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import entity_registry as er
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

from custom_components.dls_pbx.const import DOMAIN
from simulator.app import Simulator
from simulator.pbx.past import Outcome
from simulator.pbx.simulated import SimulatedPbx
from tests.helpers.automations import entity
from tests.helpers.entities import state_of
from tests.helpers.office import ANNE_MARIE, CALLER, JERRY, OTHER_CALLER, TOM
from tests.helpers.restarts import House
from tests.helpers.stored import stored
from tests.integration.conftest import Poll

LIST = "todo.dls_hosted_pbx_callbacks"

type Item = dict[str, Any]
type Edit = Callable[..., Awaitable[None]]


async def items(hass: HomeAssistant, status: str | None = None) -> list[Item]:
    """Return the items of the list, as automations get them."""
    found = await hass.services.async_call(
        "todo",
        "get_items",
        {"status": status} if status else {},
        target={"entity_id": LIST},
        blocking=True,
        return_response=True,
    )
    assert found is not None
    listed: list[Item] = found[LIST]["items"]  # type: ignore[index,call-overload,assignment]
    return listed


async def edit(hass: HomeAssistant, item: Item | str, **fields: Any) -> None:
    """Change an item, by its uid or its summary."""
    name = item if isinstance(item, str) else item["uid"]
    await hass.services.async_call(
        "todo", "update_item", {"item": name, **fields}, target={"entity_id": LIST}, blocking=True
    )


async def owed(hass: HomeAssistant) -> list[str]:
    """Return the open items, and see that everything that counts them agrees."""
    found = [item["summary"] for item in await items(hass, "needs_action")]
    state = hass.states.get(LIST)
    assert state
    assert (state.state, state_of(hass, "pbx", "callbacks_owed")) == (str(len(found)), str(len(found)))
    return found


async def test_a_callers_story_from_the_first_try_to_the_last_tick(
    hass: HomeAssistant, pbx: SimulatedPbx, loaded: MockConfigEntry, poll: Poll
) -> None:
    """A reception relies on it all day."""
    assert await owed(hass) == []
    call = pbx.call_in(CALLER, name="Jane Example", to="support")
    await poll(20)
    pbx.abandon(call)
    await poll(61)
    (item,) = await items(hass)
    assert item["summary"] == "Jane Example · (815) 555-0123"
    assert item["description"] == "Queue support"
    assert datetime.fromisoformat(item["due"]) == datetime.fromisoformat("2026-11-23T15:00:00+00:00")
    for number, to in ((f"+1{CALLER}", "69"), ("(815) 555-0123", "support")):
        call = pbx.call_in(number, to=to)
        await poll(20)
        pbx.hang_up(call)
        await poll(61)
    (item,) = await items(hass)
    assert item["summary"] == "Jane Example · (815) 555-0123"
    assert item["description"] == "Queue support · 3 tries, the first: 09:00"
    assert await owed(hass) == ["Jane Example · (815) 555-0123"]
    call = pbx.call_out(TOM, f"+1{CALLER}")
    pbx.answer(call)
    await poll(30)
    assert await owed(hass) == ["Jane Example · (815) 555-0123"]
    pbx.hang_up(call)
    await poll(61)
    assert await owed(hass) == []
    (item,) = await items(hass)
    assert (item["status"], item["summary"]) == ("completed", "Jane Example · (815) 555-0123")


async def test_a_caller_who_gets_through_is_ticked_off(
    hass: HomeAssistant, pbx: SimulatedPbx, loaded: MockConfigEntry, poll: Poll
) -> None:
    """Nobody likes to be called back about what has been settled."""
    pbx.add_past_call(CALLER, "support", outcome=Outcome.UNANSWERED)
    await poll(61)
    assert await owed(hass) == ["(815) 555-0123"]
    pbx.add_past_call(CALLER, "support", by=ANNE_MARIE)
    await poll(130)
    assert await owed(hass) == []


async def test_a_voicemail_waits_for_a_call_too(
    hass: HomeAssistant, pbx: SimulatedPbx, loaded: MockConfigEntry, poll: Poll
) -> None:
    """Who leaves a message expects an answer."""
    pbx.add_past_call(OTHER_CALLER, "69", outcome=Outcome.VOICEMAIL, ago=30)
    pbx.add_past_call("+442079460958", "69", outcome=Outcome.UNANSWERED, ago=20)
    await poll(61)
    first, second = await items(hass)
    assert (first["summary"], first["description"]) == ("(847) 555-0199", "Went to voicemail")
    assert second["summary"] == "+44 20 7946 0958"
    assert "description" not in second


@pytest.mark.parametrize("hidden", ["anonymous", "Restricted", "", "0000000000"])
async def test_a_caller_who_hides_is_not_on_the_list(
    hass: HomeAssistant, pbx: SimulatedPbx, loaded: MockConfigEntry, poll: Poll, hidden: str
) -> None:
    """Nobody can call them back."""
    pbx.add_past_call(hidden, "support", outcome=Outcome.UNANSWERED)
    await poll(61)
    assert state_of(hass, "pbx", "missed_calls_today") == "1"
    assert await owed(hass) == []


async def test_colleagues_faxes_and_calls_out_are_not_on_the_list(
    hass: HomeAssistant, pbx: SimulatedPbx, loaded: MockConfigEntry, poll: Poll
) -> None:
    """The list is for people outside who wanted to speak to somebody."""
    pbx.add_past_call(TOM, "69", outcome=Outcome.UNANSWERED)
    pbx.add_past_call(JERRY, "support", outcome=Outcome.UNANSWERED)
    pbx.add_past_call(TOM, CALLER, outcome=Outcome.UNANSWERED)
    pbx.add_past_call(CALLER, "69", outcome=Outcome.FAX, talk=20)
    pbx.add_past_call(OTHER_CALLER, "69", outcome=Outcome.FAX_FAILED, talk=20)
    await poll(61)
    assert await owed(hass) == []


async def test_calls_before_the_first_set_up_are_not_on_the_list(
    hass: HomeAssistant, pbx: SimulatedPbx, entry: MockConfigEntry, poll: Poll
) -> None:
    """A new list shall not begin with months of old debts."""
    for ago in (300, 86400, 30 * 86400):
        pbx.add_past_call(CALLER, "69", outcome=Outcome.UNANSWERED, ago=ago)
    assert await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    await poll(61)
    assert await owed(hass) == []


async def test_ticked_by_hand_stays_ticked_until_they_call_again(
    hass: HomeAssistant, pbx: SimulatedPbx, loaded: MockConfigEntry, poll: Poll
) -> None:
    """Whoever ticks off has seen to it, whatever comes late, and whatever restarts."""
    pbx.add_past_call(CALLER, "69", outcome=Outcome.UNANSWERED)
    await poll(61)
    (item,) = await items(hass)
    await edit(hass, item, status="completed")
    assert await owed(hass) == []
    assert ["completed" in kept for kept in stored(hass)["callbacks"].values()] == [True]
    await hass.config_entries.async_reload(loaded.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    # A row that was on its way when it was ticked off.
    pbx.add_past_call(CALLER, "69", outcome=Outcome.UNANSWERED, ago=30)
    await poll(61)
    assert await owed(hass) == []
    assert [one["status"] for one in await items(hass)] == ["completed"]
    pbx.add_past_call(CALLER, "69", outcome=Outcome.UNANSWERED)
    await poll(61)
    assert await owed(hass) == ["(815) 555-0123"]
    assert [one["status"] for one in await items(hass)] == ["needs_action", "completed"]


async def test_the_list_is_there_after_a_restart_and_while_the_pbx_is_down(
    hass: HomeAssistant, simulator: Simulator, pbx: SimulatedPbx, loaded: MockConfigEntry, poll: Poll
) -> None:
    """People call back by another line while the PBX is down, and have a list to go by."""
    for number in (CALLER, OTHER_CALLER):
        pbx.add_past_call(number, "support", outcome=Outcome.UNANSWERED)
    await poll(61)
    before = await items(hass)
    assert len(before) == 2
    await hass.config_entries.async_reload(loaded.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert await items(hass) == before
    simulator.control.fail("*", "server_error", None)
    await poll()
    await poll()
    assert state_of(hass, "pbx", "connected") == "off"
    assert await items(hass) == before
    await edit(hass, before[0], status="completed")
    assert len(await owed(hass)) == 1


async def test_what_happened_while_home_assistant_was_away_is_on_the_list(
    hass: HomeAssistant, pbx: SimulatedPbx, loaded: MockConfigEntry, poll: Poll, frozen: FrozenDateTimeFactory
) -> None:
    """Somebody called in the night of the update."""
    pbx.add_past_call(CALLER, "69", outcome=Outcome.UNANSWERED)
    await poll(61)
    await hass.config_entries.async_unload(loaded.entry_id)
    frozen.tick(timedelta(hours=3))
    pbx.add_past_call(OTHER_CALLER, "69", outcome=Outcome.UNANSWERED, ago=9000)
    pbx.add_past_call(TOM, CALLER, ago=8000)
    pbx.add_past_call("3125550147", "69", outcome=Outcome.UNANSWERED, ago=7000)
    pbx.add_past_call("3125550147", "69", ago=6000)
    assert await hass.config_entries.async_setup(loaded.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    await poll(61)
    assert await owed(hass) == ["(847) 555-0199"]
    assert [one["summary"] for one in await items(hass, "completed")] == ["(815) 555-0123"]


async def test_a_tick_can_be_taken_back(
    hass: HomeAssistant, pbx: SimulatedPbx, loaded: MockConfigEntry, poll: Poll
) -> None:
    """A finger slips."""
    pbx.add_past_call(CALLER, "69", outcome=Outcome.UNANSWERED)
    await poll(61)
    await edit(hass, "(815) 555-0123", status="completed")
    assert await owed(hass) == []
    await edit(hass, "(815) 555-0123", status="needs_action")
    assert await owed(hass) == ["(815) 555-0123"]


async def test_items_can_be_deleted(
    hass: HomeAssistant, pbx: SimulatedPbx, loaded: MockConfigEntry, poll: Poll
) -> None:
    """A nuisance caller is nobody to call back."""
    for number in (CALLER, OTHER_CALLER):
        pbx.add_past_call(number, "69", outcome=Outcome.UNANSWERED)
    await poll(61)
    await hass.services.async_call(
        "todo", "remove_item", {"item": "(815) 555-0123"}, target={"entity_id": LIST}, blocking=True
    )
    assert await owed(hass) == ["(847) 555-0199"]
    await edit(hass, "(847) 555-0199", status="completed")
    await hass.services.async_call("todo", "remove_completed_items", {}, target={"entity_id": LIST}, blocking=True)
    assert await items(hass) == []
    pbx.add_past_call(CALLER, "69", outcome=Outcome.UNANSWERED, ago=30)
    await poll(61)
    assert await items(hass) == []


async def test_the_form_ticks_off_and_takes_a_note_but_changes_nothing_else(
    hass: HomeAssistant, pbx: SimulatedPbx, loaded: MockConfigEntry, poll: Poll
) -> None:
    """The form of the to-do list sends all fields back; what would be lost at once must be refused."""
    pbx.add_past_call(CALLER, "support", outcome=Outcome.UNANSWERED, name="Jane")
    await poll(61)
    (item,) = await items(hass)
    form = {"rename": item["summary"], "description": item["description"], "due_datetime": item["due"]}
    for change in ({"rename": "June"}, {"due_datetime": "2026-11-24 09:00:00"}):
        with pytest.raises(ServiceValidationError) as refused:
            await edit(hass, item, **form | {"status": "needs_action"} | change)
        assert refused.value.translation_key == "callback_not_editable"
        assert await items(hass) == [item]
    await edit(hass, item, **form, status="needs_action")
    assert len(await owed(hass)) == 1
    await edit(hass, item, **form, status="completed")
    assert await owed(hass) == []


async def test_a_note_stands_above_what_the_records_say(
    hass: HomeAssistant, pbx: SimulatedPbx, loaded: MockConfigEntry, poll: Poll
) -> None:
    """Whoever calls back would not know what the last one has promised."""
    pbx.add_past_call(CALLER, "support", outcome=Outcome.UNANSWERED)
    await poll(61)
    (item,) = await items(hass)
    await edit(hass, item, description="Wants the blue one.\n\nCall after five.\nQueue support")
    (noted,) = await items(hass)
    assert noted == item | {"description": "Wants the blue one.\n\nCall after five.\nQueue support"}
    # Somebody who writes over what the records say loses nothing of it.
    await edit(hass, item, description="Call at six")
    assert [one["description"] for one in await items(hass)] == ["Call at six\nQueue support"]
    pbx.add_past_call(CALLER, "69", outcome=Outcome.VOICEMAIL, wait=0)
    await poll(61)
    details = "Queue support · 2 tries, the first: 08:59 · Went to voicemail"
    assert [one["description"] for one in await items(hass)] == [f"Call at six\n{details}"]
    # A form that was opened before that try.
    await edit(hass, item, description="Call at seven\nQueue support")
    assert [one["description"] for one in await items(hass)] == [f"Call at seven\n{details}"]
    await edit(hass, item, description="")
    assert [one["description"] for one in await items(hass)] == [details]
    await edit(hass, item, description=None)
    assert [one["description"] for one in await items(hass)] == [details]


async def test_a_note_keeps_its_paragraphs_where_the_records_have_nothing_to_say(
    hass: HomeAssistant, pbx: SimulatedPbx, loaded: MockConfigEntry, poll: Poll
) -> None:
    """A list of three things would become a riddle."""
    pbx.add_past_call(CALLER, "69", outcome=Outcome.UNANSWERED)
    await poll(61)
    (item,) = await items(hass)
    await edit(hass, item, description="Ask for:\n\nthe invoice")
    assert await items(hass) == [item | {"description": "Ask for:\n\nthe invoice"}]
    await edit(hass, item, description="")
    assert await items(hass) == [item]


async def test_a_note_outlives_restarts_and_is_written_at_once(pbx: SimulatedPbx, house: House) -> None:
    """A power cut would take what somebody has just written down."""
    await house.start()
    assert house.hass
    pbx.add_past_call(CALLER, "support", outcome=Outcome.UNANSWERED)
    await house.pass_time()
    await edit_of(house.hass, "(815) 555-0123", description="Call at six")
    await house.kill()
    await house.start()
    await edit_of(house.hass, "(815) 555-0123", status="completed", description="He was out\nCall at six")
    await house.kill()
    await house.start()
    await edit_of(house.hass, "(815) 555-0123", status="needs_action")
    list_id = entity(house.hass, "todo", "pbx", "callbacks")
    found: Any = await house.hass.services.async_call(
        "todo", "get_items", {}, target={"entity_id": list_id}, blocking=True, return_response=True
    )
    assert [one["description"] for one in found[list_id]["items"]] == ["He was out\nCall at six\nQueue support"]


async def edit_of(hass: HomeAssistant, item: str, **fields: Any) -> None:
    """Change an item of whatever the list is called."""
    target = {"entity_id": entity(hass, "todo", "pbx", "callbacks")}
    await hass.services.async_call("todo", "update_item", {"item": item, **fields}, target=target, blocking=True)


async def test_a_note_that_is_too_long_is_refused(
    hass: HomeAssistant, pbx: SimulatedPbx, loaded: MockConfigEntry, poll: Poll
) -> None:
    """Half a note may say the contrary."""
    pbx.add_past_call(CALLER, "support", outcome=Outcome.UNANSWERED)
    await poll(61)
    (item,) = await items(hass)
    with pytest.raises(ServiceValidationError) as refused:
        await edit(hass, item, description="x" * 501, status="completed")
    assert refused.value.translation_key == "note_too_long"
    assert await items(hass) == [item]
    await edit(hass, item, description="x" * 500 + "\nQueue support")
    assert [one["description"] for one in await items(hass)] == ["x" * 500 + "\nQueue support"]


async def test_the_list_says_it_in_the_language_of_home_assistant(
    hass: HomeAssistant, pbx: SimulatedPbx, entry: MockConfigEntry, poll: Poll
) -> None:
    """Half a Spanish page in English looks broken."""
    hass.config.language = "es"
    assert await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    pbx.add_past_call(CALLER, "support", outcome=Outcome.UNANSWERED)
    pbx.add_past_call(CALLER, "69", outcome=Outcome.VOICEMAIL)
    await poll(61)
    listed = hass.states.async_entity_ids("todo")
    found = await hass.services.async_call(
        "todo", "get_items", {}, target={"entity_id": listed}, blocking=True, return_response=True
    )
    assert found is not None
    ((item,),) = [answer["items"] for answer in found.values()]  # type: ignore[index,call-overload,union-attr]
    assert item["description"] == "Cola support · 2 intentos, el primero: 08:59 · Fue al buzón de voz"


async def test_a_first_try_on_another_day_says_which(
    hass: HomeAssistant, pbx: SimulatedPbx, loaded: MockConfigEntry, poll: Poll
) -> None:
    """09:00 of yesterday is not 09:00."""
    pbx.add_past_call(CALLER, "69", outcome=Outcome.UNANSWERED, wait=0)
    await poll(61)
    await poll(86400)
    pbx.add_past_call(CALLER, "69", outcome=Outcome.UNANSWERED)
    await poll(61)
    (item,) = await items(hass)
    assert item["description"] == "2 tries, the first: 2026-11-23 09:00"


async def test_dashboards_are_told_at_once(
    hass: HomeAssistant,
    pbx: SimulatedPbx,
    loaded: MockConfigEntry,
    poll: Poll,
    hass_ws_client: WebSocketGenerator,  # after the clock has been stopped, or its token is from the future
) -> None:
    """A second try changes no count; the card has to show it all the same."""
    pbx.add_past_call(CALLER, "69", outcome=Outcome.UNANSWERED)
    await poll(61)
    client = await hass_ws_client(hass)
    await client.send_json_auto_id({"type": "todo/item/subscribe", "entity_id": LIST})
    assert (await client.receive_json())["success"]
    assert len((await client.receive_json())["event"]["items"]) == 1
    pbx.add_past_call(CALLER, "69", outcome=Outcome.UNANSWERED)
    await poll(61)
    (item,) = (await client.receive_json())["event"]["items"]
    assert item["description"].startswith("2 tries")
    await client.close()


async def test_states_and_our_log_name_no_caller(
    hass: HomeAssistant,
    pbx: SimulatedPbx,
    loaded: MockConfigEntry,
    poll: Poll,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Both are kept and passed on."""
    caplog.set_level(logging.DEBUG, "custom_components.dls_pbx")
    pbx.add_past_call(CALLER, "support", outcome=Outcome.UNANSWERED, name="Jane Example")
    await poll(61)
    (item,) = await items(hass)
    await edit(hass, item, status="completed")
    shown = json.dumps([state.as_dict() for state in hass.states.async_all(("todo", "sensor"))], default=str)
    ours = " ".join(record.getMessage() for record in caplog.records if DOMAIN in record.name)
    for private in (CALLER, "555-0123", "Jane"):
        assert private not in shown + ours


async def test_list_and_count_are_entities_of_the_pbx(
    hass: HomeAssistant, entity_registry: er.EntityRegistry, loaded: MockConfigEntry
) -> None:
    """Automations hold on to these ids."""
    found = {
        (entity.domain, entity.unique_id, entity.translation_key, (entity.capabilities or {}).get("state_class"))
        for entity in er.async_entries_for_config_entry(entity_registry, loaded.entry_id)
        if entity.translation_key and entity.translation_key.startswith("callbacks")
    }
    assert found == {
        ("todo", "01PBX_pbx_callbacks", "callbacks", None),
        ("sensor", "01PBX_pbx_callbacks_owed", "callbacks_owed", "measurement"),
    }
