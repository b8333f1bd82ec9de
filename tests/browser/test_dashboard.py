"""The whole dashboard, from Home Assistant's own dialog on."""

from playwright.async_api import expect

from tests.browser.conftest import Open
from tests.browser.demo import Demo
from tests.office import TOM


async def test_the_dashboard_is_added_by_clicking(demo: Demo, open_screen: Open) -> None:
    """Whoever installs the integration would have to write YAML to see anything."""
    screen = await open_screen("/config/lovelace/dashboards")
    page = screen.page
    await page.get_by_role("button", name="Add dashboard").click()
    await page.get_by_text("DLS Hosted PBX", exact=True).click()
    await page.get_by_role("button", name="Create").click()
    await page.get_by_role("link", name="DLS Hosted PBX").click()
    await expect(screen.agent(TOM)).to_be_visible()
