"""What outlives a restart outlives a kill at any byte, a full disk and a new release; only what is new is written."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, timedelta
import json
from pathlib import Path
from threading import Event
from typing import Any, NamedTuple
from unittest.mock import patch

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er, issue_registry as ir
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.dls_pbx.api.models import CallRecord
from custom_components.dls_pbx.callbacks.tracker import Callbacks
from custom_components.dls_pbx.const import DOMAIN
from custom_components.dls_pbx.data import STORED
from custom_components.dls_pbx.records.cursor import KEPT, Cursor, Stamp
from custom_components.dls_pbx.records.journal import Journal, as_line
from custom_components.dls_pbx.records.store import NotSavedError, RecordStore
from simulator.pbx.past import Outcome
from simulator.pbx.simulated import SimulatedPbx
from tests.helpers.disk import Disk, a_disk, copy_disk
from tests.helpers.entities import ENTRY_ID
from tests.helpers.office import CALLER, JERRY, NOW, OTHER_CALLER, TOM
from tests.helpers.restarts import House, a_house
from tests.helpers.stored import JOURNAL, OLD, as_before, files_of, journal_of, state_of, stored
from tests.helpers.work import counted
from tests.integration.callbacks.test_tracker import called, missed
from tests.integration.conftest import Poll

FIXTURE = Path(__file__).with_name("store_of_0_2_0.json")


class Past(NamedTuple):
    """Something that happened, as the store and as automations know it."""

    section: str
    id: str
    what: str
    number: str


async def items(house: House) -> dict[str, str]:
    """Return the statuses of the callbacks by their numbers' ends."""
    assert house.hass is not None
    target = {"entity_id": er.async_get(house.hass).async_get_entity_id("todo", DOMAIN, f"{ENTRY_ID}_pbx_callbacks")}
    found = await house.hass.services.async_call(
        "todo", "get_items", target=target, blocking=True, return_response=True
    )
    [shown] = found.values()
    return {item["summary"][-4:]: item["status"] for item in shown["items"]}  # type: ignore[index, union-attr, call-overload]


async def change(house: House, service: str, number: str, **fields: Any) -> None:
    """Tick off an item of the callbacks, or take it off the list."""
    assert house.hass is not None
    entity_id = er.async_get(house.hass).async_get_entity_id("todo", DOMAIN, f"{ENTRY_ID}_pbx_callbacks")
    [uid] = [uid for uid, item in stored(house.hass)["callbacks"].items() if item["number"].endswith(number)]
    await house.hass.services.async_call(
        "todo", service, {"item": uid, **fields}, target={"entity_id": entity_id}, blocking=True
    )


def miss(pbx: SimulatedPbx, number: str) -> Past:
    """Let a call be missed."""
    return Past("calls", pbx.add_past_call(number, JERRY, outcome=Outcome.UNANSWERED), "pbx_call:missed", number)


def text(pbx: SimulatedPbx, number: str, row: int) -> Past:
    """Let a text come in, the PBX's first, second and so on."""
    pbx.add_past_sms(number, TOM, "Hello")
    return Past("messages", f"{row}", "pbx_sms:received", number)


def untold(past: list[Past], state: dict[str, Any]) -> list[tuple[str, str]]:
    """Return what a store does not know to have been told."""
    return sorted((one.what, f"+1{one.number}") for one in past if one.id not in state[one.section].get("seen", {}))


def told(house: House) -> list[tuple[str, str]]:
    """Return what was told, each as often as it was."""
    return sorted((one.what, one.attributes["number"]) for one in house.heard.told)


@asynccontextmanager
async def started_on(house: House, life: Path, folder: Path) -> AsyncIterator[House]:
    """Start another Home Assistant on what a kill has left, and let it look at the PBX twice."""
    copy_disk(life, folder / "life 1")
    async with a_house(house.simulator, folder, house.clock) as other:
        await other.start()
        await other.pass_time(61)
        yield other


