"""The CDR report: columns, filters and options as the vendor's page has them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from simulator.facts import CallRecord, Direction, Extension, PbxError
from simulator.report import COLUMNS, FilterGroup, ReportRequest, ReportResult, Rule, run_report

ANN = Extension(ext="100", name="Ann", tenant="default", auth_id="ann00000")
ZOE = Extension(ext="100", name="Zoë O'Neil", tenant="north-side", auth_id="zoe00000")
MOBILE = Extension(ext="1100", name="Ann - Mobile", tenant="default", auth_id="annmobil")
START = datetime(2026, 7, 1, 14, tzinfo=UTC)  # nine o'clock in Chicago

OUT = CallRecord(
    unique_id="1782914400.9",
    started_at=START,
    direction=Direction.OUTBOUND,
    src="100",
    src_name="Ann",
    src_type="Extension",
    src_user=ANN,
    dst="3125550100",
    dst_type="fixed-line",
    duration=40,
    billable_duration=30,
    bridged=True,
    bridged_unique_ids=("1782914402.10", "1782914403.11"),
)
QUEUE = CallRecord(
    unique_id="1782914460.10",
    started_at=START + timedelta(minutes=1),
    direction=Direction.INBOUND,
    src="8475550100",
    src_name="Café Olé",
    dst="support",
    dst_type="Queue",
    dst_user=ZOE,
    dst_original="8005550199",
    duration=165,
    billable_duration=165,
    bridged=True,
    recording_link="https://pbx.example.com/1",
    involved_queues=("sales", "support"),
    involved_agents=("zoe00000",),
    abandoned_queues=("sales",),
    queue_hold_durations=(10, 5),
    queue_talk_durations=(150,),
)
FAX = CallRecord(
    unique_id="1782914520.11",
    started_at=START + timedelta(minutes=2),
    direction=Direction.DIRECT_INBOUND,
    src="498912345678",
    dst="100",
    dst_user=ANN,
    duration=60,
    billable_duration=60,
    fax=True,
    fax_successful=True,
    fax_pages=3,
)
ROOM = CallRecord(
    unique_id="1782914580.12",
    started_at=START + timedelta(minutes=3),
    direction=Direction.INTERNAL,
    src="100",
    src_user=ZOE,
    dst="2000",
    dst_type="Conference",
    duration=600,
    billable_duration=600,
    conference="2000",
    recording_link="https://pbx.example.com/2",
)
CALLS = (OUT, QUEUE, FAX, ROOM)
NAMES = {call.unique_id: name for call, name in zip(CALLS, ("out", "queue", "fax", "room"), strict=True)}


def report(*columns: str, calls: Sequence[CallRecord] = CALLS, **options: str) -> ReportResult:
    """Return a report with these columns."""
    options = {key.removesuffix("_"): text for key, text in options.items()}
    return run_report(calls, ReportRequest(columns=columns or ("unique_id",), options=options))


def found(*groups: FilterGroup, calls: Sequence[CallRecord] = CALLS) -> set[str]:
    """Return the names of the calls that pass these filters."""
    request = ReportRequest(columns=("unique_id",), filter_groups=groups)
    result = run_report(
        calls, request, user_groups={"Sales": {"ann00000"}}, queue_members={"support": {"zoe00000"}, "empty": set()}
    )
    assert result.results is not None
    return {NAMES.get(row[0], row[0]) for row in result.results}


def only(kind: str, **rule: object) -> FilterGroup:
    """Return a group with one rule."""
    return FilterGroup(rules=(Rule(type=kind, **rule),))  # type: ignore[arg-type]


def value(column: str, call: CallRecord = QUEUE, **options: str) -> str:
    """Return one cell."""
    results = report(column, calls=(call,), **options).results
    assert results
    return results[0][0]


@pytest.mark.parametrize(
    ("column", "text"),
    {
        "unique_id": "1782914460.10",
        "bridged_unique_ids": "",
        "bridged": "Yes",
        "date": "2026-07-01 09:01:00",
        "callerid": '"Café Olé" <8475550100>',
        "last_app": "Dial",
        "billable_duration": "165",
        "disposition": "ANSWERED",
        "recording_link": "https://pbx.example.com/1",
        "transferred": "No",
        "blind_transferred": "No",
        "attended_transferred": "No",
        "forwarded": "No",
        "parked": "No",
        "direction": "inbound",
        "cel_link": "",
        "src_type": "fixed-line",
        "src": "8475550100",
        "src_npa": "847",
        "src_nxx": "555",
        "src_subscriber_number": "0100",
        "src_label": "(847) 555-0100",
        "src_user_label": "",
        "src_user_ext": "",
        "src_user_auth_id": "",
        "src_user_tenant_name": "",
        "dst_type": "Queue",
        "dst": "support",
        "dst_npa": "",
        "dst_nxx": "",
        "dst_subscriber_number": "",
        "dst_label": "support",
        "dst_original": "8005550199",
        "dst_user_label": "100@north-side - Zoë O'Neil",
        "dst_user_ext": "100",
        "dst_user_auth_id": "zoe00000",
        "dst_user_tenant_name": "north-side",
        "dst_context": "",
        "involved_queues": "sales,support",
        "involved_queue_count": "2",
        "involved_agents": "zoe00000",
        "involved_agent_count": "1",
        "transferred_from_queues": "",
        "transferred_from_queues_count": "0",
        "transferred_from_agents": "",
        "transferred_from_agents_count": "0",
        "abandoned_queues": "sales",
        "queue_talk_duration": "150",
        "queue_avg_talk_duration": "150",
        "queue_hold_duration": "15",
        "queue_avg_hold_duration": "8",
    }.items(),
)
def test_every_column_is_a_text(column: str, text: str) -> None:
    """A column would be missing or say something else."""
    assert value(column) == text


def test_there_are_the_columns_of_the_page() -> None:
    """A column that the page names would be refused."""
    assert len(COLUMNS) == 51


def test_users_numbers_and_lists_are_written_the_vendors_way() -> None:
    """Labels and lists would have another shape than the one that clients read."""
    assert value("src_label", OUT) == "100@default - Ann"
    assert value("dst_label", OUT) == "(312) 555-0100"
    assert value("dst_label", FAX) == "100@default - Ann"
    assert value("src_label", FAX) == "498912345678"
    assert value("bridged_unique_ids", OUT) == "1782914402.10,1782914403.11"
    assert value("callerid", FAX) == "<498912345678>"
    assert value("callerid", replace(FAX, src="")) == ""


def test_formatting_options_change_how_values_look() -> None:
    """An option of the page would have no effect."""
    assert value("billable_duration", formatted_durations="true") == "00:02:45"
    assert value("src", formatted_tns="true") == "(847)555-0100"
    assert value("dst", formatted_tns="true") == "support"
    assert value("date", formatted_dates="true") == "07/01/26 09:01 am"
    assert value("date", timezone="Europe/Berlin", formatted_dates="1") == "07/01/26 04:01 pm"
    assert report("src_npa", formatted_columns_names="true").columns == ["Source NPA"]


def test_a_mirrors_call_is_its_parents_if_so_wanted() -> None:
    """Calls of a mirrored phone would count for nobody."""
    mirrored = replace(OUT, src="1100", src_name=MOBILE.name, src_user=MOBILE, mirrored_from=ANN)
    assert value("src_label", mirrored) == "1100@default - Ann - Mobile"
    assert value("src_label", mirrored, map_mirrors="true") == "100@default - Ann"
    called = replace(FAX, dst="1100", dst_user=MOBILE, mirrored_from=ANN)
    assert value("dst_label", called, map_mirrors="true") == "100@default - Ann"
    assert value("dst_label", FAX, map_mirrors="true") == "100@default - Ann"


@pytest.mark.parametrize(
    ("group", "names"),
    [
        (only("duration", operator="=", value="60"), {"fax"}),
        (only("duration", operator="!=", value="60"), {"out", "queue", "room"}),
        (only("duration", operator=">", value="165"), {"room"}),
        (only("duration", operator=">=", value="165"), {"queue", "room"}),
        (only("duration", operator="<", value="60"), {"out"}),
        (only("duration", operator="<=", value="60"), {"out", "fax"}),
        (only("duration", operator="between", lower_value="40", upper_value="60"), {"out", "fax"}),
        (only("duration", operator="!between", lower_value="40", upper_value="60"), {"queue", "room"}),
        (only("fax_page_count", operator=">", value="2"), {"fax"}),
        (only("bridged"), {"out", "queue"}),
        (only("direction", value="outbound"), {"out"}),
        (only("direction", value=["outbound", "internal"]), {"out", "room"}),
        (only("direction", operator="!=", value=["outbound", "internal"]), {"queue", "fax"}),
        (only("tn", value="+1 (312) 555-0100"), {"out"}),
        (only("tn", value=["8475550100", "498912345678"]), {"queue", "fax"}),
        (only("pbxtn", value="18005550199"), {"queue"}),
        (only("international"), {"fax"}),
        (only("international_outbound"), set()),
        (only("tollfree"), {"queue"}),
        (only("tollfree_inbound"), {"queue"}),
        (only("recorded"), {"queue", "room"}),
        (only("voicemail"), set()),
        (only("users", value="ann00000"), {"out", "fax"}),
        (only("users", value="100@north-side"), {"queue", "room"}),
        (only("users", value="100"), {"out", "queue", "fax", "room"}),
        (only("users", operator="!=", value="100@north-side"), {"out", "fax"}),
        (only("tenant_users", value="north-side"), {"queue", "room"}),
        (only("group_users", value="Sales"), {"out", "fax"}),
        (only("groups", value="Sales"), {"out", "fax"}),
        (only("queue_users", value="support"), {"queue", "room"}),
        (only("queue_users", value=["empty"]), set()),
        (only("fax"), {"fax"}),
        (only("fax_successful"), {"fax"}),
        (only("fax_failed"), set()),
        (only("fax_detect_failed"), set()),
        (only("recorded_conference"), {"room"}),
        (only("conference"), {"room"}),
        (only("otf_conference"), set()),
        (only("conferences", value=["2000", "2001"]), {"room"}),
    ],
)
def test_every_filter_finds_its_calls(group: FilterGroup, names: set[str]) -> None:
    """A filter would let the wrong calls through."""
    assert found(group) == names


@pytest.mark.parametrize(
    ("kind", "changes"),
    [
        ("transferred", {"transferred": True}),
        ("blind_transferred", {"blind_transferred": True}),
        ("attended_transferred", {"attended_transferred": True}),
        ("forwarded", {"forwarded": True}),
        ("parked", {"parked": True}),
        ("voicemail", {"voicemail": True}),
        ("fax_failed", {"fax": True, "fax_successful": False}),
        ("fax_detect_failed", {"fax_detect_failed": True}),
        ("otf_conference", {"on_the_fly_conference": True}),
        ("international_outbound", {"dst": "498912345678"}),
        ("tollfree", {"dst": "8885550100"}),
    ],
)
def test_a_switch_finds_what_it_names(kind: str, changes: dict[str, object]) -> None:
    """A filter that matches nothing in the other tests might never match."""
    changed = replace(OUT, unique_id="1.1", **changes)  # type: ignore[arg-type]
    assert found(only(kind), calls=(OUT, changed)) == {"1.1"}


def test_groups_are_combined_and_excluding_wins() -> None:
    """And, or, include and exclude would be mixed up."""
    bridged, inbound, room = Rule(type="bridged"), Rule(type="direction", value="inbound"), Rule(type="conference")
    assert found(FilterGroup(rules=(bridged, inbound))) == {"queue"}
    assert found(FilterGroup(rules=(bridged, room), logical_operator="or")) == {"out", "queue", "room"}
    assert found(FilterGroup(rules=(bridged,)), FilterGroup(rules=(inbound,))) == {"queue"}
    exclude = FilterGroup(rules=(inbound,), exclusivity="exclude")
    assert found(FilterGroup(rules=(bridged,)), exclude) == {"out"}
    assert found(exclude, FilterGroup(rules=(room,), exclusivity="exclude")) == {"out", "fax"}
    assert found() == {"out", "queue", "fax", "room"}


def test_the_range_holds_both_ends_in_the_reports_zone() -> None:
    """Calls at the edge of a day would be lost or counted twice."""
    result = report(from_="2026-07-01 09:01:00", to="2026-07-01 09:02:00")
    assert result.results == [["1782914520.11"], ["1782914460.10"]]
    berlin = report(from_="2026-07-01 16:01:00", to="2026-07-01 16:02:00", timezone="Europe/Berlin")
    assert berlin.results == result.results
    assert (report(to="2026-07-01 08:59:59").results, report(from_="2026-07-01 09:03:01").results) == ([], [])


def test_the_title_says_range_zone_and_offset() -> None:
    """The title would differ from the vendor's."""
    title = report(from_="2016-10-01 12:39:00", to="2016-10-28 00:05:00", timezone="America/Chicago").title
    assert title == (
        "Restrict inclusive by date range 'Sat, Oct 1, 2016 12:39 pm' to 'Fri, Oct 28, 2016 12:05 am'"
        " - America/Chicago UTC-5:00 (DST)"
    )
    assert report(from_="2016-12-01 00:00:00").title.endswith("'Thu, Dec 1, 2016 12:00 am' - America/Chicago UTC-6:00")
    assert report(to="2016-12-01 00:00:00", timezone="Asia/Kolkata").title.endswith("Asia/Kolkata UTC+5:30")
    assert "Not restricted" in report().title


