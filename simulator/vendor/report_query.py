"""Query of `reports.php report`: the request's fields as the report takes them."""

from collections.abc import Mapping
from random import Random
from typing import Any

from simulator.engine import Engine, PbxError
from simulator.quirks.records import asked, check_options, shown_calls
from simulator.quirks.switches import Quirks
from simulator.report import FilterGroup, ReportRequest, ReportResult, Rule, run_report
from simulator.report.options import read_options
from simulator.vendor.fields import required, text, texts

FIELDS = frozenset({"report_type", "columns", "filter_groups", "options"})
_GROUP = frozenset({"exclusivity", "logical_operator", "rules"})
_RULE = frozenset({"type", "operator", "value", "lower_value", "upper_value"})


def read(fields: Mapping[str, Any]) -> ReportRequest:
    """Read what a report is asked for; PbxError for anything that the page does not know."""
    return ReportRequest(
        report_type=required(fields, "report_type"),
        columns=texts(fields, "columns"),
        filter_groups=[_group(group) for group in _maps(fields, "filter_groups", _GROUP)],
        options=_options(fields),
    )


def report(engine: Engine, fields: Mapping[str, Any], quirks: Quirks, rng: Random) -> ReportResult:
    """Run a report over an engine's CDR, as far as it shows; PbxError for anything that the page does not know."""
    request = read(fields)
    check_options(request.options, read_options(request.options, engine.time_zone), quirks, engine.now())
    return run_report(
        shown_calls(engine.call_records(), quirks, engine.now(), rng),
        asked(request, quirks),
        time_zone=engine.time_zone,
        user_groups=getattr(engine, "user_groups", {}),  # not every engine has groups
        queue_members={queue.name: [agent.auth_id for agent in queue.agents] for queue in engine.queues()},
        users=engine.users(),
        tenants=getattr(engine, "tenants", ()),  # also those without users
        reading=quirks.filters,
    )


def _options(fields: Mapping[str, Any]) -> dict[str, str]:
    options: dict[str, str] = {}
    for option in texts(fields, "options") if fields.get("options") else ():
        key, equals, value = option.partition("=")
        if not equals:
            raise PbxError(f"Option '{option}' must be written as key=value")
        options[key.strip()] = value.strip()
    return options


def _maps(fields: Mapping[str, Any], name: str, known: frozenset[str]) -> list[dict[str, Any]]:
    """Return a list of maps; XML cannot tell a list of one from the one."""
    given = fields.get(name) or []
    maps = [given] if isinstance(given, dict) else given
    if not isinstance(maps, list) or not all(isinstance(one, dict) for one in maps):
        raise PbxError(f"'{name}' must be a list of maps")
    for one in maps:
        if unknown := one.keys() - known:
            raise PbxError(f"Unknown field '{min(unknown)}' in '{name}'")
    return maps


def _group(group: Mapping[str, Any]) -> FilterGroup:
    return FilterGroup(
        rules=[_rule(rule) for rule in _maps(group, "rules", _RULE)],
        exclusivity=text(group, "exclusivity", "include"),
        logical_operator=text(group, "logical_operator", "and"),
    )


def _rule(rule: Mapping[str, Any]) -> Rule:
    def number(name: str) -> str | None:
        return text(rule, name) if name in rule else None

    value = rule.get("value")
    return Rule(
        type=required(rule, "type"),
        operator=text(rule, "operator", ""),
        value=texts(rule, "value") if isinstance(value, list) else number("value"),
        lower_value=number("lower_value"),
        upper_value=number("upper_value"),
    )
