"""First use of everything: nothing is read from the disk, and nothing is imported, in the event loop."""

import subprocess
import sys


def test_nothing_of_ours_holds_up_the_event_loop_at_set_up_or_first_use() -> None:
    """All of Home Assistant stands still while an SD card is read, and its log says that we are to blame."""
    command = [sys.executable, "-m", "tests.helpers.first_use"]
    done = subprocess.run(command, capture_output=True, check=False, text=True)  # noqa: S603 - our own
    assert done.stdout.splitlines() == ["used"], done.stderr
