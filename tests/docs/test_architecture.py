"""The map of the code shows the code as it is."""

from pathlib import Path
import re

import pytest

from tests.helpers.pages import ROOT, text

PAGE = "docs/development/architecture.md"
INTEGRATION = "custom_components/dls_pbx"
TREES = re.findall(r"^```\n(\S+/\n.*?)^```", text(PAGE), flags=re.DOTALL | re.MULTILINE)


def _modules(tree: str) -> set[str]:
    """Return the paths of the modules in a tree: a name per line, a folder's with a slash, indented by two."""
    folders: list[str] = []
    found: set[str] = set()
    for line in tree.splitlines():
        name = line.split()[0]
        del folders[(len(line) - len(line.lstrip())) // 2 :]
        if name.endswith("/"):
            folders.append(name[:-1])
        elif name != "#":
            found.add("/".join((*folders, name)))
    return found


@pytest.mark.parametrize("tree", TREES, ids=lambda tree: tree.partition("/\n")[0])
def test_the_map_has_every_module_and_no_other(tree: str) -> None:
    """Who looks for a module on a map of last year gives up on the map."""
    root = ROOT / tree.partition("/\n")[0]
    there = {str(path.relative_to(ROOT).with_suffix("")) for path in root.rglob("*.py")}
    there -= {path for path in there if path.endswith("/__init__")} - {f"{INTEGRATION}/__init__"}
    assert _modules(tree) == there


def _paths() -> list[str]:
    """Return the paths that the table of places names: those of the integration, or from the repository's root."""
    table = text(PAGE).partition("| You look for |")[2].partition("\n## ")[0]
    return sorted({path for path in re.findall(r"`([\w./*-]+)`", table) if "/" in path or path.endswith(".py")})


@pytest.mark.parametrize("path", _paths())
def test_what_the_map_points_at_is_there(path: str) -> None:
    """The answer to the first question would be a file that does not exist."""
    assert any(any(Path(base).glob(path)) for base in (ROOT, ROOT / INTEGRATION))
