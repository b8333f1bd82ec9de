"""The files around the code: what stores, Home Assistant and readers of the README hold on to."""

from collections.abc import Callable, Iterator
import json
from pathlib import Path
import re
import struct
from typing import Any

from homeassistant import components
from homeassistant.const import __version__ as home_assistant_version
import pytest
import voluptuous as vol
import yaml

from custom_components.dls_pbx.services import ACTIONS

ROOT = Path(__file__).parent.parent
INTEGRATION = ROOT / "custom_components" / "dls_pbx"
README = (ROOT / "README.md").read_text()
TEXTS: dict[str, Any] = json.loads((INTEGRATION / "translations" / "en.json").read_text())
MANIFEST: dict[str, Any] = json.loads((INTEGRATION / "manifest.json").read_text())
# Words that YAML blocks in the README hold where a template will stand for a value.
TEMPLATE = re.compile(r"\{\{.*\}\}")


def _flat(texts: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], str]]:
    if isinstance(texts, str):
        yield path, texts
        return
    for key, inner in texts.items():
        yield from _flat(inner, (*path, key))


def test_the_manifest_has_what_stores_and_hassfest_ask_for() -> None:
    """Without these keys neither HACS nor the Marketplace offers the integration."""
    assert list(MANIFEST) == ["domain", "name", *sorted(set(MANIFEST) - {"domain", "name"})]
    assert set(MANIFEST) >= {"codeowners", "config_flow", "documentation", "iot_class", "issue_tracker", "version"}
    assert MANIFEST["domain"] == INTEGRATION.name
    assert (MANIFEST["integration_type"], MANIFEST["iot_class"]) == ("hub", "cloud_polling")
    assert re.fullmatch(r"\d+\.\d+\.\d+", MANIFEST["version"])
    assert all(re.fullmatch(r"[a-z0-9_-]+==[0-9.]+", requirement) for requirement in MANIFEST["requirements"])
    assert all(owner.startswith("@") for owner in MANIFEST["codeowners"])


def test_hacs_json_has_only_keys_that_stores_know() -> None:
    """The HACS check refuses the repository for an unknown key, and the floor keeps it from Home Assistants too old."""
    hacs = json.loads((ROOT / "hacs.json").read_text())
    known = {"name", "homeassistant", "hacs", "hide_default_branch", "country", "content_in_root", "zip_release"}
    assert set(hacs) - known == set()
    assert hacs["name"] == MANIFEST["name"]
    floor, ours = (tuple(map(int, one.split(".")[:2])) for one in (hacs["homeassistant"], home_assistant_version))
    assert floor <= ours


@pytest.mark.parametrize(("name", "size"), [("icon.png", 256), ("icon@2x.png", 512)])
def test_the_brand_icons_have_the_sizes_that_pages_expect(name: str, size: int) -> None:
    """An icon of another size is blurred or refused; one without transparency is a white box on a dark page."""
    signature, width, height, depth, colours = struct.unpack(
        ">8s8xIIBB", (INTEGRATION / "brand" / name).read_bytes()[:26]
    )
    assert signature == b"\x89PNG\r\n\x1a\n"
    assert (width, height, depth) == (size, size, 8)
    assert colours == 6  # red, green, blue and transparency


def test_the_version_has_a_section_in_the_changelog() -> None:
    """Who updates wants to know what changed."""
    changelog = (ROOT / "CHANGELOG.md").read_text()
    assert re.search(rf"^## \[{re.escape(MANIFEST['version'])}\] - \d{{4}}-\d\d-\d\d$", changelog, re.MULTILINE)
    assert "## [Unreleased]" in changelog


def test_the_quality_scale_has_a_word_for_each_rule_of_home_assistant() -> None:
    """A rule that is left out would be a promise without an answer."""
    # Any of Home Assistant's own lists all rules.
    scale = Path(components.__path__[0]) / "ntfy" / "quality_scale.yaml"
    known = yaml.safe_load(scale.read_text())["rules"]
    ours = yaml.safe_load((INTEGRATION / "quality_scale.yaml").read_text())["rules"]
    assert set(ours) == set(known)
    exempt = {rule: said for rule, said in ours.items() if said != "done"}
    assert [rule for rule, said in exempt.items() if said["status"] != "exempt" or not said["comment"]] == []


