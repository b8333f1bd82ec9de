"""What is wrong with a page for those who do not see it, or see little of it at a time."""

from playwright.async_api import Locator

from tests.helpers.browser.screen import Screen
from tests.helpers.paths import ROOT

AXE = ROOT / ".venv/node_modules/axe-core/axe.min.js"


async def violations(screen: Screen, part: Locator) -> list[str]:
    """Return what axe has to say against a part of a page."""
    await screen.page.add_script_tag(path=AXE)
    found = await part.evaluate("part => axe.run(part)")
    assert found["passes"]
    return [
        f"{one['id']}: {one['help']}: {node['html']} {node.get('failureSummary', '')}"
        for one in found["violations"]
        for node in one["nodes"]
    ]


async def overflowing(part: Locator) -> list[str]:
    """Return the parts of it that are wider than their place."""
    found: list[str] = await part.evaluate("""part => {
        const within = (element) => [element, ...[...(element.shadowRoot ?? element).children].flatMap(within)];
        const shown = within(part).filter((element) => element.clientWidth && !element.matches("svg, svg *"));
        return shown.filter((element) => element.scrollWidth > element.clientWidth + 1
            && getComputedStyle(element).overflowX !== "hidden").map((element) => element.outerHTML.slice(0, 200));
    }""")
    return found
