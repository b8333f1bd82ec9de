"""SIP phones by sipp: those that are called, and the calls that people make."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import count
from pathlib import Path
import re
import shutil
import socket
import subprocess
from time import monotonic, sleep

from script.asterisk_run.binaries import Binaries
from script.asterisk_run.configuration import LOOPBACK, SIP_SECRET
from script.demo_run.processes import free_port

SCENARIOS = Path(__file__).parent / "sip"
EXPIRES = 3600
TRIES = 3  # a port that was free can be taken the next moment
PATIENCE = 25.0  # seconds: a busy machine is no fault of the phone's
LOOK_AGAIN = 0.05
VOICE = "voice.ulaw"
_RING = 3  # words of a line: "rings", Call-ID, caller
_FOR_USERS = re.compile(r"<!-- users only -->.*?<!-- end -->", re.DOTALL)
VOICE_SECONDS = 10


@dataclass(frozen=True, slots=True)
class Ring:
    """A call that a phone was offered: SIP's Call-ID, and the number that was shown."""

    call_id: str
    caller: str


class Sipp:
    """Starts sipp for one office, and ends all of it with the office."""

    def __init__(self, binaries: Binaries, folder: Path, server_port: int) -> None:
        self._binaries = binaries
        self._folder = folder / "sip"
        self._server = f"{LOOPBACK}:{server_port}"
        self._running: list[subprocess.Popen[bytes]] = []
        self._numbers = count(1)
        for path in SCENARIOS.iterdir():
            shutil.copy(path, self._folder)
        text = (SCENARIOS / "dial.xml").read_text("utf-8")
        (self._folder / "dial-outside.xml").write_text(_FOR_USERS.sub("", text), "utf-8")
        (self._folder / VOICE).write_bytes(bytes(range(256)) * (VOICE_SECONDS * 8000 // 256))

    def path(self, name: str) -> Path:
        """Return a file's name as sipp sees it."""
        return self._binaries.inside(self._folder) / name

    def read(self, name: str) -> str:
        """Return what sipp wrote to a file, or nothing yet."""
        path = self._folder / name
        return path.read_text("utf-8", "replace") if path.exists() else ""

    def start(self, scenario: str, port: int, *options: str, **keys: str) -> subprocess.Popen[bytes]:
        """Start a scenario on a SIP port of its own; `keys` are the scenario's words in brackets."""
        number = next(self._numbers)
        command = [self._server, "-sf", self.path(f"{scenario}.xml"), "-i", LOOPBACK, "-p", str(port), "-nostdin"]
        command += ["-mi", LOOPBACK, "-mp", str(free_port() & ~1), "-trace_err", "-error_file"]
        command += [self.path(f"{number}-{scenario}.err"), *options]
        for key, value in keys.items():
            command += ["-key", key, value]
        with (self._folder / f"{number}-{scenario}.out").open("wb") as output:
            process = subprocess.Popen(
                self._binaries.command("sipp", *command),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self._running.append(process)
        return process

    def stop(self) -> None:
        """End everything."""
        for process in self._running:
            if process.poll() is None:
                process.kill()
            process.wait()
        self._running.clear()


class Phone:
    """A phone that can be called, and tells who rang."""

    def __init__(self, sipp: Sipp, name: str, port: int | None = None) -> None:
        self._sipp = sipp
        self.name = name
        self.port = port or free_port()
        self._log = f"{name}.log"
        sipp.start("phone", self.port, "-rtp_echo", "-trace_logs", "-log_file", str(sipp.path(self._log)))

    def register(self, expires: int = EXPIRES) -> None:
        """Tell Asterisk where the phone is; 0 seconds that it is gone. ConnectionError if Asterisk won't have it."""
        for _ in range(TRIES):
            process = self._sipp.start(
                "register",
                free_port(),
                *("-s", self.name, "-m", "1", "-timeout", "5"),
                phone_port=str(self.port),
                expires=str(expires),
                password=SIP_SECRET,
            )
            if process.wait(PATIENCE) == 0:
                return
        raise ConnectionError(f"The phone of {self.name} could not register")

    @property
    def rings(self) -> list[Ring]:
        """Return the calls that it was offered so far."""
        words = (line.split() for line in self._sipp.read(self._log).splitlines())
        return [
            Ring(call_id, caller)
            for word, call_id, caller in (line for line in words if len(line) == _RING)
            if word == "rings"
        ]

    def do(self, call_id: str, **headers: str) -> None:
        """Let its user act on a call: answer it, then `X_Do="bye"` or `X_Do="refer"` with `X_To`."""
        tell(self.port, call_id, headers)


@dataclass(slots=True)
class Outgoing:
    """A call that someone makes."""

    call_id: str
    port: int
    caller: str
    process: subprocess.Popen[bytes]

    def hang_up(self) -> None:
        """Let the caller hang up; TimeoutError if that does not end the call."""
        tell(self.port, self.call_id, {})
        self.process.wait(PATIENCE)


def dial(sipp: Sipp, to: str, *, caller: str, line: str = "", call_id: str) -> Outgoing:
    """Let someone dial: a user by auth ID, or someone outside, whose `line` is the trunk."""
    port = free_port()
    process = sipp.start(
        "dial-outside" if line else "dial",
        port,
        *("-s", to, "-m", "1", "-cid_str", call_id),
        caller=caller,
        line=line or "none",
        password=SIP_SECRET,
        voice=str(sipp.path(VOICE)),
    )
    return Outgoing(call_id, port, caller, process)


def tell(port: int, call_id: str, headers: Mapping[str, str]) -> None:
    """Send sipp an INFO that belongs to a call: the hand at the phone (RFC 6086)."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as hand:
        hand.bind((LOOPBACK, 0))
        lines = [
            f"INFO sip:phone@{LOOPBACK}:{port} SIP/2.0",
            f"Via: SIP/2.0/UDP {LOOPBACK}:{hand.getsockname()[1]};branch=z9hG4bK-{call_id}-hand",
            f"From: <sip:hand@{LOOPBACK}>;tag=hand",
            f"To: <sip:phone@{LOOPBACK}>",
            f"Call-ID: {call_id}",
            "CSeq: 1 INFO",
            *(f"{name.replace('_', '-')}: {value}" for name, value in headers.items()),
            "Content-Length: 0",
        ]
        hand.sendto("\r\n".join([*lines, "", ""]).encode(), (LOOPBACK, port))


def until[ResultT](look: Callable[[], ResultT | None], what: str, seconds: float = PATIENCE) -> ResultT:
    """Look until there is something; TimeoutError after some seconds."""
    deadline = monotonic() + seconds
    while True:
        if found := look():
            return found
        if monotonic() > deadline:
            raise TimeoutError(f"Not seen within {seconds:.0f} s: {what}")
        sleep(LOOK_AGAIN)
