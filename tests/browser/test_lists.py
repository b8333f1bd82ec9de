"""Consent lists and the dialer's contacts, for administrators."""

from typing import Any

from playwright.async_api import Locator, expect
import pytest

from tests.browser.conftest import LISTS, MESSAGES, PHONE, WALL, Open
from tests.helpers.browser.access import overflowing, violations
from tests.helpers.browser.demo import Demo
from tests.helpers.browser.screen import Screen
from tests.helpers.office import TOM

ANN, ANN_SHOWN = "3125550152", "(312) 555-0152"
BEN, BEN_SHOWN = "3125550163", "(312) 555-0163"
CONTACT = {
    "contact_list": "Reminders in December",
    "first_name": "Pat",
    "last_name": "Example",
    "phone_number": "(815) 555-0123",
    "address": "1 Main St",
    "city": "Rockford",
    "state": "IL",
    "zip_code": "61101",
}


@pytest.fixture(scope="module", autouse=True)
def lists(demo: Demo) -> None:
    """Let a customer have written, and a campaign have a list."""
    demo.pbx.add_messaging_campaign("CABC123", "Appointments")
    for number in (ANN, BEN):
        demo.pbx.add_past_sms(number, TOM, "Hello", ago=3600)


def row(screen: Screen, name: str) -> Locator:
    """Return a list by its id."""
    return screen.page.locator(f'dls-pbx-lists [data-list="{name}"]')


async def looked_up(open_screen: Open, number: str, **how: Any) -> Screen:
    """Look a number up."""
    screen = await open_screen(LISTS, **how)
    await screen.page.locator("dls-pbx-lists input[name=number]").fill(number)
    await screen.page.locator("[data-do=find]").click()
    await expect(row(screen, "0").locator("[data-listed]")).to_be_visible()
    return screen


async def test_who_is_opted_out_here_gets_no_reply_there(open_screen: Open) -> None:
    """Somebody who asked to be left alone would get texts."""
    screen = await looked_up(open_screen, "+1 312 555 0152")
    await row(screen, "0").locator("[data-do=add_unsubscriber]").click()
    question = screen.page.locator("[data-question]")
    await expect(question).to_contain_text("Put +1 312 555 0152 on the opt-out list default?")
    await question.locator("[data-do=yes]").click()
    await expect(row(screen, "0").locator("[data-listed=true]")).to_be_visible()
    await screen.show(MESSAGES)
    await screen.conversation(ANN_SHOWN).click()
    await expect(screen.thread.locator("[data-closed]")).to_contain_text("does not want texts")
    await expect(screen.thread.locator("textarea")).to_be_hidden()
    # One who has not is told apart.
    await screen.conversation(BEN_SHOWN).click()
    await expect(screen.thread.locator("textarea")).to_be_visible()


async def test_nothing_is_changed_before_the_question_is_answered(demo: Demo, open_screen: Open) -> None:
    """A slip of the mouse would take away somebody's consent."""
    screen = await looked_up(open_screen, BEN_SHOWN)
    demo.simulator.requests.clear()
    await row(screen, "CABC123").locator("[data-do=add_subscriber]").click()
    await screen.page.locator("[data-question] [data-do=no]").click()
    await expect(screen.page.locator("[data-question]")).to_have_count(0)
    await expect(row(screen, "CABC123").locator("[data-do=add_subscriber]")).to_be_focused()
    assert not demo.simulator.requests.of("subscribers.add_subscriber")


async def test_a_number_is_opted_in_and_taken_off_by_keyboard_alone(open_screen: Open) -> None:
    """Who cannot use a mouse could not do what a customer asks for."""
    screen = await looked_up(open_screen, BEN_SHOWN)
    for press, listed in (("add_subscriber", "true"), ("remove_subscriber", "false")):
        await screen.tab_to(row(screen, "CABC123").locator(f"[data-do={press}]"))
        await screen.page.keyboard.press("Enter")
        await expect(screen.page.locator("[data-question] [data-do=yes]")).to_be_focused()
        await screen.page.keyboard.press("Enter")
        await expect(row(screen, "CABC123").locator(f"[data-listed={listed}]")).to_be_visible()


async def test_a_contact_is_added_to_a_new_list(demo: Demo, open_screen: Open) -> None:
    """The dialer's contacts would be typed in at the PBX, by somebody who may do everything there."""
    screen = await open_screen(LISTS)
    lists, contact = (screen.page.locator(f"[data-form={name}]") for name in ("add_contact_list", "add_contact"))
    await lists.locator("input[name=name]").fill(CONTACT["contact_list"])
    await lists.get_by_role("button").click()
    await expect(lists.get_by_role("status")).to_contain_text("The list was added")
    await expect(contact.locator("input[name=contact_list]")).to_have_value(CONTACT["contact_list"])
    for name, value in CONTACT.items():
        await contact.locator(f"input[name={name}]").fill(value)
    await contact.get_by_role("button").click()
    await expect(contact.get_by_role("status")).to_contain_text("The contact was added")
    (made,) = demo.pbx.contact_lists.values()
    assert len(made.contacts) == 1
    # The same once more: the PBX's own words are at the form, and what was written stays.
    await lists.locator("input[name=name]").fill(CONTACT["contact_list"])
    await lists.get_by_role("button").click()
    await expect(lists.get_by_role("alert")).to_contain_text("already")
    await expect(lists.locator("input[name=name]")).to_have_value(CONTACT["contact_list"])


async def test_a_number_that_is_none_is_said_to_be_none(open_screen: Open) -> None:
    """Somebody would believe that a mistyped number is on no list."""
    screen = await open_screen(LISTS)
    await screen.page.locator("dls-pbx-lists input[name=number]").fill("12")
    await screen.page.locator("[data-do=find]").click()
    await expect(screen.page.locator("dls-pbx-lists [data-band]")).to_contain_text("phone number")


async def test_who_is_no_administrator_reads_why_there_is_nothing(open_screen: Open, receptionist: Any) -> None:
    """A receptionist would take an empty page for a fault."""
    screen = await open_screen(LISTS, who=receptionist)
    await expect(screen.page.locator("dls-pbx-lists [data-refused]")).to_contain_text("for administrators")
    await expect(screen.page.locator("dls-pbx-lists input")).to_have_count(0)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [PHONE, WALL], ids=["phone", "wall"])
async def test_axe_finds_no_fault_with_the_lists(open_screen: Open, scheme: str, viewport: dict[str, int]) -> None:
    """Who sees badly, or hears the screen, could not change a list."""
    screen = await looked_up(open_screen, BEN_SHOWN, color_scheme=scheme, viewport=viewport)
    await row(screen, "0").locator("[data-do=add_unsubscriber]").click()
    assert await violations(screen, screen.page.locator("dls-pbx-lists")) == []


@pytest.mark.parametrize("language", ["en", "es", "ar"])
async def test_no_list_is_wider_than_a_phone(open_screen: Open, language: str) -> None:
    """On a phone, words would be cut off, or the page would move to and fro."""
    screen = await looked_up(open_screen, BEN_SHOWN, language=language, viewport=PHONE)
    await row(screen, "0").locator("[data-do=add_unsubscriber]").click()
    assert await overflowing(screen.page.locator("dls-pbx-lists")) == []
