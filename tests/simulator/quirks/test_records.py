"""Records as a real PBX keeps them: late, in any order, in small pages, under ids of any shape."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from simulator.app import Simulator
from simulator.clock import ManualClock
from simulator.pbx.past import Outcome
from simulator.pbx.simulated import SimulatedPbx
from tests.simulator.conftest import Ask

CALLER = "8475550123"

type Report = Callable[..., Awaitable[dict[str, Any]]]


@pytest.fixture
def report(ask: Ask) -> Report:
    """Return a way to read the CDR, oldest first."""

    async def report(*columns: str, **options: Any) -> dict[str, Any]:
        given = [f"{name}={value}" for name, value in ({"order_direction": "ASCENDING"} | options).items()]
        answer: dict[str, Any] = await ask(
            "reports.report", report_type="detail_table", columns=list(columns) or ["unique_id"], options=given
        )
        assert answer["result"] == "success", answer
        return answer

    return report


def ids(answer: dict[str, Any]) -> list[str]:
    """Return the first cell of each row."""
    return [str(row[0]) for row in answer["results"]]


async def test_rows_come_ninety_seconds_late(
    sim: Simulator, pbx: SimulatedPbx, clock: ManualClock, report: Report, ask: Ask
) -> None:
    """Who asks only for what is newer than the last row would never see a row that was late."""
    sim.control.quirk(rows="late")
    pbx.add_past_call(CALLER, "630")
    pbx.receive_sms(CALLER, "630", "Hello")
    clock.advance(89)
    assert (await report())["total_results"] == 0
    assert (await ask("sms.query_sms"))["results"] == []
    clock.advance(1)
    assert (await report())["total_results"] == 1
    assert len((await ask("sms.query_sms"))["results"]) == 1


async def test_rows_come_each_at_its_own_time(
    sim: Simulator, pbx: SimulatedPbx, clock: ManualClock, report: Report, ask: Ask
) -> None:
    """A later call's row, and a later text's id, may be there before an earlier one's."""
    sim.control.quirk(rows="ragged")
    for turn in range(8):
        pbx.add_past_call(CALLER, "630", ago=80 - turn)
        pbx.receive_sms(CALLER, "630", "Hello")
    order = ids(await report(page="ALL"))
    found: list[list[str]] = []
    messages: list[list[int]] = []
    for _ in range(10):
        clock.advance(10)
        found.append(ids(await report()))
        messages.append(sorted(int(row["id"]) for row in (await ask("sms.query_sms"))["results"]))
    assert any(one != found[-1][: len(one)] for one in found), "rows come between others"
    assert any(one != messages[-1][: len(one)] for one in messages)
    assert set(order) <= set(found[-1])
    assert [len(one) for one in found] == sorted(len(one) for one in found), "what is there stays"
    assert len(found[-1]) == len(messages[-1]) == 8


async def test_rows_of_one_second_have_no_order(sim: Simulator, pbx: SimulatedPbx, report: Report, ask: Ask) -> None:
    """A database sorts by what it is told to, and two pages of ties may show one row twice and another never."""
    earlier = pbx.add_past_call(CALLER, "630", ago=100)
    same = {pbx.add_past_call(CALLER, "630", ago=90) for _ in range(6)}
    for _ in range(6):
        pbx.receive_sms(CALLER, "630", "Hello")
    assert len({tuple(ids(await report())) for _ in range(8)}) == 1
    sim.control.quirk(ties="shuffled")
    answers = [ids(await report()) for _ in range(8)]
    assert all(answer[0] == earlier and set(answer[1:]) == same for answer in answers)
    assert len({tuple(answer) for answer in answers}) > 1
    texts = [[row["id"] for row in (await ask("sms.query_sms"))["results"]] for _ in range(8)]
    assert len({tuple(answer) for answer in texts}) > 1


