"""Callers who are owed a call, as several desks work on them."""

from typing import Any

from playwright.async_api import expect
import pytest

from tests.browser.conftest import Open
from tests.helpers.browser.demo import Demo
from tests.helpers.browser.screen import Screen

CARLA, CARLA_SHOWN = "3125550171", "(312) 555-0171"
DORA, DORA_SHOWN = "3125550172", "(312) 555-0172"


@pytest.fixture(scope="module", autouse=True)
async def owed(demo: Demo) -> None:
    """Let two callers give up."""
    for number in (CARLA, DORA):
        demo.pbx.abandon(demo.call_in(number, to="support", seconds_ago=40))


async def test_who_takes_a_caller_and_what_they_note_is_seen_on_all_desks(
    open_screen: Open, desk: Screen, receptionist: Any
) -> None:
    """Two colleagues would call the same customer, and neither would know what was promised."""
    other = await open_screen(who=receptionist)
    theirs, ours = other.callback(CARLA_SHOWN), desk.callback(CARLA_SHOWN)
    await theirs.locator("[data-do=take]").click()
    await expect(ours).to_contain_text("has it")
    await expect(ours.locator("[data-do=take]")).to_have_text("Take over")
    await theirs.locator("[data-do=note]").click()
    await theirs.get_by_role("textbox").fill("About the <b>invoice</b>")
    await theirs.locator("[data-do=save]").click()
    await expect(ours.locator(".note")).to_have_text("About the <b>invoice</b>")
    await ours.locator("[data-do=take]").click()
    await expect(theirs.locator("[data-do=take]")).to_have_text("Take over")
    await expect(ours.locator("[data-do=take]")).to_have_text("Give back")
    await ours.locator("[data-do=take]").click()
    await expect(theirs.locator("[data-do=take]")).to_have_text("Take")


async def test_who_was_texted_is_told(demo: Demo, desk: Screen) -> None:
    """A customer would be texted by everybody who reads the list."""
    row = desk.callback(DORA_SHOWN)
    await row.locator("[data-do=text]").click()
    await desk.message.fill("We call you at three")
    await desk.send.click()
    await expect(row).to_contain_text("texted")
    assert demo.texts()[-1]["params"]["body"] == "We call you at three"


async def test_who_is_ticked_off_is_gone_from_all_desks_and_can_be_brought_back(
    open_screen: Open, desk: Screen
) -> None:
    """One slip of the mouse, and nobody would call a customer back."""
    other = await open_screen()
    await expect(other.callback(DORA_SHOWN)).to_be_visible()
    await desk.callback(DORA_SHOWN).locator("[data-do=done]").click()
    await expect(other.callback(DORA_SHOWN)).to_have_count(0)
    await desk.section("callbacks").locator("[data-do=undo]").click()
    await expect(other.callback(DORA_SHOWN)).to_be_visible()


async def test_callbacks_are_worked_on_by_keyboard_alone(desk: Screen) -> None:
    """Who cannot use a mouse could not work at reception."""
    row = desk.callback(DORA_SHOWN)
    await expect(row).to_be_visible()
    await desk.tab_to(row.locator("[data-do=note]"))
    await desk.page.keyboard.press("Enter")
    await desk.page.keyboard.type("In the afternoon")
    await desk.page.keyboard.press("Enter")
    await expect(row.locator(".note")).to_have_text("In the afternoon")
    await expect(row.locator("[data-do=note]")).to_be_focused()
    await desk.tab_to(row.locator("[data-do=done]"))
    await desk.page.keyboard.press("Enter")
    await expect(row).to_have_count(0)
