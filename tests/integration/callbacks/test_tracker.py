"""Who is owed a call, by the rows of the CDR alone: in whatever order, and however many."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
import json
from random import Random
from typing import Any

from freezegun.api import FrozenDateTimeFactory
import pytest

from custom_components.dls_pbx.api.models import CallRecord, Message, RecordDirection
from custom_components.dls_pbx.callbacks import tracker
from custom_components.dls_pbx.callbacks.items import MOST_TRIES, Callback
from custom_components.dls_pbx.callbacks.tracker import MOST_COMPLETED, MOST_OPEN, Callbacks
from tests.helpers.office import CALLER, NOW, OTHER_CALLER, TOM
from tests.helpers.stored import merge

HOME, OTHER_HOME = f"+1{CALLER}", f"+1{OTHER_CALLER}"


def at(minutes: float) -> datetime:
    """Return a time so many minutes after the tests' beginning."""
    return NOW + timedelta(minutes=minutes)


def missed(minutes: float, number: str | None = CALLER, **facts: object) -> CallRecord:
    """Return the row of a call from outside that nobody answered."""
    row = {"id": f"missed.{minutes}.{number}", "direction": RecordDirection.INBOUND, "bridged": False, "src": number}
    return CallRecord(began=at(minutes), **row | facts)  # type: ignore[arg-type]


def answered(minutes: float, number: str = CALLER, **facts: object) -> CallRecord:
    """Return the row of a call from outside that somebody answered."""
    return missed(minutes, number, id=f"answered.{minutes}.{number}", bridged=True, **facts)


def called(minutes: float, number: str = CALLER, **facts: object) -> CallRecord:
    """Return the row of a call to the outside."""
    row = {"id": f"called.{minutes}.{number}", "src": "630", "src_user": TOM, "dst": number, "bridged": True}
    return CallRecord(began=at(minutes), direction=RecordDirection.OUTBOUND, **row | facts)  # type: ignore[arg-type]


class Desk:
    """A list of callbacks, and everything that the CDR has told it."""

    def __init__(self, region: str = "US") -> None:
        self.callbacks = Callbacks({}, region=region, zone=UTC)
        self.recent: list[CallRecord] = []
        self.disk: dict[str, Any] = {}

    def tell(self, *records: CallRecord) -> None:
        """Bring new rows, as the feed does."""
        self.recent = [row for row in self.recent if row.id not in {record.id for record in records}]
        self.recent += records
        self.callbacks.note(records, self.recent)

    def stored(self) -> dict[str, Any]:
        """Save what has changed; return what is on the disk then."""
        self.disk = json.loads(json.dumps(merge(self.disk, self.callbacks.changes())))
        return self.disk

    @property
    def owed(self) -> dict[str, int]:
        """How often each number to be called back has tried."""
        return {item.number: len(item.tries) for item in self.callbacks.items if not item.completed}

    @property
    def done(self) -> list[str]:
        """The numbers that have been ticked off."""
        return [item.number for item in self.callbacks.items if item.completed]


@pytest.fixture
def desk(frozen: FrozenDateTimeFactory) -> Desk:
    """Return an empty list at a time when all that the tests tell of is over."""
    frozen.move_to(at(600))
    return Desk()


def _batches(rows: Sequence[CallRecord], rng: Random) -> Iterable[list[CallRecord]]:
    """Yield rows in any order and by any number; within a batch they are sorted, as the feed has them."""
    left = rng.sample(rows, len(rows))
    while left:
        size = rng.randint(1, len(left))
        batch, left = left[:size], left[size:]
        yield sorted(batch, key=lambda row: row.began)