async def test_a_kill_at_any_byte_loses_nothing_and_doubles_nothing(
    house: House, pbx: SimulatedPbx, tmp_path: Path
) -> None:
    """Callers would be texted twice, or never, after each power cut."""
    await house.start()
    past: list[Past] = []
    for number in range(3):
        past += [miss(pbx, f"815555100{number}"), text(pbx, f"815555200{number}", number + 1)]
        await house.pass_time(61)
    await change(house, "update_item", "1001", status="completed")
    await change(house, "remove_item", "1002")
    past.append(Past("calls", pbx.add_past_call("8155551005", JERRY), "pbx_call:ended", "8155551005"))
    await house.pass_time(61)
    assert told(house) == untold(past, {"calls": {}, "messages": {}})
    await house.kill()

    life = house.folder / f"life {house.lives + 1}"
    path = life / ".storage" / JOURNAL
    written = path.read_bytes()
    starts = 0
    for length in range(written.index(b"\n") + 1, len(written) + 1):
        cut = written[:length]
        state = state_of(cut)
        path.write_bytes(cut)
        assert Journal(path).load() == state
        if not (state["calls"]["read"] and state["messages"]["read"]) or b"\n" not in written[length - 1 : length + 1]:
            continue  # nearest to the ends of lines it is most likely to go wrong
        starts += 1
        async with started_on(house, life, tmp_path / f"cut {length}") as other:
            assert told(other) == untold(past, state)
            shown = await items(other)
            assert shown.keys() | {"1002"} == {"1000", "1001", "1002"}
    assert shown == {"1000": "needs_action", "1001": "completed"}
    assert starts > 12


@pytest.fixture
def always_folded() -> Iterator[None]:
    """Have each save write all that there is."""
    with patch.object(Journal, "outgrown", property(lambda _: True)):
        yield


async def test_a_kill_at_any_moment_of_a_fold_loses_nothing_and_doubles_nothing(
    always_folded: None, house: House, pbx: SimulatedPbx, tmp_path: Path
) -> None:
    """A fold rewrites all that is kept, and only after it is what it has to say told."""
    with a_disk() as disk:
        await house.start()
        past = [miss(pbx, "8155551000"), text(pbx, "8155552000", 1)]
        disk.keep_moments(house.folder / "life 1", tmp_path / "moments")
        await house.pass_time(61)
    assert told(house) == untold(past, {"calls": {}, "messages": {}})
    await house.kill()
    kinds = set()
    for number, moment in enumerate(disk.moments):
        state = stored(moment / ".storage" / JOURNAL)
        async with started_on(house, moment, tmp_path / f"moment {number}") as other:
            assert told(other) == untold(past, state)
            kinds.add(len(other.heard.told))
            assert other.hass is not None
            assert [path.name for path in files_of(other.hass)] == [JOURNAL]
    assert kinds == {0, 1, 2}


async def test_a_fold_for_which_there_is_no_room_holds_nothing_up(
    always_folded: None, house: House, pbx: SimulatedPbx
) -> None:
    """What is new would have room, but nothing would be told until somebody has cleared the disk."""
    with a_disk() as disk:
        await house.start()
        assert house.hass is not None
        path = journal_of(house.hass)
        for number in range(5):
            miss(pbx, f"815555200{number}")
        await house.pass_time(61)
        disk.room = 500
        assert len(path.read_bytes()) > disk.room
        for number in range(2):
            before = path.read_bytes()
            past = miss(pbx, f"815555100{number}")
            await house.pass_time(61)
            assert untold([past], {"calls": {}})[0] in told(house)
            assert path.read_bytes().startswith(before)  # not folded
            disk.room = 500
        disk.room = None
        miss(pbx, "8155551002")
        await house.pass_time(61)
        assert len(house.heard.told) == 8
        assert path.read_bytes().count(b"\n") == 1  # folded
        assert [one.name for one in files_of(house.hass)] == [JOURNAL]


