"""Trials: the tests, run in a fork of a process that has loaded Home Assistant already, with one file broken.

Loading takes longer than most tests. What is broken is never written to the disk.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
import importlib
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
import os
from pathlib import Path
import pickle
import select
import signal
import sys
import tempfile
from time import monotonic
from types import CodeType, ModuleType
from typing import Final, override

import pytest

# Ours: loaded anew in each fork.
OURS: Final = ("custom_components", "tests", "simulator", "script")
DOES_NOT_LOAD: Final = " (does not load)"  # of a file of tests
_TOOL: Final = 4  # of sys.monitoring, which has some for everybody
# Loaded once, with all that they load.
_FIRST: Final = "tests/integration/test_queue_sensors.py"


@dataclass(slots=True)
class Outcome:
    """What came of a run: the first test that failed, and for each one that ran its seconds and the lines it ran."""

    failed: str | None = None
    seconds: dict[str, float] = field(default_factory=dict)
    lines: dict[str, set[int]] = field(default_factory=dict)
    modules: tuple[str, ...] = ()
    output: str = ""


class _Loader(SourceFileLoader):
    """Loads a module as it is broken."""

    def __init__(self, name: str, path: Path, source: str) -> None:
        super().__init__(name, str(path.resolve()))
        self._source = source

    @override
    def get_code(self, fullname: str) -> CodeType:
        return compile(self._source, self.path, "exec", dont_inherit=True)


class _Broken(MetaPathFinder):
    """Finds a module that is broken where the one on the disk was asked for."""

    def __init__(self, path: Path, source: str) -> None:
        self._name = ".".join(path.with_suffix("").parts).removesuffix(".__init__")
        self._loader = _Loader(self._name, path, source)

    @override
    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        found = PathFinder.find_spec(fullname, path, target) if fullname == self._name else None
        if found:
            found.loader = self._loader
        return found


class _Watcher:
    """A plugin of pytest: runs the wanted tests in the order of their lengths, and notes what they run."""

    def __init__(self, wanted: Sequence[str] | None, watched: str | None) -> None:
        self.outcome = Outcome()
        self._order = None if wanted is None else {name: place for place, name in enumerate(wanted)}
        self._watched = watched and str(Path(watched).resolve())
        self._now: set[int] = set()
        if watched:
            sys.monitoring.use_tool_id(_TOOL, "mutate")
            sys.monitoring.register_callback(_TOOL, sys.monitoring.events.LINE, self._ran)
            sys.monitoring.set_events(_TOOL, sys.monitoring.events.LINE)

    def _ran(self, code: CodeType, line: int) -> object:
        if code.co_filename == self._watched:
            self._now.add(line)
        return sys.monitoring.DISABLE

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        if (order := self._order) is not None:
            items[:] = sorted((one for one in items if one.nodeid in order), key=lambda one: order[one.nodeid])

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        began, self._now = monotonic(), set()
        if self._watched:
            sys.monitoring.restart_events()
        try:
            return (yield)
        finally:
            self.outcome.seconds[item.nodeid] = monotonic() - began
            self.outcome.lines[item.nodeid] = self._now

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed and not self.outcome.failed:
            self.outcome.failed = report.nodeid

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed and not self.outcome.failed:
            self.outcome.failed = f"{report.nodeid}{DOES_NOT_LOAD}"


def load() -> None:
    """Load what every test needs, but nothing of ours."""
    found = run([_FIRST], only_first=True)
    if found is None or found.failed or not found.modules:
        raise RuntimeError(f"The tests do not run: {found}")
    importlib.import_module("pytest_homeassistant_custom_component.plugins")
    for name in found.modules:
        try:
            importlib.import_module(name)
        except Exception:  # noqa: BLE001, S112 - some are made by others and cannot be loaded by name
            continue


def run(
    paths: Sequence[str],
    wanted: Sequence[str] | None = None,
    *,
    broken: tuple[str, str] | None = None,
    watched: str | None = None,
    patience: float = 900,
    only_first: bool = False,
) -> Outcome | None:
    """Run tests up to the first that fails; None where they hang. `broken` is a file and what it says instead."""

    def work() -> Outcome:
        if broken:
            sys.meta_path.insert(0, _Broken(Path(broken[0]), broken[1]))
        watcher = _Watcher(wanted, watched)
        options = ["-q", "-x", "-n", "0", "-p", "no:cacheprovider", "-p", "no:sugar", "--no-header", "--tb=short"]
        options += ["-W", "ignore", "--maxfail=1", *(["-k", "test_"] if only_first else [])]
        code = pytest.main([*options, *paths], plugins=[watcher])
        if code not in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED) and not watcher.outcome.failed:
            watcher.outcome.failed = f"pytest itself: {code}"
        if only_first:
            watcher.outcome.modules = tuple(sorted(name for name in sys.modules if not _is_ours(name)))
        return watcher.outcome

    return _in_fork(work, patience)


def _is_ours(name: str) -> bool:
    return name.split(".", maxsplit=1)[0] in OURS or name.startswith(("_pytest", "pytest", "__main__", "__mp_main__"))


def _in_fork(work: Callable[[], Outcome], patience: float) -> Outcome | None:
    reader, writer = os.pipe()
    with tempfile.TemporaryFile() as output:
        child = os.fork()
        if child == 0:
            os.setsid()
            os.close(reader)
            for number in (1, 2):
                os.dup2(output.fileno(), number)
            answer = Outcome(failed="it does not load")
            try:
                answer = work()
            except BaseException as err:  # noqa: BLE001 - whatever it is, it was noticed
                answer.output = repr(err)
            finally:
                with os.fdopen(writer, "wb") as pipe:
                    pickle.dump(answer, pipe)
                os._exit(0)
        os.close(writer)
        try:
            with os.fdopen(reader, "rb") as pipe:
                answered = select.select([pipe], [], [], patience)[0]
                said = pipe.read() if answered else b""
            # A process that died has said nothing either.
            found: Outcome | None = pickle.loads(said) if said else None  # noqa: S301 - our own fork's
        finally:
            with suppress(ProcessLookupError):
                os.killpg(child, signal.SIGKILL)
            os.waitpid(child, 0)
        if found:
            output.seek(0)
            found.output = output.read().decode(errors="replace")
        return found


def covering(seen: Outcome, lines: Collection[int], longest: float) -> list[str]:
    """Return the tests that run one of some lines, the quickest first; all of them where none does."""
    quick = sorted((name for name, took in seen.seconds.items() if took <= longest), key=seen.seconds.__getitem__)
    return [name for name in quick if not seen.lines[name].isdisjoint(lines)] or quick
