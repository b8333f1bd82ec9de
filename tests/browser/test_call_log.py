"""The calls of any day: found, read, exported."""

import asyncio
from typing import Any

from playwright.async_api import Locator, expect
import pytest

from simulator.pbx.past import Outcome
from tests.browser.conftest import CALLS, PHONE, WALL, Open
from tests.helpers.browser.access import overflowing, violations
from tests.helpers.browser.demo import Demo
from tests.helpers.browser.screen import Screen
from tests.helpers.office import TOM

DAY = 86_400
ANN, ANN_SHOWN = "3125550148", "(312) 555-0148"
BEN, BEN_SHOWN = "3125550159", "(312) 555-0159"
HACKER = '<img src=x onerror="window.hacked = true">'
MANY = 130
# The PBX is asked for records once a minute.
NEWS = 150_000  # ms


@pytest.fixture(scope="module", autouse=True)
def calls(demo: Demo) -> None:
    """Let there be calls of several days: an answered one, one in vain, and one of somebody with a strange name."""
    pbx = demo.pbx
    pbx.add_past_call(ANN, "support", by=TOM, ago=DAY, wait=12, talk=95)
    pbx.add_past_call(BEN, "support", outcome=Outcome.UNANSWERED, ago=2 * DAY, wait=40)
    pbx.add_past_call("3125550160", "630", name=HACKER, ago=3 * DAY)
    for number in range(MANY):
        pbx.add_past_call(f"217555{number:04}", "630", ago=20 * DAY + number * 60)


def rows(screen: Screen) -> Locator:
    """Return all calls that are shown."""
    return screen.page.locator("dls-pbx-call-log [data-call]")


async def test_yesterdays_caller_is_found_by_another_spelling(open_screen: Open) -> None:
    """A receptionist could not say who called yesterday about what stands on a slip of paper."""
    screen = await open_screen(CALLS)
    await expect(screen.call(BEN_SHOWN)).to_be_visible()
    await screen.page.get_by_role("searchbox").fill("+1 312.555-0148")
    await expect(rows(screen)).to_have_count(1)
    call = screen.call(ANN_SHOWN)
    await expect(call).to_contain_text("Answered")
    for told in ("support", "Tom", "0:12", "1:35"):
        await expect(call).to_contain_text(told)


async def test_calls_are_chosen_by_day_and_by_what_came_of_them(open_screen: Open) -> None:
    """Who looks for one call would read through all of them."""
    screen = await open_screen(CALLS)
    await expect(screen.call(ANN_SHOWN)).to_be_visible()
    await screen.page.get_by_label("Outcome").select_option("Abandoned")
    await expect(screen.call(ANN_SHOWN)).to_have_count(0)
    await expect(screen.call(BEN_SHOWN)).to_be_visible()
    await screen.page.get_by_role("button", name="Yesterday").click()
    await expect(rows(screen)).to_have_count(0)
    await screen.page.get_by_label("Outcome").select_option("All")
    await screen.page.get_by_label("Person").select_option(TOM)
    await expect(screen.call(ANN_SHOWN)).to_be_visible()


async def test_older_calls_come_as_one_scrolls(demo: Demo, open_screen: Open) -> None:
    """The calls of a month would take a minute to load, or one would never see all of them."""
    screen = await open_screen(CALLS)
    await expect(screen.call(ANN_SHOWN)).to_be_visible()
    await screen.page.get_by_role("button", name="30 days").click()
    await expect(screen.page.get_by_text("calls so far")).to_be_visible()
    await rows(screen).last.scroll_into_view_if_needed()
    await screen.page.mouse.wheel(0, 20_000)
    await expect(screen.call(f"(217) 555-{MANY - 1:04}")).to_be_attached()
    await expect(screen.page.locator("[data-do=more]")).to_be_hidden()


async def test_a_call_that_has_ended_is_there_by_itself(demo: Demo, open_screen: Open) -> None:
    """Who keeps the log open would miss who has called since."""
    screen = await open_screen(CALLS)
    await expect(screen.call(ANN_SHOWN)).to_be_visible()
    demo.pbx.add_past_call("3125550171", "support", outcome=Outcome.UNANSWERED, wait=20)
    await expect(screen.call("(312) 555-0171")).to_be_visible(timeout=NEWS)