def test_rows_are_ordered_by_what_a_column_means() -> None:
    """Durations would be ordered like words, ids like fractions."""
    assert report("unique_id").results == [[call.unique_id] for call in reversed(CALLS)]
    by_duration = report("billable_duration", order_by="billable_duration", order_direction="ASCENDING").results
    assert by_duration == [["30"], ["60"], ["165"], ["600"]]
    by_id = report(
        order_by="unique_id", order_direction="ASCENDING", calls=(QUEUE, replace(OUT, unique_id="1782914460.9"))
    )
    assert by_id.results == [["1782914460.9"], ["1782914460.10"]]


@pytest.mark.parametrize("column", [name for name, column in COLUMNS.items() if column.sort_fn])
def test_every_sortable_column_sorts(column: str) -> None:
    """A column that may be ordered by would break the report."""
    ordered = report("unique_id", order_by=column, order_direction="ASCENDING").results
    sort_fn = COLUMNS[column].sort_fn
    assert ordered is not None
    assert sort_fn is not None
    by_id = {call.unique_id: call for call in CALLS}
    keys = [sort_fn(by_id[row[0]]) for row in ordered]
    assert all(first <= second for first, second in pairwise(keys))  # type: ignore[operator]


def test_pages_cover_everything_once() -> None:
    """A reader that goes through the pages would miss calls or see some twice."""
    pages = [report(page=str(page), per_page="3").results or [] for page in range(3)]
    assert [len(page) for page in pages] == [3, 1, 0]
    assert [row for page in pages for row in page] == report(page="ALL").results
    assert report(page_offset="1", per_page="2").results == [["1782914520.11"], ["1782914460.10"]]
    assert report(page="1", per_page="3").total_results == 4


