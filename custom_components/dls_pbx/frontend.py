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
_MAIN: Final = "main.js"


async def async_setup_frontend(hass: HomeAssistant) -> None:
    """Serve `www/` under an address of its own for each version; nothing where there is no frontend, or no card.

    Once per run: a path that is served stays, and pages that are open would not load another one anyway.
    """
    if "frontend" not in hass.config.components:
        return
    fingerprint = await hass.async_add_executor_job(_fingerprint, _WWW)
    if fingerprint is None:
        return
    integration = await async_get_integration(hass, DOMAIN)
    # Browsers keep the files for a month: while one works on them, the version alone would not tell them apart.
    address = f"/{DOMAIN}/{integration.version}-{fingerprint}"
    await hass.http.async_register_static_paths([StaticPathConfig(address, str(_WWW), cache_headers=True)])
    add_extra_js_url(hass, f"{address}/{_MAIN}")


def _fingerprint(folder: Path) -> str | None:
    """Tell the files of a folder from any others; None without the one that pages load."""
    if not (folder / _MAIN).is_file():
        return None
    found = sha256()
    for path in sorted(folder.rglob("*.js")):
        found.update(path.read_bytes())
    return found.hexdigest()[:8]
