"""A page of Home Assistant in Chromium, as someone sees it who is logged in."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
import json
import re
import shutil
from typing import Literal

from playwright.async_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Locator,
    Page,
    ViewportSize,
    async_playwright,
    expect,
)

from script.demo_run.home_assistant import PASSWORD, USER

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# Root, in a container, may not have Chromium's sandbox; the rest keeps it from calling home.
OPTIONS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
PATIENCE = 60_000  # milliseconds: the slowest thing that we wait for is Home Assistant's next question to the PBX
TABS = 120  # what lies between the ends of a page is less
# The callers of tests/office.py as people here write their numbers.
CALLER_SHOWN, OTHER_CALLER_SHOWN = "(815) 555-0123", "(847) 555-0199"
LARGE = ViewportSize(width=1280, height=1000)

type ColorScheme = Literal["light", "dark"]


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    """Run the machine's Chromium or Chrome, else Playwright's own."""
    expect.set_options(timeout=PATIENCE)
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=found, args=OPTIONS)
        try:
            yield browser
        finally:
            await browser.close()


async def sign_in(browser: Browser, url: str, user: str = USER, password: str = PASSWORD) -> BrowserContext:
    """Log in on the page that asks for it; return their browser, which remembers that and what it has loaded."""
    context = await browser.new_context()
    page = await context.new_page()
    await page.goto(url)
    await page.locator("input[name=username]").fill(user)
    await page.locator("input[name=password]").fill(password)
    await page.keyboard.press("Enter")
    # Whichever dashboard is the default: the sidebar stands beside each.
    await page.locator("ha-sidebar").wait_for()
    await page.evaluate("localStorage.setItem('hassTokens', JSON.stringify(__tokenCache.tokens))")
    await page.close()
    return context


class Screen:
    """One page, and everything that its console complained about."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self.url = url
        self.complaints: list[str] = []
        self.expected: list[str] = []  # patterns of what a test provokes itself
        page.set_default_timeout(PATIENCE)
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.complaints.append(f"{message.text} ({message.location['url']})")

    @property
    def unexpected(self) -> list[str]:
        """Return the complaints that no test asked for."""
        return [line for line in self.complaints if not any(re.search(one, line) for one in self.expected)]

    async def show(self, path: str) -> None:
        """Go to one of Home Assistant's pages."""
        await self.page.goto(f"{self.url}{path}")

    def conversation(self, who: str) -> Locator:
        """Return a conversation's button in the list, by the name or number as it is shown."""
        return self.page.locator("[data-conversation]").filter(has_text=who).get_by_role("button")

    @property
    def thread(self) -> Locator:
        """Return the open conversation."""
        return self.page.locator("dls-pbx-messages [data-thread]")

    def call(self, who: str) -> Locator:
        """Return a call in the log, by the name or number as it is shown."""
        return self.page.locator("dls-pbx-call-log [data-call]").filter(has_text=who)

    @property
    def panel(self) -> Locator:
        """Return what is known of a caller."""
        return self.page.get_by_role("dialog")

    @property
    def card(self) -> Locator:
        """Return the front desk's card."""
        return self.page.locator("dls-pbx-front-desk")

    def section(self, name: str) -> Locator:
        """Return a part of the card."""
        return self.card.locator(f'[data-section="{name}"]')

    def caller(self, number: str) -> Locator:
        """Return who waits, by the number as it is shown."""
        return self.section("waiting").locator("[data-caller]").filter(has_text=number)

    def person(self, auth_id: str) -> Locator:
        """Return somebody with a phone."""
        return self.section("people").locator(f'[data-person="{auth_id}"]')

    def callback(self, number: str) -> Locator:
        """Return who is owed a call, by the number as it is shown."""
        return self.section("callbacks").locator("[data-callback]").filter(has_text=number)

    @property
    def recipient(self) -> Locator:
        """Return the field for whom a text is to go to."""
        return self.section("sms").get_by_role("textbox").first

    @property
    def message(self) -> Locator:
        """Return the field for a text."""
        return self.section("sms").locator("textarea")

    @property
    def send(self) -> Locator:
        """Return the button that sends a text."""
        return self.section("sms").locator('[data-do="send"]')

    async def tab_to(self, element: Locator) -> None:
        """Press the tab key until an element has the focus, as someone without a mouse does."""
        for _ in range(TABS):
            if await element.evaluate("element => element.matches(':focus')"):
                return
            await self.page.keyboard.press("Tab")
        raise AssertionError(f"Not reached by {TABS} steps with the tab key: {element}")

    @property
    def band(self) -> Locator:
        """Return what says that the card is not up to date."""
        return self.card.locator("[data-band]")


@asynccontextmanager
async def screen(
    who: BrowserContext,
    url: str,
    *,
    language: str = "en",
    viewport: ViewportSize = LARGE,
    color_scheme: ColorScheme = "light",
    without: str = "",
) -> AsyncIterator[Screen]:
    """Open a page in somebody's browser, with this language; `without` is a script that takes away what it can do."""
    page = await who.new_page()
    await page.set_viewport_size(viewport)
    await page.emulate_media(color_scheme=color_scheme)
    # Where Home Assistant keeps the language that someone chose in this browser.
    await page.add_init_script(f"localStorage.setItem('selectedLanguage', {json.dumps(json.dumps(language))})")
    await page.add_init_script(without)
    try:
        yield Screen(page, url)
    finally:
        await page.close()
