"""Feed of text messages: each told once, when it has come in or gone out."""

from collections.abc import AsyncIterator, Sequence
from datetime import datetime, timedelta
from typing import Final, override

from homeassistant.util import dt as dt_util

from ..api.models import Message
from ..coordinator.base import Connection
from ..coordinator.keys import Action
from ..events.records import RecordEvents
from .cursor import Stamp
from .feed import RecordFeed
from .store import RecordStore

MESSAGES_PER_PAGE: Final = 500


class MessageFeed(RecordFeed[Message]):
    """Reads the SMS table (`sms.php query_sms`)."""

    action = Action.SMS
    interval = timedelta(seconds=60)
    section = "messages"
    # The table's times are cut to seconds.
    unseen = timedelta(seconds=1)

    def __init__(self, connection: Connection, store: RecordStore, events: RecordEvents) -> None:
        super().__init__(connection, store)
        self._events = events

    @override
    async def _async_pages(self, start: datetime) -> AsyncIterator[Sequence[Message]]:
        offset, total = 0, 1
        while offset < total:
            page = await self.client.query_sms(start=start, limit=MESSAGES_PER_PAGE, offset=offset, ascending=True)
            if not page.messages:
                return
            yield page.messages
            offset, total = offset + len(page.messages), page.total

    @override
    def _stamp(self, record: Message) -> Stamp:
        # `message_id` repeats across recipients; it and the recipient stand in for an id that is not there.
        key = str(record.id) if record.id is not None else f"{record.message_id} {record.dst_label}"
        moment = record.timestamp or dt_util.utcnow()
        return Stamp(id=key, began=moment, ended=moment)

    @override
    def _fire(self, record: Message) -> None:
        self._events.fire_message(record)
