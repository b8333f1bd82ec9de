"""Request for a report, and the result that it gives."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One criterion of a filter group; which values it needs depends on its type and operator."""

    type: str
    operator: str = ""
    value: str | Sequence[str] | None = None
    lower_value: str | None = None
    upper_value: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FilterGroup:
    """Rules that must all (`and`) or any (`or`) match, for records to be kept (`include`) or left out (`exclude`)."""

    rules: Sequence[Rule]
    exclusivity: str = "include"
    logical_operator: str = "and"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportRequest:
    """A report as `reports.php` asks for it, already out of its encoding; options are the texts of `key=value`."""

    columns: Sequence[str]
    report_type: str = "detail_table"
    filter_groups: Sequence[FilterGroup] = ()
    options: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportResult:
    """A report: `results` is None if only the count was wanted; `total_results` counts all pages."""

    title: str
    columns: Sequence[str]
    results: Sequence[Sequence[str]] | None
    total_results: int
