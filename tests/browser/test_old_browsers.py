"""The front desk on a tablet that has hung on a wall for years: Home Assistant has a legacy build for it."""

from collections.abc import AsyncIterator

from playwright.async_api import Browser, BrowserContext, expect
import pytest

from tests.browser.conftest import Open
from tests.helpers.browser.demo import Demo
from tests.helpers.office import TOM

# By its name alone Home Assistant hands a browser the legacy build.
SAFARI_15 = (
    "Mozilla/5.0 (iPad; CPU OS 15_8 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/15.6.6"
    " Mobile/15E148 Safari/604.1"
)
# What such a Safari cannot do, and a Chromium cannot be told to forget otherwise.
NO_STYLE_SHEETS = """
delete Document.prototype.adoptedStyleSheets;
delete ShadowRoot.prototype.adoptedStyleSheets;
delete CSSStyleSheet.prototype.replace;
delete CSSStyleSheet.prototype.replaceSync;
CSSStyleSheet = new Proxy(CSSStyleSheet, { construct() { throw new TypeError("Illegal constructor"); } });
delete Object.hasOwn;
delete window.structuredClone;
for (const newer of ["at", "findLast", "toSorted", "toReversed", "toSpliced", "with"]) delete Array.prototype[newer];
"""


@pytest.fixture
async def tablet(browser: Browser, signed_in: BrowserContext) -> AsyncIterator[BrowserContext]:
    """Return its browser, in which somebody has logged in."""
    tablet = await browser.new_context(storage_state=await signed_in.storage_state(), user_agent=SAFARI_15)
    yield tablet
    await tablet.close()


async def test_a_tablet_of_2021_shows_the_dashboard_and_the_card_in_its_style(
    demo: Demo, open_screen: Open, tablet: BrowserContext
) -> None:
    """Who bought the tablet for the wall years ago would see neither card nor dashboard."""
    await demo.add_dashboard("old-desk", {"strategy": {"type": "custom:dls-pbx"}})
    screen = await open_screen("/old-desk/overview", who=tablet, without=NO_STYLE_SHEETS)
    await expect(screen.person(TOM)).to_be_visible()
    assert not await screen.page.evaluate("window.latestJS")
    await expect(screen.card.locator(".strip")).to_have_css("display", "grid")
    await expect(screen.person(TOM)).to_have_css("list-style-type", "none")
