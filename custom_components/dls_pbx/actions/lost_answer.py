"""Lost answers of the PBX: what may have happened, and whether a text went out all the same."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from homeassistant.util import dt as dt_util

from .. import phone_numbers
from ..api import (
    Directory,
    DlsPbxAuthenticationError,
    DlsPbxClient,
    DlsPbxConnectionError,
    DlsPbxError,
    DlsPbxResponseError,
    DlsPbxUnreachableError,
)
from ..api.models import Message, MessageStatus, SentMessage

# The PBX's clock and ours may differ. Only rows that are new count, so a wide look back costs nothing but rows.
CLOCK_SKEW: Final = timedelta(hours=1)
# A PBX that is too slow to say what it has sent so far shall not keep a text waiting.
PATIENCE: Final = 10
# Rows may share a second, and the PBX orders them by time: the newest few surely hold the highest id.
NEWEST: Final = 20
LOOKED_THROUGH: Final = 200

_SENT: Final[Mapping[str, Any]] = {"direction": ["outbound", "internal"]}


def may_have_been_done(err: DlsPbxError) -> bool:
    """Tell whether the PBX may have done what it was asked although no answer says so."""
    if isinstance(err, DlsPbxUnreachableError):
        return False
    return isinstance(err, (DlsPbxConnectionError, DlsPbxResponseError))


@dataclass(frozen=True, slots=True)
class Sending:
    """One text on its way. Only one per PBX at a time.

    A query after the fact cannot tell a lost text from the same text sent a minute ago, by us or by somebody at the
    PBX. So the highest id in the PBX's record is noted before: rows above it are what this sending did.
    """

    client: DlsPbxClient
    directory: Directory
    region: str
    sender: str | None  # the auth ID behind our key
    recipients: Mapping[str, str | None]  # to the auth IDs of those who are users
    message: str
    account_code: str | None

    async def async_send(self) -> SentMessage:
        """Send once; raises the DlsPbxError if the answer got lost and the text is not in the PBX's record."""
        since = dt_util.utcnow() - CLOCK_SKEW
        newest = await self._async_newest(since)
        try:
            return await self.client.send_sms(list(self.recipients), self.message, self.account_code)
        except DlsPbxError as err:
            if newest is not None and may_have_been_done(err) and (sent := await self._async_find(since, newest)):
                return sent
            raise

    async def _async_newest(self, since: datetime) -> int | None:
        """Return the highest id in the PBX's record, or None if it cannot be known."""
        try:
            async with asyncio.timeout(PATIENCE):
                page = await self.client.query_sms(_SENT, start=since, limit=NEWEST, ascending=False)
        except DlsPbxAuthenticationError:
            raise
        except DlsPbxError, TimeoutError:
            # A key may be allowed to send but not to read, and a text is worth sending without a way to find it.
            return None
        ids = [row.id for row in page.messages if row.id is not None]
        return max(ids, default=0) if len(ids) == len(page.messages) else None

    async def _async_find(self, since: datetime, newest: int) -> SentMessage | None:
        """Look for the text among the new rows; there is one row for each recipient."""
        try:
            page = await self.client.query_sms(_SENT, start=since, limit=LOOKED_THROUGH, ascending=False)
        except DlsPbxError:
            return None
        found: dict[str | None, list[str]] = {}
        for row in page.messages:
            if (row.id or 0) > newest and self._is_ours(row):
                found.setdefault(row.message_id, []).append(row.dst_label or "")
        for message_id, labels in found.items():
            if all(any(self._is_for(recipient, label) for label in labels) for recipient in self.recipients):
                return SentMessage(message_id=message_id, recipients=tuple(self.recipients))
        return None

    def _is_ours(self, row: Message) -> bool:
        # The PBX may show a number of its own for who sent it, and file a text without an account code under its own.
        sender = self.directory.auth_id(row.src_label)
        return (
            row.status != MessageStatus.FAILURE
            and (row.message or "").split() == self.message.split()
            and self.account_code in (None, row.account_code)
            and (None in (sender, self.sender) or sender == self.sender)
        )

    def _is_for(self, recipient: str, label: str) -> bool:
        """Tell whether a label such as `100@default - Phone Name` or `2224445555` is a recipient's."""
        if recipient.startswith("+"):
            return phone_numbers.same_number(recipient, label, self.region)
        if auth_id := self.recipients[recipient]:
            return self.directory.auth_id(label) == auth_id
        return label.startswith(f"{recipient}@")
