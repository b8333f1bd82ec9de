"""Consent lists as administrators see them: how long they are, and whether a number is on them."""

from typing import TypedDict

from homeassistant.core import HomeAssistant

from .. import phone_numbers
from ..actions.consent import is_sure, listed
from ..actions.recipients import sought_number
from ..actions.request import async_ask
from ..api.models import ConsentList
from ..data import DlsPbxConfigEntry


class OptInRow(TypedDict):
    """A campaign's list of those who agreed; `listed` is None where nobody asked, or nobody can tell."""

    campaign_id: str
    campaign_name: str | None
    total: int
    listed: bool | None


class OptOutRow(TypedDict):
    """A tenant's list of those who want no more texts."""

    tenant_id: str
    tenant_name: str | None
    total: int
    listed: bool | None


class Lists(TypedDict):
    """All consent lists."""

    opt_in: list[OptInRow]
    opt_out: list[OptOutRow]


async def async_lists(hass: HomeAssistant, entry: DlsPbxConfigEntry, written: str | None) -> Lists:
    """Return the consent lists, and whether a number in any spelling is on them; raises a HomeAssistantError."""
    number = sought_number(hass, written) if written and written.strip() else None
    found = await async_ask(hass, entry, lambda client: client.query_lists())
    region = phone_numbers.region(hass.config.country)
    return {
        "opt_in": [
            {
                "campaign_id": one.id,
                "campaign_name": one.name,
                "total": _total(one),
                "listed": _listed(one, number, None),
            }
            for one in found.opt_in
        ],
        "opt_out": [
            {"tenant_id": one.id, "tenant_name": one.name, "total": _total(one), "listed": _listed(one, number, region)}
            for one in found.opt_out
        ],
    }


def _total(one: ConsentList) -> int:
    return len(one.numbers) if one.total is None else one.total


def _listed(one: ConsentList, number: str | None, opt_out_of: str | None) -> bool | None:
    if number is None:
        return None
    if listed(one, number, opt_out_of):
        return True
    return False if is_sure(one) else None