@pytest.mark.parametrize(
    ("quirks", "options", "shown"),
    [
        ({}, {"per_page": 1000}, range(50)),
        ({"page_cap": 20}, {"per_page": 1000}, range(20)),
        ({"page_cap": 20}, {"per_page": 1000, "page": 1}, range(20, 40)),
        ({"page_cap": 20}, {"per_page": 1000, "page_offset": 45}, range(45, 50)),
        ({"page_cap": 20}, {"per_page": 10, "page": 1}, range(10, 20)),
        ({"page_cap": 20}, {"page": "ALL"}, range(20)),
        ({"page_cap": 20, "cap_cuts_pages": True}, {"per_page": 30, "page": 1}, range(30, 50)),
        ({"page_cap": 20, "cap_cuts_pages": True}, {"per_page": 1000, "page": 1}, range(0)),
        ({"page_cap": 20, "cap_cuts_pages": True}, {"per_page": 1000, "page_offset": 20}, range(20, 40)),
    ],
)
async def test_a_page_is_smaller_than_asked_for(
    sim: Simulator, pbx: SimulatedPbx, report: Report, quirks: dict[str, Any], options: dict[str, Any], shown: range
) -> None:
    """A client that believes in its own page size would take a twentieth of the calls for all of them."""
    made = [pbx.add_past_call(CALLER, "630", ago=1000 - turn) for turn in range(50)]
    sim.control.quirk(**quirks)
    answer = await report(**options)
    assert ids(answer) == [made[index] for index in shown]
    assert answer["total_results"] == 50


async def test_messages_come_in_smaller_pages_too(sim: Simulator, pbx: SimulatedPbx, ask: Ask) -> None:
    """The answer says how many rows it would show at most, which is not what was asked."""
    for _ in range(30):
        pbx.receive_sms(CALLER, "630", "Hello")
    sim.control.quirk("sms.query_sms", page_cap=20)
    answer = await ask("sms.query_sms", results_limit=1000)
    assert (len(answer["results"]), answer["results_limit"], answer["total_results"]) == (20, "20", "30")


@pytest.mark.parametrize(
    ("shape", "found"),
    [
        ("page", "1795445930.1"),
        ("digits", "1795445930000001"),
        ("padded", "000000000001"),
        ("named", "pbx-1,2-1795445930.1"),
    ],
)
async def test_ids_have_any_shape(sim: Simulator, pbx: SimulatedPbx, report: Report, shape: str, found: str) -> None:
    """An id that is taken for a number loses its zeros or its last digits."""
    pbx.add_past_call(CALLER, "630", ago=70)
    sim.control.quirk(unique_ids=shape)
    assert ids(await report()) == [found]


async def test_an_older_pbx_has_fewer_columns(sim: Simulator, pbx: SimulatedPbx, report: Report) -> None:
    """A column that is not there must not shift the others."""
    call = pbx.add_past_call(CALLER, "630")
    sim.control.quirk(report_columns="fewer")
    answer = await report("recording_link", "unique_id", "callerid", "src")
    assert (answer["columns"], answer["results"]) == (["unique_id", "src"], [[call, CALLER]])
    sim.control.quirk(report_columns="reordered")
    answer = await report("unique_id", "src", "date")
    assert answer["columns"] == ["date", "src", "unique_id"]


async def test_a_text_fails_after_a_while(sim: Simulator, pbx: SimulatedPbx, clock: ManualClock, ask: Ask) -> None:
    """A network says only later that nobody took the text."""
    pbx.sms_unreachable("+12223334444")
    pbx.send_sms("100", ["+12223334444"], "Hello", "")
    sim.control.quirk(late_failures=True)
    clock.advance(59)
    assert [row["status"] for row in (await ask("sms.query_sms"))["results"]] == ["success"]
    clock.advance(1)
    assert [row["status"] for row in (await ask("sms.query_sms"))["results"]] == ["failure"]


def fax_filter(name: str) -> list[dict[str, Any]]:
    """Return the filter group that only lets calls of one kind through."""
    return [{"rules": [{"type": name}]}]


@pytest.mark.parametrize(("outcome", "name"), [("voicemail", "voicemail"), ("fax", "fax"), ("fax", "fax_successful")])
async def test_what_kind_of_call_it_was_is_known_later(
    sim: Simulator, pbx: SimulatedPbx, clock: ManualClock, ask: Ask, outcome: str, name: str
) -> None:
    """A fax that is not yet known for one would be owed a callback."""
    pbx.add_past_call(CALLER, "630", outcome=Outcome(outcome))
    fields = {"report_type": "detail_table", "columns": "unique_id"}
    marked = fields | {"filter_groups": fax_filter(name)}
    assert (await ask("reports.report", **marked))["total_results"] == 1
    sim.control.quirk(marks="late")
    clock.advance(89)
    assert [(await ask("reports.report", **one))["total_results"] for one in (fields, marked)] == [1, 0]
    clock.advance(1)
    assert (await ask("reports.report", **marked))["total_results"] == 1


