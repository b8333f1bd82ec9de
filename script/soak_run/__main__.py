"""Let a simulated office live through a week of trouble, and compare what Home Assistant has with the PBX's books."""

import argparse
import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
import logging
from pathlib import Path
from random import Random
import sys
from tempfile import TemporaryDirectory
from time import perf_counter

from tests.helpers.standalone import prepare  # isort: skip  # first: it bends clocks

from script.soak_run.accounts import Accounts
from script.soak_run.clocks import Clocks
from script.soak_run.diary import Happening, Kind, draw, draw_short
from script.soak_run.happenings import happen
from script.soak_run.week import lived_in
from simulator.office.life import Hours
from simulator.office.scenarios import Size, build

HISTORY = 2  # days that were before
SATURDAY = 5
BY_DAY, BY_NIGHT = range(7, 19), (22, 23, *range(4))  # o'clock
# Hardly anybody calls when the office is closed.
WORKING_DAYS = Hours(is_open=lambda local: local.hour in BY_DAY and local.weekday() < SATURDAY, quiet=60)
NIGHT_SHIFT = Hours(is_open=lambda local: local.hour in BY_NIGHT, quiet=60)
FURTHEST_APART = 90  # seconds that the PBX's clock and Home Assistant's are apart


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="script/soak", description=__doc__)
    parser.add_argument("--days", type=int, default=7, help="how long it is (default 7)")
    parser.add_argument("--seed", type=int, default=1, help="another seed draws another week (default 1)")
    parser.add_argument("--size", type=Size, default=Size.OFFICE, help="the office: office, company (default office)")
    parser.add_argument("--short", action="store_true", help="only a night, with one of everything")
    return parser.parse_args()


async def run(given: argparse.Namespace, begin: datetime, diary: Sequence[Happening], clocks: Clocks) -> int:
    """Live the week; return how many things differ at its end."""
    pbx = build(
        given.size,
        given.seed,
        clock=clocks.pbx,
        history_days=HISTORY,
        hours=NIGHT_SHIFT if given.short else WORKING_DAYS,
    )
    with TemporaryDirectory() as folder:
        async with lived_in(begin, clocks, pbx, Path(folder), HISTORY) as week:
            accounts = Accounts(week, HISTORY)
            for happening in diary:
                await week.pass_until(happening.at)
                print(happening, flush=True)
                if happening.kind is not Kind.EVENING:
                    await happen(week, happening)
                elif await week.quiet():
                    accounts.compare_day()
                else:
                    print("   too many people call: not compared", flush=True)
            # Until the statistics of the last hour are written.
            await week.pass_for(4800)
            await week.quiet()
            await accounts.compare_week()
            return accounts.print()


def main() -> int:
    """Run; exit 1 if anything differs."""
    given = arguments()
    logging.disable(logging.WARNING)
    prepare()
    began = perf_counter()
    begin, diary = draw_short(given.seed) if given.short else draw(given.seed, given.days)
    apart = timedelta(seconds=Random(given.seed).randint(-FURTHEST_APART, FURTHEST_APART))
    length = "--short" if given.short else f"--days {given.days}"
    print(f"--seed {given.seed} {length} --size {given.size}; the PBX's clock is {apart.total_seconds():+.0f} s off")
    with Clocks.stopped(begin, apart) as clocks:
        differ = asyncio.run(run(given, begin, diary, clocks))
    print(f"\n{differ} differ; --seed {given.seed}; {(perf_counter() - began) / 60:.1f} minutes")
    return 1 if differ else 0


if __name__ == "__main__":
    sys.exit(main())
