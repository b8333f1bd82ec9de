"""Faxes on their way, and Asterisk's counters of them."""

from collections.abc import Iterable, Mapping, Sequence

from simulator.asterisk.ami import Row
from simulator.asterisk.channels import Channels
from simulator.models import Fax
from simulator.pbx.faxes import COUNTERS

# As `fax show stats` prints them, lower case.
_WORDS = {name.replace("_", " "): name for name in COUNTERS} | {"switched to t.38": "switched_to_t.38"}


def sending(sessions: Iterable[Row], channels: Channels) -> list[Fax]:
    """Return the faxes being sent (`FAXSessions`). Asterisk keeps no queue: one that waits is nowhere."""
    found = []
    for session in sessions:
        channel = channels.of(session.get("Channel", ""))
        if channel is None or session.get("Operation") not in {"send", "Transmit"}:
            continue
        found.append(
            Fax(
                to=channel.row.get("Exten", ""),
                from_auth_id=channel.row.get("AccountCode", ""),
                processing=True,
                attempt=1,
                max_attempts=1,
                page=1,
            )
        )
    return found


def counters(lines: Sequence[str]) -> Mapping[str, int]:
    """Read `fax show stats`: the manager interface has the first six only. Technologies are summed up."""
    found = dict.fromkeys(COUNTERS, 0)
    for line in lines:
        word, _, count = line.partition(":")
        if (name := _WORDS.get(word.strip().lower())) and count.strip().isdecimal():
            found[name] += int(count)
    return found