def test_a_page_has_a_hundred_rows_unless_told() -> None:
    """Everything would come at once, or nothing beyond the first page."""
    calls = [replace(OUT, unique_id=f"{number}.0") for number in range(130)]
    assert len(report(calls=calls).results or ()) == 100
    assert len(report(calls=calls, page="1").results or ()) == 30
    assert len(report(calls=calls, page="ALL").results or ()) == 130


def test_only_the_count_comes_if_so_wanted() -> None:
    """A count would cost a whole report."""
    result = report(count_only="true", per_page="1")
    assert (result.results, result.total_results) == (None, 4)


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ({"colour": "blue"}, "Unknown report option: colour"),
        ({"timezone": "Mars/Olympus"}, "Unknown time zone"),
        ({"timezone": "America"}, "Unknown time zone"),
        ({"timezone": "../etc/passwd"}, "Unknown time zone"),
        ({"from_": "10/01/2016 12:39 pm"}, "YYYY-MM-DD HH:MM:SS"),
        ({"to": "2016-13-01 00:00:00"}, "YYYY-MM-DD HH:MM:SS"),
        ({"from_": "2016-10-02 00:00:00", "to": "2016-10-01 00:00:00"}, "after its 'to'"),
        ({"order_by": "colour"}, "can't be ordered by colour"),
        ({"order_by": "recording_link"}, "can't be ordered by recording_link"),
        ({"order_direction": "SIDEWAYS"}, "Unknown order_direction"),
        ({"page": "-1"}, "whole number"),
        ({"page": "all of them"}, "whole number"),
        ({"per_page": "0"}, "at least 1"),
        ({"page": "0", "page_offset": "0"}, "not both"),
        ({"count_only": "maybe"}, "true or false"),
    ],
)
def test_odd_options_are_refused(options: dict[str, str], text: str) -> None:
    """A slip in an option would give another report in silence."""
    with pytest.raises(PbxError, match=text):
        report(**options)


