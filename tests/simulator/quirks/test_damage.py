"""Answers of a confused PBX: rows that are none, totals and lists that are wrong, values that make no sense."""

from collections.abc import Callable
from typing import Any

import pytest

from simulator.app import Simulator
from simulator.clock import ManualClock
from simulator.pbx.simulated import SimulatedPbx
from tests.simulator.conftest import Ask

CALLER = "8475550123"
REPORT = {"report_type": "detail_table", "columns": ["unique_id", "date", "billable_duration", "direction"]}
FIELDS = {"reports.report": REPORT}


@pytest.fixture(autouse=True)
def busy(pbx: SimulatedPbx, clock: ManualClock) -> list[str]:
    """Let there be rows of everything, and return the ids of the calls that are over."""
    calls = [pbx.add_past_call(CALLER, "630", ago=900 - turn) for turn in range(3)]
    for number in ("8475550111", "8475550112"):
        pbx.receive_sms(number, "630", "Hello")
        pbx.add_subscriber(number, "CAMPAIGN")
        pbx.add_unsubscriber(number, "0")
        pbx.call_in(number, to="support_queue")
    pbx.call_internal("phone100", "69")
    pbx.join_conference("2000", "8475550113")
    pbx.send_fax("beaucrn6", "8475550114")
    pbx.add_phone("beaucrn6", "00:0b:82:00:00:01", "Grandstream", last_provisioned_at=clock())
    pbx.log_campaign("1", "INFO", "Ready")
    return calls


@pytest.mark.parametrize("action", ["reports.report", "sms.query_sms"])
@pytest.mark.parametrize("kind", ["str", "as it is"])
async def test_a_total_counts_this_page_only(ask: Ask, sim: Simulator, action: str, kind: str) -> None:
    """Who stops when the total is reached never reads the second page."""
    sim.control.quirk(totals="page", numbers="strings" if kind == "str" else "page")
    page = {"reports.report": REPORT | {"options": ["per_page=1"]}, "sms.query_sms": {"results_limit": 1}}
    assert str((await ask(action, **page[action]))["total_results"]) == "1"


@pytest.mark.parametrize("action", ["reports.report", "sms.query_sms"])
async def test_a_row_comes_twice_in_a_page(ask: Ask, sim: Simulator, action: str) -> None:
    """A call that is counted twice makes every figure of the day wrong."""
    plain = (await ask(action, **FIELDS.get(action, {})))["results"]
    sim.control.quirk(repeated_rows=True)
    assert (await ask(action, **FIELDS.get(action, {})))["results"] == [*plain, plain[0]]


@pytest.mark.parametrize(
    ("how", "look"),
    [
        ("empty_results", lambda answer: answer["results"] == []),
        ("no_results", lambda answer: "results" not in answer),
        ("empty_columns", lambda answer: answer["columns"] == [] and len(answer["results"]) == 3),
        ("no_columns", lambda answer: "columns" not in answer),
    ],
)
async def test_a_table_is_not_what_its_total_says(
    ask: Ask, sim: Simulator, how: str, look: Callable[[dict[str, Any]], bool]
) -> None:
    """Zeros would be written for months in which there were calls."""
    sim.control.quirk(tables=how)
    answer = await ask("reports.report", **REPORT)
    assert answer["result"] == "success"
    assert answer["total_results"] == 3
    assert look(answer)
    nothing = await ask("reports.report", **REPORT | {"options": ["to=2020-01-01 00:00:00"]})
    assert nothing["total_results"] == 6
    counted = await ask("reports.report", **REPORT | {"options": ["count_only=true"]})
    assert counted["total_results"] == 3


async def test_texts_can_be_missing_too(ask: Ask, sim: Simulator) -> None:
    """Their table has no columns, but a total and rows."""
    sim.control.quirk(tables="no_results")
    answer = await ask("sms.query_sms")
    assert (answer["total_results"], "results" in answer) == ("2", False)
    sim.control.quirk(tables="no_columns")
    assert len((await ask("sms.query_sms"))["results"]) == 2


LISTS: dict[str, Callable[[dict[str, Any]], Any]] = {
    "status.users": lambda answer: answer["users"],
    "status.queues": lambda answer: answer["queues"]["support_queue"]["calls_waiting"],
    "status.calls": lambda answer: answer["calls"]["inbound"],
    "status.faxes": lambda answer: answer["faxes"]["queued_faxes"],
    "status.conferences": lambda answer: answer["conferences"],
    "status.provisioning": lambda answer: answer["provisioning"],
    "status.dialer": lambda answer: answer["dialer"],
    "status.dialerlogs": lambda answer: answer["logs"],
    "sms.query_sms": lambda answer: answer["results"],
    "reports.report": lambda answer: answer["results"],
    "subscribers.query_lists": lambda answer: answer["optout"][0]["unsubscribed_at"],
}


@pytest.mark.parametrize("action", LISTS)
@pytest.mark.parametrize(("kind", "stray"), [("null", None), ("text", "Array"), ("number", 7)])
async def test_something_among_the_rows_is_no_row(
    ask: Ask, sim: Simulator, action: str, kind: str, stray: object
) -> None:
    """One bad row must not cost the others."""
    rows = LISTS[action](await ask(action, **FIELDS.get(action, {})))
    sim.control.quirk(action, stray_rows=kind)
    assert LISTS[action](await ask(action, **FIELDS.get(action, {}))) == [rows[0], stray, *rows[1:]]


