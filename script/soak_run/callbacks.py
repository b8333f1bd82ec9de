"""Callbacks: who is owed a call by the PBX's books, and who is by Home Assistant's to-do list."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er

from custom_components.dls_pbx.const import DOMAIN
from script.soak_run.numbers import outside, spoken
from simulator.models import CallRecord, Direction
from tests.helpers.entities import ENTRY_ID

INBOUND = (Direction.INBOUND, Direction.DIRECT_INBOUND, Direction.HAIRPIN)


def todo_list(hass: HomeAssistant) -> str | None:
    """Return the entity id of the list of callbacks."""
    return er.async_get(hass).async_get_entity_id("todo", DOMAIN, f"{ENTRY_ID}_pbx_callbacks")


async def todo_items(hass: HomeAssistant) -> Sequence[dict[str, Any]]:
    """Return the items that are not ticked off, as a script of a user gets them."""
    answer: Any = await hass.services.async_call(
        "todo",
        "get_items",
        {"status": ["needs_action"]},
        target={"entity_id": todo_list(hass)},
        blocking=True,
        return_response=True,
    )
    return [item for one in answer.values() for item in one["items"]]


def number_of(item: dict[str, Any]) -> str:
    """Return whom an item is about."""
    return spoken(item["summary"].rpartition("·")[2])


def owed_by_the_cdr(
    records: Sequence[CallRecord], ticked: Sequence[tuple[str, datetime]]
) -> dict[str, list[CallRecord]]:
    """Return the calls of each number since somebody has last spoken to it, or ticked it off."""
    settled = dict[str, datetime]()
    for number, moment in ticked:
        settled[number] = max(moment, settled.get(number, moment))
    for row in records:
        for number in _parties(row) if row.bridged else ():
            settled[number] = max(row.started_at, settled.get(number, row.started_at))
    owed = dict[str, list[CallRecord]]()
    for row in records:
        missed = row.direction in INBOUND and not row.bridged and not row.fax
        caller = outside(row.src) if missed else None
        if caller and (caller not in settled or row.started_at > settled[caller]):
            owed.setdefault(caller, []).append(row)
    return owed


def _parties(row: CallRecord) -> list[str]:
    """Return who outside was in a call."""
    if row.direction in INBOUND:
        return list(filter(None, [outside(row.src)]))
    return list(filter(None, [outside(row.dst)])) if row.direction is Direction.OUTBOUND and not row.dst_user else []
