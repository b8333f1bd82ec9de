"""The file that is only added to: whatever stops a write, what was saved is there, and all of it or nothing."""

from pathlib import Path
from random import Random
from typing import Any

import pytest

from custom_components.dls_pbx.records.journal import FOLDED_AT_LEAST, MOST_AT_ONCE, Journal, UnreadableError, as_line
from tests.helpers.disk import a_disk
from tests.helpers.stored import JOURNAL, state_of


def _lines(count: int, size: int = 40) -> list[bytes]:
    """Return lines that put, replace and drop things."""
    rng = Random(count)
    return [
        as_line({"calls": {"seen": {f"{number}.é": rng.random(), f"{number - 3}.é": None}, "note": "x" * size}})
        for number in range(count)
    ]


def _written(folder: Path, lines: list[bytes]) -> Journal:
    journal = Journal(folder / JOURNAL)
    assert journal.load() is None
    journal.fold(lines[0])
    for line in lines[1:]:
        journal.append(line)
    return journal


def _state(lines: list[bytes]) -> dict[str, Any]:
    return state_of(b"".join(lines))


def test_what_is_written_is_private_and_is_there_again(tmp_path: Path) -> None:
    """Callbacks hold names and numbers, and a restart must find them."""
    lines = _lines(20)
    _written(tmp_path, lines)
    assert (tmp_path / JOURNAL).read_bytes() == b"".join(lines)
    assert (tmp_path / JOURNAL).stat().st_mode & 0o777 == 0o600
    assert Journal(tmp_path / JOURNAL).load() == _state(lines)
    assert [path.name for path in tmp_path.iterdir()] == [JOURNAL]


def test_a_file_cut_anywhere_is_as_after_its_last_whole_line_and_goes_on_from_there(tmp_path: Path) -> None:
    """A plug pulled in the middle of a write would lose, or double, what was saved long before."""
    lines = _lines(12)
    path = tmp_path / JOURNAL
    whole = b"".join(lines)
    for length in range(len(lines[0]), len(whole) + 1):
        path.write_bytes(whole[:length])
        journal = Journal(path)
        kept = whole[:length].count(b"\n")
        assert journal.load() == _state(lines[:kept])
        journal.append(as_line({"after": length}))
        assert path.read_bytes() == b"".join([*lines[:kept], as_line({"after": length})])


@pytest.mark.parametrize(
    "torn", [b"\0" * 100, b"\0" * 99 + b"\n", b'{"calls":\0\0\0\0"x"}\n', b"5\n", b'"\xff"\n', b"\n"]
)
def test_an_end_that_a_power_cut_has_left_is_cut(tmp_path: Path, torn: bytes) -> None:
    """The blocks of a line reach the disk in any order, and those that did not are zeros."""
    lines = _lines(5)
    _written(tmp_path, lines)
    with (tmp_path / JOURNAL).open("ab") as file:
        file.write(torn)
    journal = Journal(tmp_path / JOURNAL)
    assert journal.load() == _state(lines)
    journal.append(lines[-1])
    assert (tmp_path / JOURNAL).read_bytes() == b"".join([*lines, lines[-1]])


@pytest.mark.parametrize(("broken", "torn"), [(0, b""), (1, b""), (3, b""), (4, b'{"')])
def test_a_line_in_the_middle_that_cannot_be_read_is_no_end(tmp_path: Path, broken: int, torn: bytes) -> None:
    """What came after it would be forgotten in silence, and told again."""
    lines = _lines(5)
    lines[broken] = b"\0" * 20 + b"\n"
    (tmp_path / JOURNAL).write_bytes(b"".join([*lines, torn]))
    with pytest.raises(UnreadableError):
        Journal(tmp_path / JOURNAL).load()


def test_a_first_line_that_is_not_whole_is_no_end_either(tmp_path: Path) -> None:
    """It is written beside and renamed, so no kill leaves it; all that was stored would be forgotten in silence."""
    whole = as_line({"calls": {"seen": {"1": 1.0}}})
    for length in range(len(whole)):
        (tmp_path / JOURNAL).write_bytes(whole[:length])
        with pytest.raises(UnreadableError):
            Journal(tmp_path / JOURNAL).load()


@pytest.mark.parametrize("room", [0, 1, 30, 99])
def test_a_line_for_which_there_is_no_room_leaves_nothing_behind(tmp_path: Path, room: int) -> None:
    """The next line would be glued to its torn beginning, and neither could be read."""
    lines = _lines(5)
    journal = _written(tmp_path, lines[:3])
    with a_disk() as disk:
        disk.room = room
        for _ in range(2):
            with pytest.raises(OSError, match="No space left"):
                journal.append(lines[3])
            assert Journal(tmp_path / JOURNAL).load() == _state(lines[:3])
    journal.append(lines[4])
    assert (tmp_path / JOURNAL).read_bytes() == b"".join([*lines[:3], lines[4]])


