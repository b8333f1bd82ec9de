"""Names that are HTML, scripts and formulas, everywhere where somebody else chooses a name: shown, and never run."""

from collections.abc import AsyncIterator
import csv
from pathlib import Path

from playwright.async_api import Browser, BrowserContext, Page, expect
import pytest

from script.demo_run.home_assistant import HomeAssistant
from simulator.pbx.past import Outcome
from simulator.pbx.simulated import SimulatedPbx
from tests.helpers.address_books import card
from tests.helpers.browser.demo import Demo, demo as run_demo
from tests.helpers.browser.screen import Screen, screen, sign_in
from tests.helpers.office import JERRY, TOM, small_office

# Whatever of it becomes an element is found by its mark, and whatever runs leaves its own.
EVIL = '"\'><img src=x data-injected onerror="window.hacked=1"><script data-injected>window.hacked=1</script>'
LINK = "[a](javascript:window.hacked=1)<a data-injected href=javascript:window.hacked=1>b</a>"
EVE, MAL, ANN = "3125550171", "3125550172", "3125550173"
FORMULAS = (
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(1)",
    "\t=1+1",
    "\r=1+1",
    "\uff1d1+1",
    "\uff0b1",
    "\uff0d1",
    "\uff20SUM(1)",
    '=HYPERLINK("x";"y")',
)
BEGINS_FORMULA = tuple("=+-@\t\r\uff1d\uff0b\uff0d\uff20")
CARDS = ("front-desk", "messages", "call-log", "lists", "trends")


def _hostile_office() -> SimulatedPbx:
    """Build the small office, in which everybody and everything is called so."""
    pbx = small_office()
    pbx.add_extension("666", EVIL, auth_id="evil666")
    pbx.add_queue(EVIL)
    pbx.log_in_agent(EVIL, "evil666")
    pbx.log_in_agent("support", "evil666")
    pbx.pause_agent("support", "evil666", EVIL)
    pbx.add_campaign("6", EVIL)
    pbx.log_campaign("6", "INFO", EVIL)
    pbx.add_messaging_campaign("CEVIL", EVIL)
    pbx.add_contact_list(EVIL)
    pbx.add_phone("evil666", "24:9a:d8:02:f4:66", EVIL)
    pbx.add_past_call(EVE, "support", by=TOM, name=EVIL, ago=7200)
    pbx.add_past_call(MAL, EVIL, name=LINK, outcome=Outcome.UNANSWERED, ago=600)
    for number, formula in enumerate(FORMULAS):
        pbx.add_past_call(f"21755501{number:02}", "630", name=formula, ago=9000 + number)
    pbx.add_past_sms(EVE, TOM, EVIL, ago=7000)
    pbx.add_past_sms(TOM, MAL, LINK, ago=6900)
    pbx.send_fax(JERRY, MAL)
    return pbx


@pytest.fixture(scope="module")
async def hostile(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Demo]:
    """Run that office and a Home Assistant of its own, with every card and the whole dashboard."""
    async with run_demo(tmp_path_factory.mktemp("hostile", numbered=True), _hostile_office()) as demo:
        await _add_contacts(demo.home)
        for name in CARDS:
            view = {"type": "panel", "path": "view", "cards": [{"type": f"custom:dls-pbx-{name}"}]}
            await demo.add_dashboard(f"one-{name}", {"views": [view]})
        wall = {"type": "custom:dls-pbx-front-desk", "wall": True}
        await demo.add_dashboard("one-wall", {"views": [{"type": "panel", "path": "view", "cards": [wall]}]})
        await demo.add_dashboard("all-views", {"strategy": {"type": "custom:dls-pbx"}})
        yield demo


async def _add_contacts(home: HomeAssistant) -> None:
    """Upload an address book in which a customer is called so."""
    file_id = await home.upload("contacts.vcf", card(EVIL, f"({ANN[:3]}) {ANN[3:6]}-{ANN[6:]}", vip=True))
    entry = await home.entry()
    assert entry is not None
    await home.submit(
        "/api/config/config_entries/subentries/flow",
        [entry["entry_id"], "address_book"],
        {"name": EVIL, "file": file_id},
    )


