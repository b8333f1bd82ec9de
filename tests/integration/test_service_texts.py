"""Everything about an action can be read and clicked: names, descriptions, selectors and icons."""

from collections.abc import Iterator
import re
from typing import Any

from homeassistant.const import ATTR_CONFIG_ENTRY_ID
from homeassistant.helpers.selector import selector
from homeassistant.helpers.service import _SERVICES_SCHEMA
from homeassistant.util.yaml import load_yaml_dict
import pytest
import voluptuous as vol

from custom_components.dls_pbx import errors
from custom_components.dls_pbx.actions import schemas
from custom_components.dls_pbx.api import cdr
from custom_components.dls_pbx.api.models import MessageDirection, MessageStatus
from custom_components.dls_pbx.services import ACTIONS
from tests.helpers.paths import INTEGRATION, read

SHOWN = _SERVICES_SCHEMA(load_yaml_dict(str(INTEGRATION / "services.yaml")))
LANGUAGES = ["en", "es"]


def flat(fields: dict[str, Any]) -> dict[str, Any]:
    """Return the fields of an action without its sections."""
    found: dict[str, Any] = {}
    for name, field in fields.items():
        found |= field.get("fields", {name: field})
    return found


def selectors(config: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    """Return every selector in a field, those inside of objects as well."""
    if isinstance(config, dict):
        for kind, settings in config.get("selector", {}).items():
            yield kind, settings or {}
            for field in (settings or {}).get("fields", {}).values():
                yield from selectors(field)


def test_the_ui_shows_the_fields_that_the_actions_take() -> None:
    """A field that is missing in the UI can only be used by those who read the code."""
    assert SHOWN.keys() == {action.name for action in ACTIONS}
    for action in ACTIONS:
        shown = flat(SHOWN[action.name]["fields"])
        assert shown.keys() == {ATTR_CONFIG_ENTRY_ID, *map(str, action.fields)}
        required = {name for name, field in shown.items() if field.get("required")}
        assert required == {str(name) for name in action.fields if isinstance(name, vol.Required)}


def test_the_ui_shows_the_defaults_that_the_actions_have() -> None:
    """What the UI says happens by itself must be what happens."""
    for action in ACTIONS:
        for name, field in flat(SHOWN[action.name]["fields"]).items():
            if "default" in field and name != "order":
                marker = next(marker for marker in action.fields if str(marker) == name)
                assert marker.default() == field["default"]


def test_every_field_can_be_filled_in_by_clicking() -> None:
    """Without a selector the UI shows a box for YAML."""
    for action in ACTIONS:
        for field in flat(SHOWN[action.name]["fields"]).values():
            assert selector(field["selector"]).selector_type


@pytest.mark.parametrize(
    ("action", "field", "options"),
    [
        ("query_sms", "direction", MessageDirection.known()),
        ("query_sms", "status", MessageStatus.known()),
        ("query_sms", "order", schemas.ORDERS),
        ("get_call_report", "columns", tuple(cdr.COLUMNS)),
        ("get_call_report", "order_by", tuple(cdr.COLUMNS)),
        ("get_call_report", "order", schemas.ORDERS),
        ("get_call_report", "format", schemas.FORMATS),
    ],
)
def test_a_selector_offers_what_the_action_takes(action: str, field: str, options: tuple[str, ...]) -> None:
    """A choice in the UI that is refused, or one that is not there."""
    assert flat(SHOWN[action]["fields"])[field]["selector"]["select"]["options"] == list(options)


def test_the_filter_rules_selector_offers_what_the_report_takes() -> None:
    """A choice in the UI that is refused, or one that is not there."""
    groups = flat(SHOWN["get_call_report"]["fields"])["filter_groups"]["selector"]["object"]["fields"]
    rule = groups["rules"]["selector"]["object"]["fields"]
    assert rule["type"]["selector"]["select"]["options"] == list(cdr.FILTER_TYPES)
    assert rule["operator"]["selector"]["select"]["options"] == [*cdr.COMPARISONS, *cdr.RANGES]


@pytest.mark.parametrize(
    ("action", "field", "most"),
    [
        ("query_sms", "limit", schemas.MOST_MESSAGES),
        ("get_call_report", "per_page", schemas.MOST_CALLS),
    ],
)
def test_a_number_in_the_ui_ends_where_the_actions_does(action: str, field: str, most: int) -> None:
    """The UI must not offer what is refused."""
    settings = flat(SHOWN[action]["fields"])[field]["selector"]["number"]
    assert (settings["min"], settings["max"]) == (1, most)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_action_section_and_field_has_a_name_and_a_description(language: str) -> None:
    """The UI would show `start_cdr_id` and leave people to guess."""
    texts = read(f"translations/{language}.json")["services"]
    assert texts.keys() == SHOWN.keys()
    for action, shown in SHOWN.items():
        sections = {name: field for name, field in shown["fields"].items() if "fields" in field}
        assert texts[action].get("sections", {}).keys() == sections.keys()
        assert texts[action]["fields"].keys() == flat(shown["fields"]).keys()
        for text in (texts[action], *texts[action]["fields"].values(), *texts[action].get("sections", {}).values()):
            assert text["name"].strip()
            assert text["description"].strip()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_choice_and_part_of_an_object_has_a_text(language: str) -> None:
    """The UI would show the API's own words."""
    texts = read(f"translations/{language}.json")["selector"]
    for shown in SHOWN.values():
        for field in flat(shown["fields"]).values():
            for kind, settings in selectors(field):
                if key := settings.get("translation_key"):
                    part = "options" if kind == "select" else "fields"
                    assert texts[key][part].keys() == set(settings[part])


def test_every_action_and_section_has_an_icon() -> None:
    """Icons tell the eleven actions apart in a long list."""
    icons = read("icons.json")["services"]
    for action, shown in SHOWN.items():
        assert icons[action]["service"].startswith("mdi:")
        sections = {name for name, field in shown["fields"].items() if "fields" in field}
        assert icons[action].get("sections", {}).keys() == sections


def raised_keys() -> set[str]:
    """Return the keys of all texts that our own code raises, out of the code."""
    pattern = re.compile(r'(?:wrong_input\(|lost=)"(\w+)"')
    code = "\n".join(path.read_text() for path in INTEGRATION.rglob("*.py"))
    return {*pattern.findall(code), *(key for _, key in errors._KEYS), "refused"}  # noqa: SLF001 - the only list


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_error_has_a_text(language: str) -> None:
    """An error without a text shows its key."""
    texts = read(f"translations/{language}.json")["exceptions"]
    assert raised_keys() <= texts.keys()
    english = read("translations/en.json")["exceptions"]
    for key, text in texts.items():
        assert set(re.findall(r"{\w+}", text["message"])) == set(re.findall(r"{\w+}", english[key]["message"]))
