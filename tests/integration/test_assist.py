"""Assist: what it is asked, what it may do, and that it knows no more than the user has exposed to it."""

from pathlib import Path
import shutil
from types import MappingProxyType
from typing import Any

from homeassistant.components import conversation
from homeassistant.components.homeassistant.exposed_entities import async_expose_entity
from homeassistant.config_entries import ConfigSubentry
from homeassistant.core import Context, HomeAssistant
from homeassistant.helpers import entity_registry as er, intent, llm
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
import voluptuous as vol

import custom_components.dls_pbx as integration
from custom_components.dls_pbx.const import DOMAIN
from simulator.app import Simulator
from simulator.pbx.simulated import SimulatedPbx
from tests.helpers.entities import ENTRY_ID
from tests.helpers.office import ANNE_MARIE, CALLER, JERRY, OTHER_CALLER, TOM, ZOE
from tests.helpers.service_calls import sent
from tests.integration.conftest import Poll

ASSISTANT = conversation.DOMAIN
ON_CALL = "8155550188"


@pytest.fixture(params=["en"])
def language(request: pytest.FixtureRequest) -> str:
    """Return the language that is spoken; English unless a test says otherwise."""
    spoken: str = request.param
    return spoken


@pytest.fixture
async def house(
    hass: HomeAssistant, entry: MockConfigEntry, pbx: SimulatedPbx, tmp_path: Path, language: str
) -> MockConfigEntry:
    """Return the config entry, set up with a recipient, in a house whose Assist has the sentences and sees nothing."""
    for number, name in ((ON_CALL, "On call"), ("Jerry's", "Jerry")):
        recipients = [number] if number.isdecimal() else ["69"]
        hass.config_entries.async_add_subentry(entry, _recipient(name, recipients))
    for component in ("homeassistant", "intent", "conversation"):
        assert await async_setup_component(hass, component, {})
    assert await async_setup_component(hass, DOMAIN, {})
    await hass.async_block_till_done(wait_background_tasks=True)
    hass.config.language = language
    shutil.copytree(Path(integration.__file__).parent / "custom_sentences", tmp_path / "custom_sentences")
    hass.config.config_dir = str(tmp_path)
    for entity in er.async_entries_for_config_entry(er.async_get(hass), entry.entry_id):
        async_expose_entity(hass, ASSISTANT, entity.entity_id, should_expose=False)
    return entry


def _recipient(name: str, recipients: list[str]) -> ConfigSubentry:
    data = MappingProxyType({"name": name, "recipients": recipients})
    return ConfigSubentry(data=data, subentry_type="sms_recipient", title=name, unique_id=None)


def expose(hass: HomeAssistant, platform: str, *unique_ids: str) -> None:
    """Let Assist see entities, by their unique ids without the entry's part."""
    for unique_id in unique_ids:
        entity_id = er.async_get(hass).async_get_entity_id(platform, DOMAIN, f"{ENTRY_ID}_{unique_id}")
        assert entity_id, unique_id
        async_expose_entity(hass, ASSISTANT, entity_id, should_expose=True)


def expose_recipient(hass: HomeAssistant, name: str) -> str:
    """Let Assist see a recipient; returns its entity ID."""
    (found,) = [state for state in hass.states.async_all("notify") if state.name == name]
    async_expose_entity(hass, ASSISTANT, found.entity_id, should_expose=True)
    return found.entity_id


async def say(hass: HomeAssistant, words: str) -> tuple[str, str]:
    """Say something to the agent that needs no language model; returns the kind of its answer and its words."""
    result = await conversation.async_converse(hass, words, None, Context(), language=hass.config.language)
    return result.response.response_type.value, result.response.speech.get("plain", {}).get("speech", "")


async def tools(hass: HomeAssistant, api_id: str = llm.LLM_API_ASSIST) -> llm.APIInstance:
    """Return what a language model is given."""
    assert await async_setup_component(hass, "llm", {})
    asking = llm.LLMContext(platform="test", context=Context(), language="en", assistant=ASSISTANT, device_id=None)
    return await llm.async_get_api(hass, api_id, asking)