@pytest.fixture(scope="module")
async def who(hostile: Demo, browser: Browser) -> BrowserContext:
    """Return the browser of somebody who is logged in."""
    return await sign_in(browser, hostile.home.url)


@pytest.fixture
async def page(hostile: Demo, who: BrowserContext) -> AsyncIterator[Screen]:
    """Return a page of theirs; in its console nobody must complain."""
    async with screen(who, hostile.home.url) as one:
        yield one
    assert one.unexpected == []


async def _nothing_ran(page: Page, where: str) -> None:
    assert await page.evaluate("window.hacked") is None, where
    await expect(page.locator("[data-injected]")).to_have_count(0)
    await expect(page.locator("a[href^=javascript]")).to_have_count(0)


@pytest.fixture
async def busy(hostile: Demo) -> None:
    """Let somebody of that name wait, ring and talk now, and have left a note."""
    hostile.call_in(EVE, to="support", name=EVIL, seconds_ago=5)
    hostile.call_in(MAL, to=EVIL, name=LINK, seconds_ago=5)
    hostile.call_in(ANN, to="69", name=LINK, seconds_ago=5)
    hostile.pbx.join_conference("2000", EVE)


@pytest.mark.parametrize("name", [*CARDS, "wall"])
@pytest.mark.usefixtures("busy")
async def test_names_are_shown_as_text_on_every_card(hostile: Demo, page: Screen, name: str) -> None:
    """Anybody with a phone could take over the browser at reception."""
    if name == "trends":
        await hostile.have_statistics()
    await page.show(f"/one-{name}/view")
    tag = "front-desk" if name == "wall" else name
    shown = page.page.locator(f"dls-pbx-{tag}")
    # The trends show the names of queues alone, and those in a menu.
    await expect(shown).to_contain_text("<img src=x" if name != "trends" else "Calls")
    await _nothing_ran(page.page, name)


async def test_a_hostile_caller_is_opened_and_their_texts_are_read(hostile: Demo, page: Screen) -> None:
    """What a click opens would run what the list has not."""
    await page.show("/one-call-log/view")
    await page.call("<img src=x").first.get_by_role("button").click()
    await expect(page.panel.locator("[aria-busy=false]")).to_be_visible()
    await expect(page.panel).to_contain_text("data-injected")
    await _nothing_ran(page.page, "panel")
    await page.show("/one-messages/view")
    await page.conversation("<img src=x").click()
    await expect(page.thread.locator("[data-message]").first).to_contain_text("<img src=x")
    await _nothing_ran(page.page, "thread")


async def test_names_are_shown_as_text_on_every_view_of_the_dashboard(hostile: Demo, page: Screen) -> None:
    """Home Assistant's own cards show our names as well."""
    await page.show("/all-views/0")
    tabs = page.page.get_by_role("tab")
    await expect(tabs.first).to_be_visible()
    for number in range(await tabs.count()):
        await tabs.nth(number).click()
        await expect(page.page.locator("hui-card").first).to_be_visible()
        await _nothing_ran(page.page, f"view {number}")
    assert await tabs.count() >= 6


async def test_no_cell_of_an_exported_file_is_a_formula(hostile: Demo, page: Screen, tmp_path: Path) -> None:
    """Whoever opens the calls in a spreadsheet would run what a caller calls themselves."""
    await page.show("/one-call-log/view")
    await expect(page.call("HYPERLINK")).to_be_visible()
    async with page.page.expect_download() as download:
        await page.page.locator("[data-do=export]").click()
    file = tmp_path / "calls.csv"
    await (await download.value).save_as(file)
    with file.open(encoding="utf-8-sig", newline="") as lines:
        rows = list(csv.reader(lines))
    cells = [cell for row in rows for cell in row]
    assert not [cell for cell in cells if cell.lstrip(" ").startswith(BEGINS_FORMULA)]
    for formula in FORMULAS:
        assert any(formula.strip() in cell for cell in cells), formula
