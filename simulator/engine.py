"""Engine: the one interface between a PBX and the vendor's API.

An engine is the simulated PBX (`simulator.pbx.simulated`) or a real Asterisk (`simulator.asterisk`). What it hands out
are `simulator.models`; `simulator.wire` writes them the vendor's way.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Protocol
from zoneinfo import ZoneInfo

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


class PbxError(Exception):
    """A request that the PBX refuses; the text is what the vendor's `error` field says."""


class Engine(Protocol):
    """A PBX. Reading never changes it; a refused request raises PbxError with the vendor's words."""

    @property
    def time_zone(self) -> ZoneInfo:
        """Return the zone in which the PBX writes times that carry none."""

    def now(self) -> datetime:
        """Return the PBX's clock, aware, in UTC."""

    def users(self) -> Sequence[Extension]:
        """Return every user."""

    def queues(self) -> Sequence[Queue]:
        """Return every queue."""

    def calls(self) -> Sequence[LiveCall]:
        """Return the calls in progress."""

    def faxes(self) -> tuple[Sequence[Fax], Mapping[str, int]]:
        """Return the fax queue and the counters, under the vendor's names and in the vendor's order."""

    def conferences(self) -> Sequence[Conference]:
        """Return the rooms in use."""

    def provisioning(self) -> Sequence[ProvisionedPhone]:
        """Return the provisioned phones."""

    def campaigns(self) -> Sequence[Campaign]:
        """Return the dialer campaigns."""

    def campaign_logs(self) -> Sequence[CampaignLog]:
        """Return the campaigns' log tails."""

    def call_records(self) -> Sequence[CallRecord]:
        """Return the whole CDR, oldest first."""

    def messages(self) -> Sequence[Message]:
        """Return the whole SMS table, oldest first."""

    def send_sms(self, src: str, dst: Sequence[str], body: str, account_code: str) -> SentMessage:
        """Send one message to numbers and extensions; `src` is the api_user as `ext@tenant`."""

    def opt_in_lists(self) -> Sequence[ConsentList]:
        """Return the campaigns' opt-in lists."""

    def opt_out_lists(self) -> Sequence[ConsentList]:
        """Return the tenants' opt-out lists."""

    def add_subscriber(self, phone_number: str, campaign_id: str) -> None:
        """Put a number on a campaign's opt-in list."""

    def remove_subscriber(self, phone_number: str, campaign_id: str) -> None:
        """Take a number off a campaign's opt-in list."""

    def add_unsubscriber(self, phone_number: str, tenant_id: str) -> None:
        """Put a number on a tenant's opt-out list."""

    def remove_unsubscriber(self, phone_number: str, tenant_id: str) -> None:
        """Take a number off a tenant's opt-out list."""

    def add_contact_list(self, name: str) -> int:
        """Make a dialer contact list and return its id."""

    def add_contact(
        self, contact_list: str, contact: Mapping[str, str], custom: Mapping[str, str], dial_on: date | None
    ) -> int:
        """Put a contact on a list, named or numbered, and return the new or existing contact's id."""
