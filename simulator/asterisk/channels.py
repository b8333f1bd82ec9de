"""Channels put together to calls: whoever dialed, and where they got to."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
import re

from simulator.asterisk.ami import Row
from simulator.asterisk.directory import Directory, Endpoint
from simulator.models import Direction, Extension, LiveCall

UP = "6"  # AST_STATE_UP
_DIALED = re.compile(r"(?:PJSIP|SIP)/([^/&,@]+)(@[^&,]+)?")
_FAX = frozenset({"SendFAX", "ReceiveFAX"})
_NATIONAL = 10  # digits of a number of North America without the 1


@dataclass(frozen=True, slots=True)
class Channel:
    """One leg of a call (`CoreShowChannels`)."""

    row: Row
    endpoint: Endpoint | None

    @property
    def id(self) -> str:
        """Return its unique id."""
        return self.row.get("Uniqueid", "")

    @property
    def call(self) -> str:
        """Return the unique id of the channel that the call began with."""
        return self.row.get("Linkedid", "")

    @property
    def up(self) -> bool:
        """Tell whether it has been answered."""
        return self.row.get("ChannelState") == UP

    @property
    def application(self) -> str:
        """Return what it is running (`Queue`)."""
        return self.row.get("Application", "")

    @property
    def arguments(self) -> Sequence[str]:
        """Return what its application was given."""
        return self.row.get("ApplicationData", "").split(",")

    @property
    def dialed(self) -> str:
        """Return the number that it dialed. In a macro (FreePBX) only `Dial` still knows it."""
        extension = self.row.get("Exten", "")
        found = _dialed(self)
        return found[0] if found and not extension.lstrip("*#+").isdecimal() else extension

    def number(self, key: str) -> str:
        """Return a number that the channel shows, "" for none."""
        number = self.row.get(key, "")
        return "" if number == "<unknown>" else number


class Channels:
    """The channels of one reading, put together to calls."""

    def __init__(self, rows: Iterable[Row], directory: Directory) -> None:
        self._directory = directory
        channels = [Channel(row, directory.of_channel(row.get("Channel", ""))) for row in rows]
        self._calls: dict[str, list[Channel]] = {}
        for channel in channels:
            if channel.endpoint is not None:
                self._calls.setdefault(channel.call, []).append(channel)

    def calls(self) -> list[LiveCall]:
        """Return the calls in progress, oldest first. A fax is shown by `faxes` and is none."""
        found = (self._call(legs) for legs in self._calls.values() if not any(leg.application in _FAX for leg in legs))
        return sorted(found, key=lambda call: call.started_at)

    @property
    def ids(self) -> frozenset[str]:
        """Return the calls' ids: the unique ids of their first channels."""
        return frozenset(self._calls)

    def connected_to(self) -> Mapping[str, str]:
        """Return by endpoint the number at the other end of its call."""
        others: dict[str, str] = {}
        for call, legs in self._calls.items():
            for leg in legs:
                if leg.endpoint is None:
                    continue
                if leg.id == call:
                    others[leg.endpoint.name] = leg.dialed
                elif leg.up:
                    others[leg.endpoint.name] = leg.number("ConnectedLineNum")
        return others

    def of(self, name: str) -> Channel | None:
        """Return the channel of that name."""
        channels = (leg for legs in self._calls.values() for leg in legs)
        return next((leg for leg in channels if leg.row.get("Channel") == name), None)

    def _call(self, legs: Sequence[Channel]) -> LiveCall:
        first = next((leg for leg in legs if leg.id == leg.call), legs[0])
        user = self._directory.users.get(first.endpoint.name) if first.endpoint else None
        outside = next((leg for leg in legs if leg is not first and leg.endpoint and not leg.endpoint.mailbox), None)
        dialed = _dialed(first)
        outbound = user is not None and (outside is not None or (dialed is not None and dialed[1] is not None))
        direction = Direction.INBOUND if user is None else Direction.OUTBOUND if outbound else Direction.INTERNAL
        shown = outside.number("ConnectedLineNum") if outside else ""
        return LiveCall(
            direction=direction,
            connected=first.up,
            started_at=began(first.call),
            connected_to=self._place(first, legs, outbound=outbound),
            caller_id=first.number("CallerIDNum") or None
            if user is None
            else (_international(shown) if outbound and shown else None),
            extension=user,
        )

    def _place(self, first: Channel, legs: Sequence[Channel], *, outbound: bool) -> str:
        """Return what `status.php calls` shows as `connected_to`."""
        match first.application:
            case "Queue":
                return f"Queue:{first.arguments[0]}"
            case "ConfBridge":
                return f"Conference:{first.arguments[0]}"
            case "VoiceMail":
                owner = self._directory.of_mailbox(first.arguments[0])
                return label(owner) if owner else first.dialed
        if outbound:
            return first.dialed
        others = [leg.endpoint.name for leg in legs if leg is not first and leg.endpoint]
        if dialed := _dialed(first):
            others.append(dialed[0])
        callee = next((self._directory.users[name] for name in others if name in self._directory.users), None)
        return label(callee) if callee else first.dialed


def _dialed(channel: Channel) -> tuple[str, str | None] | None:
    """Return whom a channel is dialing: an endpoint, or a number and `@line`."""
    found = _DIALED.match(channel.row.get("ApplicationData", "")) if channel.application == "Dial" else None
    return (found[1], found[2]) if found else None


def label(user: Extension) -> str:
    """Return a user as `status.php calls` spells one."""
    return f"{user.ext}@{user.tenant}-{user.name}"


def began(unique_id: str) -> datetime:
    """Return when a channel came up: its id begins with the second."""
    seconds = unique_id.rpartition("-")[2].partition(".")[0]  # `systemname-1795490022.4`
    return datetime.fromtimestamp(int(seconds) if seconds.isdecimal() else 0, UTC)


def _international(number: str) -> str:
    return f"+1{number}" if len(number) == _NATIONAL and number.isdecimal() else number
