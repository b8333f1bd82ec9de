"""Samples: an answer of the PBX to each question that only reads, with pseudonyms for whom it is about.

They are what a stranger needs to play that PBX: `python -m simulator --replay FILE`.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from contextlib import suppress
from datetime import timedelta
from functools import partial
from typing import Any, Final

from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util

from ..api import DlsPbxClient, DlsPbxError, vocabulary, wire
from ..api.call_records import MARKS
from ..api.transport import Exchange, recorded
from ..phone_numbers import region
from .pseudonyms import Pseudonyms

# Who downloads waits for it.
PATIENCE: Final = 20  # s
_TEXTS: Final = 50
_LONGEST: Final = 1000  # characters of what is no answer of the API


async def async_samples(hass: HomeAssistant, client: DlsPbxClient) -> dict[str, Any]:
    """Ask everything that only reads, and return the answers by action: those of today, where they are records.

    A report that looks for a mark has the mark behind the action (`reports.report fax`). What was not understood is
    there all the same; an action that did not answer is not.
    """
    with recorded() as exchanges, suppress(TimeoutError):
        async with asyncio.timeout(PATIENCE):
            await _async_ask(client)
    return await hass.async_add_executor_job(_anonymized, exchanges, region(hass.config.country))


async def _async_ask(client: DlsPbxClient) -> None:
    # Alone at first: a key that is refused is tried once.
    await _async_try(client.users)
    now = dt_util.utcnow()
    today = now.astimezone(client.time_zone).replace(hour=0, minute=0, second=0, microsecond=0)
    others: list[Callable[[], Awaitable[Any]]] = [
        client.queues,
        client.calls,
        client.faxes,
        client.conferences,
        client.provisioning,
        client.campaigns,
        client.campaign_logs,
        client.query_lists,
        lambda: client.query_sms(limit=_TEXTS, ascending=False),
        lambda: _async_first(client.call_pages(today)),
        *(partial(client.call_ids, mark, today, now + timedelta(days=1)) for mark in MARKS),
    ]
    await asyncio.gather(*map(_async_try, others))


async def _async_try(ask: Callable[[], Awaitable[Any]]) -> None:
    # What failed is told elsewhere; here it is enough that it was recorded.
    with suppress(DlsPbxError):
        await ask()


async def _async_first(pages: AsyncIterator[Any]) -> None:
    async for _ in pages:
        break


def _anonymized(exchanges: Iterable[Exchange], region: str) -> dict[str, Any]:
    answers: dict[str, Any] = {}
    unreadable: dict[str, Any] = {}
    for exchange in exchanges:
        name, document = _name(exchange), wire.document(exchange.body)
        if not isinstance(document, dict) or "result" not in document:
            shape = vocabulary.shape(exchange.body.decode(errors="replace"), _LONGEST)
            unreadable.setdefault(name, {"unreadable": shape})
        elif document["result"] == "success":
            # A refusal is no answer, and quotes whom it likes.
            answers.setdefault(name, document)
    return dict(sorted({**unreadable, **Pseudonyms(region).answers(answers)}.items()))


def _name(exchange: Exchange) -> str:
    request = exchange.request
    groups: Iterable[Mapping[str, Any]] = request.params.get("filter_groups", ())
    marks = [str(rule["type"]) for group in groups for rule in group["rules"]]
    return " ".join((f"{request.endpoint}.{request.action}", *marks))