def test_a_line_that_the_disk_did_not_confirm_does_not_stay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What it says was told will be told to nobody: a kill after that would lose it."""
    lines = _lines(3)
    journal = _written(tmp_path, lines)

    def fails(_: int) -> None:
        raise OSError(5, "Input/output error")

    with monkeypatch.context() as patched:
        patched.setattr("os.fsync", fails)
        with pytest.raises(OSError, match="Input/output"):
            journal.append(as_line({"calls": None}))
    assert Journal(tmp_path / JOURNAL).load() == _state(lines)


@pytest.mark.parametrize("left", [None, 10])
def test_a_file_that_somebody_else_was_at_is_not_gone_on_with(tmp_path: Path, left: int | None) -> None:
    """Zeros up to where it once ended would make the whole file unreadable."""
    lines = _lines(8)
    journal = _written(tmp_path, lines)
    path = tmp_path / JOURNAL
    if left is None:
        path.unlink()
    else:
        path.write_bytes(path.read_bytes()[:left])
    assert not journal.outgrown
    with pytest.raises(FileNotFoundError):
        journal.append(lines[0])
    assert journal.outgrown
    journal.fold(as_line(_state(lines)))
    journal.append(lines[0])
    assert Journal(path).load() == _state([*lines, lines[0]])


def _outgrown(folder: Path) -> tuple[Journal, list[bytes]]:
    lines = [as_line({"big": {f"{number}": "é" * 1000 for number in range(200)}})]
    lines += [as_line({"big": {f"{number % 200}": f"{number}" * 400}}) for number in range(700)]
    journal = _written(folder, lines)
    assert journal.outgrown
    return journal, lines


def test_it_is_folded_when_most_of_it_is_of_yesterday(tmp_path: Path) -> None:
    """It would grow for ever; or be written anew again and again."""
    journal = _written(tmp_path, [as_line({"a": 1})])
    while not journal.outgrown:
        journal.append(as_line({"a": "x" * 1000}))
    assert FOLDED_AT_LEAST < (tmp_path / JOURNAL).stat().st_size < FOLDED_AT_LEAST + 2000
    journal.fold(as_line({"a": "x" * 100_000}))
    assert not journal.outgrown
    journal.append(as_line({"a": "x" * 99_000}))
    assert not journal.outgrown
    journal.append(as_line({"a": "x" * 2_000}))
    assert journal.outgrown
    again = Journal(tmp_path / JOURNAL)
    again.load()
    assert again.outgrown


def test_a_plug_pulled_at_any_moment_of_a_fold_leaves_the_one_or_the_other(tmp_path: Path) -> None:
    """A fold writes all that there is: all that there is could be lost."""
    here = tmp_path / "here"
    here.mkdir()
    journal, lines = _outgrown(here)
    before = _state(lines)
    after = before | {"new": {"1": 1}}
    with a_disk() as disk:
        disk.keep_moments(here, tmp_path / "moments")
        journal.fold(as_line(after))
    assert len(disk.writes) > 2
    assert max(disk.writes) <= MOST_AT_ONCE
    found = [Journal(moment / JOURNAL).load() for moment in disk.moments]
    assert [state for state in found if state not in (before, after)] == []
    assert found.index(after) > len(disk.writes)  # all of it before anybody sees any of it
    assert found == sorted(found, key=lambda state: state == after)
    assert {path.name for moment in disk.moments for path in moment.iterdir()} == {JOURNAL}  # what is left is cleared


@pytest.mark.parametrize("room", [0, 1, MOST_AT_ONCE, MOST_AT_ONCE + 1])
def test_a_fold_for_which_there_is_no_room_changes_nothing(tmp_path: Path, room: int) -> None:
    """With the disk full of its own half of a copy, nothing could be saved at all."""
    journal, lines = _outgrown(tmp_path)
    before = (tmp_path / JOURNAL).read_bytes()
    state = as_line(_state(lines))
    with a_disk() as disk:
        disk.room = room
        with pytest.raises(OSError, match="No space left"):
            journal.fold(state)
        assert [path.name for path in tmp_path.iterdir()] == [JOURNAL]
        assert (tmp_path / JOURNAL).read_bytes() == before
        assert not journal.outgrown  # not at the very next line again
    while not journal.outgrown:
        journal.append(lines[1])
    journal.fold(state)
    assert (tmp_path / JOURNAL).read_bytes() == state
