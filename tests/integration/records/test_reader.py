"""What of the CDR is read, and when: what can be new, soon, and little else."""

from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.dls_pbx.api import DlsPbxClient
from custom_components.dls_pbx.api.call_records import COLUMNS
from custom_components.dls_pbx.api.connections import HttpConnections
from custom_components.dls_pbx.api.models import CallRecord
from custom_components.dls_pbx.records.read import async_read_news
from simulator.app import Simulator
from simulator.pbx.past import Outcome
from simulator.pbx.simulated import SimulatedPbx
from tests.helpers.entities import state_of
from tests.helpers.office import CALLER, JERRY, KEY, OTHER_CALLER, TOM, USERNAME
from tests.helpers.pbx_clock import set_ahead
from tests.helpers.restarts import Listener
from tests.integration.conftest import Poll

pytestmark = pytest.mark.usefixtures("no_error")

ALL_COLUMNS = len(COLUMNS)


class Asked:
    """What was asked of the CDR since somebody looked last."""

    def __init__(self, simulator: Simulator) -> None:
        self._simulator = simulator
        self._seen = len(simulator.requests)

    def reports(self) -> list[Mapping[str, Any]]:
        """Return the reports' parameters."""
        requests, self._seen = self._simulator.requests[self._seen :], len(self._simulator.requests)
        return [request.params for request in requests if request.action == "reports.report"]


def option(report: Mapping[str, Any], name: str) -> str | None:
    """Return an option of a report."""
    return next((value.partition("=")[2] for value in report["options"] if value.startswith(f"{name}=")), None)


@pytest.fixture
async def busy(pbx: SimulatedPbx, loaded: MockConfigEntry, poll: Poll) -> None:
    """Have had many calls within the last hour, and have seen one from beginning to end."""
    for turn in range(60):
        pbx.add_past_call(f"81555510{turn:02}", JERRY, ago=3000 - 40 * turn, wait=2, talk=20)
    for _ in range(11):
        await poll(61)
    await a_call(pbx, poll)


async def a_call(pbx: SimulatedPbx, poll: Poll, number: str = CALLER, seconds: int = 40) -> None:
    """Have somebody call, speak and be gone, and the row looked for."""
    call = pbx.call_in(number, to=JERRY)
    await poll(15)
    pbx.answer(call)
    await poll(seconds)
    pbx.hang_up(call)
    await poll(5)
    await poll(3)


@pytest.mark.usefixtures("busy")
async def test_after_a_call_one_question_is_asked_for_its_row_and_few_others(
    simulator: Simulator, pbx: SimulatedPbx, heard: Listener, poll: Poll
) -> None:
    """A hosted PBX that is asked for hours of records after each call has reason to complain."""
    await poll(61)
    asked = Asked(simulator)
    await a_call(pbx, poll, OTHER_CALLER)
    assert heard.whats[-1] == "pbx_call:ended"
    whole = [report for report in asked.reports() if len(report["columns"]) == ALL_COLUMNS]
    assert len(whole) == 1


@pytest.mark.usefixtures("busy")
async def test_calls_that_end_within_seconds_are_one_question(
    simulator: Simulator, pbx: SimulatedPbx, heard: Listener, poll: Poll
) -> None:
    """When a conference is over five people hang up at once."""
    calls = [pbx.call_in(f"815555020{turn}", to=JERRY) for turn in range(3)]
    await poll(15)
    for call in calls:
        pbx.answer(call)
    await poll(30)
    asked = Asked(simulator)
    heard.told.clear()
    for call in calls:
        pbx.hang_up(call)
    await poll(5)
    await poll(3)
    assert heard.whats.count("pbx_call:ended") == 3
    assert len([report for report in asked.reports() if len(report["columns"]) == ALL_COLUMNS]) == 1


@pytest.mark.usefixtures("busy")
async def test_a_quiet_minute_costs_a_number(simulator: Simulator, poll: Poll) -> None:
    """Whether rows came late is seen by how many there are; nobody has to send them all again."""
    await poll(61)
    asked = Asked(simulator)
    await poll(61)
    (report,) = asked.reports()
    assert option(report, "count_only") == "true"


