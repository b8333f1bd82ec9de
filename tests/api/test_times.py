"""Spans, beginnings and times in every spelling of the PBX's."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from custom_components.dls_pbx.api import times

CHICAGO = ZoneInfo("America/Chicago")
NOW = datetime(2026, 11, 23, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    ("written", "seconds"),
    [
        # the page's own
        ("4s", 4),
        ("0s", 0),
        ("30 secs ago", 30),
        ("94351 secs ago", 94351),
        ("0:04", 4),
        ("1:17", 77),
        ("75:10", 4510),
        ("0h4m3s", 243),
        ("0h0m4s", 4),
        ("00:59:07", 3547),
        ("146:42:08", 528128),
        ("1 minute(s)", 60),
        ("Now", 0),
        ("85", 85),
        # the same, otherwise typed or spaced
        (85, 85),
        (0, 0),
        (" 4s ", 4),
        ("NOW", 0),
        ("1 sec ago", 1),
        ("2 mins", 120),
        ("1 hour 5 minutes ago", 3900),
        ("3 days, 4 hours", 273600),
        ("2 weeks", 1209600),
        ("1H2M3S", 3723),
    ],
)
def test_a_span_is_read_in_every_shape(written: Any, seconds: int) -> None:
    """A shape that is not known is an entity without a value, one misread is a lie."""
    assert times.duration(written) == timedelta(seconds=seconds)


@pytest.mark.parametrize(
    "written",
    [
        "Over a week ago",
        "Over 2 weeks ago",
        "A good while",
        "never",
        "",
        None,
        "N/A",
        "1 month ago",
        "2 months 3 days",
        "1 year ago",
        "about 5 minutes",
        "4s and then some",
        "-1 secs ago",
        "1:2:3:4",
        "12:345",
        "²",
        "85.5",
        True,
        [],
        {"4s": "4s"},
        "9" * 30,
        "9" * 5000,
        "9" * 5000 + "s",
        "9" * 30 + ":00",
    ],
)
def test_words_that_are_not_known_are_unknown(written: Any) -> None:
    """A new word of the PBX must not take an entity down, nor be half understood."""
    assert times.duration(written) is None
    assert times.since(written, NOW) is None


def test_an_elapsed_time_becomes_a_beginning() -> None:
    """What grows by itself would be news at every poll."""
    assert times.since("30 secs ago", NOW) == NOW - timedelta(seconds=30)


@pytest.mark.parametrize("off", [-2, -1, 0, 1, 2])
def test_a_beginning_is_kept_while_it_agrees_within_two_seconds(off: int) -> None:
    """The network and the PBX's rounding move it a little at every poll."""
    before = NOW - timedelta(seconds=30 + off)
    assert times.since("30 secs ago", NOW, before) is before


@pytest.mark.parametrize("off", [-3, 3])
def test_another_beginning_is_news(off: int) -> None:
    """Else the next call would be taken for the last one."""
    before = NOW - timedelta(seconds=30 + off)
    assert times.since("30 secs ago", NOW, before) == NOW - timedelta(seconds=30)


@pytest.mark.parametrize("off", [-3, -2, 0, 2, 3])
@pytest.mark.parametrize(
    "written", ["30 secs ago", "0:30", "30", 30, "", None, "never", "9" * 5000 + " secs ago", "1795446000 secs ago"]
)
def test_whether_a_beginning_is_still_the_same_is_told_at_a_glance(written: Any, off: int) -> None:
    """A short cut that says something else than the long way is a mistake in one of them."""
    for before in (None, NOW - timedelta(seconds=30 + off)):
        assert times.still(written, NOW, before) is (times.since(written, NOW, before) == before)


def test_the_tolerance_does_not_add_up() -> None:
    """A clock that gains a second a poll must not carry the beginning along with it."""
    first = found = times.since("0s", NOW)
    for poll in (1, 2):
        found = times.since(f"{poll * 14}s", NOW + timedelta(seconds=poll * 15), found)
        assert found is first
    assert times.since("42s", NOW + timedelta(seconds=45), found) == NOW + timedelta(seconds=3)


@pytest.mark.parametrize(("written", "left"), [("1 minute(s)", 60), ("90", 90), ("0:05", 5)])
def test_the_time_that_is_left_becomes_when_it_is_over(written: str, left: int) -> None:
    """A countdown would be news at every poll."""
    over = NOW + timedelta(seconds=left)
    assert times.until(written, NOW) == over
    assert times.until(written, NOW, over + timedelta(seconds=2)) == over + timedelta(seconds=2)
    assert times.until(written, NOW, over + timedelta(minutes=5)) == over


@pytest.mark.parametrize("written", ["Now", "0", "", None, "A good while", "9999 days", "N/A"])
def test_where_no_time_is_left_nobody_says_when(written: Any) -> None:
    """A fax that is being sent would seem to wait."""
    assert times.until(written, NOW, NOW) is None


def test_minutes_that_are_left_do_not_wander() -> None:
    """Whole minutes fall in steps: when a fax is tried again would jump about by one."""
    first = times.until("5 minute(s)", NOW)
    assert times.until("5 minute(s)", NOW + timedelta(seconds=50), first) == first
    assert times.until("4 minute(s)", NOW + timedelta(seconds=61), first) == first


