"""Devices of the demo's office: lights, a speaker with a voice, and a gate. They do nothing but remember."""

from typing import Final

from homeassistant.config_entries import SOURCE_IMPORT, ConfigEntry
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.typing import ConfigType

DOMAIN: Final = "office_devices"
ROOMS: Final = ("Reception", "Lobby", "Meeting room")
PLATFORMS: Final = (Platform.COVER, Platform.LIGHT, Platform.MEDIA_PLAYER, Platform.TTS)

CONFIG_SCHEMA = cv.empty_config_schema(DOMAIN)


async def async_setup(hass: HomeAssistant, config: ConfigType) -> bool:
    """Make the entry, which nobody has to set up."""
    # Not awaited: the flow waits for this very set-up.
    hass.async_create_task(hass.config_entries.flow.async_init(DOMAIN, context={"source": SOURCE_IMPORT}, data={}))
    return True


async def async_setup_entry(hass: HomeAssistant, entry: ConfigEntry) -> bool:
    """Add the devices."""
    await hass.config_entries.async_forward_entry_setups(entry, PLATFORMS)
    return True
