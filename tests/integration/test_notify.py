"""Recipients of texts: added, changed and removed in the user interface, and written to as notify entities."""

from typing import Any

from homeassistant.config_entries import SOURCE_USER, ConfigEntryState, SubentryFlowResult
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import device_registry as dr, entity_registry as er
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.dls_pbx.flows import sms_recipient_flow
from simulator.app import Simulator
from simulator.pbx.simulated import SimulatedPbx
from tests.helpers.office import CALLER, OTHER_CALLER, TOM
from tests.helpers.paths import translations
from tests.helpers.service_calls import sent

SEND = "sms.send_sms"
TEXT = "The lobby is full."
TEAM = {"name": "Team lead", "recipients": ["(815) 555-0123", "630"]}


async def begin(hass: HomeAssistant, entry: MockConfigEntry) -> SubentryFlowResult:
    """Open the form for a new recipient."""
    return await hass.config_entries.subentries.async_init(
        (entry.entry_id, "sms_recipient"), context={"source": SOURCE_USER}
    )


async def submit(hass: HomeAssistant, form: SubentryFlowResult, typed: dict[str, Any]) -> SubentryFlowResult:
    """Submit a form and let Home Assistant load the entry anew."""
    result = await hass.config_entries.subentries.async_configure(form["flow_id"], typed)
    await hass.async_block_till_done(wait_background_tasks=True)
    return result


async def add(hass: HomeAssistant, entry: MockConfigEntry, typed: dict[str, Any]) -> str:
    """Add a recipient without trouble; returns the id of the subentry."""
    before = set(entry.subentries)
    result = await submit(hass, await begin(hass, entry), typed)
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert entry.state is ConfigEntryState.LOADED
    (subentry_id,) = set(entry.subentries) - before
    return subentry_id


async def notify(hass: HomeAssistant, entity_id: str, message: str, **more: str) -> None:
    """Send the way automations do."""
    fields = {"entity_id": entity_id, "message": message, **more}
    await hass.services.async_call("notify", "send_message", fields, blocking=True)


def recipients(hass: HomeAssistant, entry: MockConfigEntry) -> dict[str, str]:
    """Return the notify entities: entity id to unique id."""
    entities = er.async_entries_for_config_entry(er.async_get(hass), entry.entry_id)
    return {entity.entity_id: entity.unique_id for entity in entities if entity.domain == "notify"}


def suggested(form: SubentryFlowResult) -> dict[str, Any]:
    """Return what a form is filled in with."""
    fields = form["data_schema"].schema
    return {str(field): field.description["suggested_value"] for field in fields if field.description}


# In the user interface


async def test_a_recipient_becomes_a_notify_entity(hass: HomeAssistant, loaded: MockConfigEntry) -> None:
    """Else there is nobody to notify."""
    form = await begin(hass, loaded)
    assert (form["type"], form["step_id"], form["errors"]) == (FlowResultType.FORM, "user", {})
    subentry_id = await add(hass, loaded, TEAM | {"name": " Team lead ", "account_code": " 505 "})
    subentry = loaded.subentries[subentry_id]
    assert subentry.title == "Team lead"
    assert subentry.data == {"name": "Team lead", "recipients": [f"+1{CALLER}", "630"], "account_code": "505"}
    assert recipients(hass, loaded) == {"notify.team_lead": f"01PBX_{subentry_id}"}
    state = hass.states.get("notify.team_lead")
    assert state is not None
    assert (state.state, state.name) == ("unknown", "Team lead")


async def test_phones_are_picked_from_a_list_by_name(
    hass: HomeAssistant, loaded: MockConfigEntry, simulator: Simulator
) -> None:
    """Else the user has to know every colleague's extension, and whose the 630 is."""
    form = await begin(hass, loaded)
    picked = form["data_schema"].schema["recipients"].config
    assert picked["options"] == [
        {"value": "631", "label": "Anne-Marie O'Neil (631)"},
        {"value": "100", "label": "Front Desk (100)"},
        {"value": "69", "label": "Jerry (69)"},
        {"value": "630@default", "label": "Tom (630@default)"},
        {"value": "630@north-side", "label": "Zoë @ Home (630@north-side)"},
    ]
    assert (picked["multiple"], picked["custom_value"]) == (True, True)
    everyone = [option["value"] for option in picked["options"]]
    await add(hass, loaded, {"name": "Everyone", "recipients": [*everyone, CALLER]})
    await notify(hass, "notify.everyone", TEXT)
    (sent,) = [request for request in simulator.requests if request.action == "sms.send_sms"]
    assert sent.processed


