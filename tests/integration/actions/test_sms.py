"""Texts: what is sent, what is refused unsent, and what became of a text whose answer got lost."""

import asyncio
import logging
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.config_entries import SOURCE_REAUTH
from homeassistant.const import CONF_API_KEY
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
import voluptuous as vol

from custom_components.dls_pbx.actions.sms import async_send_sms
from simulator.app import Simulator
from simulator.pbx.simulated import SimulatedPbx
from tests.helpers.office import ANNE_MARIE, CALLER, KEY, OTHER_CALLER, TOM
from tests.helpers.paths import translations
from tests.helpers.service_calls import act, refusal, sent

SEND = "sms.send_sms"
TEXT = "Your order is ready."
TO = f"+1{CALLER}"


async def test_a_text_goes_out_as_the_pbx_takes_it(
    hass: HomeAssistant, loaded: MockConfigEntry, simulator: Simulator, pbx: SimulatedPbx
) -> None:
    """The main job: a text arrives, and the automation gets the id under which the PBX filed it."""
    response = await act(hass, "send_sms", recipients=[CALLER, "630"], message=TEXT, account_code="505")
    assert sent(simulator, SEND) == [{"dst": [TO, "630"], "body": TEXT, "account_code": "505"}]
    message_id = pbx.messages()[0].message_id
    assert response == {"message_id": message_id, "recipients": [TO, "630"], "consent_checked": True}


async def test_a_text_can_be_sent_without_asking_for_a_response(
    hass: HomeAssistant, loaded: MockConfigEntry, simulator: Simulator
) -> None:
    """Most automations do not care for the id."""
    await hass.services.async_call("dls_pbx", "send_sms", {"recipients": "630", "message": TEXT}, blocking=True)
    assert sent(simulator, SEND) == [{"dst": ["630"], "body": TEXT}]


@pytest.mark.parametrize(
    ("recipients", "to"),
    [
        ("+1 (815) 555-0123", [TO]),
        ("8155550123, 630", [TO, "630"]),
        (630, ["630"]),
        ([630, "69"], ["630", "69"]),
        (["815-555-0123", "tel:+18155550123", "(815) 555-0123", "630", "630"], [TO, "630"]),
        (["630@north-side", TOM], ["630@north-side", TOM]),
    ],
)
async def test_recipients_come_in_many_spellings(
    hass: HomeAssistant, loaded: MockConfigEntry, simulator: Simulator, recipients: Any, to: list[str]
) -> None:
    """People paste numbers as they find them, YAML makes integers of them, and nobody wants a text twice."""
    await act(hass, "send_sms", recipients=recipients, message=TEXT)
    assert [request["dst"] for request in sent(simulator, SEND)] == [to]


@pytest.mark.parametrize("country", ["DE", None])
async def test_a_number_without_a_country_is_of_home_assistants(
    hass: HomeAssistant, loaded: MockConfigEntry, simulator: Simulator, country: str | None
) -> None:
    """A national number would lead to another country; without a setting it is the vendor's."""
    hass.config.country = country
    await act(hass, "send_sms", recipients="030 1234567" if country else CALLER, message=TEXT)
    assert sent(simulator, SEND)[0]["dst"] == ["+49301234567" if country else TO]


@pytest.mark.parametrize(
    ("fields", "key"),
    [
        ({"recipients": ["letters"]}, "invalid_recipient"),
        ({"recipients": ["630", "1-800-FLOWERS"]}, "invalid_recipient_in_list"),
        ({"recipients": ["zzz9zzzz"]}, "invalid_recipient"),
        ({"recipients": ["5550123"]}, "invalid_recipient"),
        ({"recipients": 8155550123}, "unquoted_entry"),
        ({"recipients": ["630", 3161234567]}, "unquoted_entry_in_list"),
        ({"recipients": [4791234567]}, "unquoted_entry"),
        ({"recipients": [-1]}, "unquoted_entry"),
        ({"recipients": ["630-631"]}, "invalid_recipient"),
        ({"recipients": ["7378742833"]}, "invalid_recipient"),
        ({"recipients": ["+10000000000"]}, "invalid_recipient"),
        ({"recipients": ["555"]}, "unknown_extension"),
        ({"recipients": [555]}, "unknown_extension"),
        ({"account_code": 505}, "unquoted_field"),
        ({"account_code": 325}, "unquoted_field"),
        ({"message": "Low \ud83d"}, "broken_text"),
        ({"message": "\udd0b\ud83d"}, "broken_text"),
        ({"account_code": "\ud83d"}, "broken_text"),
        ({"recipients": []}, "no_recipient"),
        ({"recipients": " , "}, "no_recipient"),
        ({"message": ""}, "message_length"),
        ({"message": " \n "}, "message_length"),
        ({"message": "x" * 201}, "message_length"),
    ],
)
async def test_a_text_that_cannot_be_sent_is_refused_unsent(
    hass: HomeAssistant, loaded: MockConfigEntry, simulator: Simulator, fields: dict[str, Any], key: str
) -> None:
    """Half of the recipients must not get a text that the other half cannot get."""
    before = len(simulator.requests)
    error = await refusal(hass, ServiceValidationError, "send_sms", **{"recipients": CALLER, "message": TEXT} | fields)
    assert error.translation_key == key
    assert len(simulator.requests) == before


