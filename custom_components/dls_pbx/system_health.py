"""System health: how each PBX does, in a few words, on Home Assistant's page of system information."""

import asyncio
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, Final

import aiohttp
from homeassistant.components import system_health
from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import CONF_URL, CONF_VERIFY_SSL
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.aiohttp_client import async_get_clientsession
from homeassistant.loader import async_get_integration

from .const import DOMAIN
from .data import DlsPbxConfigEntry, DlsPbxData

# The page shows what is there after this long.
TIMEOUT: Final = aiohttp.ClientTimeout(total=4)

type Value = str | int | datetime | dict[str, str] | None
type Word = Callable[[DlsPbxData], Value]


@callback
def async_register(hass: HomeAssistant, register: system_health.SystemHealthRegistration) -> None:
    """Say that there is something to tell."""
    register.async_register_info(_async_info)


async def _async_info(hass: HomeAssistant) -> dict[str, Any]:
    entries: list[DlsPbxConfigEntry] = hass.config_entries.async_entries(DOMAIN, include_disabled=False)
    integration = await async_get_integration(hass, DOMAIN)
    return {
        "version": str(integration.version),
        "can_reach_server": _async_reach(hass, entries),
        "failing_actions": _joined(_word(entry, _failing) for entry in entries),
        "last_answer": _joined(_word(entry, _last_answer) for entry in entries),
        "requests_last_minute": _joined(_word(entry, _requests) for entry in entries),
    }


def _failing(data: DlsPbxData) -> Value:
    found = ", ".join(f"{action} ({how})" for action, how in sorted(data.outages.failing.items()))
    return {"type": "failed", "error": found} if found else "ok"


def _last_answer(data: DlsPbxData) -> Value:
    return max((source.answered_at for source in data.sources if source.answered_at), default=None)


def _requests(data: DlsPbxData) -> Value:
    return data.client.requests_last_minute


def _word(entry: DlsPbxConfigEntry, word: Word) -> Value:
    """Return what is to be said of a PBX; of one that is not loaded, that it is not."""
    return word(entry.runtime_data) if entry.state is ConfigEntryState.LOADED else entry.state.value


async def _async_reach(hass: HomeAssistant, entries: list[DlsPbxConfigEntry]) -> Value:
    return _joined(await asyncio.gather(*(_async_reach_one(hass, entry) for entry in entries)))


async def _async_reach_one(hass: HomeAssistant, entry: DlsPbxConfigEntry) -> Value:
    """Tell whether anything answers at the address, without saying who asks."""
    session = async_get_clientsession(hass, entry.data[CONF_VERIFY_SSL])
    try:
        async with session.get(entry.data[CONF_URL], allow_redirects=False, timeout=TIMEOUT):
            return "ok"
    except TimeoutError:
        return {"type": "failed", "error": "timeout"}
    except aiohttp.ClientError, OSError:
        return {"type": "failed", "error": "unreachable"}


def _joined(words: Iterable[Value]) -> Value:
    """Return the word on the one PBX there is, or those on all of them, numbered in the order of the entries.

    Without names: people copy this page into public bug reports.
    """
    found = list(words)
    if len(found) == 1:
        return found[0]
    return "; ".join(f"{number}: {_text(word)}" for number, word in enumerate(found, 1))


def _text(word: Value) -> str:
    match word:
        case datetime():
            return word.isoformat(timespec="seconds")
        case dict():
            return word["error"]
    return str(word)
