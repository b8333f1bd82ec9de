"""Tracker of callbacks: callers whom nobody spoke to are owed one, until somebody has spoken to them.

An open item holds a caller's tries since somebody last spoke to them, in whatever order the CDR tells of them: a row
that comes late, or again with a correction, leads to the same list as one that came in time.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta, tzinfo
from functools import partial
from itertools import chain
from typing import Any, Final
from uuid import uuid4

from homeassistant.core import CALLBACK_TYPE, callback
from homeassistant.util import dt as dt_util

from .. import phone_numbers
from ..api.models import CallRecord, Message, MessageStatus
from ..const import LOGGER
from ..contacts.callers import name_of, outside_caller
from ..records.conversations import is_incoming
from ..records.merge_patch import difference
from .items import Callback, Stored, Try, from_stored, item_uid
from .talks import parties, talks

# What is done is shown for a while, and then only remembered for as long as rows of before may still come.
SHOWN: Final = timedelta(weeks=1)
REMEMBERED: Final = timedelta(days=2)
MOST_COMPLETED: Final = 200
MOST_OPEN: Final = 1000


class Callbacks:
    """The callbacks that one PBX's callers are owed, and those of the last days that are done."""

    def __init__(self, stored: Stored, *, region: str, zone: tzinfo) -> None:
        self.region = region
        self.zone = zone  # the PBX's
        items = from_stored(stored)
        self._owed = {item.number: item for item in items.values() if not item.completed}
        self._done = {uid: item for uid, item in items.items() if item.completed}
        self._stored: dict[str, Callback] = {}  # by their uids, as `changes` has told of them
        self._changes: dict[str, Callback | None] = dict(items)  # None: gone
        if isinstance(stored, Mapping):
            self._stored, self._changes = items, dict.fromkeys(stored.keys() - items.keys())
        self._listeners: list[CALLBACK_TYPE] = []
        self._overflowed = False
        self._forget()

    @property
    def items(self) -> list[Callback]:
        """Those to be shown: first the owed ones, who has waited longest first, then the done ones, latest first."""
        done = sorted((item for item in self._done.values() if not item.deleted), key=_until, reverse=True)
        return sorted(self._owed.values(), key=lambda item: item.first) + done

    @property
    def owed(self) -> Collection[Callback]:
        """Those whom somebody has to call."""
        return self._owed.values()

    @property
    def open(self) -> int:
        """How many callers are owed a call."""
        return len(self._owed)

    def changes(self) -> dict[str, Any]:
        """Return what has changed since this was asked last, as a merge patch of the items by their uids."""
        changes, self._changes = self._changes, {}
        patch = {}
        for uid, item in changes.items():
            before = self._stored.pop(uid, None)
            if item:
                self._stored[uid] = item
            patch[uid] = difference(before and before.as_stored(), item and item.as_stored())
        return patch

    @callback
    def async_subscribe(self, listener: CALLBACK_TYPE) -> CALLBACK_TYPE:
        """Have every change told; returns unsubscribe."""
        self._listeners.append(listener)
        return partial(self._listeners.remove, listener)

    @callback
    def note(self, records: Sequence[CallRecord], recent: Collection[CallRecord]) -> None:
        """Take in new rows of the CDR, and rows corrected to `bridged`; `recent` are all of about the last day."""
        before = self._owed.copy()
        callers = [(outside_caller(record, self.region), record) for record in records if record.missed]
        missed = [(number, record) for number, record in callers if number]
        if missed:
            settled = self._settled(min(record.began for _, record in missed), recent)
            for number, record in missed:
                if number not in settled or record.began > settled[number]:
                    self._owe(number, record)
        for record in records:
            if record.bridged and self._owed:
                for number in parties(record, self.region):
                    self._strike_out(number, record.began)
        if self._owed != before:
            self._changed()

    @callback
    def correct(self, records: Iterable[CallRecord]) -> bool:
        """Note what tries have turned out to be: a fax is owed nothing. Return whether that changed anything."""
        before = self._owed.copy()
        marked = {record.id: record for record in records if record.fax or record.voicemail}
        for item in before.values():
            if marked.keys().isdisjoint(one.id for one in item.tries):
                continue
            left = tuple(
                replace(one, voicemail=True) if one.id in marked else one
                for one in item.tries
                if not (one.id in marked and marked[one.id].fax)
            )
            if left:
                self._keep(replace(item, tries=left))
            else:
                self._drop(item)
        if self._owed == before:
            return False
        self._changed()
        return True

    @callback
    def rename(self, new_ids: Mapping[str, str]) -> None:
        """Know tries by the ids that the PBX has come to give their calls, so that it can still correct them."""
        for item in [*self._owed.values(), *self._done.values()]:
            tries = tuple(replace(one, id=new_ids.get(one.id, one.id)) for one in item.tries)
            if tries != item.tries:
                self._keep(replace(item, tries=tries))

    @callback
    def complete(self, uid: str) -> None:
        """Tick off by hand, for all that has happened up to now."""
        if item := self._owed_one(uid):
            self._finish(item, dt_util.utcnow())
            self._changed()

    @callback
    def reopen(self, uid: str) -> None:
        """Take a tick back; who has called again since then is one item all the same."""
        if item := self._done.get(uid):
            newer = self._owed.get(item.number)
            self._drop(item)
            self._keep(newer.with_reopened(item) if newer else replace(item, completed=None))
            self._changed()

    @callback
    def ask(self, number: str, note: str | None) -> str:
        """Owe a call to somebody who has asked for one and is owed none yet; returns the item's uid."""
        # As if they had tried: they wait for a call from now on.
        asked = Try(id=f"asked.{uuid4().hex}", began=dt_util.utcnow())
        self._keep(Callback(uid=asked.id, number=number, name=None, tries=(asked,), note=note))
        self._changed()
        return asked.id

    @callback
    def change(self, uid: str, *, note: str | None, owner: str | None) -> None:
        """Note what people here say of an item, and who of them has taken it."""
        item = self.find(uid)
        if item and (item.note, item.owner) != (note, owner):
            self._keep(replace(item, note=note, owner=owner))
            self._changed()

    @callback
    def texted(self, numbers: Iterable[str]) -> bool:
        """Note that somebody has just texted some numbers; returns whether they are owed a call."""
        items = [item for number in numbers if (item := self._owed.get(number))]
        for item in items:
            # After all tries that are known, also where the PBX's clock is ahead of ours.
            self._keep(replace(item, texted=max(dt_util.utcnow(), item.last + datetime.resolution)))
        if items:
            self._changed()
        return bool(items)

    @callback
    def note_texts(self, messages: Iterable[Message]) -> bool:
        """Take in texts that went out, whoever sent them; return whether that changed anything."""
        before = self._owed.copy()
        for message in messages:
            number = None if is_incoming(message) else phone_numbers.outside(message.dst_label or "", self.region)
            item = self._owed.get(number) if number and message.status != MessageStatus.FAILURE else None
            if item and message.timestamp and message.timestamp > (item.texted or item.last):
                self._keep(replace(item, texted=message.timestamp))
        if self._owed == before:
            return False
        self._changed()
        return True

    @callback
    def delete(self, uids: Collection[str]) -> None:
        """Take items off the list; what led to them does not bring them back."""
        for uid in uids:
            if item := self._owed_one(uid):
                self._finish(item, dt_util.utcnow())
            if uid in self._done:
                self._keep(replace(self._done[uid], deleted=True))
        self._changed()

    def find(self, uid: str) -> Callback | None:
        """Return an item that is on the list, owed or done."""
        item = self._one(uid)
        return None if item is None or item.deleted else item

    def owed_to(self, number: str) -> Callback | None:
        """Return the item of a caller who is owed a call."""
        return self._owed.get(number)

    def _one(self, uid: str) -> Callback | None:
        return self._changes[uid] if uid in self._changes else self._stored.get(uid)

    def _owed_one(self, uid: str) -> Callback | None:
        item = self._one(uid)
        return None if item is None or item.completed else item

    def _keep(self, item: Callback) -> None:
        """Have an item among the owed ones or the done ones, in place of what it was there."""
        if item.completed:
            self._done[item.uid] = item
        else:
            self._owed[item.number] = item
        self._changes[item.uid] = item

    def _drop(self, item: Callback) -> None:
        if item.completed:
            del self._done[item.uid]
        else:
            del self._owed[item.number]
        self._changes[item.uid] = None

    def _settled(self, since: datetime, recent: Iterable[CallRecord]) -> dict[str, datetime]:
        """Return up to when each number is owed nothing: somebody spoke to them, or their item was ticked off."""
        done = ((item.number, _until(item)) for item in self._done.values())
        settled: dict[str, datetime] = {}
        for number, until in chain(done, talks(recent, since, self.region)):
            settled[number] = max(until, settled.get(number, until))
        return settled

    def _owe(self, number: str, record: CallRecord) -> None:
        one = Try(id=record.id, began=record.began, queues=record.queues, voicemail=record.voicemail)
        name = name_of(record)
        if item := self._owed.get(number):
            self._keep(item.with_tries([one], name))
        else:
            uid = item_uid(one.id, number, taken=self._one(one.id) is not None)
            self._keep(Callback(uid=uid, number=number, name=name, tries=(one,)))

    def _strike_out(self, number: str, until: datetime) -> None:
        """Strike out the tries up to a conversation; with the last of them the item is done."""
        if item := self._owed.get(number):
            left = tuple(one for one in item.tries if one.began > until)
            if left:
                self._keep(replace(item, tries=left))
            else:
                self._finish(item, until)

    def _finish(self, item: Callback, until: datetime) -> None:
        self._drop(item)
        self._keep(replace(item, completed=until))

    def _changed(self) -> None:
        self._forget()
        for listener in tuple(self._listeners):
            try:
                listener()
            except Exception:  # noqa: BLE001 - whatever it is, the rows have to be saved and told
                LOGGER.exception("Unexpected error showing callbacks")

    def _forget(self) -> None:
        """Keep the list within bounds."""
        now = dt_util.utcnow()
        shown_since, remembered_since = now - SHOWN, now - REMEMBERED
        shown = 0
        for item in sorted(self._done.values(), key=_until, reverse=True):
            hidden = item.deleted or shown >= MOST_COMPLETED
            shown += not hidden
            if _until(item) < (remembered_since if hidden else shown_since):
                self._drop(item)
            elif hidden != item.deleted:
                self._keep(replace(item, deleted=hidden))
        too_many = sorted(self._owed.values(), key=lambda item: item.last)[:-MOST_OPEN]
        for item in too_many:
            self._drop(item)
        if too_many and not self._overflowed:
            self._overflowed = True
            LOGGER.warning("More than %d callers are owed a call: the oldest are dropped from the list", MOST_OPEN)


def _until(item: Callback) -> datetime:
    return item.completed or item.last
