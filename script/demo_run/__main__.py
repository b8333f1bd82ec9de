"""Run the demo: the simulated office, and a real Home Assistant that shows it."""

import argparse
import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager
from pathlib import Path
import signal
import sys
import tempfile
from urllib.parse import urlsplit

import aiohttp

from script.demo_run.address_book import add_address_book
from script.demo_run.first_page import FIRST_PAGE
from script.demo_run.front_desk import PATH, add_front_desk
from script.demo_run.home_assistant import PASSWORD, USER, Folder, HomeAssistant, Pbx
from script.demo_run.office import furnish
from script.demo_run.overview import Overview, complaints
from script.demo_run.processes import LOOPBACK, Child, DemoError, free_port, is_free, running
from script.demo_run.terminal import BOLD, PLAIN, say, step, table
from simulator.app import DEFAULT_KEY, DEFAULT_USER

FOLDER = Path(".demo").absolute()
PORT = 8123
PBX_PORT = 8188
LAST_PORT = 65536
# Of the past: more than the month that the integration reads back.
DAYS = 35
START_SECONDS = 300
STATES_SECONDS = 120
# Home Assistant's own way of saying "start me again".
RESTART = 100
INTERRUPTED = 130


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        prog="script/demo", description="Show the integration in a real Home Assistant, with a simulated office."
    )
    parser.add_argument("--port", type=int, help=f"Home Assistant's port (default: {PORT}; any free one with --check)")
    parser.add_argument(
        "--check",
        action="store_true",
        help="start afresh in a folder of its own, print the entities' states, stop; the exit code tells",
    )
    return parser.parse_args()


def choose_port(options: argparse.Namespace) -> int:
    """Return Home Assistant's port; raise DemoError if it is taken."""
    if options.check and options.port is None:
        return free_port()
    port: int = PORT if options.port is None else options.port
    if not is_free(port):
        another = next(filter(is_free, range(port + 1, LAST_PORT)), free_port())
        raise DemoError(f"Port {port} is taken. Choose another: script/demo --port {another}")
    return port


def choose_pbx_port(folder: Folder) -> int:
    """Return the port of the earlier run, so that what Home Assistant knows of the PBX still fits."""
    known = folder.pbx_url()
    port = urlsplit(known).port if known else PBX_PORT
    return port if port and is_free(port) else free_port()


@asynccontextmanager
async def simulated_pbx(folder: Folder) -> AsyncIterator[tuple[Child, Pbx]]:
    """Run the simulator with a living office."""
    port = choose_pbx_port(folder)
    pbx = Pbx(url=f"http://{LOOPBACK}:{port}", username=DEFAULT_USER, api_key=DEFAULT_KEY)
    options = ("--host", LOOPBACK, "--port", str(port), "--size", "demo", "--live", "--history-days", str(DAYS))
    command = (sys.executable, "-m", "simulator", *options)
    async with running("The simulated PBX", command, folder.path / "simulator.log") as child:
        async with step("Opening the simulated office"):
            await child.until(lambda: listens(port), START_SECONDS)
        yield child, pbx


async def listens(port: int) -> bool:
    """Whether someone answers on this port."""
    try:
        _, writer = await asyncio.open_connection(LOOPBACK, port)
    except OSError:
        return False
    writer.close()
    return True


async def fit_entry(home: HomeAssistant, folder: Folder, pbx: Pbx) -> None:
    """Set the integration up through its own form, unless an earlier run did."""
    entry = await home.entry()
    if entry and folder.pbx_url() != pbx.url:
        await home.remove(entry["entry_id"])
        entry = None
    if entry is None:
        await home.add(pbx)


async def wait_for_states(home: HomeAssistant, child: Child) -> Overview:
    """Wait until all entities have a state."""
    overview = Overview([])

    async def complete() -> bool:
        nonlocal overview
        overview = await Overview.of(home)
        return overview.complete

    try:
        await child.until(complete, STATES_SECONDS)
    except DemoError as error:
        entry = await home.entry() or {}
        about = f"The entry is {entry.get('state')} {entry.get('reason') or ''}. {overview.summary}."
        raise DemoError(f"{about}\n{error}") from error
    return overview


