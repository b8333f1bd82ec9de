"""Options of the command line for `python -m simulator --asterisk`."""

import argparse
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from random import Random
import sys

from simulator.asterisk import AsteriskPbx, Settings
from simulator.clock import real_clock
from simulator.pbx.simulated import SimulatedPbx

AMI_PORT = 5038


@asynccontextmanager
async def asterisk(args: argparse.Namespace) -> AsyncIterator[AsteriskPbx]:
    """Connect to the Asterisk that the arguments name; SystemExit with a sentence where they can't be right."""
    rest = SimulatedPbx(clock=real_clock, rng=Random(args.seed), time_zone=args.time_zone)
    rest.add_messaging_campaign("CQ7X2LM", "Appointment reminders")
    rest.add_campaign("1", "Spring Reminders", caller_id="1")
    pbx = AsteriskPbx(settings(args), rest, args.time_zone)
    await pbx.start()
    try:
        yield pbx
    finally:
        await pbx.stop()


def settings(args: argparse.Namespace) -> Settings:
    """Return where the Asterisk is. The secret comes from a file: arguments can be read by everyone on a machine."""
    if args.ami_secret_file is None:
        sys.exit("--asterisk needs --ami-secret-file, a file with the secret of the manager user.")
    try:
        secret = args.ami_secret_file.read_text("utf-8").strip()
    except OSError as error:
        sys.exit(f"Cannot read {args.ami_secret_file}: {error.strerror}.")
    host, _, port = args.asterisk.rpartition(":") if ":" in args.asterisk else (args.asterisk, "", "")
    if port and not port.isdecimal():
        sys.exit(f"--asterisk takes HOST or HOST:PORT, not {args.asterisk}.")
    return Settings(
        host=host or "127.0.0.1",
        port=int(port) if port else AMI_PORT,
        username=args.ami_user,
        secret=secret,
        queue_log=args.queue_log,
        cdr=args.cdr,
    )