@pytest.mark.parametrize("number", ["0000000000", "+10000000000", "266696687", "-1"])
async def test_a_hidden_caller_has_a_number_that_is_none(
    sim: Simulator, pbx: SimulatedPbx, report: Report, number: str
) -> None:
    """Who texts back to ANONYMOUS on the keypad texts a stranger."""
    pbx.add_past_call("anonymous", "630")
    pbx.add_past_call(CALLER, "630")
    sim.control.quirk(hidden_number=number)
    assert sorted(ids(await report("src"))) == sorted([number, CALLER])


@pytest.mark.parametrize(
    ("zone", "taken"),
    [("America/Chicago", True), ("Africa/Abidjan", True), ("UTC", False), ("GMT", False), ("Etc/UTC", False)],
)
async def test_a_zone_without_a_city_is_refused(sim: Simulator, ask: Ask, zone: str, taken: bool) -> None:
    """The page wants Country/City, and a PBX that checks it gives no records for UTC."""
    fields = {"report_type": "detail_table", "columns": "unique_id", "options": f"timezone={zone}"}
    assert (await ask("reports.report", **fields))["result"] == "success"
    sim.control.quirk(time_zones="country_city")
    answer = await ask("reports.report", **fields)
    assert answer["result"] == ("success" if taken else "error")
    assert taken or answer["error"] == "The report's timezone must be in the format: Country/City"


DAY = 24 * 3600


@pytest.mark.parametrize(
    ("reach", "start", "end", "found"),
    [
        ("all", "2026-05-01", "2026-12-01", 2),
        ("cut", "2026-05-01", "2026-12-01", 1),
        ("cut", "2026-05-01", "2026-08-01", 0),
        ("refused", "2026-08-24", "2026-08-26", "A report reaches back 90 days at most"),
        ("refused", "2026-08-26", "2026-12-01", 1),
        ("span", "2026-05-01", "2026-12-01", "A report covers 90 days at most"),
        ("span", "2026-07-01", "2026-08-20", 1),
    ],
)
async def test_a_report_reaches_back_ninety_days(
    sim: Simulator, pbx: SimulatedPbx, ask: Ask, reach: str, start: str, end: str, found: int | str
) -> None:
    """A year of statistics that is refused or cut must not be taken for a year without calls."""
    pbx.add_past_call(CALLER, "630", ago=10 * DAY)
    pbx.add_past_call(CALLER, "630", ago=100 * DAY)
    sim.control.quirk(report_reach=reach)
    options = [f"from={start} 00:00:00", f"to={end} 00:00:00"]
    answer = await ask("reports.report", report_type="detail_table", columns="unique_id", options=options)
    assert answer.get("total_results", answer["error"]) == found


async def test_the_newest_come_first_whatever_was_asked(
    sim: Simulator, pbx: SimulatedPbx, clock: ManualClock, report: Report, ask: Ask
) -> None:
    """A feed that takes the last row for the newest one goes backwards."""
    made = [pbx.add_past_call(CALLER, "630", ago=300 - turn) for turn in range(3)]
    for _ in made:
        pbx.receive_sms(CALLER, "630", "Hello")
        clock.advance(1)
    assert ids(await report()) == made
    sim.control.quirk(order="newest_first")
    assert ids(await report()) == made[::-1]
    assert [row["id"] for row in (await ask("sms.query_sms", order_by="asc"))["results"]] == ["3", "2", "1"]


async def test_a_filter_means_what_is_ordered(sim: Simulator, pbx: SimulatedPbx, ask: Ask) -> None:
    """Whether a caller who said nothing is among the voicemails only the PBX knows."""
    call = pbx.call_in(CALLER, to="630")
    pbx.leave_voicemail(call, seconds=20)
    pbx.hang_up(call)
    fields = {"report_type": "detail_table", "columns": "unique_id", "filter_groups": fax_filter("voicemail")}
    assert (await ask("reports.report", **fields))["total_results"] == 1
    sim.control.quirk(filters="left_messages")
    assert (await ask("reports.report", **fields))["total_results"] == 0


async def test_a_queues_call_goes_to_its_agent(sim: Simulator, pbx: SimulatedPbx, report: Report) -> None:
    """The page has a destination of the type Agent, and nothing that says when."""
    pbx.add_past_call(CALLER, "support_queue", ago=90)
    pbx.add_past_call(CALLER, "0", outcome=Outcome.UNANSWERED)
    columns = ("dst_type", "dst", "dst_label", "involved_queues")
    assert [row[0] for row in (await report(*columns))["results"]] == ["Queue", "Queue"]
    sim.control.quirk(taken_calls="agent")
    assert (await report(*columns))["results"] == [
        ["Agent", "630", "630@default - Tom", "support_queue"],
        ["Queue", "0", "0", "0"],
    ]
