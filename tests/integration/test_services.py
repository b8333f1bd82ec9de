"""Actions that change lists at the PBX, and which PBX an action is about."""

from typing import Any

from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import CONF_API_KEY, CONF_URL, CONF_USERNAME, CONF_VERIFY_SSL
from homeassistant.core import HomeAssistant, SupportsResponse
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
import voluptuous as vol

from custom_components.dls_pbx.const import DOMAIN
from custom_components.dls_pbx.services import ACTIONS
from simulator.app import Simulator
from simulator.pbx.simulated import SimulatedPbx
from tests.helpers.office import CALLER, KEY, OTHER_CALLER, USERNAME, small_office
from tests.helpers.service_calls import act, refusal, sent

CONTACT = {
    "contact_list": "Reminders",
    "first_name": "Pat",
    "last_name": "Example",
    "phone_number": "(815) 555-0123",
    "address": "1 Main St",
    "city": "Rockford",
    "state": "il",
    "zip_code": "61101",
}
MORE = {
    "company_name": "Example Dental",
    "address_2": "Suite 5",
    "country": "us",
    "dial_on_date": "2026-12-01",
    "custom_fields": {"customer_account_id": 4711, "custom:color": "red"},
}
# The actions that change the PBX but do not send: action, fields, the request that they make.
CHANGES = [
    ("add_contact_list", {"name": "December"}, "dialer.add_contact_list"),
    ("add_contact", CONTACT, "dialer.add_contact"),
    ("add_subscriber", {"phone_number": OTHER_CALLER, "campaign_id": "CABC123"}, "subscribers.add_subscriber"),
    ("remove_subscriber", {"phone_number": CALLER, "campaign_id": "CABC123"}, "subscribers.remove_subscriber"),
    ("add_unsubscriber", {"phone_number": OTHER_CALLER, "tenant_id": "0"}, "subscribers.add_unsubscriber"),
    ("remove_unsubscriber", {"phone_number": CALLER, "tenant_id": 0}, "subscribers.remove_unsubscriber"),
]


@pytest.fixture(autouse=True)
def lists(pbx: SimulatedPbx) -> None:
    """Have a contact list at the PBX, and one number on an opt-in and on an opt-out list."""
    pbx.add_contact_list("Reminders")
    pbx.add_messaging_campaign("CABC123", "Reminders by text")
    pbx.add_subscriber(CALLER, "CABC123")
    pbx.add_unsubscriber(CALLER, "0")


async def test_a_contact_list_is_made(hass: HomeAssistant, loaded: MockConfigEntry, pbx: SimulatedPbx) -> None:
    """Contacts need a list, and the automation its id."""
    response = await act(hass, "add_contact_list", name=" December ")
    assert pbx.contact_lists[response["id"]].name == "December"


async def test_a_contact_gets_onto_a_list_with_all_that_is_known(
    hass: HomeAssistant, loaded: MockConfigEntry, simulator: Simulator, pbx: SimulatedPbx
) -> None:
    """The dialer's agents see what is filed with the contact."""
    response = await act(hass, "add_contact", **CONTACT, **MORE)
    given = {name: value for name, value in (CONTACT | MORE).items() if name not in ("custom_fields", "dial_on_date")}
    assert sent(simulator, "dialer.add_contact") == [
        given
        | {
            "phone_number": "8155550123",
            "state": "IL",
            "country": "US",
            "dialOnDate": "2026-12-01",
            "custom:customer_account_id": "4711",
            "custom:color": "red",
        }
    ]
    assert response == {"id": pbx.contact_lists[1].contacts["8155550123"].id}


async def test_a_contact_needs_no_more_than_the_page_asks_for(
    hass: HomeAssistant, loaded: MockConfigEntry, simulator: Simulator
) -> None:
    """What was left out or blanked must not go out as a blank."""
    response = await act(hass, "add_contact", **CONTACT | {"contact_list": 1, "company_name": " "})
    assert isinstance(response["id"], int)
    assert sent(simulator, "dialer.add_contact")[0].keys() == CONTACT.keys()


