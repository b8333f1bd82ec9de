"""From a config entry's settings to a client."""

from collections.abc import Mapping
from typing import Any

from homeassistant.const import CONF_API_KEY, CONF_TIME_ZONE, CONF_URL, CONF_USERNAME, CONF_VERIFY_SSL
from homeassistant.core import HomeAssistant
from homeassistant.helpers.aiohttp_client import async_get_clientsession
from homeassistant.util import dt as dt_util

from .api import DlsPbxClient


async def async_client(hass: HomeAssistant, data: Mapping[str, Any], options: Mapping[str, Any]) -> DlsPbxClient:
    """Make a client; the PBX's zone is Home Assistant's unless the options say otherwise."""
    zone = await dt_util.async_get_time_zone(options.get(CONF_TIME_ZONE) or hass.config.time_zone)
    return DlsPbxClient(
        async_get_clientsession(hass, data[CONF_VERIFY_SSL]),
        data[CONF_URL],
        data[CONF_USERNAME],
        data[CONF_API_KEY],
        time_zone=zone or dt_util.get_default_time_zone(),
        clock=dt_util.utcnow,
    )
