"""Office as a visitor finds it: rooms, automations, and a page that says what to try."""

from script.demo_run.automations import automate
from script.demo_run.first_page import add_first_page
from script.demo_run.home_assistant import HomeAssistant, Pbx
from script.demo_run.house import arrange_rooms
from script.demo_run.registry import Registry


async def furnish(home: HomeAssistant, pbx: Pbx) -> None:
    """Put everything in its place, unless an earlier run did."""
    registry = await Registry.of(home)
    await arrange_rooms(home, registry)
    await automate(home, registry, pbx)
    await add_first_page(home, registry)
