"""The blueprints: loaded as Home Assistant loads them, and run against the PBX."""

import asyncio
from collections.abc import Callable
import re
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.components.automation.config import AUTOMATION_BLUEPRINT_SCHEMA
from homeassistant.components.blueprint.importer import _get_github_import_url
from homeassistant.components.blueprint.models import Blueprint, DomainBlueprints
from homeassistant.config_entries import ConfigSubentry
from homeassistant.core import HomeAssistant
from homeassistant.util.yaml import load_yaml_dict
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_fire_time_changed

from simulator.app import Simulator
from simulator.models import Registration
from simulator.pbx.past import Outcome
from simulator.pbx.simulated import SimulatedPbx
from tests.helpers.automations import entity, on_device
from tests.helpers.blueprints import FOLDER, color, lamps, settle, switch, texts, told, use
from tests.helpers.office import ANNE_MARIE, CALLER, JERRY, OTHER_CALLER, TOM
from tests.helpers.paths import ROOT
from tests.integration.conftest import Poll

NAMES = sorted(str(path.relative_to(FOLDER)) for path in FOLDER.rglob("*.yaml"))
PAGE = (ROOT / "docs" / "automations.md").read_text()
GREEN, AMBER, RED = (0, 170, 0), (255, 140, 0), (255, 0, 0)


