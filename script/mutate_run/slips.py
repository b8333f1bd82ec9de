"""Slips: breaks that somebody thought of, where no operator would come to them; `slips.toml` has them."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
import tomllib
from typing import Final

from . import javascript, trials

SLIPS: Final = Path(__file__).with_name("slips.toml")


@dataclass(frozen=True, slots=True, kw_only=True)
class Slip:
    """What stands in a file, what a tired programmer would write there, and the tests that ought to notice.

    An `equivalent` one changes nothing that anybody could see, and says why.
    """

    file: str
    right: str
    wrong: str
    tests: tuple[str, ...]
    equivalent: str | None = None

    def broken(self) -> str:
        """Return the whole file with the slip in it; raises a ValueError where it has no such place any more."""
        source = Path(self.file).read_text()
        if source.count(self.right) != 1:
            raise ValueError(f"{self.file} has {source.count(self.right)} times: {self.right}")
        return source.replace(self.right, self.wrong)


def slips(path: Path = SLIPS) -> Iterator[Slip]:
    """Yield them as they are written down."""
    for one in tomllib.loads(path.read_text())["slip"]:
        yield Slip(**one | {"tests": tuple(one["tests"])})


def noticed_by(slip: Slip) -> str | None:
    """Return the first test that fails with the slip in its place; None where none does.

    Raises a RuntimeError for a test that fails without it, too: that notices nothing.
    """
    if slip.file.endswith(".js"):
        if javascript.noticed_by(slip.file, Path(slip.file).read_text(), slip.tests):
            raise RuntimeError(f"They fail without a slip: {slip.tests}")
        return javascript.noticed_by(slip.file, slip.broken(), slip.tests)
    outcome = trials.run(slip.tests, broken=(slip.file, slip.broken()))
    if outcome is None:
        return "(a test that hangs)"
    if outcome.failed:
        without = trials.run([outcome.failed.removesuffix(trials.DOES_NOT_LOAD)])
        if without is None or without.failed:
            raise RuntimeError(f"It fails without a slip: {outcome.failed}")
    return outcome.failed
