"""Text messages by conversation: read, answered, and up to date by themselves."""

from typing import Any

from playwright.async_api import Locator, expect
import pytest

from tests.browser.conftest import MESSAGES, PHONE, WALL, Open
from tests.helpers.browser.access import overflowing, violations
from tests.helpers.browser.demo import Demo
from tests.helpers.browser.screen import Screen
from tests.helpers.office import TOM

ANN, ANN_SHOWN = "3125550147", "(312) 555-0147"
BEN, BEN_SHOWN = "3125550158", "(312) 555-0158"
OWN, OWN_SHOWN = "8155550150", "(815) 555-0150"
# The PBX is asked for texts once a minute.
NEWS = 150_000  # ms


@pytest.fixture(scope="module", autouse=True)
def texts(demo: Demo) -> None:
    """Let two customers have written, one of them to a number of ours."""
    demo.pbx.numbers[OWN] = "front100"
    demo.pbx.add_past_sms(ANN, OWN, "Are you open on Friday?", ago=7200)
    demo.pbx.add_past_sms("front100", BEN, "Your order is ready", ago=7000)
    demo.pbx.add_past_sms(BEN, TOM, '<img src=x onerror="window.hacked = true">', ago=6900)


@pytest.fixture(autouse=True)
def empty_log(demo: Demo) -> None:
    """Forget what was sent before."""
    demo.simulator.requests.clear()


async def opened(open_screen: Open, whose: str = ANN_SHOWN, **how: Any) -> Screen:
    """Open the messages, and a conversation in them."""
    screen = await open_screen(MESSAGES, **how)
    await screen.conversation(whose).click()
    await expect(screen.thread.locator("[data-message]").first).to_be_visible()
    return screen


def box(screen: Screen) -> Locator:
    """Return the field for a reply."""
    return screen.thread.locator("textarea")


async def test_a_text_is_read_and_answered_once(demo: Demo, open_screen: Open) -> None:
    """A customer would wait for an answer, or get it twice."""
    demo.pbx.receive_sms("3125550169", TOM, "Is my car ready?")
    screen = await opened(open_screen, "(312) 555-0169")
    await expect(screen.conversation("(312) 555-0169")).to_have_attribute("data-unanswered", "true")
    await expect(screen.thread.locator("[data-side=theirs]")).to_contain_text("Is my car ready?")
    await box(screen).fill("It is, come by until five")
    await screen.thread.locator("[data-do=send]").click()
    await expect(screen.thread.get_by_role("status")).to_contain_text("Sent to (312) 555-0169")
    await expect(screen.thread.locator("[data-side=ours]")).to_contain_text("It is, come by until five")
    (text,) = demo.texts()
    assert (text["params"]["dst"], text["params"]["body"]) == (["+13125550169"], "It is, come by until five")
    await expect(box(screen)).to_have_value("")
    answered = screen.conversation("(312) 555-0169")
    await expect(answered).to_have_attribute("data-unanswered", "false", timeout=NEWS)


async def test_a_conversation_is_up_to_date_by_itself(demo: Demo, open_screen: Open) -> None:
    """A receptionist would have to reload the page to see an answer."""
    screen = await opened(open_screen)
    demo.pbx.receive_sms(ANN, OWN, "And on Saturday?")
    demo.pbx.receive_sms("3125550170", TOM, "A first text")
    await expect(screen.thread).to_contain_text("And on Saturday?", timeout=NEWS)
    await expect(screen.conversation("(312) 555-0170")).to_be_visible(timeout=NEWS)


async def test_a_reply_says_whose_it_is_and_which_number_they_wrote_to(open_screen: Open) -> None:
    """Customers would wonder who answers them, and nobody would know why."""
    screen = await opened(open_screen)
    await expect(screen.thread.locator("[data-sender]")).to_have_text("Goes out as 100 Front Desk")
    await expect(screen.thread.locator("[data-own]")).to_contain_text(f"They wrote to {OWN_SHOWN}")


async def test_what_was_written_is_there_again_for_each_conversation(open_screen: Open) -> None:
    """Who looks something up in between would write it anew, or send it to somebody else."""
    screen = await opened(open_screen)
    await box(screen).fill("For Ann alone")
    await screen.conversation(BEN_SHOWN).click()
    await expect(box(screen)).to_have_value("")
    await box(screen).fill("For Ben")
    # As Home Assistant does with a view that one leaves.
    await screen.page.locator("hui-root").get_by_role("tab").nth(1).click()
    await expect(screen.page.locator("dls-pbx-call-log [data-period]").first).to_be_visible()
    await screen.page.locator("hui-root").get_by_role("tab").first.click()
    await expect(box(screen)).to_have_value("For Ben")
    await screen.conversation(ANN_SHOWN).click()
    await expect(box(screen)).to_have_value("For Ann alone")


async def test_a_text_that_may_have_gone_out_stays_and_is_not_sent_again(demo: Demo, open_screen: Open) -> None:
    """A customer would get the same text twice."""
    screen = await opened(open_screen, BEN_SHOWN)
    demo.simulator.faults.order("sms.send_sms", "reset_before")
    await box(screen).fill("Only once")
    await screen.thread.locator("[data-do=send]").click()
    await expect(screen.thread.get_by_role("alert").last).to_contain_text("not known whether")
    await expect(box(screen)).to_have_value("Only once")
    await expect(screen.thread.get_by_text("Only once", exact=True)).to_have_count(0)
    await screen.thread.locator("[data-do=clear]").click()