@pytest.fixture(autouse=True)
def _folder(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have Home Assistant look for blueprints in the repository."""
    monkeypatch.setattr(DomainBlueprints, "blueprint_folder", FOLDER)


# --- All -----------------------------------------------------------------------------------------------------------


def loaded_blueprint(name: str) -> Blueprint:
    """Load a blueprint by Home Assistant's rules."""
    return Blueprint(
        load_yaml_dict(str(FOLDER / name)), expected_domain="automation", path=name, schema=AUTOMATION_BLUEPRINT_SCHEMA
    )


def test_there_are_thirteen_blueprints() -> None:
    """The tests of all of them would pass with none."""
    assert len(NAMES) == 13


@pytest.mark.parametrize("name", NAMES)
def test_every_input_of_a_blueprint_has_a_name_a_description_and_a_selector(name: str) -> None:
    """A form whose fields nobody understands is not filled in."""
    blueprint = loaded_blueprint(name)
    assert blueprint.validate() is None
    assert blueprint.metadata["homeassistant"]["min_version"] == "2026.10.0"
    assert blueprint.metadata["description"]
    assert [
        key for key, shown in blueprint.inputs.items() if not {"name", "description", "selector"} <= set(shown)
    ] == []


@pytest.mark.parametrize("name", NAMES)
def test_a_blueprint_is_documented_and_says_where_it_comes_from(name: str) -> None:
    """It is imported by this very address, and updated from it."""
    url = loaded_blueprint(name).metadata["source_url"]
    assert url.endswith(f"/main/blueprints/automation/{name}")
    assert _get_github_import_url(url).startswith("https://raw.githubusercontent.com/")
    row = rf"^\| \*\*{re.escape(loaded_blueprint(name).name)}\*\* \| .+ \| \[.+\]\({re.escape(url)}\) \|$"
    assert re.search(row, PAGE, re.MULTILINE)


# --- Text back a missed caller -------------------------------------------------------------------------------------


def miss(pbx: SimulatedPbx, number: str = CALLER, to: str = "630", **facts: Any) -> None:
    """Let a call from outside be missed."""
    pbx.add_past_call(number, to, **{"outcome": Outcome.UNANSWERED, **facts})


async def text_back(hass: HomeAssistant, **inputs: Any) -> None:
    """Use the blueprint for all calls of the PBX."""
    target = {"entity_id": entity(hass, "event", "pbx", "call")}
    await use(hass, "text_back_missed_caller", **{"calls": target, "message": "We will call back.", **inputs})


async def test_a_missed_caller_is_texted_once_a_day(
    hass: HomeAssistant, simulator: Simulator, pbx: SimulatedPbx, loaded: MockConfigEntry, poll: Poll
) -> None:
    """Three tries are one worried customer and one text; two customers in one second are two."""
    await text_back(hass)
    for number in (CALLER, OTHER_CALLER, CALLER):
        miss(pbx, number)
    await poll(61)
    await settle(hass)
    assert texts(simulator) == [([f"+1{CALLER}"], "We will call back."), ([f"+1{OTHER_CALLER}"], "We will call back.")]
    miss(pbx)
    await poll(61)
    await settle(hass)
    assert len(texts(simulator)) == 2


async def test_a_missed_caller_is_texted_again_the_next_day(
    hass: HomeAssistant,
    simulator: Simulator,
    pbx: SimulatedPbx,
    loaded: MockConfigEntry,
    poll: Poll,
    frozen: FrozenDateTimeFactory,
) -> None:
    """Yesterday's text says nothing of today's call."""
    await text_back(hass)
    miss(pbx)
    await poll(61)
    await settle(hass)
    frozen.tick(24 * 3600)
    await poll(61)
    miss(pbx)
    await poll(61)
    await settle(hass)
    assert len(texts(simulator)) == 2


async def test_who_was_texted_by_hand_today_is_not_texted_again(
    hass: HomeAssistant, simulator: Simulator, pbx: SimulatedPbx, loaded: MockConfigEntry, poll: Poll
) -> None:
    """The PBX remembers texts that Home Assistant knows nothing of; those to others do not count."""
    pbx.send_sms("100", [f"+1{CALLER}"], "I am on my way", "")
    await text_back(hass)
    miss(pbx)
    miss(pbx, OTHER_CALLER)
    await poll(61)
    await settle(hass)
    assert [to for to, _ in texts(simulator)] == [[f"+1{OTHER_CALLER}"]]


async def test_who_opted_out_is_not_texted_back(
    hass: HomeAssistant, simulator: Simulator, pbx: SimulatedPbx, loaded: MockConfigEntry, poll: Poll
) -> None:
    """The law forbids it; the next caller is texted all the same."""
    pbx.add_unsubscriber(CALLER, "0")
    await text_back(hass)
    miss(pbx)
    miss(pbx, OTHER_CALLER)
    await poll(61)
    await settle(hass)
    assert [to for to, _ in texts(simulator)] == [[f"+1{OTHER_CALLER}"]]


@pytest.mark.parametrize("number", ["anonymous", "8005550123"])
async def test_a_number_that_gets_no_texts_is_sent_none(
    hass: HomeAssistant, simulator: Simulator, pbx: SimulatedPbx, loaded: MockConfigEntry, poll: Poll, number: str
) -> None:
    """A hidden number is no error in the log, and a call center's is no phone."""
    await text_back(hass)
    miss(pbx, number)
    await poll(61)
    await settle(hass)
    assert texts(simulator) == []


@pytest.mark.parametrize(
    ("inputs", "count"),
    [
        ({"hours_from": "09:00:00", "hours_until": "09:05:00"}, 1),
        ({"hours_from": "10:00:00"}, 0),
        ({"hours_from": "06:00:00", "hours_until": "09:00:00"}, 0),
        ({"hours_from": "22:00:00", "hours_until": "10:00:00"}, 1),
        ({"hours_from": "00:00:00", "hours_until": "00:00:00"}, 1),
        ({"weekdays": ["tue", "sun"]}, 0),
        ({"weekdays": ["mon"]}, 1),
    ],
)
async def test_texts_are_sent_in_office_hours_only(
    hass: HomeAssistant,
    simulator: Simulator,
    pbx: SimulatedPbx,
    loaded: MockConfigEntry,
    poll: Poll,
    inputs: dict[str, Any],
    count: int,
) -> None:
    """It is Monday, nine in the morning; a text at night makes no friends."""
    await text_back(hass, **inputs)
    miss(pbx)
    await poll(61)
    await settle(hass)
    assert len(texts(simulator)) == count


async def test_a_call_of_long_ago_is_not_answered(
    hass: HomeAssistant, simulator: Simulator, pbx: SimulatedPbx, loaded: MockConfigEntry, poll: Poll
) -> None:
    """After an outage everyone who called in the morning would get a text in the evening."""
    await text_back(hass)
    simulator.control.fail("reports.report", "html", None)
    for _ in range(7):
        await poll(601)
    miss(pbx, ago=3700)
    miss(pbx, OTHER_CALLER, ago=600)
    simulator.control.heal()
    for _ in range(3):
        await poll(301)
    await settle(hass)
    assert [to for to, _ in texts(simulator)] == [[f"+1{OTHER_CALLER}"]]


@pytest.mark.parametrize("voicemail", [True, False])
async def test_who_left_a_voicemail_is_texted_if_wanted(
    hass: HomeAssistant, simulator: Simulator, pbx: SimulatedPbx, loaded: MockConfigEntry, poll: Poll, voicemail: bool
) -> None:
    """Some offices find a voicemail answer enough."""
    await text_back(hass, voicemail=voicemail)
    miss(pbx, outcome=Outcome.VOICEMAIL)
    await poll(61)
    await settle(hass)
    assert len(texts(simulator)) == voicemail


async def test_the_text_to_a_missed_caller_can_name_them(
    hass: HomeAssistant, simulator: Simulator, pbx: SimulatedPbx, loaded: MockConfigEntry, poll: Poll
) -> None:
    """The words in the form's description have to work."""
    await text_back(
        hass, message="Hello {{ trigger.name | default('') }}, {{ trigger.queue | default('') }} is closed."
    )
    miss(pbx, to="night", name="Ada")
    await poll(61)
    await settle(hass)
    assert [words for _, words in texts(simulator)] == ["Hello Ada, night is closed."]


# --- Lobby light by longest wait -----------------------------------------------------------------------------------


async def lobby(hass: HomeAssistant, *objects: str, **inputs: Any) -> None:
    """Use the blueprint for a lamp and queues."""
    await lamps(hass)
    waits = [entity(hass, "sensor", object_, "longest_wait") for object_ in objects or ("pbx",)]
    await use(hass, "lobby_light_by_longest_wait", waits=waits, lights=["light.lobby"], **inputs)


@pytest.mark.parametrize("objects", [("pbx",), ("queue_support", "queue_night")])
async def test_the_lobby_light_shows_how_long_somebody_waits(
    hass: HomeAssistant, pbx: SimulatedPbx, loaded: MockConfigEntry, poll: Poll, objects: tuple[str, ...]
) -> None:
    """Green, amber, red, and off when nobody waits; of two queues the worse one counts."""
    await lobby(hass, *objects)
    call = pbx.call_in(CALLER, to="night")
    await poll(15)
    assert color(hass) == GREEN
    await poll(20)
    assert color(hass) == AMBER
    other = pbx.call_in(OTHER_CALLER, to="support")
    await poll(15)
    assert color(hass) == AMBER
    await poll(60)
    assert color(hass) == RED
    pbx.abandon(call)
    await poll(5)
    assert color(hass) == AMBER
    pbx.answer(other, by=TOM)
    await poll(5)
    assert color(hass) is None


async def test_the_lobby_light_goes_back_to_what_it_was(
    hass: HomeAssistant, pbx: SimulatedPbx, loaded: MockConfigEntry, poll: Poll
) -> None:
    """A lobby that goes dark with the last caller."""
    await lobby(hass, nobody_waits="restore")
    for evening in ((10, 20, 200), (200, 100, 10)):
        lit = {"entity_id": "light.lobby", "rgb_color": evening}
        await hass.services.async_call("light", "turn_on", lit, blocking=True)
        call = pbx.call_in(CALLER, to="night")
        for _ in range(8):
            await poll(15)
        assert color(hass) == RED
        pbx.abandon(call)
        await poll(5)
        assert color(hass) == evening


@pytest.mark.parametrize("nobody_waits", ["restore", "turn_off"])
async def test_the_lobby_light_stays_as_it_is_in_an_outage(
    hass: HomeAssistant, simulator: Simulator, pbx: SimulatedPbx, loaded: MockConfigEntry, poll: Poll, nobody_waits: str
) -> None:
    """Nobody knows whether somebody waits; afterwards it is right again."""
    await lobby(hass, nobody_waits=nobody_waits)
    call = pbx.call_in(CALLER, to="night")
    await poll(15)
    await poll(20)
    simulator.control.fail("status.queues", "html", None)
    for _ in range(10):
        await poll(15)
    assert color(hass) == AMBER
    simulator.control.heal()
    await poll(301)
    assert color(hass) == RED
    pbx.abandon(call)
    await poll(5)
    assert color(hass) is None


async def test_a_lobby_light_that_was_never_a_signal_outlives_an_outage(
    hass: HomeAssistant, simulator: Simulator, loaded: MockConfigEntry, poll: Poll
) -> None:
    """The lobby would go dark whenever the Internet is back."""
    await lobby(hass, nobody_waits="restore")
    lit = {"entity_id": "light.lobby", "rgb_color": (10, 20, 200)}
    await hass.services.async_call("light", "turn_on", lit, blocking=True)
    simulator.control.fail("status.queues", "html", None)
    await poll(15)
    simulator.control.heal()
    await poll(301)
    assert color(hass) == (10, 20, 200)


# --- Busy light per phone ------------------------------------------------------------------------------------------


async def busy(hass: HomeAssistant, **inputs: Any) -> None:
    """Use the blueprint for Jerry's phone, a lamp and a sign."""
    await lamps(hass)
    phone = entity(hass, "sensor", f"phone_{JERRY}", "call_state")
    await use(hass, "busy_light_per_phone", phone=phone, lamps=["light.lobby", "switch.sign"], **inputs)


@pytest.mark.parametrize(
    ("inputs", "ringing", "free"),
    [
        ({}, (AMBER, "on"), (None, "off")),
        ({"show_ringing": False}, (None, "off"), (None, "off")),
        ({"free": "colour"}, (AMBER, "on"), (GREEN, "off")),
        ({"free": "colour", "show_ringing": False}, (GREEN, "off"), (GREEN, "off")),
    ],
)
async def test_a_busy_light_follows_the_phone(
    hass: HomeAssistant,
    pbx: SimulatedPbx,
    loaded: MockConfigEntry,
    poll: Poll,
    inputs: dict[str, Any],
    ringing: tuple[Any, str],
    free: tuple[Any, str],
) -> None:
    """Who sees the light knows whether to come in."""
    await busy(hass, **inputs)
    call = pbx.call_in(CALLER, to="69")
    await poll(15)
    assert (color(hass), switch(hass)) in (ringing, (None, "unknown"))
    pbx.answer(call, by=JERRY)
    await poll(5)
    assert (color(hass), switch(hass)) == (RED, "on")
    pbx.hang_up(call)
    await poll(5)
    assert (color(hass), switch(hass)) == free


async def test_a_busy_light_stays_on_in_an_outage(
    hass: HomeAssistant, simulator: Simulator, pbx: SimulatedPbx, loaded: MockConfigEntry, poll: Poll
) -> None:
    """The call goes on when the Internet does not."""
    await busy(hass)
    call = pbx.call_in(CALLER, to="69")
    pbx.answer(call, by=JERRY)
    await poll(15)
    simulator.control.fail("status.calls", "html", None)
    for _ in range(5):
        await poll(15)
    assert (color(hass), switch(hass)) == (RED, "on")


# --- Queue left unattended -----------------------------------------------------------------------------------------


async def unattended(hass: HomeAssistant, **inputs: Any) -> None:
    """Use the blueprint for the night queue."""
    await use(hass, "queue_left_unattended", queues=on_device(hass, "queue_night"), **inputs)


async def leave(pbx: SimulatedPbx, poll: Poll, number: str = CALLER) -> None:
    """Let somebody wait in the night queue for nothing, and give up."""
    call = pbx.call_in(number, to="night")
    await poll(15)
    pbx.abandon(call)
    await poll(15)


async def test_an_unattended_queue_is_told_but_not_again_and_again(
    hass: HomeAssistant, pbx: SimulatedPbx, loaded: MockConfigEntry, poll: Poll
) -> None:
    """Somebody comes to the phone, and is left in peace on the way there."""
    await unattended(hass, cooldown=15)
    await leave(pbx, poll)
    assert told(hass) == ["1 waiting in queue night, and nobody is there to answer."]
    await leave(pbx, poll)
    assert len(told(hass)) == 1
    await poll(15 * 60)
    await leave(pbx, poll)
    assert len(told(hass)) == 2


@pytest.mark.parametrize(
    ("quiet", "count"),
    [
        (("00:00:00", "00:00:00"), 1),
        (("22:00:00", "07:00:00"), 1),
        (("22:00:00", "09:30:00"), 0),
        (("09:00:00", "09:30:00"), 0),
        (("10:00:00", "11:00:00"), 1),
    ],
)
async def test_an_unattended_queue_is_not_told_in_quiet_hours(
    hass: HomeAssistant,
    pbx: SimulatedPbx,
    loaded: MockConfigEntry,
    poll: Poll,
    quiet: tuple[str, str],
    count: int,
) -> None:
    """It is nine in the morning; a phone on the bedside table is no switchboard."""
    await unattended(hass, quiet_from=quiet[0], quiet_until=quiet[1])
    await leave(pbx, poll)
    assert len(told(hass)) == count


async def test_an_attended_queue_is_not_told(
    hass: HomeAssistant, pbx: SimulatedPbx, loaded: MockConfigEntry, poll: Poll
) -> None:
    """Every call would raise the alarm."""
    await use(hass, "queue_left_unattended", queues=on_device(hass, "pbx"))
    pbx.call_in(CALLER, to="support")
    await poll(15)
    assert told(hass) == []
    pbx.pause_agent(None, TOM)
    pbx.pause_agent(None, ANNE_MARIE)
    await poll(5)
    assert len(told(hass)) == 1


async def test_recipients_are_told_and_what_else_was_asked_for_is_done(
    hass: HomeAssistant, simulator: Simulator, pbx: SimulatedPbx, entry: MockConfigEntry, poll: Poll
) -> None:
    """The team lead gets a text from the PBX, and the sign at the door goes on."""
    team = {"name": "Team lead", "recipients": ["69"]}
    hass.config_entries.async_add_subentry(
        entry, ConfigSubentry(data=team, subentry_type="sms_recipient", title="Team lead", unique_id=None)
    )
    assert await hass.config_entries.async_setup(entry.entry_id)
    await settle(hass)
    await lamps(hass)
    extra = [{"action": "switch.turn_on", "target": {"entity_id": "switch.sign"}}]
    await unattended(hass, recipients=["notify.team_lead"], message="{{ trigger.queue }}!", more_actions=extra)
    await leave(pbx, poll)
    await settle(hass)
    assert texts(simulator) == [(["69"], "night!")]
    assert told(hass) == []
    assert switch(hass) == "on"


# --- Fax failed ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("directions", "count"), [(["outbound", "inbound"], 2), (["inbound"], 1), (["outbound"], 1), ([], 0)]
)
async def test_a_failed_fax_is_told_with_its_number(
    hass: HomeAssistant,
    pbx: SimulatedPbx,
    loaded: MockConfigEntry,
    poll: Poll,
    directions: list[str],
    count: int,
) -> None:
    """An order that was never received; those that went through are none of anybody's business."""
    await use(hass, "fax_failed", faxes={"entity_id": entity(hass, "event", "pbx", "fax")}, directions=directions)
    good, bad = pbx.send_fax(TOM, CALLER), pbx.send_fax(TOM, OTHER_CALLER, max_attempts=1)
    for fax in (good, bad):
        pbx.fax_progress(fax)
    pbx.fax_complete(good)
    pbx.fax_fail(bad)
    pbx.receive_fax(CALLER, "630", cause="call_dropped")
    await poll(61)
    await poll(61)
    said = " ".join(told(hass))
    assert len(told(hass)) == count
    assert (f"A fax to +1{OTHER_CALLER} failed at 09:00 (extension 630)." in said) == ("outbound" in directions)
    assert (f"A fax from +1{CALLER} failed at 08:59 (extension 630)." in said) == ("inbound" in directions)


