"""The front desk for everybody: contrast, names and roles for screen readers, other directions of writing."""

from typing import Any

from playwright.async_api import expect
import pytest

from tests.browser.conftest import PHONE, WALL, Open
from tests.helpers.browser.access import overflowing, violations
from tests.helpers.browser.demo import Demo
from tests.helpers.browser.screen import CALLER_SHOWN
from tests.helpers.office import CALLER


@pytest.fixture(scope="module", autouse=True)
async def busy(demo: Demo) -> Any:
    """Let something be in every list: an empty one hides its faults."""
    waiting = demo.call_in(CALLER, to="night", seconds_ago=120)
    talking = demo.pbx.call_internal("front100", "69")
    yield
    demo.pbx.abandon(waiting)
    demo.pbx.hang_up(talking)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [PHONE, WALL], ids=["phone", "wall"])
async def test_axe_finds_no_fault(open_screen: Open, scheme: str, viewport: dict[str, int]) -> None:
    """Who sees badly, or hears the screen, could not use the front desk."""
    screen = await open_screen(color_scheme=scheme, viewport=viewport)
    await expect(screen.caller(CALLER_SHOWN)).to_have_attribute("data-level", "red")
    assert await violations(screen, screen.card) == []


@pytest.mark.parametrize("language", ["en", "es", "he", "ar"])
async def test_nothing_is_wider_than_a_phone(open_screen: Open, language: str) -> None:
    """On a phone, words would be cut off, or the page would move to and fro; in Hebrew and Arabic too."""
    screen = await open_screen(language=language, viewport=PHONE)
    await expect(screen.caller(CALLER_SHOWN)).to_be_visible()
    direction = "rtl" if language in {"he", "ar"} else "ltr"
    await expect(screen.section("waiting")).to_have_css("direction", direction)
    assert await overflowing(screen.card) == []
