"""Plan of the matrix: which trouble with which actions at which moments, one at a time and in pairs."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import cycle, product
from random import Random
from typing import Final

from script.matrix_run.lives import Case, Moment
from script.matrix_run.office import WHERE
from script.matrix_run.relevance import Relevance
from script.matrix_run.troubles import TROUBLES

NOTHING: Final = "nothing"
PAIRS: Final = "two at once"


@dataclass(frozen=True, slots=True)
class Cell:
    """A case of the table: in which row it counts."""

    row: str
    case: Case

    @property
    def name(self) -> str:
        """Return what tells it from all others, and repeats it."""
        wrong = "; ".join(f"{trouble.name} @ {action}" for trouble, action in self.case.wrong[:2]) or self.case.action
        return f"{self.case.moment}: {wrong}" + (" and others" if len(self.case.wrong) > 2 else "")  # noqa: PLR2004


def none_at_all() -> Iterator[Cell]:
    """Yield the twins' own lives."""
    for moment, action in product(Moment, WHERE):
        yield Cell(NOTHING, Case(moment, action))


def one_at_a_time(*, whole: bool = False) -> Iterator[Cell]:
    """Yield every fault with every action at every moment; quirks at one of them in turn, or the `whole`."""
    relevance, turn = Relevance(), cycle(Moment)
    for trouble in TROUBLES:
        for action, where in relevance.cases(trouble):
            for moment in (next(turn),) if trouble.quirk and not whole else Moment:
                yield Cell(trouble.row, Case(moment, action, tuple((trouble, one) for one in where)))


def in_pairs(count: int, seed: int) -> Iterator[Cell]:
    """Yield two troubles at once by chance, each with an action of its own."""
    rng = Random(seed)
    for _ in range(count):
        action, other = rng.choices(WHERE, k=2)
        wrong = (rng.choice(TROUBLES), action), (rng.choice(TROUBLES), other)
        yield Cell(PAIRS, Case(rng.choice(list(Moment)), action, wrong))


def by_chance(cells: Iterable[Cell], count: int, seed: int) -> list[Cell]:
    """Return some of the cells."""
    every = list(cells)
    return Random(seed).sample(every, min(count, len(every)))