async def test_texts_are_found_by_any_spelling_of_a_number_and_by_words(open_screen: Open) -> None:
    """In an office with hundreds of conversations nobody finds one by scrolling."""
    screen = await open_screen(MESSAGES)
    await expect(screen.conversation(BEN_SHOWN)).to_be_visible()
    for words, found in (("312.555.0147", ANN_SHOWN), ("order is ready", BEN_SHOWN)):
        await screen.page.get_by_role("searchbox").fill(words)
        await expect(screen.page.locator("[data-conversation]")).to_have_count(1)
        await expect(screen.conversation(found)).to_be_visible()
    await screen.page.get_by_role("searchbox").fill("nobody ever wrote this")
    await expect(screen.page.get_by_text("No conversation matches")).to_be_visible()


async def test_what_customers_write_is_shown_as_text_and_never_run(open_screen: Open) -> None:
    """Anybody with a phone could take over the browser at reception."""
    screen = await opened(open_screen, BEN_SHOWN)
    await expect(screen.thread).to_contain_text("<img src=x")
    await expect(screen.conversation(BEN_SHOWN)).to_contain_text("<img src=x")
    await expect(screen.page.locator("dls-pbx-messages img")).to_have_count(0)
    assert await screen.page.evaluate("window.hacked") is None


async def test_a_text_is_answered_by_keyboard_alone(demo: Demo, open_screen: Open) -> None:
    """Who cannot use a mouse could not work at reception."""
    screen = await open_screen(MESSAGES)
    await expect(screen.conversation(ANN_SHOWN)).to_be_visible()
    await screen.tab_to(screen.conversation(ANN_SHOWN))
    await screen.page.keyboard.press("Enter")
    await expect(box(screen)).to_be_visible()
    await screen.tab_to(box(screen))
    await screen.page.keyboard.press("ControlOrMeta+a")
    await screen.page.keyboard.type("By hand")
    await screen.tab_to(screen.thread.locator("[data-do=send]"))
    await screen.page.keyboard.press("Enter")
    await expect(screen.thread.get_by_role("status")).to_contain_text("Sent")
    assert [text["params"]["body"] for text in demo.texts()] == ["By hand"]


async def test_on_a_phone_a_conversation_opens_and_closes(open_screen: Open) -> None:
    """On a phone one would see a list and nothing else, or never find back to it."""
    screen = await opened(open_screen, viewport=PHONE)
    await expect(screen.conversation(ANN_SHOWN)).to_be_hidden()
    await expect(box(screen)).to_be_in_viewport()
    await screen.thread.locator("[data-do=back]").click()
    await expect(screen.conversation(ANN_SHOWN)).to_be_focused()
    await expect(screen.thread).to_be_hidden()


async def test_a_receptionist_who_is_no_administrator_answers_texts(
    demo: Demo, open_screen: Open, receptionist: Any
) -> None:
    """Reception would have to call an administrator for each text."""
    screen = await opened(open_screen, BEN_SHOWN, who=receptionist)
    await box(screen).fill("From reception")
    await screen.thread.locator("[data-do=send]").click()
    await expect(screen.thread.get_by_role("status")).to_contain_text("Sent")
    assert [text["params"]["body"] for text in demo.texts()] == ["From reception"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [PHONE, WALL], ids=["phone", "wall"])
async def test_axe_finds_no_fault_with_the_messages(open_screen: Open, scheme: str, viewport: dict[str, int]) -> None:
    """Who sees badly, or hears the screen, could not read what customers write."""
    screen = await open_screen(MESSAGES, color_scheme=scheme, viewport=viewport)
    card = screen.page.locator("dls-pbx-messages")
    await expect(screen.conversation(ANN_SHOWN)).to_be_visible()
    assert await violations(screen, card) == []
    await screen.conversation(ANN_SHOWN).click()
    await expect(screen.thread.locator("[data-message]").first).to_be_visible()
    assert await violations(screen, card) == []


@pytest.mark.parametrize("language", ["en", "es", "ar"])
async def test_no_message_is_wider_than_a_phone(open_screen: Open, language: str) -> None:
    """On a phone, words would be cut off, or the page would move to and fro."""
    screen = await open_screen(MESSAGES, language=language, viewport=PHONE)
    card = screen.page.locator("dls-pbx-messages")
    await expect(screen.conversation(ANN_SHOWN)).to_be_visible()
    assert await overflowing(card) == []
    await screen.conversation(ANN_SHOWN).click()
    await expect(screen.thread.locator("[data-message]").first).to_be_visible()
    assert await overflowing(card) == []


async def test_the_card_is_set_up_without_yaml(demo: Demo, open_screen: Open) -> None:
    """Whoever wants the messages beside something else would have to learn YAML."""
    card = {"type": "custom:dls-pbx-messages"}
    await demo.add_dashboard("own-messages", {"views": [{"type": "panel", "path": "texts", "cards": [card]}]})
    screen = await open_screen("/own-messages/texts?edit=1")
    await screen.page.locator("hui-card-options").get_by_text("Edit").first.click()
    form = screen.page.locator("hui-form-editor")
    await form.locator("ha-selector-text input").fill("Texts of the office")
    await screen.page.get_by_role("button", name="Save").click()
    await expect(form).to_have_count(0)
    heading = screen.page.locator("dls-pbx-messages").get_by_role("heading", name="Texts of the office")
    await expect(heading).to_be_visible()