@pytest.mark.parametrize("key", ["invalid_recipient", "unknown_extension", "ambiguous_extension", "unquoted_entry"])
def test_a_lone_recipient_is_no_entry_of_a_list(key: str) -> None:
    """Whoever wrote one number looks for a list that is not there; and of a list for the entry."""
    for language in ("en", "es"):
        texts = translations(language)["exceptions"]
        assert "{" not in texts[key]["message"]
        assert "{position}" in texts[f"{key}_in_list"]["message"]


async def test_a_refusal_names_the_place_and_not_the_number(hass: HomeAssistant, loaded: MockConfigEntry) -> None:
    """Home Assistant logs what actions raise, and logs are passed around."""
    error = await refusal(hass, ServiceValidationError, "send_sms", recipients=["630", "555-0123"], message=TEXT)
    assert error.translation_placeholders == {"position": "2"}


@pytest.mark.parametrize(
    "fields",
    [{"recipients": [True]}, {"recipients": {"a": 1}}, {"recipients": None}, {"message": ["x"]}, {"subject": "Hi"}],
)
async def test_wrong_types_are_refused_by_the_schema(
    hass: HomeAssistant, loaded: MockConfigEntry, simulator: Simulator, fields: dict[str, Any]
) -> None:
    """A mistake in YAML shows where it was made."""
    with pytest.raises(vol.Invalid):
        await act(hass, "send_sms", **{"recipients": CALLER, "message": TEXT} | fields)
    assert not sent(simulator, SEND)


@pytest.mark.parametrize("length", [1, 200])
async def test_the_longest_and_the_shortest_text_go_out(
    hass: HomeAssistant, loaded: MockConfigEntry, simulator: Simulator, length: int
) -> None:
    """The limit is the PBX's, not one less."""
    await act(hass, "send_sms", recipients="630", message="é" * length)
    assert sent(simulator, SEND)[0]["body"] == "é" * length


async def test_the_pbxs_own_words_are_in_the_error(
    hass: HomeAssistant, loaded: MockConfigEntry, simulator: Simulator
) -> None:
    """Only the PBX knows why it refuses."""
    error = await refusal(hass, HomeAssistantError, "send_sms", recipients="4711@default", message=TEXT)
    assert error.translation_key == "refused"
    assert error.translation_placeholders == {"reason": "Unknown destination: 4711@default"}
    assert str(error) == "The PBX says: Unknown destination: 4711@default"
    assert len(sent(simulator, SEND)) == 1


@pytest.mark.parametrize(
    ("fault", "key"),
    [
        ("server_error", "refused"),
        ("no_permission", "not_permitted"),
        ("rate_limited", "rate_limited"),
        ("wrong_key", "not_permitted"),  # a key that works everywhere else
        ("echoed_key", "refused"),
    ],
)
async def test_a_refused_text_is_a_plain_failure(
    hass: HomeAssistant, loaded: MockConfigEntry, simulator: Simulator, fault: str, key: str
) -> None:
    """Where the PBX certainly sent nothing, nobody shall be told that it may have."""
    simulator.control.fail(SEND, fault)
    error = await refusal(hass, HomeAssistantError, "send_sms", recipients=CALLER, message=TEXT)
    assert error.translation_key == key
    assert KEY not in str(error)
    assert len(sent(simulator, SEND)) == 1


async def test_a_pbx_that_cannot_be_reached_sent_nothing(
    hass: HomeAssistant, loaded: MockConfigEntry, simulator: Simulator
) -> None:
    """Without a connection it is safe to try again, and the error says so by not saying otherwise."""
    await simulator.stop()
    error = await refusal(hass, HomeAssistantError, "send_sms", recipients=CALLER, message=TEXT)
    assert error.translation_key == "cannot_connect"


