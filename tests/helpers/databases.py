"""Database servers for tests: the machine's PostgreSQL and MariaDB, or those that `script/setup_databases` unpacked."""

from abc import ABC, abstractmethod
from itertools import count
import os
from pathlib import Path
import shutil
import signal
import subprocess
import tempfile
from time import monotonic, sleep
from typing import ClassVar, Final, Self

import sqlalchemy
from sqlalchemy.exc import OperationalError

from script.demo_run.processes import LOOPBACK, free_port

CACHE: Final = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "dls-pbx"
# Debian keeps them where no shell looks; so does script/setup_databases.
FOLDERS: Final = (*os.get_exec_path(), *map(str, Path("/usr/lib/postgresql").glob("*/bin")), "/usr/sbin", "/usr/bin")
NOBODY: Final = 65534
READY_SECONDS: Final = 60
LOOK_AGAIN: Final = 0.05


class MissingError(Exception):
    """There is no such server here; the text says how to come by one."""


class Server(ABC):
    """A server with a folder and a port of its own, and nothing in it yet; it can be stopped and started again."""

    name: ClassVar[str]  # of the private folder
    programs: ClassVar[tuple[str, ...]]  # the one that sets it up, and the server itself
    driver: ClassVar[str]
    database: ClassVar[str]  # one that there always is

    def __init__(self) -> None:
        self._root, self._programs = self._find()
        base = self._root / "servers" if self._root != Path("/") else Path(tempfile.gettempdir())
        base.mkdir(exist_ok=True)
        self._folder = Path(tempfile.mkdtemp(prefix=f"{self.name}-", dir=base))
        if os.geteuid() == 0:
            os.chown(self._folder, NOBODY, NOBODY)
        self._port = free_port()
        self._numbers = count(1)
        self._process: subprocess.Popen[bytes] | None = None

    def _find(self) -> tuple[Path, list[str]]:
        if all(own := [shutil.which(name, path=os.pathsep.join(FOLDERS)) for name in self.programs]):
            return Path("/"), [path for path in own if path]
        root = CACHE / self.name
        if not (root / "complete").exists():
            raise MissingError(f"There is no {self.name}: install it, or run script/setup_databases on Debian as root.")
        if os.geteuid() != 0:
            raise MissingError(f"The private {self.name} needs root: it runs in a folder of its own.")
        folders = (*root.glob("usr/lib/postgresql/*/bin"), root / "usr/sbin", root / "usr/bin")
        found = [next(folder / name for folder in folders if (folder / name).exists()) for name in self.programs]
        return root, [f"/{path.relative_to(root)}" for path in found]

    @property
    def _data(self) -> str:
        """Return its folder as it sees it."""
        return f"/{self._folder.relative_to(self._root)}"

    def _run(self, program: str, *args: str) -> subprocess.Popen[bytes]:
        # Neither runs as root.
        as_nobody = ["chroot", f"--userspec={NOBODY}:{NOBODY}", "--groups=", str(self._root)]
        with (self._folder / "output").open("ab") as output:
            return subprocess.Popen(  # noqa: S603 - the programs and their arguments are our own
                [*(as_nobody if os.geteuid() == 0 else []), program, *args],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env={"PATH": "/usr/bin:/usr/sbin:/bin", "LC_ALL": "C"},
                start_new_session=True,
            )

    @abstractmethod
    def _set_up(self) -> list[str]:
        """Return how its folder is filled."""

    @abstractmethod
    def _serve(self) -> list[str]:
        """Return how it is started. What a power cut leaves is no matter here: nothing waits for the disk."""

    def __enter__(self) -> Self:
        """Fill its folder and start."""
        if self._run(self._programs[0], *self._set_up()).wait(READY_SECONDS):
            raise RuntimeError((self._folder / "output").read_text())
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop, and leave nothing."""
        self.stop()
        shutil.rmtree(self._folder)

    def start(self) -> None:
        """Start, and wait until it answers; TimeoutError if that does not come."""
        self._process = self._run(self._programs[1], *self._serve())
        deadline = monotonic() + READY_SECONDS
        while not self._answers():
            if monotonic() > deadline or self._process.poll() is not None:
                raise TimeoutError((self._folder / "output").read_text())
            sleep(LOOK_AGAIN)

    def _answers(self) -> bool:
        try:
            self.execute("SELECT 1")
        except OperationalError:
            return False
        return True

    def stop(self) -> None:
        """Stop at once: who is connected is cut off."""
        if self._process is not None:
            self._process.send_signal(signal.SIGINT if self.name == "postgresql" else signal.SIGTERM)
            self._process.wait(READY_SECONDS)
            self._process = None

    def execute(self, statement: str, database: str = "") -> None:
        """Execute a statement as the server's owner."""
        engine = sqlalchemy.create_engine(self.url(database or self.database), isolation_level="AUTOCOMMIT")
        try:
            with engine.connect() as connection:
                connection.execute(sqlalchemy.text(statement))
        finally:
            engine.dispose()

    def url(self, database: str) -> str:
        """Return what users write into Home Assistant's configuration."""
        return f"{self.driver}://home@{LOOPBACK}:{self._port}/{database}"

    def new_database(self) -> str:
        """Make an empty database and return its URL; it goes with the server."""
        name = f"home_{next(self._numbers)}"
        self.execute(f"CREATE DATABASE {name}")
        return self.url(name)


class PostgreSql(Server):
    """PostgreSQL; its owner is called home."""

    name = "postgresql"
    programs = ("initdb", "postgres")
    driver = "postgresql"
    database = "postgres"

    def _set_up(self) -> list[str]:
        return [
            f"--pgdata={self._data}/data",
            "--username=home",
            "--auth=trust",
            "--encoding=UTF8",
            "--no-locale",
            "-N",
        ]

    def _serve(self) -> list[str]:
        settings = {
            "listen_addresses": LOOPBACK,
            "port": str(self._port),
            "unix_socket_directories": self._data,
            "dynamic_shared_memory_type": "mmap",
            "fsync": "off",
            "synchronous_commit": "off",
            "full_page_writes": "off",
        }
        return [f"-D{self._data}/data", *(f"--{name}={value}" for name, value in settings.items())]


class MariaDb(Server):
    """MariaDB; everybody is let in."""

    name = "mariadb"
    programs = ("mariadb-install-db", "mariadbd")
    driver = "mysql+pymysql"
    database = "mysql"

    def _set_up(self) -> list[str]:
        return ["--no-defaults", f"--datadir={self._data}/data", "--skip-test-db", "--skip-name-resolve"]

    def _serve(self) -> list[str]:
        return [
            "--no-defaults",
            "--skip-grant-tables",
            "--skip-ssl",
            f"--datadir={self._data}/data",
            f"--tmpdir={self._data}",
            f"--socket={self._data}/socket",
            f"--bind-address={LOOPBACK}",
            f"--port={self._port}",
            "--innodb-flush-log-at-trx-commit=0",
            "--loose-innodb-flush-method=nosync",
        ]


SERVERS: Final = (PostgreSql, MariaDb)
