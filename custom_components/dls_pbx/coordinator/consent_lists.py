"""Coordinator of the PBX's consent lists: who agreed to get texts, and who asked for no more.

There is no paging, so they are read rarely: once an hour for their sizes, before a text if nobody has looked for a
minute, and after a change of ours.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from time import monotonic
from typing import Any, Final, override

from homeassistant.core import callback
from homeassistant.util import dt as dt_util

from ..api import DlsPbxConnectionError, DlsPbxError, DlsPbxPermissionError, DlsPbxRateLimitError
from ..api.models import ConsentList, ConsentLists
from ..records.store import RecordStore
from .base import Connection, DlsPbxCoordinator, StatusCoordinator
from .derived import ListSize
from .keys import MEMBERSHIP, Action, ObjectKey, ObjectKind

# How long the lists may be gone by.
FRESH: Final = timedelta(minutes=1)
# Of the store: whether the lists have ever been read.
SECTION: Final = "consent"


@dataclass(frozen=True, slots=True)
class _Word:
    """What the PBX said of its lists, and when it was asked."""

    said: ConsentLists | DlsPbxError = field(repr=False)
    changes: int  # how many changes of ours it knows of
    at: datetime
    clock: float  # s, which nobody can set

    @property
    def holds(self) -> bool:
        """Whether it can still be gone by. A clock that was set, or slept with its machine, must not keep it young."""
        if isinstance(self.said, DlsPbxError) and not isinstance(self.said, DlsPbxPermissionError):
            return False
        by_date = timedelta() <= dt_util.utcnow() - self.at <= FRESH
        return by_date and monotonic() - self.clock <= FRESH.total_seconds()

    def lists(self) -> ConsentLists:
        """Return the lists; raises what the PBX, or the way to it, said instead."""
        if isinstance(self.said, DlsPbxError):
            raise self.said
        return self.said


class ConsentListsCoordinator(DlsPbxCoordinator[ConsentLists]):
    """The lists and their sizes. A failure of theirs is no outage of the PBX."""

    action = Action.QUERY_LISTS
    interval = timedelta(hours=1)

    def __init__(self, connection: Connection, store: RecordStore, others: Sequence[StatusCoordinator[Any]]) -> None:
        super().__init__(connection)
        self._store = store
        self._others = others
        self._word: _Word | None = None
        self._changes = 0
        self._asking: asyncio.Task[None] | None = None
        self._down = False  # with the whole PBX
        self.known = False  # whether the PBX has shown its lists in this run

    @property
    def were_readable(self) -> bool:
        """Whether this PBX has ever shown its lists to us, in this run or before."""
        return bool(self._store.sections.get(SECTION))

    @property
    def last(self) -> ConsentLists | None:
        """The lists as they were last read; None where the PBX did not show them then."""
        return self._word.said if self._word and isinstance(self._word.said, ConsentLists) else None

    @callback
    def async_start(self) -> None:
        """Read the lists once Home Assistant has started, and now and then."""
        self.async_look_once_started()
        for coordinator in self._others:
            self.config_entry.async_on_unload(coordinator.async_add_listener(self._follow))

    @callback
    def _follow(self) -> None:
        """Be gone while the PBX is: the next look of our own may be an hour away."""
        down = not any(one.last_update_success for one in self._others)
        if down and self.last_update_success:
            self._down, self.last_update_success = True, False
            self.async_update_listeners()
        elif self._down and not down:
            self._down = False
            self.config_entry.async_create_task(self.hass, self.async_request_refresh())

    async def async_lists(self) -> ConsentLists:
        """Return the lists as they were no longer than a minute ago; raises a DlsPbxError.

        Those who ask at once share a request, also one that fails.
        """
        # What is on its way may have been asked before the last change of ours: then once more.
        for _ in range(2):
            if self._word and self._word.holds and self._word.changes == self._changes:
                return self._word.lists()
            before = self._word
            if self._asking is None or self._asking.done():
                self._asking = self.hass.async_create_task(self.async_refresh(), f"{self.name} for a text")
            # Shielded: others may wait for it when one of them is stopped.
            await asyncio.shield(self._asking)
            if self._word and self._word is not before and self._word.changes == self._changes:
                return self._word.lists()
        if self._word and isinstance(self._word.said, DlsPbxRateLimitError):
            raise self._word.said
        raise DlsPbxConnectionError("The lists change faster than they can be read, or nothing is asked any more")

    @callback
    def async_changed(self) -> None:
        """Take what was read so far for outdated: we may have changed a list."""
        self._changes += 1
        self.config_entry.async_create_task(self.hass, self.async_request_refresh())

    @override
    async def _async_ask(self) -> ConsentLists:
        asked = partial(_Word, changes=self._changes, at=dt_util.utcnow(), clock=monotonic())
        try:
            lists = await self.client.query_lists()
        except DlsPbxError as err:
            self._word = asked(err)
            raise
        self._word = asked(lists)
        return lists

    @override
    async def _async_take(self, answer: ConsentLists) -> None:
        sizes = {
            ObjectKey(kind, one.id): _size(one)
            for kind, lists in ((ObjectKind.OPT_IN, answer.opt_in), (ObjectKind.OPT_OUT, answer.opt_out))
            for one in lists
            if one.id
        }
        for key in self.data.keys() - sizes.keys():
            self._drop(key)
        for key, size in sizes.items():
            self._set(key, size)
        if not self.known:
            # News even if there is no list at all: those of the last run may be gone.
            self.known = True
            self._changed.add(MEMBERSHIP)
        if not self.were_readable:
            # At once: a kill must not make a list that vanishes later look like one that never was.
            self._store.put(SECTION, {"readable": True})
            await self._store.async_save_if_possible()


def _size(one: ConsentList) -> ListSize:
    return ListSize(name=one.name or one.id, total=len(one.numbers) if one.total is None else one.total)