@pytest.mark.parametrize("seed", range(60))
def test_rows_lead_to_the_same_list_in_whatever_order_they_come(desk: Desk, seed: int) -> None:
    """A row that comes late would leave a debt that has been paid, or hide one that has not."""
    rng = Random(seed)
    numbers = [CALLER, OTHER_CALLER, "3125550147"]
    rows = [
        rng.choice((missed, missed, answered, called))(minute, rng.choice(numbers))
        for minute in rng.sample(range(300), 14)
    ]
    spoken = {
        number: max((row.began for row in rows if row.bridged and _of(row) == number), default=None)
        for number in numbers
    }
    owing = [row for row in rows if row.missed and not ((until := spoken[_of(row)]) and row.began <= until)]
    for batch in _batches(rows, rng):
        desk.tell(*batch)
    assert desk.owed == {f"+1{number}": n for number in numbers if (n := sum(_of(row) == number for row in owing))}


def _of(row: CallRecord) -> str:
    return (row.src if row.inbound else row.dst) or ""


def test_several_tries_are_one_item(desk: Desk) -> None:
    """Three items for one caller make three people call them back."""
    desk.tell(missed(0, queues=("support",)), missed(5, caller_name="Jane  Example\n", voicemail=True))
    desk.tell(missed(9, queues=("night", "support"), caller_name="8155550123"))
    (item,) = desk.callbacks.items
    assert (item.first, item.last, len(item.tries)) == (at(0), at(9), 3)
    assert (item.name, item.queues, item.voicemail) == ("Jane Example", ("support", "night"), True)


def test_a_row_that_is_told_again_counts_once(desk: Desk) -> None:
    """After a kill rows come again that were noted already."""
    for _ in range(3):
        desk.tell(missed(0))
    assert desk.owed == {HOME: 1}


@pytest.mark.parametrize("row", [called(10), answered(10), answered(0), called(10, "+1 (815) 555-0123")])
def test_a_conversation_ticks_off(desk: Desk, row: CallRecord) -> None:
    """Somebody would call back who has been called back."""
    desk.tell(missed(0))
    desk.tell(row)
    assert (desk.owed, desk.done) == ({}, [HOME])


@pytest.mark.parametrize(
    "row",
    [
        called(10, OTHER_CALLER),
        called(10, bridged=False),
        answered(-1),
        answered(10, "8005550199", dst=CALLER, direction=RecordDirection.HAIRPIN),
        answered(10, src=CALLER, direction=RecordDirection.INTERNAL),
        answered(10, src="630", src_user=TOM, src_label=CALLER),
    ],
)
def test_what_is_no_conversation_with_them_ticks_nothing_off(desk: Desk, row: CallRecord) -> None:
    """A caller would be forgotten."""
    desk.tell(missed(0))
    desk.tell(row)
    assert (desk.owed, desk.done) == ({HOME: 1}, [])


def test_a_conversation_between_two_tries_leaves_the_later_one(desk: Desk) -> None:
    """Who calls again after the conversation wants something else."""
    desk.tell(missed(0), missed(20))
    desk.tell(called(10))
    assert desk.owed == {HOME: 1}
    assert desk.callbacks.items[0].first == at(20)


@pytest.mark.parametrize("turn", [1, -1])
def test_a_conversation_settles_the_try_of_its_own_second_whichever_row_comes_first(desk: Desk, turn: int) -> None:
    """The PBX writes whole seconds: who rang twice in one and was answered would be called back, or not, by chance."""
    for row in [missed(10), answered(10)][::turn]:
        desk.tell(row)
    assert desk.owed == {}


def test_a_row_corrected_to_bridged_takes_its_try_back(desk: Desk) -> None:
    """After a transfer the PBX finds out that somebody had spoken to the caller after all."""
    desk.tell(missed(0))
    desk.tell(missed(0, bridged=True))
    assert (desk.owed, desk.done) == ({}, [HOME])


def test_who_has_been_called_back_before_the_row_came_is_never_on_the_list(desk: Desk) -> None:
    """After an outage everything comes at once."""
    desk.tell(called(10))
    desk.tell(missed(5))
    desk.tell(missed(20, OTHER_CALLER), answered(25, OTHER_CALLER))
    assert desk.callbacks.items == []