async def test_nobody_is_picked_who_was_not(hass: HomeAssistant, loaded: MockConfigEntry) -> None:
    """Pages choose the first of a list that has to have something: every alarm would go to Anne-Marie, too."""
    form = await begin(hass, loaded)
    (field,) = [field for field in form["data_schema"].schema if field == "recipients"]
    assert field.default() == []
    result = await submit(hass, form, {"name": "Nobody"})
    assert result["errors"] == {"recipients": "no_recipient"}


async def test_no_phone_is_offered_where_the_key_may_not_list_users(
    hass: HomeAssistant, entry: MockConfigEntry, simulator: Simulator
) -> None:
    """Else the form breaks for those who can type a number all the same."""
    simulator.faults.order("status.users", "no_permission", times=None)
    assert await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    form = await begin(hass, entry)
    assert form["data_schema"].schema["recipients"].config["options"] == []
    await add(hass, entry, TEAM)


async def test_a_recipient_is_a_device_behind_the_pbx(hass: HomeAssistant, loaded: MockConfigEntry) -> None:
    """Else it cannot have an area, and shares the PBX's device, which Home Assistant gives up."""
    subentry_id = await add(hass, loaded, TEAM)
    registry = dr.async_get(hass)
    entity = er.async_get(hass).async_get("notify.team_lead")
    assert entity is not None
    assert entity.config_subentry_id == subentry_id
    device = registry.async_get(entity.device_id or "")
    assert device is not None
    assert device.name == "Team lead"
    assert device.via_device_id is not None
    pbx = registry.async_get(device.via_device_id)
    assert pbx is not None
    assert ("dls_pbx", "01PBX_pbx") in pbx.identifiers


@pytest.mark.parametrize(
    ("typed", "errors"),
    [
        ({"recipients": []}, {"recipients": "no_recipient"}),
        ({"recipients": [" , "]}, {"recipients": "no_recipient"}),
        ({"recipients": ["630", "letters"]}, {"recipients": "invalid_recipient_in_list"}),
        ({"recipients": ["5550123"]}, {"recipients": "invalid_recipient"}),
        ({"recipients": ["zzz9zzzz"]}, {"recipients": "invalid_recipient"}),
        ({"recipients": ["630-631"]}, {"recipients": "invalid_recipient"}),
        ({"recipients": ["7378742833"]}, {"recipients": "invalid_recipient"}),
        ({"recipients": ["555"]}, {"recipients": "unknown_extension"}),
        ({"recipients": ["630", "555"]}, {"recipients": "unknown_extension_in_list"}),
        ({"name": "  "}, {"name": "blank_name"}),
        ({"name": "  ", "recipients": []}, {"name": "blank_name", "recipients": "no_recipient"}),
    ],
)
async def test_what_cannot_be_written_to_is_told_field_by_field(
    hass: HomeAssistant, loaded: MockConfigEntry, typed: dict[str, Any], errors: dict[str, str]
) -> None:
    """Else the typing error shows when the first alarm does not arrive."""
    form = await begin(hass, loaded)
    result = await submit(hass, form, TEAM | typed)
    assert (result["type"], result["errors"]) == (FlowResultType.FORM, errors)
    assert suggested(result) == TEAM | typed
    if errors.get("recipients", "").endswith("_in_list"):
        assert (result["description_placeholders"] or {})["position"] == str(len(typed["recipients"]))
    result = await submit(hass, result, TEAM)
    assert result["type"] is FlowResultType.CREATE_ENTRY


