"""Time zones to choose from: a list that can be searched, and what is in it."""

from collections.abc import Collection
from typing import Any
import zoneinfo

from homeassistant.const import CONF_TIME_ZONE
from homeassistant.core import HomeAssistant
from homeassistant.helpers.selector import SelectSelector, SelectSelectorConfig, SelectSelectorMode


async def async_time_zones(hass: HomeAssistant) -> Collection[str]:
    """Return the names of all zones; they are read from the disk."""
    return await hass.async_add_executor_job(zoneinfo.available_timezones)


def time_zone_selector(zones: list[str]) -> SelectSelector:
    """Return a list of zones in this order.

    Home Assistant's pages search only lists to which one could add, and nobody finds theirs among six hundred by
    scrolling. What is added is checked afterwards.
    """
    return SelectSelector(SelectSelectorConfig(options=zones, mode=SelectSelectorMode.DROPDOWN, custom_value=True))


async def async_time_zone_errors(hass: HomeAssistant, chosen: dict[str, Any]) -> dict[str, str]:
    """Return the form's errors: a zone that was typed and does not exist."""
    zone = chosen.get(CONF_TIME_ZONE)
    return {CONF_TIME_ZONE: "unknown_time_zone"} if zone and zone not in await async_time_zones(hass) else {}
