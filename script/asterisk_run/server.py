"""One Asterisk process with a configuration of its own."""

from collections.abc import Mapping
from pathlib import Path
import signal
import subprocess
from time import monotonic, sleep

from script.asterisk_run import configuration
from script.asterisk_run.binaries import Binaries, run

READY_SECONDS = 30
LOOK_AGAIN = 0.1
LAST_LINES = 15
NO_TRANSPORT = "No objects found"


class Server:
    """An Asterisk in a folder; it can be stopped, killed and started again."""

    def __init__(self, binaries: Binaries, folder: Path, files: Mapping[str, str]) -> None:
        self._binaries = binaries
        self.folder = folder
        self._process: subprocess.Popen[bytes] | None = None
        configuration.write(folder, binaries, files)

    @property
    def conf(self) -> Path:
        """Return its main configuration file, as it sees it."""
        return self._binaries.inside(self.folder) / "etc" / "asterisk.conf"

    @property
    def pid(self) -> int:
        """Return the process's id; LookupError while it is down."""
        if self._process is None:
            raise LookupError("Asterisk does not run")
        return self._process.pid

    def console(self, command: str) -> str:
        """Return what `asterisk -rx` says."""
        return run(self._binaries.command("asterisk", "-C", self.conf, "-rx", command))

    def start(self) -> None:
        """Start, and wait until it is up; TimeoutError if that does not come, ConnectionError if its port is taken."""
        with (self.folder / "log" / "output").open("ab") as output:
            self._process = subprocess.Popen(
                self._binaries.command("asterisk", "-C", self.conf, "-f", "-q"),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        deadline = monotonic() + READY_SECONDS
        while "fully booted" not in self.console("core waitfullybooted"):
            if monotonic() > deadline or self._process.poll() is not None:
                error = TimeoutError("Asterisk does not come up")
                error.add_note(self.last_words())
                raise error
            sleep(LOOK_AGAIN)
        # It boots without, and then nobody reaches it.
        if NO_TRANSPORT in self.console("pjsip show transports"):
            raise ConnectionError("Asterisk cannot listen for SIP: its port is taken")

    def last_words(self) -> str:
        """Return the end of its log: the folder is gone when someone wants to know what went wrong.

        Before it has one it speaks to its terminal.
        """
        logs = (self.folder / "log" / name for name in ("output", "messages"))
        lines = [line for log in logs if log.exists() for line in log.read_text("utf-8", "replace").splitlines()]
        return "\n".join(lines[-LAST_LINES:])

    def stop(self) -> None:
        """Stop as `core stop now` does: calls are cut off, what they were is written down."""
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """Stop as a power cut does."""
        self._end(signal.SIGKILL)

    def _end(self, number: signal.Signals) -> None:
        if self._process is not None:
            self._process.send_signal(number)
            self._process.wait(READY_SECONDS)
            self._process = None