def test_ticked_by_hand_stays_ticked(desk: Desk, frozen: FrozenDateTimeFactory) -> None:
    """The PBX's rows come late; whoever ticked off knew already."""
    desk.tell(missed(0))
    frozen.move_to(at(30))
    desk.callbacks.complete(desk.callbacks.items[0].uid)
    desk.tell(missed(29))
    assert (desk.owed, desk.done) == ({}, [HOME])
    desk.tell(missed(31))
    assert (desk.owed, desk.done) == ({HOME: 1}, [HOME])


def test_a_tick_taken_back_joins_what_came_since(desk: Desk) -> None:
    """One caller is one item, also when a colleague takes the tick back."""
    desk.tell(missed(0, queues=("support",), caller_name="Jane"))
    uid = desk.callbacks.items[0].uid
    desk.tell(called(10))
    desk.tell(missed(20))
    desk.callbacks.reopen(uid)
    (item,) = desk.callbacks.items
    assert (len(item.tries), item.name, item.queues, item.completed) == (2, "Jane", ("support",), None)
    desk.callbacks.reopen(uid)
    desk.callbacks.complete("nobody's")
    assert desk.callbacks.items == [item]


def test_a_deleted_item_does_not_come_back(desk: Desk, frozen: FrozenDateTimeFactory) -> None:
    """Who deletes a nuisance call does not want it back a minute later."""
    desk.tell(missed(0), missed(1, OTHER_CALLER))
    desk.tell(called(2, OTHER_CALLER))
    frozen.move_to(at(30))
    desk.callbacks.delete([item.uid for item in desk.callbacks.items])
    assert desk.callbacks.items == []
    desk.tell(missed(0), missed(20))
    assert desk.callbacks.items == []
    desk.tell(missed(40))
    assert desk.owed == {HOME: 1}


@pytest.mark.parametrize(
    "row",
    [
        *(missed(0, hidden) for hidden in (None, "", "anonymous", "Unknown", "restricted", "Unavailable", "private")),
        *(missed(0, hidden) for hidden in ("anonymous@anonymous.invalid", "0000000000", "+266696687")),
        missed(0, "630", direction=RecordDirection.INTERNAL),
        missed(0, "630"),
        missed(0, "123456"),
        missed(0, "630@north-side"),
        missed(0, src_user=TOM),
        missed(0, direction=RecordDirection.OUTBOUND),
        missed(0, direction=RecordDirection.UNKNOWN),
        missed(0, fax=True),
        answered(0),
    ],
)
def test_who_cannot_or_need_not_be_called_back_is_not_on_the_list(desk: Desk, row: CallRecord) -> None:
    """An item that nobody can tick off by calling stays for good."""
    desk.tell(row)
    assert desk.callbacks.items == []


@pytest.mark.parametrize(
    ("region", "tried", "reached"),
    [
        ("US", "8155550123", "+18155550123"),
        ("US", "+1 815-555-0123", "(815) 555-0123"),
        ("US", "+49301234567", "01149301234567"),
        ("DE", "0301234567", "+49 30 1234567"),
        ("US", "5550123", "555-0123"),
    ],
)
def test_a_number_is_the_same_in_every_spelling(
    frozen: FrozenDateTimeFactory, region: str, tried: str, reached: str
) -> None:
    """People dial as they like, and the PBX shows what it was told."""
    desk = Desk(region)
    desk.tell(missed(0, tried))
    desk.tell(called(1, reached))
    assert (desk.owed, len(desk.done)) == ({}, 1)


def test_the_longest_waiting_are_first_and_the_done_ones_last(desk: Desk) -> None:
    """First come, first served."""
    for minutes, number in enumerate(("8155550001", "8155550002", "8155550003", "8155550004")):
        desk.tell(missed(minutes, number))
    desk.tell(missed(50, "8155550003"), called(60, "8155550001"), called(70, "8155550002"))
    assert [item.number[-4:] for item in desk.callbacks.items] == ["0003", "0004", "0002", "0001"]


