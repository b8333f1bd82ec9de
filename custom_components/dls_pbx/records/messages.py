"""Feed of text messages: each told once, when it has come in or gone out."""

from collections.abc import AsyncIterator, Sequence
from datetime import datetime, timedelta
from typing import override

from homeassistant.util import dt as dt_util

from ..api.models import Message
from ..coordinator.base import Connection
from ..coordinator.keys import Action
from ..events.records import RecordEvents
from .cursor import Stamp
from .feed import RecordFeed
from .read import async_in_order
from .store import RecordStore


class MessageFeed(RecordFeed[Message]):
    """Reads the SMS table (`sms.php query_sms`)."""

    action = Action.SMS
    interval = timedelta(seconds=60)
    section = "messages"

    def __init__(self, connection: Connection, store: RecordStore, events: RecordEvents) -> None:
        super().__init__(connection, store)
        self._events = events

    @override
    def _pages(self, start: datetime, *, thorough: bool) -> AsyncIterator[Sequence[Message]]:
        now = dt_util.utcnow()
        return async_in_order(self.client.message_pages(start), lambda message: message.timestamp or now)

    @override
    async def _async_newest(self) -> Sequence[Message]:
        return (await self.client.query_sms(limit=2, ascending=False)).messages

    @override
    def _stamp(self, record: Message) -> Stamp:
        # `message_id` repeats across recipients; it and the recipient stand in for an id that is not there.
        key = str(record.id) if record.id is not None else f"{record.message_id} {record.dst_label}"
        return Stamp(id=key, began=record.timestamp or dt_util.utcnow())

    @override
    def _fire(self, record: Message) -> None:
        self._events.fire_message(record)