async def test_a_refused_key_asks_for_a_new_one(
    hass: HomeAssistant, loaded: MockConfigEntry, simulator: Simulator
) -> None:
    """The user learns that the key is no good any more, and the PBX is not asked with it again."""
    simulator.control.fail("*", "wrong_key", times=None)
    await refusal(hass, HomeAssistantError, "send_sms", recipients=CALLER, message=TEXT)
    await hass.async_block_till_done()
    assert [flow["context"]["source"] for flow in hass.config_entries.flow.async_progress()] == [SOURCE_REAUTH]
    asked = len(simulator.requests)
    error = await refusal(hass, HomeAssistantError, "send_sms", recipients=CALLER, message=TEXT)
    assert error.translation_key == "invalid_auth"
    assert len(simulator.requests) == asked


@pytest.mark.parametrize("fault", ["reset_after", "truncated", "php_notice"])
@pytest.mark.parametrize("recipients", [[CALLER], ["630", CALLER], [ANNE_MARIE], ["630@north-side"]])
async def test_a_text_whose_answer_got_lost_is_found_again(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    simulator: Simulator,
    pbx: SimulatedPbx,
    fault: str,
    recipients: list[str],
) -> None:
    """Otherwise people send it again, and customers get it twice."""
    simulator.control.fail(SEND, fault)
    response = await act(hass, "send_sms", recipients=recipients, message=TEXT, account_code="505")
    assert response["message_id"] == pbx.messages()[0].message_id
    assert len(response["recipients"]) == len(recipients)
    assert len(sent(simulator, SEND)) == 1


@pytest.mark.parametrize("fault", ["reset_before", "html", "empty", "not_json", "server_error_html"])
async def test_a_text_that_cannot_be_found_may_have_been_sent(
    hass: HomeAssistant, loaded: MockConfigEntry, simulator: Simulator, fault: str
) -> None:
    """The PBX may still be sending it: neither "sent" nor "not sent" would be the truth."""
    simulator.control.fail(SEND, fault)
    error = await refusal(hass, HomeAssistantError, "send_sms", recipients=CALLER, message=TEXT)
    assert error.translation_key == "maybe_sent"
    assert len(sent(simulator, SEND)) == 1


async def test_the_same_text_sent_before_is_not_taken_for_the_lost_one(
    hass: HomeAssistant, loaded: MockConfigEntry, simulator: Simulator, pbx: SimulatedPbx
) -> None:
    """A reminder that is sent every hour would never be missed."""
    await act(hass, "send_sms", recipients=CALLER, message=TEXT)
    pbx.send_sms("100", [CALLER], TEXT, "")
    simulator.control.fail(SEND, "reset_before")
    error = await refusal(hass, HomeAssistantError, "send_sms", recipients=CALLER, message=TEXT)
    assert error.translation_key == "maybe_sent"
    simulator.control.fail(SEND, "reset_after")
    response = await act(hass, "send_sms", recipients=CALLER, message=TEXT)
    assert response["message_id"] == pbx.messages()[-1].message_id
    assert len(sent(simulator, SEND)) == 3


@pytest.mark.parametrize(
    ("dst", "body", "account_code"),
    [
        ([OTHER_CALLER, "630"], TEXT, "505"),
        ([CALLER], TEXT, "505"),
        ([CALLER, "630@north-side"], TEXT, "505"),
        ([CALLER, "630"], "Something else", "505"),
        ([CALLER, "630"], TEXT, "506"),
    ],
)
async def test_another_text_of_the_same_moment_is_not_taken_for_the_lost_one(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    simulator: Simulator,
    pbx: SimulatedPbx,
    dst: list[str],
    body: str,
    account_code: str,
) -> None:
    """The office goes on writing while an answer gets lost."""
    fault = simulator.control.fail(SEND, "slow", processed=False)  # an empty answer, in the end
    task = hass.async_create_task(
        refusal(hass, HomeAssistantError, "send_sms", recipients=[CALLER, "630"], message=TEXT, account_code="505")
    )
    await fault.taken.wait()
    pbx.send_sms("100", dst, body, account_code)
    simulator.control.release()
    assert (await task).translation_key == "maybe_sent"


async def test_a_colleagues_text_of_the_same_words_is_not_taken_for_the_lost_one(
    hass: HomeAssistant, loaded: MockConfigEntry, simulator: Simulator, pbx: SimulatedPbx
) -> None:
    """Two people answer "On my way" to one customer, and only one of the answers arrives."""
    fault = simulator.control.fail(SEND, "slow", processed=False)
    task = hass.async_create_task(refusal(hass, HomeAssistantError, "send_sms", recipients=CALLER, message=TEXT))
    await fault.taken.wait()
    pbx.send_sms(TOM, [CALLER], TEXT, "")
    simulator.control.release()
    assert (await task).translation_key == "maybe_sent"


