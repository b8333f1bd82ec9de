"""Lights that remember their color."""

from typing import Any, override

from homeassistant.components.light import ATTR_BRIGHTNESS, ATTR_RGB_COLOR, ColorMode, LightEntity
from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from . import ROOMS

BRIGHTEST = 255


async def async_setup_entry(
    hass: HomeAssistant, entry: ConfigEntry, async_add_entities: AddConfigEntryEntitiesCallback
) -> None:
    """Add a light for each room."""
    async_add_entities(map(OfficeLight, ROOMS))


class OfficeLight(LightEntity):
    """A light of a room."""

    _attr_color_mode = ColorMode.RGB
    _attr_should_poll = False
    _attr_is_on = False

    def __init__(self, room: str) -> None:
        self._attr_name = f"{room} light"
        self._attr_unique_id = room
        self._attr_supported_color_modes = {ColorMode.RGB}
        self._attr_brightness = BRIGHTEST
        self._attr_rgb_color = (255, 244, 229)

    @override
    async def async_turn_on(self, **kwargs: Any) -> None:
        self._attr_is_on = True
        self._attr_rgb_color = kwargs.get(ATTR_RGB_COLOR, self._attr_rgb_color)
        self._attr_brightness = kwargs.get(ATTR_BRIGHTNESS, self._attr_brightness)
        self.async_write_ha_state()

    @override
    async def async_turn_off(self, **kwargs: Any) -> None:
        self._attr_is_on = False
        self.async_write_ha_state()
