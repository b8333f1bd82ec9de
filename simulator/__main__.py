"""Command line, `python -m simulator`: a stand-in PBX to try things on."""

import argparse
import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
import signal
import sys
from textwrap import fill, indent
from typing import Any
from zoneinfo import ZoneInfo

from simulator.app import DEFAULT_KEY, DEFAULT_USER, KEEP_ALIVE, Simulator
from simulator.clock import ManualClock, real_clock
from simulator.control.commands import VERBS
from simulator.control.http import ROUTES
from simulator.engine import Engine
from simulator.faults.orders import FaultKind
from simulator.office.scenarios import SAMPLE_TIME, Size, build, vendor_sample
from simulator.quirks.switches import describe
from simulator.replay import Replay, ReplayError

CANNOT_START = 2
DEFAULT_PORT = 8188


def main(argv: Sequence[str] | None = None) -> int:
    """Run until Ctrl-C or SIGTERM and return the exit code."""
    args = _parser().parse_args(argv)
    with suppress(KeyboardInterrupt):
        return asyncio.run(_serve(args))
    return 0


async def _serve(args: argparse.Namespace) -> int:
    if args.replay is not None:
        return await _answer(args, args.replay.simulator(**_options(args)))
    if args.asterisk is None:
        return await _answer(args, _simulator(args))
    # Only this needs the library that speaks to Asterisk.
    from simulator.asterisk.options import asterisk  # noqa: PLC0415

    async with asterisk(args) as engine:
        return await _answer(args, _at(args, engine))


def _simulator(args: argparse.Namespace) -> Simulator:
    """Return the simulated office."""
    clock = ManualClock(SAMPLE_TIME if args.scenario else real_clock()) if args.manual_clock or args.scenario else None
    rebuild = _rebuild(args, clock)
    return _at(args, rebuild(), clock=clock, rebuild=rebuild)


def _at(args: argparse.Namespace, engine: Engine, **options: Any) -> Simulator:
    return Simulator(engine, **_options(args), **options)


def _options(args: argparse.Namespace) -> dict[str, Any]:
    users = args.user or [DEFAULT_USER]
    return {
        "users": users,
        "key": args.key,
        "host": args.host,
        "port": args.port,
        "path": args.path,
        "keep_alive": args.keep_alive,
    }


async def _answer(args: argparse.Namespace, sim: Simulator) -> int:
    try:
        await sim.start()
    except OSError as error:
        sys.stderr.write(f"Cannot listen on {args.host}, port {args.port}: {error.strerror}. --port takes another.\n")
        return CANNOT_START
    try:
        users = ", ".join(sim.api.users)
        sys.stdout.write(f"Address: {sim.url}\nUser:    {users}\nKey:     {args.key}\nCtrl-C ends it.\n")
        sys.stdout.flush()  # whoever started us may be waiting for the address
        await _until_terminated()
    finally:
        await sim.stop()
    return 0


async def _until_terminated() -> None:
    terminated = asyncio.Event()
    with suppress(NotImplementedError):  # Windows has no signal handlers here; Ctrl-C works all the same
        # SIGINT too: who is started in the background of a script would otherwise ignore it.
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, terminated.set)
    await terminated.wait()


def _rebuild(args: argparse.Namespace, clock: ManualClock | None) -> Callable[[], Engine]:
    """Return what makes the engine, at the start and at every reset."""
    if args.scenario:
        return lambda: vendor_sample(clock or real_clock)
    return lambda: build(
        args.size,
        args.seed,
        clock=clock or real_clock,
        live=args.live,
        history_days=args.history_days,
        time_zone=args.time_zone,
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m simulator",
        description="A stand-in for the DLS Hosted PBX, written from the vendor's page of its Admin API.",
        epilog=_epilog(),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (%(default)s)")
    parser.add_argument("--port", type=int, default=DEFAULT_PORT, help="port to listen on (%(default)s; 0: any free)")
    parser.add_argument(
        "--path", default="", help="where the API begins, as behind a proxy: /pbx; /control stays where it is"
    )
    parser.add_argument(
        "--keep-alive",
        type=float,
        default=KEEP_ALIVE,
        metavar="SECONDS",
        help="close a connection that carries nothing after so long (%(default)s)",
    )
    parser.add_argument("--user", action="append", help=f"an api_user, ext@tenant; may be repeated ({DEFAULT_USER})")
    parser.add_argument("--key", default=DEFAULT_KEY, help="the users' api_key (%(default)s)")
    parser.add_argument(
        "--size",
        type=Size,
        choices=list(Size),
        default=Size.OFFICE,
        help="1, about 12 (twice: with odd names, and for visitors), 200 or 5,000 phones (%(default)s)",
    )
    parser.add_argument("--seed", type=int, default=1, help="the same seed makes the same office (%(default)s)")
    parser.add_argument("--history-days", type=int, default=1, help="days of past calls and messages (%(default)s)")
    parser.add_argument("--time-zone", type=_zone, default="America/Chicago", help="the PBX's (%(default)s)")
    life = parser.add_mutually_exclusive_group()
    life.add_argument("--live", action="store_true", default=True, help="let things happen by themselves (default)")
    life.add_argument("--still", action="store_false", dest="live", help="only what the control interface orders")
    parser.add_argument("--manual-clock", action="store_true", help="the clock moves by POST /control/clock only")
    parser.add_argument(
        "--scenario", choices=["vendor"], help="vendor: the samples of the vendor's page, on a manual clock"
    )
    parser.add_argument(
        "--replay",
        type=_replay,
        metavar="FILE",
        help="a download of the integration's diagnostics: its PBX, with pseudonyms, as it was at that moment",
    )
    real = parser.add_argument_group(
        "a real Asterisk in place of the simulated office (docs/own-asterisk.md tells how)"
    )
    real.add_argument("--asterisk", metavar="HOST[:PORT]", help="where its manager interface (AMI) listens")
    real.add_argument("--ami-user", default="dls", help="its user (%(default)s)")
    real.add_argument("--ami-secret-file", type=Path, help="a file with the user's secret and nothing else")
    real.add_argument("--queue-log", type=Path, default="/var/log/asterisk/queue_log", help="%(default)s")
    real.add_argument("--cdr", type=Path, default="/var/log/asterisk/cdr-custom/dls.csv", help="%(default)s")
    return parser


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:  # OSError: the name of a folder, as "America"
        raise argparse.ArgumentTypeError(f"unknown time zone: {name}") from error


def _replay(path: str) -> Replay:
    try:
        return Replay.load(Path(path))
    except (OSError, ReplayError) as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def _epilog() -> str:
    parts = (
        ("control interface (JSON in and out, from this machine only)", ROUTES),
        ("verbs (GET /control/state shows their arguments)", fill(", ".join(VERBS), 100)),
        (
            "faults (options: delay, retry_after, to, status, size, compressed, processed)",
            fill(", ".join(FaultKind), 100),
        ),
        ("quirks (the default first)", describe()),
    )
    return "\n\n".join(f"{title}:\n{indent(body, '  ')}" for title, body in parts)


if __name__ == "__main__":
    sys.exit(main())