@pytest.mark.parametrize(
    ("fields", "key"),
    [
        ({"phone_number": "+49 30 1234567"}, "not_us_number"),
        ({"phone_number": "555-0123"}, "not_us_number"),
        ({"phone_number": "630"}, "not_us_number"),
        ({"state": "Illinois"}, "invalid_state"),
        ({"state": "1L"}, "invalid_state"),
        ({"country": "USA"}, "invalid_country"),
        ({"country": "XX"}, "invalid_country"),
        ({"first_name": " "}, "blank_field"),
        ({"zip_code": ""}, "blank_field"),
        ({"zip_code": "no zip at all"}, "invalid_zip_code"),
        ({"zip_code": "1116"}, "invalid_zip_code"),
        ({"zip_code": "61101", "country": "ca"}, "invalid_zip_code"),
        ({"zip_code": 1116}, "unquoted_field"),  # 02134
        ({"zip_code": 2134.0}, "unquoted_field"),
        ({"phone_number": 8155550123}, "unquoted_field"),
        ({"phone_number": "7378742833"}, "not_us_number"),
        ({"first_name": "\ud83d"}, "broken_text"),
        ({"custom_fields": {"mood": "\udd0b"}}, "broken_text"),
        ({"contact_list": ""}, "blank_field"),
        ({"custom_fields": {"": "x"}}, "blank_field"),
    ],
)
async def test_a_wrong_contact_is_refused_unsent(
    hass: HomeAssistant, loaded: MockConfigEntry, simulator: Simulator, fields: dict[str, Any], key: str
) -> None:
    """A contact that the dialer cannot call only wastes an agent's time."""
    error = await refusal(hass, ServiceValidationError, "add_contact", **CONTACT | fields)
    assert error.translation_key == key
    assert not sent(simulator, "dialer.add_contact")


@pytest.mark.parametrize(
    ("zip_code", "country"),
    [
        ("02134", "US"),
        (61101, "US"),
        ("61101-1234", "us"),
        ("k1a 0b1", "CA"),
        ("K1A0B1", "CA"),
        ("SW1A 1AA", "GB"),
        ("none", "IE"),
    ],
)
async def test_a_zip_code_has_the_form_of_its_country(
    hass: HomeAssistant, loaded: MockConfigEntry, simulator: Simulator, zip_code: str | int, country: str
) -> None:
    """Whose code is refused for no reason is left out of the dialer's lists."""
    await act(hass, "add_contact", **CONTACT | {"zip_code": zip_code, "country": country})
    assert sent(simulator, "dialer.add_contact")[0]["zip_code"] == str(zip_code)


async def test_a_contacts_emoji_go_out_whole(
    hass: HomeAssistant, loaded: MockConfigEntry, simulator: Simulator
) -> None:
    """YAML writes an emoji as two halves, in names and values alike."""
    halves, heart = "\ud83d\udc9a", "\U0001f49a"
    await act(hass, "add_contact", **CONTACT | {"last_name": halves, "custom_fields": {halves: halves}})
    request = sent(simulator, "dialer.add_contact")[0]
    assert (request["last_name"], request[f"custom:{heart}"]) == (heart, heart)


@pytest.mark.parametrize("action", ["add_subscriber", "remove_subscriber", "add_unsubscriber", "remove_unsubscriber"])
async def test_a_list_is_not_changed_for_a_number_without_quotes(
    hass: HomeAssistant, loaded: MockConfigEntry, simulator: Simulator, action: str
) -> None:
    """Of +3161234567 YAML makes a number in Kansas: a stranger would be opted in, and the customer would not."""
    owner = {"tenant_id": "0"} if action.endswith("unsubscriber") else {"campaign_id": "CABC123"}
    error = await refusal(hass, ServiceValidationError, action, phone_number=3161234567, **owner)
    assert error.translation_key == "unquoted_field"
    assert not sent(simulator, f"subscribers.{action}")


@pytest.mark.parametrize(
    ("action", "fields"),
    [
        ("add_contact", CONTACT | {"zip_code": True}),
        ("add_contact", CONTACT | {"dial_on_date": "12/01/2026"}),
        ("add_contact", CONTACT | {"custom_fields": "color=red"}),
        ("add_contact", {name: value for name, value in CONTACT.items() if name != "city"}),
        ("add_contact_list", {}),
        ("add_subscriber", {"phone_number": CALLER}),
        ("add_unsubscriber", {"phone_number": CALLER, "tenant_id": ["0"]}),
        ("get_dialer_logs", {"campaign": ["x"]}),
    ],
)
async def test_wrong_types_are_refused_by_the_schema(
    hass: HomeAssistant, loaded: MockConfigEntry, simulator: Simulator, action: str, fields: dict[str, Any]
) -> None:
    """A mistake in YAML shows where it was made."""
    before = len(simulator.requests)
    with pytest.raises(vol.Invalid):
        await act(hass, action, **fields)
    assert len(simulator.requests) == before


