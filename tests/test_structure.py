"""The house's rules: which module may know of which, what stands where, and that each says in a word what it is."""

import ast
from collections.abc import Iterator, Mapping
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

from tests.helpers.paths import INTEGRATION, ROOT

# Loaded by Home Assistant by their names, which have to stand at the integration's root.
PLATFORMS = {
    "__init__",
    "binary_sensor",
    "condition",
    "config_flow",
    "diagnostics",
    "event",
    "intent",
    "llm",
    "notify",
    "repairs",
    "sensor",
    "system_health",
    "todo",
    "trigger",
}
MOST_SHARED = 12
# Words that begin a sentence but name nothing.
NO_NOUNS = """
    a after all an another any as at before both by each every everything for from has having how if in it its
    keeps makes many no nobody nothing of on one only other our out playing reading reads serves setting some
    somebody something tells that the their these they things this those to under we what whatever when where
    whether which while who whoever whom whose why with without your
"""


def modules(folder: Path) -> dict[str, Path]:
    """Return the modules below a folder, by their full names."""
    found = {}
    for path in sorted(folder.rglob("*.py")):
        parts = path.relative_to(ROOT).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    assert found
    return found


INTEGRATION_MODULES = modules(INTEGRATION)
SIMULATOR_MODULES = modules(ROOT / "simulator")
MODULES = INTEGRATION_MODULES | SIMULATOR_MODULES


@cache
def parsed(path: Path) -> ast.Module:
    """Return a file's syntax tree."""
    return ast.parse(path.read_text())


def imported(name: str, path: Path, known: Mapping[str, Path] = MODULES) -> Iterator[str]:
    """Yield the full names of what a module imports; wherever the import stands, also for types only."""
    package = name.split(".") if path.name == "__init__.py" else name.split(".")[:-1]
    for node in ast.walk(parsed(path)):
        match node:
            case ast.Import():
                yield from (alias.name for alias in node.names)
            case ast.ImportFrom():
                base = package[: len(package) - node.level + 1] if node.level else []
                source = ".".join((*base, *filter(None, [node.module])))
                for alias in node.names:
                    inner = f"{source}.{alias.name}"
                    yield inner if inner in known else source


def graph(found: Mapping[str, Path]) -> dict[str, set[str]]:
    """Return who imports whom; a package's own docstring module is nobody's dependency unless it is named."""
    return {name: {one for one in imported(name, path) if one in found and one != name} for name, path in found.items()}


@pytest.mark.parametrize("found", [INTEGRATION_MODULES, SIMULATOR_MODULES], ids=["integration", "simulator"])
def test_no_modules_import_each_other_in_a_circle(found: Mapping[str, Path]) -> None:
    """In a circle nothing can be read, tried or moved without all the rest."""
    try:
        tuple(TopologicalSorter(graph(found)).static_order())
    except CycleError as circle:
        pytest.fail(" -> ".join(circle.args[1]))


def test_a_circle_is_seen(tmp_path: Path) -> None:
    """Else the test above sees nothing."""
    for name, text in (("a", "def f():\n    from .b import c\n"), ("b", "from . import a\n")):
        (tmp_path / f"{name}.py").write_text(text)
    found = {f"house.{name}": tmp_path / f"{name}.py" for name in "ab"}
    edges = {name: set(imported(name, path, found)) for name, path in found.items()}
    assert edges == {"house.a": {"house.b"}, "house.b": {"house.a"}}
    with pytest.raises(CycleError):
        tuple(TopologicalSorter(edges).static_order())


@pytest.mark.parametrize("name", MODULES)
def test_nothing_is_imported_for_types_only(name: str) -> None:
    """An import that is hidden from the interpreter hides a circle."""
    names = {getattr(node, "id", None) or getattr(node, "attr", None) for node in ast.walk(parsed(MODULES[name]))}
    assert "TYPE_CHECKING" not in names


def test_what_the_data_is_made_of_does_not_know_the_data() -> None:
    """A part that looks its neighbors up in the whole cannot be tried without the whole."""
    edges = graph(INTEGRATION_MODULES)
    data = "custom_components.dls_pbx.data"
    below, left = set[str](), [data]
    while left:
        new = edges[left.pop()] - below
        below |= new
        left += new
    assert len(below) > 30
    assert data not in below


@pytest.mark.parametrize("name", [name for name in MODULES if ".dls_pbx.api" in name])
def test_the_client_knows_nothing_of_home_assistant_and_nothing_around_it(name: str) -> None:
    """It can then be used, tried and published without."""
    for one in imported(name, MODULES[name]):
        assert one.partition(".")[0] not in {"homeassistant", "voluptuous", "simulator", "tests"}
        assert not one.startswith("custom_components") or one.startswith("custom_components.dls_pbx.api")


@pytest.mark.parametrize("name", SIMULATOR_MODULES)
def test_the_stand_in_knows_nothing_of_the_client(name: str) -> None:
    """A stand-in that shares the client's code shares its mistakes, and finds none of them."""
    for one in imported(name, MODULES[name]):
        assert one.partition(".")[0] not in {"homeassistant", "custom_components", "tests"}


def test_the_root_has_home_assistants_platforms_and_little_else() -> None:
    """Who opens the folder has to see at once what the integration is made of."""
    found = {path.stem for path in INTEGRATION.glob("*.py")}
    assert found >= PLATFORMS
    assert len(found - PLATFORMS) <= MOST_SHARED, sorted(found - PLATFORMS)


@pytest.mark.parametrize("name", MODULES)
def test_each_module_says_first_what_it_is(name: str) -> None:
    """Who looks for a thing reads the first word of many files, and opens one."""
    docstring = ast.get_docstring(parsed(MODULES[name]))
    assert docstring
    word = docstring.split()[0].strip(",:.'`").removesuffix("'s")
    assert word[0].isupper() or word == "python", word
    assert word.casefold() not in NO_NOUNS.split(), docstring.splitlines()[0]


@pytest.mark.parametrize("name", INTEGRATION_MODULES)
def test_coordinators_and_base_entities_stand_where_home_assistant_looks_for_them(name: str) -> None:
    """Home Assistant's own checks find them by their place, and so do people who know other integrations."""
    classes = {node.name for node in parsed(MODULES[name]).body if isinstance(node, ast.ClassDef)}
    place = name.removeprefix("custom_components.dls_pbx.")
    assert place.startswith("coordinator.") or not [one for one in classes if one.endswith("Coordinator")]
    assert place == "entity" or not classes & {"DlsPbxEntity", "CallbacksEntity", "DlsPbxEntityDescription"}


@pytest.mark.parametrize("name", INTEGRATION_MODULES)
def test_every_error_that_users_see_can_be_translated(name: str) -> None:
    """An English sentence in the middle of a Spanish page, or a stack trace in the log."""
    translated = {"HomeAssistantError", "ServiceValidationError", "ConfigEntryNotReady", "UpdateFailed"}
    for node in ast.walk(parsed(MODULES[name])):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in translated:
            keywords = {keyword.arg for keyword in node.keywords}
            # A keyword without a name is **_translation(err).
            assert not node.args
            assert keywords & {"translation_key", None}, ast.unparse(node)
