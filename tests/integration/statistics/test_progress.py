"""How far the statistics are: what is kept of it between two pages."""

from datetime import timedelta

from custom_components.dls_pbx.statistics.progress import Progress
from tests.helpers.office import NOW

HOUR = timedelta(hours=1)


def test_pages_add_up() -> None:
    """The notice would name the calls of the last page and the day of the last call, and say that this was all."""
    progress = Progress(slug="office", since=NOW - 9 * HOUR, until=NOW - 9 * HOUR)
    progress.reached(NOW - 6 * HOUR, 3, NOW - 8 * HOUR)
    progress.reached(NOW, 4, NOW - 5 * HOUR)
    assert (progress.calls, progress.first, progress.until) == (7, NOW - 8 * HOUR, NOW)


def test_a_look_back_takes_nothing_back() -> None:
    """A restart in the middle of it would count the same calls again, and show less done than there was."""
    progress = Progress(slug="office", since=NOW - 9 * HOUR, until=NOW)
    progress.reached(NOW - 6 * HOUR, 0, None)
    assert progress.until == NOW
    assert Progress.from_stored(progress.as_stored()) == progress