async def test_an_emoji_that_yaml_writes_as_two_halves_goes_out_whole(
    hass: HomeAssistant, loaded: MockConfigEntry, simulator: Simulator
) -> None:
    """A text with a battery in front of "low" failed, and nobody knew whether it had been sent."""
    await act(hass, "send_sms", recipients="630", message="\ud83d\udd0b low")
    await act(hass, "add_contact_list", name="\ud83d\udd0b owners")
    assert [request["body"] for request in sent(simulator, SEND)] == ["\U0001f50b low"]
    assert [request["name"] for request in sent(simulator, "dialer.add_contact_list")] == ["\U0001f50b owners"]


async def test_the_longest_text_may_end_in_an_emoji(
    hass: HomeAssistant, loaded: MockConfigEntry, simulator: Simulator
) -> None:
    """An emoji counts once, however it was written."""
    await act(hass, "send_sms", recipients="630", message="x" * 199 + "\ud83d\udd0b")
    assert len(sent(simulator, SEND)[0]["body"]) == 200


async def test_extensions_are_not_looked_up_where_users_cannot_be_read(
    hass: HomeAssistant, entry: MockConfigEntry, simulator: Simulator
) -> None:
    """A key that may not read users can still write to them; the PBX knows whom it has."""
    simulator.control.fail("status.users", "no_permission", times=None)
    assert await hass.config_entries.async_setup(entry.entry_id)
    error = await refusal(hass, HomeAssistantError, "send_sms", recipients="555", message=TEXT)
    assert error.translation_key == "refused"


async def test_a_text_that_failed_at_the_pbx_is_not_called_sent(
    hass: HomeAssistant, loaded: MockConfigEntry, simulator: Simulator, pbx: SimulatedPbx
) -> None:
    """The PBX's own record says that nobody got it."""
    pbx.sms_unreachable(CALLER)
    simulator.control.fail(SEND, "reset_after")
    error = await refusal(hass, HomeAssistantError, "send_sms", recipients=CALLER, message=TEXT)
    assert error.translation_key == "maybe_sent"


async def test_a_lost_text_is_not_taken_for_the_next_one(
    hass: HomeAssistant, loaded: MockConfigEntry, simulator: Simulator, pbx: SimulatedPbx
) -> None:
    """Two automations send the same text at once: the one that got through must not vouch for the other."""
    fault = simulator.control.fail(SEND, "slow", processed=False)
    lost = hass.async_create_task(
        refusal(hass, HomeAssistantError, "send_sms", recipients=CALLER, message=TEXT), eager_start=True
    )
    await fault.taken.wait()
    other = hass.async_create_task(act(hass, "send_sms", recipients=CALLER, message=TEXT), eager_start=True)
    for _ in range(5):  # long enough for an impatient one
        await act(hass, "query_sms")
    simulator.control.release()
    assert (await lost).translation_key == "maybe_sent"
    assert (await other)["message_id"] == pbx.messages()[0].message_id
    assert len(pbx.messages()) == 1


async def test_a_text_stays_unknown_while_the_record_cannot_be_read(
    hass: HomeAssistant, loaded: MockConfigEntry, simulator: Simulator
) -> None:
    """The PBX goes down with the answer: nobody can say what became of the text."""
    fault = simulator.control.fail(SEND, "stalled")
    task = hass.async_create_task(refusal(hass, HomeAssistantError, "send_sms", recipients=CALLER, message=TEXT))
    await fault.taken.wait()
    await simulator.stop()
    assert (await task).translation_key == "maybe_sent"


async def test_a_key_that_may_not_read_texts_can_send_them(
    hass: HomeAssistant, loaded: MockConfigEntry, simulator: Simulator
) -> None:
    """Looking things up is for our comfort; it must not stand in the way of sending."""
    simulator.control.fail("sms.query_sms", "no_permission", times=None)
    assert (await act(hass, "send_sms", recipients=CALLER, message=TEXT))["message_id"]
    simulator.control.fail(SEND, "reset_after")
    error = await refusal(hass, HomeAssistantError, "send_sms", recipients=CALLER, message=TEXT)
    assert error.translation_key == "maybe_sent"
    assert len(sent(simulator, SEND)) == 2


