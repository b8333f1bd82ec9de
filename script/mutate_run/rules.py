"""Rules of the integration: which modules are broken, by which tests each is tried, and which breaks change nothing."""

from dataclasses import dataclass
from pathlib import Path
import tomllib
from typing import Final

RULES: Final = Path(__file__).with_name("rules.toml")
EQUIVALENTS: Final = Path(__file__).with_name("equivalents.toml")


@dataclass(frozen=True, slots=True, kw_only=True)
class Survivor:
    """A break that no test notices: the file, and what stood in its place before and after."""

    file: str
    line: int
    before: str
    after: str

    @property
    def place(self) -> tuple[str, str, str]:
        """What is the same after lines were added before it."""
        return self.file, self.before, self.after


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """What came of a file: how many breaks, and those that no test noticed."""

    file: str
    breaks: int
    survivors: tuple[Survivor, ...]


def tested_by() -> dict[str, list[str]]:
    """Return the tests of each module, the most important first: Python's, then the browser's."""
    rules = tomllib.loads(RULES.read_text())
    return {**rules["tests"], **rules["tests_in_the_browser"]}


def equivalents() -> dict[tuple[str, str, str], str]:
    """Return why breaks that survive change nothing, by their places."""
    found = tomllib.loads(EQUIVALENTS.read_text()).get("equivalent", [])
    return {(one["file"], one["before"], one["after"]): one["why"] for one in found}
