"""Readers of the other status actions: faxes, conference rooms, desk phones, dialer campaigns and their logs."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

from .. import times, vocabulary, wire
from ..models import Campaign, CampaignLog, Conference, FaxJob, FaxStatus, ProvisionedPhone, Snapshot, Table
from ..wire import Row
from .merging import Reading, Steps, differs_only, keyed, merge, table

type _Attempt = tuple[str | None, ...]

_FAX_FIELDS: Final = frozenset({"to", "from", "page", "status", "attempt", "next_retry"})
_CONFERENCE_FIELDS: Final = frozenset({"conference_number", "users", "admins", "locked"})
_PHONE_FIELDS: Final = frozenset(
    {
        "ext",
        "mac_address",
        "file_name",
        "device",
        "last_provisioned",
        "last_provision_delta",
        "provisioned",
        "calls_in",
        "calls_out",
    }
)
_CAMPAIGN_FIELDS: Final = frozenset(
    {
        "agent_queue_id",
        "call_ratio",
        "caller_id",
        "context_id",
        "display_contacts_form",
        "hangup_on_disposition",
        "hide_number_in_caller_id",
        "id",
        "machine_context_id",
        "machine_rule_id",
        "machine_step_id",
        "max_attempts",
        "min_callback_time",
        "name",
        "rule_id",
        "script_id",
        "status",
        "step_id",
        "type",
    }
)
# Of an older fetch the PBX only says "Over a week ago"; a switch to summer time is hardly ever between.
_FRESH = timedelta(days=7)
# Zones lie apart by quarters of an hour; clocks and networks by less.
_QUARTER = timedelta(minutes=15)
# Between the first and the last place on earth to begin a day: more is no zone, but a clock that was never set.
_WIDEST = timedelta(hours=26)
_MINUTE = 60  # s: "5 hours" says too little


def faxes(value: Any, before: Snapshot[FaxStatus] | None, reading: Reading) -> Steps[Snapshot[FaxStatus]]:
    """Read `faxes`: one row, the whole."""
    return merge(Table([""], [dict(wire.pairs(value))]), before, reading, _fax_status)


def _fax_status(_key: str, row: Row, reading: Reading, old: FaxStatus | None, _old_row: Row | None) -> FaxStatus:
    retries = {_attempt(job): job.next_retry for job in old.jobs} if old else {}
    jobs = tuple(_fax_job(job, reading, retries) for job in wire.rows(row.get("queued_faxes")))
    counters = dict(wire.pairs(row.get("fax_stats")))
    statistics = {name: wire.count(counters, name) for name in counters}
    return FaxStatus(jobs=jobs, statistics=statistics)


def _fax_job(row: Row, reading: Reading, retries: Mapping[_Attempt, datetime | None]) -> FaxJob:
    vocabulary.note_fields(row, _FAX_FIELDS, "queued_faxes.")
    job = FaxJob(
        to=wire.text(row.get("to")),
        sender=wire.text(row.get("from")),
        processing=(wire.text(row.get("status")) or "").casefold() == "processing",
        page=wire.text(row.get("page")),
        attempt=wire.text(row.get("attempt")),
    )
    return replace(job, next_retry=times.until(row.get("next_retry"), reading.now, retries.get(_attempt(job))))


def _attempt(job: FaxJob) -> _Attempt:
    return job.to, job.sender, job.attempt


def conferences(value: Any, before: Snapshot[Conference] | None, reading: Reading) -> Steps[Snapshot[Conference]]:
    """Read `conferences`."""
    return merge(keyed(value, before, "conference_number"), before, reading, _conference)


def _conference(key: str, row: Row, _: Reading, _old: Conference | None, _old_row: Row | None) -> Conference:
    vocabulary.note_fields(row, _CONFERENCE_FIELDS)
    return Conference(
        number=key,
        participants=wire.count(row, "users"),
        admins=wire.count(row, "admins"),
        locked=wire.boolean(row.get("locked")),
    )


def provisioning(
    value: Any, before: Snapshot[ProvisionedPhone] | None, reading: Reading
) -> Steps[Snapshot[ProvisionedPhone]]:
    """Read `provisioning`. A user may have several phones, and a phone a line of several users."""
    lines = {
        f"{phone} {wire.text(row.get('ext'))}" if phone else None: row
        for row in wire.rows(value)
        for phone in [wire.text(row.get("mac_address")) or wire.text(row.get("file_name"))]
    }
    return merge(table(lines), before, reading, _provisioned_phone, _only_delta)


def _only_delta(row: Row, before: Row, _phone: ProvisionedPhone, _: Reading) -> bool:
    return differs_only(row, before, "last_provision_delta")


def _provisioned_phone(
    _key: str, row: Row, reading: Reading, _old: ProvisionedPhone | None, _old_row: Row | None
) -> ProvisionedPhone:
    vocabulary.note_fields(row, _PHONE_FIELDS)
    last_provisioned = times.instant(row.get("last_provisioned"), reading.zone)
    return ProvisionedPhone(
        extension=wire.text(row.get("ext")),
        mac_address=wire.text(row.get("mac_address")),
        device=wire.text(row.get("device")),
        last_provisioned=last_provisioned,
        clock_offset=_clock_offset(last_provisioned, row.get("last_provision_delta"), reading),
        provisioned=wire.boolean(row.get("provisioned")),
        calls_in=wire.count(row, "calls_in"),
        calls_out=wire.count(row, "calls_out"),
    )


def _clock_offset(stated: datetime | None, elapsed: Any, reading: Reading) -> timedelta | None:
    """Return how far a time that the PBX states lies from what it says has passed since, in whole quarters of an hour.

    Told once, when the phone fetches: from then on the two only grow older together.
    """
    ago = times.span(elapsed)
    if stated is None or ago is None or ago.length > _FRESH or ago.unit > _MINUTE:
        return None
    offset = round((stated - (reading.now - ago.length)) / _QUARTER) * _QUARTER
    return offset if abs(offset) <= _WIDEST else None


def campaigns(value: Any, before: Snapshot[Campaign] | None, reading: Reading) -> Steps[Snapshot[Campaign]]:
    """Read `dialer`."""
    return merge(keyed(value, before, "id"), before, reading, _campaign)


def _campaign(key: str, row: Row, _: Reading, _old: Campaign | None, _old_row: Row | None) -> Campaign:
    vocabulary.note_fields(row, _CAMPAIGN_FIELDS)
    return Campaign(
        id=key,
        name=wire.text(row.get("name")) or key,
        type=wire.text(row.get("type")),
        status=wire.text(row.get("status")),
        call_ratio=wire.decimal(row.get("call_ratio")),
        max_attempts=wire.count(row, "max_attempts"),
    )


def campaign_logs(value: Any, before: Snapshot[CampaignLog] | None, reading: Reading) -> Steps[Snapshot[CampaignLog]]:
    """Read `logs`, by the campaign's name: the PBX gives no id here."""
    return merge(keyed(value, before, "campaign"), before, reading, _campaign_log)


def _campaign_log(key: str, row: Row, _: Reading, _old: CampaignLog | None, _old_row: Row | None) -> CampaignLog:
    return CampaignLog(campaign=key, output=tuple(wire.text(line) or "" for _, line in wire.pairs(row.get("output"))))
