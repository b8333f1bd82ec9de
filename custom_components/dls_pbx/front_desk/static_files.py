"""Static files: the front desk's JavaScript, which Home Assistant's pages load."""

from hashlib import sha256
from http import HTTPStatus
from pathlib import Path
import re
from typing import Final

from aiohttp import web
from homeassistant.components.frontend import add_extra_js_url
from homeassistant.components.http import HomeAssistantView
from homeassistant.components.http.static import CACHE_HEADERS
from homeassistant.core import HomeAssistant
from homeassistant.loader import async_get_integration

from ..const import DOMAIN

WWW: Final = Path(__file__).parent / "www"
_MAIN: Final = "main.js"
# Comments at the beginning of a line, types wherever they stand, and what only indents.
_FOR_READERS: Final = re.compile(
    r"^[ \t]*(?:/\*\*.*?\*/[ \t]*\n?|//[^\n]*\n)|/\*\* @\w+ [^\n]*?\*/ ?|^[ \t]+", re.DOTALL | re.MULTILINE
)
# Ends of lines after which nothing would be read otherwise, as the formatter leaves them.
_FOLDS: Final = re.compile(r"(?<=[{(\[,;=>&?:\n])\n+(?=.)|\n+(?=[})\].?:&|])")


async def async_setup_frontend(hass: HomeAssistant) -> None:
    """Serve `www/` under an address of its own for each version; nothing where there is no frontend, or no card.

    Once per run: a path that is served stays, and pages that are open would not load another one anyway.
    """
    if "frontend" not in hass.config.components:
        return
    files = await hass.async_add_executor_job(modules, WWW)
    if _MAIN not in files:
        return
    integration = await async_get_integration(hass, DOMAIN)
    # Browsers keep the files for a month: while one works on them, the version alone would not tell them apart.
    version = f"{integration.version}-{fingerprint(files)}"
    hass.http.register_view(FrontDeskView(version, files))
    add_extra_js_url(hass, f"/{DOMAIN}/{version}/{_MAIN}")


def modules(folder: Path) -> dict[str, str]:
    """Read the modules by their paths, without what is for readers: a third is comments, types and indentation."""
    return {
        path.relative_to(folder).as_posix(): _FOLDS.sub("", _FOR_READERS.sub("", path.read_text("utf-8")))
        for path in sorted(folder.rglob("*.js"))
    }


def fingerprint(files: dict[str, str]) -> str:
    """Tell these files from any others."""
    return sha256("\0".join(f"{path}\0{text}" for path, text in files.items()).encode()).hexdigest()[:8]


class FrontDeskView(HomeAssistantView):
    """Answers with the modules of this version, to everybody: there is no data in them."""

    requires_auth = False
    name = f"{DOMAIN}:www"

    def __init__(self, version: str, files: dict[str, str]) -> None:
        self.url = f"/{DOMAIN}/{version}/{{path:.+}}"
        self._files = files

    async def get(self, _: web.Request, path: str) -> web.Response:
        """Answer `GET /dls_pbx/<version>/<path>`; only what was read at the start, whatever the path says."""
        if path not in self._files:
            return web.Response(status=HTTPStatus.NOT_FOUND)
        return web.Response(text=self._files[path], content_type="text/javascript", headers=CACHE_HEADERS)