async def check(overview: Overview, folder: Folder) -> int:
    """Print the states; return the exit code."""
    for _, rows in overview.devices():
        say()
        say(table((rows[0].device, "state"), [(row.name, row.shown) for row in rows]))
    say()
    say(overview.summary)
    found = complaints(folder.log)
    for line in found:
        say(line)
    say(f"{len(found)} complaints of the integration in Home Assistant's log")
    return 1 if found else 0


def invite(home: HomeAssistant, overview: Overview, pbx: Pbx, folder: Folder) -> None:
    """Say where to go and what to look at."""
    say(f"""
{BOLD}Home Assistant shows the simulated office:{PLAIN}

  Address    {BOLD}{home.url}{PLAIN}
  User name  {BOLD}{USER}{PLAIN}
  Password   {BOLD}{PASSWORD}{PLAIN}

Look at
  first page {home.url}{FIRST_PAGE}  (what to try, with a button for each)
  front desk {home.url}{PATH}""")
    for kind, rows in overview.devices():
        say(f"  {kind:<10} {home.url}/config/devices/device/{rows[0].device_id}  ({rows[0].device})")
    say(f"""  all        {home.url}/config/integrations/integration/dls_pbx
  actions    {home.url}/config/developer-tools/action  (choose one of "DLS Hosted PBX")

{overview.summary}; the office lives, so the figures change every few seconds.
Let someone call and see the queue and the phones change:
  curl -d '{{"number": "8155550123", "to": "Support"}}' {pbx.url}/control/call_in
What else can happen there, faults too: .venv/bin/python -m simulator --help
Files and logs: {folder.path}

Ctrl-C ends everything.""")


async def stay(home_assistant: Child, pbx: Child) -> bool:
    """Wait for an end that nobody asked for; return whether Home Assistant wants to start again."""
    ends = {asyncio.create_task(child.ended()): child for child in (home_assistant, pbx)}
    try:
        done, _ = await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in ends:
            task.cancel()
    first = done.pop()
    if ends[first] is home_assistant and first.result() == RESTART:
        return True
    raise ends[first].gone()


async def run(options: argparse.Namespace, folder: Folder) -> int:
    """Start everything, show it, and end it again; return the exit code."""
    port = choose_port(options)
    folder.prepare(port)
    command = (sys.executable, "-m", "homeassistant", "--config", folder.path, "--log-file", folder.log)
    async with simulated_pbx(folder) as (pbx_process, pbx), aclosing(HomeAssistant(port)) as home:
        while True:
            async with running("Home Assistant", command, folder.path / "console.log") as process:
                async with step("Starting Home Assistant"):
                    await process.until(home.answers, START_SECONDS)
                    await home.log_in()
                async with step("Waiting for the office's entities"):
                    await fit_entry(home, folder, pbx)
                    await add_address_book(home)
                    await add_front_desk(home)
                    overview = await wait_for_states(home, process)
                async with step("Furnishing the office"):
                    await furnish(home, pbx)
                if options.check:
                    return await check(overview, folder)
                invite(home, overview, pbx, folder)
                if not await stay(process, pbx_process):
                    return 0


def end_on_signals() -> None:
    """End in good order on Ctrl-C, on a closed terminal and on kill, whatever is pressed meanwhile."""
    task = asyncio.current_task()
    loop = asyncio.get_running_loop()
    asked = False

    def end() -> None:
        nonlocal asked
        if not asked and task:
            say("\n[demo] Stopping Home Assistant and the simulated office…")
            task.cancel()
        asked = True

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, end)


async def main() -> int:
    """Run the demo; return the exit code."""
    options = arguments()
    end_on_signals()
    try:
        if not options.check:
            return await run(options, Folder(FOLDER))
        with tempfile.TemporaryDirectory(prefix="dls-pbx-demo-", ignore_cleanup_errors=True) as path:
            return await run(options, Folder(Path(path)))
    except DemoError as error:
        say(f"[demo] {error}")
        return 1
    except aiohttp.ClientError as error:
        say(f"[demo] Home Assistant stopped answering: {error}")
        return 1
    except asyncio.CancelledError:
        say("[demo] Everything has ended.")
        return INTERRUPTED if options.check else 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
