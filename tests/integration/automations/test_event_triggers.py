"""Triggers on calls, texts and faxes, through real automations: each is told once, whatever comes in between."""

from collections.abc import Callable
from typing import Any
from unittest.mock import patch

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.dls_pbx.records.store import RecordStore
from simulator.pbx.past import Outcome
from simulator.pbx.simulated import SimulatedPbx
from tests.helpers.automations import automate, entity, is_on, on_device, switch
from tests.helpers.office import ANNE_MARIE, CALLER, JERRY, OTHER_CALLER, TOM, ZOE
from tests.integration.conftest import Poll

# --- call_missed ---------------------------------------------------------------------------------------------------


async def test_a_missed_call_brings_everything_that_an_answer_needs(
    hass: HomeAssistant, pbx: SimulatedPbx, loaded: MockConfigEntry, poll: Poll
) -> None:
    """Whom to call back, who they are, where they waited and for how long."""
    runs = await automate(hass, "call_missed", on_device(hass, "pbx"))
    call = pbx.call_in(CALLER, name="Ada", to="night")
    await poll(42)
    pbx.abandon(call)
    await poll(61)
    (run,) = runs
    told = {key: value for key, value in run.items() if key not in ("id", "idx", "alias", "duration")}
    assert told == {
        "platform": "dls_pbx.call_missed",
        "description": "a missed call",
        "entity_id": entity(hass, "event", "pbx", "call"),
        "event_type": "missed",
        "number": "+18155550123",
        "tel": "tel:+18155550123",
        "name": "Ada",
        "direction": "inbound",
        "queue": "night",
        "wait": 42,
        "own_number": "+18475550100",
        "time": "2026-11-23T09:00:00-06:00",
    }
    await poll()
    assert len(runs) == 1


async def test_calls_missed_in_one_look_are_told_each(
    hass: HomeAssistant, pbx: SimulatedPbx, loaded: MockConfigEntry, poll: Poll
) -> None:
    """Two in the same millisecond: an automation on the entity's state would run once."""
    runs = await automate(hass, "call_missed", on_device(hass, "pbx"))
    for number in (CALLER, OTHER_CALLER, CALLER):
        pbx.add_past_call(number, "630", outcome=Outcome.UNANSWERED)
    await poll(61)
    assert [run["number"] for run in runs] == ["+18155550123", "+18475550199", "+18155550123"]


@pytest.mark.parametrize(
    ("outcome", "told"),
    [
        (Outcome.UNANSWERED, ["missed"]),
        (Outcome.VOICEMAIL, ["voicemail"]),
        (Outcome.ANSWERED, []),
        (Outcome.FAX, []),
        (Outcome.FAX_FAILED, []),
    ],
)
async def test_who_left_a_message_was_missed_and_a_fax_was_not(
    hass: HomeAssistant, pbx: SimulatedPbx, loaded: MockConfigEntry, poll: Poll, outcome: Outcome, told: list[str]
) -> None:
    """A caller who left a message waits for an answer too; a fax machine waits for none."""
    runs = await automate(hass, "call_missed", on_device(hass, "pbx"))
    pbx.add_past_call(CALLER, "630", outcome=outcome, by=TOM if outcome is Outcome.ANSWERED else None)
    await poll(61)
    assert [run["event_type"] for run in runs] == told


async def test_a_queue_as_target_means_its_calls_only(
    hass: HomeAssistant, pbx: SimulatedPbx, loaded: MockConfigEntry, poll: Poll
) -> None:
    """Support does not call back whom sales has missed."""
    runs = await automate(hass, "call_missed", on_device(hass, "queue_support"))
    for to in ("support", "night", "630"):
        pbx.add_past_call(CALLER, to, outcome=Outcome.UNANSWERED)
    await poll(61)
    assert [(run["queue"], run["entity_id"]) for run in runs] == [
        ("support", entity(hass, "event", "queue_support", "queue"))
    ]


async def test_a_call_of_a_targeted_queue_and_pbx_is_told_once(
    hass: HomeAssistant, pbx: SimulatedPbx, loaded: MockConfigEntry, poll: Poll
) -> None:
    """An area with the PBX and its queues in it means the call twice."""
    runs = await automate(hass, "call_missed", on_device(hass, "queue_support", "pbx"))
    pbx.add_past_call(CALLER, "support", outcome=Outcome.UNANSWERED)
    await poll(61)
    assert len(runs) == 1


