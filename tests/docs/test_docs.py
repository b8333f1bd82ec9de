"""The pages explain everything that users meet, and nothing in them is refused when it is copied."""

from collections.abc import Iterator
import re
from typing import Any

import pytest
import voluptuous as vol
import yaml

from custom_components.dls_pbx.api import cdr
from custom_components.dls_pbx.condition import CONDITIONS
from custom_components.dls_pbx.services import ACTIONS
from custom_components.dls_pbx.trigger import TRIGGERS
from tests.helpers.pages import BLUEPRINTS, PAGES, TEXTS, examples, section, text
from tests.helpers.paths import INTEGRATION, ROOT

ACTIONS_PAGE = "docs/actions.md"
AUTOMATIONS = "docs/automations.md"
ENTITIES = "docs/entities.md"
SET_UP = "docs/set-up.md"
TROUBLE = "docs/troubleshooting.md"
# Words that YAML blocks hold where a template will stand for a value.
TEMPLATE = re.compile(r"\{\{.*\}\}")
# What British authors write, and readers of a vendor in Illinois take for slips.
BRITISH = re.compile(
    r"\b\w*(?:colour|behaviour|favour|neighbour|honour|licence|(?:cancel|dial|label|model|travel)l(?:ed|ing|er)|grey"
    r"|centre|catalogue|organis|recognis|initialis|summaris|analys(?:e[ds]?|ing)\b|mould|learnt|whilst)\w*",
    re.IGNORECASE,
)


def _in_table(page: str, *cells: str) -> bool:
    """Tell whether a row of a table begins with these cells."""
    begins = "".join(rf"\| {re.escape(cell)} " for cell in cells)
    return bool(re.search(rf"^{begins}\| .*\|$", page, re.MULTILINE))


# --- README ----------------------------------------------------------------------------------------------------------


def test_the_readme_takes_five_minutes() -> None:
    """Who wants to know whether this is for them does not read sixty kilobytes."""
    assert len(text("README.md").splitlines()) <= 170


@pytest.mark.parametrize(
    "script",
    [
        *("demo", "test", "lint", "bench", "screenshots", "asterisk", "setup_asterisk", "setup", "check_release"),
        "../.ci/run",
    ],
)
def test_the_scripts_own_sentences_are_repeated(script: str) -> None:
    """Two descriptions of one command soon disagree."""
    path = (ROOT / "script" / script).resolve()
    sentence = path.read_text().splitlines()[1].removeprefix("# ")
    assert f"| `{path.relative_to(ROOT)}` | {sentence} |" in text("CONTRIBUTING.md")


@pytest.mark.parametrize("page", PAGES)
def test_a_page_is_written_in_american_english(page: str) -> None:
    """Two spellings of one word make a search miss half of what is there."""
    # What is in code is a name, and stays what it is.
    prose = re.sub(r"^```.*?^```|`[^`\n]*`", "", text(page), flags=re.DOTALL | re.MULTILINE)
    assert BRITISH.findall(prose) == []


# --- Set-up and entities ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "step",
    [
        TEXTS["config"]["step"]["user"],
        TEXTS["options"]["step"]["init"],
        TEXTS["config_subentries"]["sms_recipient"]["step"]["user"],
    ],
    ids=lambda step: step["title"],
)
def test_every_field_of_set_up_and_options_is_explained(step: dict[str, Any]) -> None:
    """Who is asked for something wants to know where to find it."""
    assert [label for label in step["data"].values() if not _in_table(text(SET_UP), label)] == []


@pytest.mark.parametrize("choice", TEXTS["selector"]["sms_consent"]["options"].values())
def test_every_choice_about_consent_is_explained(choice: str) -> None:
    """Who chooses wrongly texts people who asked not to be texted."""
    assert _in_table(text("docs/privacy-and-consent.md"), choice)


def test_what_each_right_of_the_key_is_for_is_told() -> None:
    """Who makes a user for Home Assistant has to know which rights it needs, and what is lost without one."""
    used = re.findall(r"`(\w+\.php \w+)`", (INTEGRATION / "api" / "client.py").read_text())
    assert len(set(used)) == 18
    assert [action for action in used if f"`{action}`" not in text(SET_UP)] == []


@pytest.mark.parametrize("name", sorted({one["name"] for them in TEXTS["entity"].values() for one in them.values()}))
def test_every_entity_is_explained(name: str) -> None:
    """An entity that is nowhere explained is a number without a meaning."""
    page = text(ENTITIES)
    if name.startswith("Fax "):
        assert re.search(rf"\b{re.escape(name)}\b", page.replace("\n", " "))
    else:
        assert _in_table(page, name)


@pytest.mark.parametrize("kind", TEXTS["entity"]["event"])
def test_every_type_and_attribute_of_an_event_is_named(kind: str) -> None:
    """Automations that wait for a type of event have to know its name."""
    shown = TEXTS["entity"]["event"][kind]["state_attributes"]
    names = [*shown["event_type"]["state"], *(name for name in shown if name != "event_type")]
    assert [name for name in names if f"`{name}`" not in text(AUTOMATIONS)] == []


