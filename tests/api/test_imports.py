"""Who may know of whom."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def imported(path: Path) -> Iterator[str]:
    """Return what a file imports, relative imports with as many dots as they have."""
    for node in ast.walk(ast.parse(path.read_text())):
        match node:
            case ast.Import():
                yield from (alias.name for alias in node.names)
            case ast.ImportFrom():
                yield "." * node.level + (node.module or "")


def files(folder: str) -> list[Path]:
    """Return a folder's Python files, and see to it that there are some."""
    found = sorted((ROOT / folder).rglob("*.py"))
    assert found
    return found


@pytest.mark.parametrize("path", files("custom_components/dls_pbx/api"), ids=lambda path: path.stem)
def test_the_client_knows_nothing_of_home_assistant(path: Path) -> None:
    """It can then be used, tested and published without."""
    for name in imported(path):
        assert name.partition(".")[0] not in {"homeassistant", "custom_components", "voluptuous", "simulator"}
        assert not name.startswith("..")


@pytest.mark.parametrize("path", files("simulator"), ids=lambda path: path.stem)
def test_the_stand_in_knows_nothing_of_the_client(path: Path) -> None:
    """A stand-in that shares the client's code shares its mistakes, and finds none of them."""
    for name in imported(path):
        assert name.partition(".")[0] not in {"homeassistant", "custom_components", "tests"}


def test_an_import_is_seen_wherever_it_stands(tmp_path: Path) -> None:
    """Else the two tests above see nothing."""
    path = tmp_path / "sneaky.py"
    path.write_text(
        "def f():\n    import homeassistant.core\n    from .. import const\n    from ..const import DOMAIN\n"
    )
    assert list(imported(path)) == ["homeassistant.core", "..", "..const"]
