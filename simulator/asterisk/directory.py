"""Directory of an Asterisk: endpoints, their contacts and mailboxes, read as users."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
import re

from simulator.asterisk.ami import Row
from simulator.models import Extension, Registration

LAGGED_MS = 2000  # from here on `sip show peers` called a phone lagged; PJSIP has no word for it
_CALLER_ID = re.compile(r'^\s*"?(.*?)"?\s*<([^>]*)>\s*$')
_URI = re.compile(r"^sips?:(?:[^@;]*@)?(\[[^\]]+\]|[^:;]+)(?::(\d+))?")
_CHANNEL = re.compile(r"^(?:PJSIP|SIP)/(.+)-[0-9a-f]{8}$")
_LINE = re.compile(r"^(IAX2|DAHDI|SIP)/")  # lines that are no PJSIP endpoints
_INTERFACE = re.compile(r"^(?:PJSIP|SIP)/([^/@]+)$")
_EXTENSION = re.compile(r"^(?:Local/|hint:)([^@/]+)@")  # a place in the dialplan, named by the extension it leads to
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
    fixed: Row | None = None  # the contact of a phone that need not register, as it was when the endpoint was read


class Directory:
    """The endpoints by name, and the users among them as the last reading showed them."""

    def __init__(self, details: Sequence[Row] = ()) -> None:
        """Take what `PJSIPShowEndpoint` says of each."""
        fixed = {
            row["EndpointName"]: row
            for row in details
            if row["Event"] == "ContactStatusDetail" and row.get("RegExpire") == "0"
        }
        found = [_endpoint(row, fixed.get(row["ObjectName"])) for row in details if row["Event"] == "EndpointDetail"]
        self.endpoints: Mapping[str, Endpoint] = {endpoint.name: endpoint for endpoint in found}
        self.tenants = sorted({endpoint.context for endpoint in found if endpoint.mailbox})
        self.users: Mapping[str, Extension] = {}
        self._by_mailbox = {
            f"{endpoint.mailbox}@{endpoint.context}": endpoint.name for endpoint in found if endpoint.mailbox
        }
        self.update((), (), ())

    def update(self, endpoints: Iterable[Row], contacts: Iterable[Row], mailboxes: Iterable[Row]) -> None:
        """Take in how the phones are (`PJSIPShowEndpoints`), where (`PJSIPShowContacts`), and `VoicemailUsersList`."""
        states = {row["ObjectName"]: row.get("DeviceState", "") for row in endpoints}
        where: dict[str, Row] = {}
        for contact in contacts:
            name = contact.get("Endpoint", "")
            if name not in where or contact.get("Status") == "Reachable":
                where[name] = contact
        boxes = {f"{row.get('VoiceMailbox')}@{row.get('VMContext')}": row for row in mailboxes}
        self.users = {
            endpoint.name: _user(
                endpoint,
                where.get(endpoint.name) or _fixed(endpoint, states.get(endpoint.name, "")),
                boxes.get(f"{endpoint.mailbox}@{endpoint.context}", {}),
            )
            for endpoint in self.endpoints.values()
            if endpoint.mailbox
        }

    def of_channel(self, channel: str) -> Endpoint | None:
        """Return whose channel this is; None for Asterisk's own (announcers, halves of Local channels)."""
        if (found := _CHANNEL.match(channel)) and (endpoint := self.endpoints.get(found[1])):
            return endpoint
        line = _LINE.match(channel)
        return Endpoint(name=line[1]) if line else None

    def of_interface(self, *interfaces: str) -> Extension | None:
        """Return the user behind a queue member's interface, or the interface that its state comes from.

        FreePBX names neither phone (`Local/201@from-queue/n`, `hint:201@ext-local`): it has one tenant, so that the
        extension says who it is.
        """
        for interface in interfaces:
            if (found := _INTERFACE.match(interface)) and found[1] in self.users:
                return self.users[found[1]]
        extensions = {found[1] for interface in interfaces if (found := _EXTENSION.match(interface))}
        users = [user for user in self.users.values() if user.ext in extensions]
        return users[0] if len(users) == 1 else None

    def of_mailbox(self, mailbox: str) -> Extension | None:
        """Return the user of `mailbox@context`."""
        return self.users.get(self._by_mailbox.get(mailbox, ""))


def _endpoint(detail: Row, fixed: Row | None) -> Endpoint:
    caller_id = _CALLER_ID.match(detail.get("Callerid", ""))
    mailbox, _, context = detail.get("Mailboxes", "").partition(",")[0].strip().partition("@")
    return Endpoint(
        name=detail["ObjectName"],
        label=caller_id[1].replace('\\"', '"') if caller_id else "",
        mailbox=mailbox,
        context=context or "default",
        fixed=fixed,
    )


def _fixed(endpoint: Endpoint, state: str) -> Row:
    """Return the contact of a phone that need not register, which no list has: its device tells whether it is there."""
    if endpoint.fixed is None:
        return {}
    known = dict(endpoint.fixed)
    if known["Status"] != "NonQualified":
        known["Status"] = "Unreachable" if state == "Unavailable" else "Reachable"
    return known | {"Uri": known["URI"]}


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