async def test_what_is_filtered_is_exported(open_screen: Open) -> None:
    """A manager would have to type calls into a spreadsheet, or open one that runs what a caller calls themselves."""
    screen = await open_screen(CALLS)
    await expect(screen.call(ANN_SHOWN)).to_be_visible()
    await screen.page.get_by_role("button", name="30 days").click()
    await screen.page.get_by_label("Direction").select_option("Inbound")
    async with screen.page.expect_download() as download:
        await screen.page.locator("[data-do=export]").click()
    file = await download.value
    assert file.suggested_filename.startswith("calls-20")
    assert file.suggested_filename.endswith(".csv")
    text = (await asyncio.to_thread((await file.path()).read_bytes)).decode("utf-8")
    assert text.startswith("\ufeffDate,Time,Direction")
    lines = text.split("\r\n")
    assert len(lines) >= MANY + 4  # the heading, and an end to the last line
    (line,) = [line for line in lines if ANN_SHOWN in line]
    assert ",support,630,Tom,12,95,Answered," in line
    await expect(screen.page.get_by_text("calls are in the file")).to_be_visible()


async def test_the_caller_is_opened_from_a_call_and_closed_by_escape(open_screen: Open) -> None:
    """Nobody would know who it was before they call back."""
    screen = await open_screen(CALLS)
    name = screen.call(ANN_SHOWN).get_by_role("button")
    await name.click()
    await expect(screen.panel.get_by_role("heading", level=2)).to_have_text(ANN_SHOWN)
    await expect(screen.panel.locator("[data-part=calls] [data-call]")).to_contain_text("with Tom")
    await screen.page.keyboard.press("Escape")
    await expect(screen.panel).to_have_count(0)
    await expect(name).to_be_focused()


async def test_calls_are_looked_through_by_keyboard_alone(open_screen: Open) -> None:
    """Who cannot use a mouse could not work at reception."""
    screen = await open_screen(CALLS)
    await expect(screen.call(ANN_SHOWN)).to_be_visible()
    await screen.tab_to(screen.page.get_by_role("searchbox"))
    await screen.page.keyboard.type("3125550159")
    await expect(rows(screen)).to_have_count(1)
    await screen.tab_to(screen.call(BEN_SHOWN).get_by_role("button"))
    await screen.page.keyboard.press("Enter")
    await expect(screen.panel.get_by_role("heading", level=2)).to_have_text(BEN_SHOWN)


async def test_what_callers_call_themselves_is_shown_as_text_and_never_run(open_screen: Open) -> None:
    """Anybody with a phone could take over the browser at reception."""
    screen = await open_screen(CALLS)
    await expect(screen.call("<img src=x")).to_be_visible()
    await screen.call("<img src=x").get_by_role("button").click()
    await expect(screen.panel.locator("[data-part=calls] [data-call]").first).to_be_visible()
    for place in ("dls-pbx-call-log img", "dialog img"):
        await expect(screen.page.locator(place)).to_have_count(0)
    assert await screen.page.evaluate("window.hacked") is None


async def test_a_receptionist_who_is_no_administrator_reads_the_calls(open_screen: Open, receptionist: Any) -> None:
    """Reception would have to ask an administrator who called."""
    screen = await open_screen(CALLS, who=receptionist)
    await expect(screen.call(ANN_SHOWN)).to_be_visible()


async def test_what_the_pbx_does_not_answer_is_said_and_asked_again(demo: Demo, open_screen: Open) -> None:
    """An empty list would look like a day without calls."""
    demo.simulator.faults.order("reports.report", "server_error", None)
    screen = await open_screen(CALLS)
    band = screen.page.locator("dls-pbx-call-log [data-band]")
    await expect(band).to_be_visible()
    demo.simulator.faults.clear()
    await band.get_by_role("button").click()
    await expect(screen.call(ANN_SHOWN)).to_be_visible()
    await expect(band).to_be_hidden()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [PHONE, WALL], ids=["phone", "wall"])
async def test_axe_finds_no_fault_with_the_calls(open_screen: Open, scheme: str, viewport: dict[str, int]) -> None:
    """Who sees badly, or hears the screen, could not read who called."""
    screen = await open_screen(CALLS, color_scheme=scheme, viewport=viewport)
    await expect(screen.call(ANN_SHOWN)).to_be_visible()
    assert await violations(screen, screen.page.locator("dls-pbx-call-log")) == []
    await screen.call(ANN_SHOWN).get_by_role("button").click()
    await expect(screen.panel.locator("[data-part=calls] [data-call]")).to_be_visible()
    assert await violations(screen, screen.panel) == []


@pytest.mark.parametrize("language", ["en", "es", "ar"])
async def test_no_call_is_wider_than_a_phone(open_screen: Open, language: str) -> None:
    """On a phone, words would be cut off, or the page would move to and fro."""
    screen = await open_screen(CALLS, language=language, viewport=PHONE)
    await expect(screen.call(ANN_SHOWN)).to_be_visible()
    assert await overflowing(screen.page.locator("dls-pbx-call-log")) == []
