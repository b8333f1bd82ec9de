"""The blueprints about texts: loaded as Home Assistant loads them, and run against the PBX."""

from typing import Any

from homeassistant.components.blueprint.models import DomainBlueprints
from homeassistant.config_entries import ConfigSubentry
from homeassistant.core import HomeAssistant, callback
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator, WebSocketGenerator

from simulator.app import Simulator
from simulator.pbx.past import Outcome
from simulator.pbx.simulated import SimulatedPbx
from tests.helpers.automations import device
from tests.helpers.blueprints import FOLDER, lamps, settle, switch, texts, told, use
from tests.helpers.office import CALLER, OTHER_CALLER
from tests.helpers.phone_app import PhoneApp
from tests.integration.conftest import Poll

TOO_LONG = "So " * 70
OUR_NUMBER = "8475550201"


@pytest.fixture(autouse=True)
def _folder(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have Home Assistant look for blueprints in the repository."""
    monkeypatch.setattr(DomainBlueprints, "blueprint_folder", FOLDER)


# --- Answer texts from your phone ----------------------------------------------------------------------------------


@pytest.fixture
async def phone(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    hass_client: ClientSessionGenerator,
    hass_ws_client: WebSocketGenerator,
) -> PhoneApp:
    """Return a phone with the Home Assistant app."""
    return await PhoneApp.register(hass, hass_client, hass_ws_client)


async def answer(hass: HomeAssistant, phone: PhoneApp, **inputs: Any) -> None:
    """Use the blueprint for this phone."""
    await use(hass, "answer_texts_from_your_phone", pbx=device(hass, "pbx"), phone=phone.device_id, **inputs)


def buttons(notification: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Return the buttons of a notification by what is on them."""
    return {button["title"]: button for button in notification["data"]["actions"]}


async def test_each_answer_goes_to_whom_it_answers(
    hass: HomeAssistant, simulator: Simulator, pbx: SimulatedPbx, poll: Poll, phone: PhoneApp
) -> None:
    """Two texts in a row, answered the other way round: what was meant for one customer is read by the other."""
    await answer(hass, phone)
    pbx.receive_sms(CALLER, "630", "Is it ready?")
    pbx.receive_sms(OTHER_CALLER, "630", "5,30")
    await poll(61)
    first, second = await phone.notification(), await phone.notification()
    assert (first["title"], first["message"]) == (f"Text from +1{CALLER}", "“Is it ready?”")
    assert (second["title"], second["message"]) == (f"Text from +1{OTHER_CALLER}", "“5,30”")
    assert buttons(first)["Answer"]["behavior"] == "textInput"
    assert buttons(first)["Call"] == {"action": "URI", "title": "Call", "uri": f"tel:+1{CALLER}"}
    await phone.press(buttons(second)["Answer"]["action"], reply_text="For you")
    await phone.press(buttons(first)["Answer"]["action"], reply_text='Yes, it\'s "ready" 🎉\nAnn')
    assert texts(simulator) == [([f"+1{OTHER_CALLER}"], "For you"), ([f"+1{CALLER}"], 'Yes, it\'s "ready" 🎉\nAnn')]


@pytest.mark.parametrize("written", ["5,30", "007", "+5", "1.50", "True", "[1]", "{{ now() }}", "  8 "])
async def test_an_answer_goes_out_as_it_was_written(
    hass: HomeAssistant, simulator: Simulator, pbx: SimulatedPbx, poll: Poll, phone: PhoneApp, written: str
) -> None:
    """A price or a time would be taken for numbers, and reach the customer as something else or not at all."""
    await answer(hass, phone)
    pbx.receive_sms(CALLER, "630", "How much?")
    await poll(61)
    await phone.press(buttons(await phone.notification())["Answer"]["action"], reply_text=written)
    assert texts(simulator) == [([f"+1{CALLER}"], written)]


@pytest.mark.parametrize(
    ("written", "reason"),
    [(TOO_LONG, "A text has at most 200 characters, yours has 210."), ("Yes", "They have opted out of texts.")],
    ids=["too long", "opted out"],
)
async def test_an_answer_that_cannot_be_sent_comes_back(
    hass: HomeAssistant,
    simulator: Simulator,
    pbx: SimulatedPbx,
    poll: Poll,
    phone: PhoneApp,
    written: str,
    reason: str,
) -> None:
    """Somebody believes to have answered, and the customer waits."""
    pbx.add_unsubscriber(OTHER_CALLER, "0")
    await answer(hass, phone)
    pbx.receive_sms(OTHER_CALLER, "630", "Hello?")
    await poll(61)
    await phone.press(buttons(await phone.notification())["Answer"]["action"], reply_text=written)
    back = await phone.notification()
    assert texts(simulator) == []
    assert back["title"] == f"Not sent to +1{OTHER_CALLER}"
    assert back["message"] == f"{reason} You wrote: “{written}”"
    pbx.remove_unsubscriber(OTHER_CALLER, "0")
    await poll(61)
    await phone.press(buttons(back)["Write again"]["action"], reply_text="Yes")
    assert texts(simulator) == [([f"+1{OTHER_CALLER}"], "Yes")]


async def test_an_answer_that_the_pbx_does_not_take_comes_back(
    hass: HomeAssistant, simulator: Simulator, pbx: SimulatedPbx, poll: Poll, phone: PhoneApp
) -> None:
    """In an outage an answer would be gone."""
    await answer(hass, phone)
    pbx.receive_sms(CALLER, "630", "Hello?")
    await poll(61)
    action = buttons(await phone.notification())["Answer"]["action"]
    simulator.control.fail("*", "server_error", None)
    await phone.press(action, reply_text="Yes")
    back = await phone.notification()
    assert back["message"] == "Home Assistant's log says why (Settings > System > Logs). You wrote: “Yes”"


async def test_a_hidden_sender_cannot_be_answered(
    hass: HomeAssistant, pbx: SimulatedPbx, poll: Poll, phone: PhoneApp
) -> None:
    """An answer to nobody is an error after one has taken the trouble to write."""
    await answer(hass, phone)
    pbx.receive_sms("anonymous", "630", "Guess who")
    pbx.add_past_call("anonymous", "630", outcome=Outcome.UNANSWERED)
    await poll(61)
    shown = {one["title"]: one for one in (await phone.notification(), await phone.notification())}
    assert shown.keys() == {"Text from a hidden number", "Missed call from a hidden number"}
    assert [buttons(one) for one in shown.values()] == [{}, {}]


async def test_a_missed_call_can_be_called_back(
    hass: HomeAssistant, pbx: SimulatedPbx, poll: Poll, phone: PhoneApp
) -> None:
    """Who is on the road would have to type the number."""
    await answer(hass, phone)
    pbx.add_past_call(CALLER, "support", outcome=Outcome.VOICEMAIL, name="Ada")
    await poll(61)
    shown = await phone.notification()
    assert (shown["title"], shown["message"]) == (
        "Missed call from Ada",
        "At 08:59, queue support, went to voicemail.",
    )
    assert buttons(shown) == {"Call back": {"action": "URI", "title": "Call back", "uri": f"tel:+1{CALLER}"}}


async def test_what_is_not_wanted_on_a_phone_is_not_shown_there(
    hass: HomeAssistant, pbx: SimulatedPbx, poll: Poll, phone: PhoneApp
) -> None:
    """A text lies on the table for all to see, a missed call rings at home."""
    pbx.numbers[OUR_NUMBER] = "630"
    await answer(hass, phone, show_words=False, missed_calls=False, own_number="(847) 555-0201")
    pbx.add_past_call(CALLER, OUR_NUMBER, outcome=Outcome.UNANSWERED)
    pbx.receive_sms(CALLER, "630", "To another number")
    pbx.receive_sms(OTHER_CALLER, OUR_NUMBER, "My result is bad")
    await poll(61)
    shown = await phone.notification()
    assert shown["title"] == f"Text from +1{OTHER_CALLER}"
    assert "result" not in str(shown)
    assert buttons(shown).keys() == {"Answer", "Call"}


async def test_a_button_of_another_automation_sends_nothing(
    hass: HomeAssistant, simulator: Simulator, pbx: SimulatedPbx, poll: Poll, phone: PhoneApp
) -> None:
    """With two phones each answer would go out twice; and a garage's button is no text."""
    await answer(hass, phone)
    pbx.receive_sms(CALLER, "630", "Hello?")
    await poll(61)
    action = buttons(await phone.notification())["Answer"]["action"]
    await phone.press(f"{action} too", reply_text="Twice")
    await phone.press("OPEN_GARAGE")
    await phone.press(action, reply_text=" ")
    pbx.receive_sms(OTHER_CALLER, "630", "Hello?")
    await poll(61)
    assert (await phone.notification())["title"] == f"Text from +1{OTHER_CALLER}"
    assert texts(simulator) == []


# --- STOP by text --------------------------------------------------------------------------------------------------


async def stop(hass: HomeAssistant, **inputs: Any) -> None:
    """Use the blueprint for the PBX."""
    await use(hass, "opt_out_by_text", pbx=device(hass, "pbx"), **inputs)


def opted_out(pbx: SimulatedPbx, tenant: str = "0") -> list[str]:
    """Return the numbers on a tenant's opt-out list."""
    return [one.number for found in pbx.opt_out_lists() if str(found.id) == tenant for one in found.numbers]


async def say(hass: HomeAssistant, pbx: SimulatedPbx, poll: Poll, *words: str, to: str = "630") -> None:
    """Let somebody send texts, and everything come of it."""
    for one in words:
        pbx.receive_sms(CALLER, to, one)
    await poll(61)
    await settle(hass)


@pytest.mark.parametrize(
    "word",
    ["STOP", "stop", " Stop. ", "“STOP!!!”", "Stop\n", "unsubscribe", "CANCEL", "end", "Quit", "revoke", "STOPALL",
     "stop all", "OPT OUT", "opt-out", "OptOut", "STOP 🛑"],
)  # fmt: skip
async def test_who_texts_stop_is_put_on_the_opt_out_list(
    hass: HomeAssistant, pbx: SimulatedPbx, loaded: MockConfigEntry, poll: Poll, word: str
) -> None:
    """The law asks for it, however somebody types."""
    await stop(hass)
    await say(hass, pbx, poll, word)
    assert opted_out(pbx) == [CALLER]
    assert told(hass) == []


@pytest.mark.parametrize(
    "text", ["Please stop by at five", "nonstop", "The end.", "Don't stop", "YES", "start over", "", "?!", "weekend"]
)
async def test_other_texts_change_no_list(
    hass: HomeAssistant, simulator: Simulator, pbx: SimulatedPbx, loaded: MockConfigEntry, poll: Poll, text: str
) -> None:
    """A customer who announces a visit would never hear of the office again."""
    await stop(hass)
    await say(hass, pbx, poll, text)
    assert opted_out(pbx) == []
    assert not simulator.requests.of("subscribers.add_unsubscriber")


async def test_start_takes_off_the_list_again_and_the_last_word_counts(
    hass: HomeAssistant, simulator: Simulator, pbx: SimulatedPbx, loaded: MockConfigEntry, poll: Poll
) -> None:
    """Whoever changes their mind would have to call; who says it twice is no error."""
    await stop(hass)
    await say(hass, pbx, poll, "STOP", "Stop!", "unstop")
    assert opted_out(pbx) == []
    await say(hass, pbx, poll, "start")
    await say(hass, pbx, poll, "START", "STOP", "STOP")
    assert opted_out(pbx) == [CALLER]
    assert told(hass) == []
    assert len(simulator.requests.of("subscribers.add_unsubscriber")) == 2
    assert len(simulator.requests.of("subscribers.remove_unsubscriber")) == 1


async def test_each_tenant_has_its_own_number_list_and_words(
    hass: HomeAssistant, pbx: SimulatedPbx, loaded: MockConfigEntry, poll: Poll
) -> None:
    """Whoever wants nothing more of one company would lose the other's reminders."""
    pbx.numbers[OUR_NUMBER] = "630"
    await stop(hass, tenant_id="1", own_number=f"+1 {OUR_NUMBER}", stop_words=["No más"])
    await say(hass, pbx, poll, "no mas", "STOP", to=OUR_NUMBER)
    await say(hass, pbx, poll, "NO MÁS")
    assert (opted_out(pbx, "0"), opted_out(pbx, "1")) == ([], [])
    await say(hass, pbx, poll, "¡No más!", to=OUR_NUMBER)
    assert (opted_out(pbx, "0"), opted_out(pbx, "1")) == ([], [CALLER])


async def test_a_stop_that_cannot_be_obeyed_is_told(
    hass: HomeAssistant, simulator: Simulator, pbx: SimulatedPbx, entry: MockConfigEntry, poll: Poll
) -> None:
    """The office would go on texting somebody who has said no."""
    team = {"name": "Team lead", "recipients": ["69"]}
    hass.config_entries.async_add_subentry(
        entry, ConfigSubentry(data=team, subentry_type="sms_recipient", title="Team lead", unique_id=None)
    )
    assert await hass.config_entries.async_setup(entry.entry_id)
    await settle(hass)
    await stop(hass, recipients=["notify.team_lead"])
    simulator.control.fail("subscribers.add_unsubscriber", "server_error", None)
    await say(hass, pbx, poll, "STOP")
    said = "+18155550123 texted STOP, and nobody knows whether they are on the opt-out list. See to it by hand."
    assert texts(simulator) == [(["69"], said)]


async def test_a_stop_is_obeyed_while_the_list_cannot_be_read(
    hass: HomeAssistant, simulator: Simulator, pbx: SimulatedPbx, loaded: MockConfigEntry, poll: Poll
) -> None:
    """Reading is for the reader's convenience, obeying is the law."""
    await stop(hass)
    simulator.control.fail("subscribers.query_lists", "server_error", None)
    await say(hass, pbx, poll, "STOP")
    assert opted_out(pbx) == [CALLER]
    assert told(hass) == [
        "+18155550123 texted STOP, and nobody knows whether they are on the opt-out list. See to it by hand."
    ]


async def test_a_hidden_number_is_put_on_no_list(
    hass: HomeAssistant, simulator: Simulator, pbx: SimulatedPbx, loaded: MockConfigEntry, poll: Poll, no_error: None
) -> None:
    """There is nothing to put on it, and no error to be told of."""
    await stop(hass)
    for word in ("STOP", "START"):
        pbx.receive_sms("anonymous", "630", word)
    await poll(61)
    await settle(hass)
    assert not simulator.requests.of("subscribers.add_unsubscriber")
    assert told(hass) == []


# --- Open the gate by text -----------------------------------------------------------------------------------------


async def gate(hass: HomeAssistant, **inputs: Any) -> None:
    """Use the blueprint for a switch, which is a gate for one caller."""
    await lamps(hass)
    await hass.services.async_call("switch", "turn_off", {"entity_id": "switch.sign"}, blocking=True)
    ours = {"pbx": device(hass, "pbx"), "allowed": ["(815) 555-0123"], "gate": ["switch.sign"]}
    await use(hass, "open_gate_by_text", **{**ours, **inputs})


@pytest.mark.parametrize(
    ("inputs", "text", "opens"),
    [
        ({}, "Open", True),
        ({}, "please OPEN!", True),
        ({}, "reopen", False),
        ({}, "Running late", False),
        ({"code_word": "kumquat"}, "open", False),
        ({"code_word": "Kumquat"}, "open kumquat", True),
        ({"code_word": "kumquat"}, "kumquats", False),
        ({"code_word": "4711"}, "14711", False),
        ({"code_word": "4711"}, "4711", True),
        ({"code_word": ""}, "I am here", True),
        ({"allowed": ["+1-815-555-0123", "847 555 0199"]}, "open", True),
        ({"allowed": ["1 (815) 5550123"]}, "open", True),
        ({"allowed": [f"+1{OTHER_CALLER}"]}, "open", False),
        ({"allowed": ["5550123"]}, "open", False),
        ({"allowed": []}, "open", False),
        ({"allowed": [""], "code_word": ""}, "open", False),
    ],
)
async def test_the_gate_opens_for_the_word_of_those_who_may(
    hass: HomeAssistant,
    pbx: SimulatedPbx,
    loaded: MockConfigEntry,
    poll: Poll,
    inputs: dict[str, Any],
    text: str,
    opens: bool,
) -> None:
    """A gate that opens for anybody is none, and one that does not open leaves the courier outside."""
    await gate(hass, **inputs)
    await say(hass, pbx, poll, text)
    assert switch(hass) == ("on" if opens else "off")
    assert told(hass) == ["The gate was opened for +18155550123 by text."] * opens


async def test_a_text_that_comes_late_opens_nothing(
    hass: HomeAssistant, simulator: Simulator, pbx: SimulatedPbx, loaded: MockConfigEntry, poll: Poll
) -> None:
    """After an outage of the afternoon the gate would stand open at night."""
    await gate(hass)
    pbx.add_past_sms(CALLER, "630", "open", ago=400)
    await poll(61)
    await settle(hass)
    assert switch(hass) == "off"
    await say(hass, pbx, poll, "open")
    assert switch(hass) == "on"


async def test_a_gate_a_lock_and_a_button_are_each_opened_in_their_way(
    hass: HomeAssistant, pbx: SimulatedPbx, loaded: MockConfigEntry, poll: Poll
) -> None:
    """A form that offers a lock and then calls it a switch."""
    done: list[dict[str, Any]] = [{"event": "opened", "event_data": {"by": "{{ this.entity_id }}"}}]
    parts = {
        "cover": [{"name": "Gate", "open_cover": done, "close_cover": []}],
        "lock": [{"name": "Gate", "lock": [], "unlock": done}],
        "button": [{"name": "Gate", "press": done}],
    }
    opened: list[str] = []
    # A callback, or its calls would come from threads and in any order.
    hass.bus.async_listen("opened", callback(lambda event: opened.append(event.data["by"])))
    assert await async_setup_component(hass, "template", {"template": [parts]})
    await settle(hass)
    all_of_them = ["cover.gate", "lock.gate", "button.gate"]
    await use(
        hass,
        "open_gate_by_text",
        pbx=device(hass, "pbx"),
        allowed=[CALLER],
        gate=all_of_them,
        more_actions=[{"event": "opened", "event_data": {"by": "what else"}}],
    )
    await say(hass, pbx, poll, "open")
    assert opened == [*all_of_them, "what else"]
