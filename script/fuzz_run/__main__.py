"""Read broken answers of the PBX by the hundred thousand, and print each that breaks the client."""

import argparse
from collections import Counter
import logging
import sys

from custom_components.dls_pbx.api import transport
from script.fuzz_run.cases import LONGEST, Case, run_all

COUNT = 200_000
PROGRESS = 10_000
SHOWN = 4000  # bytes of a body; --only shows all of it


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="script/fuzz", description=__doc__)
    parser.add_argument("--count", type=int, default=COUNT, help=f"how many answers (default {COUNT:,})")
    parser.add_argument("--seed", type=int, default=1, help="another seed breaks them in other ways (default 1)")
    parser.add_argument("--only", type=int, metavar="N", help="only the answer of that number, and all of it")
    return parser.parse_args()


def show(case: Case, seed: int, *, whole: bool) -> None:
    """Print a case."""
    print(
        f"\n{case.question}, --seed {seed} --only {case.number}: {', '.join(case.mutant.changes)}; "
        f"HTTP status {case.mutant.status}; {case.seconds:.3f} s; {case.error or 'read'}"
    )
    for complaint in case.complaints:
        print(f"  {complaint}")
    body = case.mutant.body
    print(f"  {len(body)} bytes: {body if whole else body[:SHOWN]!r}")


def main() -> int:
    """Run; exit 1 if anything broke."""
    given = arguments()
    logging.disable(logging.CRITICAL)
    vars(transport)["PAUSE"] = 0  # a refusal may be asked again at once
    numbers = range(given.count) if given.only is None else range(given.only, given.only + 1)
    broken, slowest, outcomes = 0, 0.0, Counter[str]()
    for done, case in enumerate(run_all(given.seed, numbers), start=1):
        if done % PROGRESS == 0:
            print(f"{done:,}...", file=sys.stderr, flush=True)
        outcomes[case.error or "read"] += 1
        slowest = max(slowest, case.seconds)
        if case.complaints or case.seconds > LONGEST:
            broken += 1
        if case.complaints or case.seconds > LONGEST or given.only is not None:
            show(case, given.seed, whole=given.only is not None)
    print(f"\n{len(numbers):,} answers, seed {given.seed}: {broken} broke something; the slowest took {slowest:.2f} s")
    print(", ".join(f"{name} {count:,}" for name, count in outcomes.most_common()))
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