async def test_consent_lists_can_be_kept_from_home_assistant(
    hass: HomeAssistant, loaded: MockConfigEntry, simulator: Simulator, pbx: SimulatedPbx
) -> None:
    """Who asks the front desk for no more texts gets none from then on."""
    for action, fields, _ in CHANGES[2:]:
        assert await act(hass, action, **fields) == {}
    assert [consent.number for consent in pbx.opt_in_lists()[0].numbers] == [OTHER_CALLER]
    assert [consent.number for consent in pbx.opt_out_lists()[0].numbers] == [OTHER_CALLER]
    assert sent(simulator, "subscribers.add_unsubscriber") == [{"phone_number": OTHER_CALLER, "tenant_id": "0"}]


@pytest.mark.parametrize(
    ("fields", "key"),
    [
        ({"phone_number": "555-0123", "campaign_id": "CABC123"}, "invalid_phone_number"),
        ({"phone_number": "630", "campaign_id": "CABC123"}, "invalid_phone_number"),
        ({"phone_number": CALLER, "campaign_id": " "}, "blank_field"),
    ],
)
async def test_what_is_no_number_gets_onto_no_list(
    hass: HomeAssistant, loaded: MockConfigEntry, simulator: Simulator, fields: dict[str, Any], key: str
) -> None:
    """A number with a slip in it on an opt-out list protects nobody."""
    error = await refusal(hass, ServiceValidationError, "add_subscriber", **fields)
    assert error.translation_key == key
    assert not sent(simulator, "subscribers.add_subscriber")


@pytest.mark.parametrize(
    ("action", "fields", "words"),
    [
        ("add_contact_list", {"name": "Reminders"}, "A contact list with this name already exists: Reminders"),
        ("add_contact", CONTACT | {"contact_list": "Nobody"}, "Unknown contact list: Nobody"),
        ("add_subscriber", {"phone_number": CALLER, "campaign_id": "NONE"}, "Unknown campaign: NONE"),
        (
            "add_subscriber",
            {"phone_number": CALLER, "campaign_id": "CABC123"},
            "The phone number is already subscribed: …23",
        ),
        ("remove_unsubscriber", {"phone_number": CALLER, "tenant_id": "9"}, "Unknown tenant: 9"),
    ],
)
async def test_the_pbxs_own_words_are_in_the_error(
    hass: HomeAssistant, loaded: MockConfigEntry, action: str, fields: dict[str, Any], words: str
) -> None:
    """Only the PBX knows why it refuses; numbers in its words are masked, because errors get logged."""
    error = await refusal(hass, HomeAssistantError, action, **fields)
    assert error.translation_key == "refused"
    assert error.translation_placeholders == {"reason": words}


@pytest.mark.parametrize(
    ("fault", "key"),
    [
        ("server_error", "refused"),
        ("server_error_html", "maybe_done"),
        ("truncated", "maybe_done"),
        ("reset_before", "maybe_done"),
        ("reset_after", "maybe_done"),
        ("redirect", "maybe_done"),
        ("rate_limited", "rate_limited"),
        ("no_permission", "not_permitted"),
    ],
)
@pytest.mark.parametrize(("action", "fields", "request_name"), CHANGES)
async def test_a_change_that_fails_is_tried_once(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    simulator: Simulator,
    action: str,
    fields: dict[str, Any],
    request_name: str,
    fault: str,
    key: str,
) -> None:
    """A repeated change is a second contact list; and who gets no answer must know that it may have been done."""
    simulator.control.fail(request_name, fault)
    error = await refusal(hass, HomeAssistantError, action, **fields)
    assert error.translation_key == key
    assert len(sent(simulator, request_name)) == 1
    assert not hass.config_entries.flow.async_progress()


@pytest.mark.parametrize(("action", "fields", "request_name"), CHANGES)
async def test_a_change_that_alone_refuses_the_key_is_not_made(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    simulator: Simulator,
    action: str,
    fields: dict[str, Any],
    request_name: str,
) -> None:
    """A key that works everywhere else would have to be typed again; and what is asked again must not be done twice."""
    simulator.control.fail(request_name, "wrong_key", times=None)
    error = await refusal(hass, HomeAssistantError, action, **fields)
    assert error.translation_key == "not_permitted"
    assert not [request for request in simulator.requests.of(request_name) if request.processed]
    assert not hass.config_entries.flow.async_progress()


