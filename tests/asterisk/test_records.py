"""Call records from a real Asterisk's logs (`logs/`: each scene once, a crash and a restart in the middle of calls)."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from pathlib import Path
from random import Random

import pytest
from syrupy.assertion import SnapshotAssertion

from script.asterisk_run.configuration import AMI_READ, AMI_WRITE, cdr_mapping
from simulator.asterisk.records import RecordBook
from simulator.models import CallRecord, Extension
from simulator.scenes.scenes import CAST
from tests.helpers.paths import ROOT

LOGS = Path(__file__).parent / "logs"
USERS = {
    player.auth_id: Extension(ext=player.ext, name=player.name, tenant=player.tenant, auth_id=player.auth_id)
    for player in CAST
}


class Growing:
    """The two logs, written bit by bit."""

    def __init__(self, folder: Path, logs: Path = LOGS) -> None:
        self.log, self.cdr = folder / "queue_log", folder / "dls.csv"
        self.whole = {path: (logs / path.name).read_bytes() for path in (self.log, self.cdr)}
        self.book = RecordBook(self.log, self.cdr, users=lambda: USERS)

    def write(self, path: Path, count: int | None = None) -> None:
        """Append that many bytes, or all that are left."""
        written = path.stat().st_size if path.exists() else 0
        with path.open("ab") as file:
            file.write(self.whole[path][written:][:count])

    @property
    def is_whole(self) -> bool:
        """Tell whether all has been written."""
        return all(path.exists() and path.stat().st_size == len(data) for path, data in self.whole.items())


@pytest.fixture
def logs(tmp_path: Path) -> Growing:
    """Return the logs, of which nothing has been written yet."""
    return Growing(tmp_path)


def read(logs: Path = LOGS) -> list[CallRecord]:
    """Return what there is to read in the end."""
    book = RecordBook(logs / "queue_log", logs / "dls.csv", users=lambda: USERS)
    book.read()
    return list(book.records())


def lines(record: CallRecord) -> Iterator[str]:
    """Return what a record says beyond a call to nowhere."""
    nothing = CallRecord(
        unique_id="", started_at=record.started_at, direction=record.direction, src="", dst="", src_type="", dst_type=""
    )
    yield f"{record.direction}: {record.src} -> {record.dst} ({record.dst_type}) {record.disposition}"
    for name, value in asdict(record).items():
        if value != getattr(nothing, name) and name not in {"unique_id", "src", "dst", "dst_type", "disposition"}:
            shown = value["auth_id"] if isinstance(value, dict) else value
            yield f"  {name}: {', '.join(map(str, shown)) if isinstance(shown, tuple) else shown}"


def test_every_kind_of_call_is_told(snapshot: SnapshotAssertion) -> None:
    """Else a report would say of a call what nobody in the office remembers."""
    assert "\n".join(line for record in read() for line in lines(record)) == snapshot


@pytest.mark.parametrize("seed", range(20))
def test_however_the_logs_grow_the_records_are_the_same(seed: int, logs: Growing) -> None:
    """Else what a report says would depend on when somebody looked."""
    rng = Random(seed)
    while not logs.is_whole:
        logs.write(rng.choice((logs.log, logs.cdr)), rng.randint(1, 700))
        logs.book.read()
    assert logs.book.records() == read()


@pytest.mark.parametrize("seed", range(5))
def test_kinds_of_call_are_told_the_same_however_the_logs_grow(seed: int, tmp_path: Path) -> None:
    """Else a transfer, of which rows come late and under other ids, would leave a call too many."""
    rng, kinds = Random(seed), LOGS / "kinds"
    logs = Growing(tmp_path, kinds)
    while not logs.is_whole:
        logs.write(rng.choice((logs.log, logs.cdr)), rng.randint(1, 900))
        logs.book.read()
    assert logs.book.records() == read(kinds)


def test_a_log_cut_anywhere_is_read_as_far_as_it_goes(logs: Growing) -> None:
    """Else one half line, as a crash leaves it, would hide the calls of the whole day."""
    for _ in range(0, len(logs.whole[logs.log]), 7):
        logs.write(logs.log, 7)
        logs.book.read()
    logs.write(logs.cdr)
    logs.book.read()
    assert logs.book.records() == read()


@pytest.mark.parametrize("truncated", [True, False])
def test_rotation_loses_no_call(truncated: bool, logs: Growing, tmp_path: Path) -> None:
    """Else the calls of each Sunday night would be missing."""
    for path, data in logs.whole.items():
        end = data.rfind(b"\n", 0, len(data) // 2) + 1
        path.write_bytes(data[:end])
        logs.book.read()
        if truncated:
            path.write_bytes(b"")
            logs.book.read()
        else:  # Asterisk goes on with the old file until it is told
            further = data.find(b"\n", end) + 1
            with path.open("ab") as file:
                file.write(data[end:further])
            path.rename(tmp_path / f"{path.name}.1")
            end = further
        path.write_bytes(data[end:])
        logs.book.read()
    assert logs.book.records() == read()


def test_rotation_may_prepare_the_new_log_before_asterisk_knows(logs: Growing, tmp_path: Path) -> None:
    """Else what Asterisk wrote to the old one meanwhile would be lost (logrotate's `create`)."""
    logs.write(logs.cdr)
    logs.write(logs.log, 300)
    logs.book.read()
    old = logs.log.rename(tmp_path / "queue_log.1")
    logs.log.touch()
    logs.book.read()
    whole = logs.whole[logs.log]
    old.write_bytes(whole[: whole.index(b"\n", 900) + 1])
    logs.log.write_bytes(whole[old.stat().st_size :])
    logs.book.read()
    assert logs.book.records() == read()


def test_many_may_read_at_once(logs: Growing) -> None:
    """Else two who ask for a report in the same moment would tear lines apart."""
    with ThreadPoolExecutor(8) as readers:
        while not logs.is_whole:
            logs.write(logs.log, 200)
            logs.write(logs.cdr, 700)
            list(readers.map(lambda _: logs.book.read(), range(8)))
    assert logs.book.records() == read()


def test_a_call_in_progress_has_no_record(logs: Growing) -> None:
    """Else a caller at voicemail would be counted as missed, and called back while still speaking."""
    for path in logs.whole:
        logs.write(path)
    [live] = [record.unique_id for record in read() if record.voicemail]
    logs.book.read({live})
    assert live not in {record.unique_id for record in logs.book.records()}
    logs.book.read()
    assert logs.book.records() == read()


def test_no_logs_are_no_records(logs: Growing) -> None:
    """Else an Asterisk that has just been installed could not be looked at."""
    logs.book.read()
    assert logs.book.records() == []


def test_foreign_lines_are_passed_over(logs: Growing) -> None:
    """Else one line of another version's making, or what a crash leaves, would hide all calls."""
    whole = logs.whole[logs.log]
    queues = [
        b"what is this|",
        b"1|2",
        b"|||||",
        b"9" * 5000 + b"|1.1|q|a|CONNECT|1",
        b"1" * 20 + b"|1.1|q|a|CONNECT|1",
    ]
    rows = [b'"a","b"', b",,,", b'"x', b'"",' * 20 + b'""', b"\0" * 200_000, b"1e300,1e300,1e300" + b",1" * 18]
    logs.log.write_bytes(b"\n".join([*queues, b"", whole]))
    logs.cdr.write_bytes(b"\n".join([*rows, b"", logs.whole[logs.cdr]]))
    logs.book.read()
    assert logs.book.records() == read()
    assert logs.book.unreadable == len(queues) + len(rows)


def test_a_file_of_other_columns_is_noticed(logs: Growing, caplog: pytest.LogCaptureFixture) -> None:
    """Else whoever mistyped the columns would look for the reason in Home Assistant."""
    logs.cdr.write_bytes(b'"8155550123","12"\n' * 3)
    logs.book.read()
    assert "3 lines" in caplog.text
    assert "8155550123" not in caplog.text


def test_the_documentation_shows_the_columns_and_the_rights_that_are_needed() -> None:
    """Else whoever follows it with an Asterisk of their own would see no call at all."""
    page = (ROOT / "docs" / "own-asterisk.md").read_text("utf-8")
    assert f"dls.csv => {cdr_mapping()}" in page
    assert f"read = {AMI_READ}" in page
    assert f"write = {AMI_WRITE}" in page
