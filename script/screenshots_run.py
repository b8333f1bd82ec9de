"""Take the pictures of the dashboard: all for who works on it, some for the README."""

import argparse
import asyncio
from datetime import UTC, datetime
from itertools import product
from pathlib import Path
import tempfile

from PIL import Image
from playwright.async_api import Browser, ViewportSize, expect

from script.demo_run.address_book import add_address_book
from script.demo_run.front_desk import PATH, add_front_desk
from script.demo_run.terminal import say, step
from simulator.office.plan import Size
from simulator.office.scenarios import build
from simulator.pbx.simulated import SimulatedPbx
from tests.helpers.browser.demo import Demo, demo
from tests.helpers.browser.screen import Screen, chromium, screen, sign_in

IMAGES = Path("docs/images")
# Each with what comes later than the page.
VIEWS = {
    "overview": "[data-queue]",
    "messages": "[data-conversation]",
    "calls": "[data-call]",
    "queue-support": "[data-queue]",
    "phones": "[data-person]",
    "history": "hui-statistics-graph-card canvas",
    "lists": "[data-list]",
    "wall": "[data-queue]",
}
# On a phone one scrolls: the whole length.
SIZES = {1280: 1000, 390: 2600, 1920: 1080, 3840: 2160}
ONLY_WALLS = 1920
SCHEMES = ("light", "dark")
FOR_README = {
    "overview-1280-light": "front-desk.png",
    "overview-1280-dark": "front-desk-dark.png",
    "overview-390-light": "front-desk-phone.png",
    "messages-1280-light": "messages.png",
    "wall-1920-dark": "wall.png",
}
SEED = 3
COLORS = 128
README_HEIGHT = 1000
MISSED = (
    ("2245550142", "", "Support"),
    ("2245550163", "", "Billing"),
    ("6305550117", "", "Support"),
)
# How long they have been waiting when the first picture is taken, in seconds.
WAITING = (
    ("7795550155", "After hours", 75),
    ("8475550104", "After hours", 33),
    ("2625550186", "Support", 2),
)
ANSWERED = 9
NARROW = 640
CONVERSATION = "Maria Jimenez"
TEXTS = (
    "Hi, this is Maria. Is my order ready?",
    "It is! We are open until six.",
    "Great, I'll be there at five. Thank you!",
)
REASON = "Lunch"


def folder() -> Path:
    """Return where the pictures go, by the command line or a new folder."""
    parser = argparse.ArgumentParser(prog="script/screenshots")
    parser.add_argument("folder", type=Path, nargs="?", help="where they go (default: a new folder for passing files)")
    path: Path = parser.parse_args().folder or Path(tempfile.mkdtemp(prefix="dls-pbx-screenshots-"))
    path.mkdir(parents=True, exist_ok=True)
    return path


def office() -> SimulatedPbx:
    """Return the demo's office with a week behind it, in which nothing happens by itself."""
    return build(Size.DEMO, SEED, clock=lambda: datetime.now(UTC), live=False, history_days=7)


async def play(running: Demo, one: Screen) -> None:
    """Let there be something to see of everything, and wait until the card shows it."""
    pbx = running.pbx
    for number, name, queue in MISSED:
        pbx.abandon(running.call_in(number, name=name, to=queue, seconds_ago=20))
    pbx.pause_agent(None, pbx.user("107").auth_id, REASON)
    for number, text in enumerate(TEXTS):
        ends = (MISSED[0][0], pbx.user("100").auth_id)
        pbx.add_past_sms(*(ends if number % 2 == 0 else ends[::-1]), text, ago=600 - 120 * number)
    for number in range(ANSWERED):
        call = running.call_in(f"21255501{number:02}", to="Sales", seconds_ago=3)
        pbx.answer(call)
        pbx.hang_up(call)
    await one.show(f"{PATH}/overview")
    for number, _, _ in MISSED:
        await expect(one.callback(number[-4:])).to_have_count(1)
    for number, queue, seconds in WAITING:
        running.call_in(number, to=queue, seconds_ago=seconds)
    await expect(one.section("people")).to_contain_text(REASON)
    await expect(one.caller(WAITING[-1][0][-4:])).to_have_count(1)


async def take(browser: Browser, running: Demo, path: Path) -> None:
    """Take all pictures."""
    who = await sign_in(browser, running.home.url)
    async with screen(who, running.home.url) as one:
        await play(running, one)
    for view, scheme, width in product(VIEWS, SCHEMES, SIZES):
        if width == ONLY_WALLS and view != "wall":
            continue
        viewport = ViewportSize(width=width, height=SIZES[width])
        async with screen(who, running.home.url, viewport=viewport, color_scheme=scheme) as one:
            await shoot(one, view, path / f"{view}-{width}-{scheme}.png")


async def shoot(one: Screen, view: str, path: Path) -> None:
    """Take one picture, when everything is there that comes later than the page."""
    await one.show(f"{PATH}/{view}")
    shown = one.page.locator(VIEWS[view])
    await expect(shown.first).to_be_visible()
    if view == "messages" and (one.page.viewport_size or {})["width"] > NARROW:
        await shown.filter(has_text=CONVERSATION).first.click()
        await expect(one.page.locator("[data-message]").first).to_be_visible()
    await one.page.wait_for_load_state("networkidle")
    await one.page.screenshot(path=path, animations="disabled")


async def main() -> None:
    """Take the pictures, and say where they are."""
    path = folder()
    with tempfile.TemporaryDirectory(prefix="dls-pbx-", ignore_cleanup_errors=True) as home:
        async with (
            step("Starting Home Assistant and an office"),
            chromium() as browser,
            demo(Path(home), office()) as running,
        ):
            await add_address_book(running.home)
            await add_front_desk(running.home)
            await take(browser, running, path)
    for name, image in FOR_README.items():
        picture = Image.open(path / f"{name}.png").convert("RGB")
        # Few colors are enough for a page, and keep the repository small.
        shown = picture.crop((0, 0, picture.width, README_HEIGHT)).quantize(COLORS)
        shown.save(IMAGES / image, optimize=True)
    say(f"The pictures are in {path}; {', '.join(FOR_README.values())} in {IMAGES} are new.")


if __name__ == "__main__":
    asyncio.run(main())
