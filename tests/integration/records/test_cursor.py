"""What is news, and how little of it has to be written down each time."""

from datetime import datetime, timedelta
from random import Random
from typing import Any

import pytest

from custom_components.dls_pbx.records import cursor as module
from custom_components.dls_pbx.records.cursor import KEPT, LONG_OVERLAP, Cursor, Stamp
from tests.helpers.office import NOW
from tests.helpers.stored import merge


def _stamp(number: int, began: datetime) -> Stamp:
    return Stamp(id=f"{number}", began=began)


def _same(cursor: Cursor, disk: dict[str, Any]) -> bool:
    """Tell whether a cursor is as its changes on the disk."""
    again = Cursor.from_stored(disk)
    return all(
        getattr(again, name) == getattr(cursor, name) for name in ("baseline", "floor", "newest", "read", "seen")
    )


@pytest.mark.parametrize("seed", range(5))
def test_changes_saved_one_by_one_come_to_what_it_is(seed: int) -> None:
    """After a restart another record would be news, or none."""
    rng, now = Random(seed), NOW
    cursor, disk = Cursor.at(now), dict[str, Any]()
    for turn in range(400):
        now += timedelta(seconds=rng.uniform(1, 1200))
        stamps = [_stamp(rng.randrange(turn + 1), now - timedelta(minutes=rng.uniform(0, 300))) for _ in range(3)]
        cursor.note(stamps)
        if rng.random() < 1 / 10:
            cursor.forget(stamps)
        elif rng.random() < 3 / 4:
            floor = cursor.floor
            cursor.advance(now)
            assert cursor.newest == max(cursor.seen.values())
            assert cursor.floor == max(min(cursor.newest, now) - KEPT, floor)
            assert min(cursor.seen.values()) >= cursor.floor
            assert {key: began for began, keys in cursor._begun.items() for key in keys} == cursor.seen  # noqa: SLF001
            assert sorted(cursor._moments) == sorted(cursor._begun)  # noqa: SLF001
        if rng.random() < 1 / 2:
            disk = merge(disk, cursor.changes())
            assert _same(cursor, disk)
            assert cursor.changes() == {}


def test_only_what_is_new_or_gone_is_a_change() -> None:
    """Each call told would write down all calls of the day."""
    cursor = Cursor.at(NOW)
    cursor.note(_stamp(number, NOW + timedelta(minutes=number)) for number in range(100))
    cursor.advance(NOW + timedelta(minutes=100))
    assert cursor.changes().keys() == {"baseline", "floor", "newest", "read", "seen"}
    later = NOW + KEPT + timedelta(minutes=2)
    cursor.note([_stamp(1000, later), _stamp(99, NOW + timedelta(minutes=99))])
    cursor.advance(later)
    assert cursor.changes() == {
        "floor": (later - KEPT).isoformat(),
        "newest": later.isoformat(),
        "seen": {"0": None, "1": None, "1000": later.timestamp()},
    }


def test_after_a_quiet_day_the_newest_record_is_history_and_the_next_is_news() -> None:
    """An office that was closed for a week would be told its last call, or never again one."""
    cursor, last = Cursor.at(NOW), _stamp(1, NOW - timedelta(days=7))
    cursor.begin_after([last])
    cursor.advance(NOW)
    assert cursor.seen == {"1": last.began}
    assert not cursor.is_news(last)
    assert cursor.is_news(_stamp(2, NOW - timedelta(days=6)))


def test_a_row_that_comes_late_from_before_the_newest_is_history_too() -> None:
    """Somebody who called days before there was a Home Assistant would be texted."""
    cursor = Cursor.at(NOW)
    cursor.begin_after(_stamp(10 - days, NOW - timedelta(days=days)) for days in (7, 9))
    cursor.advance(NOW)
    assert not cursor.is_news(_stamp(8, NOW - timedelta(days=8)))


def test_the_oldest_records_say_nothing_of_how_far_history_goes() -> None:
    """From a PBX that sorts as it likes the first rows are years old: all that came since would be told."""
    cursor = Cursor.at(NOW)
    cursor.begin_after(_stamp(year, NOW - timedelta(days=365 * year)) for year in (9, 8))
    cursor.advance(NOW)
    assert cursor.seen == {}
    assert not cursor.is_news(_stamp(7, NOW - timedelta(days=365 * 7)))


def test_what_was_taken_back_was_never_there() -> None:
    """A record that could not be saved would never be told."""
    cursor = Cursor.at(NOW)
    cursor.read = True
    cursor.note([_stamp(1, NOW)])
    disk = merge({}, cursor.changes())
    cursor.forget([_stamp(1, NOW)])
    assert _same(cursor, merge(disk, cursor.changes()))
    assert cursor.is_news(_stamp(1, NOW))
    cursor.advance(NOW)
    assert cursor.newest is None


