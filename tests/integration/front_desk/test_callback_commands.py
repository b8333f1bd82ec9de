"""What a front desk does about callers over Home Assistant's own websocket: notes, who has taken it, who is who."""

import json
import logging
from typing import Any

from homeassistant.auth.permissions import PolicyType
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, MockUser
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.dls_pbx.const import DOMAIN
from simulator.app import Simulator
from simulator.pbx.past import Outcome
from simulator.pbx.simulated import SimulatedPbx
from tests.helpers.address_books import Office, card
from tests.helpers.automations import entity
from tests.helpers.front_desk import Connect, Desk, entities, put_in_group
from tests.helpers.office import CALLER, JERRY, OTHER_CALLER, TOM
from tests.helpers.stored import stored
from tests.integration.conftest import Poll
from tests.integration.front_desk.conftest import Guest

LIST = "todo.dls_hosted_pbx_callbacks"
READABLE, E164 = "(815) 555-0123", f"+1{CALLER}"


@pytest.fixture
async def desk(loaded: MockConfigEntry, pbx: SimulatedPbx, hass_ws_client: Connect, poll: Poll) -> Desk:
    """Return the owner's front desk, with a caller who is owed a call."""
    pbx.add_past_call(CALLER, "support", outcome=Outcome.UNANSWERED)
    await poll(61)
    return await Desk.open(hass_ws_client)


@pytest.fixture
async def colleague(
    hass: HomeAssistant,
    desk: Desk,
    hass_ws_client: Connect,
    hass_read_only_user: MockUser,
    hass_read_only_access_token: str,
) -> Desk:
    """Return the front desk of somebody else, who may tick off."""
    policy: PolicyType = {"entities": {"entity_ids": {LIST: {"read": True, "control": True}}}}
    hass_read_only_user.name = "Ann"
    await put_in_group(hass, hass_read_only_user, policy)
    return await Desk.open(hass_ws_client, hass_read_only_access_token)


def owed(desk: Desk) -> tuple[str, dict[str, Any]]:
    """Return the one caller who is owed a call."""
    (item,) = desk.rows["missed"].items()
    return item


async def change(desk: Desk, uid: str | None = None, **fields: Any) -> dict[str, Any]:
    """Change a callback, and take in what comes of it."""
    answer = await desk.ask("callback", callback_id=uid or owed(desk)[0], **fields)
    await desk.news()
    return answer


def error(answer: dict[str, Any]) -> tuple[str, str]:
    """Return code and message of a refusal."""
    assert not answer["success"]
    return answer["error"]["code"], answer["error"]["message"]


async def test_a_note_is_seen_by_all_who_look(desk: Desk, colleague: Desk) -> None:
    """What the customer said would stand on a slip of paper at another desk."""
    answer = await change(desk, note="  Wants the blue one.\nCall after five. ")
    assert (answer["success"], answer["result"]) == (True, {})
    await colleague.news()
    for one in (desk, colleague):
        assert owed(one)[1]["note"] == "Wants the blue one.\nCall after five."
    await change(colleague, note=" ")
    assert owed(colleague)[1]["note"] is None


async def test_a_note_has_an_end(desk: Desk) -> None:
    """Every save would write a novel."""
    assert (await change(desk, note="x" * 500))["success"]
    code, message = error(await change(desk, note="x" * 501, done=True))
    assert (code, message) == ("invalid_format", "A note has at most 500 characters.")
    assert owed(desk)[1]["note"] == "x" * 500


async def test_two_desks_that_take_the_same_callback_are_told_apart(desk: Desk, colleague: Desk) -> None:
    """A customer would be called twice, by people who do not know of each other."""
    uid = owed(desk)[0]
    assert (await change(colleague, taken=True))["success"]
    code, message = error(await desk.ask("callback", callback_id=uid, taken=True))
    assert (code, message) == ("already_taken", "Ann has already taken this callback")
    await desk.news()
    assert owed(desk)[1]["owner"] == "Ann"
    # Whoever knows whose it is may take it from them.
    assert (await change(desk, taken=True, taken_from="Ann"))["success"]
    assert owed(desk)[1]["owner"] == "Mock User"
    assert error(await change(colleague, taken=True, taken_from="Ann"))[0] == "already_taken"
    assert (await change(desk, taken=False))["success"]
    assert owed(desk)[1]["owner"] is None
    assert (await change(colleague, taken=True, taken_from="Mock User"))["success"]


