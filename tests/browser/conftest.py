"""What the browser's tests share: the demo, a browser, and pages in it whose consoles stay clean."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from typing import Any

from playwright.async_api import Browser, BrowserContext, ViewportSize
import pytest

from tests.helpers.browser.demo import Demo, demo as run_demo
from tests.helpers.browser.screen import Screen, chromium, screen, sign_in
from tests.helpers.office import TOM, small_office

RECEPTIONIST = "receptionist"

type Open = Callable[..., Awaitable[Screen]]

DESK = "/front-desk/desk"
MESSAGES, CALLS, LISTS = (f"/the-office/{name}" for name in ("messages", "call-log", "lists"))
PHONE, WALL = ViewportSize(width=390, height=844), ViewportSize(width=3840, height=2160)
# So short that nobody has to wait for the colours.
WAIT_AMBER, WAIT_RED = 20, 25


@pytest.fixture(scope="session")
async def demo(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Demo]:
    """Run the small office and Home Assistant, with a dashboard that holds nothing but the card."""
    office = small_office()
    # Of these hours there are statistics.
    for number, days in enumerate(range(1, 4)):
        office.add_past_call(f"31255501{80 + number}", "support", by=TOM, ago=86_400 * days)
    async with run_demo(tmp_path_factory.mktemp("home_assistant", numbered=False), office) as demo:
        card = {"type": "custom:dls-pbx-front-desk", "wait_amber": WAIT_AMBER, "wait_red": WAIT_RED}
        await demo.add_dashboard("front-desk", {"views": [{"type": "panel", "path": "desk", "cards": [card]}]})
        names = ("messages", "call-log", "lists")
        views = [{"type": "panel", "path": name, "cards": [{"type": f"custom:dls-pbx-{name}"}]} for name in names]
        await demo.add_dashboard("the-office", {"views": views})
        yield demo


@pytest.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    """Run Chromium."""
    async with chromium() as browser:
        yield browser


@pytest.fixture(scope="session")
async def signed_in(demo: Demo, browser: Browser) -> BrowserContext:
    """Return the browser of an administrator who has logged in: all tests have their pages in it, as people do."""
    return await sign_in(browser, demo.home.url)


@pytest.fixture(scope="session")
async def receptionist(demo: Demo, browser: Browser) -> BrowserContext:
    """Return the browser of someone who has logged in, and is no administrator."""
    await demo.home.add_user(RECEPTIONIST, RECEPTIONIST)
    return await sign_in(browser, demo.home.url, RECEPTIONIST, RECEPTIONIST)


@pytest.fixture
async def open_screen(demo: Demo, signed_in: BrowserContext) -> AsyncIterator[Open]:
    """Return a function that opens a page, for an administrator or `who`; its console must stay without errors."""
    screens: list[Screen] = []
    async with AsyncExitStack() as stack:

        async def open_screen(path: str = DESK, **how: Any) -> Screen:
            who = how.pop("who", signed_in)
            one = await stack.enter_async_context(screen(who, demo.home.url, **how))
            screens.append(one)
            await one.show(path)
            return one

        yield open_screen
    assert [line for one in screens for line in one.unexpected] == []


@pytest.fixture
async def desk(open_screen: Open) -> Screen:
    """Return the front desk, on a page of its own."""
    return await open_screen()