def ours(api: llm.APIInstance) -> dict[str, llm.Tool]:
    """Return our tools among those that a language model is given."""
    return {tool.name: tool for tool in api.tools if tool.integration == DOMAIN}


async def use(hass: HomeAssistant, tool: str, /, **args: Any) -> tuple[bool, dict[str, Any]]:
    """Use a tool as a language model does; returns whether it worked and what it says."""
    result = await (await tools(hass)).async_call_tool(llm.ToolInput(f"{DOMAIN}__{tool}", args))
    return not result.error, dict(result.data)


async def test_a_language_model_is_offered_nothing_that_was_not_exposed(
    hass: HomeAssistant, house: MockConfigEntry
) -> None:
    """Who talks to a model in the cloud decides what it learns, and nobody else."""
    assert ours(await tools(hass)) == {}
    expose(hass, "sensor", "queue_support_callers_waiting")
    assert ours(await tools(hass)).keys() == {"dls_pbx__callers_waiting"}
    expose(hass, "binary_sensor", f"phone_{TOM}_in_call")
    expose_recipient(hass, "On call")
    assert ours(await tools(hass)).keys() == {
        "dls_pbx__callers_waiting",
        "dls_pbx__phones_in_use",
        "dls_pbx__send_text",
    }


async def test_reading_is_marked_as_harmless_and_sending_is_not(hass: HomeAssistant, house: MockConfigEntry) -> None:
    """An assistant asks before it does what cannot be taken back, and does not before it looks at something."""
    expose(hass, "sensor", "pbx_callers_waiting", f"phone_{TOM}_call_state")
    expose_recipient(hass, "On call")
    found = ours(await tools(hass))
    reads = {name: tool.annotations.read_only for name, tool in found.items()}
    assert reads == {
        "dls_pbx__callers_waiting": True,
        "dls_pbx__phones_in_use": True,
        "dls_pbx__send_text": False,
    }
    text = found["dls_pbx__send_text"].annotations
    assert (text.destructive, text.idempotent, text.open_world) == (True, False, True)
    assert [tool.title for tool in found.values() if not tool.title or not tool.description] == []


async def test_a_language_model_learns_who_waits_where_it_may_look(
    hass: HomeAssistant, house: MockConfigEntry, pbx: SimulatedPbx, poll: Poll
) -> None:
    """A wrong number is worse than none: people act on it."""
    expose(hass, "sensor", "queue_support_callers_waiting", "queue_support_longest_wait")
    pbx.call_in(CALLER, to="support")
    pbx.call_in(OTHER_CALLER, to="night")
    await poll(75)
    assert await use(hass, "callers_waiting") == (
        True,
        {
            "callers_waiting": 1,
            "queues": [{"queue": "support", "callers_waiting": 1, "longest_wait_seconds": 75}],
        },
    )
    expose(hass, "sensor", "queue_night_callers_waiting", "pbx_callers_waiting")
    _, said = await use(hass, "callers_waiting")
    assert said["callers_waiting"] == 2
    assert said["queues"][0] == {"queue": "night", "callers_waiting": 1, "longest_wait_seconds": None}
    assert CALLER not in str(said)


async def test_a_language_model_learns_who_is_on_the_phone(
    hass: HomeAssistant, house: MockConfigEntry, pbx: SimulatedPbx, poll: Poll
) -> None:
    """It would put somebody through to a colleague who talks."""
    expose(hass, "binary_sensor", f"phone_{TOM}_in_call", f"phone_{ZOE}_in_call")
    expose(hass, "sensor", f"phone_{ANNE_MARIE}_call_state")
    pbx.answer(pbx.call_in(CALLER, to="630"))
    pbx.answer(pbx.call_in(OTHER_CALLER, to="69"))
    pbx.call_internal("front100", "631")
    await poll(16)
    assert await use(hass, "phones_in_use") == (
        True,
        {"in_call": ["Tom (630)"], "ringing": ["Anne-Marie O'Neil (631)"], "unknown_phones": 0},
    )