@pytest.mark.usefixtures("busy")
async def test_a_row_that_nobody_can_read_costs_once_and_hides_no_other(
    simulator: Simulator, pbx: SimulatedPbx, heard: Listener, poll: Poll
) -> None:
    """The PBX counts it all day long: hours would be read each minute, or the next caller would be overlooked."""
    odd = pbx.add_past_call(OTHER_CALLER, JERRY, ago=30, outcome=Outcome.UNANSWERED)
    simulator.control.quirk("reports.report", values="odd_dates", values_of=str(odd))
    await poll(61)
    await poll(61)
    asked = Asked(simulator)
    await poll(61)
    assert [option(report, "count_only") for report in asked.reports()] == ["true"]
    heard.told.clear()
    pbx.add_past_call(CALLER, JERRY, ago=30, outcome=Outcome.UNANSWERED)
    await poll(61)
    await poll(61)
    assert heard.whats == ["pbx_call:missed"]


@pytest.mark.usefixtures("busy")
@pytest.mark.parametrize("ago", [30, 600, 3000, 6000])
async def test_a_row_that_nobody_saw_coming_is_told_within_a_minute_or_two(
    pbx: SimulatedPbx, heard: Listener, poll: Poll, ago: int
) -> None:
    """A fax is in no list of calls, and some rows come an hour late: their callers wait for an answer all the same."""
    heard.told.clear()
    pbx.add_past_call(OTHER_CALLER, JERRY, ago=ago, outcome=Outcome.UNANSWERED)
    await poll(61)
    await poll(61)
    assert heard.whats == ["pbx_call:missed"]


@pytest.mark.usefixtures("busy")
async def test_a_row_of_last_night_is_told_within_the_hour(pbx: SimulatedPbx, heard: Listener, poll: Poll) -> None:
    """A PBX that moves its records at night shows some of them late."""
    for _ in range(50):
        await poll(600)
    heard.told.clear()
    pbx.add_past_call(OTHER_CALLER, JERRY, ago=7 * 3600, outcome=Outcome.UNANSWERED)
    for _ in range(7):
        await poll(600)
    assert heard.whats == ["pbx_call:missed"]


@pytest.mark.usefixtures("busy")
@pytest.mark.parametrize("minutes", [-20, 20])
async def test_a_pbx_whose_clock_is_wrong_is_looked_at_where_its_rows_are(
    simulator: Simulator, pbx: SimulatedPbx, heard: Listener, poll: Poll, minutes: int
) -> None:
    """Whoever runs the PBX sets its clock: from the second call on its rows are found as quickly as before."""
    set_ahead(pbx, minutes)
    for _ in range(5):
        await a_call(pbx, poll, OTHER_CALLER)
        await poll(61)
    heard.told.clear()
    asked = Asked(simulator)
    await a_call(pbx, poll, OTHER_CALLER)
    assert heard.whats[-1] == "pbx_call:ended"
    assert len([report for report in asked.reports() if len(report["columns"]) == ALL_COLUMNS]) <= 2


@pytest.mark.usefixtures("busy")
async def test_what_is_read_and_unchanged_is_not_asked_for_its_marks_again(
    simulator: Simulator, pbx: SimulatedPbx, poll: Poll
) -> None:
    """Who has hung up an hour ago has left no message since."""
    for turn in range(5):
        pbx.add_past_call(f"81555530{turn:02}", JERRY, outcome=Outcome.UNANSWERED)
    for _ in range(30):
        await poll(61)
    asked = Asked(simulator)
    for _ in range(11):
        await poll(61)
    assert [report for report in asked.reports() if report.get("filter_groups")] == []


@pytest.mark.usefixtures("busy")
async def test_marks_of_several_calls_are_asked_for_at_once(
    simulator: Simulator, pbx: SimulatedPbx, heard: Listener, poll: Poll
) -> None:
    """Five people who talk to the mailbox at lunch are one question for messages, and one for faxes."""
    heard.told.clear()
    await poll(61)
    for turn in range(5):
        pbx.add_past_call(f"81555540{turn:02}", TOM, outcome=Outcome.VOICEMAIL)
    asked = Asked(simulator)
    await poll(61)
    assert heard.whats == ["pbx_call:voicemail"] * 5
    filters = [
        rule["type"]
        for report in asked.reports()
        for group in report.get("filter_groups", ())
        for rule in group["rules"]
    ]
    assert sorted(filters) == ["fax", "voicemail"]


