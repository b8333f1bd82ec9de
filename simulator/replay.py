"""Replay of another PBX, from the samples in a download of the integration's diagnostics: it answers as that one did.

The answers stand still, and so does the clock, at the time of the download. Records are those of its day; what is
asked of them (a span, a page, the newest first) is looked for among these. No filter but those that were sampled is
known, and what changes the PBX changes nothing.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
import json
from pathlib import Path
import random
from typing import Any
from zoneinfo import ZoneInfo

from simulator.app import Simulator
from simulator.clock import ManualClock
from simulator.engine import PbxError
from simulator.pbx.simulated import SimulatedPbx
from simulator.report import ReportRequest
from simulator.vendor import report_query
from simulator.vendor.actions import ACTIONS, Action, Ask

_REPORT, _MESSAGES = "reports.report", "sms.query_sms"
_READS = frozenset({_REPORT, _MESSAGES, "subscribers.query_lists"})

type Document = Mapping[str, Any]


class ReplayError(ValueError):
    """The file has no samples; the text says what it has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Replay:
    """A download, as far as it is needed to play its PBX."""

    at: datetime
    time_zone: ZoneInfo
    dialect: Mapping[str, Mapping[str, str]]
    samples: Mapping[str, Document]

    @classmethod
    def load(cls, path: Path) -> Replay:
        """Read a download, or a fixture made of one; raises ReplayError and OSError."""
        try:
            found = json.loads(path.read_text(encoding="utf-8"))
            found = found.get("data", found)
            return cls(
                at=datetime.fromisoformat(found["at"]),
                time_zone=ZoneInfo(found["time_zone"]),
                dialect=found["dialect"],
                samples=found["samples"],
            )
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise ReplayError(f"{path} is no download of diagnostics with samples: {error}") from error

    def stored(self) -> dict[str, Any]:
        """Return what `load` reads."""
        return {
            "at": self.at.isoformat(),
            "time_zone": str(self.time_zone),
            "dialect": self.dialect,
            "samples": self.samples,
        }

    def simulator(self, **options: Any) -> Simulator:
        """Return the PBX, for a socket; `options` are those of the Simulator."""
        clock = ManualClock(self.at)

        def empty() -> SimulatedPbx:
            return SimulatedPbx(clock=clock, rng=random.Random(0), time_zone=self.time_zone)

        simulator = Simulator(empty(), clock=clock, rebuild=empty, actions=self._actions(), **options)
        for action in ACTIONS:
            if manner := self.dialect.get(action.partition(".")[0]):
                simulator.control.quirk(action, body_encodings=manner["encoding"], array_names=manner["arrays"])
        return simulator

    def _actions(self) -> Mapping[str, Action]:
        reads = [name for name in ACTIONS if name.startswith("status.") or name in _READS]
        return {**ACTIONS, **{name: self._action(name) for name in reads}}

    def _action(self, name: str) -> Action:
        def run(ask: Ask) -> dict[str, Any]:
            if name == _REPORT:
                request = report_query.read(ask.fields)
                marks = [rule.type for group in request.filter_groups for rule in group.rules]
                return _report(self._sample(name, *marks), request)
            sample = self._sample(name)
            return _messages(sample, ask) if name == _MESSAGES else dict(sample)

        return Action(run=run, fields=ACTIONS[name].fields, is_sampled=True)

    def _sample(self, *name: str) -> Document:
        sample = self.samples.get(" ".join(name))
        if sample is None or "unreadable" in sample:
            raise PbxError("The download has no answer to this that could be read")
        return sample


def _report(sample: Document, request: ReportRequest) -> dict[str, Any]:
    """Return the rows of a report that are asked for, with the columns that are."""
    results, columns = sample.get("results"), sample.get("columns")
    if not isinstance(results, list) or not isinstance(columns, list):
        return dict(sample)
    cells = [dict(zip(columns, row, strict=False)) if isinstance(row, list) else {} for row in results]
    wanted = [*request.columns]
    if wanted != columns and set(wanted) <= set(columns):
        results, columns = [[row.get(name, "") for name in wanted] for row in cells], wanted
    options = request.options
    found = _asked(
        results,
        [row.get("date") for row in cells],
        (options.get("from"), options.get("to")),
        reverse=options.get("order_direction") == "DESCENDING",
    )
    page = _page(found, options.get("page_offset"), options.get("per_page"))
    return {**sample, "columns": columns, "results": page, **_total(sample, len(results), len(found))}


def _messages(sample: Document, ask: Ask) -> dict[str, Any]:
    """Return the rows of the table of texts that are asked for."""
    results = sample.get("results")
    if not isinstance(results, list):
        return dict(sample)
    filters = ask.fields.get("filters") or {}
    zone = ask.engine.time_zone
    span = [
        f"{datetime.fromtimestamp(int(moment), UTC).astimezone(zone):%Y-%m-%d %H:%M:%S}" if moment else None
        for moment in (filters.get("from"), filters.get("to"))
    ]
    times = [row.get("timestamp") if isinstance(row, dict) else None for row in results]
    # As it was sampled, the newest is the first.
    found = _asked(results, times, span, reverse=ask.fields.get("order_by") == "asc")
    page = _page(found, ask.fields.get("results_offset"), ask.fields.get("results_limit"))
    return {**sample, "results": page, **_total(sample, len(results), len(found))}


def _page(rows: Sequence[Any], offset: Any, limit: Any) -> Sequence[Any]:
    begin = int(offset or 0)
    return rows[begin : begin + int(limit or len(rows))]


def _asked(rows: Sequence[Any], times: Iterable[Any], span: Iterable[str | None], *, reverse: bool) -> list[Any]:
    """Return the rows of a span; times in the page's spelling compare as texts, and others are of any span."""
    since, until = span
    found = [
        row
        for row, time in zip(rows, times, strict=True)
        if not isinstance(time, str) or ((since or "") <= time and (until is None or time <= until))
    ]
    return found[::-1] if reverse else found


def _total(sample: Mapping[str, Any], in_all: int, found: int) -> dict[str, Any]:
    """Return how many rows there are, as the PBX tells it; those that were not sampled are none."""
    told = sample.get("total_results")
    if not (isinstance(told, str | int) and str(told).isdecimal()) or int(told) < in_all:
        return {}
    return {"total_results": str(found) if isinstance(told, str) else found}
