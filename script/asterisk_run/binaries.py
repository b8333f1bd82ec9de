"""Where Asterisk and sipp are: the machine's own, or Debian's in a private folder that `script/setup_asterisk` made."""

from collections.abc import Sequence
from dataclasses import dataclass
import os
from pathlib import Path
import shutil
import subprocess
import tempfile

CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "dls-pbx" / "asterisk"
NAMES = ("asterisk", "sipp")


class MissingError(Exception):
    """There is no Asterisk here; the text says how to come by one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Binaries:
    """How to run Asterisk and sipp; with a `root` they see nothing but that folder."""

    root: Path | None = None

    def command(self, name: str, *args: str | Path) -> list[str]:
        """Return what runs a program."""
        prefix = ["chroot", str(self.root)] if self.root else []
        folder = "/usr/sbin" if name == "asterisk" else "/usr/bin"
        return [*prefix, f"{folder}/{name}" if self.root else name, *map(str, args)]

    def inside(self, path: Path) -> Path:
        """Return a path as the programs see it."""
        return Path("/") / path.relative_to(self.root) if self.root else path

    def new_folder(self) -> Path:
        """Make an empty folder that the programs can see."""
        base = self.root / "offices" if self.root else Path(tempfile.gettempdir())
        base.mkdir(exist_ok=True)
        return Path(tempfile.mkdtemp(prefix="office-", dir=base))

    @property
    def modules(self) -> Path:
        """Return Asterisk's modules' folder, as Asterisk sees it."""
        found = next((self.root or Path("/")).glob("usr/lib*/**/asterisk/modules"), None)
        if found is None:
            raise MissingError("Asterisk has no modules here.")
        return self.inside(found) if self.root else found


def find() -> Binaries:
    """Return the machine's own programs, else the private ones; MissingError if there are none."""
    if all(map(shutil.which, NAMES)):
        return Binaries()
    if (CACHE / "complete").exists():
        if os.geteuid() != 0:
            raise MissingError("The private Asterisk needs root: it runs in a folder of its own.")
        return Binaries(root=CACHE)
    raise MissingError(
        "There is no Asterisk: install asterisk and sipp, or run script/setup_asterisk on Debian as root."
    )


def run(command: Sequence[str], seconds: float = 20) -> str:
    """Run a command to its end and return what it says."""
    return subprocess.run(
        command, check=False, capture_output=True, text=True, errors="replace", timeout=seconds
    ).stdout
