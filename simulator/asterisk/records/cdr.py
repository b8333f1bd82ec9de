"""Rows of Asterisk's CDR, as `cdr_custom` writes them."""

import csv
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, Self

# In this order: script/asterisk_run/configuration.py writes them, docs/own-asterisk.md shows them.
COLUMNS: Final = (
    "start",
    "answer",
    "end",
    "uniqueid",
    "linkedid",
    "sequence",
    "src",
    "clid",
    "dst",
    "dcontext",
    "channel",
    "dstchannel",
    "lastapp",
    "lastdata",
    "duration",
    "billsec",
    "disposition",
    "accountcode",
    "peeraccount",
    "userfield",
    "did",
)
HANGUP: Final = "h"  # the extension where a dialplan tidies up after a call
LOCAL: Final = "Local/"  # a channel of two halves, `;1` and `;2`, that leads from one place in the dialplan to another


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What one channel did until its next partner or its end."""

    start: datetime
    answer: datetime | None
    end: datetime
    uniqueid: str
    linkedid: str
    sequence: int
    src: str
    clid: str
    dst: str
    channel: str
    dstchannel: str
    lastapp: str
    lastdata: str
    disposition: str
    dcontext: str
    accountcode: str
    notes: dict[str, str]  # what the dialplan put into `userfield`, as NAME=value;NAME=value
    did: str

    @property
    def talked(self) -> bool:
        """Tell whether this channel and another one talked. Half of a Local channel has nobody at its end."""
        return self.disposition == "ANSWERED" and bool(self.dstchannel) and not self.dstchannel.startswith(LOCAL)

    @classmethod
    def read(cls, text: str) -> Self | None:
        """Read a line, or None if it is none."""
        try:
            values = next(csv.reader([text]), [])
        except csv.Error:  # what a crash leaves can be one huge field
            return None
        if len(values) != len(COLUMNS):
            return None
        row = dict(zip(COLUMNS, values, strict=True))
        start, end = _moment(row["start"]), _moment(row["end"])
        if start is None or end is None or not row["sequence"].isdecimal():
            return None
        return cls(
            start=start,
            answer=_moment(row["answer"]),
            end=end,
            sequence=int(row["sequence"]),
            notes=dict(
                note.split("=", 1) for note in row["userfield"].split(";") if not note.endswith("=") and "=" in note
            ),
            **{name: row[name] for name in _AS_THEY_ARE},
        )


_AS_THEY_ARE: Final = (
    "uniqueid",
    "linkedid",
    "src",
    "clid",
    "dst",
    "channel",
    "dstchannel",
    "lastapp",
    "lastdata",
    "disposition",
    "dcontext",
    "accountcode",
    "did",
)


def _moment(text: str) -> datetime | None:
    try:
        seconds = float(text)
        return datetime.fromtimestamp(seconds, UTC) if seconds > 0 else None
    except ValueError, OverflowError, OSError:
        return None