async def test_a_call_missed_while_the_entry_was_unloaded_is_told_after(
    hass: HomeAssistant, pbx: SimulatedPbx, loaded: MockConfigEntry, poll: Poll
) -> None:
    """Changing an option must not cost a caller their answer."""
    runs = await automate(hass, "call_missed", on_device(hass, "pbx"))
    await poll(61)
    assert await hass.config_entries.async_unload(loaded.entry_id)
    pbx.add_past_call(CALLER, "630", outcome=Outcome.UNANSWERED)
    await poll(61)
    assert runs == []
    for _ in range(3):
        assert await hass.config_entries.async_reload(loaded.entry_id)
        await hass.async_block_till_done(wait_background_tasks=True)
        await poll(61)
    assert [run["number"] for run in runs] == ["+18155550123"]


async def test_a_call_that_is_told_while_the_entry_is_still_being_loaded_is_heard(
    hass: HomeAssistant, pbx: SimulatedPbx, loaded: MockConfigEntry, poll: Poll
) -> None:
    """On a slow disk the PBX has answered before the set-up has ended; what is told then is not told again."""
    runs = await automate(hass, "call_missed", on_device(hass, "pbx"))
    await poll(61)
    assert await hass.config_entries.async_unload(loaded.entry_id)
    pbx.add_past_call(CALLER, "630", outcome=Outcome.UNANSWERED)
    states: list[ConfigEntryState] = []
    save = RecordStore.async_save

    async def slow_save(store: RecordStore) -> None:
        await save(store)
        if not states:
            states.append(loaded.state)
            await loaded.runtime_data.call_feed.async_refresh()

    with patch.object(RecordStore, "async_save", slow_save):
        assert await hass.config_entries.async_setup(loaded.entry_id)
    await poll(61)
    assert states == [ConfigEntryState.SETUP_IN_PROGRESS]
    assert len(runs) == 1


async def test_a_missed_call_can_be_of_one_of_our_numbers(
    hass: HomeAssistant, pbx: SimulatedPbx, loaded: MockConfigEntry, poll: Poll
) -> None:
    """Who called the emergency line is called back at night, and who called the shop is not."""
    pbx.numbers |= {"8475550200": "support", "8475550201": "support"}
    runs = await automate(hass, "call_missed", on_device(hass, "pbx"), own_number="(847) 555-0201")
    for number in pbx.numbers:
        pbx.add_past_call(CALLER, number, outcome=Outcome.UNANSWERED)
    await poll(61)
    assert [run["own_number"] for run in runs] == ["+18475550201"]


# --- call_ended ----------------------------------------------------------------------------------------------------


async def test_an_ended_call_is_told_of_the_phone_the_queue_and_the_pbx(
    hass: HomeAssistant, pbx: SimulatedPbx, loaded: MockConfigEntry, poll: Poll
) -> None:
    """A note in the customer's file after each call of Tom's; his namesake in the other tenant makes none."""
    whose = on_device(hass, f"phone_{TOM}", f"phone_{ZOE}")
    runs = await automate(hass, "call_ended", whose, minimum_duration="00:00:30")
    call = pbx.call_in(CALLER, to="support")
    await poll(5)
    pbx.answer(call, by=TOM)
    await poll(42)
    pbx.hang_up(call)
    pbx.add_past_call(OTHER_CALLER, "630", outcome=Outcome.ANSWERED, by=TOM, talk=29)
    pbx.add_past_call(OTHER_CALLER, "69", outcome=Outcome.ANSWERED, by=JERRY)
    pbx.add_past_call(OTHER_CALLER, "630", outcome=Outcome.UNANSWERED)
    await poll(61)
    (run,) = runs
    assert run["entity_id"] == entity(hass, "binary_sensor", f"phone_{TOM}", "registered")
    assert (run["event_type"], run["number"], run["extension"], run["queue"]) == (
        "ended",
        "+18155550123",
        "630",
        "support",
    )
    assert run["duration"] >= 42


@pytest.mark.parametrize(("object_", "count"), [("queue_support", 1), ("pbx", 2)])
async def test_an_ended_call_of_a_queue_is_not_everybodys(
    hass: HomeAssistant, pbx: SimulatedPbx, loaded: MockConfigEntry, poll: Poll, object_: str, count: int
) -> None:
    """Support asks its callers how it was; those of the front desk are not asked."""
    runs = await automate(hass, "call_ended", on_device(hass, object_))
    for to in ("support", "69"):
        pbx.add_past_call(CALLER, to, outcome=Outcome.ANSWERED, by=TOM if to == "support" else JERRY)
    await poll(61)
    assert len(runs) == count


