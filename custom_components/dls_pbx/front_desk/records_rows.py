"""Rows that the commands answer that ask the PBX for its records. Times are ISO 8601 with a zone; None = not known."""

from enum import StrEnum
from typing import TypedDict


class Outcome(StrEnum):
    """What came of a call."""

    ANSWERED = "answered"
    MISSED = "missed"
    VOICEMAIL = "voicemail"
    ABANDONED = "abandoned"
    FAX = "fax"


class LoggedCallRow(TypedDict):
    """A call, by the PBX's id; times in seconds. `outcome` is None of who was called and did not answer."""

    id: str
    time: str
    direction: str
    outcome: Outcome | None
    number: str | None
    tel: str | None
    name: str | None
    vip: bool
    own_number: str | None
    extension: str | None
    agent: str | None
    queues: list[str]
    wait: int | None
    duration: int
    recording: str | None


class MessageRow(TypedDict):
    """A text of a conversation."""

    id: str
    direction: str
    text: str
    time: str | None
    status: str | None
    extension: str | None
    account_code: str | None
