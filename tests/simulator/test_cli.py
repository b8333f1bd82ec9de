"""`python -m simulator`, as a person or script/demo starts it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
import json
import signal
import socket
import sys

import aiohttp
import pytest

from simulator.__main__ import main
from simulator.app import DEFAULT_KEY
from simulator.control.commands import VERBS
from simulator.faults.orders import FaultKind
from simulator.quirks.switches import NAMES
from tests.helpers.paths import ROOT

type Start = Callable[..., Awaitable[asyncio.subprocess.Process]]


@pytest.fixture
async def start() -> AsyncIterator[Start]:
    """Return a way to start the simulator on a free port; what still runs afterwards is ended."""
    running: list[asyncio.subprocess.Process] = []

    async def start(*args: str) -> asyncio.subprocess.Process:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "simulator",
            "--port",
            "0",
            *args,
            cwd=ROOT,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        running.append(process)
        return process

    yield start
    for process in running:
        if process.returncode is None:
            process.terminate()
        await process.communicate()


async def told(process: asyncio.subprocess.Process) -> dict[str, str]:
    """Return what the simulator says of itself when it is ready."""
    assert process.stdout is not None
    lines = [(await process.stdout.readline()).decode() for _ in range(4)]
    return {name: value.strip() for name, _, value in (line.partition(":") for line in lines[:3])}


async def ask(url: str, user: str, key: str, action: str) -> dict[str, object]:
    """Return an answer of a status action."""
    fields = {"api_user": user, "api_key": key}
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{url}/api/v1/status.php?api_action={action}", json=fields) as response,
    ):
        answer: dict[str, object] = await response.json()
        return answer


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
async def test_it_tells_where_it_is_and_ends_quietly(start: Start, sent: signal.Signals) -> None:
    """What it prints is all that a stranger needs; Ctrl-C is no error."""
    process = await start("--size", "desk", "--history-days", "0")
    ready = await told(process)
    answer = await ask(ready["Address"], ready["User"], ready["Key"], "users")
    assert answer["result"] == "success"
    process.send_signal(sent)
    _, errors = await process.communicate()
    assert (process.returncode, errors) == (0, b"")


async def test_the_vendors_page_can_be_tried(start: Start) -> None:
    """A client's author compares the page with what he gets."""
    process = await start("--scenario", "vendor", "--user", "630@default", "--user", "69@default", "--key", "other")
    ready = await told(process)
    assert (ready["User"], ready["Key"]) == ("630@default, 69@default", "other")
    sample = json.loads((ROOT / "tests/contract/status.users.json").read_text())
    assert await ask(ready["Address"], "cpirg16m", "other", "users") == sample


async def test_it_serves_under_a_path(start: Start) -> None:
    """Whoever has the PBX behind a proxy wants to try just that."""
    ready = await told(await start("--size", "desk", "--history-days", "0", "--path", "/pbx"))
    assert ready["Address"].endswith("/pbx")
    assert (await ask(ready["Address"], ready["User"], ready["Key"], "users"))["result"] == "success"


async def test_it_plays_a_strangers_pbx(start: Start) -> None:
    """Whoever wants to help has a file, and no PBX of that kind."""
    stranger = ROOT / "tests/contract/strangers/forms_and_numbers.json"
    ready = await told(await start("--replay", str(stranger)))
    fields = {"api_user": ready["User"], "api_key": ready["Key"]}
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{ready['Address']}/api/v1/status.php?api_action=users", data=fields) as response,
    ):
        assert await response.json() == json.loads(stranger.read_text())["samples"]["status.users"]


@pytest.mark.parametrize("life", ["--live", "--still"])
async def test_a_still_office_waits_for_orders(start: Start, life: str) -> None:
    """Whoever builds a scene by hand does not want the office to walk through it."""
    process = await start(life, "--manual-clock")
    url = (await told(process))["Address"]
    calls: list[list[str]] = []
    async with aiohttp.ClientSession() as session:
        for _ in range(2):
            async with session.get(f"{url}/control/state") as response:
                calls.append([call["id"] for call in (await response.json())["result"]["calls"]])
            async with session.post(f"{url}/control/clock", json={"seconds": 3600}) as response:
                assert response.status == 200
    assert (calls[0] == calls[1]) is (life == "--still")


async def test_the_same_seed_is_the_same_office_after_a_reset(start: Start) -> None:
    """An experiment can be repeated."""
    process = await start("--still", "--manual-clock", "--seed", "7", "--time-zone", "Europe/Berlin")
    ready = await told(process)
    before = await ask(ready["Address"], "100", DEFAULT_KEY, "queues")
    async with aiohttp.ClientSession() as session:
        async with session.post(f"{ready['Address']}/control/clock", json={"seconds": 60}) as response:
            assert response.status == 200
        async with session.get(f"{ready['Address']}/control/state") as response:
            assert (await response.json())["result"]["time_zone"] == "Europe/Berlin"
        later = await ask(ready["Address"], "100", DEFAULT_KEY, "queues")
        async with session.post(f"{ready['Address']}/control/reset") as response:
            assert response.status == 200
    assert before["result"] == "success"
    assert later != before
    assert await ask(ready["Address"], "100", DEFAULT_KEY, "queues") == before


def test_a_taken_port_is_one_clear_line(capsys: pytest.CaptureFixture[str]) -> None:
    """The second start on a machine is the commonest failure of all."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert main(["--port", str(port), "--size", "desk"]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1
    assert f"port {port}" in err


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["--time-zone", "Mars/Olympus"], "unknown time zone: Mars/Olympus"),
        (["--time-zone", "America"], "unknown time zone: America"),
        (["--size", "huge"], "--size"),
        (["--live", "--still"], "not allowed with"),
        (["--replay", "README.md"], "README.md is no download of diagnostics with samples"),
        (["--replay", "nowhere.json"], "nowhere.json"),
    ],
)
def test_a_wrong_option_is_named(capsys: pytest.CaptureFixture[str], args: list[str], words: str) -> None:
    """A stack trace tells a stranger nothing."""
    with pytest.raises(SystemExit, match="2"):
        main(args)
    assert words in capsys.readouterr().err


def test_the_help_names_everything(capsys: pytest.CaptureFixture[str]) -> None:
    """The control interface is documented nowhere else on the command line."""
    with pytest.raises(SystemExit, match="0"):
        main(["--help"])
    shown = capsys.readouterr().out
    for name in (*VERBS, *FaultKind, *NAMES, "/control/state", "--history-days", DEFAULT_KEY[:11]):
        assert name in shown
