"""The files around the code: what stores, Home Assistant and the release hold on to."""

from collections.abc import Callable, Iterator
import json
from pathlib import Path
import re
import shutil
import struct
import subprocess
import sys
from typing import Any

from homeassistant import components
from homeassistant.const import __version__ as home_assistant_version
import pytest
import yaml

from script.mutate_run.slips import slips
from tests.helpers.pages import anchors
from tests.helpers.paths import INTEGRATION, ROOT, read, translations

TEXTS = translations("en")
MANIFEST = read("manifest.json")
RULES = yaml.safe_load((INTEGRATION / "quality_scale.yaml").read_text())["rules"]


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
    signature, width, height, depth, colors = struct.unpack(
        ">8s8xIIBB", (INTEGRATION / "brand" / name).read_bytes()[:26]
    )
    assert signature == b"\x89PNG\r\n\x1a\n"
    assert (width, height, depth) == (size, size, 8)
    assert colors == 6  # red, green, blue and transparency


def test_the_version_has_a_section_in_the_changelog() -> None:
    """Who updates wants to know what changed."""
    changelog = (ROOT / "CHANGELOG.md").read_text()
    assert re.search(rf"^## \[{re.escape(MANIFEST['version'])}\] - \d{{4}}-\d\d-\d\d$", changelog, re.MULTILINE)
    assert "## [Unreleased]" in changelog


def test_the_quality_scale_has_a_word_for_each_rule_of_home_assistant() -> None:
    """A rule that is left out would be a promise without an answer."""
    # Any of Home Assistant's own lists all rules.
    scale = Path(components.__path__[0]) / "ntfy" / "quality_scale.yaml"
    assert set(RULES) == set(yaml.safe_load(scale.read_text())["rules"])
    assert [
        rule for rule, said in RULES.items() if said["status"] not in {"done", "exempt"} or not said["comment"]
    ] == []


@pytest.mark.parametrize(
    ("rule", "proof"),
    [(rule, one) for rule, said in RULES.items() if said["status"] == "done" for one in said["comment"].split()],
)
def test_what_shows_that_a_rule_is_kept_is_there(rule: str, proof: str) -> None:
    """A rule that is only claimed is found out by the first who looks."""
    place, _, test = proof.partition("::")
    page, _, heading = place.partition("#")
    assert (ROOT / page).is_file(), rule
    assert not test or f"def {test}(" in (ROOT / page).read_text()
    assert not heading or heading in anchors(page)


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
    # A step that only asks has no fields.
    assert set(step.get("data", ())) == set(step.get("data_description", ()))


# --- The release -----------------------------------------------------------------------------------------------------


def test_the_tests_in_the_browser_do_without_home_assistants_harness() -> None:
    """For a release of this week there is no harness yet: `script/releases newest` would try nothing on it."""
    collect = """
import sys, pytest
sys.modules |= dict.fromkeys((f"pytest_homeassistant_custom_component.{name}" for name in ("common", "typing")))
settings = ["--config-file=tests/browser/pytest.toml", "--rootdir=."]
sys.exit(pytest.main([*settings, "--collect-only", "--quiet", "tests/browser"]))
"""
    command = (sys.executable, "-c", collect)
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603 - our own words
    assert done.returncode == 0, done.stdout


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Return a folder with what the check of a release looks at, all of one version."""
    (tmp_path / "script").mkdir()
    shutil.copy(ROOT / "script" / "check_release", tmp_path / "script")
    manifest = tmp_path / "custom_components" / "dls_pbx" / "manifest.json"
    manifest.parent.mkdir(parents=True)
    manifest.write_text('{\n  "domain": "dls_pbx",\n  "version": "1.20.3"\n}\n')
    (tmp_path / "CHANGELOG.md").write_text(
        "## [Unreleased]\n\n## [1.20.3] - 2026-11-26\n\n[Unreleased]: https://example.com/\n[1.20.3]: https://example.com/\n"
    )
    return tmp_path


def _check_release(project: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = (project / "script" / "check_release", *arguments)
    return subprocess.run(command, check=False, capture_output=True, text=True)  # noqa: S603 - our own script


@pytest.mark.parametrize("tag", ["v1.20.3", "1.20.3"])
def test_a_release_of_one_version_is_let_through(project: Path, tag: str) -> None:
    """A release that is refused for nothing teaches people to do without the check."""
    assert _check_release(project, tag).returncode == 0


@pytest.mark.parametrize(
    ("tag", "change", "complaint"),
    [
        ("v1.20.4", ("", ""), "The tag is v1.20.4, the manifest's version is 1.20.3."),
        ("v1.20", ("", ""), "The tag is v1.20, the manifest's version is 1.20.3."),
        ("v1.20.3", ("## [1.20.3] - 2026-11-26", "## [1.20.3]"), "no dated section"),
        ("v1.20.3", ("## [1.20.3]", "## [1.2003]"), "no dated section"),
        ("v1.20.3", ("\n[1.20.3]: https://example.com/", ""), "does not say where"),
    ],
)
def test_a_release_of_several_versions_is_stopped(
    project: Path, tag: str, change: tuple[str, str], complaint: str
) -> None:
    """People update to a version whose changes are told nowhere, and the store shows another one than they get."""
    changelog = project / "CHANGELOG.md"
    changelog.write_text(changelog.read_text().replace(*change))
    done = _check_release(project, tag)
    assert done.returncode == 1
    assert complaint in done.stderr


def test_the_check_of_a_release_asks_for_its_tag(project: Path) -> None:
    """Without a tag it would compare the version with nothing."""
    assert _check_release(project).returncode == 2


def test_the_present_version_could_be_released() -> None:
    """What stops a release is found on the day of the release, otherwise."""
    assert _check_release(ROOT, MANIFEST["version"]).returncode == 0


# --- Workflows -------------------------------------------------------------------------------------------------------

WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.stem)
def test_a_workflow_runs_nothing_that_others_can_change(workflow: Path) -> None:
    """A tag can be moved to other code over night; a commit's hash cannot."""
    uses = [line.partition("uses:")[2].strip() for line in workflow.read_text().splitlines() if "uses:" in line]
    assert uses
    assert [one for one in uses if not re.fullmatch(r"[\w./-]+@[0-9a-f]{40} # \S.*", one)] == []


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.stem)
def test_a_workflow_may_do_no_more_than_it_must(workflow: Path) -> None:
    """What a pull request brings along must find no right to write, and no credentials to take."""
    found = yaml.safe_load(workflow.read_text())
    assert found["permissions"] == {}
    assert found["concurrency"]["group"]
    for job in found["jobs"].values():
        assert set(job["permissions"].values()) <= {"read"}
        assert job["timeout-minutes"] <= 60
        for step in job["steps"]:
            if step.get("uses", "").startswith("actions/checkout@"):
                assert step["with"]["persist-credentials"] is False


def test_each_slip_that_is_written_down_can_still_be_made() -> None:
    """The code goes on, and a slip that nobody can make any more is one that nobody tries."""
    for slip in slips():
        assert slip.broken() != (ROOT / slip.file).read_text()
        assert all((ROOT / test.partition("::")[0]).exists() for test in slip.tests if "*" not in test)
