"""Enums of the PBX's words of which there are a few."""

from enum import StrEnum
from typing import Any, Self, override

from .. import vocabulary, wire


class TolerantEnum(StrEnum):
    """An enum whose list may grow at the PBX: a word we do not know is UNKNOWN, not an error."""

    @classmethod
    def read(cls, value: Any) -> Self:
        """Return the member that a text of the PBX means, whatever its case."""
        found = cls.of(value)
        if found == "unknown" and (word := _word(value)) and word != "unknown":
            vocabulary.note_word(cls.__name__, word)
        return found

    @classmethod
    def of(cls, value: Any) -> Self:
        """Return the same, and count nothing: where a word is looked at again and again."""
        return cls(_word(value))

    @classmethod
    def known(cls) -> tuple[str, ...]:
        """Return the words that the PBX's page has: all that can be asked for."""
        return tuple(one for one in cls if one != "unknown")

    @classmethod
    @override
    def _missing_(cls, value: object) -> Self:
        return cls("unknown")


def _word(value: Any) -> str:
    return (wire.text(value) or "").casefold()


class Registration(TolerantEnum):
    """What `sip show peers` says of a phone."""

    OK = "ok"
    LAGGED = "lagged"
    UNREACHABLE = "unreachable"
    UNMONITORED = "unmonitored"
    UNKNOWN = "unknown"


class DeviceState(TolerantEnum):
    """What `queue show` says of an agent's device."""

    NOT_IN_USE = "not in use"
    IN_USE = "in use"
    BUSY = "busy"
    INVALID = "invalid"
    UNAVAILABLE = "unavailable"
    RINGING = "ringing"
    RING_IN_USE = "ring+inuse"
    ON_HOLD = "on hold"
    UNKNOWN = "unknown"


class AgentState(StrEnum):
    """What an agent can do for a caller. In this order one agent's states in several queues make one."""

    ON_CALL = "on_call"
    RINGING = "ringing"
    AVAILABLE = "available"
    PAUSED = "paused"
    UNREACHABLE = "unreachable"


class CallDirection(TolerantEnum):
    """Where a live call comes from and goes to."""

    INBOUND = "inbound"
    OUTBOUND = "outbound"
    INTERNAL = "internal"
    UNKNOWN = "unknown"


class CallStatus(TolerantEnum):
    """How far a live call is."""

    RINGING = "ringing"
    CONNECTED = "connected"
    UNKNOWN = "unknown"


class Disposition(TolerantEnum):
    """How a call of the CDR came out for whoever dialed it."""

    ANSWERED = "answered"
    BUSY = "busy"
    FAILED = "failed"
    NO_ANSWER = "no answer"
    UNKNOWN = "unknown"


class RecordDirection(TolerantEnum):
    """Where a call of the CDR came from and went to; `hairpin` came from outside and was sent outside again."""

    INTERNAL = "internal"
    INBOUND = "inbound"
    DIRECT_INBOUND = "directinbound"
    OUTBOUND = "outbound"
    HAIRPIN = "hairpin"
    UNKNOWN = "unknown"


class MessageStatus(TolerantEnum):
    """What came of a text: sent, which is not delivered, or not (`sms.php query_sms`)."""

    SUCCESS = "success"
    FAILURE = "failure"
    UNKNOWN = "unknown"


class MessageDirection(TolerantEnum):
    """Which way a text went; a hairpin came in, and was sent on to a number outside (`sms.php query_sms`)."""

    INBOUND = "inbound"
    INTERNAL = "internal"
    HAIRPIN = "hairpin"
    OUTBOUND = "outbound"
    UNKNOWN = "unknown"