@pytest.mark.parametrize(
    ("disposition", "told"), [("", "no_answer"), ("BUSY", "busy"), ("FAILED", "failed"), ("NO ANSWER", "no_answer")]
)
async def test_a_call_that_went_out_tells_how_it_came_out(
    hass: HomeAssistant, pbx: SimulatedPbx, loaded: MockConfigEntry, poll: Poll, disposition: str, told: str
) -> None:
    """A number that is busy is tried again, one that does not exist is not."""
    runs = await automate(hass, "call_ended", on_device(hass, "pbx"))
    call = pbx.call_out(TOM, CALLER)
    await poll(15)
    pbx.hang_up(call, disposition)
    await poll(15)
    await poll(61)
    assert [(run["direction"], run["disposition"]) for run in runs] == [("outbound", told)]


# --- incoming_call -------------------------------------------------------------------------------------------------


async def test_a_phone_that_rings_is_told_once(
    hass: HomeAssistant, pbx: SimulatedPbx, loaded: MockConfigEntry, poll: Poll
) -> None:
    """The workshop's lamp flashes when the workshop's phone rings: once, and not for colleagues or other phones."""
    runs = await automate(hass, "incoming_call", on_device(hass, f"phone_{JERRY}"))
    pbx.call_internal(TOM, "69")
    pbx.call_in(OTHER_CALLER, to="100")
    await poll(15)
    pbx.call_in(CALLER, name="Ada", to="69")
    for _ in range(4):
        await poll(15)
    assert [(run["number"], run["extension"], run["entity_id"]) for run in runs] == [
        ("+18155550123", "69", entity(hass, "binary_sensor", f"phone_{JERRY}", "registered"))
    ]


async def test_a_call_that_is_put_through_rings_at_the_phone_it_comes_to(
    hass: HomeAssistant, pbx: SimulatedPbx, loaded: MockConfigEntry, poll: Poll
) -> None:
    """Most callers reach the front desk first."""
    runs = await automate(hass, "incoming_call", on_device(hass, f"phone_{JERRY}"))
    call = pbx.call_in(CALLER, to="100")
    await poll(15)
    pbx.answer(call)
    await poll(15)
    pbx.transfer(call, "69")
    for _ in range(3):
        await poll(5)
    assert [run["number"] for run in runs] == ["+18155550123"]


async def test_an_agents_phone_rings_for_a_queues_caller(
    hass: HomeAssistant, pbx: SimulatedPbx, loaded: MockConfigEntry, poll: Poll
) -> None:
    """Of two who wait nobody can tell who rings, so nobody's number is told; and it rings once for each."""
    runs = await automate(hass, "incoming_call", on_device(hass, f"phone_{TOM}"))
    call = pbx.call_in(CALLER, to="support")
    for _ in range(4):
        await poll(5)
    assert [(run["number"], run["queue"]) for run in runs] == [("+18155550123", "support")]
    pbx.answer(call, by=ANNE_MARIE)
    await poll(5)
    pbx.call_in(OTHER_CALLER, to="support")
    pbx.call_in(CALLER, to="support")
    for _ in range(4):
        await poll(15)
    assert [run.get("number") for run in runs] == ["+18155550123", None]


@pytest.mark.parametrize(("object_", "count"), [("queue_support", 1), ("queue_night", 0), ("pbx", 2)])
async def test_whoever_calls_the_queue_or_the_office_is_told_once(
    hass: HomeAssistant, pbx: SimulatedPbx, loaded: MockConfigEntry, poll: Poll, object_: str, count: int
) -> None:
    """The music goes down when somebody calls; two phones that ring for one caller are one call."""
    runs = await automate(hass, "incoming_call", on_device(hass, object_))
    for to in ("support", "69"):
        pbx.call_in(CALLER, to=to)
    pbx.call_out(TOM, OTHER_CALLER)
    for _ in range(3):
        await poll(15)
    assert [run["number"] for run in runs] == ["+18155550123"] * count


# --- voicemail_left ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("options", "count"), [({}, 2), ({"extension": "630"}, 1), ({"extension": "100"}, 0)])
async def test_a_voicemail_is_told_of_the_mailbox_that_one_asks_for(
    hass: HomeAssistant,
    pbx: SimulatedPbx,
    loaded: MockConfigEntry,
    poll: Poll,
    options: dict[str, str],
    count: int,
) -> None:
    """Tom is told of his messages and not of everybody's."""
    runs = await automate(hass, "voicemail_left", on_device(hass, "pbx"), **options)
    for to in ("630", "69"):
        pbx.add_past_call(CALLER, to, outcome=Outcome.VOICEMAIL)
    pbx.add_past_call(CALLER, "630", outcome=Outcome.UNANSWERED)
    await poll(61)
    assert [run["event_type"] for run in runs] == ["voicemail"] * count


