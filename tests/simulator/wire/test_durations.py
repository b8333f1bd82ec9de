"""Spans in the shapes of the vendor's page, at the very second at which they change."""

from simulator.wire.durations import WEEK, delta


def test_a_week_is_not_over_a_week() -> None:
    """A phone that fetched its configuration a week ago to the second would count as one that nobody knows of."""
    assert (delta(WEEK), delta(WEEK + 1)) == ("168:00:00", "Over a week ago")