# --- Actions ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("action", ACTIONS, ids=lambda action: action.name)
def test_every_field_of_every_action_is_explained(action: Any) -> None:
    """A field that is nowhere explained is never used: by its name in the form, and by that in YAML."""
    told = section(ACTIONS_PAGE, f"dls_pbx.{action.name}")
    labels = TEXTS["services"][action.name]["fields"]
    fields = [str(marker) for marker in action.fields]
    assert [name for name in fields if not _in_table(told, labels[name]["name"], f"`{name}`")] == []


@pytest.mark.parametrize("action", ACTIONS, ids=lambda action: action.name)
@pytest.mark.parametrize("word", ["In the UI", "Response", "Errors"])
def test_every_action_says_how_it_is_used_and_what_comes_of_it(action: Any, word: str) -> None:
    """Who does not write YAML needs the way by the form; who does, what comes back and what can go wrong."""
    assert f"**{word}**" in section(ACTIONS_PAGE, f"dls_pbx.{action.name}")


@pytest.mark.parametrize(("names", "kind"), [(cdr.COLUMNS, "report_column"), (cdr.FILTER_TYPES, "filter_type")])
def test_every_column_and_filter_of_the_call_report_is_explained(names: Any, kind: str) -> None:
    """Nobody can guess what `cel_link` or `otf_conference` is."""
    labels = TEXTS["selector"][kind]["options"]
    assert [name for name in names if not _in_table(text(ACTIONS_PAGE), f"`{name}`", labels[name])] == []


@pytest.mark.parametrize("kind", ["exclusivity", "logical_operator", "report_format", "order", "sms_direction"])
def test_every_choice_of_an_actions_field_is_named(kind: str) -> None:
    """The form shows words; YAML wants others."""
    choices = TEXTS["selector"][kind]["options"]
    assert [name for name in choices if f"`{name}`" not in text(ACTIONS_PAGE)] == []


@pytest.mark.parametrize("operator", [*cdr.COMPARISONS, *cdr.RANGES])
def test_every_operator_of_a_filter_is_explained(operator: str) -> None:
    """A comparison that the page leaves out would be tried by nobody."""
    assert _in_table(text(ACTIONS_PAGE), f"`{operator}`")


# --- Triggers, conditions, blueprints --------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [*TRIGGERS, *CONDITIONS])
def test_every_trigger_and_condition_has_a_section(name: str) -> None:
    """What the automation editor offers without an explanation is chosen by nobody."""
    told = section(AUTOMATIONS, f"dls_pbx.{name}")
    assert "**In the UI**" in told
    assert ("**Variables**" in told) is (name in TRIGGERS)


@pytest.mark.parametrize("path", sorted(BLUEPRINTS.rglob("*.yaml")), ids=lambda path: path.stem)
def test_every_blueprint_is_offered(path: Any) -> None:
    """A blueprint is imported by the address of its file, and by nothing else."""
    address = f"https://github.com/dls-pbx/home-assistant-dls-pbx/blob/main/{path.relative_to(ROOT)}"
    assert f"({address})" in text(AUTOMATIONS)


# --- When something goes wrong ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("issue", TEXTS["issues"])
def test_every_repair_is_explained(issue: str) -> None:
    """Who is told that something is wrong wants to know why, and what to do."""
    title = TEXTS["issues"][issue]["title"].removeprefix("{name}: ")
    assert _in_table(text(TROUBLE), f"*{title[0].upper()}{title[1:]}*")


def _messages() -> Iterator[str]:
    """Yield every text of an error, as the page has it: what differs from case to case is an ellipsis."""
    flow, subentry = TEXTS["config"], TEXTS["config_subentries"]["sms_recipient"]
    told = [*flow["error"].values(), *flow["abort"].values(), *subentry["error"].values(), *subentry["abort"].values()]
    told += [exception["message"] for exception in TEXTS["exceptions"].values()]
    yield from (re.sub(r"\{\w+\}", "…", message) for message in told)


@pytest.mark.parametrize("message", sorted(set(_messages())))
def test_every_error_that_users_meet_is_explained(message: str) -> None:
    """People search for the very words that they read."""
    assert _in_table(text(TROUBLE), f"*{message}*")


# --- Examples --------------------------------------------------------------------------------------------------------


def _calls(node: Any) -> Iterator[dict[str, Any]]:
    """Yield each call of an action in an example."""
    if isinstance(node, dict):
        if "action" in node:
            yield node
        node = list(node.values())
    if isinstance(node, list):
        for inner in node:
            yield from _calls(inner)


EXAMPLES = [call for page in PAGES for block in examples(page) for call in _calls(yaml.safe_load(block))]


def test_there_is_an_example_of_every_action() -> None:
    """The quickest way to learn an action is to copy a call of it."""
    assert {f"dls_pbx.{action.name}" for action in ACTIONS} - {call["action"] for call in EXAMPLES} == set()


@pytest.mark.parametrize(
    "call", [call for call in EXAMPLES if call["action"].startswith("dls_pbx.")], ids=lambda call: call["action"]
)
def test_the_examples_have_fields_that_the_actions_take(call: dict[str, Any]) -> None:
    """An example that is refused when it is copied is worse than none."""
    (action,) = [action for action in ACTIONS if f"dls_pbx.{action.name}" == call["action"]]
    times = {"start", "end"}
    filled = {
        name: "2026-11-23 00:00:00" if name in times and TEMPLATE.search(str(value)) else value
        for name, value in call["data"].items()
    }
    vol.Schema(action.fields)(filled)