# --- The store of an older version ----------------------------------------------------------------------------------


def relive(pbx: SimulatedPbx, clock: FrozenDateTimeFactory) -> list[str]:
    """Let happen again what had happened when 0.2.0 wrote the fixture; return the ids of the calls."""
    pbx.join_conference("2000", OTHER_CALLER)
    pbx.send_fax(JERRY, "8155550142")
    pbx.add_queue("Sales West")
    ids = [
        pbx.add_past_call(CALLER, "Sales West", outcome=Outcome.UNANSWERED, ago=7200),
        pbx.add_past_call(OTHER_CALLER, "support", by=TOM, ago=90000),
    ][:1]
    clock.tick(timedelta(seconds=312))
    for number, to in (("101", "support"), ("102", JERRY), ("103", "support"), ("104", TOM)):
        ids.append(pbx.add_past_call(f"8155550{number}", to, outcome=Outcome.UNANSWERED))
        clock.tick(timedelta(seconds=61))
    ids += [
        pbx.add_past_call("8155550104", TOM, outcome=Outcome.VOICEMAIL),
        pbx.add_past_call("8155550105", JERRY),
    ]
    pbx.add_past_sms("8155550106", TOM, "Hello")
    call = pbx.call_in(CALLER, name="Ann", to="support")
    pbx.abandon(call)
    clock.tick(timedelta(seconds=122))
    ids.append(pbx.add_past_call(TOM, "8155550103"))
    clock.tick(timedelta(seconds=61 + 301 + 3700 + 61))
    return ids


@pytest.fixture
def old(house: House, pbx: SimulatedPbx) -> dict[str, Any]:
    """Put the store that 0.2.0 wrote into a house that knows nothing else; return what is in it."""
    path = house.folder / "life 1" / ".storage" / OLD
    path.parent.mkdir(parents=True)
    path.write_bytes(FIXTURE.read_bytes())
    written = json.loads(FIXTURE.read_text())["data"]
    assert set(relive(pbx, house.clock)) <= written["calls"]["seen"].keys()
    return dict(written)


OWED = {"0104": "needs_action", "0123": "needs_action", "0103": "completed", "0101": "completed"}


async def test_a_store_of_an_older_version_is_taken_over_whole(
    house: House, pbx: SimulatedPbx, old: dict[str, Any]
) -> None:
    """An update would tell the calls of a day again, empty the list of callbacks and begin statistics anew."""
    await house.start()
    assert house.hass is not None
    assert [path.name for path in files_of(house.hass)] == [JOURNAL]
    assert ir.async_get(house.hass).async_get_issue(DOMAIN, f"records_unreadable_{ENTRY_ID}") is None
    found = json.loads(as_before(stored(house.hass)))["data"]
    assert {name: found[name] for name in old} | {"statistics": 0} == old | {"statistics": 0}
    assert {"kept": None} | stored(house.hass)["statistics"] == old["statistics"]
    await house.pass_time(61)
    assert house.heard.told == []
    assert await items(house) == OWED
    await house.stop()
    await house.start()
    past = miss(pbx, "8155551000")
    await house.pass_time(61)
    assert told(house) == untold([past], {"calls": {}})
    assert await items(house) == OWED | {"1000": "needs_action"}
    assert stored(house.hass)["identity"] == old["identity"]


async def test_a_kill_while_an_old_store_is_taken_over_loses_nothing(
    house: House, old: dict[str, Any], tmp_path: Path
) -> None:
    """An update with a power cut in the middle would be the end of the list, and tell everything again."""
    life = house.folder / "life 1"
    with a_disk() as disk:
        disk.keep_moments(life, tmp_path / "moments")
        await house.start()
    await house.kill()
    names = [sorted(path.name for path in (moment / ".storage").glob(f"{DOMAIN}*")) for moment in disk.moments]
    assert [OLD] in names
    assert [OLD, JOURNAL] in names
    for number, moment in enumerate(disk.moments[: names.index([JOURNAL]) + 1]):
        async with started_on(house, moment, tmp_path / f"moment {number}") as other:
            assert other.heard.told == []
            assert await items(other) == OWED
            assert other.hass is not None
            assert [path.name for path in files_of(other.hass)] == [JOURNAL]


