"""The real office: an Asterisk, eight SIP phones, a fax machine outside, and the people of `simulator.scenes`."""

from collections.abc import Sequence
from contextlib import ExitStack
import shutil
from typing import Self

from PIL import Image

from script.asterisk_run import configuration
from script.asterisk_run.binaries import Binaries, find
from script.asterisk_run.phones import Phone, Sipp, until
from script.asterisk_run.server import Server
from script.demo_run.processes import free_port
from simulator.asterisk.settings import Settings
from simulator.scenes.scenes import CAST, QUEUES, SceneQueue, SceneUser

FAX_SIZE = (1728, 1000)  # pixels of a page that takes few seconds
RTP_PORTS = 20000


class RealOffice:
    """A context manager: inside, everything runs and all phones are registered."""

    def __init__(
        self, users: Sequence[SceneUser] = CAST, queues: Sequence[SceneQueue] = QUEUES, *, one_phone: bool = False
    ) -> None:
        """`one_phone` is for crowds: all endpoints lead to the same one, and nobody registers."""
        self.binaries: Binaries = find()
        self._users, self.queues = users, queues
        self._one_phone = one_phone
        self._stack = ExitStack()
        self.phones: dict[str, Phone] = {}
        fax, trunk = free_port(), free_port()
        self.ports = configuration.Ports(ami=free_port(), sip=free_port(), rtp=RTP_PORTS, trunk=trunk, fax=fax)

    def __enter__(self) -> Self:
        """Start everything."""
        with ExitStack() as stack:
            self.server = self._server(
                stack, configuration.office(self.ports, self._users, self.queues, registering=not self._one_phone)
            )
            self.folder = self.server.folder
            fax_ports = configuration.Ports(
                ami=0, sip=self.ports.fax, rtp=RTP_PORTS + 1000, trunk=self.ports.sip, fax=0
            )
            self._server(stack, configuration.outside(fax_ports))
            self.sipp = Sipp(self.binaries, self.folder, self.ports.sip)
            stack.callback(self.sipp.stop)
            self._furnish()
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        """End everything."""
        self._stack.close()

    @property
    def settings(self) -> Settings:
        """Return what the engine needs to know."""
        return Settings(
            host=configuration.LOOPBACK,
            port=self.ports.ami,
            username=configuration.AMI_USER,
            secret=configuration.AMI_SECRET,
            queue_log=self.folder / "log" / "queue_log",
            cdr=self.folder / "log" / "cdr-custom" / configuration.CDR_FILE,
        )

    @property
    def trunk(self) -> Phone:
        """Return the line to the outside: it rings where a user dials a number there."""
        return self.phones["trunk"]

    def console(self, command: str) -> str:
        """Return what `asterisk -rx` says."""
        return self.server.console(command)

    def begin_anew(self) -> None:
        """Let a new shift begin: no calls, counters at zero, agents just logged in."""
        self.console("channel request hangup all")
        self.console("queue reset stats")
        for queue in self.queues:
            for auth_id in queue.agents:
                self.console(f"queue remove member PJSIP/{auth_id} from {queue.name}")
                self.console(f"queue add member PJSIP/{auth_id} to {queue.name}")
        # Soon after a restart a new member counts as away until the phone has been reached once more.
        until(self._is_staffed, "every agent's phone")

    def start_again(self) -> None:
        """Start Asterisk after it was stopped or killed; it remembers its phones and agents, but has to reach them."""
        self.server.start()
        until(self._is_staffed, "every agent's phone")

    def _is_staffed(self) -> bool:
        shown = self.console("queue show")
        return "PJSIP/" in shown and "(Unavailable)" not in shown

    def _server(self, stack: ExitStack, files: dict[str, str]) -> Server:
        folder = self.binaries.new_folder()
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        server = Server(self.binaries, folder, files)
        stack.callback(server.kill)
        server.start()
        return server

    def _furnish(self) -> None:
        page = Image.new("1", FAX_SIZE, 1)
        page.save(self.folder / configuration.FAX_PAGE, compression="group3", dpi=(204, 98))
        registering = () if self._one_phone else self._users
        self.phones = {user.auth_id: Phone(self.sipp, user.auth_id) for user in registering}
        for phone in self.phones.values():
            try:
                phone.register()
            except ConnectionError as error:
                error.add_note(self.server.last_words())
                raise
        self.phones["trunk"] = Phone(self.sipp, "trunk", self.ports.trunk)
        self.begin_anew()
