"""Texts in Home Assistant's own language, for what is the same for all who look at it: notices, items, names."""

from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.translation import async_get_cached_translations, async_get_translations

from .api import Obstacle
from .const import DOMAIN

_CATEGORY = "common"


@callback
def text(hass: HomeAssistant, key: str, default: str | None = None, **placeholders: object) -> str:
    """Return a text; where there is none the default, or else KeyError."""
    texts = async_get_cached_translations(hass, hass.config.language, _CATEGORY, DOMAIN)
    return _filled(texts, key, default, placeholders)


async def async_text(hass: HomeAssistant, key: str, **placeholders: object) -> str:
    """Return a text, also before Home Assistant has read them."""
    texts = await async_get_translations(hass, hass.config.language, _CATEGORY, {DOMAIN})
    return _filled(texts, key, None, placeholders)


async def async_obstacle_text(hass: HomeAssistant, obstacle: Obstacle) -> str:
    """Return what keeps a connection from coming about, and the way out; as an exception says it."""
    texts = await async_get_translations(hass, hass.config.language, "exceptions", {DOMAIN})
    return texts[f"component.{DOMAIN}.exceptions.{obstacle}.message"]


async def async_error_text(hass: HomeAssistant, err: HomeAssistantError) -> str:
    """Return what an error says; those of others and without a translation say it in English."""
    texts = await async_get_translations(hass, hass.config.language, "exceptions", {DOMAIN})
    found = texts.get(f"component.{err.translation_domain}.exceptions.{err.translation_key}.message")
    return found.format(**err.translation_placeholders or {}) if found else str(err)


@callback
def queue_name(hass: HomeAssistant, queue: str) -> str:
    """Return what a queue is called: its name, but a bare number says nothing without the word."""
    return text(hass, "queue_number", queue, number=queue) if queue.isascii() and queue.isdecimal() else queue


def _filled(texts: dict[str, str], key: str, default: str | None, placeholders: dict[str, object]) -> str:
    path = f"component.{DOMAIN}.{_CATEGORY}.{key}"
    found = texts[path] if default is None else texts.get(path, default)
    return found.format(**placeholders)