# --- Phone off the network -----------------------------------------------------------------------------------------


async def away(hass: HomeAssistant, **inputs: Any) -> None:
    """Use the blueprint for all phones."""
    await use(hass, "phone_off_the_network", phones=on_device(hass, "pbx"), **inputs)


async def until(is_so: Callable[[], bool]) -> None:
    """Go on until something is so; the test's own time-out ends what never comes."""
    while not is_so():  # noqa: ASYNC110 - nothing says when a run has come to its wait
        await asyncio.sleep(0)


@pytest.mark.parametrize("tell_back", [True, False])
async def test_a_phone_off_the_network_is_told_and_its_return(
    hass: HomeAssistant,
    pbx: SimulatedPbx,
    loaded: MockConfigEntry,
    poll: Poll,
    frozen: FrozenDateTimeFactory,
    tell_back: bool,
) -> None:
    """Two phones lost and found in one look are four messages."""
    await away(hass, tell_back=tell_back)
    for auth_id in (TOM, JERRY):
        pbx.set_registration(auth_id, Registration.OK, 3)
    await poll(60)
    for auth_id in (TOM, JERRY):
        pbx.set_registration(auth_id, Registration.UNREACHABLE)
    for _ in range(5):
        await poll(60)
    assert told(hass) == []
    # From here on runs wait for phones to come back, and nobody may wait for runs to end.
    frozen.tick(60)
    async_fire_time_changed(hass)
    await until(lambda: len(told(hass)) == 2)
    gone = ["The phone of Jerry (69) is off the network.", "The phone of Tom (630) is off the network."]
    assert sorted(told(hass)) == gone
    for auth_id in (TOM, JERRY):
        pbx.set_registration(auth_id, Registration.OK, 3)
    await loaded.runtime_data.users.async_refresh()
    back = ["The phone of Jerry (69) is back.", "The phone of Tom (630) is back."] if tell_back else []
    await until(lambda: len(told(hass)) == len(gone + back))
    await settle(hass)
    assert sorted(told(hass)) == sorted(gone + back)


async def test_a_phone_that_restarts_is_not_told(
    hass: HomeAssistant, pbx: SimulatedPbx, loaded: MockConfigEntry, poll: Poll
) -> None:
    """Neither that it is gone, nor that it is back."""
    await away(hass)
    pbx.set_registration(TOM, Registration.UNREACHABLE)
    await poll(60)
    await poll(60)
    pbx.set_registration(TOM, Registration.OK, 3)
    for _ in range(7):
        await poll(60)
    assert told(hass) == []
