"""The CDR report: columns and options as the vendor's page has them."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import pytest

from simulator.engine import PbxError
from simulator.models import CallRecord
from simulator.report import COLUMNS, ReportRequest, ReportResult, run_report
from tests.helpers.report_calls import ANN, CALLS, FAX, MOBILE, OUT, QUEUE


def report(*columns: str, calls: Sequence[CallRecord] = CALLS, **options: str) -> ReportResult:
    """Return a report with these columns."""
    options = {key.removesuffix("_"): text for key, text in options.items()}
    return run_report(calls, ReportRequest(columns=columns or ("unique_id",), options=options))


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


def test_ten_digits_with_a_country_have_no_area_code() -> None:
    """A Norwegian would seem to call from Arkansas."""
    foreign = replace(QUEUE, src="+4791234567")
    assert [value(column, foreign) for column in ("src", "src_npa", "src_label")] == ["+4791234567", "", "+4791234567"]


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
