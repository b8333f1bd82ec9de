"""Call reports that a PBX in its right mind would not give."""

from datetime import UTC, datetime
from typing import Any

import pytest

from custom_components.dls_pbx.api import DlsPbxClient, DlsPbxResponseError, call_records, cdr, records
from tests.helpers.office import NOW
from tests.helpers.scripted_server import Scripted


@pytest.mark.parametrize(
    ("caller_id", "name"),
    [
        ('"SMITH "BOB" J" <8155550123>', 'SMITH "BOB" J'),
        ('"Ann Example" <8155550123>', "Ann Example"),
        ("Ann <8155550123>", "Ann"),
        ('"A <B>" <8155550123>', "A <B>"),
        ('"" <8155550123>', None),
        ("<8155550123>", None),
        ("8155550123", None),
    ],
)
def test_a_name_is_everything_before_the_number(caller_id: str, name: str | None) -> None:
    """Who has quotes in their name would call without one."""
    row = {"callerid": caller_id, "unique_id": "1.1", "date": "2026-11-23 09:00:00", "direction": "inbound"}
    answer = {"result": "success", "total_results": "1", "columns": list(row), "results": [list(row.values())]}
    [record] = call_records.calls(records.call_report(answer), UTC)
    assert record.caller_name == name
    assert record.began == datetime(2026, 11, 23, 9, tzinfo=UTC)


def test_a_table_that_is_left_out_is_no_empty_one() -> None:
    """Zeros would be shown for what nobody knows."""
    with pytest.raises(DlsPbxResponseError, match="no results"):
        records.call_report({"result": "success"})
    with pytest.raises(DlsPbxResponseError, match="no results"):
        records.message_page({"result": "success", "total_results": 3}, UTC)
    assert records.message_page({"result": "success", "total_results": 0}, UTC).messages == ()


def test_a_queue_with_a_comma_in_its_name_is_one_queue() -> None:
    """Its figures would stay at 0, and its events name a queue that there is not."""
    whole = cdr.whole_names(("Sales, West", "Sales, West, Night"))
    assert cdr.joined(("Sales", "West", "support"), whole) == ("Sales, West", "support")
    assert cdr.joined(("Sales", "West", "Night", "West"), whole) == ("Sales, West, Night", "West")


@pytest.mark.parametrize(
    "table",
    [
        {"results": None},
        {"results": ""},
        {"results": None, "total_results": None},
        {"results": [], "total_results": 6},
        {"results": {}, "total_results": "6"},
        {"results": [], "total_results": "many"},
        {"results": [], "total_results": -1},
        {"results": ["Array", None]},
        {"results": 7, "total_results": 0},
    ],
)
def test_a_table_that_contradicts_itself_is_no_empty_one(table: dict[str, Any]) -> None:
    """A day without a call would be written down for ever, and no text of that day would be told."""
    with pytest.raises(DlsPbxResponseError):
        records.call_report({"columns": ["date"], **table})
    with pytest.raises(DlsPbxResponseError):
        records.message_page(table, UTC)


@pytest.mark.parametrize(
    ("table", "offset"),
    [
        ({"results": []}, 0),
        ({"results": [], "total_results": ""}, 0),
        ({"results": {}, "total_results": "0"}, 0),
        ({"results": None, "total_results": 0}, 0),
        ({"results": [], "total_results": 6}, 6),
    ],
)
def test_a_table_that_says_so_is_empty(table: dict[str, Any], offset: int) -> None:
    """A new office has no calls, and after the last page there is none."""
    assert records.call_report(table, offset=offset).rows == ()
    assert records.message_page(table, UTC, offset=offset).messages == ()


async def test_a_table_that_never_ends_is_given_up(scripted: Scripted, reader: DlsPbxClient) -> None:
    """A PBX that does not see where a page shall begin, and tells of more rows, would be asked for ever."""
    scripted.shows(results=[{"id": "1"}], total_results="500000")
    pages = reader.message_pages(NOW)
    with pytest.raises(DlsPbxResponseError, match="again and again"):
        [page async for page in pages]
    assert len(scripted.seen) < 50


def test_a_call_of_before_there_were_any_is_no_record() -> None:
    """The first day of a clock would have calls, and statistics would begin in the year 1."""
    columns = ["unique_id", "date"]
    rows = [["1.1", "0001-01-01 00:00:01"], ["1.2", "1970-01-01 00:00:00"], ["1.3", "2026-11-23 09:00:00"]]
    report = records.call_report({"columns": columns, "results": rows})
    assert [call.id for call in call_records.calls(report, UTC)] == ["1.3"]


@pytest.mark.parametrize("dst", ["101", ["101"], {"0": "101"}, 101, "", None, []])
def test_a_text_that_went_out_went_to_somebody(dst: object) -> None:
    """What was sent would be reported as uncertain, and be sent again."""
    assert records.sent_message({"dst": dst, "message_id": "1.1"}, ["101"]).recipients == ("101",)