async def test_a_refusal_speaks_the_language_of_the_house(hass: HomeAssistant, desk: Desk, colleague: Desk) -> None:
    """Half a Spanish page in English looks broken."""
    hass.config.language = "es"
    await change(colleague, taken=True)
    answer = await change(desk, taken=True)
    assert error(answer)[1] == "Ann ya se ocupa de esta llamada por devolver"
    assert answer["error"]["translation_key"] == "callback_taken"
    assert answer["error"]["translation_placeholders"] == {"owner": "Ann"}


async def test_done_ticks_off_and_can_be_taken_back(hass: HomeAssistant, desk: Desk) -> None:
    """A finger slips on a tablet, too."""
    uid = owed(desk)[0]
    await change(desk, note="Spoke to his wife", taken=True)
    assert (await change(desk, done=True))["success"]
    assert desk.rows["missed"] == {}
    assert error(await change(desk, uid, taken=True)) == ("not_found", "This callback is no longer on the list")
    assert (await change(desk, uid, done=False))["success"]
    row = owed(desk)[1]
    assert (row["note"], row["owner"]) == ("Spoke to his wife", "Mock User")
    await hass.services.async_call("todo", "remove_item", {"item": uid}, target={"entity_id": LIST}, blocking=True)
    for fields in ({"note": "Gone"}, {"done": True}, {"taken": True}, {"done": False}):
        assert error(await change(desk, uid, **fields))[0] == "not_found"


async def test_more_tries_leave_note_and_owner_and_need_another_text(
    hass: HomeAssistant, desk: Desk, pbx: SimulatedPbx, poll: Poll
) -> None:
    """The customer's second try would wipe out what was said after the first."""
    await change(desk, note="About the fence", taken=True)
    await send(hass, CALLER)
    await desk.news()
    first = owed(desk)[1]
    assert (first["first"], first["last"], first["calls"]) == (first["last"], first["first"], 1)
    assert first["texted"] == "2026-11-23T15:01:01+00:00"
    await poll(20)
    pbx.add_past_call(CALLER, "support", outcome=Outcome.UNANSWERED, wait=0)
    await poll(61)
    await desk.news()
    row = owed(desk)[1]
    assert (row["calls"], row["note"], row["owner"]) == (2, "About the fence", "Mock User")
    assert row["first"] == first["first"] < row["last"]
    assert row["texted"] is None


async def send(hass: HomeAssistant, *numbers: str) -> None:
    """Send a text as the front desk does."""
    fields = {"recipients": list(numbers), "message": "We call you back."}
    await hass.services.async_call(DOMAIN, "send_sms", fields, blocking=True)


async def test_a_text_of_ours_is_known_at_once(
    hass: HomeAssistant, desk: Desk, pbx: SimulatedPbx, simulator: Simulator
) -> None:
    """The colleague at the next desk would send the same text again."""
    await send(hass, OTHER_CALLER)
    await desk.news()
    assert owed(desk)[1]["texted"] is None
    await send(hass, "(815) 555-0123")
    await desk.news()
    assert owed(desk)[1]["texted"] == "2026-11-23T15:01:01+00:00"


async def test_a_text_that_was_refused_is_none(hass: HomeAssistant, desk: Desk, simulator: Simulator) -> None:
    """Nobody would call a customer who was never written to."""
    simulator.control.fail("sms.send_sms", "no_permission", times=None)
    with pytest.raises(Exception, match="permission"):
        await send(hass, CALLER)
    await desk.news()
    assert owed(desk)[1]["texted"] is None