async def test_an_old_store_is_kept_until_there_is_room_for_the_new_one(
    house: House, pbx: SimulatedPbx, old: dict[str, Any]
) -> None:
    """With a full disk there would be neither."""
    with a_disk() as disk:
        disk.room = 100
        await house.start()
        assert house.hass is not None
        past = miss(pbx, "8155551000")
        await house.pass_time(61)
        assert [path.name for path in files_of(house.hass)] == [OLD]
        assert house.heard.told == []
        disk.room = None
        await house.pass_time(61)
        assert [path.name for path in files_of(house.hass)] == [JOURNAL]
        assert told(house) == untold([past], {"calls": {}})


async def test_what_an_older_version_wrote_meanwhile_counts(house: House, pbx: SimulatedPbx, tmp_path: Path) -> None:
    """Who goes back to an older version for a day and comes again would have that day told twice."""
    await house.start()
    await house.stop()
    storage = house.folder / "life 2" / ".storage"
    journal = (storage / JOURNAL).read_bytes()
    await house.start()
    miss(pbx, "8155551000")
    await house.pass_time(61)
    await house.stop()
    storage = house.folder / "life 3" / ".storage"
    (storage / OLD).write_text(as_before(stored(storage / JOURNAL)))
    (storage / JOURNAL).write_bytes(journal)
    await house.start()
    await house.pass_time(61)
    assert house.heard.whats == ["pbx_call:missed"]
    assert house.hass is not None
    assert [path.name for path in files_of(house.hass)] == [JOURNAL]


# --- What it costs --------------------------------------------------------------------------------------------------


@pytest.fixture
def disk() -> Iterator[Disk]:
    """Run the test on a disk of its own."""
    with a_disk() as disk:
        yield disk


async def new_store(hass: HomeAssistant) -> RecordStore:
    """Return a store of what is on the disk."""
    store = RecordStore(hass, ENTRY_ID)
    await store.async_load(STORED)
    assert store.put_aside is None
    return store


class Stream:
    """Calls as they come in, noted by those who keep them: a fifth are missed, and half of those called back."""

    page = 1  # so many are noted at a time

    def __init__(self, store: RecordStore) -> None:
        self.store = store
        self.cursor = Cursor.at(NOW)
        self.callbacks = Callbacks({}, region="US", zone=UTC)
        self._number = 0
        self._page: list[CallRecord] = []

    def take(self, seconds: float) -> None:
        """Note a call that began so long after the beginning."""
        self._number += 1
        number = f"815{self._number % 10_000_000:07}"
        call_id = f"{(NOW + timedelta(seconds=seconds)).timestamp():.0f}.{self._number}"
        facts = {"id": call_id, "queues": ("support",), "caller_name": "Caller O'Name"}
        record = missed(seconds / 60, number, bridged=self._number % 5 > 0, **facts)
        if self._number % 10 == 7:
            record = called(seconds / 60, f"815{self._number - 2:07}", id=call_id)
        self._page.append(record)
        if len(self._page) < self.page:
            return
        self.cursor.note(Stamp(id=one.id, began=one.began) for one in self._page)
        self.cursor.advance(record.began)
        self.callbacks.note(self._page, [])
        self._page = []
        self.store.patch("calls", self.cursor.changes())
        self.store.patch("callbacks", self.callbacks.changes())


