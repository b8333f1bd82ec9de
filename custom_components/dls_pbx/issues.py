"""Issues: what a person can mend, told among Home Assistant's repairs for as long as it lasts.

What passes by itself is told nowhere here: the log and entities that are unavailable say enough of an outage.
"""

from collections import Counter
from collections.abc import Set as AbstractSet
from datetime import datetime, timedelta, timezone
from enum import StrEnum
from typing import Final

from homeassistant.const import CONF_USERNAME
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import issue_registry as ir
from homeassistant.util import dt as dt_util

from .const import DOMAIN
from .coordinator.keys import Action, ObjectKey
from .data import DlsPbxConfigEntry
from .devices import phone_name
from .options import SmsConsent
from .texts import text

# Zones that lie closer together do not exist; a clock that is off by less is no zone that was chosen wrongly.
LEAST_OFFSET: Final = timedelta(minutes=30)
# No zone lies outside: then the clock itself is wrong, and no zone would help.
WESTMOST: Final = timedelta(hours=-12)
EASTMOST: Final = timedelta(hours=14)
# One phone may be mistaken.
LEAST_PHONES: Final = 2
# What a phone told longer ago may be of a time before the clocks changed.
FRESH: Final = timedelta(days=7)


class Issue(StrEnum):
    """What can be wrong; also the key of its text."""

    NOT_PERMITTED = "not_permitted"
    WRONG_TIME_ZONE = "wrong_time_zone"
    PHONES_GONE = "phones_gone"
    ALL_PHONES_GONE = "all_phones_gone"
    CONSENT_LISTS_UNREADABLE = "consent_lists_unreadable"
    RECORDS_UNREADABLE = "records_unreadable"

    def issue_id(self, entry_id: str) -> str:
        """Return the issue's id: each PBX has at most one of a kind."""
        return f"{self}_{entry_id}"


@callback
def async_start(hass: HomeAssistant, entry: DlsPbxConfigEntry) -> None:
    """Tell from now on what can be mended at a PBX, until the entry is unloaded."""
    data = entry.runtime_data
    watch = _Watch(hass, entry)
    data.outages.refused |= watch.known_refusals()
    data.outages.on_refusal = watch.permissions
    watch.consent()
    watch.stored()
    entry.async_on_unload(data.users.async_add_listener(watch.phones))
    entry.async_on_unload(data.provisioning.async_subscribe(watch.provisioning_changed))
    entry.async_on_unload(watch.unloaded)


@callback
def async_forget(hass: HomeAssistant, entry_id: str) -> None:
    """Take back everything that was told of a PBX."""
    for issue in Issue:
        ir.async_delete_issue(hass, DOMAIN, issue.issue_id(entry_id))


def utc_offset(moment: datetime) -> str:
    """Write how far a time is from UTC, as lists of time zones do: UTC-06:00."""
    return f"UTC{moment:%:z}"


