"""Play every fault and quirk on every action at every moment, and print a table of cases tried and failed."""

import argparse
import asyncio
from collections.abc import Iterable
from itertools import chain
import sys

from script.matrix_run.frozen import home_of_cases
from script.matrix_run.plan import Cell, by_chance, in_pairs, none_at_all, one_at_a_time
from script.matrix_run.table import Table

PAIRS = 400
PROGRESS = 200


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="script/matrix", description=__doc__)
    parser.add_argument("--pairs", type=int, default=PAIRS, help=f"how many pairs of two troubles (default {PAIRS})")
    parser.add_argument("--seed", type=int, default=1, help="another seed makes other choices (default 1)")
    parser.add_argument("--whole", action="store_true", help="every quirk at every moment, not at one in turn")
    parser.add_argument("--only", metavar="TEXT", help="only cases in whose name this stands, such as 'reload: html'")
    parser.add_argument("--count", type=int, metavar="N", help="only so many of the cases, by chance")
    return parser.parse_args()


async def run(cells: Iterable[Cell]) -> Table:
    """Try all cases; each that fails is printed at once."""
    table = Table()
    async with home_of_cases() as cases:
        for done, cell in enumerate(cells, start=1):
            complaints = await cases.complaints(cell.case)
            table.count(cell, failed=bool(complaints))
            for complaint in complaints[:1] and (cell.name, *(f"  {one}" for one in complaints)):
                print(complaint, flush=True)
            if done % PROGRESS == 0:
                print(f"{done:,}...", file=sys.stderr, flush=True)
    return table


def main() -> int:
    """Run; exit 1 if anything failed."""
    given = arguments()
    every = chain(none_at_all(), one_at_a_time(whole=given.whole), in_pairs(given.pairs, given.seed))
    cells = [cell for cell in every if not given.only or given.only in cell.name]
    if given.count is not None:
        cells = by_chance(cells, given.count, given.seed)
    table = asyncio.run(run(cells))
    print(table.text())
    return 1 if table.failed else 0


if __name__ == "__main__":
    sys.exit(main())
