"""The CDR report's filters, alone and in groups."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, get_args, get_type_hints

import pytest

from simulator.engine import PbxError
from simulator.models import CallRecord, Direction, Extension
from simulator.quirks.switches import Quirks
from simulator.report import FilterGroup, ReportRequest, Rule, run_report
from simulator.report.filters import READINGS
from tests.helpers.report_calls import ANN, CALLS, FAX, NAMES, OUT, QUEUE, ZOE


def found(*groups: FilterGroup, calls: Sequence[CallRecord] = CALLS, **options: Any) -> set[str]:
    """Return the names of the calls that pass these filters."""
    request = ReportRequest(columns=("unique_id",), filter_groups=groups)
    result = run_report(
        calls,
        request,
        user_groups={"Sales": {"ann00000"}},
        queue_members={"support": {"zoe00000"}, "empty": set()},
        **options,
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
        ("international_outbound", {"dst": "8765550100"}),
        ("international_outbound", {"dst": "+4791234567"}),
        ("international", {"src": "8765550100"}),
        ("tollfree", {"dst": "8885550100"}),
    ],
)
def test_a_switch_finds_what_it_names(kind: str, changes: dict[str, object]) -> None:
    """A filter that matches nothing in the other tests might never match."""
    changed = replace(OUT, unique_id="1.1", **changes)  # type: ignore[arg-type]
    assert found(only(kind), calls=(OUT, changed)) == {"1.1"}


def test_a_fax_under_way_has_neither_failed_nor_succeeded() -> None:
    """A reader would tell of a failure, and then that it went well."""
    under_way = replace(FAX, fax_successful=None)
    assert found(only("fax_failed"), calls=[under_way]) == found(only("fax_successful"), calls=[under_way]) == set()


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
        (only("tenant_users", value="nobody"), "Unknown value of the filter tenant_users: nobody"),
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


@pytest.mark.parametrize("operator", ["=", "!=", "<", "<="])
def test_a_voice_call_has_no_pages_to_count(operator: str) -> None:
    """A report on short faxes would show every call."""
    assert found(only("fax_page_count", operator=operator, value="0")) == ({"fax"} if operator == "!=" else set())


@pytest.mark.parametrize(
    "changes",
    [
        {"billable_duration": 0, "bridged": False},
        {"direction": Direction.HAIRPIN, "bridged": False},
        {"direction": Direction.INTERNAL},
    ],
)
def test_what_nobody_took_abroad_is_not_charged(changes: dict[str, Any]) -> None:
    """Calls that cost nothing would be looked for on the bill."""
    assert found(only("international_outbound"), calls=(replace(OUT, dst="498912345678", **changes),)) == set()


ACTING = Extension(ext="7", name="Agent", tenant="agents", auth_id="agent007")
TAKEN = replace(QUEUE, involved_agents=("agent007",), dst_user=ZOE)


@pytest.mark.parametrize(
    ("kind", "value"), [("users", "7"), ("users", "7@agents"), ("users", "agent007"), ("tenant_users", "agents")]
)
def test_an_agent_is_a_user_of_the_call(kind: str, value: str) -> None:
    """Who took a call and passed it on would have had nothing to do with it."""
    assert found(only(kind, value=value), calls=(TAKEN, FAX), users=[ACTING, ANN]) == {"queue"}
    assert found(only(kind, value=value), calls=(TAKEN,), users=[ACTING], reading="users_at_ends") == set()


def test_a_tenant_without_users_is_a_tenant() -> None:
    """An empty report is what is to be said of it."""
    assert found(only("tenant_users", value="new"), tenants=["new"]) == set()


SHOWN = replace(OUT, shown_number="+18475550111", dst_original="3125550199")


@pytest.mark.parametrize(
    ("kind", "value", "calls"),
    [
        ("tn", "8475550111", {"out"}),
        ("tn", "3125550199", {"out"}),
        ("tn", "8005550199", {"queue"}),
        ("pbxtn", "+1 (847) 555-0111", {"out"}),
        ("pbxtn", "3125550199", set()),
        ("pbxtn", "8005550199", {"queue"}),
    ],
)
def test_numbers_that_were_dialed_or_shown_were_in_the_call(kind: str, value: str, calls: set[str]) -> None:
    """The calls of one of the PBX's own numbers would be found in one direction only."""
    assert found(only(kind, value=value), calls=(SHOWN, QUEUE)) == calls


def test_ten_digits_with_a_country_are_another_number() -> None:
    """A report on an American would show a Norwegian's calls."""
    there, here = replace(OUT, dst="+4791234567"), replace(OUT, unique_id="1.1", dst="4791234567")
    assert found(only("tn", value="+47 9123 4567"), calls=(there, here)) == {"out"}
    assert found(only("tn", value="4791234567"), calls=(there, here)) == {"1.1"}
    assert found(only("international"), calls=(there, here)) == {"out"}


@pytest.mark.parametrize(
    ("reading", "group", "calls", "names"),
    [
        ("left_messages", only("voicemail"), (replace(FAX, voicemail=True),), set()),
        ("left_messages", only("voicemail"), (replace(FAX, voicemail=True, left_message=True),), {"fax"}),
        ("billable", only("duration", operator="=", value="30"), CALLS, {"out"}),
        ("overseas", only("international"), (replace(OUT, dst="8765550100"),), set()),
        ("overseas", only("international"), (replace(OUT, dst="498912345678"),), {"out"}),
        ("overseas", only("international_outbound"), (replace(OUT, dst="498912", billable_duration=0),), set()),
        ("overseas", only("international_outbound"), (replace(OUT, dst="498912345678", billable_duration=0),), {"out"}),
        ("numbers_at_ends", only("tn", value="8475550111"), (SHOWN,), set()),
        ("numbers_at_ends", only("pbxtn", value="8475550111"), (SHOWN,), set()),
        ("numbers_at_ends", only("pbxtn", value="8005550199"), CALLS, {"queue"}),
        ("users_at_ends", only("queue_users", value="support"), (replace(QUEUE, dst_user=None),), set()),
    ],
)
def test_a_filter_may_mean_something_else(
    reading: str, group: FilterGroup, calls: Sequence[CallRecord], names: set[str]
) -> None:
    """The page has nothing but their names."""
    assert found(group, calls=calls, reading=reading) == names


def test_every_other_meaning_can_be_switched_on() -> None:
    """A meaning without a switch is one that nobody tries."""
    assert get_args(get_type_hints(Quirks)["filters"]) == tuple(READINGS)