class _Watch:
    """Looks at one PBX whenever something that matters here has changed."""

    def __init__(self, hass: HomeAssistant, entry: DlsPbxConfigEntry) -> None:
        self._hass = hass
        self._entry = entry
        self._labels: dict[str, str] = {}  # of chosen phones, for when they are gone

    def known_refusals(self) -> set[Action]:
        """Return what was refused before the entry was loaded again: it may not be asked for a while."""
        issue = ir.async_get(self._hass).async_get_issue(DOMAIN, Issue.NOT_PERMITTED.issue_id(self._entry.entry_id))
        return set(map(Action, str(issue.data["actions"]).split())) if issue and issue.data else set()

    @callback
    def permissions(self) -> None:
        """Tell which actions the key may not use."""
        self.consent()
        data = self._entry.runtime_data
        if {coordinator.action for coordinator in data.coordinators} <= data.outages.refused:
            # A key that may do nothing any more is a wrong one, in other words.
            data.client.refuse("The PBX refuses everything that it is asked for")
            self._entry.async_start_reauth(self._hass)
        refused = sorted(self._entry.runtime_data.outages.refused)
        if not refused:
            self._mended(Issue.NOT_PERMITTED)
            return
        names = sorted(text(self._hass, f"asked_{action}", action) for action in refused)
        self._tell(
            Issue.NOT_PERMITTED,
            {"actions": " ".join(refused)},
            username=self._entry.data[CONF_USERNAME],
            actions="\n".join(f"- {name}" for name in names),
        )

    @callback
    def consent(self) -> None:
        """Tell that the key may not read consent lists, where texts depend on them: only a person can grant it."""
        data = self._entry.runtime_data
        if Action.QUERY_LISTS in data.outages.refused and data.options.sms_consent is not SmsConsent.OFF:
            self._tell(Issue.CONSENT_LISTS_UNREADABLE, {}, username=self._entry.data[CONF_USERNAME])
        else:
            self._mended(Issue.CONSENT_LISTS_UNREADABLE)

    @callback
    def stored(self) -> None:
        """Tell that what was stored could not be read; that is over when Home Assistant starts again."""
        if file := self._entry.runtime_data.store.put_aside:
            self._tell(Issue.RECORDS_UNREADABLE, {}, file=file)

    @callback
    def phones(self) -> None:
        """Tell which of the chosen phones the PBX did not show when it answered last."""
        users = self._entry.runtime_data.users
        chosen = self._entry.runtime_data.options.phones
        if users.snapshot is None:
            return
        shown = users.snapshot.rows
        for auth_id in filter(shown.__contains__, chosen):
            self._labels[auth_id] = phone_name(shown[auth_id])
        gone = [auth_id for auth_id in chosen if auth_id not in shown]
        # Without the last of them the choice would be empty, which means all phones: nobody chose that.
        issue = Issue.ALL_PHONES_GONE if len(gone) == len(chosen) else Issue.PHONES_GONE
        for other in {Issue.ALL_PHONES_GONE, Issue.PHONES_GONE} - ({issue} if gone else set()):
            self._mended(other)
        if gone:
            labels = (self._labels.get(auth_id, auth_id) for auth_id in gone)
            self._tell(issue, {"phones": " ".join(gone)}, phones=", ".join(labels))

    @callback
    def provisioning_changed(self, _before: object, after: object, keys: AbstractSet[ObjectKey]) -> None:
        """Look at the clock again where phones may have fetched."""
        if after or keys:
            self.clock()

    @callback
    def clock(self) -> None:
        """Tell by how much most phones, of those that fetched lately, say that the PBX's clock is off its zone."""
        provisioning = self._entry.runtime_data.provisioning
        now = dt_util.utcnow()
        rows = provisioning.snapshot.rows.values() if provisioning.snapshot else ()
        offsets = Counter(
            phone.clock_offset
            for phone in rows
            if phone.clock_offset is not None
            and phone.last_provisioned
            and now - (phone.last_provisioned - phone.clock_offset) <= FRESH
        )
        (offset, phones), *_ = offsets.most_common(1) or [(timedelta(0), 0)]
        if 2 * phones <= offsets.total():
            return
        local = now.astimezone(self._entry.runtime_data.client.time_zone)
        theirs = (local.utcoffset() or timedelta(0)) + offset
        if abs(offset) < LEAST_OFFSET or not WESTMOST <= theirs <= EASTMOST:
            self._mended(Issue.WRONG_TIME_ZONE)
        elif phones >= LEAST_PHONES:
            self._tell_zone(local, theirs)

    def _tell_zone(self, local: datetime, theirs: timedelta) -> None:
        self._tell(
            Issue.WRONG_TIME_ZONE,
            {"utc_offset": theirs.total_seconds()},
            time_zone=str(local.tzinfo),
            zone_offset=utc_offset(local),
            pbx_offset=utc_offset(local.astimezone(timezone(theirs))),
        )

    def _tell(self, issue: Issue, data: dict[str, str | float], **placeholders: str) -> None:
        entry = self._entry
        ir.async_create_issue(
            self._hass,
            DOMAIN,
            issue.issue_id(entry.entry_id),
            data={"entry_id": entry.entry_id, **data},
            is_fixable=issue in (Issue.PHONES_GONE, Issue.WRONG_TIME_ZONE),
            severity=ir.IssueSeverity.WARNING,
            translation_key=issue,
            translation_placeholders={"name": entry.title, **placeholders},
        )

    def _mended(self, issue: Issue) -> None:
        ir.async_delete_issue(self._hass, DOMAIN, issue.issue_id(self._entry.entry_id))

    @callback
    def unloaded(self) -> None:
        """Say no more of a PBX that is turned off. A reload keeps what was said, and whether somebody ignores it."""
        if self._entry.disabled_by:
            async_forget(self._hass, self._entry.entry_id)
