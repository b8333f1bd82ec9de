"""The browser's modules with one of them broken, tried by `node --test` in a copy of the tree.

Stryker breaks them a word at a time; slips are written into the copy.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
import json
import os
from pathlib import Path
import shutil
import subprocess
import tempfile
from typing import Any, Final

from .rules import Survivor, Tally

_BIN: Final = Path(".venv/bin").absolute()
# What the tests read.
_READ: Final = ("tests/js", "custom_components/dls_pbx", "package.json", "tsconfig.json")
_PATIENCE: Final = 60  # s
# Of texts that nobody shows, such as names of classes, tests are right to know nothing.
_LEFT_OUT: Final = ("StringLiteral",)


@contextmanager
def _copy() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as folder:
        tree = Path(folder)
        for name in _READ:
            if Path(name).is_dir():
                shutil.copytree(name, tree / name, ignore=shutil.ignore_patterns("__pycache__", "*.py"))
            else:
                shutil.copy(name, tree / name)
        (tree / ".venv").symlink_to(Path(".venv").resolve())
        yield tree


def _run(tree: Path, *command: str, patience: float | None = None) -> subprocess.CompletedProcess[str]:
    path = {"PATH": f"{_BIN}:{os.environ['PATH']}"}
    return subprocess.run(  # noqa: S603 - our own programs
        command, cwd=tree, env=os.environ | path, capture_output=True, text=True, timeout=patience, check=False
    )


def noticed_by(file: str, broken: str, tests: Sequence[str]) -> str | None:
    """Return the first test that fails with a file broken; None where none does."""
    with _copy() as tree:
        (tree / file).write_text(broken)
        try:
            done = _run(tree, "node", "--test", "--test-reporter=tap", *tests, patience=_PATIENCE)
        except subprocess.TimeoutExpired:
            return "(a test that hangs)"
    if not done.returncode:
        return None
    failed = [line.partition(" - ")[2] for line in done.stdout.splitlines() if line.lstrip().startswith("not ok")]
    return failed[0] if failed else "(it does not load)"


def survivors(file: str, tests: Sequence[str]) -> Tally:
    """Try all breaks of a file."""
    with _copy() as tree:
        configuration = tree / "stryker.json"
        configuration.write_text(json.dumps(_configuration(file, tests)))
        done = _run(tree, ".venv/node_modules/.bin/stryker", "run", configuration.name)
        if done.returncode:
            raise RuntimeError(done.stdout + done.stderr)
        report: dict[str, Any] = json.loads((tree / "report.json").read_text())
        mutants = report["files"][file]["mutants"]
        source = Path(file).read_text()
    unnoticed = (one for one in mutants if one["status"] in ("Survived", "NoCoverage"))
    return Tally(file=file, breaks=len(mutants), survivors=tuple(_survivor(file, source, one) for one in unnoticed))


def _configuration(file: str, tests: Sequence[str]) -> dict[str, Any]:
    return {
        "testRunner": "command",
        "commandRunner": {"command": f"node --test {' '.join(tests)}"},
        "mutate": [file],
        "mutator": {"excludedMutations": list(_LEFT_OUT)},
        "inPlace": True,
        "concurrency": 1,
        "ignorePatterns": [".venv"],
        "reporters": ["json"],
        "jsonReporter": {"fileName": "report.json"},
    }


def _survivor(file: str, source: str, mutant: dict[str, Any]) -> Survivor:
    lines, start, end = source.splitlines(keepends=True), mutant["location"]["start"], mutant["location"]["end"]
    first, last = start["line"] - 1, end["line"] - 1
    before = "".join(lines[first : last + 1])
    tail = len(lines[last]) - (end["column"] - 1)
    after = before[: start["column"] - 1] + mutant["replacement"] + before[len(before) - tail :]
    return Survivor(file=file, line=start["line"], before=" ".join(before.split()), after=" ".join(after.split()))
