"""Table of the matrix: a row per fault and quirk, a column per moment, cases tried and failed in each cell."""

from collections import Counter

from script.matrix_run.lives import Moment
from script.matrix_run.plan import Cell

_NAME, _CELL = 24, 20


class Table:
    """The cases counted so far."""

    def __init__(self) -> None:
        self._tried: Counter[tuple[str, Moment]] = Counter()
        self._failed: Counter[tuple[str, Moment]] = Counter()
        self._combinations = 0

    @property
    def failed(self) -> int:
        """How many cases failed."""
        return self._failed.total()

    def count(self, cell: Cell, *, failed: bool) -> None:
        """Count a case."""
        self._tried[cell.row, cell.case.moment] += 1
        self._failed[cell.row, cell.case.moment] += failed
        self._combinations += len(cell.case.wrong)

    def text(self) -> str:
        """Return it as people read it."""
        rows = list(dict.fromkeys(row for row, _ in self._tried))
        head = f"{'tried/failed':{_NAME}}" + "".join(f"{moment:>{_CELL}}" for moment in Moment)
        total = (
            f"{self._tried.total():,} cases, in which {self._combinations:,} times an action had a trouble: "
            f"{self.failed:,} failed"
        )
        return "\n".join(["", head, *map(self._line, rows), "", total])

    def _line(self, row: str) -> str:
        cells = (f"{self._tried[row, moment]}/{self._failed[row, moment]}" for moment in Moment)
        return f"{row:{_NAME}}" + "".join(f"{cell:>{_CELL}}" for cell in cells)
