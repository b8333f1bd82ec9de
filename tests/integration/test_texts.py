"""Every entity can be read in every language, and has an icon; every platform says how it asks."""

import importlib
import re
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr, entity_registry as er
from homeassistant.helpers.translation import async_get_translations
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

import custom_components.dls_pbx as integration
from custom_components.dls_pbx.const import DOMAIN
from custom_components.dls_pbx.coordinator.keys import Action
from custom_components.dls_pbx.sensor import CallState
from simulator.pbx.simulated import SimulatedPbx
from tests.helpers.office import CALLER
from tests.helpers.paths import read, translations

LANGUAGES = ("en", "es")


def _texts(language: str) -> dict[str, Any]:
    return translations(language)


def _flat(texts: Any, path: str = "") -> dict[str, str]:
    """Return texts by their dotted keys."""
    if isinstance(texts, str):
        return {path: texts}
    return {key: text for name, inner in texts.items() for key, text in _flat(inner, f"{path}.{name}").items()}


@pytest.fixture
async def shown(
    entity_registry: er.EntityRegistry,
    all_entities: None,
    agent_figures: None,
    pbx: SimulatedPbx,
    loaded: MockConfigEntry,
    poll: Any,
) -> list[er.RegistryEntry]:
    """Return every entity of an office that has one of everything."""
    pbx.join_conference("2000", CALLER)
    pbx.add_messaging_campaign("CSPRING", "Spring offers")
    await poll(3601)
    return er.async_entries_for_config_entry(entity_registry, loaded.entry_id)


@pytest.mark.parametrize("language", LANGUAGES)
async def test_every_entity_has_a_name(shown: list[er.RegistryEntry], language: str) -> None:
    """A forgotten text shows as the bare name of its device."""
    names = _texts(language)["entity"]
    wanted = {(entity.domain, entity.translation_key) for entity in shown}
    assert {(domain, key) for domain, key in wanted if not names.get(domain, {}).get(key, {}).get("name")} == set()


async def test_every_entity_has_an_icon(shown: list[er.RegistryEntry]) -> None:
    """Thirty equal eyes in a list help nobody to find one."""
    icons = read("icons.json")["entity"]
    wanted = {(entity.domain, entity.translation_key) for entity in shown}
    assert {(domain, key) for domain, key in wanted if "default" not in icons.get(domain, {}).get(key, {})} == set()


@pytest.mark.parametrize("language", LANGUAGES)
async def test_no_text_and_no_icon_is_left_over(shown: list[er.RegistryEntry], language: str) -> None:
    """Texts of entities that are gone mislead translators."""
    there = {(entity.domain, entity.translation_key) for entity in shown}
    for found in (_texts(language)["entity"], read("icons.json")["entity"]):
        named = {(domain, key) for domain in ("sensor", "binary_sensor") for key in found[domain]}
        assert named - there == set()


@pytest.mark.parametrize("language", LANGUAGES)
async def test_every_state_of_an_enum_has_a_text_and_an_icon(shown: list[er.RegistryEntry], language: str) -> None:
    """An automation's editor would offer "on_call"."""
    enums = [entity for entity in shown if entity.original_device_class == "enum"]
    assert {entity.translation_key for entity in enums} == {"call_state", "agent_state"}
    for found in (_texts(language)["entity"], read("icons.json")["entity"]):
        for entity in enums:
            assert set(found["sensor"][entity.translation_key]["state"]) == set(entity.capabilities["options"])
    assert set(_texts(language)["entity"]["sensor"]["call_state"]["state"]) == set(CallState)


def test_spanish_has_every_text_that_english_has_and_no_other() -> None:
    """A missing text falls back to English in the middle of a Spanish page."""
    english, spanish = (_flat(_texts(language)) for language in LANGUAGES)
    assert set(english) ^ set(spanish) == set()
    assert [key for key, text in spanish.items() if not text.strip()] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_names_a_file_or_an_action_of_the_vendors(language: str) -> None:
    """Whoever reads "reports.php" among the repairs looks for a file that is broken."""
    vendor = re.compile(r"\w+\.php|query_lists|query_sms|dialerlogs|api_action")
    assert {key: text for key, text in _flat(_texts(language)).items() if vendor.search(text)} == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_text_message_has_one_name(language: str) -> None:
    """Whoever looks for "text message" among the actions would not find "SMS"."""
    assert {key: text for key, text in _flat(_texts(language)).items() if "SMS" in text} == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_whatever_the_key_may_not_read_has_a_name(language: str) -> None:
    """The repair that lists it would fail where it is needed."""
    common = _texts(language)["common"]
    assert [action for action in Action if not common.get(f"asked_{action}")] == []


def test_placeholders_are_the_same_in_both_languages() -> None:
    """A misspelt placeholder shows as itself."""

    def holes(text: str) -> set[str]:
        return {part.partition("}")[0] for part in text.split("{")[1:]}

    english, spanish = (_flat(_texts(language)) for language in LANGUAGES)
    assert {key for key in english if holes(english[key]) != holes(spanish.get(key, ""))} == set()


@pytest.mark.parametrize("language", LANGUAGES)
async def test_home_assistant_loads_the_texts(hass: HomeAssistant, loaded: MockConfigEntry, language: str) -> None:
    """What stands in the file is worth nothing if Home Assistant does not take it."""
    texts = await async_get_translations(hass, language, "entity", {DOMAIN})
    assert texts[f"component.{DOMAIN}.entity.sensor.callers_waiting.name"]
    errors = await async_get_translations(hass, language, "exceptions", {DOMAIN})
    for key in ("cannot_connect", "invalid_auth", "invalid_response", "not_permitted", "rate_limited", "refused"):
        assert "{reason}" in errors[f"component.{DOMAIN}.exceptions.{key}.message"]


async def test_a_room_is_named_in_the_users_language(
    hass: HomeAssistant, device_registry: dr.DeviceRegistry, pbx: SimulatedPbx, entry: MockConfigEntry
) -> None:
    """A conference room has only a number at the PBX."""
    hass.config.language = "es"
    pbx.join_conference("2000", CALLER)
    assert await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    (room,) = [
        device
        for device in dr.async_entries_for_config_entry(device_registry, entry.entry_id)
        if (DOMAIN, "01PBX_conference_2000") in device.identifiers
    ]
    assert room.name == _texts("es")["device"]["conference"]["name"].format(number="2000")


@pytest.mark.parametrize("platform", integration.PLATFORMS)
def test_each_platform_says_how_many_entities_may_ask_at_once(platform: str) -> None:
    """Home Assistant's quality scale asks for it; the coordinators ask, so nothing has to be held back."""
    assert importlib.import_module(f"{integration.__name__}.{platform}").PARALLEL_UPDATES == 0
