"""The whole dashboard, from Home Assistant's own dialog on."""

from playwright.async_api import expect

from tests.browser.conftest import Open
from tests.helpers.browser.demo import Demo
from tests.helpers.office import TOM


async def test_the_dashboard_is_added_by_clicking(demo: Demo, open_screen: Open) -> None:
    """Whoever installs the integration would have to write YAML to see anything."""
    screen = await open_screen("/config/lovelace/dashboards")
    page = screen.page
    await page.get_by_role("button", name="Add dashboard").click()
    await page.get_by_text("DLS Hosted PBX", exact=True).click()
    await page.get_by_role("button", name="Create").click()
    await page.get_by_role("link", name="DLS Hosted PBX").click()
    await expect(screen.person(TOM)).to_be_visible()


async def test_the_card_is_set_up_without_yaml(demo: Demo, open_screen: Open) -> None:
    """Whoever wants other thresholds than ours would have to learn YAML."""
    card = {"type": "custom:dls-pbx-front-desk"}
    await demo.add_dashboard("own-desk", {"views": [{"type": "panel", "path": "desk", "cards": [card]}]})
    screen = await open_screen("/own-desk/desk?edit=1")
    await screen.page.locator("hui-card-options").get_by_text("Edit").first.click()
    form = screen.page.locator("hui-form-editor")
    await form.locator("ha-selector-text input").fill("Reception")
    amber, red = (form.locator("ha-selector-number input").nth(index) for index in (0, 1))
    await red.fill("90")
    await amber.fill("61")
    await screen.page.get_by_role("button", name="Save").click()
    await expect(form).to_have_count(0)
    await expect(screen.card.get_by_role("heading", name="Reception")).to_be_visible()


async def test_the_dashboard_is_configured_without_yaml(demo: Demo, open_screen: Open) -> None:
    """Whoever wants only some of its views would have to learn YAML."""
    await demo.add_dashboard("some-views", {"strategy": {"type": "custom:dls-pbx"}})
    screen = await open_screen("/some-views/overview")
    page = screen.page
    await expect(screen.person(TOM)).to_be_visible()
    await page.get_by_role("button", name="Edit dashboard").click()
    views = page.locator("dls-pbx-strategy-editor ha-generic-picker").last
    # One picks in the field itself, and since Home Assistant 2026.11 by a button beside what is picked.
    pick = views.get_by_role("button", name="Add").or_(views.get_by_text("Views (none: all)"))
    chosen = page.locator("dls-pbx-strategy-editor ha-input-chip")
    for count, name in enumerate(("Phones", "History"), 1):
        await pick.locator("visible=true").first.click()
        await views.get_by_text(name, exact=True).click()
        # Home Assistant's list tells what was picked when it has closed: saved before, the last one would be missing.
        await expect(chosen).to_have_count(count)
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_role("tab")).to_have_text(["Phones", "History"])


async def test_a_new_queue_has_a_view_without_anybody_doing_anything(demo: Demo, open_screen: Open) -> None:
    """The dashboard on the wall would show the office of the day when it was hung up."""
    await demo.add_dashboard("whole-desk", {"strategy": {"type": "custom:dls-pbx"}})
    screen = await open_screen("/whole-desk/overview")
    await expect(screen.person(TOM)).to_be_visible()
    demo.pbx.add_queue("newcomers")
    tab = screen.page.get_by_role("tab", name="newcomers")
    await expect(tab).to_be_visible()
    demo.pbx.remove_queue("newcomers")
    await expect(tab).to_have_count(0)
