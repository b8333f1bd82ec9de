"""What a cell of a call report means."""

from datetime import datetime
import re
from zoneinfo import ZoneInfo

import orjson
import pytest

from custom_components.dls_pbx.api import cdr
from simulator.report.columns import COLUMNS
from simulator.report.filters import TYPES
from tests.helpers.paths import VENDOR_SAMPLES

ZONE = ZoneInfo("America/Chicago")
SAMPLE = VENDOR_SAMPLES / "reports.report.json"


@pytest.mark.parametrize(
    ("column", "written", "meant"),
    [
        ("date", "2016-10-13 09:54:06", datetime(2016, 10, 13, 9, 54, 6, tzinfo=ZONE)),
        ("date", "", None),
        ("bridged", "Yes", True),
        ("bridged", "No", False),
        ("bridged", "", None),
        ("billable_duration", "85", 85),
        ("billable_duration", "00:02:45", 165),
        ("billable_duration", "a while", None),
        ("queue_avg_hold_duration", "12.5", 12.5),
        ("involved_queue_count", "2", 2),
        ("involved_queues", "sales, support", ["sales", "support"]),
        ("involved_queues", "", []),
        ("src", "0630", "0630"),
        ("src_label", "", None),
        ("column_of_a_later_version", "x", "x"),
    ],
)
def test_a_cell_is_what_its_column_says(column: str, written: str, meant: object) -> None:
    """Automations would compare "85" with 9 as texts, and take "No" for true."""
    assert cdr.value(column, written, ZONE) == meant


def test_every_column_and_filter_of_the_page_can_be_asked_for() -> None:
    """What is missing here cannot be asked for in Home Assistant. The stand-in was written from the page by others."""
    assert list(cdr.COLUMNS) == list(COLUMNS)
    assert set(cdr.FILTER_TYPES) == set(TYPES)


def test_the_vendors_sample_has_no_cell_without_a_meaning() -> None:
    """The page's own answer is the one that certainly comes."""
    sample = orjson.loads(SAMPLE.read_bytes())
    meant = [cdr.value(*cell, ZONE) for row in sample["results"] for cell in zip(sample["columns"], row, strict=True)]
    assert None not in meant
    assert not [text for text in meant if isinstance(text, str) and re.fullmatch(r"\d+", text)]