async def test_a_recipient_can_be_changed(
    hass: HomeAssistant, loaded: MockConfigEntry, simulator: Simulator, pbx: SimulatedPbx
) -> None:
    """Else a new colleague means new automations."""
    subentry_id = await add(hass, loaded, TEAM | {"account_code": "505"})
    form = await loaded.start_subentry_reconfigure_flow(hass, subentry_id)
    assert form["step_id"] == "reconfigure"
    assert suggested(form) == {"name": "Team lead", "recipients": [f"+1{CALLER}", "630"], "account_code": "505"}
    result = await submit(hass, form, {"name": "Team lead", "recipients": ["letters"]})
    assert result["errors"] == {"recipients": "invalid_recipient"}
    result = await submit(hass, result, {"name": "Supervisor", "recipients": [TOM]})
    assert (result["type"], result["reason"]) == (FlowResultType.ABORT, "reconfigure_successful")
    assert loaded.subentries[subentry_id].title == "Supervisor"
    assert loaded.subentries[subentry_id].data == {"name": "Supervisor", "recipients": [TOM]}
    # The entity id stays: automations hold on to it.
    assert recipients(hass, loaded) == {"notify.team_lead": f"01PBX_{subentry_id}"}
    state = hass.states.get("notify.team_lead")
    assert state is not None
    assert state.name == "Supervisor"
    await notify(hass, "notify.team_lead", TEXT)
    assert sent(simulator, SEND) == [{"dst": [TOM], "body": TEXT}]


async def test_a_removed_recipient_takes_entity_and_device_along(hass: HomeAssistant, loaded: MockConfigEntry) -> None:
    """Else the list of entities fills with people who have left."""
    gone = await add(hass, loaded, TEAM)
    kept = await add(hass, loaded, {"name": "Boss", "recipients": ["69"]})
    assert len(recipients(hass, loaded)) == 2
    hass.config_entries.async_remove_subentry(loaded, gone)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert loaded.state is ConfigEntryState.LOADED
    assert recipients(hass, loaded) == {"notify.boss": f"01PBX_{kept}"}
    names = {one.name for one in dr.async_entries_for_config_entry(dr.async_get(hass), loaded.entry_id)}
    assert "Boss" in names
    assert "Team lead" not in names


async def test_what_is_no_recipients_change_does_not_load_the_entry_anew(
    hass: HomeAssistant, loaded: MockConfigEntry, simulator: Simulator
) -> None:
    """Each load asks the PBX everything."""
    await add(hass, loaded, TEAM)
    data, asked = loaded.runtime_data, len(simulator.requests)
    hass.config_entries.async_update_entry(loaded, title="Head office")
    await hass.async_block_till_done(wait_background_tasks=True)
    assert loaded.runtime_data is data
    assert len(simulator.requests) == asked


async def test_without_the_pbx_nobody_is_added(
    hass: HomeAssistant, simulator: Simulator, entry: MockConfigEntry
) -> None:
    """Else any word passes for a user's auth ID."""
    await simulator.stop()
    await hass.config_entries.async_setup(entry.entry_id)
    result = await begin(hass, entry)
    assert (result["type"], result["reason"]) == (FlowResultType.ABORT, "entry_not_loaded")


@pytest.mark.parametrize("language", ["en", "es"])
def test_every_field_error_and_abort_speaks_the_users_language(language: str) -> None:
    """Else the user reads `no_recipient` or an unnamed field."""
    texts = translations(language)["config_subentries"]["sms_recipient"]
    assert texts["entry_type"]
    assert texts["initiate_flow"].keys() == texts["step"].keys() == {"user", "reconfigure"}
    fields = {str(field) for field in sms_recipient_flow.schema([]).schema}
    for step in texts["step"].values():
        assert step["data"].keys() == step["data_description"].keys() == fields
    wrong = {"invalid_recipient", "unknown_extension"}
    assert texts["error"].keys() == {"blank_name", "no_recipient"} | wrong | {f"{key}_in_list" for key in wrong}
    assert texts["abort"].keys() == {"entry_not_loaded"}


# Writing to them


