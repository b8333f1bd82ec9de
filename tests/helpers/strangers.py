"""Strangers' PBXs, played from what their diagnostics told, and read by the client."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from custom_components.dls_pbx.api import DlsPbxClient, HttpConnections
from custom_components.dls_pbx.api.call_records import MARKS
from custom_components.dls_pbx.api.models import CallRecord, ConsentLists, MessagePage, Snapshot
from custom_components.dls_pbx.api.vocabulary import Unknown
from simulator.app import DEFAULT_KEY, DEFAULT_USER
from simulator.replay import Replay
from tests.helpers.api_requests import STATUS

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stranger:
    """What the client made of a stranger's answers, and what of them it did not know."""

    snapshots: Sequence[Snapshot[Any]]
    records: Sequence[CallRecord]
    marked: Sequence[frozenset[str]]
    texts: MessagePage
    lists: ConsentLists
    unknown: Sequence[Unknown]


async def read(path: Path) -> Stranger:
    """Ask the PBX of a download everything that only reads; raises a DlsPbxError."""
    replay = Replay.load(path)
    users, key = (DEFAULT_USER,), DEFAULT_KEY
    async with replay.simulator(users=users, key=key) as pbx, HttpConnections() as connections:
        client = DlsPbxClient(connections, pbx.url, *users, key, time_zone=replay.time_zone, clock=lambda: replay.at)
        return Stranger(
            snapshots=[await ask(client, None) for ask in STATUS.values()],
            records=[record async for page in client.call_pages(replay.at - _DAY, replay.at) for record in page],
            marked=[await client.call_ids(mark, replay.at - _DAY, replay.at + _DAY) for mark in MARKS],
            texts=await client.query_sms(ascending=False),
            lists=await client.query_lists(),
            unknown=client.vocabulary.found,
        )
