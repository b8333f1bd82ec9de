"""The demo's first page: what a stranger tries in the first five minutes, in the office that the demo shows."""

from collections.abc import AsyncIterator
import re

from playwright.async_api import Browser, Locator, expect
import pytest

from script.demo_run.first_page import FIRST_PAGE
from script.demo_run.home_assistant import Pbx
from script.demo_run.office import furnish
from script.demo_run.people import CUSTOMERS
from simulator.office.plan import Size
from simulator.office.scenarios import build
from tests.helpers.browser.demo import Demo, demo as run_demo
from tests.helpers.browser.screen import Screen, screen, sign_in
from tests.helpers.office import KEY, USERNAME

RED = "#ff0000"
# The PBX is asked for records once a minute.
WAIT = 150_000  # ms


@pytest.fixture(scope="module")
async def shown(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Demo]:
    """Run the demo's office, furnished as for a visitor."""
    async with run_demo(tmp_path_factory.mktemp("shown", numbered=False), build(Size.DEMO, 1)) as demo:
        for _ in range(2):  # as at a second start
            await furnish(demo.home, Pbx(url=demo.simulator.url, username=USERNAME, api_key=KEY))
        yield demo


@pytest.fixture(scope="module")
async def page(shown: Demo, browser: Browser) -> AsyncIterator[Screen]:
    """Open Home Assistant as somebody does who has just logged in."""
    async with screen(await sign_in(browser, shown.home.url), shown.home.url) as one:
        await one.page.goto(shown.home.url)
        yield one
        assert one.unexpected == []


async def press(page: Screen, button: str) -> None:
    """Press one of the page's buttons."""
    await page.page.locator("hui-button-card").filter(has_text=button).click()


def words(page: Screen, pattern: str) -> Locator:
    """Return the cards that hold such words."""
    return page.page.locator("hui-markdown-card").filter(has_text=re.compile(pattern))


async def test_the_first_page_opens_first(page: Screen) -> None:
    """A stranger would have to guess where to look."""
    await expect(page.page).to_have_url(re.compile(FIRST_PAGE))
    await expect(page.page.locator("hui-button-card")).to_have_count(4)


async def test_a_stranger_has_seen_it_work_within_five_minutes(page: Screen) -> None:
    """Read a text, made a call wait, seen a light turn red and automations answer: else the page promises too much."""
    for button in ("A customer writes", "A caller waits", "A caller gives up", "The courier writes"):
        await press(page, button)
    names = "|".join(re.escape(customer.name) for customer in CUSTOMERS)
    light, gate = (page.page.locator("hui-tile-card").filter(has_text=name) for name in ("light", "The gate"))
    await expect(light.locator("ha-card")).to_have_attribute("style", re.compile(RED), timeout=WAIT)
    await expect(gate).to_contain_text("Open", timeout=WAIT)
    await expect(words(page, rf"({names}): .+[?]")).to_have_count(1, timeout=WAIT)
    await expect(words(page, rf"({names}): Sorry that we missed your call")).to_have_count(1, timeout=WAIT)


async def test_rooms_are_those_of_an_office(shown: Demo) -> None:
    """A queue in the living room is no office; and a second start moves nothing."""
    areas, states = await shown.home.ask("config/area_registry/list", "get_states")
    assert sorted(area["name"] for area in areas) == ["Lobby", "Meeting room", "Reception"]
    ours = [state["state"] for state in states if state["entity_id"].startswith("automation.")]
    assert ours == ["on"] * 10
