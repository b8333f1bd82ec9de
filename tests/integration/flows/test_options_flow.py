"""The options of a PBX, against the stand-in PBX on its socket."""

from typing import Any

from homeassistant.config_entries import ConfigEntry, ConfigEntryState, ConfigFlowResult
from homeassistant.const import CONF_TIME_ZONE
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType, InvalidData
from homeassistant.helpers import device_registry as dr
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.dls_pbx.options import CONF_PHONES, SmsConsent
from simulator.app import Simulator
from simulator.pbx.simulated import SimulatedPbx
from tests.helpers.entities import entity_of
from tests.helpers.office import ANNE_MARIE, JERRY, TOM, ZOE
from tests.helpers.paths import translations
from tests.integration.conftest import Poll

# What the contract promises to whoever has not chosen.
DEFAULTS = {
    "sms_consent": "not_opted_out",
    "service_level_threshold": 20,
    "service_level_goal": 80,
    "short_abandon_threshold": 5,
    "backfill_days": 30,
    "agent_figures": False,
}


def suggested(result: ConfigFlowResult) -> dict[str, Any]:
    """Return what a form is filled in with."""
    assert result["type"] is FlowResultType.FORM
    fields = result["data_schema"].schema
    return {str(field): field.description["suggested_value"] for field in fields if field.description}


def choices(result: ConfigFlowResult, field: str) -> Any:
    """Return what a list offers."""
    return result["data_schema"].schema[field].config["options"]


async def choose(hass: HomeAssistant, entry: ConfigEntry, chosen: dict[str, Any]) -> None:
    """Set options and let the entry reload."""
    form = await hass.config_entries.options.async_init(entry.entry_id)
    result = await hass.config_entries.options.async_configure(form["flow_id"], chosen)
    assert result["type"] is FlowResultType.CREATE_ENTRY
    await hass.async_block_till_done(wait_background_tasks=True)


def phones_in(hass: HomeAssistant, entry: ConfigEntry) -> set[str | None]:
    """Return the names of the phones that have devices."""
    devices = dr.async_entries_for_config_entry(dr.async_get(hass), entry.entry_id)
    return {device.name for device in devices if any("_phone_" in identifier for _, identifier in device.identifiers)}


async def test_the_options_offer_every_phone_by_name(hass: HomeAssistant, loaded: MockConfigEntry) -> None:
    """Else the user has to know auth IDs, or cannot tell the 630 of one tenant from another's."""
    form = await hass.config_entries.options.async_init(loaded.entry_id)
    assert (form["type"], form["step_id"]) == (FlowResultType.FORM, "init")
    assert choices(form, CONF_PHONES) == [
        {"value": ANNE_MARIE, "label": "Anne-Marie O'Neil (631@default)"},
        {"value": "front100", "label": "Front Desk (100@default)"},
        {"value": JERRY, "label": "Jerry (69@default)"},
        {"value": TOM, "label": "Tom (630@default)"},
        {"value": ZOE, "label": "Zoë @ Home (630@north-side)"},
    ]
    assert {"America/Chicago", "Europe/Madrid", "UTC"} <= set(choices(form, CONF_TIME_ZONE))
    assert form["description_placeholders"] == {"time_zone": "America/Chicago"}


async def test_in_one_tenant_an_extension_says_enough(
    hass: HomeAssistant, loaded: MockConfigEntry, pbx: SimulatedPbx, poll: Poll
) -> None:
    """Else every name carries a tenant that most offices never heard of."""
    pbx.remove_extension(ZOE)
    pbx.add_extension("700", "", auth_id="door7000")
    await poll()
    form = await hass.config_entries.options.async_init(loaded.entry_id)
    labels = [phone["label"] for phone in choices(form, CONF_PHONES)]
    assert labels == ["700", "Anne-Marie O'Neil (631)", "Front Desk (100)", "Jerry (69)", "Tom (630)"]


async def test_chosen_phones_have_devices_and_none_chosen_means_all(
    hass: HomeAssistant, loaded: MockConfigEntry
) -> None:
    """Else an office of a thousand phones fills Home Assistant with them, or choosing is for ever."""
    everyone = phones_in(hass, loaded)
    assert len(everyone) == 5
    await choose(hass, loaded, {CONF_PHONES: [TOM, JERRY], CONF_TIME_ZONE: "Europe/Madrid"})
    assert loaded.options == {CONF_PHONES: [TOM, JERRY], CONF_TIME_ZONE: "Europe/Madrid"}
    assert phones_in(hass, loaded) == {"Tom (630)", "Jerry (69)"}
    form = await hass.config_entries.options.async_init(loaded.entry_id)
    assert suggested(form) == DEFAULTS | loaded.options
    await choose(hass, loaded, {CONF_PHONES: []})
    assert loaded.options == {}
    assert phones_in(hass, loaded) == everyone


@pytest.mark.parametrize(
    "chosen",
    [
        {CONF_PHONES: ["nobody99"]},
        {CONF_PHONES: TOM},
        {"sms_consent": "sometimes"},
        {"service_level_threshold": -1},
        {"service_level_goal": 101},
        {"short_abandon_threshold": "soon"},
        {"backfill_days": 366},
    ],
)
async def test_what_the_lists_do_not_offer_cannot_be_chosen(
    hass: HomeAssistant, loaded: MockConfigEntry, chosen: dict[str, Any]
) -> None:
    """Else a typing error in a script leaves an office without phones or an hour off."""
    form = await hass.config_entries.options.async_init(loaded.entry_id)
    with pytest.raises(InvalidData):
        await hass.config_entries.options.async_configure(form["flow_id"], chosen)


