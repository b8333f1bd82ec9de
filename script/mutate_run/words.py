"""A Python module broken a word at a time: each break is tried by the tests that run the statement it is in."""

from collections.abc import Iterator, Sequence
from pathlib import Path
import sys
from typing import Final

from . import trials
from .breaks import breaks, statement
from .rules import Survivor, Tally

# Slower tests are random walks and whole days: what only they notice wants a test that says what it was.
LONGEST: Final = 10.0  # s
_SLACK: Final = 30.0  # s, besides thrice what the tests take


def survivors(file: str, tests: Sequence[str]) -> Tally:
    """Try all breaks of a file."""
    seen = trials.run(tests, watched=file)
    if seen is None or seen.failed:
        raise RuntimeError(f"Without a break fails {seen and seen.failed}:\n{seen and seen.output}")
    source, tried, found = Path(file).read_text(), 0, list[Survivor]()
    for tried, one in enumerate(breaks(file), start=1):
        wanted = trials.covering(seen, statement(source, one.line), LONGEST)
        patience = _SLACK + 3 * sum(seen.seconds[name] for name in wanted)
        outcome = trials.run(list(_files(wanted)), wanted, broken=(file, one.source), patience=patience)
        if outcome and not outcome.failed:
            found.append(Survivor(file=file, line=one.line, before=one.before, after=one.after))
        print(f"\r{file}: {tried} breaks, {len(found)} not noticed", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    return Tally(file=file, breaks=tried, survivors=tuple(found))


def _files(names: Sequence[str]) -> Iterator[str]:
    yield from dict.fromkeys(name.partition("::")[0] for name in names)