# --- sms_received --------------------------------------------------------------------------------------------------


async def test_a_text_that_comes_in_is_told(
    hass: HomeAssistant, pbx: SimulatedPbx, loaded: MockConfigEntry, poll: Poll
) -> None:
    """Who wrote what; our own texts are not told."""
    runs = await automate(hass, "sms_received", on_device(hass, "pbx"))
    message_id = pbx.receive_sms(CALLER, "630", "Is the shop open?")
    pbx.send_sms("630", [OTHER_CALLER], "Yes", "")
    await poll(61)
    (run,) = runs
    assert {key: value for key, value in run.items() if key not in ("id", "idx", "alias")} == {
        "platform": "dls_pbx.sms_received",
        "description": "a received text message",
        "entity_id": entity(hass, "event", "pbx", "sms"),
        "event_type": "received",
        "number": "+18155550123",
        "tel": "tel:+18155550123",
        "direction": "inbound",
        "extension": "630",
        "time": "2026-11-23T09:00:00-06:00",
        "text": "Is the shop open?",
        "message_id": message_id,
    }


@pytest.mark.parametrize(
    ("options", "count"),
    [
        ({}, 3),
        ({"contains": "", "sender": ""}, 3),
        ({"contains": "OPEN"}, 2),
        ({"contains": "straße"}, 1),
        ({"contains": "the  gate"}, 1),
        ({"contains": "pen"}, 0),
        ({"contains": "gat"}, 0),
        ({"contains": "strasse?"}, 1),
        ({"sender": "8155550123"}, 2),
        ({"sender": "(815) 555-0123"}, 2),
        ({"sender": "+1 815 555 0123"}, 2),
        ({"sender": "tel:+18155550123"}, 2),
        ({"sender": "1-815-555-0123", "contains": "open"}, 1),
        ({"sender": "5550123"}, 0),
        ({"sender": "69"}, 0),
        ({"sender": ["847-555-0199", "(815) 555-0123"]}, 3),
        ({"sender": ["", "1-815-555-0123"]}, 2),
        ({"sender": []}, 0),
        ({"sender": ["", " "]}, 0),
    ],
)
async def test_only_texts_with_the_words_and_from_the_sender_asked_for(
    hass: HomeAssistant,
    pbx: SimulatedPbx,
    loaded: MockConfigEntry,
    poll: Poll,
    options: dict[str, str | list[str]],
    count: int,
) -> None:
    """The caretaker's phone may open the gate, however somebody has written down its number."""
    runs = await automate(hass, "sms_received", on_device(hass, "pbx"), **options)
    pbx.receive_sms(CALLER, "630", "Please open the gate")
    pbx.receive_sms(CALLER, "630", "Wo ist die STRASSE?")
    pbx.receive_sms(OTHER_CALLER, "630", "Open up")
    await poll(61)
    assert len(runs) == count


@pytest.mark.parametrize(
    ("wanted", "text", "fires"),
    [
        ("stop", "nonstop", False),
        ("stop", "stopping", False),
        ("stop", "Nonstop? STOP!", True),
        ("stop", "(stop)", True),
        ("stop", "__stop__", True),
        ("stop", "please don't stop", True),
        ("don't stop", "Please don\u2019t stop.", True),
        ("?", "Are you open?", True),
        ("\N{THUMBS UP SIGN}", "ok\N{THUMBS UP SIGN}\N{EMOJI MODIFIER FITZPATRICK TYPE-4}", True),
        # An accent may be a letter of its own, and then the word is another one.
        ("resume", "my resume\N{COMBINING ACUTE ACCENT} is late", False),
        ("resum\N{LATIN SMALL LETTER E WITH ACUTE}", "RESUME\N{COMBINING ACUTE ACCENT}", True),
        ("\u0441\u0442\u043e\u043f", "\u041d\u043e\u043d\u0441\u0442\u043e\u043f", False),  # Russian
        ("\u0441\u0442\u043e\u043f", "\u0421\u0422\u041e\u041f!", True),
        ("\u0938\u094d\u091f", "\u0938\u094d\u091f\u0949\u092a", False),  # Hindi: a vowel is a mark
        ("\u505c\u6b62", "\u8bf7\u505c\u6b62\u53d1\u9001", True),  # Chinese has no spaces
        ("ana", "banana ana", True),
        ("a a", "xa a a", True),
    ],
)
async def test_words_are_found_whole_in_whatever_letters_they_are_written(
    hass: HomeAssistant,
    pbx: SimulatedPbx,
    loaded: MockConfigEntry,
    poll: Poll,
    wanted: str,
    text: str,
    fires: bool,
) -> None:
    """Somebody who sells "nonstop" service would be unsubscribed, and who writes in another alphabet never heard."""
    runs = await automate(hass, "sms_received", on_device(hass, "pbx"), contains=wanted)
    pbx.receive_sms(CALLER, "630", text)
    await poll(61)
    assert len(runs) == fires


