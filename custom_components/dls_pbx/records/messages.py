"""Feed of text messages: each told once, when it has come in or gone out."""

from collections.abc import AsyncIterator, Callable, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import override

from homeassistant.core import CALLBACK_TYPE, callback
from homeassistant.util import dt as dt_util

from ..api.models import Message
from ..callbacks.tracker import Callbacks
from ..coordinator.base import Connection
from ..coordinator.keys import Action
from ..events.records import RecordEvents
from .cursor import Stamp
from .feed import RecordFeed
from .read import async_in_order
from .store import RecordStore

type TextsListener = Callable[[Sequence[Message]], None]


class MessageFeed(RecordFeed[Message]):
    """Reads the SMS table (`sms.php query_sms`)."""

    action = Action.SMS
    interval = timedelta(seconds=60)
    section = "messages"

    def __init__(self, connection: Connection, store: RecordStore, events: RecordEvents, callbacks: Callbacks) -> None:
        super().__init__(connection, store)
        self._events = events
        self._callbacks = callbacks
        self._readers: list[TextsListener] = []

    @callback
    def async_listen(self, listener: TextsListener) -> CALLBACK_TYPE:
        """Have the texts that are read told, also those that are known: they may have changed; returns unsubscribe."""
        self._readers.append(listener)
        return partial(self._readers.remove, listener)

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
        key = f"{record.message_id} {record.dst_label}" if record.id is None else str(record.id)
        return Stamp(id=key, began=record.timestamp or dt_util.utcnow())

    @override
    def _take_in(self, records: Sequence[Message], fresh: Sequence[Message]) -> bool:
        for listener in tuple(self._readers):
            self._call(partial(listener, records))
        # All of them, each time: the call that a text answers may be told later than the text.
        if not self._callbacks.note_texts(records):
            return False
        self._store.patch("callbacks", self._callbacks.changes())
        return True

    @override
    def _fire(self, record: Message) -> None:
        self._events.fire_message(record)