@pytest.mark.parametrize(("action", "fields", "request_name"), CHANGES)
async def test_a_change_without_a_connection_was_not_made(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    simulator: Simulator,
    action: str,
    fields: dict[str, Any],
    request_name: str,
) -> None:
    """It is safe to try again, so the error must not say otherwise."""
    await simulator.stop()
    error = await refusal(hass, HomeAssistantError, action, **fields)
    assert error.translation_key == "cannot_connect"
    assert not sent(simulator, request_name)


async def test_the_campaigns_are_read_again_after_a_change_to_the_dialer(
    hass: HomeAssistant, loaded: MockConfigEntry, simulator: Simulator
) -> None:
    """What the dialer shows must not be minutes behind what one has just done."""
    before = len(sent(simulator, "status.dialer"))
    await act(hass, "add_contact", **CONTACT)
    await hass.async_block_till_done()
    assert len(sent(simulator, "status.dialer")) == before + 1


def test_only_what_reads_needs_a_response() -> None:
    """Actions that change something must work in a script that has no use for the answer."""
    responses = {action.name: action.response for action in ACTIONS}
    reading = {"query_sms", "query_subscribers", "get_call_report", "get_dialer_logs"}
    assert {name for name, kind in responses.items() if kind is SupportsResponse.ONLY} == reading
    answering = {"send_sms", "add_contact_list", "add_contact"}
    assert {name for name, kind in responses.items() if kind is SupportsResponse.OPTIONAL} == answering
    assert len(responses) == 11


async def test_with_several_pbxs_an_action_names_its_own(
    hass: HomeAssistant, loaded: MockConfigEntry, simulator: Simulator
) -> None:
    """A text must not go out in another company's name."""
    async with Simulator(small_office()) as other:
        data = {CONF_URL: other.url, CONF_USERNAME: USERNAME, CONF_API_KEY: KEY, CONF_VERIFY_SSL: True}
        entry = MockConfigEntry(domain=DOMAIN, unique_id="other", entry_id="02PBX", data=data)
        entry.add_to_hass(hass)
        assert await hass.config_entries.async_setup(entry.entry_id)
        await hass.async_block_till_done(wait_background_tasks=True)
        error = await refusal(hass, ServiceValidationError, "send_sms", recipients="630", message="Hi")
        assert error.translation_key == "service_found_multiple_config_entry_for_domain"
        await act(hass, "send_sms", config_entry_id="02PBX", recipients="630", message="Hi")
        assert [len(sent(one, "sms.send_sms")) for one in (simulator, other)] == [0, 1]
        assert await hass.config_entries.async_unload(entry.entry_id)


async def test_an_unloaded_pbx_is_asked_nothing(
    hass: HomeAssistant, loaded: MockConfigEntry, simulator: Simulator
) -> None:
    """The error says that the PBX is not set up, instead of breaking in the code."""
    await hass.config_entries.async_unload(loaded.entry_id)
    before = len(simulator.requests)
    for fields in ({}, {"config_entry_id": loaded.entry_id}):
        error = await refusal(hass, ServiceValidationError, "get_dialer_logs", **fields)
        assert error.translation_key == "service_config_entry_not_loaded"
    assert len(simulator.requests) == before


@pytest.mark.parametrize(
    ("entry_id", "key"),
    [
        ("nothing", "service_config_entry_not_found"),
        ("elsewhere", "service_config_entry_wrong_domain"),
    ],
)
async def test_an_entry_that_is_none_of_ours_is_refused(
    hass: HomeAssistant, loaded: MockConfigEntry, entry_id: str, key: str
) -> None:
    """A copied automation names an entry of the other house."""
    MockConfigEntry(domain="other", entry_id="elsewhere", state=ConfigEntryState.LOADED).add_to_hass(hass)
    error = await refusal(hass, ServiceValidationError, "get_dialer_logs", config_entry_id=entry_id)
    assert error.translation_key == key


async def test_the_actions_are_there_before_the_first_pbx(
    hass: HomeAssistant, enable_custom_integrations: None
) -> None:
    """Automations can be written and checked while the PBX is down."""
    assert await async_setup_component(hass, DOMAIN, {})
    assert hass.services.async_services_for_domain(DOMAIN).keys() == {action.name for action in ACTIONS}
    error = await refusal(hass, ServiceValidationError, "get_dialer_logs")
    assert error.translation_key == "service_found_no_config_entry_for_domain"