async def test_what_nobody_knows_is_not_told_as_nothing(
    hass: HomeAssistant, house: MockConfigEntry, simulator: Simulator, poll: Poll
) -> None:
    """Told that nobody waits, everybody goes to lunch in the middle of an outage."""
    expose(hass, "sensor", "queue_support_callers_waiting", f"phone_{JERRY}_call_state")
    simulator.control.fail("*", "server_error", times=None)
    await poll()
    assert (await use(hass, "callers_waiting"))[1] == {
        "callers_waiting": None,
        "queues": [{"queue": "support", "callers_waiting": None, "longest_wait_seconds": None}],
    }
    assert (await use(hass, "phones_in_use"))[1] == {"in_call": [], "ringing": [], "unknown_phones": 1}


async def test_a_language_model_texts_those_whom_the_user_has_named(
    hass: HomeAssistant, house: MockConfigEntry, simulator: Simulator
) -> None:
    """Asked to tell the one on call, it has to reach that very person, once."""
    expose_recipient(hass, "On call")
    worked, said = await use(hass, "send_text", recipient="On call", message="The boiler is out.")
    assert (worked, said) == (True, {"sent": True})
    (text,) = sent(simulator, "sms.send_sms")
    assert text == {"dst": [f"+1{ON_CALL}"], "body": "The boiler is out."}


async def test_a_language_model_texts_nobody_else(
    hass: HomeAssistant, house: MockConfigEntry, simulator: Simulator
) -> None:
    """A model that was talked into it would text whomever it likes, at the office's expense."""
    entity_id = expose_recipient(hass, "On call")
    for recipient in (ON_CALL, "+18155550188", "630", "Jerry", entity_id):
        with pytest.raises(vol.Invalid):
            await use(hass, "send_text", recipient=recipient, message="Call me")
    assert sent(simulator, "sms.send_sms") == []


async def test_a_recipient_that_is_no_longer_exposed_gets_nothing(
    hass: HomeAssistant, house: MockConfigEntry, simulator: Simulator
) -> None:
    """A model remembers what it was told an hour ago."""
    entity_id = expose_recipient(hass, "On call")
    api = await tools(hass)
    async_expose_entity(hass, ASSISTANT, entity_id, should_expose=False)
    asked = llm.ToolInput("dls_pbx__send_text", {"recipient": "On call", "message": "Hello"})
    result = await api.async_call_tool(asked)
    assert (result.error, result.data) == (True, {"error": "There is no such recipient"})
    assert sent(simulator, "sms.send_sms") == []


async def test_a_phone_that_is_no_longer_exposed_is_not_told_of(hass: HomeAssistant, house: MockConfigEntry) -> None:
    """A model remembers which tools it had an hour ago."""
    expose(hass, "binary_sensor", f"phone_{TOM}_in_call")
    api = await tools(hass)
    entity_id = er.async_get(hass).async_get_entity_id("binary_sensor", DOMAIN, f"{ENTRY_ID}_phone_{TOM}_in_call")
    assert entity_id
    async_expose_entity(hass, ASSISTANT, entity_id, should_expose=False)
    result = await api.async_call_tool(llm.ToolInput("dls_pbx__phones_in_use", {}))
    assert (result.error, result.data) == (True, {"error": "No phone is exposed"})


async def test_a_text_that_is_refused_says_why_without_the_number(
    hass: HomeAssistant, house: MockConfigEntry, simulator: Simulator, pbx: SimulatedPbx, poll: Poll
) -> None:
    """The user wants to know that nothing went out; the model's maker need not know who opted out."""
    expose_recipient(hass, "On call")
    pbx.add_unsubscriber(ON_CALL, "0")
    await poll(61)
    worked, said = await use(hass, "send_text", recipient="On call", message="Hello")
    assert not worked
    assert "opt-out list" in said["error"]
    assert "…88" in said["error"]
    assert "555" not in said["error"]
    assert sent(simulator, "sms.send_sms") == []


