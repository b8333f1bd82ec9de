"""Numbers of people outside, as events, triggers, callbacks and the front desk tell them: one rule for all."""

from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

from simulator.pbx.simulated import SimulatedPbx
from tests.helpers.automations import automate, on_device
from tests.helpers.entities import state_of
from tests.helpers.front_desk import Desk
from tests.helpers.office import TOM
from tests.helpers.restarts import Listener
from tests.integration.conftest import Poll

LONDON = "442079460123"
# As carriers and PBXs write them; three are words spelled on the keypad.
HIDDEN = (
    "anonymous",
    "Restricted",
    "0000000000",
    "+10000000000",
    "1000000000",
    "-1",
    "0",
    "266696687",
    "7378742833",
    "86282452253",
    "anonymous@192.0.2.1",
)


@pytest.fixture
def spelled_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the CDR and the SMS table show numbers as they came, without the stand-in's tidying."""
    for name in ("switchboard.national", "messages.national", "messages._e164"):
        monkeypatch.setattr(f"simulator.pbx.{name}", str)


@pytest.mark.usefixtures("spelled_as_it_is")
async def test_who_hides_is_told_without_a_number_and_is_owed_no_call(
    hass: HomeAssistant, pbx: SimulatedPbx, loaded: MockConfigEntry, poll: Poll, heard: Listener
) -> None:
    """The blueprint that texts missed callers texted strangers whose numbers happen to be words."""
    runs = await automate(hass, "call_missed", on_device(hass, "pbx"))
    for hidden in HIDDEN:
        call = pbx.call_in(hidden, to="night")
        await poll(31)
        pbx.abandon(call)
        await poll(31)
    await poll(61)
    assert len(runs) == len(HIDDEN)
    assert [one.attributes for one in heard.told if one.attributes.keys() & {"number", "tel"}] == []
    assert [run for run in runs if run.keys() & {"number", "tel"}] == []
    assert state_of(hass, "pbx", "callbacks_owed") == "0"


@pytest.mark.usefixtures("spelled_as_it_is")
async def test_a_text_from_who_hides_has_no_number(
    hass: HomeAssistant, pbx: SimulatedPbx, loaded: MockConfigEntry, poll: Poll
) -> None:
    """An automation that answers each text would answer a stranger."""
    runs = await automate(hass, "sms_received", on_device(hass, "pbx"))
    for hidden in HIDDEN:
        pbx.receive_sms(hidden, TOM, "Guess who")
    await poll(61)
    assert len(runs) == len(HIDDEN)
    assert [run for run in runs if run.keys() & {"number", "tel"}] == []


@pytest.mark.usefixtures("spelled_as_it_is")
async def test_who_calls_from_abroad_is_known_without_the_plus(
    hass: HomeAssistant, pbx: SimulatedPbx, loaded: MockConfigEntry, poll: Poll
) -> None:
    """Nobody could tap on the number, and a trigger that waits for this sender would wait for ever."""
    calls = await automate(hass, "call_missed", on_device(hass, "pbx"))
    call = pbx.call_in(LONDON, to="night")
    await poll(30)
    pbx.abandon(call)
    await poll(61)
    assert [(run["number"], run["tel"]) for run in calls] == [(f"+{LONDON}", f"tel:+{LONDON}")]
    assert state_of(hass, "pbx", "callbacks_owed") == "1"


@pytest.mark.usefixtures("spelled_as_it_is")
@pytest.mark.parametrize("sender", [f"+{LONDON}", LONDON, "+44 20 7946 0123", "011 44 20 7946 0123"])
async def test_a_sender_from_abroad_is_known_in_any_spelling(
    hass: HomeAssistant, pbx: SimulatedPbx, loaded: MockConfigEntry, poll: Poll, sender: str
) -> None:
    """The caretaker on holiday may open the gate too."""
    runs = await automate(hass, "sms_received", on_device(hass, "pbx"), sender=sender)
    pbx.receive_sms(LONDON, TOM, "Open")
    await poll(61)
    assert [(run["number"], run["tel"]) for run in runs] == [(f"+{LONDON}", f"tel:+{LONDON}")]


@pytest.mark.usefixtures("spelled_as_it_is")
@pytest.mark.parametrize("hidden", HIDDEN)
async def test_the_front_desk_shows_no_number_of_who_hides(
    hass: HomeAssistant,
    pbx: SimulatedPbx,
    loaded: MockConfigEntry,
    poll: Poll,
    hass_ws_client: WebSocketGenerator,
    hidden: str,
) -> None:
    """A tap on it would call a stranger."""
    assert await async_setup_component(hass, "websocket_api", {})
    pbx.call_in(hidden, to="support")
    await poll(31)
    desk = await Desk.open(lambda: hass_ws_client(hass))
    (caller,) = desk.rows["queues"]["support"]["callers"]
    assert (caller["number"], caller["tel"]) == ("", None)
    (row,) = desk.rows["calls"].values()
    assert (row["number"], row["tel"]) == (None, None)
