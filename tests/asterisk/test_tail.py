"""Asterisk's logs, read while they are written and rotated."""

from pathlib import Path

from simulator.asterisk.records.tail import Tail


def test_a_log_that_is_renamed_is_read_to_its_end_and_then_the_new_one(tmp_path: Path) -> None:
    """The last calls before midnight, or the first ones after it, would be missing."""
    log, rotated = tmp_path / "log", tmp_path / "log.1"
    tail = Tail(log)
    assert list(tail.lines()) == []
    log.write_text("one\nhal")
    assert list(tail.lines()) == ["one"]
    log.rename(rotated)
    with rotated.open("a") as file:
        file.write("f\n")
    assert list(tail.lines()) == ["half"]
    log.touch()
    assert list(tail.lines()) == []
    log.write_text("two\n")
    assert list(tail.lines()) == ["two"]


def test_a_log_that_is_emptied_is_read_from_its_beginning(tmp_path: Path) -> None:
    """Nothing would be read until it has grown to its old size."""
    log = tmp_path / "log"
    log.write_text("one\ntwo\n")
    tail = Tail(log)
    assert list(tail.lines()) == ["one", "two"]
    log.write_text("3\n")
    assert list(tail.lines()) == ["3"]