def test_a_list_is_the_same_after_it_was_stored(desk: Desk) -> None:
    """A restart must change nothing, down to what has been deleted."""
    desk.tell(missed(0, queues=("support",), voicemail=True, caller_name="Zoë"), missed(1, OTHER_CALLER))
    desk.tell(missed(3, "3125550147"), called(4, OTHER_CALLER))
    desk.callbacks.delete([item.uid for item in desk.callbacks.items if item.number.endswith("0147")])
    again = Callbacks(desk.stored(), region="US", zone=UTC)
    assert again.items == desk.callbacks.items
    assert (again.open, len(again.items)) == (1, 2)
    again.note([missed(2, "3125550147")], [])
    assert again.open == 1


@pytest.mark.parametrize("number", ["0000000000", "+10000000000", "7378742833", "-1"])
def test_who_hides_and_was_stored_with_a_number_is_gone(desk: Desk, number: str) -> None:
    """An older version wrote them down; somebody would call ANONYMOUS back."""
    desk.tell(missed(0))
    stored = desk.stored()
    again = Callbacks({**stored, "another": {**next(iter(stored.values())), "number": number}}, region="US", zone=UTC)
    assert [item.number for item in again.items] == [item.number for item in desk.callbacks.items]
    assert again.changes() == {"another": None}


def test_done_items_go_after_a_week(desk: Desk, frozen: FrozenDateTimeFactory) -> None:
    """A list of thousands of ticks is no help, and names are not kept for good."""
    desk.tell(missed(0), missed(1, OTHER_CALLER))
    desk.tell(called(2))
    frozen.move_to(at(2) + timedelta(days=7, minutes=-1))
    assert Callbacks(desk.stored(), region="US", zone=UTC).items == desk.callbacks.items
    frozen.move_to(at(2) + timedelta(days=7, minutes=1))
    later = Callbacks(desk.stored(), region="US", zone=UTC)
    assert [item.number for item in later.items] == [OTHER_HOME]
    assert len(merge(desk.stored(), later.changes())) == 1


def test_deleted_items_are_forgotten_when_no_row_can_bring_them_back(desk: Desk, frozen: FrozenDateTimeFactory) -> None:
    """Who is deleted shall be gone."""
    desk.tell(missed(0))
    desk.callbacks.delete([desk.callbacks.items[0].uid])
    assert len(desk.stored()) == 1
    frozen.tick(timedelta(days=2, minutes=1))
    again = Callbacks(desk.stored(), region="US", zone=UTC)
    assert merge(desk.stored(), again.changes()) == {}


def text(minutes: float, number: str = CALLER, **facts: object) -> Message:
    """Return the row of a text that went out."""
    row: dict[str, Any] = dict.fromkeys(("dst_original_label", "account_code", "message_id"))
    row |= {"id": 1, "src_label": "630@default - Tom", "dst_label": number, "message": "Hello"}
    return Message(timestamp=at(minutes), **row | {"status": "success", "direction": "outbound"} | facts)


def test_a_store_of_before_notes_is_read_and_one_with_notes_by_those_who_know_none(desk: Desk) -> None:
    """An update would begin with an empty list, and so would whoever has to go back."""
    desk.tell(missed(0), missed(1, OTHER_CALLER))
    before = desk.stored()
    assert all(item.keys() == {"number", "tries", "deleted"} for item in before.values())
    again = Callbacks(before, region="US", zone=UTC)
    first, _ = again.items
    assert (first.note, first.owner, first.texted) == (None, None, None)
    assert again.changes() == {}
    again.change(first.uid, note="Call at five", owner="Ann")
    again.texted([HOME])
    again.ask("+13125550147", "About the invoice")
    kept = merge(before, json.loads(json.dumps(again.changes())))
    # What the release before looks at is all there, for each of them.
    assert all(item["tries"] and item["number"] and item["deleted"] is False for item in kept.values())
    once_more = Callbacks(kept, region="US", zone=UTC)
    assert once_more.items == again.items
    assert once_more.items[0].note == "Call at five"


