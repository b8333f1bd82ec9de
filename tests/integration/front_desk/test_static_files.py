"""The front desk's JavaScript reaches the browser, where there is a frontend and a card."""

from collections.abc import Awaitable, Callable
from pathlib import Path
import re
from typing import Any

from homeassistant.components.frontend import DATA_EXTRA_MODULE_URL, UrlManager
from homeassistant.components.http import DOMAIN as HTTP
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
import pytest
from yarl import URL

from custom_components.dls_pbx.const import DOMAIN
from custom_components.dls_pbx.front_desk import static_files
from tests.helpers.front_desk_modules import LIMITS, loaded, size

WWW = static_files.WWW
type Connect = Callable[..., Awaitable[Any]]

pytestmark = pytest.mark.usefixtures("enable_custom_integrations", "socket_enabled")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Serve a folder of the test's own, with a card in it."""
    (tmp_path / "main.js").write_text("export const card = 1;\n")
    monkeypatch.setattr(static_files, "WWW", tmp_path)
    return tmp_path


@pytest.fixture
async def pages(hass: HomeAssistant) -> UrlManager:
    """Stand in for Home Assistant's frontend, whose wheel tests do without: what its pages are told to load."""
    assert await async_setup_component(hass, HTTP, {})
    hass.config.components.add("frontend")
    hass.data[DATA_EXTRA_MODULE_URL] = manager = UrlManager(lambda *_: None, [])
    return manager


async def test_pages_load_the_card_from_an_address_of_this_very_version(
    hass: HomeAssistant, folder: Path, pages: UrlManager, hass_client_no_auth: Connect
) -> None:
    """The card would be unknown on every dashboard, or an old one would stay in the browsers for a month."""
    assert await async_setup_component(hass, DOMAIN, {})
    (address,) = pages.urls
    assert address.startswith("/dls_pbx/0.2.0-")
    assert address.endswith("/main.js")
    answer = await (await hass_client_no_auth()).get(address)
    assert (answer.status, await answer.text()) == (200, "export const card = 1;\n")
    assert "max-age" in answer.headers["Cache-Control"]


async def test_modules_in_folders_have_addresses_of_their_own(
    hass: HomeAssistant, folder: Path, pages: UrlManager, hass_client_no_auth: Connect
) -> None:
    """The card would not load: its parts lie in folders, and import each other by them."""
    part = folder / "front_desk" / "sections" / "calls.js"
    part.parent.mkdir(parents=True)
    part.write_text("export {};\n")
    assert list(static_files.modules(folder)) == ["front_desk/sections/calls.js", "main.js"]
    assert await async_setup_component(hass, DOMAIN, {})
    (address,) = pages.urls
    client = await hass_client_no_auth()
    answer = await client.get(address.replace("main.js", "front_desk/sections/calls.js"))
    assert (answer.status, await answer.text()) == (200, "export {};\n")
    for other in (
        "front_desk",
        "front_desk/sections",
        "calls.js",
        "front_desk/main.js",
        "front_desk/sections/calls.js/",
    ):
        assert (await client.get(address.replace("main.js", other))).status == 404


async def test_no_address_leads_out_of_the_folder(
    hass: HomeAssistant, folder: Path, pages: UrlManager, hass_client_no_auth: Connect
) -> None:
    """Anybody could read Home Assistant's secrets: nobody has to log in for the modules."""
    (folder.parent / "secrets.js").write_text("export {};\n")
    assert await async_setup_component(hass, DOMAIN, {})
    (address,) = pages.urls
    client = await hass_client_no_auth()
    for way in ("../secrets.js", "%2e%2e/secrets.js", "..%2fsecrets.js", f"/{folder.parent}/secrets.js"):
        answer = await client.get(URL(address.replace("main.js", way), encoded=True))
        assert answer.status in (400, 404)


async def test_nothing_is_loaded_while_there_is_no_card(hass: HomeAssistant, folder: Path, pages: UrlManager) -> None:
    """Every page would ask in vain for a file that is not there."""
    (folder / "main.js").unlink()
    assert await async_setup_component(hass, DOMAIN, {})
    assert not pages.urls


async def test_a_home_assistant_without_pages_needs_no_card(hass: HomeAssistant, folder: Path) -> None:
    """The PBX could not be set up where Home Assistant runs without its frontend."""
    assert await async_setup_component(hass, DOMAIN, {})
    assert DATA_EXTRA_MODULE_URL not in hass.data


async def test_files_that_changed_have_another_address(folder: Path) -> None:
    """Browsers would keep the old files beside the new ones."""
    before = static_files.fingerprint(static_files.modules(folder))
    (folder / "model.js").write_text("export {};\n")
    assert static_files.fingerprint(static_files.modules(folder)) != before


async def test_what_is_not_there_is_not_found(
    hass: HomeAssistant, folder: Path, pages: UrlManager, hass_client_no_auth: Connect
) -> None:
    """A page left open during an update would run on with whatever came back."""
    assert await async_setup_component(hass, DOMAIN, {})
    (address,) = pages.urls
    client = await hass_client_no_auth()
    for other in (address.replace("main.js", "card.js"), address.replace("0.2.0", "0.0.9")):
        assert (await client.get(other)).status == 404


def test_comments_stay_at_home_and_code_does_not() -> None:
    """Wall tablets would be slow to load, or the card would lack a line."""
    files = static_files.modules(WWW)
    assert "#root = this.attachShadow" in files["front_desk/card.js"]
    assert "#hass;" in files["front_desk/card.js"]
    assert "@media (prefers-reduced-motion" in files["front_desk/style.js"]
    assert "@typedef" not in "".join(files.values())
    assert [name for name, text in files.items() if re.search(r"^\s*(?://|/\*\*|\*)", text, re.MULTILINE)] == []


@pytest.mark.parametrize("modules", LIMITS, ids=lambda modules: modules[0])
def test_what_is_loaded_stays_small(modules: tuple[str, ...]) -> None:
    """The slowest tablet on a wall would show an empty page for seconds."""
    files = static_files.modules(WWW)
    assert size(files, modules) < LIMITS[modules]


def test_no_page_loads_a_card_that_it_does_not_show() -> None:
    """Every page of Home Assistant would be slower, whatever it shows."""
    assert loaded(static_files.modules(WWW), "main.js") == {"main.js", "ui/lazy-card.js", "ui/texts.js"}
