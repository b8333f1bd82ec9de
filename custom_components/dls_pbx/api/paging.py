"""Paging: a table of the PBX, read page by page until there is no more, whatever its totals say."""

from collections.abc import AsyncIterator, Awaitable, Callable, Hashable, Sequence
from typing import Final, Protocol

from .exceptions import DlsPbxResponseError

# Pages in a row without a row that was not shown before: a PBX that does not see where a page shall begin.
_WITHOUT_NEWS: Final = 10


class Page(Protocol):
    """Some rows, and how many there are in all, as far as the PBX is to be believed."""

    @property
    def rows(self) -> Sequence[Hashable]:
        """The rows as they came, also those that nobody can read: the next page begins after them."""

    @property
    def total(self) -> int:
        """How many rows the PBX says that there are."""


class Pages:
    """How one table of a PBX comes in pages. A PBX may count in all, or only what is in the page."""

    def __init__(self) -> None:
        self._counts_all = False  # seen to tell of more rows than were in the page

    async def read[PageT: Page](self, ask: Callable[[int], Awaitable[PageT]]) -> AsyncIterator[tuple[PageT, bool]]:
        """Ask for the page after so many rows again and again; yield each, and whether it is the last."""
        shown: set[Hashable] = set()
        offset = without_news = 0
        while True:
            page = await ask(offset)
            self._counts_all |= page.total > len(page.rows)
            # A row that comes twice may be one row: rather a few again than one never.
            offset += len(set(page.rows))
            brings_news = not shown.issuperset(page.rows)
            shown.update(page.rows)
            without_news = 0 if brings_news else without_news + 1
            if without_news == _WITHOUT_NEWS:
                raise DlsPbxResponseError(f"The answer tells of {page.total} rows, and shows the same again and again")
            last = page.total <= offset and (self._counts_all or not brings_news)
            yield page, last
            if last:
                return
