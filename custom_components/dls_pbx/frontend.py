"""Serves the front desk's JavaScript, and has Home Assistant's pages load it."""

from hashlib import sha256
from pathlib import Path
from typing import Final

from homeassistant.components.frontend import add_extra_js_url
from homeassistant.components.http import StaticPathConfig
from homeassistant.core import HomeAssistant
from homeassistant.loader import async_get_integration

from .const import DOMAIN

_WWW: Final = Path(__file__).parent / "www"


async def async_setup_frontend(hass: HomeAssistant) -> None:
    """Serve `www/` under an address of its own for each version; nothing where Home Assistant has no frontend.

    Once per run: a path that is served stays, and pages that are open would not load another one anyway.
    """
    if "frontend" not in hass.config.components:
        return
    integration = await async_get_integration(hass, DOMAIN)
    # Browsers keep the files for a month: while one works on them, the version alone would not tell them apart.
    address = f"/{DOMAIN}/{integration.version}-{await hass.async_add_executor_job(_fingerprint)}"
    await hass.http.async_register_static_paths([StaticPathConfig(address, str(_WWW), cache_headers=True)])
    add_extra_js_url(hass, f"{address}/main.js")


def _fingerprint() -> str:
    found = sha256()
    for path in sorted(_WWW.rglob("*.js")):
        found.update(path.read_bytes())
    return found.hexdigest()[:8]