@pytest.mark.parametrize("wrong", [{"note": 5}, {"owner": ["Ann"]}, {"texted": "today"}])
def test_a_store_of_another_shape_is_not_read(desk: Desk, wrong: dict[str, Any]) -> None:
    """A list that cannot be shown would keep the whole PBX from being set up."""
    desk.tell(missed(0))
    ((uid, item),) = desk.stored().items()
    with pytest.raises((TypeError, ValueError)):
        Callbacks({uid: item | wrong}, region="US", zone=UTC)


def test_a_tick_that_is_taken_back_brings_note_and_owner_along(desk: Desk) -> None:
    """What was said before the tick would be lost, or what was said since."""
    desk.tell(missed(0))
    (done,) = desk.callbacks.items
    desk.callbacks.change(done.uid, note="About the fence\nUrgent", owner="Ann")
    desk.callbacks.note_texts([text(1)])
    desk.callbacks.complete(done.uid)
    desk.tell(missed(700))
    newer = next(iter(desk.callbacks.owed))
    assert (newer.note, newer.owner, newer.texted) == (None, None, None)
    desk.callbacks.change(newer.uid, note="Urgent\nIs at home", owner=None)
    desk.callbacks.reopen(done.uid)
    (item,) = desk.callbacks.items
    assert (item.uid, item.note, item.owner) == (newer.uid, "About the fence\nUrgent\nIs at home", "Ann")
    assert (item.texted, item.texted_since) == (at(1), None)
    assert Callbacks(desk.stored(), region="US", zone=UTC).items == [item]


def test_texts_count_once_and_only_for_who_is_owed_a_call(desk: Desk) -> None:
    """Every look at the record of texts would write to the disk."""
    desk.tell(missed(0))
    assert not desk.callbacks.note_texts(
        [
            text(1, OTHER_CALLER),
            text(1, "630@default - Tom", direction="internal"),
            text(1, status="failure"),
            text(1, direction="inbound"),
            text(-1),
            text(0),
        ]
    )
    assert desk.callbacks.note_texts([text(2), text(1)])
    assert not desk.callbacks.note_texts([text(2), text(1)])
    (item,) = desk.callbacks.items
    assert item.texted_since == at(2)
    desk.tell(missed(3))
    assert desk.callbacks.items[0].texted_since is None
    assert not desk.callbacks.note_texts([text(2), text(1)])


def test_a_text_of_the_second_of_a_try_may_have_come_before_it(desk: Desk) -> None:
    """Who is told that somebody has answered them would wait for nothing."""
    desk.tell(missed(0))
    desk.callbacks.note_texts([text(3)])
    desk.tell(missed(3))
    assert desk.callbacks.items[0].texted_since is None


def test_calls_of_one_id_are_callers_of_their_own_also_in_an_old_store(desk: Desk) -> None:
    """A PBX that takes ids for numbers gives two calls the same: one of the callers would be forgotten."""
    desk.tell(missed(0, id="1"), missed(1, OTHER_CALLER, id="1"))
    assert desk.owed == {HOME: 1, OTHER_HOME: 1}
    assert [item.uid for item in desk.callbacks.items] == ["1", f"1 {OTHER_HOME}"]
    old = [item | {"uid": "1"} for item in desk.stored().values()]
    assert Callbacks(old, region="US", zone=UTC).items == desk.callbacks.items


def test_who_asked_for_a_call_has_left_no_message(desk: Desk) -> None:
    """Somebody would look for one."""
    desk.callbacks.ask(HOME, None)
    (item,) = desk.callbacks.items
    assert not item.voicemail


def test_a_call_to_a_number_that_stands_in_its_label_only_is_a_call_to_it(desk: Desk) -> None:
    """Some PBXs show what was dialed in one column and some in another: the customer would be called again."""
    desk.tell(missed(0), called(1, dst=None, dst_label=CALLER))
    assert desk.owed == {}


