"""When callers call, and this week beside the last, out of Home Assistant's statistics."""

import re

from playwright.async_api import expect
import pytest

from tests.browser.conftest import PHONE, Open
from tests.helpers.browser.access import overflowing, violations
from tests.helpers.browser.demo import Demo


@pytest.fixture(scope="module", autouse=True)
async def dashboard(demo: Demo) -> None:
    """Have statistics, and a page with nothing but the card."""
    await demo.have_statistics()
    view = {"type": "panel", "path": "view", "cards": [{"type": "custom:dls-pbx-trends"}]}
    await demo.add_dashboard("trends-desk", {"views": [view]})


@pytest.mark.parametrize(
    ("scheme", "language", "calls", "first"), [("light", "en", "Calls", "Sun"), ("dark", "es", "Llamadas", "lun")]
)
async def test_an_office_sees_its_week_on_a_phone_too(
    open_screen: Open, scheme: str, language: str, calls: str, first: str
) -> None:
    """A manager would have to add up bars to know whether this week is busier than the last."""
    screen = await open_screen("/trends-desk/view", viewport=PHONE, color_scheme=scheme, language=language)
    card = screen.page.locator("dls-pbx-trends")
    weeks = card.locator("[data-trend=weeks]")
    await expect(weeks.locator("[data-figure=calls]")).to_contain_text(calls)
    await expect(card.locator("[data-trend=heat] [data-hour]").first).to_be_visible()
    # As the week begins where that is spoken, however the browser tells it.
    await expect(card.locator("[data-trend=heat] th[scope=col]").first).to_have_text(first)
    assert await overflowing(card) == []
    assert await violations(screen, card) == []


async def test_a_day_of_talk_is_told_in_hours_or_less(open_screen: Open) -> None:
    """Nobody thinks in tens of thousands of seconds; and of some minutes a full bar would say "0 hr"."""
    screen = await open_screen("/trends-desk/view")
    said = screen.page.locator("dls-pbx-trends [data-trend=talk_time] [data-day] strong")
    await expect(said.filter(has_text=re.compile(r"^[1-9][\d.]* (hr|min|sec)$")).first).to_be_visible()