@pytest.mark.usefixtures("busy")
async def test_a_correction_counts_within_ten_minutes(hass: HomeAssistant, pbx: SimulatedPbx, poll: Poll) -> None:
    """A caller who was passed on after all has been spoken to, and is owed nothing."""
    call = pbx.add_past_call(OTHER_CALLER, JERRY, outcome=Outcome.UNANSWERED)
    await poll(61)
    assert state_of(hass, "pbx", "callbacks_owed") == "1"
    pbx.correct_call(call, bridged=True)
    for _ in range(11):
        await poll(61)
    assert state_of(hass, "pbx", "callbacks_owed") == "0"


@pytest.mark.usefixtures("busy")
@pytest.mark.parametrize("quirks", [{"rows": "late"}, {"rows": "ragged"}, {"page_cap": 20}, {"ties": "shuffled"}])
async def test_calls_are_told_once_whatever_mood_the_records_are_in(
    simulator: Simulator, pbx: SimulatedPbx, heard: Listener, poll: Poll, quirks: dict[str, Any]
) -> None:
    """Who is looked for where they have to be, and is not there yet, is found later."""
    simulator.control.quirk("reports.report", **quirks)
    heard.told.clear()
    for turn in range(4):
        await a_call(pbx, poll, f"815555060{turn}")
    for _ in range(5):
        await poll(61)
    ended = [one.attributes["number"] for one in heard.told if one.what == "pbx_call:ended"]
    assert sorted(ended) == [f"+1815555060{turn}" for turn in range(4)]


async def test_a_pbx_that_takes_the_end_of_a_span_for_another_time_hides_nothing(
    simulator: Simulator, pbx: SimulatedPbx, loaded: MockConfigEntry
) -> None:
    """Such a call would be looked for in vain every minute, and never told."""

    class Early(DlsPbxClient):
        def call_pages(
            self, start: datetime, end: datetime | None = None, columns: Iterable[str] = COLUMNS
        ) -> AsyncIterator[Sequence[CallRecord]]:
            return super().call_pages(start, end and end - timedelta(hours=1), columns)

    for turn in range(40):
        pbx.add_past_call(f"81555510{turn:02}", JERRY, ago=3000 - 40 * turn, wait=2, talk=20)
    start = dt_util.utcnow() - timedelta(hours=1)
    async with HttpConnections() as connections:
        client = Early(connections, simulator.url, USERNAME, KEY)
        pages = async_read_news(client, start, known={}, unsettled=(), queues=(), thorough=True)
        everything = [record async for page in pages for record in page]
        known = {record.id: record for record in everything[:-2]}
        pages = async_read_news(client, start, known=known, unsettled=(), queues=(), thorough=True)
        news = {record.id async for page in pages for record in page}
    assert {record.id for record in everything[-2:]} <= news


@pytest.mark.usefixtures("busy")
async def test_after_a_long_call_nothing_is_read_of_what_came_meanwhile(
    simulator: Simulator, pbx: SimulatedPbx, heard: Listener, poll: Poll
) -> None:
    """A call of an hour began before a hundred others, which are all known by its end."""
    call = pbx.call_in(OTHER_CALLER, to=TOM)
    await poll(15)
    pbx.answer(call)
    for turn in range(30):
        await poll(61)
        pbx.add_past_call(f"81555570{turn:02}", JERRY, wait=2, talk=20)
    await poll(61)
    heard.told.clear()
    asked = Asked(simulator)
    pbx.hang_up(call)
    await poll(5)
    await poll(3)
    assert heard.whats == ["pbx_call:ended"]
    (report,) = [report for report in asked.reports() if len(report["columns"]) == ALL_COLUMNS]
    assert option(report, "to") is not None