def test_a_try_that_turns_out_to_be_a_fax_is_no_try_and_the_others_stay(desk: Desk) -> None:
    """A fax machine would be called back, or somebody who has called would not."""
    first, second = missed(1), missed(2)
    desk.tell(missed(0, OTHER_CALLER), first, second)
    assert not desk.callbacks.correct([first, second])
    assert desk.callbacks.correct([replace(first, fax=True)])
    assert not desk.callbacks.correct([replace(first, fax=True)])
    assert desk.owed == {HOME: 1, OTHER_HOME: 1}
    assert desk.callbacks.correct([replace(second, fax=True)])
    assert desk.owed == {OTHER_HOME: 1}


def test_a_message_is_of_the_try_that_left_it(desk: Desk) -> None:
    """Nobody would listen to it, or all would look for one that there is not."""
    first, second = missed(1), missed(2)
    desk.tell(missed(0, OTHER_CALLER), first, second)
    assert desk.callbacks.correct([replace(second, voicemail=True)])
    assert not desk.callbacks.correct([replace(second, voicemail=True)])
    other, item = desk.callbacks.items
    assert [one.voicemail for one in item.tries] == [False, True]
    assert not other.voicemail


def test_a_try_can_be_corrected_by_a_new_id_of_its_call(desk: Desk) -> None:
    """After an upgrade of the PBX a fax machine would stay on the list, and a message would be nobody's."""
    fax, message, earlier = missed(1), missed(2), missed(0, OTHER_CALLER)
    desk.tell(earlier, fax, message)
    desk.stored()
    done = next(item for item in desk.callbacks.items if item.number == OTHER_HOME)
    desk.callbacks.complete(done.uid)
    desk.callbacks.rename({row.id: f"pbx-{row.id}" for row in (earlier, fax, message)} | {"nobody's": "nobody's"})
    desk.callbacks.reopen(done.uid)
    turned_out = [replace(fax, fax=True), replace(message, voicemail=True), replace(earlier, voicemail=True)]
    assert desk.callbacks.correct([replace(row, id=f"pbx-{row.id}") for row in turned_out])
    assert [(item.number, [one.voicemail for one in item.tries]) for item in desk.callbacks.items] == [
        (OTHER_HOME, [True]),
        (HOME, [True]),
    ]
    again = Callbacks(desk.stored(), region="US", zone=UTC)
    assert again.items == desk.callbacks.items


def test_only_what_is_new_of_an_item_is_written(desk: Desk) -> None:
    """Each note would write down all tries again."""
    desk.tell(missed(0), missed(1))
    desk.stored()
    (item,) = desk.callbacks.items
    desk.callbacks.change(item.uid, note="Call at five", owner=None)
    assert desk.callbacks.changes() == {item.uid: {"note": "Call at five"}}
    assert desk.callbacks.changes() == {}


def test_what_is_not_on_the_list_takes_no_note(desk: Desk) -> None:
    """Somebody else may have taken it off a moment ago: their screen would show a stack of a program."""
    desk.tell(missed(0))
    (item,) = desk.callbacks.items
    desk.callbacks.delete([item.uid])
    told: list[str] = []
    desk.callbacks.async_subscribe(lambda: told.append("changed"))
    for uid in (item.uid, "nobody's"):
        assert desk.callbacks.find(uid) is None
        desk.callbacks.change(uid, note="Call at five", owner=None)
    assert told == []


def test_who_was_texted_is_told_to_all_screens(desk: Desk) -> None:
    """A second desk would text them again."""
    desk.tell(missed(0))
    told: list[str] = []
    desk.callbacks.async_subscribe(lambda: told.append("changed"))
    desk.callbacks.texted([OTHER_HOME])
    assert told == []
    desk.callbacks.texted([HOME])
    assert told == ["changed"]


