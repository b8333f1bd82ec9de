"""An address book is uploaded in the browser, and its names are where they are looked for."""

from playwright.async_api import FilePayload, expect

from tests.browser.conftest import DESK, Open
from tests.helpers.address_books import card
from tests.helpers.browser.demo import Demo
from tests.helpers.office import TOM

GRACE = "2175550123"
CONTACTS = card("Grace Hopper", "(217) 555-0123") + card("Without an area code", "555-0124")


async def test_names_of_an_uploaded_address_book_appear_at_the_front_desk(demo: Demo, open_screen: Open) -> None:
    """Whoever answers the phone would greet a number."""
    screen = await open_screen("/config/integrations/integration/dls_pbx")
    page = screen.page
    await page.get_by_role("button", name="Add address book").first.click()
    form = page.locator("dialog-data-entry-flow")
    await form.get_by_role("textbox", name="Name").fill("Customers")
    export = FilePayload(name="contacts.vcf", mimeType="text/vcard", buffer=CONTACTS.encode())
    await form.locator("input[type=file]").set_input_files(export)
    await expect(form.get_by_text("contacts.vcf")).to_be_visible()
    await form.get_by_role("button", name="Submit").click()
    await expect(form.get_by_text("Contacts: 1. Numbers: 1.")).to_be_visible()
    call = demo.call_in(GRACE, to="support", seconds_ago=5)
    await screen.show(DESK)
    await expect(screen.caller("Grace Hopper")).to_be_visible()
    # Nobody is owed a call in the tests after this one.
    demo.pbx.answer(call, by=TOM)
    demo.pbx.hang_up(call)
