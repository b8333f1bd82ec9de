"""Answers broken in all ways at once; script/fuzz reads forty times as many."""

from dataclasses import replace
from datetime import datetime, timedelta
from random import Random
from typing import Any

import pytest

from custom_components.dls_pbx.api.models import CallReport, Campaign, ConsentList, ConsentLists, MessagePage, Snapshot
from script.fuzz_run.cases import run_all
from script.fuzz_run.checks import absurdities, contradictions
from script.fuzz_run.mutations import mutant

COUNT = 5000
CAMPAIGN = Campaign(id="1", name="Reminders", type=None, status=None, call_ratio=1.5, max_attempts=3)
DIALER, SMS, REPORT, LISTS = "status.dialer", "sms.query_sms", "reports.report", "subscribers.query_lists"
COMPLETE = ConsentList(id="0", name=None, total=None, numbers=())


def test_no_broken_answer_breaks_more_than_itself() -> None:
    """One odd answer would stop the polls, empty the office, or let a text go to who opted out."""
    broken = [case for case in run_all(1, range(COUNT)) if case.complaints]
    assert [(case.number, case.mutant.changes, case.complaints) for case in broken] == []


def test_a_case_is_the_same_each_time() -> None:
    """A failure that cannot be played again cannot be mended."""
    body = b'{"result": "success", "users": [{"authid": "tom"}, {"authid": "zoe"}], "total": "2"}'
    first = [mutant(body, Random(number)) for number in range(500)]
    assert [mutant(body, Random(number)) for number in range(500)] == first
    assert len({one.body for one in first}) > 300


@pytest.mark.parametrize(
    "change",
    [
        {"name": "a\0b"},
        {"name": "\ud83d"},
        {"name": "x" * 2**20},
        {"max_attempts": -1},
        {"max_attempts": 10**12},
        {"call_ratio": float("nan")},
        {"call_ratio": float("inf")},
    ],
)
def test_what_is_absurd_is_seen(change: dict[str, Any]) -> None:
    """Checks that see nothing find nothing."""
    assert list(absurdities(CAMPAIGN)) == []
    assert list(absurdities(replace(CAMPAIGN, **change)))


@pytest.mark.parametrize("value", [datetime(1970, 1, 1), timedelta(seconds=-1), timedelta(days=400), b"x", {None: 1}])  # noqa: DTZ001
def test_times_and_kinds_that_are_absurd_are_seen(value: object) -> None:
    """Checks that see nothing find nothing."""
    assert list(absurdities(value))


@pytest.mark.parametrize(
    ("question", "document", "answer"),
    [
        (DIALER, None, Snapshot(rows={"1": CAMPAIGN})),
        (DIALER, {"result": "error"}, Snapshot(rows={"1": CAMPAIGN})),
        (DIALER, {"result": "success", "dialer": [{}]}, Snapshot(rows={})),
        ("status.calls", {"result": "success", "calls": {"inbound": [{}]}}, Snapshot(rows={})),
        (SMS, {"result": "success"}, MessagePage(total=0, messages=())),
        (SMS, {"result": "success", "results": [], "total_results": 6}, MessagePage(total=6, messages=())),
        (REPORT, {"result": "success", "results": [], "error": "down"}, CallReport(total=0, columns=(), rows=())),
        (REPORT, {"result": "success", "results": [[1]]}, CallReport(total=0, columns=(), rows=())),
        (LISTS, {"result": "success", "optin": []}, ConsentLists(opt_in=(), opt_out=())),
        (LISTS, {"result": "success", "optout": [{"entries": [1]}]}, ConsentLists(opt_in=(), opt_out=(COMPLETE,))),
        (
            LISTS,
            {"result": "success", "optout": [{"total_unsubscribers": 1}]},
            ConsentLists(opt_in=(), opt_out=(COMPLETE,)),
        ),
        (LISTS, {"result": "success", "optout": [None]}, ConsentLists(opt_in=(), opt_out=())),
    ],
)
def test_what_a_document_does_not_say_is_seen(question: str, document: Any, answer: object) -> None:
    """Checks that see nothing find nothing."""
    assert list(contradictions(document, answer, question))