async def test_an_automation_with_an_option_that_is_unknown_is_refused(
    hass: HomeAssistant, loaded: MockConfigEntry
) -> None:
    """A slip of the pen shows at once, not at the first text that is missing."""
    await automate(hass, "sms_received", on_device(hass, "pbx"), contain="open")
    assert not is_on(hass)


# --- fax_failed ----------------------------------------------------------------------------------------------------


def _sent(pbx: SimulatedPbx) -> None:
    pbx.fax_complete(_under_way(pbx, 1))


def _failed(pbx: SimulatedPbx) -> None:
    pbx.fax_fail(_under_way(pbx, 1))


def _failed_once(pbx: SimulatedPbx) -> None:
    pbx.fax_fail(_under_way(pbx, 2))


def _under_way(pbx: SimulatedPbx, attempts: int) -> int:
    fax = pbx.send_fax(TOM, OTHER_CALLER, max_attempts=attempts)
    pbx.fax_progress(fax)
    return fax


def _received(pbx: SimulatedPbx) -> None:
    pbx.receive_fax(CALLER, "630")


def _broken_off(pbx: SimulatedPbx) -> None:
    pbx.receive_fax(CALLER, "630", cause="call_dropped")


@pytest.mark.parametrize(
    ("happens", "told"),
    [
        (_sent, []),
        (_received, []),
        (_failed_once, []),
        (_failed, ["+18475550199"]),
        (_broken_off, ["+18155550123"]),
    ],
)
async def test_a_fax_that_failed_is_told(
    hass: HomeAssistant,
    pbx: SimulatedPbx,
    loaded: MockConfigEntry,
    poll: Poll,
    happens: Callable[[SimulatedPbx], Any],
    told: list[str],
) -> None:
    """An order that never arrived; an attempt that will be made again is no failure yet."""
    runs = await automate(hass, "fax_failed", on_device(hass, "pbx"))
    happens(pbx)
    await poll(61)
    await poll(61)
    assert [run["number"] for run in runs] == told
    assert {run["entity_id"] for run in runs} <= {entity(hass, "event", "pbx", "fax")}


# --- all -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("trigger", "other"), [("call_missed", "fax"), ("sms_received", "call"), ("fax_failed", "sms")]
)
async def test_an_event_entity_means_its_own_kind_of_event(
    hass: HomeAssistant, pbx: SimulatedPbx, loaded: MockConfigEntry, poll: Poll, trigger: str, other: str
) -> None:
    """A label on the fax machine is no label on the telephone."""
    runs = await automate(hass, trigger, {"entity_id": entity(hass, "event", "pbx", other)})
    pbx.add_past_call(CALLER, "630", outcome=Outcome.UNANSWERED)
    pbx.receive_sms(CALLER, "630", "Hello")
    _broken_off(pbx)
    await poll(61)
    assert runs == []


async def test_an_events_automation_that_is_off_listens_to_nothing(
    hass: HomeAssistant, pbx: SimulatedPbx, loaded: MockConfigEntry, poll: Poll
) -> None:
    """Neither while it is off, nor twice after it was turned on again."""
    runs = await automate(hass, "sms_received", on_device(hass, "pbx"))
    await switch(hass, on=False)
    pbx.receive_sms(CALLER, "630", "One")
    await poll(61)
    await switch(hass, on=True)
    pbx.receive_sms(CALLER, "630", "Two")
    await poll(61)
    assert [run["text"] for run in runs] == ["Two"]


async def test_a_pbx_that_is_removed_takes_its_triggers_with_it(
    hass: HomeAssistant, pbx: SimulatedPbx, loaded: MockConfigEntry, poll: Poll
) -> None:
    """The automation stays, and is about nothing."""
    runs = await automate(hass, "call_missed", on_device(hass, "pbx"))
    await hass.config_entries.async_remove(loaded.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    pbx.add_past_call(CALLER, "630", outcome=Outcome.UNANSWERED)
    await poll(61)
    await switch(hass, on=False)
    assert runs == []