async def test_a_call_costs_less_than_a_kilobyte(
    hass: HomeAssistant, frozen: FrozenDateTimeFactory, disk: Disk
) -> None:
    """Memory cards wear out by what is written, and stand still while much is."""
    stream = Stream(await new_store(hass))
    day, calls, stream.page = 86400, 12_000, 100
    for number in range(2 * calls):
        since = number * day / calls
        if number % 100 == 0:
            frozen.move_to(NOW + timedelta(seconds=since))
        stream.take(since)
        if number == calls - 1:  # the first day only brings about what a day leaves behind
            await stream.store.async_save()
            disk.writes.clear()
            stream.page = 1
        elif number >= calls:
            await stream.store.async_save()
    each, most = sum(disk.writes) / calls, max(disk.writes)
    size = journal_of(hass).stat().st_size
    folded = len(as_line(stored(hass)))
    print(f"{each:.0f} bytes a call, {most} at most at a time; {size} bytes, {folded} folded")  # noqa: T201
    assert each < 1000
    assert most <= 64 * 1024
    assert size < 2 * folded + 10_000
    assert stored(hass) == stream.store.sections
    assert Cursor.from_stored(stored(hass)["calls"]).seen == stream.cursor.seen


async def test_a_save_is_no_more_work_where_more_is_kept(
    hass: HomeAssistant, frozen: FrozenDateTimeFactory, disk: Disk
) -> None:
    """A busy office's Home Assistant would stop for a moment at each call."""

    async def work_of_a_save(kept: int) -> tuple[int, int]:
        """Return what it takes to save one more call, missed, and one that is forgotten."""
        store = RecordStore(hass, f"kept{kept}")
        await store.async_load(STORED)
        stream = Stream(store)
        for number in range(kept):
            stream.take(number)
        await store.async_save()
        disk.writes.clear()
        stamp = Stamp(id="one more", began=NOW + KEPT + timedelta(seconds=0.5))
        stream.callbacks.complete(next(iter(stream.callbacks.owed)).uid)
        with counted() as work:
            stream.cursor.note([stamp])
            stream.cursor.advance(stamp.began)
            store.patch("calls", stream.cursor.changes())
            store.patch("callbacks", stream.callbacks.changes())
            await store.async_save()
        return work.calls, sum(disk.writes)

    few, many = await work_of_a_save(2200), await work_of_a_save(6600)
    print(f"{few[0]} calls of functions and {few[1]} bytes, {many[0]} and {many[1]} with three times as much")  # noqa: T201
    assert many[0] < 1.1 * few[0]  # a heap is a little deeper
    assert many[1] < few[1] + 20


async def test_nothing_new_is_nothing_written(
    hass: HomeAssistant, disk: Disk, loaded: MockConfigEntry, poll: Poll
) -> None:
    """A quiet office's memory card would wear out all the same."""
    await poll(61)
    before = len(disk.writes)
    for _ in range(3):
        await poll(61)
    assert disk.writes[before:] == []


# --- Several at once, and the end -----------------------------------------------------------------------------------


async def test_who_has_saved_finds_it_on_the_disk_however_many_save(hass: HomeAssistant, disk: Disk) -> None:
    """What one of them was told is saved would still wait for another one's save."""
    store = await new_store(hass)

    async def saver(number: int) -> None:
        for turn in range(5):
            store.patch(f"{number}", {"turn": turn})
            await store.async_save()
            assert stored(hass)[f"{number}"] == {"turn": turn}

    await asyncio.gather(*map(saver, range(8)))
    assert stored(hass) == store.sections


async def test_what_could_not_be_saved_is_saved_with_the_next(
    hass: HomeAssistant, disk: Disk, caplog: pytest.LogCaptureFixture
) -> None:
    """Callbacks would come back that somebody has ticked off; and the log would fill the disk."""
    store = await new_store(hass)
    store.patch("callbacks", {"1": {"a": 1}, "2": {"a": 1}})
    await store.async_save()
    disk.room = 5
    for turn in range(3):
        store.patch("callbacks", {"1": None, f"new {turn}": {"a": turn}})
        with pytest.raises(NotSavedError):
            await store.async_save()
        await store.async_save_if_possible()
    assert len([one for one in caplog.records if "No space left" in one.getMessage()]) == 1
    assert stored(hass) == {"callbacks": {"1": {"a": 1}, "2": {"a": 1}}}
    disk.room = None
    await store.async_save()
    assert stored(hass) == store.sections
    assert store.sections["callbacks"].keys() == {"2", "new 0", "new 1", "new 2"}