async def test_a_text_from_a_phone_counts_as_well_unless_it_failed(desk: Desk, pbx: SimulatedPbx, poll: Poll) -> None:
    """Somebody who answers from their own telephone would see the caller waiting for ever."""
    pbx.receive_sms(CALLER, TOM, "Please call me")
    pbx.sms_unreachable(CALLER)
    pbx.send_sms(TOM, [E164], "In an hour?", "")
    await poll(61)
    await desk.news()
    assert owed(desk)[1]["texted"] is None
    pbx.sms_unreachable(CALLER, unreachable=False)
    pbx.send_sms(TOM, [E164], "In an hour?", "")
    await poll(61)
    await desk.news()
    assert owed(desk)[1]["texted"] == "2026-11-23T15:02:02+00:00"


async def test_a_text_counts_that_is_read_before_the_call_is(
    loaded: MockConfigEntry, pbx: SimulatedPbx, poll: Poll, hass_ws_client: Connect
) -> None:
    """An automation writes to callers whom nobody answered before the PBX has the call on record."""
    await poll(61)
    pbx.send_sms(TOM, [E164], "We call you back.", "")
    await poll(61)
    pbx.add_past_call(CALLER, "support", outcome=Outcome.UNANSWERED, wait=0, ago=70)
    await poll(61)
    await poll(61)
    desk = await Desk.open(hass_ws_client)
    row = owed(desk)[1]
    assert (row["last"], row["texted"]) == ("2026-11-23T15:00:52+00:00", "2026-11-23T15:01:01+00:00")


async def test_a_text_of_before_the_call_answers_nothing(
    hass: HomeAssistant, loaded: MockConfigEntry, pbx: SimulatedPbx, poll: Poll, hass_ws_client: Connect
) -> None:
    """Yesterday's offer is no answer to today's question."""
    pbx.send_sms(TOM, [E164], "Spring offers!", "")
    await poll(30)
    pbx.add_past_call(CALLER, "support", outcome=Outcome.UNANSWERED, wait=0)
    await poll(61)
    desk = await Desk.open(hass_ws_client)
    assert owed(desk)[1]["texted"] is None


async def test_what_a_desk_does_is_written_at_once(hass: HomeAssistant, desk: Desk) -> None:
    """A kill a moment later would bring the slip of paper back."""
    uid = owed(desk)[0]
    await change(desk, note="Call at five", taken=True)
    kept = stored(hass)["callbacks"][uid]
    assert (kept["note"], kept["owner"]) == ("Call at five", "Mock User")
    await change(desk, note="", taken=False, done=True)
    kept = stored(hass)["callbacks"][uid]
    assert (kept.get("note"), kept.get("owner"), "completed" in kept) == (None, None, True)


