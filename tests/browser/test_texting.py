"""Missed callers are texted back from the front desk."""

from playwright.async_api import expect
import pytest

from tests.helpers.browser.demo import Demo
from tests.helpers.browser.screen import CALLER_SHOWN, OTHER_CALLER_SHOWN, Screen
from tests.helpers.office import CALLER, OTHER_CALLER


@pytest.fixture(scope="session")
async def missed(demo: Demo) -> None:
    """Let two callers give up, one of whom wants no texts; the PBX writes that down."""
    demo.pbx.add_unsubscriber(OTHER_CALLER, "1")
    for number in (CALLER, OTHER_CALLER):
        demo.pbx.abandon(demo.call_in(number, to="support", seconds_ago=40))


@pytest.fixture(autouse=True)
def empty_log(demo: Demo) -> None:
    """Forget what was sent before."""
    demo.simulator.requests.clear()


async def test_a_missed_caller_is_texted_back_exactly_once(demo: Demo, missed: None, desk: Screen) -> None:
    """A caller would hear nothing, or twice."""
    await desk.callback(CALLER_SHOWN).locator('[data-do="text"]').click()
    await expect(desk.recipient).to_have_value(CALLER_SHOWN)
    await desk.message.fill("Sorry that we missed you")
    await desk.send.click()
    await expect(desk.section("sms").get_by_role("status")).to_contain_text("Sent")
    (text,) = demo.texts()
    assert (text["params"]["dst"], text["params"]["body"]) == (["+18155550123"], "Sorry that we missed you")
    assert text["status"] == 200
    await expect(desk.message).to_have_value("")


async def test_a_missed_caller_is_called_back_by_a_link(missed: None, desk: Screen) -> None:
    """A receptionist would have to type the number."""
    link = desk.callback(CALLER_SHOWN).locator('[data-do="call"]')
    await expect(link).to_have_attribute("href", "tel:+18155550123")


async def test_a_text_to_someone_who_opted_out_says_why_it_stays(demo: Demo, missed: None, desk: Screen) -> None:
    """A receptionist would believe that the text went out, or write it again."""
    await desk.callback(OTHER_CALLER_SHOWN).locator('[data-do="text"]').click()
    await desk.message.fill("We have an offer")
    await desk.send.click()
    await expect(desk.section("sms").get_by_role("alert")).to_contain_text("opt-out list")
    await expect(desk.message).to_have_value("We have an offer")
    await expect(desk.recipient).to_have_value(OTHER_CALLER_SHOWN)
    assert demo.texts() == []


async def test_a_text_that_the_pbx_refuses_stays_with_its_words(demo: Demo, desk: Screen) -> None:
    """A receptionist would not know what to do about it, and would lose what was written."""
    demo.simulator.faults.order("sms.send_sms", "no_permission")
    await desk.recipient.fill(CALLER_SHOWN)
    await desk.message.fill("Your table is ready")
    await desk.send.click()
    await expect(desk.section("sms").get_by_role("alert")).to_contain_text("The PBX does not allow")
    await expect(desk.message).to_have_value("Your table is ready")
    assert len(demo.texts()) == 1


async def test_a_missed_caller_is_texted_back_by_keyboard_alone(demo: Demo, missed: None, desk: Screen) -> None:
    """Who cannot use a mouse could not work at reception."""
    await expect(desk.callback(CALLER_SHOWN)).to_be_visible()
    await desk.tab_to(desk.callback(CALLER_SHOWN).locator('[data-do="text"]'))
    await desk.page.keyboard.press("Enter")
    await expect(desk.message).to_be_focused()
    await desk.page.keyboard.type("By hand")
    await desk.tab_to(desk.send)
    await desk.page.keyboard.press("Enter")
    await expect(desk.section("sms").get_by_role("status")).to_contain_text("Sent")
    assert [text["params"]["body"] for text in demo.texts()] == ["By hand"]


async def test_a_text_that_is_too_long_cannot_be_sent(demo: Demo, desk: Screen) -> None:
    """A text would be cut off, or refused after the wait."""
    await desk.recipient.fill(CALLER_SHOWN)
    await desk.message.fill("x" * 201)
    await desk.send.click(force=True)
    await expect(desk.section("sms")).to_contain_text("1 character too many")
    assert demo.texts() == []