def test_more_than_can_be_kept_is_history_and_never_told_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """A PBX with a million calls a day must not fill the memory, nor have old calls told twice."""
    monkeypatch.setattr(module, "MOST_KEPT", 50)
    cursor = Cursor.at(NOW)
    stamps = [_stamp(number, NOW + timedelta(seconds=number // 2)) for number in range(120)]
    cursor.note(stamps)
    cursor.advance(NOW + timedelta(hours=1))
    assert len(cursor.seen) == 50
    assert not any(map(cursor.is_news, stamps))
    assert _same(cursor, merge({}, cursor.changes()))


def test_ids_that_two_calls_share_take_no_more_room_each_time() -> None:
    """A PBX that takes ids for numbers shows both at each look, and the memory would fill."""
    cursor = Cursor.at(NOW)
    twins = [_stamp(1, NOW), _stamp(1, NOW + timedelta(minutes=1))]
    for _ in range(100):
        cursor.note(twins)
        cursor.advance(NOW + timedelta(minutes=2))
    assert len(cursor._moments) == 2  # noqa: SLF001 - what is not seen from outside is how much of it there is


def test_a_look_reaches_as_far_back_as_it_is_meant_to() -> None:
    """A row that comes a day late would be taken for history and never be told."""
    cursor = Cursor.at(NOW)
    cursor.note([_stamp(1, NOW)])
    cursor.advance(NOW)
    newest, late = NOW + timedelta(days=3), NOW + timedelta(days=3) - LONG_OVERLAP
    cursor.note([_stamp(2, newest)])
    cursor.advance(newest)
    assert cursor.start(newest, LONG_OVERLAP) == late
    assert cursor.is_news(_stamp(3, late))


def test_a_record_of_the_oldest_second_is_news() -> None:
    """The PBX writes whole seconds: two calls may begin in the very one up to which everything is history."""
    cursor = Cursor.at(NOW)
    cursor.advance(NOW)
    assert cursor.is_news(_stamp(1, cursor.floor))
    assert not cursor.is_news(_stamp(1, cursor.floor - datetime.resolution))
    cursor.note([_stamp(1, cursor.floor)])
    assert not cursor.is_news(_stamp(1, cursor.floor))


def test_a_record_from_the_future_hides_none_of_today() -> None:
    """One slip of the PBX's clock, and no call would be told until its date has come."""
    cursor = Cursor.at(NOW)
    cursor.note([_stamp(1, NOW + timedelta(days=30))])
    cursor.advance(NOW)
    assert cursor.start(NOW, timedelta(hours=2)) == NOW - timedelta(hours=2)
    assert cursor.is_news(_stamp(2, NOW))


def test_only_what_is_listed_no_more_has_another_id_by_now() -> None:
    """Of two calls of one second, from servers that write their ids each in its way, one would never be told."""
    cursor = Cursor.at(NOW)
    cursor.read = True
    old, other = Stamp(id="1.9", began=NOW), Stamp(id="1.10", began=NOW)
    cursor.note([old, other])
    east = Stamp(id="east-1.9", began=NOW)
    assert cursor.renamed([old, other, east]) == {}
    assert cursor.is_news(east)
    assert cursor.renamed([_stamp(3, NOW + timedelta(seconds=1)), Stamp(id="1.11", began=NOW)]) == {}


def test_what_a_page_has_cut_off_is_listed_all_the_same() -> None:
    """Of two such calls at a page's end, one on each page, the new one would never be told."""
    cursor = Cursor.at(NOW)
    cursor.read = True
    before, old = Stamp(id="1.8", began=NOW - timedelta(seconds=9)), Stamp(id="1.9", began=NOW)
    cursor.note([before, old])
    east = Stamp(id="east-1.9", began=NOW)
    assert cursor.renamed([before, east]) == {}
    assert cursor.is_news(east)
    assert not cursor.is_news(old)


def test_of_one_second_each_call_has_its_own_new_id() -> None:
    """A third one of that second would be taken for one of the two that were told."""
    cursor, disk = Cursor.at(NOW), dict[str, Any]()
    cursor.read = True
    cursor.note([Stamp(id="1.10", began=NOW), Stamp(id="1.9", began=NOW)])
    disk = merge(disk, cursor.changes())
    new = [Stamp(id=f"pbx-1.{number}", began=NOW) for number in (10, 11, 9)]
    assert cursor.renamed(new) == {"1.9": "pbx-1.9", "1.10": "pbx-1.10"}
    assert [stamp.id for stamp in new if cursor.is_news(stamp)] == ["pbx-1.11"]
    assert _same(cursor, merge(disk, cursor.changes()))
    assert cursor.renamed(new) == {}