def test_of_many_that_are_done_the_latest_are_shown(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, frozen: FrozenDateTimeFactory
) -> None:
    """Who ticked off the wrong one just now would not find it."""
    monkeypatch.setattr(tracker, "MOST_COMPLETED", 2)
    for number in (CALLER, OTHER_CALLER, "3125550147"):
        frozen.tick(60)
        desk.tell(missed(0, number))
        desk.callbacks.complete(next(iter(desk.callbacks.owed)).uid)
    assert desk.done == ["+13125550147", OTHER_HOME]


def test_a_row_that_comes_the_next_day_brings_nothing_back_that_was_taken_off(
    desk: Desk, frozen: FrozenDateTimeFactory
) -> None:
    """Somebody would be called who is owed nothing, by whoever sees the list first."""
    desk.tell(missed(0))
    desk.callbacks.delete([desk.callbacks.items[0].uid])
    frozen.move_to(at(600) + timedelta(hours=25))
    desk.tell(missed(2100, OTHER_CALLER))
    desk.tell(missed(1))
    assert desk.owed == {OTHER_HOME: 1}


def test_a_text_of_ours_counts_although_the_pbxs_clock_is_ahead(desk: Desk) -> None:
    """Who was just texted would be texted again."""
    desk.tell(missed(603))  # by our clock it is minute 600
    assert desk.callbacks.texted([OTHER_HOME, HOME])
    assert desk.callbacks.items[0].texted_since
    assert not desk.callbacks.texted([OTHER_HOME])


def test_who_asked_for_a_call_is_done_when_somebody_has_spoken_to_them_since(desk: Desk) -> None:
    """The call in which they asked for another one is no answer."""
    uid = desk.callbacks.ask(HOME, "About the invoice")
    desk.tell(answered(599))
    assert [item.uid for item in desk.callbacks.owed] == [uid]
    desk.tell(called(601))
    assert desk.owed == {}


def test_the_list_is_bounded_and_says_so(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    """A robot that calls from a thousand numbers must not fill the disk, and nobody is dropped in silence."""
    numbers = [f"815556{index:04}" for index in range(MOST_OPEN + 5)]
    for index, number in enumerate(numbers[:-5]):
        desk.tell(missed(index / 10, number))
    assert (desk.callbacks.open, caplog.text) == (MOST_OPEN, "")
    desk.tell(*(missed(200 + index, number) for index, number in enumerate(numbers[-5:])))
    assert desk.callbacks.open == MOST_OPEN
    assert [item.number[2:] for item in desk.callbacks.items[:1]] == [numbers[5]]
    assert len(caplog.records) == 1
    assert str(MOST_OPEN) in caplog.text
    desk.tell(missed(300))
    assert len(caplog.records) == 1
    desk.tell(*(called(400, number) for number in numbers[5 : MOST_COMPLETED + 55]))
    assert len(desk.done) == MOST_COMPLETED


def test_a_robots_tries_are_bounded(desk: Desk) -> None:
    """One caller must not fill the disk either."""
    desk.tell(*(missed(index) for index in range(MOST_TRIES + 50)))
    assert desk.owed == {HOME: MOST_TRIES}
    # The latest ones: who is still at it has not given up.
    assert desk.callbacks.items[0].last == at(MOST_TRIES + 49)


def test_listeners_hear_of_changes_only_and_one_that_fails_stops_nobody(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    """An entity in trouble must not keep call records from being told."""
    heard: list[list[Callback]] = []

    def fail() -> None:
        raise RuntimeError

    desk.callbacks.async_subscribe(fail)
    remove = desk.callbacks.async_subscribe(lambda: heard.append(desk.callbacks.items))
    desk.tell(missed(0))
    desk.tell(missed(0), answered(1, OTHER_CALLER), missed(1, "630"))
    assert len(heard) == 1
    assert len(caplog.records) == 1
    assert CALLER not in caplog.text
    remove()
    desk.tell(called(5))
    assert len(heard) == 1
    caplog.clear()  # the error was asked for
