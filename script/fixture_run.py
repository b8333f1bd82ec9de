"""Fixture made of a download of diagnostics: the samples of a stranger's PBX, and nothing else of it."""

import argparse
import json
from pathlib import Path
import sys

from simulator.replay import Replay, ReplayError

STRANGERS = Path(__file__).parent.parent / "tests" / "contract" / "strangers"


def main() -> int:
    """Write the fixture and print its name."""
    parser = argparse.ArgumentParser(prog="script/fixture", description=__doc__)
    parser.add_argument("file", type=Path, help="a download of the integration's diagnostics")
    parser.add_argument("name", nargs="?", help="what the case is called (the next number)")
    args = parser.parse_args()
    try:
        replay = Replay.load(args.file)
    except (OSError, ReplayError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    name = args.name or f"stranger_{len(list(STRANGERS.glob('*.json'))) + 1:03}"
    (STRANGERS / f"{name}.json").write_text(f"{json.dumps(replay.stored(), indent=1, ensure_ascii=False)}\n", "utf-8")
    sys.stdout.write(f"{name}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
