"""What the front desk costs a browser: script per batch of changes, elements touched, time to its first rows, bytes.

The first part shows the real card in Chromium over a connection that is made up: 500 phones, 50 queues, 200 agents,
and 100 changes a second, come as ten batches or, harder, as one. Script is counted by the browser itself, in processor
time of the page's thread, so that other programs do not matter: everything that the card does between a message and the
frame after it. (Messages come parsed, as Home Assistant's frontend hands them out.) Style, layout and painting are the
browser's own work and stand beside it.

The second part is the demo's Home Assistant. "Home Assistant's frontend is ready" is no moment that could be seen from
outside: the page goes on loading itself while it shows a dashboard. So two dashboards are loaded in turns, everything
in the browser's cache: ours, made by the strategy, until the front desk shows its first rows, and one that holds
nothing but a card of Home Assistant's own, in a view of the same kind, until that is there. What ours takes longer is
what we add.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory
from typing import Any

from playwright.async_api import Browser, CDPSession, Page, Route

from custom_components.dls_pbx.front_desk.static_files import WWW, modules
from script.bench_table import Table
from tests.helpers.browser.demo import Demo, demo
from tests.helpers.browser.screen import Screen, chromium, screen, sign_in
from tests.helpers.front_desk_modules import KB, LIMITS, size
from tests.helpers.office import TOM

SCRIPT_LIMIT = 4  # ms a batch
FIRST_ROWS_LIMIT = 150  # ms
PAGE_LIMIT = 300  # ms
BATCHES = 60
SECONDS = 15
LOADS = 15
READS = 6
PAGE = "http://bench.localhost/"
BODY = '<!doctype html><html lang="en"><meta charset="utf-8"><title>Bench</title><body style="margin:0">'
MODULES = modules(WWW)
HARNESS = Path(__file__).with_suffix(".js")
METRICS = ("ScriptDuration", "LayoutDuration", "RecalcStyleDuration")


async def run() -> bool:
    """Print the table; return whether a limit was broken."""
    table = Table()
    print("500 phones, 50 queues, 200 agents, 100 changes a second\n")
    print(f"{'':<50}{'ours':>10}{'limit':>10}")
    async with chromium() as browser:
        async with office(browser) as page:
            await page.evaluate("bench.clocks(false)")
            await batches(table, page, rows=10)
            await batches(table, page, rows=100)
            await page.evaluate("bench.clocks(true)")
            await clocks(table, page)
            await elements(table, page)
        await first_rows(table, browser)
    for card, limit in LIMITS.items():
        table.row(f"loaded, uncompressed: {card[0]}", size(MODULES, card) / KB, limit / KB, "KB")
    return table.broken


@asynccontextmanager
async def office(browser: Browser) -> AsyncIterator[Page]:
    """Show the card with a large office."""
    page = await browser.new_page(viewport={"width": 1280, "height": 1000})
    await page.route(f"{PAGE}**", serve)
    await page.goto(PAGE)
    await page.evaluate("async () => { window.bench = await import('/bench.js'); await bench.open(); }")
    yield page
    await page.close()


async def serve(route: Route) -> None:
    """Answer as Home Assistant would: our files, and around them an empty page."""
    path = route.request.url.removeprefix(PAGE)
    if path == "bench.js":
        await route.fulfill(path=HARNESS, content_type="text/javascript")
    elif path.startswith("www/"):
        await route.fulfill(body=MODULES[path.removeprefix("www/")], content_type="text/javascript")
    else:
        await route.fulfill(body=BODY, content_type="text/html")


async def batches(table: Table, page: Page, rows: int) -> None:
    """Measure what batches of so many changed rows cost."""
    session = await page.context.new_cdp_session(page)
    await session.send("Performance.enable", {"timeDomain": "threadTicks"})
    # The first ones are slower, since nothing has been compiled yet; a wall display shows the card for months.
    await page.evaluate("rows => bench.prepare(20, rows)", rows)
    await many(session, lambda: page.evaluate("bench.deliver()"), 20)
    nothing = await many(session, lambda: page.evaluate("bench.deliver(true)"), 20)
    await page.evaluate("([batches, rows]) => bench.prepare(batches, rows)", [BATCHES, rows])
    found = await many(session, lambda: page.evaluate("bench.deliver()"), BATCHES)
    script = [one["ScriptDuration"] for one in found]
    layout = median(one["LayoutDuration"] + one["RecalcStyleDuration"] for one in found)
    idle = median(one["ScriptDuration"] for one in nothing)
    beside = f"style and layout {layout:.1f} ms, the bench itself {idle:.2f} ms"
    table.row(f"script a batch of {rows} changes, median", median(script), SCRIPT_LIMIT, beside=beside)
    table.row(f"script a batch of {rows} changes, 95 %", quantiles(script, n=20)[-1], SCRIPT_LIMIT)
    await session.detach()


async def clocks(table: Table, page: Page) -> None:
    """Measure what it costs that a second has passed: all who wait, talk or pause have a clock."""
    session = await page.context.new_cdp_session(page)
    await session.send("Performance.enable", {"timeDomain": "threadTicks"})
    script = [one["ScriptDuration"] for one in await many(session, lambda: page.evaluate("bench.tick()"), SECONDS)]
    count = await page.evaluate("bench.clockCount()")
    table.row("script a second, for the clocks, median", median(script), SCRIPT_LIMIT, beside=f"{count} clocks")
    await session.detach()


async def many(session: CDPSession, step: Callable[[], Awaitable[Any]], times: int) -> list[dict[str, float]]:
    """Return in milliseconds what each of so many steps cost."""
    found = []
    before = await metrics(session)
    for _ in range(times):
        await step()
        after = await metrics(session)
        found.append({name: (after[name] - before[name]) * 1000 for name in METRICS})
        before = after
    return found


async def metrics(session: CDPSession) -> dict[str, float]:
    """Return what the browser has counted so far, in seconds."""
    answer = await session.send("Performance.getMetrics")
    return {one["name"]: one["value"] for one in answer["metrics"]}


async def elements(table: Table, page: Page) -> None:
    """Count what is touched in the document when rows change, and what is touched of rows that did not."""
    await page.evaluate("bench.prepare(30, 10)")
    seen = [await page.evaluate("bench.watch()") for _ in range(30)]
    rows = sum(one["rows"] for one in seen)
    mutations, touched = (sum(one[what] for one in seen) for what in ("mutations", "touched"))
    needless = sum(len(one["needless"]) for one in seen)
    table.row("rows touched that had not changed, a batch", needless / len(seen), 1, "")
    print(f"{'':<50}{rows} rows changed, {touched} of them shown, {mutations} changes of the document")


async def first_rows(table: Table, browser: Browser) -> None:
    """Measure how much later our dashboard shows its first rows than Home Assistant shows a card of its own."""
    with TemporaryDirectory() as folder:
        async with demo(Path(folder)) as home:
            section = {"type": "grid", "cards": [{"type": "markdown", "content": "Hello"}]}
            plain = {"type": "sections", "path": "view", "sections": [section]}
            await home.add_dashboard("plain-desk", {"views": [plain]})
            await home.add_dashboard("our-desk", {"strategy": {"type": "custom:dls-pbx"}})
            async with screen(await sign_in(browser, home.home.url), home.home.url) as one:
                await one.page.add_init_script(WATCH)
                await pages(table, home, one)
                theirs, ours = [], []
                for _ in range(LOADS):
                    theirs.append(await shown(one.page, f"{home.home.url}/plain-desk", "hui-markdown-card"))
                    ours.append(await shown(one.page, f"{home.home.url}/our-desk", "[data-person]"))
    # The first loads fill the caches.
    mine, others = median(ours[2:]), median(theirs[2:])
    beside = f"{mine:.0f} ms beside {others:.0f} ms of a card of Home Assistant's own"
    table.row("first rows of our dashboard, later by", mine - others, FIRST_ROWS_LIMIT, beside=beside)


async def pages(table: Table, home: Demo, one: Screen) -> None:
    """Measure how long after the PBX's answer a page of a card is there: some of each, the slowest."""
    for number in range(READS):
        home.pbx.add_past_sms(f"31255501{number:02}", TOM, "Is my order ready?", ago=60 * number + 60)
        home.pbx.add_past_call(f"31255501{number:02}", "support", by=TOM, ago=3600 * number + 600)
    cards = [{"type": f"custom:dls-pbx-{name}"} for name in ("messages", "call-log")]
    views = [{"type": "panel", "path": card["type"][15:], "cards": [card]} for card in cards]
    await home.add_dashboard("our-pages", {"views": views})
    await one.page.goto(f"{home.home.url}/our-pages/messages")
    rows = one.page.locator("[data-conversation]")
    await rows.nth(READS - 1).wait_for()
    found = []
    for number in range(READS):
        answered = one.page.evaluate("answered('dls_pbx/conversation', '[data-message]')")
        found.append((await asyncio.gather(answered, rows.nth(number).click()))[0])
    # The first one loads what shows it.
    table.row("a conversation, after the PBX's answer", max(found), PAGE_LIMIT)
    await one.page.goto(f"{home.home.url}/our-pages/call-log")
    days = one.page.locator("[data-period]")
    await days.first.wait_for()
    found = []
    for number in range(READS):
        answered = one.page.evaluate("answered('dls_pbx/call_log', '[data-call]')")
        found.append((await asyncio.gather(answered, days.nth(2 + number % 2).click()))[0])
    table.row("a page of calls, after the PBX's answer", max(found), PAGE_LIMIT)


# Looks at each frame, as a person would, through all shadow roots.
WATCH = """
window.shown = (selector) => new Promise((resolve) => {
  const find = (root) => root.querySelector(selector)
    ?? [...root.querySelectorAll("*")].reduce((found, one) => found ?? (one.shadowRoot && find(one.shadowRoot)), null);
  const done = () => resolve(performance.now());
  const look = () => requestAnimationFrame(find(document) ? done : look);
  look();
});
window.answered = (type, selector) => new Promise((resolve) => {
  const { connection } = document.querySelector("home-assistant").hass;
  const send = connection.sendMessagePromise;
  connection.sendMessagePromise = async function (message) {
    const answer = await send.call(this, message);
    if (message.type !== type) return answer;
    connection.sendMessagePromise = send;
    const at = performance.now();
    // What was shown before is taken away first.
    requestAnimationFrame(() => shown(selector).then((now) => resolve(now - at)));
    return answer;
  };
});
"""


async def shown(page: Page, url: str, selector: str) -> float:
    """Load a dashboard; return the milliseconds until the frame after an element is there."""
    await page.goto(url, wait_until="commit")
    after: float = await page.evaluate("selector => shown(selector)", selector)
    return after