async def test_a_key_that_may_not_read_users_can_send_to_them(
    hass: HomeAssistant, entry: MockConfigEntry, simulator: Simulator, pbx: SimulatedPbx
) -> None:
    """Without the list of users an auth ID is known by its looks, and a label by the extension in front."""
    simulator.control.fail("status.users", "no_permission", times=None)
    assert await hass.config_entries.async_setup(entry.entry_id)
    await act(hass, "send_sms", recipients=TOM, message=TEXT)
    simulator.control.fail(SEND, "reset_after")
    response = await act(hass, "send_sms", recipients="630", message=TEXT)
    assert response["message_id"] == pbx.messages()[-1].message_id
    assert [request["dst"] for request in sent(simulator, SEND)] == [[TOM], ["630"]]


async def test_a_key_refused_before_the_text_sends_nothing(
    hass: HomeAssistant, loaded: MockConfigEntry, simulator: Simulator
) -> None:
    """A key that is no good for reading is no good for sending: nothing is sent with it."""
    simulator.control.fail("*", "wrong_key", times=None)
    error = await refusal(hass, HomeAssistantError, "send_sms", recipients=CALLER, message=TEXT)
    assert error.translation_key == "invalid_auth"
    assert not sent(simulator, SEND)


async def test_an_entity_can_send_without_an_action(
    hass: HomeAssistant, loaded: MockConfigEntry, simulator: Simulator
) -> None:
    """Notify entities use the same door, and what they send is checked the same way."""
    message = await async_send_sms(hass, loaded, ["630"], TEXT)
    assert message.recipients == ("630",)
    assert sent(simulator, SEND) == [{"dst": ["630"], "body": TEXT}]


async def test_our_logs_hold_no_number_no_text_and_no_key(
    hass: HomeAssistant, loaded: MockConfigEntry, simulator: Simulator, caplog: pytest.LogCaptureFixture
) -> None:
    """Logs are pasted into forums."""
    caplog.set_level(logging.DEBUG)
    for fault in ("reset_after", "reset_before", "rate_limited", "echoed_key", "wrong_key"):
        simulator.control.fail(SEND, fault)
        await asyncio.gather(act(hass, "send_sms", recipients=CALLER, message=TEXT), return_exceptions=True)
    ours = [record for record in caplog.records if "dls_pbx" in record.name or record.levelno >= logging.WARNING]
    logged = "\n".join(caplog.handler.format(record) for record in ours)
    assert not [secret for secret in (CALLER, TEXT, KEY) if secret in logged]


async def test_a_text_does_not_wait_for_ever_behind_one_that_hangs(
    hass: HomeAssistant, loaded: MockConfigEntry, simulator: Simulator, frozen: FrozenDateTimeFactory
) -> None:
    """Fifty texts would stand in line for half an hour, and nobody would know which of them went out."""
    await act(hass, "send_sms", recipients=["630"], message="First")
    order = simulator.faults.order(SEND, "stalled")
    hanging = asyncio.create_task(act(hass, "send_sms", recipients=["630"], message="Hangs"))
    await order.taken.wait()
    waiting = asyncio.create_task(refusal(hass, HomeAssistantError, "send_sms", recipients=["631"], message="Waits"))
    for _ in range(20):
        await asyncio.sleep(0)
    frozen.tick(46)  # the event loop's clock stands still
    assert (await waiting).translation_key == "sending_busy"
    # It has gone out, as the PBX's record says.
    assert (await hanging)["message_id"]
    assert [request["body"] for request in sent(simulator, SEND)] == ["First", "Hangs"]
    assert (await act(hass, "send_sms", recipients=["631"], message="Later"))["message_id"]


async def test_a_text_that_waits_while_the_key_is_renewed_goes_out_with_the_new_one(
    hass: HomeAssistant, loaded: MockConfigEntry, simulator: Simulator
) -> None:
    """It would be refused, and somebody be asked for the key that they have just typed."""
    order = simulator.faults.order(SEND, "slow")
    before = asyncio.create_task(act(hass, "send_sms", recipients=["630"], message="Before"))
    await order.taken.wait()
    waiting = asyncio.create_task(act(hass, "send_sms", recipients=["631"], message="Waits"))
    await asyncio.sleep(0)
    simulator.api.key = "renewed"
    hass.config_entries.async_update_entry(loaded, data={**loaded.data, CONF_API_KEY: "renewed"})
    assert await hass.config_entries.async_reload(loaded.entry_id)
    simulator.control.release()
    await before
    assert (await waiting)["message_id"]
    assert [request["body"] for request in sent(simulator, SEND)] == ["Before", "Waits"]
    assert not hass.config_entries.flow.async_progress()