@pytest.mark.parametrize("seconds", range(0, 400, 15))
def test_minutes_do_not_wander(seconds: int) -> None:
    """`5 minute(s)` stays for a minute: what began does not begin anew at each poll meanwhile."""
    began = NOW - timedelta(seconds=1)
    now = NOW + timedelta(seconds=seconds)
    rounded_up = -(-(seconds + 1) // 60)
    assert times.since(f"{rounded_up} minute(s)", now, began) is began
    assert times.since(f"{(seconds + 1) // 60} minute(s)", now, began) is began


@pytest.mark.parametrize("written", ["1795446000 secs ago", "999999999999 secs ago", "498735:00:00"])
def test_a_time_that_was_never_set_is_unknown(written: str) -> None:
    """Asterisk keeps it as 0: an agent who took no call would have taken it in 1970."""
    assert times.since(written, NOW) is None


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("2024-01-30 13:42:56", datetime(2024, 1, 30, 19, 42, 56, tzinfo=UTC)),
        ("2024-07-30 13:42:56", datetime(2024, 7, 30, 18, 42, 56, tzinfo=UTC)),
        ("2024-01-30 13:42", datetime(2024, 1, 30, 19, 42, tzinfo=UTC)),
        ("2024-01-30T13:42:56", datetime(2024, 1, 30, 19, 42, 56, tzinfo=UTC)),
        ("2024-01-30T13:42:56+01:00", datetime(2024, 1, 30, 12, 42, 56, tzinfo=UTC)),
        ("2024-01-30", datetime(2024, 1, 30, 6, tzinfo=UTC)),
        ("05/01/2017 10:58 am", datetime(2017, 5, 1, 15, 58, tzinfo=UTC)),
        ("12/31/17 11:59 PM", datetime(2018, 1, 1, 5, 59, tzinfo=UTC)),
        ("1498157871", datetime(2017, 6, 22, 18, 57, 51, tzinfo=UTC)),
        (1498157871, datetime(2017, 6, 22, 18, 57, 51, tzinfo=UTC)),
        ("1498157871.5", datetime(2017, 6, 22, 18, 57, 51, 500000, tzinfo=UTC)),
    ],
)
def test_a_time_without_a_zone_is_the_office_time(written: Any, moment: datetime) -> None:
    """Read in another zone, a message is hours old before it came."""
    found = times.instant(written, CHICAGO)
    assert found == moment
    assert found is not None
    assert found.tzinfo is UTC


@pytest.mark.parametrize(
    "written",
    ["", None, "never", "0", 0, "0000-00-00 00:00:00", "2024-13-01 00:00:00", "13/32/2017 10:58 am", "9" * 20, ".", []],
)
def test_a_time_that_is_none_is_unknown(written: Any) -> None:
    """PHP and MySQL have several ways to write that there was none."""
    assert times.instant(written, CHICAGO) is None


@pytest.mark.parametrize("zone", ["Asia/Tokyo", "America/Chicago"])
def test_a_time_at_the_end_of_the_calendar_is_no_error(zone: str) -> None:
    """Some databases write 9999 for "for ever", and 1 for "never"; neither may stop a poll."""
    for written in ("0001-01-01 00:00:00", "9999-12-31 23:59:59"):
        found = times.instant(written, ZoneInfo(zone))
        assert found is None or found.year in {1, 9999}


def test_the_hour_that_comes_twice_is_read_as_the_first() -> None:
    """The PBX does not say which it means; but both read the same, and both are times of that night."""
    assert times.instant("2026-11-01 01:30:00", CHICAGO) == datetime(2026, 11, 1, 6, 30, tzinfo=UTC)
    assert times.instant("2026-11-01 02:00:00", CHICAGO) == datetime(2026, 11, 1, 8, 0, tzinfo=UTC)


def test_the_hour_that_is_left_out_is_a_time_all_the_same() -> None:
    """In spring a PBX may write a time that the wall clocks never showed."""
    assert times.instant("2026-03-08 02:30:00", CHICAGO) == datetime(2026, 3, 8, 8, 30, tzinfo=UTC)


def test_a_span_across_the_end_of_summer_time_is_as_long_as_it_was() -> None:
    """Two times of one zone are compared by their wall clocks, which lose an hour that night."""
    before = times.instant("2026-11-01 00:30:00", CHICAGO)
    after = times.instant("2026-11-01 02:30:00", CHICAGO)
    assert before is not None
    assert after is not None
    assert after - before == timedelta(hours=3)


@pytest.mark.parametrize(
    ("moment", "written"),
    [
        (datetime(2026, 11, 23, 15, tzinfo=UTC), "2026-11-23 09:00:00"),
        (datetime(2026, 7, 23, 15, tzinfo=UTC), "2026-07-23 10:00:00"),
        (datetime(2026, 11, 23, 15, 0, 0, 999999, tzinfo=UTC), "2026-11-23 09:00:00"),
    ],
)
def test_a_time_is_written_as_the_pbx_reads_it(moment: datetime, written: str) -> None:
    """Else a report begins hours too early or too late."""
    assert times.local_text(moment, CHICAGO) == written


@pytest.mark.parametrize("written", ["999999999999s", "99999999 weeks", "99999999:00", 10**10])
def test_what_takes_longer_than_anything_takes_is_unknown(written: Any) -> None:
    """A clock that jumped would make an average wait of centuries."""
    assert times.duration(written) is None


@pytest.mark.parametrize(
    "written", ["0001-01-01 00:00:00", "1969-12-31 23:59:59", "1970-01-01 00:00:07", "7", "2100-01-01"]
)
def test_a_time_that_nobody_here_has_seen_or_will_is_none(written: str) -> None:
    """A clock that was never set would show phones that were provisioned half a century ago."""
    assert times.instant(written, CHICAGO) is None
