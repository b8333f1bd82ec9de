"""Dialer (predictive): campaigns with their logs, contact lists with their contacts."""

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Unpack

from simulator.engine import PbxError
from simulator.models import Campaign, CampaignLog
from simulator.pbx.core import Core, CoreOptions

LOG_TAIL = 50  # lines that the PBX shows
REQUIRED = ("first_name", "last_name", "phone_number", "address", "city", "state", "zip_code")
_FIELDS = {
    "type": "blaster",
    "max_attempts": "1",
    "caller_id": "3",
    "call_ratio": "1.00",
    "agent_queue_id": "",
    "script_id": "",
    "context_id": "1",
    "rule_id": "27",
    "step_id": "39",
    "min_callback_time": "2",
    "machine_context_id": "44",
    "machine_rule_id": "20",
    "machine_step_id": "28",
    "display_contacts_form": "1",
    "hangup_on_disposition": "1",
    "hide_number_in_caller_id": "0",
}


@dataclass(slots=True, kw_only=True)
class CampaignState:
    """A campaign: the vendor's fields without its status, and the tail of its log."""

    fields: dict[str, str]
    running: bool = False
    log: deque[tuple[datetime, str, str]] = field(default_factory=lambda: deque(maxlen=LOG_TAIL))


@dataclass(slots=True, kw_only=True)
class Contact:
    """A contact of a list."""

    id: int
    fields: Mapping[str, str]
    custom: Mapping[str, str]
    dial_on: date | None


@dataclass(slots=True, kw_only=True)
class ContactList:
    """A contact list; its contacts are known by phone number."""

    id: int
    name: str
    contacts: dict[str, Contact] = field(default_factory=dict)


class Dialer(Core):
    """The campaigns and the contacts."""

    def __init__(self, **options: Unpack[CoreOptions]) -> None:
        super().__init__(**options)
        self._campaigns: dict[str, CampaignState] = {}
        self.contact_lists: dict[int, ContactList] = {}
        self._contacts = 0

    def campaigns(self) -> Sequence[Campaign]:
        """Return the dialer campaigns."""
        return [
            Campaign(fields={**state.fields, "status": "Running" if state.running else "Stopped"})
            for state in self._campaigns.values()
        ]

    def campaign_logs(self) -> Sequence[CampaignLog]:
        """Return the campaigns' log tails."""
        return [
            CampaignLog(campaign=state.fields["name"], lines=tuple(state.log)) for state in self._campaigns.values()
        ]

    def add_campaign(self, campaign_id: str, name: str, **fields: str) -> None:
        """Add a stopped campaign; `fields` are the vendor's own."""
        if campaign_id in self._campaigns:
            raise PbxError(f"Campaign {campaign_id} already exists")
        if unknown := fields.keys() - _FIELDS.keys():
            raise PbxError(f"Unknown fields of a campaign: {', '.join(sorted(unknown))}")
        self._campaigns[campaign_id] = CampaignState(fields={"id": campaign_id, "name": name, **_FIELDS, **fields})

    def remove_campaign(self, campaign_id: str) -> None:
        """Remove a campaign."""
        self._campaign(campaign_id)
        del self._campaigns[campaign_id]

    def start_campaign(self, campaign_id: str) -> None:
        """Let a campaign dial."""
        self._campaign(campaign_id).running = True
        self.log_campaign(campaign_id, "STATUS", "Ready for dialing")

    def stop_campaign(self, campaign_id: str) -> None:
        """Stop a campaign."""
        self._campaign(campaign_id).running = False
        self.log_campaign(campaign_id, "STATUS", "Stopped")

    def is_running(self, campaign_id: str) -> bool:
        """Tell whether a campaign is dialing."""
        return self._campaign(campaign_id).running

    def log_campaign(self, campaign_id: str, level: str, text: str) -> None:
        """Write a line to a campaign's log."""
        self._campaign(campaign_id).log.append((self.now(), level, text))

    def add_contact_list(self, name: str) -> int:
        """Make a dialer contact list and return its id."""
        if not name.strip():
            raise PbxError("A contact list needs a name")
        if any(known.name == name for known in self.contact_lists.values()):
            raise PbxError(f"A contact list with this name already exists: {name}")
        new = ContactList(id=len(self.contact_lists) + 1, name=name)
        self.contact_lists[new.id] = new
        return new.id

    def add_contact(
        self, contact_list: str, contact: Mapping[str, str], custom: Mapping[str, str], dial_on: date | None
    ) -> int:
        """Put a contact on a list, named or numbered, and return the new or existing contact's id."""
        target = self._contact_list(contact_list)
        _check(contact)
        number = _us_number(contact["phone_number"])
        if number not in target.contacts:
            fields = {"country": "US", **contact, "phone_number": number}
            target.contacts[number] = Contact(
                id=self._contact_id(number), fields=fields, custom=dict(custom), dial_on=dial_on
            )
        return target.contacts[number].id

    def _contact_id(self, number: str) -> int:
        """Return the id of the contact who has this number on any list, or a new one."""
        known = (one.contacts[number].id for one in self.contact_lists.values() if number in one.contacts)
        if (contact_id := next(known, None)) is None:
            self._contacts = contact_id = self._contacts + 1
        return contact_id

    def _campaign(self, campaign_id: str) -> CampaignState:
        if campaign_id not in self._campaigns:
            raise PbxError(f"Unknown campaign: {campaign_id}")
        return self._campaigns[campaign_id]

    def _contact_list(self, key: str) -> ContactList:
        if key.isdecimal() and int(key) in self.contact_lists:
            return self.contact_lists[int(key)]
        found = next((known for known in self.contact_lists.values() if known.name == key), None)
        if found is None:
            raise PbxError(f"Unknown contact list: {key}")
        return found


def _check(contact: Mapping[str, str]) -> None:
    if missing := _blank(contact, REQUIRED):
        raise PbxError(f"Missing fields of the contact: {', '.join(missing)}")
    for key in ("state", "country"):
        code = contact.get(key, "")
        if code and not (len(code) == len("IL") and code.isascii() and code.isalpha()):
            raise PbxError(f"The contact's {key} must be two letters: {code}")


def _blank(contact: Mapping[str, str], keys: Iterable[str]) -> list[str]:
    return [key for key in keys if not contact.get(key, "").strip()]


def _us_number(number: str) -> str:
    digits = number.translate(str.maketrans("", "", "+-(). "))
    if len(digits) == len("18475550100") and digits.startswith("1"):
        digits = digits[1:]
    elif number.strip().startswith("+"):
        digits = ""  # of another country, whatever its length
    if len(digits) != len("8475550100") or not digits.isdecimal():
        raise PbxError(f"The contact's phone number must be one of ten digits in the United States: {number}")
    return digits
