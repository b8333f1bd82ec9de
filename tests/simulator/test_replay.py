"""Another PBX, from its samples: records of a span, in pages, in the order that was asked for."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import aiohttp
import pytest

from simulator.app import DEFAULT_KEY, DEFAULT_USER, Simulator
from simulator.replay import Replay

CALLS = [[f"1.{minute}", f"2026-11-23 15:{minute:02}:00", "inbound"] for minute in range(5)]
TEXTS = [{"id": str(number), "timestamp": f"2026-11-23 09:{number:02}:00"} for number in (3, 2, 1)]
COLUMNS = ["unique_id", "date", "direction"]
SAMPLES = {
    "reports.report": {"result": "success", "total_results": 7, "columns": COLUMNS, "results": CALLS},
    "reports.report fax": {"result": "success", "total_results": 0, "columns": ["unique_id"], "results": []},
    "sms.query_sms": {"result": "success", "total_results": "3", "results": TEXTS},
    "status.users": {"result": "success", "users": {"a1": {"added": None}}, "later": 1.5},
    "status.queues": {"unreadable": "<xxxx>"},
}


@pytest.fixture
async def stranger() -> AsyncIterator[Simulator]:
    """Run the PBX that said this."""
    replay = Replay(
        at=datetime(2026, 11, 23, 16, tzinfo=UTC), time_zone=ZoneInfo("America/Chicago"), dialect={}, samples=SAMPLES
    )
    async with replay.simulator(users=(DEFAULT_USER,), key=DEFAULT_KEY) as simulator:
        yield simulator


async def ask(simulator: Simulator, endpoint: str, action: str, **fields: Any) -> dict[str, Any]:
    """Return an answer."""
    body = {"api_user": DEFAULT_USER, "api_key": DEFAULT_KEY, **fields}
    address = f"{simulator.url}/api/v1/{endpoint}.php?api_action={action}"
    async with aiohttp.ClientSession() as session, session.post(address, json=body) as response:
        answer: dict[str, Any] = await response.json()
        return answer


async def report(simulator: Simulator, *options: str, **fields: Any) -> dict[str, Any]:
    """Return a report of all columns."""
    wanted = {"report_type": "detail_table", "columns": COLUMNS, "options": list(options), **fields}
    return await ask(simulator, "reports", "report", **wanted)


async def test_an_answer_comes_as_it_came_from_the_stranger(stranger: Simulator) -> None:
    """A word that our own stand-in would mend is the very one that is looked for."""
    assert await ask(stranger, "status", "users") == SAMPLES["status.users"]


@pytest.mark.parametrize(
    ("options", "ids"),
    [
        ((), ["1.0", "1.1", "1.2", "1.3", "1.4"]),
        (("from=2026-11-23 15:02:00",), ["1.2", "1.3", "1.4"]),
        (("from=2026-11-23 15:01:00", "to=2026-11-23 15:02:00"), ["1.1", "1.2"]),
        (("page_offset=3", "per_page=10"), ["1.3", "1.4"]),
        (("order_by=date", "order_direction=DESCENDING", "per_page=2"), ["1.4", "1.3"]),
    ],
)
async def test_calls_are_those_that_are_asked_for(
    stranger: Simulator, options: tuple[str, ...], ids: list[str]
) -> None:
    """Yesterday's calls would be told again at every look, and pages never end."""
    answer = await report(stranger, *options)
    assert [row[0] for row in answer["results"]] == ids
    assert answer["total_results"] <= len(CALLS)


async def test_columns_are_those_that_are_asked_for(stranger: Simulator) -> None:
    """A reader that asks for one column would take another one for it."""
    answer = await report(stranger, "per_page=1", columns=["direction", "unique_id"])
    assert (answer["columns"], answer["results"]) == (["direction", "unique_id"], [["inbound", "1.0"]])


async def test_calls_with_a_mark_are_those_that_the_stranger_named(stranger: Simulator) -> None:
    """All calls would be faxes, or the sampled ones none."""
    found = {}
    for mark in ("fax", "voicemail"):
        groups = [{"exclusivity": "include", "logical_operator": "and", "rules": [{"type": mark}]}]
        found[mark] = await report(stranger, columns=["unique_id"], filter_groups=groups)
    assert found["fax"]["results"] == []
    assert found["voicemail"] == {"result": "error", "error": "The download has no answer to this that could be read"}


@pytest.mark.parametrize(
    ("fields", "ids"),
    [
        ({}, ["3", "2", "1"]),
        ({"order_by": "asc"}, ["1", "2", "3"]),
        ({"results_offset": 1, "results_limit": 1}, ["2"]),
        ({"filters": {"from": int(datetime(2026, 11, 23, 15, 2, tzinfo=UTC).timestamp())}}, ["3", "2"]),
        ({"filters": {"to": int(datetime(2026, 11, 23, 15, 2, tzinfo=UTC).timestamp())}}, ["2", "1"]),
    ],
)
async def test_texts_are_those_that_are_asked_for(stranger: Simulator, fields: dict[str, Any], ids: list[str]) -> None:
    """A text would be told again at every look."""
    answer = await ask(stranger, "sms", "query_sms", **fields)
    assert [row["id"] for row in answer["results"]] == ids


async def test_what_could_not_be_read_at_the_office_is_an_error_here(stranger: Simulator) -> None:
    """An empty office would be made up."""
    answer = await ask(stranger, "status", "queues")
    assert answer == {"result": "error", "error": "The download has no answer to this that could be read"}


@pytest.mark.parametrize("table", [{"results": None}, {"results": {"0": "odd"}, "total_results": "many"}])
async def test_a_table_that_is_none_comes_as_it_came(table: dict[str, Any]) -> None:
    """What the reader stumbles over is what has to be played."""
    samples = {name: {"result": "success", **table} for name in ("reports.report", "sms.query_sms")}
    zone = ZoneInfo("America/Chicago")
    replay = Replay(at=datetime(2026, 11, 23, 16, tzinfo=UTC), time_zone=zone, dialect={}, samples=samples)
    async with replay.simulator(users=(DEFAULT_USER,), key=DEFAULT_KEY) as simulator:
        assert await report(simulator) == samples["reports.report"]
        assert await ask(simulator, "sms", "query_sms") == samples["sms.query_sms"]


async def test_a_total_that_says_less_than_there_is_stays_so() -> None:
    """A PBX that counts the rows of a page only, or in words, would be played as another one."""
    zone = ZoneInfo("America/Chicago")
    for total in ("2", "several", None):
        samples = {"sms.query_sms": {"result": "success", "total_results": total, "results": TEXTS}}
        replay = Replay(at=datetime(2026, 11, 23, 16, tzinfo=UTC), time_zone=zone, dialect={}, samples=samples)
        async with replay.simulator(users=(DEFAULT_USER,), key=DEFAULT_KEY) as simulator:
            assert (await ask(simulator, "sms", "query_sms"))["total_results"] == total