async def test_a_zone_is_found_by_typing_and_has_to_be_one(hass: HomeAssistant, loaded: MockConfigEntry) -> None:
    """Else the user scrolls through six hundred zones: pages search only lists to which one could add."""
    form = await hass.config_entries.options.async_init(loaded.entry_id)
    zones = form["data_schema"].schema[CONF_TIME_ZONE].config
    assert (zones["custom_value"], zones["mode"]) == (True, "dropdown")
    typed = {CONF_PHONES: [TOM], CONF_TIME_ZONE: "Europe/Atlantis", "backfill_days": 3}
    result = await hass.config_entries.options.async_configure(form["flow_id"], typed)
    assert result["errors"] == {CONF_TIME_ZONE: "unknown_time_zone"}
    assert suggested(result) == typed
    assert loaded.options == {}
    result = await hass.config_entries.options.async_configure(form["flow_id"], {CONF_TIME_ZONE: "Europe/Madrid"})
    assert result["type"] is FlowResultType.CREATE_ENTRY


async def test_options_can_be_changed_while_the_pbx_is_down(
    hass: HomeAssistant, simulator: Simulator, loaded: MockConfigEntry
) -> None:
    """Else an outage makes the user lose the phones chosen before."""
    await choose(hass, loaded, {CONF_PHONES: [TOM]})
    await simulator.stop()
    await hass.config_entries.async_reload(loaded.entry_id)
    assert loaded.state is ConfigEntryState.SETUP_RETRY
    form = await hass.config_entries.options.async_init(loaded.entry_id)
    assert choices(form, CONF_PHONES) == [{"value": TOM, "label": TOM}]
    await choose(hass, loaded, {CONF_PHONES: [TOM], CONF_TIME_ZONE: "UTC"})
    assert loaded.options == {CONF_PHONES: [TOM], CONF_TIME_ZONE: "UTC"}


async def test_without_a_phone_in_sight_everything_else_is_asked_for(
    hass: HomeAssistant, simulator: Simulator, entry: MockConfigEntry
) -> None:
    """Else the user faces an empty list, or an error instead of a form."""
    await simulator.stop()
    await hass.config_entries.async_setup(entry.entry_id)
    form = await hass.config_entries.options.async_init(entry.entry_id)
    assert {*form["data_schema"].schema} == {CONF_TIME_ZONE, *DEFAULTS}


async def test_the_zone_of_the_options_is_the_pbxs(hass: HomeAssistant, loaded: MockConfigEntry) -> None:
    """Else every time of a PBX in another zone is hours off."""
    assert str(loaded.runtime_data.client.time_zone) == "America/Chicago"
    await choose(hass, loaded, {CONF_TIME_ZONE: "Europe/Madrid"})
    assert str(loaded.runtime_data.client.time_zone) == "Europe/Madrid"


async def test_who_has_not_chosen_sees_what_counts(hass: HomeAssistant, loaded: MockConfigEntry) -> None:
    """Else the form shows empty fields, and nobody knows by what the service level is measured."""
    form = await hass.config_entries.options.async_init(loaded.entry_id)
    assert suggested(form) == DEFAULTS
    assert choices(form, "sms_consent") == ["off", "not_opted_out", "opted_in"]


async def test_everything_is_kept_as_whole_numbers_under_its_own_name(
    hass: HomeAssistant, loaded: MockConfigEntry
) -> None:
    """Else the figures of the day do not find what they are measured by; and 0 is a choice, not nothing."""
    chosen = {
        "sms_consent": "opted_in",
        "service_level_threshold": 30.0,
        "service_level_goal": 90.0,
        "short_abandon_threshold": 0.0,
        "backfill_days": 0.0,
        "agent_figures": False,
    }
    await choose(hass, loaded, chosen)
    assert loaded.state is ConfigEntryState.LOADED
    assert loaded.options == chosen
    assert all(isinstance(value, int | str) for value in loaded.options.values())
    form = await hass.config_entries.options.async_init(loaded.entry_id)
    assert suggested(form) == chosen


async def test_what_is_cleared_counts_as_never_chosen(hass: HomeAssistant, loaded: MockConfigEntry) -> None:
    """Else there is no way back to what everyone has."""
    await choose(hass, loaded, {"service_level_goal": 90})
    await choose(hass, loaded, {})
    assert loaded.options == {}


@pytest.mark.parametrize("language", ["en", "es"])
async def test_every_option_and_choice_speaks_the_users_language(
    hass: HomeAssistant, loaded: MockConfigEntry, language: str
) -> None:
    """Else the user chooses between `not_opted_out` and `opted_in`."""
    texts = translations(language)
    form = await hass.config_entries.options.async_init(loaded.entry_id)
    init = texts["options"]["step"]["init"]
    assert init["data"].keys() == init["data_description"].keys() == {*map(str, form["data_schema"].schema)}
    assert texts["options"]["error"].keys() == {"unknown_time_zone"}
    assert texts["selector"]["sms_consent"]["options"].keys() == set(SmsConsent)


async def test_the_service_level_comes_with_its_goal_and_threshold(
    hass: HomeAssistant, loaded: MockConfigEntry
) -> None:
    """A gauge that turns red below the goal has to know it."""
    await choose(hass, loaded, {"service_level_goal": 90})
    entity = entity_of(hass, "queue_support", "service_level_today")
    state = hass.states.get(entity.entity_id) if entity else None
    assert state
    assert (state.attributes["goal"], state.attributes["threshold"]) == (90, 20)
