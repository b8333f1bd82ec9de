"""Break the code on purpose, a word at a time, and print each break that no test notices."""

import argparse
from collections.abc import Iterable, Iterator
from pathlib import Path
import sys

from . import javascript, rules, slips, trials, words


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="script/mutate", description=__doc__)
    parser.add_argument("files", nargs="*", help="only these (all that rules.toml names takes hours)")
    parser.add_argument(
        "--slips", nargs="?", type=Path, const=slips.SLIPS, help="instead the slips that are written down"
    )
    return parser.parse_args()


def try_slips(path: Path, files: list[str]) -> int:
    """Try what is written down; return how many were not noticed that ought to be."""
    chosen = [slip for slip in slips.slips(path) if not files or slip.file in files]
    _load_for(slip.file for slip in chosen)
    unnoticed = 0
    for slip in chosen:
        found = slips.noticed_by(slip)
        unnoticed += found is None and slip.equivalent is None
        verdict = found or (f"equivalent: {slip.equivalent}" if slip.equivalent else "NOT NOTICED")
        print(f"{slip.file}: {slip.right!r} -> {slip.wrong!r}\n    {verdict}", flush=True)
    return unnoticed


def tallies(files: list[str]) -> Iterator[rules.Tally]:
    """Yield what came of each file that is broken a word at a time."""
    tests = rules.tested_by()
    if unknown := set(files) - tests.keys():
        raise SystemExit(f"Not in {rules.RULES.name}: {', '.join(sorted(unknown))}")
    chosen = files or list(tests)
    _load_for(chosen)
    for file in chosen:
        yield (words if file.endswith(".py") else javascript).survivors(file, tests[file])


def _load_for(files: Iterable[str]) -> None:
    if any(file.endswith(".py") for file in files):
        trials.load()


def try_words(files: list[str]) -> int:
    """Try each word; return how many breaks were not noticed and are not named."""
    named, unnoticed = rules.equivalents(), 0
    print("| module | breaks | noticed | equivalent | NOT NOTICED |\n|---|---|---|---|---|", flush=True)
    for tally in tallies(files):
        holes = [one for one in tally.survivors if one.place not in named]
        unnoticed += len(holes)
        noticed, equivalent = tally.breaks - len(tally.survivors), len(tally.survivors) - len(holes)
        print(f"| {tally.file} | {tally.breaks} | {noticed} | {equivalent} | {len(holes)} |")
        for one in holes:
            print(f"  {one.file}:{one.line}\n    - {one.before}\n    + {one.after}")
        sys.stdout.flush()
    return unnoticed


def main() -> int:
    """Run; exit 1 if anything was not noticed."""
    given = arguments()
    return 1 if (try_slips(given.slips, given.files) if given.slips else try_words(given.files)) else 0


if __name__ == "__main__":
    sys.exit(main())