async def test_a_notification_is_a_text_to_the_recipient(
    hass: HomeAssistant, loaded: MockConfigEntry, simulator: Simulator
) -> None:
    """The point of it: any automation and any blueprint that notifies can text."""
    await add(hass, loaded, TEAM | {"account_code": "505"})
    await notify(hass, "notify.team_lead", TEXT)
    assert sent(simulator, SEND) == [{"dst": [f"+1{CALLER}", "630"], "body": TEXT, "account_code": "505"}]
    state = hass.states.get("notify.team_lead")
    assert state is not None
    assert state.state == "2026-11-23T15:00:00+00:00"


async def test_a_title_is_the_first_line(hass: HomeAssistant, loaded: MockConfigEntry, simulator: Simulator) -> None:
    """Many blueprints put what matters into the title."""
    await add(hass, loaded, TEAM)
    await notify(hass, "notify.team_lead", TEXT, title="Alarm")
    assert sent(simulator, SEND)[0]["body"] == f"Alarm\n{TEXT}"


async def test_two_recipients_get_one_text_each(
    hass: HomeAssistant, loaded: MockConfigEntry, simulator: Simulator
) -> None:
    """Else one of them is forgotten, or gets it twice."""
    await add(hass, loaded, TEAM)
    await add(hass, loaded, {"name": "Boss", "recipients": ["69"]})
    await hass.services.async_call(
        "notify", "send_message", {"entity_id": list(recipients(hass, loaded)), "message": TEXT}, blocking=True
    )
    assert sorted(request["dst"] for request in sent(simulator, SEND)) == [[f"+1{CALLER}", "630"], ["69"]]


async def test_what_cannot_be_sent_is_refused_as_by_the_action(
    hass: HomeAssistant, loaded: MockConfigEntry, simulator: Simulator
) -> None:
    """A text that is cut off in the middle, or not sent at all, must not look like one that was sent."""
    await add(hass, loaded, TEAM)
    with pytest.raises(ServiceValidationError) as raised:
        await notify(hass, "notify.team_lead", "x" * 200, title="Alarm")
    assert raised.value.translation_key == "message_length"
    simulator.control.fail(SEND, "server_error")
    with pytest.raises(HomeAssistantError) as failed:
        await notify(hass, "notify.team_lead", TEXT)
    assert failed.value.translation_key == "refused"
    state = hass.states.get("notify.team_lead")
    assert state is not None
    assert state.state == "unknown"


async def test_a_recipient_who_opted_out_gets_nothing(
    hass: HomeAssistant, loaded: MockConfigEntry, simulator: Simulator, pbx: SimulatedPbx
) -> None:
    """A notification is a text like any other before the law."""
    pbx.add_unsubscriber(OTHER_CALLER, "0")
    await add(hass, loaded, {"name": "Customer", "recipients": [OTHER_CALLER]})
    with pytest.raises(ServiceValidationError) as raised:
        await notify(hass, "notify.customer", TEXT)
    assert raised.value.translation_key == "opted_out"
    assert not sent(simulator, SEND)


async def test_a_text_during_an_outage_is_an_error_and_not_silence(
    hass: HomeAssistant, loaded: MockConfigEntry, simulator: Simulator, poll: Any
) -> None:
    """Home Assistant leaves out entities that are unavailable without a word."""
    await add(hass, loaded, {"name": "Boss", "recipients": ["69"]})
    await simulator.stop()
    await poll()
    with pytest.raises(HomeAssistantError) as failed:
        await notify(hass, "notify.boss", TEXT)
    assert failed.value.translation_key == "cannot_connect"


async def test_when_it_was_last_notified_survives_a_reload(
    hass: HomeAssistant, loaded: MockConfigEntry, simulator: Simulator
) -> None:
    """Else "not more than once an hour" is forgotten whenever somebody is added."""
    await add(hass, loaded, TEAM)
    await notify(hass, "notify.team_lead", TEXT)
    await add(hass, loaded, {"name": "Boss", "recipients": ["69"]})
    state = hass.states.get("notify.team_lead")
    assert state is not None
    assert state.state == "2026-11-23T15:00:00+00:00"
