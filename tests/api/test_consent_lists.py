"""Consent lists: whether all of one is known."""

from datetime import UTC
from typing import Any

import pytest

from custom_components.dls_pbx.api import DlsPbxResponseError, records

ROW = {"number": "6502530000", "unsubscribed_at": "2026-11-23 09:00:00"}


@pytest.mark.parametrize(
    "one",
    [
        {"unsubscribed_at": [ROW, None], "total_unsubscribers": 1},
        {"unsubscribed_at": [ROW, "6502530001"], "total_unsubscribers": "1"},
        {"unsubscribed_at": [ROW, ["6502530001"]]},
        {"unsubscribed_at": [ROW], "total_unsubscribers": -1},
        {"unsubscribed_at": [ROW], "total_unsubscribers": 2},
        {"unsubscribed_at": [ROW], "total_unsubscribers": "many"},
        {"unsubscribed_at": [ROW], "total_unsubscribers": []},
        {"unsubscribed_at": {"a": ROW, " a": {"number": None}}},
        {"total_unsubscribers": None, "unsubscribed": [ROW]},
        {},
        [ROW],
        "6502530000",
        None,
    ],
)
def test_a_list_of_which_something_is_not_known_is_not_complete(one: Any) -> None:
    """Somebody who opted out would get a text: the rest of the list says nothing against it."""
    lists = records.consent_lists({"optin": [], "optout": [{"unsubscribed_at": [ROW]}, one]}, UTC)
    assert [found.complete for found in lists.opt_out] == [True, False]


def test_two_rows_under_keys_that_look_alike_are_two() -> None:
    """The second would take the first one's place."""
    rows = {"1": ROW, "1\0": {**ROW, "number": "6502530001"}}
    lists = records.consent_lists({"optin": [], "optout": [{"unsubscribed_at": rows, "total_unsubscribers": 2}]}, UTC)
    assert [row.number for row in lists.opt_out[0].numbers] == ["6502530000", "6502530001"]
    assert lists.opt_out[0].complete


@pytest.mark.parametrize("listed", [7, "none", True, float("inf")])
def test_a_value_in_place_of_a_list_is_nobody_s_consent(listed: Any) -> None:
    """It would read as if nobody had opted out."""
    with pytest.raises(DlsPbxResponseError):
        records.consent_lists({"optin": [], "optout": [{"unsubscribed_at": listed}]}, UTC)
    with pytest.raises(DlsPbxResponseError):
        records.consent_lists({"optin": [], "optout": listed}, UTC)
