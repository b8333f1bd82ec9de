"""Report over the CDR (`reports.php`): a pure function from records and a request to a table of texts."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from zoneinfo import ZoneInfo

from simulator.engine import PbxError
from simulator.models import CallRecord, Direction, Extension
from simulator.report.columns import COLUMNS
from simulator.report.filters import Groups, People, read_groups
from simulator.report.options import Options, read_options
from simulator.report.request import FilterGroup, ReportRequest, ReportResult, Rule
from simulator.report.text import write_title

__all__ = ["COLUMNS", "FilterGroup", "ReportRequest", "ReportResult", "Rule", "run_report"]

_CHICAGO = ZoneInfo("America/Chicago")
_NO_GROUPS: Groups = {}


def run_report(
    records: Sequence[CallRecord],
    request: ReportRequest,
    *,
    time_zone: ZoneInfo = _CHICAGO,
    user_groups: Groups = _NO_GROUPS,
    queue_members: Groups = _NO_GROUPS,
    users: Sequence[Extension] = (),
    tenants: Iterable[str] = (),
    reading: str = "page",
) -> ReportResult:
    """Return a report's table, all texts, or raise PbxError for anything that the vendor's page does not know.

    `time_zone` is the PBX's own, for a report that names none; groups and queue members are auth ids by name; `reading`
    is what its filters mean, one of `filters.READINGS`.
    """
    _check(request)
    options = read_options(request.options, time_zone)
    if options.order_by not in COLUMNS or (sort_fn := COLUMNS[options.order_by].sort_fn) is None:
        raise PbxError(f"A report can't be ordered by {options.order_by}")
    known = _known(records, users) if request.filter_groups else {}
    people = People(
        groups=user_groups,
        members=queue_members,
        users=known,
        tenants={*tenants, *(user.tenant for user in known.values())},
    )
    shown = read_groups(request.filter_groups, people, reading)
    found = [call for call in records if _in_range(call, options) and shown(call)]
    if not options.count_only:
        found.sort(key=sort_fn, reverse=options.descending)
    titles = [COLUMNS[name].title if options.formatted_names else name for name in request.columns]
    return ReportResult(
        title=write_title(options),
        columns=titles,
        results=None if options.count_only else _page(found, request, options),
        total_results=len(found),
    )


def _known(records: Iterable[CallRecord], users: Iterable[Extension]) -> dict[str, Extension]:
    """Return the users that there are, and those who are gone and left calls behind."""
    gone = (user for call in records for user in (call.src_user, call.dst_user) if user)
    return {user.auth_id: user for people in (gone, users) for user in people}


def _check(request: ReportRequest) -> None:
    if request.report_type != "detail_table":
        raise PbxError(f"Unknown report type: {request.report_type}")
    if not request.columns:
        raise PbxError("A report needs at least one column")
    if unknown := [name for name in request.columns if name not in COLUMNS]:
        raise PbxError(f"Unknown report column: {', '.join(unknown)}")


def _in_range(call: CallRecord, options: Options) -> bool:
    return (options.start is None or options.start <= call.started_at) and (
        options.end is None or call.started_at <= options.end
    )


def _page(found: Sequence[CallRecord], request: ReportRequest, options: Options) -> list[list[str]]:
    rows = found[options.offset :] if options.limit is None else found[options.offset : options.offset + options.limit]
    if options.map_mirrors:
        rows = [_mapped(call) for call in rows]
    values = [COLUMNS[name].value_fn for name in request.columns]
    return [[str(value_fn(call, options)) for value_fn in values] for call in rows]


def _mapped(call: CallRecord) -> CallRecord:
    """Show a mirror's call as its parent's; who dialed is the mirror, unless the call came from outside."""
    parent = call.mirrored_from
    if parent is None:
        return call
    if call.direction in (Direction.OUTBOUND, Direction.INTERNAL):
        return replace(call, src=parent.ext, src_name=parent.name, src_user=parent)
    return replace(call, dst=parent.ext, dst_name=parent.name, dst_user=parent)
