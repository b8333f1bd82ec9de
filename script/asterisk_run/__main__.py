"""`script/asterisk`: a real Asterisk with eight SIP phones, behind the vendor's API."""

import argparse
import asyncio
from contextlib import suppress
from itertools import cycle
import random
import signal
import sys
from zoneinfo import ZoneInfo

from script.asterisk_run.binaries import MissingError
from script.asterisk_run.office import RealOffice
from script.asterisk_run.stage import RealStage
from simulator.app import DEFAULT_KEY, Simulator
from simulator.asterisk import AsteriskPbx
from simulator.clock import real_clock
from simulator.pbx.simulated import SimulatedPbx
from simulator.scenes.scenes import CAST, SCENES

DEFAULT_PORT = 8188
CANNOT_START = 2
BETWEEN_SCENES = 5  # seconds


def main() -> int:
    """Run until Ctrl-C or SIGTERM and return the exit code."""
    args = _parser().parse_args()
    try:
        with RealOffice() as office, suppress(KeyboardInterrupt):
            asyncio.run(_serve(office, args))
    except (MissingError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return CANNOT_START
    return 0


async def _serve(office: RealOffice, args: argparse.Namespace) -> None:
    ended = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, ended.set)
    rest = SimulatedPbx(clock=real_clock, rng=random.Random(1), time_zone=args.time_zone)
    engine = AsteriskPbx(office.settings, rest, args.time_zone)
    await engine.start()
    user = f"{CAST[0].ext}@{CAST[0].tenant}"
    async with Simulator(engine, users=[user], port=args.port) as simulator:
        sys.stdout.write(
            f"Address: {simulator.url}\nUser:    {user}\nKey:     {DEFAULT_KEY}\n"
            f"Its console: {' '.join(office.binaries.command('asterisk', '-C', office.server.conf, '-r'))}\n"
            "Ctrl-C ends it.\n"
        )
        sys.stdout.flush()
        playing = asyncio.create_task(_play(RealStage(office, engine))) if args.play else None
        await ended.wait()
        if playing is not None:
            playing.cancel()
            with suppress(asyncio.CancelledError):
                await playing
    await engine.stop()


async def _play(stage: RealStage) -> None:
    """Let one scene after the other happen."""
    for name, scene in cycle(SCENES.items()):
        async for moment in scene(stage):
            sys.stdout.write(f"{name}: {moment}\n")
            sys.stdout.flush()
            await asyncio.sleep(BETWEEN_SCENES)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="script/asterisk", description="A real Asterisk with a small office, behind the vendor's API."
    )
    parser.add_argument("--port", type=int, default=DEFAULT_PORT, help="where the API answers (%(default)s)")
    parser.add_argument("--play", action="store_true", help="let calls, faxes and conferences happen, again and again")
    parser.add_argument("--time-zone", type=ZoneInfo, default="America/Chicago", help="the PBX's (%(default)s)")
    return parser


if __name__ == "__main__":
    sys.exit(main())
