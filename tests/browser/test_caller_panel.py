"""What is known of a caller, opened by a click on their name or number."""

from typing import Any

from playwright.async_api import expect
import pytest

from tests.browser.conftest import CALLS, PHONE, Open
from tests.helpers.browser.access import overflowing, violations
from tests.helpers.browser.demo import Demo
from tests.helpers.browser.screen import Screen
from tests.helpers.office import TOM

DAY = 86_400
ANN, ANN_SHOWN = "3125550151", "(312) 555-0151"
BEN, BEN_SHOWN = "3125550162", "(312) 555-0162"


@pytest.fixture(scope="module", autouse=True)
async def past(demo: Demo) -> None:
    """Let two customers have called, one of whom has written as well, and the other wants no texts."""
    demo.pbx.add_past_call(ANN, "support", by=TOM, ago=DAY)
    demo.pbx.add_past_call(BEN, "630", ago=DAY)
    demo.pbx.add_past_sms(ANN, TOM, "Did you find my umbrella?", ago=3600)
    # As one does in Lists: of what is done at the PBX itself Home Assistant hears a minute later.
    opt_out = {"domain": "dls_pbx", "service": "add_unsubscriber"}
    fields = {"phone_number": BEN_SHOWN, "tenant_id": "0"}
    await demo.home.ask({"type": "call_service", "service_data": fields} | opt_out)


@pytest.fixture(autouse=True)
def empty_log(demo: Demo) -> None:
    """Forget what was sent before."""
    demo.simulator.requests.clear()


async def opened(open_screen: Open, whose: str, **how: Any) -> Screen:
    """Open somebody from the log."""
    screen = await open_screen(CALLS, **how)
    await screen.page.get_by_role("searchbox").fill(whose)
    await screen.call(whose).get_by_role("button").click()
    await expect(screen.panel.locator("[aria-busy=false]")).to_be_visible()
    return screen


async def test_it_has_their_calls_and_texts_and_a_link_to_call(open_screen: Open) -> None:
    """Who picks up would not know what a customer has asked for already."""
    panel = (await opened(open_screen, ANN_SHOWN)).panel
    await expect(panel.locator("[data-part=calls]")).to_contain_text("Inbound · Answered · with Tom")
    await expect(panel.locator("[data-part=texts]")).to_contain_text("Did you find my umbrella?")
    await expect(panel.locator("[data-do=call]")).to_have_attribute("href", f"tel:+1{ANN}")


async def test_a_text_goes_out_from_it_once(demo: Demo, open_screen: Open) -> None:
    """A receptionist would have to look for the conversation, or send it twice."""
    panel = (await opened(open_screen, ANN_SHOWN)).panel
    await panel.locator("[data-do=text]").click()
    await panel.locator("textarea").first.fill("We have it here")
    await panel.locator("[data-do=send]").click()
    await expect(panel.locator("[data-part=texts] [data-side=ours]")).to_contain_text("We have it here")
    assert [text["params"]["body"] for text in demo.texts()] == ["We have it here"]


async def test_who_wants_no_texts_gets_none(demo: Demo, open_screen: Open) -> None:
    """An office would break the law without knowing."""
    panel = (await opened(open_screen, BEN_SHOWN)).panel
    await expect(panel).to_contain_text("Opted out of texts")
    await panel.locator("[data-do=text]").click()
    await expect(panel.locator("[data-closed]")).to_contain_text("does not want texts")
    await expect(panel.locator("[data-do=send]")).to_be_hidden()


async def test_somebody_is_put_on_the_list_of_callbacks_with_a_note(open_screen: Open) -> None:
    """A promise to call back would stand on a slip of paper."""
    panel = (await opened(open_screen, BEN_SHOWN)).panel
    await panel.locator("[data-do=add_callback]").click()
    await panel.locator("[data-form=callback] textarea").fill("About the <b>invoice</b>")
    await panel.locator("[data-do=save_callback]").click()
    await expect(panel).to_contain_text("Is owed a call")
    await expect(panel.locator("[data-note]")).to_contain_text("About the <b>invoice</b>")


async def test_a_receptionist_who_is_no_administrator_sees_all_of_it(open_screen: Open, receptionist: Any) -> None:
    """Reception would call back without knowing anything."""
    panel = (await opened(open_screen, ANN_SHOWN, who=receptionist)).panel
    await expect(panel.locator("[data-part=calls]")).to_contain_text("Answered")
    await expect(panel.locator("[data-part=texts] [data-message]").first).to_be_visible()


async def test_the_keyboard_stays_in_it_and_does_everything(demo: Demo, open_screen: Open) -> None:
    """Who cannot use a mouse would be lost on the page behind it."""
    screen = await opened(open_screen, ANN_SHOWN)
    await screen.tab_to(screen.panel.locator("[data-do=text]"))
    await screen.page.keyboard.press("Enter")
    await expect(screen.panel.locator("textarea").first).to_be_focused()
    await screen.page.keyboard.type("By hand")
    await screen.tab_to(screen.panel.locator("[data-do=send]"))
    await screen.page.keyboard.press("Enter")
    await expect(screen.panel.get_by_role("status").first).to_contain_text("Sent")
    assert [text["params"]["body"] for text in demo.texts()] == ["By hand"]
    await screen.tab_to(screen.panel.locator("[data-do=close]"))
    await screen.page.keyboard.press("Enter")
    await expect(screen.panel).to_have_count(0)


@pytest.mark.parametrize("language", ["en", "es", "ar"])
async def test_nothing_of_it_is_wider_than_a_phone_and_axe_finds_no_fault(open_screen: Open, language: str) -> None:
    """On a phone, words would be cut off, or the page would move to and fro."""
    screen = await opened(open_screen, ANN_SHOWN, language=language, viewport=PHONE)
    await expect(screen.panel.locator("[data-part=texts] [data-message]").first).to_be_visible()
    await screen.panel.locator("[data-do=text]").click()
    assert await overflowing(screen.panel) == []
    assert await violations(screen, screen.panel) == []
