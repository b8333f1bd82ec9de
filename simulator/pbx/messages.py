"""Text messages: the SMS record table and the rules of sending."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import count
from typing import Unpack

from simulator.engine import PbxError
from simulator.models import Extension, Message, SentMessage
from simulator.pbx.core import CoreOptions
from simulator.pbx.directory import Directory
from simulator.pbx.records import national

LONGEST_MESSAGE = 200  # characters
SHORTEST_NUMBER, LONGEST_NUMBER = 7, 15  # digits


class Messages(Directory):
    """The SMS table."""

    def __init__(self, **options: Unpack[CoreOptions]) -> None:
        super().__init__(**options)
        self._messages: list[Message] = []
        self._row_ids = count(1)
        self._last_message_at: datetime | None = None
        self._unreachable: set[str] = set()

    def messages(self) -> Sequence[Message]:
        """Return the whole SMS table, oldest first."""
        return self._messages

    def add_message(self, message: Message) -> None:
        """Put a row into the table; the rows after it get later ids."""
        self._messages.append(message)
        self._row_ids = count(message.id + 1)

    def send_sms(self, src: str, dst: Sequence[str], body: str, account_code: str) -> SentMessage:
        """Send one message to numbers and extensions, or to nobody if one of them is wrong; `src` is an extension."""
        sender = self.user(src)
        if not 1 <= len(body) <= LONGEST_MESSAGE:
            raise PbxError(f"The message must have 1 to {LONGEST_MESSAGE} characters")
        targets = [self._target(each.strip(), sender.tenant) for each in dst if each.strip()]
        if not targets:
            raise PbxError("No destination was provided")
        message_id = self._new_message_id()
        for target in targets:
            self._write(
                src=sender, dst=target, original="", body=body, account_code=account_code, message_id=message_id
            )
        return SentMessage(
            src=sender.ext,
            dst=[_written(target, sender.tenant) for target in targets],
            body=body,
            account_code=account_code,
            message_id=message_id,
        )

    def receive_sms(self, src: str, dst: str, body: str) -> str:
        """Let a message come in for a user, or for one of the PBX's numbers; returns its message id."""
        leads_to = self.numbers.get(dst, dst)
        target = self.find_user(leads_to) or _e164(leads_to)
        original = _e164(dst) if dst in self.numbers else ""
        message_id = self._new_message_id()
        self._write(src=_e164(src), dst=target, original=original, body=body, account_code="", message_id=message_id)
        return message_id

    def sms_unreachable(self, number: str, unreachable: bool = True) -> None:
        """Let messages to a number fail from now on."""
        (self._unreachable.add if unreachable else self._unreachable.discard)(_e164(number))

    def _target(self, text: str, tenant: str) -> Extension | str:
        if user := self.find_user(text, tenant):
            return user
        digits = "".join(filter(str.isdecimal, text))
        if "@" in text or any(map(str.isalpha, text)) or not SHORTEST_NUMBER <= len(digits) <= LONGEST_NUMBER:
            raise PbxError(f"Unknown destination: {text}")
        return f"+{digits}"

    def _write(
        self,
        *,
        src: Extension | str,
        dst: Extension | str,
        original: str,
        body: str,
        account_code: str,
        message_id: str,
    ) -> None:
        row = next(self._row_ids)
        self._messages.append(
            Message(
                id=row,
                time=self.now(),
                src_label=_label(src),
                dst_original_label=_label(original),
                dst_label=_label(dst),
                src=_key(src),
                dst_original=original,
                dst=_key(dst),
                status="failure" if dst in self._unreachable else "success",
                direction=_direction(src, dst),
                body=body,
                account_code=account_code,
                message_id=message_id,
                cdr_id=row,
            )
        )

    def _new_message_id(self) -> str:
        """Return an id as PHP's uniqid() makes them: from the clock, and never the same twice."""
        moment = self.now()
        if self._last_message_at and moment <= self._last_message_at:
            moment = self._last_message_at + timedelta(microseconds=1)
        self._last_message_at = moment
        seconds = int(moment.timestamp())
        return f"{seconds}.{seconds:08x}{moment.microsecond:05x}"


def _e164(number: str) -> str:
    digits = national(number)
    return f"+1{digits}" if len(digits) == len("8475550100") else f"+{digits.removeprefix('+')}"


def _key(party: Extension | str) -> str:
    return party.auth_id if isinstance(party, Extension) else party


def _label(party: Extension | str) -> str:
    if isinstance(party, Extension):
        return f"{party.ext}@{party.tenant} - {party.name}"
    return national(party).removeprefix("+")


def _written(party: Extension | str, tenant: str) -> str:
    """Return a destination as `send_sms` answers it."""
    if isinstance(party, Extension):
        return party.ext if party.tenant == tenant else f"{party.ext}@{party.tenant}"
    return party


def _direction(src: Extension | str, dst: Extension | str) -> str:
    match isinstance(src, Extension), isinstance(dst, Extension):
        case True, True:
            return "internal"
        case True, False:
            return "outbound"
        case False, True:
            return "inbound"
        case _:
            return "hairpin"