async def test_something_among_the_queues_and_agents_is_none(ask: Ask, sim: Simulator) -> None:
    """Their rows stand in a map, by name."""
    sim.control.quirk(stray_rows="null")
    queues = (await ask("status.queues"))["queues"]
    assert list(queues) == ["support_queue", "0", "stray"]
    assert queues["support_queue"]["agents"]["stray"] is queues["stray"] is None


@pytest.mark.parametrize(
    ("how", "listed"),
    [
        ("part", {"total_unsubscribers": "500", "unsubscribed_at": 1}),
        ("unknown_key", {"total_unsubscribers": "2", "entries": 2}),
        ("no_numbers", {"total_unsubscribers": "2", "unsubscribed_at": 2}),
    ],
)
async def test_who_opted_out_is_not_all_there(ask: Ask, sim: Simulator, how: str, listed: dict[str, Any]) -> None:
    """A list that is read in part lets a text through to somebody who asked for none."""
    sim.control.quirk(consent_lists=how)
    [first, *_] = (await ask("subscribers.query_lists"))["optout"]
    assert {name: len(one) if isinstance(one, list) else one for name, one in first.items()} == {
        "tenant_id": "0",
        "campaign_name": "default",
    } | listed
    rows = next(value for value in first.values() if isinstance(value, list))
    assert ("number" in rows[0]) is (how != "no_numbers")


@pytest.mark.parametrize(
    ("values", "column", "seen"),
    [
        ("huge_durations", 2, "1000000000000"),
        ("far_dates", 1, "9999-12-31 23:59:59"),
        ("odd_dates", 1, "the 23rd of Nov., 9 h 01"),
        ("odd_words", 3, "Sideways"),
    ],
)
async def test_one_call_or_all_have_a_value_that_makes_no_sense(
    ask: Ask, sim: Simulator, busy: list[str], values: str, column: int, seen: str
) -> None:
    """One row that overflows a clock must not stop the figures of the day."""
    sim.control.quirk(values=values, values_of=f"{busy[1]}, 99")
    cells = {row[0]: row[column] for row in (await ask("reports.report", **REPORT))["results"]}
    assert [cells[one] == seen for one in busy] == [False, True, False]
    sim.control.quirk(values_of="")
    assert {row[column] for row in (await ask("reports.report", **REPORT))["results"]} == {seen}


@pytest.mark.parametrize(
    ("action", "values", "look", "seen"),
    [
        ("status.dialer", "long_statuses", lambda answer: answer["dialer"][0]["status"], "X" * 300),
        ("status.users", "odd_words", lambda answer: answer["users"][0]["status"], "Sideways"),
        (
            "status.queues",
            "odd_words",
            lambda answer: answer["queues"]["support_queue"]["agents"]["beaucrn6"]["status"],
            "Sideways",
        ),
        ("status.calls", "odd_words", lambda answer: list(answer["calls"]), ["inbound", "outbound", "sideways"]),
        ("sms.query_sms", "odd_words", lambda answer: answer["results"][0]["direction"], "Sideways"),
        ("sms.query_sms", "capitals", lambda answer: answer["results"][0]["status"], "SUCCESS"),
        ("sms.query_sms", "no_ids", lambda answer: answer["results"][0]["id"], ""),
        ("sms.query_sms", "far_dates", lambda answer: answer["results"][1]["timestamp"], "9999-12-31 23:59:59"),
        ("status.provisioning", "odd_dates", lambda answer: answer["provisioning"][0]["last_provisioned"][:3], "the"),
    ],
)
async def test_other_rows_have_such_values_too(
    ask: Ask, sim: Simulator, action: str, values: str, look: Callable[[dict[str, Any]], Any], seen: object
) -> None:
    """A word that a later version invents is unknown, and no more than that."""
    sim.control.quirk(action, values=values)
    assert look(await ask(action)) == seen


@pytest.mark.parametrize("which", ["beaucrn6", "phone100"])
async def test_a_row_is_named_by_its_id_or_by_its_key(ask: Ask, sim: Simulator, which: str) -> None:
    """A test needs a good row beside the bad one."""
    sim.control.quirk(values="odd_words", values_of=which)
    users = (await ask("status.users"))["users"]
    assert [user["authid"] for user in users if user["status"] == "Sideways"] == [which]
    agents = (await ask("status.queues"))["queues"]["support_queue"]["agents"]
    assert (agents["beaucrn6"]["status"] == "Sideways") is (which == "beaucrn6")


async def test_a_refusal_stays_one(ask: Ask, sim: Simulator) -> None:
    """What is wrong with a request is to be read whatever is wrong with the tables."""
    plain = await ask("reports.report", report_type="pie", columns="date")
    sim.control.quirk(tables="no_results", stray_rows="null", values="odd_words", totals="page", consent_lists="part")
    assert await ask("reports.report", report_type="pie", columns="date") == plain