@pytest.mark.parametrize("room", [None, 0])
async def test_what_went_and_came_back_is_as_it_came_back(hass: HomeAssistant, disk: Disk, room: int | None) -> None:
    """What it was before would show through after a restart."""
    store = await new_store(hass)
    store.patch("callbacks", {"1": {"old": 1}})
    await store.async_save()
    store.patch("callbacks", {"1": None})
    disk.room = room
    await store.async_save_if_possible()
    store.patch("callbacks", {"1": {"new": 1}})
    await store.async_save_if_possible()
    disk.room = None
    await store.async_save()
    assert stored(hass) == store.sections == {"callbacks": {"1": {"new": 1}}}


async def under_way() -> None:
    """Let everything get as far as it can without the disk."""
    for _ in range(1000):
        await asyncio.sleep(0)


async def test_what_changes_during_a_write_that_fails_is_saved_with_the_next(hass: HomeAssistant, disk: Disk) -> None:
    """A tick would come back that somebody made just when the disk was full."""
    store = await new_store(hass)
    store.patch("callbacks", {"1": {"a": 1}})
    await store.async_save()
    disk.busy, disk.room = Event(), 0
    store.patch("callbacks", {"1": {"a": 2}, "2": {"a": 1}})
    task = asyncio.create_task(store.async_save())
    await under_way()
    store.patch("callbacks", {"1": {"a": 3, "b": 3}})
    disk.busy.set()
    with pytest.raises(NotSavedError):
        await task
    disk.room = None
    await store.async_save()
    assert stored(hass) == store.sections == {"callbacks": {"1": {"a": 3, "b": 3}, "2": {"a": 1}}}


async def test_a_saver_that_is_stopped_leaves_a_file_that_can_be_read(hass: HomeAssistant, disk: Disk) -> None:
    """A write goes on when whoever waited for it is gone, and the next one would get in between."""
    store = await new_store(hass)
    store.patch("turn", {"0": 0})
    await store.async_save()
    disk.busy = Event()
    tasks = []
    for turn in range(3):
        store.patch("turn", {f"{turn}": "x" * (5000 - 1000 * turn)})
        tasks.append(asyncio.create_task(store.async_save()))
        await under_way()
        tasks[0].cancel()
    disk.busy.set()
    await asyncio.gather(*tasks, return_exceptions=True)
    assert tasks[0].cancelled()
    assert stored(hass) == store.sections


async def test_a_store_that_was_closed_writes_nothing_more(hass: HomeAssistant, disk: Disk) -> None:
    """After a reload two would write into one file, each over what the other one has added."""
    before = await new_store(hass)
    before.patch("a", {"1": 1})
    await before.async_save()
    await before.async_close()
    after = await new_store(hass)
    after.patch("a", {"2": 2})
    await after.async_save()
    before.patch("a", {"3": 3})
    with pytest.raises(NotSavedError):
        await before.async_save()
    assert stored(hass) == {"a": {"1": 1, "2": 2}}


async def test_nothing_of_a_pbx_is_left_when_it_is_removed(hass: HomeAssistant, loaded: MockConfigEntry) -> None:
    """Names and numbers would stay on the disk, and in every backup."""
    path = journal_of(hass)
    for name in (OLD, f"{JOURNAL}.new"):
        path.with_name(name).write_text("{}")
    assert len(files_of(hass)) == 3
    await hass.config_entries.async_remove(loaded.entry_id)
    assert files_of(hass) == []
