"""The blueprints about the office: loaded as Home Assistant loads them, and run against the PBX."""

from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.components.blueprint.models import DomainBlueprints
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_fire_time_changed
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from simulator.app import Simulator
from simulator.pbx.past import Outcome
from simulator.pbx.simulated import SimulatedPbx
from tests.helpers.address_books import Office, card
from tests.helpers.automations import entity, on_device
from tests.helpers.blueprints import FOLDER, settle, told, use
from tests.helpers.office import CALLER, JERRY, OTHER_CALLER, TOM
from tests.helpers.speakers import Speaker, speakers
from tests.integration.conftest import Poll


@pytest.fixture(autouse=True)
def _folder(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have Home Assistant look for blueprints in the repository."""
    monkeypatch.setattr(DomainBlueprints, "blueprint_folder", FOLDER)


@pytest.fixture
async def speaker(hass: HomeAssistant, loaded: MockConfigEntry) -> Speaker:
    """Return the speaker at reception; there is another one, and a voice."""
    return (await speakers(hass))[0]


# --- Announce callers ----------------------------------------------------------------------------------------------


async def announce(hass: HomeAssistant, *objects: str, **inputs: Any) -> None:
    """Use the blueprint for the speaker at reception."""
    ours = {
        "calls": on_device(hass, *objects or ("pbx",)),
        "speakers": ["media_player.reception"],
        "voice": "tts.voice",
    }
    await use(hass, "announce_callers", **{**ours, **inputs})


@pytest.mark.parametrize(
    ("number", "inputs", "said"),
    [
        (CALLER, {}, "Call from an unknown number."),
        (CALLER, {"say_number": True}, "Call from 8 1 5 5 5 5 0 1 2 3."),
        ("+442079460123", {"say_number": True}, "Call from 4 4 2 0 7 9 4 6 0 1 2 3."),
        ("anonymous", {"say_number": True}, "Call from a hidden number."),
        (CALLER, {"message": "{{ trigger.queue }}: {{ caller }}"}, "support: an unknown number"),
    ],
)
async def test_a_caller_is_announced(
    hass: HomeAssistant,
    pbx: SimulatedPbx,
    loaded: MockConfigEntry,
    poll: Poll,
    speaker: Speaker,
    number: str,
    inputs: dict[str, Any],
    said: str,
) -> None:
    """Nobody runs to the phone for a call that they do not want, and a hidden number is none to be read out."""
    await announce(hass, "queue_support", **inputs)
    pbx.call_in(number, to="support")
    await poll(15)
    await settle(hass)
    assert speaker.said == [said]
    await poll(15)
    await settle(hass)
    assert speaker.said == [said]


async def test_a_caller_with_a_name_is_announced_by_it(
    hass: HomeAssistant, pbx: SimulatedPbx, loaded: MockConfigEntry, poll: Poll, speaker: Speaker
) -> None:
    """A number read out digit by digit, of somebody whom everybody knows."""
    await announce(hass, say_number=True)
    pbx.add_extension("700", "Ada", auth_id="adahome7")
    await poll(61)
    pbx.call_in("700", to="support")
    await poll(15)
    await settle(hass)
    assert speaker.said == ["Call from Ada."]


@pytest.mark.parametrize(
    ("hours", "count"),
    [
        (("08:00:00", "18:00:00"), 1),
        (("10:00:00", "18:00:00"), 0),
        (("22:00:00", "10:00:00"), 1),
        (("07:00:00", "07:00:00"), 1),
    ],
)
async def test_callers_are_announced_in_office_hours_only(
    hass: HomeAssistant,
    pbx: SimulatedPbx,
    loaded: MockConfigEntry,
    poll: Poll,
    speaker: Speaker,
    hours: tuple[str, str],
    count: int,
) -> None:
    """It is nine in the morning; at night the speaker would talk to the alarm."""
    await announce(hass, hours_from=hours[0], hours_until=hours[1])
    pbx.call_in(CALLER, to="69")
    await poll(15)
    await settle(hass)
    assert len(speaker.said) == count


async def test_a_voice_assistant_announces_a_caller(
    hass: HomeAssistant, pbx: SimulatedPbx, loaded: MockConfigEntry, poll: Poll, speaker: Speaker, no_error: None
) -> None:
    """An office without any other speaker would hear nothing."""
    await announce(hass, speakers=[], voice="", satellites=["assist_satellite.hall"])
    pbx.call_in(CALLER, to="69")
    await poll(15)
    await settle(hass)
    assert speaker.announced == ["Call from an unknown number."]
    assert speaker.said == []


# --- Pause the music during calls ----------------------------------------------------------------------------------


async def pause(hass: HomeAssistant, **inputs: Any) -> None:
    """Use the blueprint for two phones and both speakers."""
    phones = [entity(hass, "binary_sensor", f"phone_{auth_id}", "in_call") for auth_id in (JERRY, TOM)]
    players = ["media_player.reception", "media_player.lobby"]
    await use(hass, "pause_music_in_calls", phones=phones, players=players, **inputs)


async def command(hass: HomeAssistant, what: str, player: str = "media_player.reception") -> None:
    """Let somebody press a button of a speaker."""
    await hass.services.async_call("media_player", what, {"entity_id": player}, blocking=True)


def music(hass: HomeAssistant) -> tuple[str, str]:
    """Return what the speakers at reception and in the lobby do."""
    states = [hass.states.get(f"media_player.{room}") for room in ("reception", "lobby")]
    return tuple(state.state if state else "" for state in states)  # type: ignore[return-value]  # two


async def test_the_music_pauses_while_somebody_talks_and_what_played_goes_on(
    hass: HomeAssistant, pbx: SimulatedPbx, loaded: MockConfigEntry, poll: Poll, speaker: Speaker
) -> None:
    """A caller hears the radio; after the call it plays in a room where somebody had paused it."""
    await pause(hass)
    for what, player in (("media_play", "reception"), ("media_play", "lobby"), ("media_pause", "lobby")):
        await command(hass, what, f"media_player.{player}")
    call = pbx.call_in(CALLER, to="69")
    await poll(15)
    assert music(hass) == ("playing", "paused")
    pbx.answer(call, by=JERRY)
    await poll(5)
    assert music(hass) == ("paused", "paused")
    other = pbx.call_out(TOM, OTHER_CALLER)
    pbx.answer(other)
    await poll(5)
    pbx.hang_up(call)
    await poll(5)
    await poll(10)
    assert music(hass) == ("paused", "paused")
    pbx.hang_up(other)
    await poll(5)
    assert music(hass) == ("paused", "paused")
    await poll(5)
    assert music(hass) == ("playing", "paused")


async def test_the_music_pauses_again_in_the_next_call(
    hass: HomeAssistant, pbx: SimulatedPbx, loaded: MockConfigEntry, poll: Poll, speaker: Speaker
) -> None:
    """It works in the first call of the day, or for calls far apart."""
    await pause(hass)
    await command(hass, "media_play")
    for _ in range(2):
        call = pbx.call_in(CALLER, to="69")
        pbx.answer(call, by=JERRY)
        await poll(15)
        assert music(hass)[0] == "paused"
        pbx.hang_up(call)
        await poll(5)
    again = pbx.call_in(CALLER, to="69")
    pbx.answer(again, by=JERRY)
    await poll(4)
    await poll(15)
    assert music(hass)[0] == "paused"
    pbx.hang_up(again)
    await poll(5)
    await poll(5)
    assert music(hass)[0] == "playing"


@pytest.mark.parametrize(
    ("meanwhile", "afterwards"), [("media_stop", "idle"), ("media_play", "playing"), (None, "playing")]
)
async def test_what_somebody_does_to_the_music_meanwhile_stays(
    hass: HomeAssistant,
    pbx: SimulatedPbx,
    loaded: MockConfigEntry,
    poll: Poll,
    speaker: Speaker,
    meanwhile: str | None,
    afterwards: str,
) -> None:
    """The radio starts in a meeting for which somebody has turned it off."""
    await pause(hass)
    await command(hass, "media_play")
    call = pbx.call_in(CALLER, to="69")
    pbx.answer(call, by=JERRY)
    await poll(15)
    if meanwhile:
        await command(hass, meanwhile)
    pbx.hang_up(call)
    await poll(5)
    await poll(5)
    assert music(hass) == (afterwards, "idle")


async def test_the_music_stays_paused_if_that_is_wanted(
    hass: HomeAssistant, pbx: SimulatedPbx, loaded: MockConfigEntry, poll: Poll, speaker: Speaker
) -> None:
    """Some like to start it themselves."""
    await pause(hass, resume=False)
    await command(hass, "media_play")
    call = pbx.call_in(CALLER, to="69")
    pbx.answer(call, by=JERRY)
    await poll(15)
    pbx.hang_up(call)
    await poll(5)
    await poll(5)
    assert music(hass) == ("paused", "idle")


async def test_the_music_stays_paused_in_an_outage(
    hass: HomeAssistant, simulator: Simulator, pbx: SimulatedPbx, loaded: MockConfigEntry, poll: Poll, speaker: Speaker
) -> None:
    """The call goes on when the Internet does not."""
    await pause(hass)
    await command(hass, "media_play")
    call = pbx.call_in(CALLER, to="69")
    pbx.answer(call, by=JERRY)
    await poll(15)
    simulator.control.fail("status.calls", "html", None)
    for _ in range(5):
        await poll(15)
    assert music(hass) == ("paused", "idle")
    simulator.control.heal()
    await poll(301)
    assert music(hass) == ("paused", "idle")
    pbx.hang_up(call)
    await poll(5)
    await poll(5)
    assert music(hass) == ("playing", "idle")


# --- The day in a message ------------------------------------------------------------------------------------------


async def close(
    hass: HomeAssistant, frozen: FrozenDateTimeFactory, *keys: str, of: tuple[str, ...] = ("pbx",), **inputs: Any
) -> list[str]:
    """Use the blueprint, and let it be closing time: five past nine; returns what is told."""
    figures = [entity(hass, "sensor", one, key) for one in of for key in keys]
    await use(hass, "day_in_a_message", figures=figures, closing_time="09:05:00", **inputs)
    frozen.move_to("2026-11-23 15:05:01+00:00")
    async_fire_time_changed(hass)
    await settle(hass)
    # Tomorrow's closing time is after the end of this test.
    await hass.services.async_call("automation", "turn_off", {"entity_id": "automation.ours"}, blocking=True)
    return told(hass)


async def test_the_day_is_told_at_closing_time(
    hass: HomeAssistant, pbx: SimulatedPbx, loaded: MockConfigEntry, poll: Poll, frozen: FrozenDateTimeFactory
) -> None:
    """The owner asks how the day was, and somebody opens six pages."""
    for _ in range(3):
        pbx.add_past_call(CALLER, "support", wait=12, talk=150)
    pbx.add_past_call(OTHER_CALLER, "support", outcome=Outcome.UNANSWERED, wait=40)
    await poll(61)
    keys = ("calls_today", "missed_calls_today", "service_level_today", "answer_speed_today", "talk_time_today")
    (day,) = await close(hass, frozen, *keys)
    assert day.splitlines() == [
        "Calls today: 4",
        "Missed calls today: 1",
        "Service level today: 75%",
        "Answer speed today: 0.2 min",
        "Talk time today: 2.5 min",
    ]


async def test_what_is_not_known_of_the_day_is_left_out(
    hass: HomeAssistant, pbx: SimulatedPbx, loaded: MockConfigEntry, poll: Poll, frozen: FrozenDateTimeFactory
) -> None:
    """A day without calls would be told as one with a service level of 0 %."""
    await poll(61)
    assert await close(hass, frozen, "calls_today", "service_level_today", "talk_time_today") == ["Calls today: 0"]


async def test_an_outage_is_no_day_without_calls(
    hass: HomeAssistant, simulator: Simulator, loaded: MockConfigEntry, poll: Poll, frozen: FrozenDateTimeFactory
) -> None:
    """A page of zeros is believed."""
    simulator.control.fail("reports.report", "html", None)
    await poll(61)
    said = await close(hass, frozen, "calls_today", "missed_calls_today")
    assert said == ["Nothing is known of today: the PBX does not answer."]


async def test_figures_of_several_queues_say_whose_they_are(
    hass: HomeAssistant, pbx: SimulatedPbx, loaded: MockConfigEntry, poll: Poll, frozen: FrozenDateTimeFactory
) -> None:
    """Two lines that read the same."""
    pbx.add_past_call(CALLER, "support")
    await poll(61)
    said = await close(hass, frozen, "calls_today", of=("queue_support", "queue_night"))
    assert said == ["support Calls today: 1\nnight Calls today: 0"]


@pytest.mark.parametrize(("days", "count"), [(["mon"], 1), (["sat", "sun"], 0)])
async def test_the_day_is_told_on_working_days_only(
    hass: HomeAssistant, loaded: MockConfigEntry, poll: Poll, frozen: FrozenDateTimeFactory, days: list[str], count: int
) -> None:
    """It is Monday; on Sunday nobody wants to hear of the office."""
    assert len(await close(hass, frozen, "calls_today", weekdays=days)) == count


# --- A VIP waits ---------------------------------------------------------------------------------------------------


async def test_a_vip_who_waits_is_told_and_others_are_not(
    hass: HomeAssistant,
    pbx: SimulatedPbx,
    loaded: MockConfigEntry,
    hass_client: ClientSessionGenerator,
    poll: Poll,
) -> None:
    """The customer who must not wait would wait like all others."""
    await Office(hass, loaded, hass_client).add(card("Ada Lovelace", CALLER, vip=True) + card("Bob", OTHER_CALLER))
    await use(hass, "vip_waits", queues=on_device(hass, "queue_night"))
    for number in (CALLER, OTHER_CALLER):
        pbx.call_in(number, to="night")
    await poll(15)
    await poll(44)
    await settle(hass)
    assert told(hass) == []
    await poll(10)
    await poll(30)
    await settle(hass)
    (message,) = told(hass)
    assert message.startswith("Ada Lovelace has been waiting in queue night for 6")
