"""Triggers and conditions in the automation editor: described as Home Assistant wants it, named, and documented."""

import re
from typing import Any

from homeassistant.components.websocket_api.automation import (
    async_get_conditions_for_target,
    async_get_triggers_for_target,
)
from homeassistant.core import HomeAssistant
from homeassistant.helpers import condition, trigger
from homeassistant.helpers.condition import async_get_all_descriptions as async_condition_descriptions
from homeassistant.helpers.selector import selector
from homeassistant.helpers.trigger import async_get_all_descriptions as async_trigger_descriptions, descriptions
from homeassistant.util.yaml import load_yaml_dict, parse_yaml
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.dls_pbx.condition import CONDITIONS
from custom_components.dls_pbx.const import DOMAIN
from custom_components.dls_pbx.trigger import TRIGGERS
from tests.helpers.automations import on_device
from tests.helpers.office import TOM
from tests.helpers.paths import INTEGRATION, ROOT, read

PAGE = (ROOT / "docs" / "automations.md").read_text()
LANGUAGES = ("en", "es")
KINDS = {"triggers": TRIGGERS, "conditions": CONDITIONS}
SHOWN = {
    kind: {name: shown for name, shown in load_yaml_dict(str(INTEGRATION / f"{kind}.yaml")).items() if name[0] != "."}
    for kind in KINDS
}
EACH = [(kind, name) for kind, names in KINDS.items() for name in names]


def fields(kind: str, name: str) -> dict[str, Any]:
    """Return the fields that the editor shows."""
    found: dict[str, Any] = SHOWN[kind][name].get("fields", {})
    return found


def options(kind: str, name: str) -> dict[str, Any]:
    """Return the options that the code takes, and for each whether it is required and its default."""
    schema = KINDS[kind][name].schema if kind == "triggers" else KINDS[kind][name]._schema  # noqa: SLF001 - its name
    (taken,) = [value for marker, value in schema.schema.items() if str(marker) == "options"]
    return {str(marker): marker for marker in taken}


@pytest.mark.parametrize("kind", KINDS)
def test_the_editor_shows_what_there_is(kind: str) -> None:
    """What is not described cannot be clicked."""
    assert SHOWN[kind].keys() == KINDS[kind].keys()


def test_the_descriptions_are_in_home_assistants_form() -> None:
    """A slip in one hides all of them."""
    descriptions._TRIGGERS_DESCRIPTION_SCHEMA(load_yaml_dict(str(INTEGRATION / "triggers.yaml")))  # noqa: SLF001 - hassfest's
    schemas = condition if hasattr(condition, "_CONDITIONS_DESCRIPTION_SCHEMA") else condition.descriptions
    schemas._CONDITIONS_DESCRIPTION_SCHEMA(load_yaml_dict(str(INTEGRATION / "conditions.yaml")))  # noqa: SLF001


@pytest.mark.parametrize(("kind", "name"), EACH)
def test_the_editor_offers_the_options_that_the_code_takes(kind: str, name: str) -> None:
    """A field that is refused, or an option that only those find who read the code."""
    taken = options(kind, name)
    assert fields(kind, name).keys() == taken.keys()
    for option, field in fields(kind, name).items():
        assert selector(field["selector"]).selector_type
        if not field.get("required"):
            assert "default" not in field
        elif type(taken[option]).__name__ == "Required" and option == "behavior":
            assert taken[option].default() == field["default"]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("kind", "name"), EACH)
def test_everything_in_the_editor_has_a_name_and_a_description(kind: str, name: str, language: str) -> None:
    """The editor would show `caller_wait_exceeded` and leave people to guess."""
    texts = read(f"translations/{language}.json")[kind]
    assert texts.keys() == KINDS[kind].keys()
    assert texts[name].get("fields", {}).keys() == fields(kind, name).keys()
    for text in (texts[name], *texts[name].get("fields", {}).values()):
        assert text["name"].strip()
        assert text["description"].strip()


@pytest.mark.parametrize("kind", KINDS)
def test_everything_in_the_editor_has_an_icon(kind: str) -> None:
    """Icons tell ten of them apart."""
    icons = read("icons.json")[kind]
    assert icons.keys() == KINDS[kind].keys()
    assert all(icon[kind.removesuffix("s")].startswith("mdi:") for icon in icons.values())


async def test_home_assistant_serves_the_descriptions(hass: HomeAssistant, loaded: MockConfigEntry) -> None:
    """What the editor gets to see in the end."""
    for kind, served in (
        ("triggers", await async_trigger_descriptions(hass)),
        ("conditions", await async_condition_descriptions(hass)),
    ):
        for name in KINDS[kind]:
            described = served[f"{DOMAIN}.{name}"]
            assert described is not None
            assert described["fields"].keys() == fields(kind, name).keys()
            assert described["target"]["entity"][0]["integration"] == DOMAIN


@pytest.mark.parametrize(
    ("object_", "offered"),
    [
        (
            "queue_support",
            {
                "call_ended",
                "call_missed",
                "caller_wait_exceeded",
                "incoming_call",
                "queue_left_unattended",
                "is_attended",
                "is_holding_callers",
            },
        ),
        (f"phone_{TOM}", {"call_ended", "incoming_call", "phone_registered", "phone_unregistered", "is_in_call"}),
        ("pbx", {*TRIGGERS, *CONDITIONS}),
        ("campaign_1", set()),
    ],
)
async def test_the_editor_offers_what_suits_a_device(
    hass: HomeAssistant, loaded: MockConfigEntry, object_: str, offered: set[str]
) -> None:
    """Who begins with a device is shown what can be done with it."""
    await async_trigger_descriptions(hass)
    target = on_device(hass, object_)
    found = {
        *await async_get_triggers_for_target(hass, target, expand_group=False),
        *await async_get_conditions_for_target(hass, target, expand_group=False),
    }
    ours = {name.removeprefix(f"{DOMAIN}.") for name in found if name.startswith(f"{DOMAIN}.")}
    assert ours == offered


# --- Documentation -------------------------------------------------------------------------------------------------


def section(name: str) -> str:
    """Return what the documentation says of a trigger or condition."""
    (found,) = [part for part in PAGE.split("\n### ") if f"`dls_pbx.{name}`" in part.partition("\n")[0]]
    return found.split("\n## ")[0]


@pytest.mark.parametrize(("kind", "name"), EACH)
def test_the_documentation_explains_everything_in_the_editor(kind: str, name: str) -> None:
    """By the name that people see, with each field by its name there, and by the one in YAML."""
    texts = read("translations/en.json")[kind][name]
    assert texts["name"] in section(name)
    for option, text in texts.get("fields", {}).items():
        assert re.search(rf"^\| {re.escape(text['name'])} \| `{option}` \|", section(name), re.MULTILINE)


@pytest.mark.parametrize(("kind", "name"), EACH)
async def test_the_documentations_examples_are_accepted(
    hass: HomeAssistant, loaded: MockConfigEntry, kind: str, name: str
) -> None:
    """The quickest way to learn something is to copy it."""
    (example,) = re.findall(r"```yaml\n(.*?)```", section(name), re.DOTALL)
    found = parse_yaml(example)
    assert isinstance(found, dict)
    (config,) = found[kind]
    assert config[kind.removesuffix("s")] == f"{DOMAIN}.{name}"
    if kind == "triggers":
        config["platform"] = config.pop("trigger")
        await trigger.async_validate_trigger_config(hass, [config])
    else:
        await condition.async_validate_condition_config(hass, config)