async def test_two_recipients_of_one_name_are_nobody(
    hass: HomeAssistant, house: MockConfigEntry, simulator: Simulator
) -> None:
    """A text for one of them would go to the other."""
    for name in ("On call", "Jerry"):
        er.async_get(hass).async_update_entity(expose_recipient(hass, name), aliases=["the boss", name])
    schema = ours(await tools(hass))["dls_pbx__send_text"].parameters
    assert schema({"recipient": "Jerry", "message": "Hello"})
    with pytest.raises(vol.Invalid):
        schema({"recipient": "the boss", "message": "Hello"})


ALL_WAIT = {
    "en": "3 callers are waiting: 1 in night, 2 in support. The first has been waiting for a minute.",
    "es": "Esperan 3 personas: 1 en night, 2 en support. La primera espera desde hace un minuto.",
}
WAITING = {
    "en": {
        "how many callers are waiting": ALL_WAIT["en"],
        "is anybody waiting on the phone": ALL_WAIT["en"],
        "how many people are on hold in support": "2 callers are waiting in support. "
        "The first has been waiting for a minute.",
        "how many calls are waiting in the night queue": "One caller is waiting in night.",
    },
    "es": {
        "cuántas llamadas están en espera": ALL_WAIT["es"],
        "hay alguien esperando al teléfono": ALL_WAIT["es"],
        "cuántos clientes hay esperando en support": "Esperan 2 personas en support. "
        "La primera espera desde hace un minuto.",
        "cuántas personas hay esperando en la cola de night": "Espera una persona en night.",
    },
}
ON_THE_PHONE = {
    "en": ("who is on the phone", "who's in a call", "On the phone: Tom (630). Ringing: Jerry (69)."),
    "es": (
        "quién está al teléfono",
        "quien esta en una llamada",
        "Al teléfono: Tom (630). Suena el teléfono de Jerry (69).",
    ),
}
TEXTS = {
    "en": (
        "text on call the boiler is out",
        "send a text message to on call saying the boiler is out",
        "Sent to On call.",
    ),
    "es": (
        "envía un mensaje a on call diciendo the boiler is out",
        "escribe a on call que the boiler is out",
        "Enviado a On call.",
    ),
}


@pytest.mark.parametrize("language", ["en", "es"], indirect=True)
async def test_the_built_in_agent_says_how_many_wait(
    hass: HomeAssistant, house: MockConfigEntry, pbx: SimulatedPbx, poll: Poll, language: str
) -> None:
    """Without a language model nobody could ask."""
    expose(hass, "sensor", "queue_support_callers_waiting", "queue_support_longest_wait", "queue_night_callers_waiting")
    for number, queue in ((CALLER, "support"), (OTHER_CALLER, "support"), ("6305550101", "night")):
        pbx.call_in(number, to=queue)
    await poll(75)
    for words, answer in WAITING[language].items():
        assert await say(hass, words) == ("query_answer", answer)


@pytest.mark.parametrize("language", ["en", "es"], indirect=True)
async def test_the_built_in_agent_says_who_is_on_the_phone(
    hass: HomeAssistant, house: MockConfigEntry, pbx: SimulatedPbx, poll: Poll, language: str
) -> None:
    """Without a language model nobody could ask."""
    expose(hass, "sensor", f"phone_{TOM}_call_state", f"phone_{JERRY}_call_state")
    pbx.answer(pbx.call_in(CALLER, to="630"))
    pbx.call_in(OTHER_CALLER, to="69")
    await poll(16)
    *questions, answer = ON_THE_PHONE[language]
    for words in questions:
        assert await say(hass, words) == ("query_answer", answer)


