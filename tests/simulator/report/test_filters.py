"""The CDR report's filters, alone and in groups."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from simulator.engine import PbxError
from simulator.models import CallRecord
from simulator.report import FilterGroup, ReportRequest, Rule, run_report
from tests.helpers.report_calls import CALLS, NAMES, OUT


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
