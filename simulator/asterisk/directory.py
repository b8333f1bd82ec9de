"""Who has a phone there: endpoints, their contacts and mailboxes, told as users."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
import re

from simulator.asterisk.ami import Row
from simulator.facts import Extension, Registration

LAGGED_MS = 2000  # from here on `sip show peers` called a phone lagged; PJSIP has no word for it
_CALLER_ID = re.compile(r'^\s*"?(.*?)"?\s*<([^>]*)>\s*$')
_URI = re.compile(r"^sips?:(?:[^@;]*@)?(\[[^\]]+\]|[^:;]+)(?::(\d+))?")
_CHANNEL = re.compile(r"^(?:PJSIP|SIP)/(.+)-[0-9a-f]{8}$")
_INTERFACE = re.compile(r"^(?:PJSIP|SIP)/([^/@]+)$")
_STATUS = {
    "Reachable": Registration.OK,
    "Unreachable": Registration.UNREACHABLE,
    "NonQualified": Registration.UNMONITORED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """A PJSIP endpoint. With a mailbox it is a user's phone, without one a line to the outside."""

    name: str
    label: str = ""  # its caller ID's name
    mailbox: str = ""
    context: str = ""  # the mailbox's


class Directory:
    """The endpoints by name, and the users among them as the last reading showed them."""

    def __init__(self, details: Iterable[Row] = ()) -> None:
        found = map(_endpoint, details)
        self.endpoints: Mapping[str, Endpoint] = {endpoint.name: endpoint for endpoint in found}
        self.users: Mapping[str, Extension] = {}
        self._by_mailbox: Mapping[str, str] = {
            f"{endpoint.mailbox}@{endpoint.context}": endpoint.name
            for endpoint in self.endpoints.values()
            if endpoint.mailbox
        }
        self.update((), ())

    @property
    def tenants(self) -> list[str]:
        """Return the tenants (voicemail contexts); a tenant's id is its place here."""
        return list(dict.fromkeys(endpoint.context for endpoint in self.endpoints.values() if endpoint.mailbox))

    def update(self, contacts: Iterable[Row], mailboxes: Iterable[Row]) -> None:
        """Take in where the phones are (`PJSIPShowContacts`) and what waits for them (`VoicemailUsersList`)."""
        where: dict[str, Row] = {}
        for contact in contacts:
            name = contact.get("Endpoint", "")
            if name not in where or contact.get("Status") == "Reachable":
                where[name] = contact
        boxes = {f"{row.get('VoiceMailbox')}@{row.get('VMContext')}": row for row in mailboxes}
        self.users = {
            endpoint.name: _user(
                endpoint, where.get(endpoint.name, {}), boxes.get(f"{endpoint.mailbox}@{endpoint.context}", {})
            )
            for endpoint in self.endpoints.values()
            if endpoint.mailbox
        }

    def of_channel(self, channel: str) -> Endpoint | None:
        """Return whose channel this is."""
        found = _CHANNEL.match(channel)
        return self.endpoints.get(found[1]) if found else None

    def of_interface(self, *interfaces: str) -> Extension | None:
        """Return the user behind a queue member's interface, or the interface that its state comes from."""
        for interface in interfaces:
            if (found := _INTERFACE.match(interface)) and found[1] in self.users:
                return self.users[found[1]]
        return None

    def of_mailbox(self, mailbox: str) -> Extension | None:
        """Return the user of `mailbox@context`."""
        return self.users.get(self._by_mailbox.get(mailbox, ""))


def _endpoint(detail: Row) -> Endpoint:
    caller_id = _CALLER_ID.match(detail.get("Callerid", ""))
    mailbox, _, context = detail.get("Mailboxes", "").partition(",")[0].strip().partition("@")
    return Endpoint(
        name=detail["ObjectName"],
        label=caller_id[1] if caller_id else "",
        mailbox=mailbox,
        context=context or "default",
    )


def _user(endpoint: Endpoint, contact: Row, box: Row) -> Extension:
    status = contact.get("Status", "")
    address = _URI.match(contact.get("Uri", ""))
    usec = contact.get("RoundtripUsec", "")
    latency = max(1, round(int(usec) / 1000)) if status == "Reachable" and usec.isdecimal() else None
    registration = _STATUS.get(status, Registration.UNKNOWN)
    if latency is not None and latency > LAGGED_MS:
        registration = Registration.LAGGED
    return Extension(
        ext=endpoint.mailbox,
        name=box.get("Fullname") or endpoint.label,
        tenant=endpoint.context,
        auth_id=endpoint.name,
        voicemail_new=int(box.get("NewMessageCount") or 0),
        voicemail_old=int(box.get("OldMessageCount") or 0),
        registration=registration,
        latency_ms=latency,
        host=address[1] if address else None,
        port=int(address[2] or 5060) if address else 0,
    )
