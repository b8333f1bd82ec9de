"""Relevance: which actions a quirk has anything to do with, found out by asking.

An action whose answers a quirk leaves as they are has nothing to live through. All of these have it at once.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

import orjson

from script.matrix_run.office import ANYWHERE, MEANWHILE, goes_on, office
from script.matrix_run.troubles import Trouble
from simulator.app import DEFAULT_KEY, DEFAULT_USER
from simulator.report.columns import COLUMNS
from simulator.vendor.actions import ACTIONS
from simulator.vendor.api import Incoming, VendorApi

# Of records it can take more of them, more time or another question to see it.
_OF_RECORDS: Final = frozenset(
    {
        "rows", "ties", "page_cap", "cap_cuts_pages", "unique_ids", "report_columns", "late_failures", "marks",
        "hidden_number", "time_zones", "report_reach", "filters", "taken_calls", "totals", "order", "repeated_rows",
    }
)  # fmt: skip
_RECORDS: Final = frozenset({"reports.report", "sms.query_sms"})
# How a request is read shows in what is not understood.
_OF_REQUESTS: Final = frozenset({"body_encodings", "array_names"})
_FIELDS: Final[Mapping[str, Any]] = {
    "reports.report": {"report_type": "detail_table", "columns": list(COLUMNS), "options": []},
}


class Relevance:
    """The answers of a PBX without quirks, and with one."""

    def __init__(self) -> None:
        pbx = office()
        goes_on(pbx, *MEANWHILE)
        self._api = VendorApi(pbx, users=[DEFAULT_USER], key=DEFAULT_KEY)
        self._plain = {action: self._answer(action) for action in ACTIONS}

    def cases(self, trouble: Trouble) -> Iterator[tuple[str, tuple[str, ...]]]:
        """Yield the cases worth a life: what automations ask for meanwhile, and which actions have the trouble."""
        own = [action for action in ACTIONS if self._matters(trouble, action)]
        rest = tuple(action for action in ACTIONS if action not in own)
        for action in (*own, ANYWHERE):
            yield action, (action,)
        if rest:
            yield ANYWHERE, rest

    def _matters(self, trouble: Trouble, action: str) -> bool:
        names = trouble.quirk.keys()
        if trouble.fault or names & _OF_REQUESTS or (names & _OF_RECORDS and action in _RECORDS):
            return True
        self._api.quirks.set(action, trouble.quirk)
        answer = self._answer(action)
        self._api.quirks.clear()
        return answer != self._plain[action]

    def _answer(self, action: str) -> object:
        endpoint, _, name = action.partition(".")
        fields = {"api_user": DEFAULT_USER, "api_key": DEFAULT_KEY, **_FIELDS.get(action, {})}
        visit = self._api.visit(
            Incoming(
                method="POST",
                path=f"/api/v1/{endpoint}.php",
                endpoint=endpoint,
                query=[("api_action", name), ("api_format", "json")],
                headers={"Content-Type": "application/json"},
                body=orjson.dumps(fields),
            )
        )
        packing = visit.quirks.packing
        return self._api.answer(visit), packing
