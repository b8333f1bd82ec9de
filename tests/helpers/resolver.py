"""Resolver for programs that run Home Assistant's test harness without pytest."""

from aiohttp.resolver import ThreadedResolver
from homeassistant.helpers import aiohttp_client


class Resolver(ThreadedResolver):
    """Looks nothing up: Home Assistant's own resolver would want its network integration."""

    async def real_close(self) -> None:
        """Be closed as Home Assistant's is."""


def use() -> None:
    """Have Home Assistant take it from now on."""
    vars(aiohttp_client)["_async_make_resolver"] = lambda _: Resolver()
