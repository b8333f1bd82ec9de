"""The PBX's consent lists: who agreed to get texts, and who asked for no more.

There is no paging, so they are read rarely: once an hour for their sizes, before a text if nobody has looked for a
minute, and after a change of ours.
"""

import asyncio
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from time import monotonic
from typing import TYPE_CHECKING, Any, Final, override

from homeassistant.const import CONF_USERNAME
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import issue_registry as ir
from homeassistant.helpers.start import async_at_started
from homeassistant.util import dt as dt_util

from .api import DlsPbxConnectionError, DlsPbxError, DlsPbxPermissionError
from .api.models import ConsentList, ConsentLists
from .const import CONF_SMS_CONSENT, DEFAULT_SMS_CONSENT, DOMAIN, SmsConsent
from .coordinator import ROSTER, FactCoordinator
from .facts import OPT_IN, OPT_OUT, ListSize

# How long the lists may be gone by.
FRESH: Final = timedelta(minutes=1)
# Of the store: whether the lists have ever been read.
SECTION: Final = "consent"
ISSUE: Final = "consent_lists_unreadable"

if TYPE_CHECKING:
    from .runtime import DlsPbxConfigEntry


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


class ConsentListsCoordinator(FactCoordinator[ConsentLists]):
    """The lists and their sizes. A failure of theirs is no outage of the PBX."""

    action = "query_lists"
    interval = timedelta(hours=1)

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self._word: _Word | None = None
        self._changes = 0
        self._asking: asyncio.Task[None] | None = None
        self._down = False  # with the whole PBX
        self.known = False  # whether the PBX has shown its lists in this run

    @property
    def were_readable(self) -> bool:
        """Whether this PBX has ever shown its lists to us, in this run or before."""
        return bool(self.config_entry.runtime_data.store.sections.get(SECTION))

    @callback
    def async_start(self) -> None:
        """Read the lists once Home Assistant has started, and now and then."""
        entry = self.config_entry
        if sms_consent(entry) is SmsConsent.OFF:
            async_forget(self.hass, entry.entry_id)

        @callback
        def begin(hass: HomeAssistant) -> None:
            entry.async_create_background_task(hass, self.async_refresh(), f"{self.name} first look")

        entry.async_on_unload(async_at_started(self.hass, begin))
        for coordinator in entry.runtime_data.coordinators:
            entry.async_on_unload(coordinator.async_add_listener(self._follow))

    @callback
    def _follow(self) -> None:
        """Be gone while the PBX is: the next look of our own may be an hour away."""
        down = not any(one.last_update_success for one in self.config_entry.runtime_data.coordinators)
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
            if isinstance(err, DlsPbxPermissionError):
                self._complain()
            raise
        self._word = asked(lists)
        return lists

    @override
    async def _async_take(self, answer: ConsentLists) -> None:
        async_forget(self.hass, self.config_entry.entry_id)
        sizes = {
            (kind, one.id, ""): _size(one)
            for kind, lists in ((OPT_IN, answer.opt_in), (OPT_OUT, answer.opt_out))
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
            self._changed.add(ROSTER)
        if not self.were_readable:
            # At once: a kill must not make a list that vanishes later look like one that never was.
            store = self.config_entry.runtime_data.store
            store.sections[SECTION] = {"readable": True}
            await store.async_save()

    @callback
    def _complain(self) -> None:
        """Have the user told what the key may not do, where texts depend on it: only a person can grant it."""
        entry = self.config_entry
        if sms_consent(entry) is not SmsConsent.OFF:
            ir.async_create_issue(
                self.hass,
                DOMAIN,
                _issue_id(entry.entry_id),
                is_fixable=False,
                severity=ir.IssueSeverity.WARNING,
                translation_key=ISSUE,
                translation_placeholders={"name": entry.title, "username": entry.data[CONF_USERNAME]},
            )


def sms_consent(entry: DlsPbxConfigEntry) -> SmsConsent:
    """Return whom texts may go to."""
    return SmsConsent(entry.options.get(CONF_SMS_CONSENT, DEFAULT_SMS_CONSENT))


@callback
def async_forget(hass: HomeAssistant, entry_id: str) -> None:
    """Take back what was told the user of lists that cannot be read."""
    ir.async_delete_issue(hass, DOMAIN, _issue_id(entry_id))


def _issue_id(entry_id: str) -> str:
    return f"{ISSUE}_{entry_id}"


def _size(one: ConsentList) -> ListSize:
    return ListSize(name=one.name or one.id, total=len(one.numbers) if one.total is None else one.total)