@pytest.mark.parametrize(
    ("rule", "breaks"),
    [
        ("no blank text, no blanks around it", lambda _, text: text != text.strip() or not text),
        ("no addresses, no HTML", lambda _, text: re.search(r"https?://|www\.|</?[a-z]+>", text)),
        ("no placeholder in single quotes", lambda _, text: re.search(r"'\{\w+\}'", text)),
        ("placeholders are names", lambda _, text: not all(map(str.isidentifier, re.findall(r"\{([^}]*)\}", text)))),
        ("keys are slugs", lambda path, _: not all(re.fullmatch(r"[a-z0-9_-]+", key) for key in path)),
        ("placeholders in names only", lambda path, text: path[0] == "entity" and path[-1] != "name" and "{" in text),
    ],
)
def test_english_texts_keep_the_rules_of_hassfest(rule: str, breaks: Callable[[tuple[str, ...], str], bool]) -> None:
    """Hassfest refuses the integration otherwise, and Home Assistant shows broken texts."""
    assert [".".join(path) for path, text in _flat(TEXTS) if breaks(path, text)] == [], rule


@pytest.mark.parametrize(
    "step",
    [TEXTS[kind]["step"][name] for kind in ("config", "options") for name in TEXTS[kind]["step"]],
    ids=lambda step: step["title"],
)
def test_every_field_of_a_form_is_explained(step: dict[str, Any]) -> None:
    """A field without an explanation makes an office manager call somebody."""
    assert set(step["data"]) == set(step["data_description"])


@pytest.mark.parametrize("script", ["demo", "test", "lint", "bench", "screenshots", "setup", "../.ci/run"])
def test_the_readme_repeats_each_scripts_own_sentence(script: str) -> None:
    """Two descriptions of one command soon disagree."""
    path = (ROOT / "script" / script).resolve()
    sentence = path.read_text().splitlines()[1].removeprefix("# ")
    assert f"| `{path.relative_to(ROOT)}` | {sentence} |" in README


def _entity_names() -> list[str]:
    return sorted({entity["name"] for platform in TEXTS["entity"].values() for entity in platform.values()})


@pytest.mark.parametrize("name", _entity_names())
def test_the_readme_explains_every_entity(name: str) -> None:
    """An entity that is nowhere explained is a number without a meaning."""
    pattern = rf"\b{re.escape(name)}\b" if name.startswith("Fax ") else rf"^\| {re.escape(name)} \| .+\|$"
    assert re.search(pattern, README.replace("\n", " ") if name.startswith("Fax ") else README, re.MULTILINE)


@pytest.mark.parametrize(
    "step",
    [
        TEXTS["config"]["step"]["user"],
        TEXTS["options"]["step"]["init"],
        TEXTS["config_subentries"]["sms_recipient"]["step"]["user"],
    ],
    ids=lambda step: step["title"],
)
def test_the_readme_explains_every_field_of_set_up_and_options(step: dict[str, Any]) -> None:
    """Who is asked for something wants to know where to find it."""
    assert [label for label in step["data"].values() if f"\n| {label} | " not in README] == []


@pytest.mark.parametrize("action", ACTIONS, ids=lambda action: action.name)
def test_the_readme_explains_every_field_of_every_action(action: Any) -> None:
    """A field that is nowhere explained is never used."""
    (section,) = [part for part in README.split("\n### ") if f"`dls_pbx.{action.name}`" in part.partition("\n")[0]]
    fields = [str(marker) for marker in action.fields]
    assert [name for name in fields if not re.search(rf"\b{name}\b", section)] == []


def _calls(node: Any) -> Iterator[dict[str, Any]]:
    """Yield each call of an action in an example."""
    if isinstance(node, dict):
        if "action" in node:
            yield node
        node = list(node.values())
    if isinstance(node, list):
        for inner in node:
            yield from _calls(inner)


EXAMPLES = [
    call for block in re.findall(r"```yaml\n(.*?)```", README, re.DOTALL) for call in _calls(yaml.safe_load(block))
]


def test_the_readme_has_an_example_of_every_action() -> None:
    """The quickest way to learn an action is to copy a call of it."""
    assert {f"dls_pbx.{action.name}" for action in ACTIONS} - {call["action"] for call in EXAMPLES} == set()


@pytest.mark.parametrize(
    "call", [call for call in EXAMPLES if call["action"].startswith("dls_pbx.")], ids=lambda call: call["action"]
)
def test_the_readmes_examples_have_fields_that_the_actions_take(call: dict[str, Any]) -> None:
    """An example that is refused when it is copied is worse than none."""
    (action,) = [action for action in ACTIONS if f"dls_pbx.{action.name}" == call["action"]]
    times = {"start", "end"}
    filled = {
        name: "2026-11-23 00:00:00" if name in times and TEMPLATE.search(str(value)) else value
        for name, value in call["data"].items()
    }
    vol.Schema(action.fields)(filled)


@pytest.mark.parametrize("picture", re.findall(r"(?:!\[[^]]*\]\(|<img src=\")([^)\"]+)", README))
def test_every_picture_of_the_readme_is_there(picture: str) -> None:
    """A reader who decides by the pictures sees broken ones."""
    assert (ROOT / picture).is_file()