@pytest.mark.parametrize(
    ("group", "text"),
    [
        (only("colour"), "Unknown filter type: colour"),
        (only("bridged", value="No"), "takes no operator and no value"),
        (only("bridged", operator="="), "takes no operator and no value"),
        (only("duration", value="60"), "Unknown operator of the filter duration"),
        (only("duration", operator="~", value="60"), "Unknown operator of the filter duration: ~"),
        (only("duration", operator="=", value="long"), "needs a number"),
        (only("duration", operator="between", lower_value="1"), "needs a number"),
        (only("direction", value="upwards"), "Unknown direction: upwards"),
        (only("direction", operator=">", value="inbound"), "Unknown operator of the filter direction"),
        (only("users"), "needs a value"),
        (only("users", value=[]), "needs a value"),
        (only("groups", value="Nobody"), "Unknown value of the filter groups: Nobody"),
        (only("queue_users", value="nowhere"), "Unknown value of the filter queue_users: nowhere"),
        (FilterGroup(rules=()), "at least one rule"),
        (FilterGroup(rules=(Rule(type="fax"),), exclusivity="maybe"), "Unknown exclusivity"),
        (FilterGroup(rules=(Rule(type="fax"),), logical_operator="xor"), "Unknown logical operator"),
    ],
)
def test_odd_filters_are_refused(group: FilterGroup, text: str) -> None:
    """A slip in a filter would give another report in silence."""
    with pytest.raises(PbxError, match=text):
        found(group)


@pytest.mark.parametrize(
    ("request_", "text"),
    [
        (ReportRequest(columns=("colour", "src", "taste")), "Unknown report column: colour, taste"),
        (ReportRequest(columns=()), "at least one column"),
        (ReportRequest(columns=("src",), report_type="chart"), "Unknown report type: chart"),
    ],
)
def test_odd_reports_are_refused(request_: ReportRequest, text: str) -> None:
    """A report would come without the column that was asked for."""
    with pytest.raises(PbxError, match=text):
        run_report(CALLS, request_)
