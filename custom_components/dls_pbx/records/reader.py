"""Reader of the CDR, which asks for what can be new, and rarely for more.

A row appears when its call has ended, and bears the time at which it began. So those that have just ended are looked
for where they began. Whether others have come in the last hours is seen by how many the PBX says that there are.
"""

from collections.abc import AsyncIterator, Container, Mapping
from datetime import datetime, timedelta
from typing import Final

from ..api import DlsPbxClient
from ..api.models import CallRecord
from ..coordinator.live import QueuesCoordinator
from .ended import Ended
from .read import async_read_calls, async_read_news, async_read_spans
from .spans import FEW, SLACK

# Nearly everything that nobody saw coming began within that time.
_LATELY: Final = timedelta(minutes=5)

type Pages = AsyncIterator[list[CallRecord]]


class CallReader:
    """Reads the calls of one PBX; `known` are those that were read, and it fills while pages are taken."""

    def __init__(self, client: DlsPbxClient, queues: QueuesCoordinator, known: Mapping[str, CallRecord]) -> None:
        self._client = client
        self._queues = queues
        self._known = known
        self._uncounted = 0  # rows that the PBX counts and nobody can read, or the other way round
        self.ended = Ended()

    def just_ended(self) -> Pages | None:
        """Return pages of the calls that have just ended; None where nobody knows where to look."""
        if (first := self.ended.first()) is None:
            return None
        queues = self._queues.names
        if self._count_known(first - SLACK) <= FEW:
            # Without an end it also shows what nobody has seen coming, such as a fax.
            return async_read_calls(self._client, first - SLACK, known=self._known, queues=queues, thorough=False)
        where = self.ended.spans(record.began for record in self._known.values())
        return async_read_spans(self._client, where, known=self._known, queues=queues)

    async def since(
        self, start: datetime, newest: datetime, unsettled: Container[str], *, thorough: bool
    ) -> AsyncIterator[list[CallRecord]]:
        """Yield pages of the calls since a time, of which `newest` is the last known; raises DlsPbxError.

        Unless it is `thorough`, what is there already is not looked at for corrections.
        """
        if thorough or self._count_known(start) <= FEW:
            async for page in self._news(start, unsettled, thorough=thorough):
                yield page
            return
        count = await self._client.count_calls(start)
        if count == self._count_known(start) + self._uncounted:
            return
        begin = min(newest - _LATELY, self.ended.first() or newest) - SLACK
        lately = [page async for page in self._news(max(begin, start), unsettled, thorough=False)]
        new = {record.id for page in lately for record in page} - self._known.keys()
        if count == self._count_known(start) + len(new) + self._uncounted:
            for page in lately:
                yield page
            return
        # Older ones have come as well: all of them in the order in which they happened.
        async for page in self._news(start, unsettled, thorough=False):
            yield page
        self._uncounted = count - self._count_known(start)

    def _news(self, start: datetime, unsettled: Container[str], *, thorough: bool) -> Pages:
        return async_read_news(
            self._client,
            start,
            known=self._known,
            unsettled=unsettled,
            queues=self._queues.names,
            thorough=thorough,
        )

    def _count_known(self, start: datetime) -> int:
        return sum(record.began >= start for record in self._known.values())
