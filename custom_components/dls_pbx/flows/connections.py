"""Connections to a PBX, with the certificates and the names that Home Assistant trusts."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any, override

from aiohttp.abc import AbstractResolver, ResolveResult
from homeassistant.const import CONF_VERIFY_SSL
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.aiohttp_client import HomeAssistantTCPConnector, async_get_clientsession
from homeassistant.util.ssl import get_default_context, get_default_no_verify_context

from ..api import DlsPbxClient, HttpConnections
from .account import async_client


class _Names(AbstractResolver):
    """Where names lead, in Home Assistant's opinion, which also finds those that end in `.local`."""

    def __init__(self, connector: HomeAssistantTCPConnector) -> None:
        self._connector = connector

    @override
    async def resolve(self, host: str, port: int = 0, family: int = 0) -> list[ResolveResult]:
        return [{**found, "port": port} for found in await self._connector.async_resolve_host(host)]

    @override
    async def close(self) -> None:
        """Leave it open: it is Home Assistant's."""


@callback
def async_connections(hass: HomeAssistant, *, verify_ssl: bool) -> HttpConnections:
    """Return connections of one's own, to be closed by whoever asked for them.

    Those that all of Home Assistant shares are closed after 15 s, just before the next poll; and nobody can have one
    of them that was not used before.
    """
    connector = async_get_clientsession(hass, verify_ssl).connector
    return HttpConnections(
        ssl=get_default_context() if verify_ssl else get_default_no_verify_context(),
        resolver=_Names(connector) if isinstance(connector, HomeAssistantTCPConnector) else None,
    )


@asynccontextmanager
async def async_passing_client(hass: HomeAssistant, data: Mapping[str, Any]) -> AsyncIterator[DlsPbxClient]:
    """Yield a client for an account that is not loaded, or not as it is; its connections end with it."""
    async with async_connections(hass, verify_ssl=data[CONF_VERIFY_SSL]) as connections:
        yield await async_client(hass, connections, data, None)