async def test_a_restart_keeps_note_owner_and_text(hass: HomeAssistant, desk: Desk, loaded: MockConfigEntry) -> None:
    """After the update of the night all callbacks would be up for grabs again."""
    await change(desk, note="Call at five", taken=True)
    await send(hass, CALLER)
    await desk.news()
    before = owed(desk)
    assert before[1]["texted"]
    # All that is left then is what was on the disk.
    await hass.config_entries.async_unload(loaded.entry_id)
    await desk.news()
    assert desk.rows["missed"] == {}
    await hass.config_entries.async_setup(loaded.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    await desk.news()
    assert owed(desk) == before


@pytest.mark.parametrize("written", ["(847) 555-0199", "847-555-0199", "+18475550199", "1 847 555 0199 ext. 5"])
async def test_somebody_who_asks_for_a_call_is_put_on_the_list(
    hass: HomeAssistant, desk: Desk, pbx: SimulatedPbx, poll: Poll, written: str
) -> None:
    """Who spoke to somebody who could not help would be forgotten."""
    answer = await desk.ask("add_callback", number=written, note="About the invoice")
    await desk.news()
    uid = answer["result"]["callback_id"]
    row = desk.rows["missed"][uid]
    assert (row["number"], row["tel"], row["note"]) == ("(847) 555-0199", "+18475550199", "About the invoice")
    assert row["first"] == row["last"] == "2026-11-23T15:01:01+00:00"
    assert "note" in stored(hass)["callbacks"][uid]
    await poll(20)
    pbx.add_past_call(JERRY, OTHER_CALLER, talk=5)
    await poll(61)
    await desk.news()
    assert uid not in desk.rows["missed"]


async def test_who_is_owed_a_call_and_asks_for_one_is_still_one_item(desk: Desk) -> None:
    """Two items for one customer make two people call."""
    uid, before = owed(desk)
    for note in ("About the fence", "", "About the fence", "Urgent"):
        answer = await desk.ask("add_callback", number=CALLER, note=note)
        assert answer["result"] == {"callback_id": uid}
    await desk.news()
    assert owed(desk) == (uid, before | {"note": "About the fence\nUrgent"})
    assert error(await desk.ask("add_callback", number=CALLER, note="x" * 490))[0] == "invalid_format"


@pytest.mark.parametrize("written", ["anonymous", "0000000000", "630", "5550123", "", "BANK", "+1 815", "1" * 25])
async def test_a_number_that_nobody_can_call_is_refused(desk: Desk, written: str) -> None:
    """Somebody would promise a call that nobody can make."""
    answer = await desk.ask("add_callback", number=written, note="Call me")
    assert error(answer) == ("invalid_format", "This is not a phone number with its area code.")
    await desk.news()
    assert len(desk.rows["missed"]) == 1


async def test_who_may_not_tick_off_changes_nothing(
    hass: HomeAssistant, pbx: SimulatedPbx, poll: Poll, guest: Guest
) -> None:
    """The tablet in the hall would let every visitor tick off the day's work."""
    pbx.add_past_call(CALLER, "support", outcome=Outcome.UNANSWERED)
    await poll(61)
    desk = await guest(LIST)
    for fields in ({"note": "Hello"}, {"done": True}, {"taken": True}):
        assert error(await change(desk, **fields))[0] == "unauthorized"
    assert error(await desk.ask("add_callback", number=OTHER_CALLER))[0] == "unauthorized"
    assert [row["note"] for row in desk.rows["missed"].values()] == [None]


async def test_our_log_and_states_name_neither_caller_nor_note(
    hass: HomeAssistant, desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    """Both are kept and passed on."""
    caplog.set_level(logging.DEBUG)
    await change(desk, note="About the fence", taken=True)
    await desk.ask("add_callback", number=OTHER_CALLER, note="About the fence")
    await desk.ask("add_callback", number="555-0100", note="About the fence")
    await desk.ask("caller", number="555-0100")
    await send(hass, CALLER)
    shown = json.dumps([state.as_dict() for state in hass.states.async_all(("todo", "sensor"))], default=str)
    ours = " ".join(record.getMessage() for record in caplog.records if DOMAIN in record.name)
    for private in (CALLER, OTHER_CALLER, "555-0", "fence", "Mock User"):
        assert private not in shown + ours


async def who(desk: Desk, number: str) -> dict[str, Any]:
    """Return who somebody is."""
    answer = await desk.ask("caller", number=number)
    assert answer["success"], answer
    found: dict[str, Any] = answer["result"]
    return found


@pytest.mark.parametrize("written", ["(815) 555-0123", CALLER, E164, " 1-815-555-0123 ", "815.555.0123 x7"])
async def test_a_caller_is_known_by_any_spelling_of_their_number(desk: Desk, written: str) -> None:
    """Who copies a number from a letter would find nobody."""
    assert await who(desk, written) == {
        "number": READABLE,
        "tel": E164,
        "name": None,
        "vip": False,
        "opted_out": False,
        "callback_id": owed(desk)[0],
        "conversation_id": E164,
    }


@pytest.mark.parametrize("written", ["69", JERRY, "69@default"])
async def test_a_colleague_is_known_by_extension_and_auth_id(desk: Desk, pbx: SimulatedPbx, written: str) -> None:
    """A driver with an extension of his own is written to as well."""
    pbx.send_sms(TOM, ["69"], "Come to the front, please.", "")
    found = await who(desk, written)
    assert (found["number"], found["tel"], found["name"], found["vip"]) == ("69", None, "Jerry", False)
    assert (found["opted_out"], found["callback_id"], found["conversation_id"]) == (None, None, JERRY)
    texts = await desk.ask("conversation", conversation_id=found["conversation_id"])
    assert [one["text"] for one in texts["result"]["messages"]] == ["Come to the front, please."]


async def test_a_vip_is_told_in_every_table_and_by_the_number(
    hass: HomeAssistant,
    desk: Desk,
    loaded: MockConfigEntry,
    hass_client: ClientSessionGenerator,
    pbx: SimulatedPbx,
    poll: Poll,
) -> None:
    """The best customer would wait like everybody else."""
    await Office(hass, loaded, hass_client).add(card("Ada Lovelace", CALLER, vip=True) + card("Bob", OTHER_CALLER))
    for number in (CALLER, OTHER_CALLER):
        pbx.call_in(number, to="night")
    pbx.receive_sms(CALLER, TOM, "Hello")
    await poll(61)
    await desk.news()
    rows = desk.rows
    told = [*rows["queues"]["night"]["callers"], *rows["calls"].values(), *rows["conversations"].values()]
    assert {(row["name"], row["vip"]) for row in told} == {("Ada Lovelace", True), ("Bob", False)}
    assert (owed(desk)[1]["name"], owed(desk)[1]["vip"]) == ("Ada Lovelace", True)
    assert [(await who(desk, number))["vip"] for number in (CALLER, OTHER_CALLER)] == [True, False]


async def test_who_opted_out_is_told_as_far_as_the_lists_were_read(
    desk: Desk, pbx: SimulatedPbx, poll: Poll, simulator: Simulator
) -> None:
    """A box to write into, for somebody who asked for no more texts, is a matter for the courts."""
    pbx.add_unsubscriber(CALLER, "1")
    await poll(3601)
    await desk.news()
    simulator.requests.clear()
    assert (await who(desk, CALLER))["opted_out"] is True
    assert list(simulator.requests) == []
    simulator.control.fail("subscribers.query_lists", "no_permission", times=None)
    await poll(3601)
    await desk.news()
    assert (await who(desk, CALLER))["opted_out"] is None


@pytest.mark.parametrize("written", ["anonymous", "", "nobody", "0000000000"])
async def test_nobody_is_told_by_what_is_no_number(desk: Desk, written: str) -> None:
    """A page of somebody else would open."""
    answer = await desk.ask("caller", number=written)
    assert error(answer) == ("invalid_format", "This is neither a phone number nor an extension.")


async def test_who_may_read_neither_calls_nor_texts_learns_of_nobody(
    hass: HomeAssistant, desk: Desk, guest: Guest, hass_read_only_user: MockUser
) -> None:
    """The tablet in the hall would be a telephone book."""
    visitor = await guest(LIST)
    assert error(await visitor.ask("caller", number=CALLER))[0] == "unauthorized"
    await put_in_group(hass, hass_read_only_user, entities(entity(hass, "event", "pbx", "call")))
    found = await who(visitor, CALLER)
    assert (found["number"], found["callback_id"]) == (READABLE, None)


async def test_without_a_pbx_nothing_is_done(hass: HomeAssistant, desk: Desk, loaded: MockConfigEntry) -> None:
    """What somebody writes down would be lost without a word."""
    uid = owed(desk)[0]
    await hass.config_entries.async_unload(loaded.entry_id)
    await desk.news()
    for command, fields in (
        ("callback", {"callback_id": uid, "note": "Hello"}),
        ("add_callback", {"number": OTHER_CALLER}),
        ("caller", {"number": CALLER}),
    ):
        assert error(await desk.ask(command, **fields))[0] == "not_found"