@pytest.mark.parametrize("language", ["en", "es"], indirect=True)
async def test_the_built_in_agent_texts_those_whom_the_user_has_named(
    hass: HomeAssistant, house: MockConfigEntry, simulator: Simulator, language: str
) -> None:
    """Somebody with their hands full has to walk to a screen."""
    expose_recipient(hass, "On call")
    *orders, answer = TEXTS[language]
    for words in orders:
        assert await say(hass, words) == ("action_done", answer)
    texts = sent(simulator, "sms.send_sms")
    assert texts == [{"dst": [f"+1{ON_CALL}"], "body": "the boiler is out"}] * len(orders)


async def test_the_built_in_agent_texts_nobody_else(
    hass: HomeAssistant, house: MockConfigEntry, simulator: Simulator
) -> None:
    """A guest at the microphone would text whomever they like."""
    expose_recipient(hass, "On call")
    for whom in ("jerry", ON_CALL, "630"):
        kind, _ = await say(hass, f"text {whom} the boiler is out")
        assert kind == "error"
    assert sent(simulator, "sms.send_sms") == []


async def test_the_built_in_agent_says_that_it_does_not_know_what_was_not_exposed(
    hass: HomeAssistant, house: MockConfigEntry
) -> None:
    """To say that nobody is would be a lie, and the number a leak."""
    callers = "how many callers are waiting"
    for words in (callers, f"{callers} in the support queue", "who is on the phone"):
        kind, said = await say(hass, words)
        assert (kind, bool(said)) == ("error", True)


@pytest.mark.parametrize("language", ["en", "es"], indirect=True)
async def test_the_built_in_agent_does_not_say_nobody_while_the_pbx_says_nothing(
    hass: HomeAssistant, house: MockConfigEntry, simulator: Simulator, poll: Poll, language: str
) -> None:
    """Told that nobody waits, everybody goes to lunch in the middle of an outage."""
    expose(hass, "sensor", "pbx_callers_waiting", f"phone_{JERRY}_call_state")
    nobody = {
        "en": {
            "how many callers are waiting": "Nobody is waiting.",
            "who is on the phone": "Nobody is on the phone.",
        },
        "es": {
            "cuántas llamadas están en espera": "Nadie está esperando.",
            "quién está al teléfono": "Nadie está al teléfono.",
        },
    }[language]
    for words, answer in nobody.items():
        assert await say(hass, words) == ("query_answer", answer)
    simulator.control.fail("*", "server_error", times=None)
    await poll()
    for words, lie in nobody.items():
        kind, said = await say(hass, words)
        assert (kind, bool(said), lie in said) == ("query_answer", True, False)


async def test_a_refused_text_is_told_and_in_no_log(
    hass: HomeAssistant,
    house: MockConfigEntry,
    simulator: Simulator,
    pbx: SimulatedPbx,
    poll: Poll,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Home Assistant logs what intents raise, and a refusal names the number."""
    expose_recipient(hass, "On call")
    pbx.add_unsubscriber(ON_CALL, "0")
    await poll(61)
    kind, said = await say(hass, "text on call hello")
    assert kind == "error"
    assert "…88" in said
    assert sent(simulator, "sms.send_sms") == []
    assert [record for record in caplog.records if record.exc_info] == []
    ours_logged = [record for record in caplog.records if DOMAIN in record.name]
    assert [record for record in ours_logged if ON_CALL in record.getMessage()] == []


async def test_every_intent_of_the_sentences_is_there(hass: HomeAssistant, house: MockConfigEntry) -> None:
    """A sentence without a handler is an error in somebody's kitchen."""
    handlers = {handler.intent_type for handler in intent.async_get(hass) if handler.intent_type.startswith("DlsPbx")}
    agent = conversation.async_get_agent(hass, conversation.HOME_ASSISTANT_AGENT)
    assert agent
    for language in ("en", "es"):
        await agent.async_prepare(language)
        loaded = (await agent.async_get_or_load_intents(language)).intents_dict["intents"]  # type: ignore[attr-defined]
        assert {name for name in loaded if name.startswith("DlsPbx")} == handlers
