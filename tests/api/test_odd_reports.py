"""Call reports that a PBX in its right mind would not give."""

from datetime import UTC, datetime

import pytest

from custom_components.dls_pbx.api import DlsPbxResponseError, call_records, cdr, records


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
