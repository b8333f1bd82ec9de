"""`sms.php query_sms`: filters, order and pages of the SMS table."""

from typing import Any

import pytest

from simulator.clock import ManualClock
from simulator.pbx.simulated import SimulatedPbx
from tests.simulator.conftest import Ask


@pytest.fixture(autouse=True)
def table(pbx: SimulatedPbx, clock: ManualClock) -> None:
    """Fill the table: rows 1 to 4, a minute apart, from nine o'clock in Chicago on."""
    pbx.sms_unreachable("+12223334444")
    for send in (
        lambda: pbx.send_sms("100@default", ["+12223334444"], "outbound", "505"),
        lambda: pbx.receive_sms("+18475550123", "630", "inbound"),
        lambda: pbx.send_sms("100@default", ["630"], "internal", ""),
        lambda: pbx.receive_sms("+18475550124", "630", "inbound"),
    ):
        send()
        clock.advance(60)


async def ids(ask: Ask, filters: dict[str, Any] | None = None, **paging: Any) -> list[int]:
    """Return the ids of the rows that a query finds, in its order."""
    answer = await ask("sms.query_sms", **({"filters": filters} if filters is not None else {}), **paging)
    assert answer["result"] == "success", answer
    return [int(row["id"]) for row in answer["results"]]


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({}, [4, 3, 2, 1]),
        ([], [4, 3, 2, 1]),
        ([{"direction": "inbound"}], [4, 2]),
        ({"direction": "inbound"}, [4, 2]),
        ({"direction": ["internal", "outbound"]}, [3, 1]),
        ({"direction": "internal,outbound"}, [3, 1]),
        ({"status": "failure"}, [1]),
        ({"account_code": "505"}, [1]),
        ({"src": "phone100"}, [3, 1]),
        ({"src": "PHONE100"}, [3, 1]),
        ({"src": "100"}, [3, 1]),
        ({"src": ["+18475550123", "18475550124"]}, [4, 2]),
        ({"dst": "beaucrn6", "direction": "inbound"}, [4, 2]),
        ({"dst_original": "+12223334456"}, []),
        ({"from": "2026-11-23 09:01:00"}, [4, 3, 2]),
        ({"from": "11/23/2026 09:01 am", "to": "11/23/2026 09:02am"}, [3, 2]),
        ({"from": 1795446060, "to": "1795446060"}, [2]),
        ({"start_cdr_id": 2, "end_cdr_id": "3"}, [3, 2]),
        ({"cdr_id": [1, 4]}, [4, 1]),
    ],
)
async def test_a_filter_finds_its_rows(ask: Ask, filters: Any, found: list[int]) -> None:
    """A lost message is looked up by these filters before anybody is told that it was lost."""
    assert await ids(ask, filters) == found


async def test_messages_are_found_by_their_message_id(ask: Ask, pbx: SimulatedPbx) -> None:
    """The id that send_sms answers is the only thread from a message to its row."""
    assert await ids(ask, {"message_id": [pbx.messages()[2].message_id]}) == [3]


@pytest.mark.parametrize(
    ("paging", "found"),
    [
        ({"order_by": "ASC"}, [1, 2, 3, 4]),
        ({"results_limit": 2}, [4, 3]),
        ({"results_limit": "2", "results_offset": 3}, [1]),
        ({"filters": {"results_limit": 1, "order_by": "asc"}}, [1]),
        ({"results_offset": 9}, []),
    ],
)
async def test_results_come_in_pages(ask: Ask, paging: dict[str, Any], found: list[int]) -> None:
    """An inbox of years is read page by page."""
    assert await ids(ask, **paging) == found


async def test_the_total_counts_all_pages(ask: Ask) -> None:
    """The reader knows by it whether there is another page."""
    answer = await ask("sms.query_sms", results_limit=1, results_offset=1)
    assert (answer["total_results"], answer["results_limit"], answer["results_offset"]) == ("4", "1", "1")


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"filters": {"color": "red"}}, "Unknown filter 'color'"),
        ({"filters": [{"status": "failure"}, {}]}, "'filters' must be an array of filter names and values"),
        ({"filters": "inbound"}, "'filters' must be an array of filter names and values"),
        ({"filters": {"direction": "sideways"}}, "Unknown direction 'sideways'"),
        ({"filters": {"status": "maybe"}}, "Unknown status 'maybe'"),
        ({"filters": {"from": "yesterday"}}, "'from' must be YYYY-MM-DD HH:MM:SS or a unix timestamp"),
        ({"filters": {"start_cdr_id": 1}}, "'start_cdr_id' and 'end_cdr_id' must be provided together"),
        ({"filters": {"start_cdr_id": 3, "end_cdr_id": 3}}, "'end_cdr_id' must be larger than 'start_cdr_id'"),
        ({"results_limit": 0}, "'results_limit' must be a whole number of at least 1"),
        ({"results_offset": -1}, "'results_offset' must be a whole number of at least 0"),
        ({"order_by": "random"}, "'order_by' must be one of: asc, desc"),
        ({"direction": "inbound"}, "Unknown field 'direction'"),
    ],
)
async def test_a_query_that_the_page_does_not_know_is_refused(ask: Ask, fields: dict[str, Any], error: str) -> None:
    """A filter that is silently ignored returns everybody's messages."""
    assert await ask("sms.query_sms", **fields) == {"result": "error", "error": error}
