"""Engine over a real Asterisk: its live status and its logs as `simulator.models`."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from time import monotonic
from typing import Any, Final
from zoneinfo import ZoneInfo

from simulator.asterisk import faxes, queues
from simulator.asterisk.ami import Ami, AmiError
from simulator.asterisk.channels import Channels
from simulator.asterisk.directory import Directory
from simulator.asterisk.records import RecordBook
from simulator.asterisk.settings import Settings
from simulator.engine import PbxError
from simulator.models import (
    CallRecord,
    Campaign,
    CampaignLog,
    Conference,
    ConsentList,
    Extension,
    Fax,
    LiveCall,
    Message,
    ProvisionedPhone,
    Queue,
    SentMessage,
)
from simulator.pbx.simulated import SimulatedPbx

FRESH: Final = 0.4  # seconds for which a reading serves everyone who asks
DIRECTORY_SECONDS: Final = 600  # names and mailboxes change when somebody edits the configuration
NO_ANSWER: Final = "The PBX does not answer"


@dataclass(slots=True)
class _Reading[ResultT]:
    """What was read last, or why that was not possible; asked at most once at a time."""

    fetch: Callable[[], Awaitable[ResultT]]
    value: ResultT | None = None
    read_at: float = field(default=-1e9)
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def refresh(self) -> None:
        """Read anew, unless somebody just did."""
        async with self.lock:
            if monotonic() - self.read_at < FRESH:
                return
            try:
                self.value = await self.fetch()
            except AmiError:
                self.value = None
            self.read_at = monotonic()

    def get(self) -> ResultT:
        """Return what was read; PbxError if it could not be."""
        if self.value is None:
            raise PbxError(NO_ANSWER)
        return self.value


class AsteriskPbx:
    """Implements `simulator.engine.Engine`, and `refresh` of `simulator.app.RemoteEngine`.

    SMS, dialer, subscribers and provisioning, which an Asterisk does not have, are those of `rest`, where the users
    are made known. A poll costs one to three AMI actions, however many objects there are; only rooms in use cost one
    each, for their administrators.
    """

    def __init__(self, settings: Settings, rest: SimulatedPbx, time_zone: ZoneInfo) -> None:
        self._ami = Ami(settings)
        self._rest = rest
        self._zone = time_zone
        self._directory = Directory()
        self._directory_of: tuple[int, float] = (-1, 0.0)  # after how many changes it was read, and when
        self._book = RecordBook(settings.queue_log, settings.cdr, users=lambda: self._directory.users)
        self._users = _Reading(self._read_users)
        self._channels = _Reading(self._read_channels)
        self._queues = _Reading(self._read_queues)
        self._faxes = _Reading(self._read_faxes)
        self._rooms = _Reading(self._read_rooms)
        self._needs: Mapping[str, _Reading[Any]] = {
            "status.users": self._users,
            "status.queues": self._queues,
            "status.calls": self._channels,
            "status.faxes": self._faxes,
            "status.conferences": self._rooms,
        }

    async def start(self) -> None:
        """Connect, and learn who there is."""
        await self._ami.start()
        await self._users.refresh()

    async def stop(self) -> None:
        """Disconnect."""
        await self._ami.stop()

    async def refresh(self, action: str) -> None:
        """Read what an action will ask; what cannot be read raises PbxError when it is asked."""
        if reading := self._needs.get(action):
            await reading.refresh()
        elif action == "reports.report":
            await self._channels.refresh()
            if self._channels.value is not None:
                await asyncio.to_thread(self._book.read, self._channels.value.ids)

    async def _known(self) -> Directory:
        """Return who there is, as the configuration is now."""
        if self._is_outdated:
            await self._users.refresh()
            if self._users.value is None:
                raise AmiError(NO_ANSWER)
        return self._directory

    @property
    def _is_outdated(self) -> bool:
        changes, read_at = self._directory_of
        return changes != self._ami.changes or monotonic() - read_at > DIRECTORY_SECONDS

    async def _read_users(self) -> Sequence[Extension]:
        endpoints, contacts, mailboxes = await asyncio.gather(
            self._ami.rows("PJSIPShowEndpoints"),
            self._ami.rows("PJSIPShowContacts"),
            self._ami.rows("VoicemailUsersList"),
        )
        names = [row["ObjectName"] for row in endpoints]
        if self._is_outdated or self._directory.endpoints.keys() != set(names):
            await self._read_directory(names)
        self._directory.update(endpoints, contacts, mailboxes)
        users = list(self._directory.users.values())
        self._make_known(users)
        return users

    async def _read_directory(self, endpoints: Iterable[str]) -> None:
        """Read each endpoint, as seldom as can be. Of what comes with them, secrets are not kept."""
        now = self._ami.changes, monotonic()
        details = [row for name in endpoints for row in await self._ami.rows("PJSIPShowEndpoint", Endpoint=name)]
        self._directory, self._directory_of = Directory(details), now

    def _make_known(self, users: Sequence[Extension]) -> None:
        for user in users:
            if self._rest.find_user(user.auth_id) is None:
                self._rest.add_extension(user.ext, user.name, tenant=user.tenant, auth_id=user.auth_id)

    async def _read_channels(self) -> Channels:
        rows = await self._ami.rows("CoreShowChannels")
        return Channels(rows, await self._known())

    async def _read_queues(self) -> Sequence[Queue]:
        rows, _ = await asyncio.gather(self._ami.rows("QueueStatus"), self._channels.refresh())
        channels = self._channels.value
        if channels is None:
            raise AmiError(NO_ANSWER)
        return queues.read(rows, self._directory, channels.connected_to(), self.now())

    async def _read_faxes(self) -> tuple[Sequence[Fax], Mapping[str, int]]:
        sessions, stats, _ = await asyncio.gather(
            self._ami.rows("FAXSessions"), self._ami.command("fax show stats"), self._channels.refresh()
        )
        channels = self._channels.value
        if channels is None:
            raise AmiError(NO_ANSWER)
        return faxes.sending(sessions, channels), faxes.counters(stats)

    async def _read_rooms(self) -> Sequence[Conference]:
        rooms = await self._ami.rows("ConfbridgeListRooms")
        people = await asyncio.gather(
            *(self._ami.rows("ConfbridgeList", Conference=room["Conference"]) for room in rooms)
        )
        return [
            Conference(
                number=room["Conference"],
                users=int(room["Parties"]),
                admins=sum(one.get("Admin") == "Yes" for one in those),
                locked=room["Locked"] == "Yes",
            )
            for room, those in zip(rooms, people, strict=True)
        ]

    @property
    def time_zone(self) -> ZoneInfo:
        """Return the zone in which the PBX writes times that carry none."""
        return self._zone

    def now(self) -> datetime:
        """Return the time, aware, in UTC."""
        return datetime.now(UTC)

    def users(self) -> Sequence[Extension]:
        """Return every user."""
        return self._users.get()

    def queues(self) -> Sequence[Queue]:
        """Return every queue."""
        return self._queues.get()

    def calls(self) -> Sequence[LiveCall]:
        """Return the calls in progress."""
        return self._channels.get().calls()

    def faxes(self) -> tuple[Sequence[Fax], Mapping[str, int]]:
        """Return the faxes being sent and the counters, under the vendor's names and in the vendor's order."""
        return self._faxes.get()

    def conferences(self) -> Sequence[Conference]:
        """Return the rooms in use."""
        return self._rooms.get()

    def call_records(self) -> Sequence[CallRecord]:
        """Return the whole CDR, oldest first. Only the channels tell which calls are over."""
        self._channels.get()
        return self._book.records()

    def provisioning(self) -> Sequence[ProvisionedPhone]:
        """Return the provisioned phones, of which Asterisk knows none."""
        return self._rest.provisioning()

    def campaigns(self) -> Sequence[Campaign]:
        """Return the simulated dialer's campaigns."""
        return self._rest.campaigns()

    def campaign_logs(self) -> Sequence[CampaignLog]:
        """Return the simulated campaigns' log tails."""
        return self._rest.campaign_logs()

    def messages(self) -> Sequence[Message]:
        """Return the simulated SMS table, oldest first."""
        return self._rest.messages()

    def send_sms(self, src: str, dst: Sequence[str], body: str, account_code: str) -> SentMessage:
        """Let a message be sent in the simulation; it goes to nobody."""
        return self._rest.send_sms(src, dst, body, account_code)

    def opt_in_lists(self) -> Sequence[ConsentList]:
        """Return the simulated opt-in lists."""
        return self._rest.opt_in_lists()

    def opt_out_lists(self) -> Sequence[ConsentList]:
        """Return the simulated opt-out lists."""
        return self._rest.opt_out_lists()

    def add_subscriber(self, phone_number: str, campaign_id: str) -> None:
        """Put a number on a simulated opt-in list."""
        self._rest.add_subscriber(phone_number, campaign_id)

    def remove_subscriber(self, phone_number: str, campaign_id: str) -> None:
        """Take a number off a simulated opt-in list."""
        self._rest.remove_subscriber(phone_number, campaign_id)

    def add_unsubscriber(self, phone_number: str, tenant_id: str) -> None:
        """Put a number on a simulated opt-out list."""
        self._rest.add_unsubscriber(phone_number, tenant_id)

    def remove_unsubscriber(self, phone_number: str, tenant_id: str) -> None:
        """Take a number off a simulated opt-out list."""
        self._rest.remove_unsubscriber(phone_number, tenant_id)

    def add_contact_list(self, name: str) -> int:
        """Make a simulated contact list and return its id."""
        return self._rest.add_contact_list(name)

    def add_contact(
        self, contact_list: str, contact: Mapping[str, str], custom: Mapping[str, str], dial_on: date | None
    ) -> int:
        """Put a contact on a simulated list and return its id."""
        return self._rest.add_contact(contact_list, contact, custom, dial_on)
