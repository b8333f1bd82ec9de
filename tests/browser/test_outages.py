"""What the front desk shows while there is nothing to show: never old figures as if they were new."""

from playwright.async_api import expect

from tests.helpers.browser.demo import Demo
from tests.helpers.browser.screen import Screen
from tests.helpers.office import TOM

# The browser itself notes each attempt to reach a Home Assistant that is not there; Home Assistant's own pages do so
# when they want to load one more part of themselves, or leave a question of theirs unanswered ("Object").
NO_HOME_ASSISTANT = (
    r"WebSocket connection to|net::ERR_CONNECTION_REFUSED|dynamically imported module.*frontend|^Object$"
)


async def test_the_card_is_stale_while_home_assistant_restarts_and_recovers_by_itself(demo: Demo, desk: Screen) -> None:
    """A screen on the wall would show yesterday's callers after a restart in the night."""
    desk.expected.append(NO_HOME_ASSISTANT)
    await expect(desk.person(TOM)).to_have_attribute("data-state", "available")
    await demo.stop()
    await expect(desk.band).to_contain_text("No connection since")
    demo.pbx.pause_agent("support", TOM, "Lunch")
    await demo.start()
    await expect(desk.person(TOM)).to_have_attribute("data-state", "paused")
    await expect(desk.band).to_be_hidden()
    demo.pbx.resume_agent("support", TOM)
    await expect(desk.person(TOM)).to_have_attribute("data-state", "available")


async def test_a_refused_key_is_told_from_an_outage(demo: Demo, desk: Screen) -> None:
    """Reception would wait all day for somebody to repair the PBX, while Home Assistant waits for a new key."""
    await expect(desk.person(TOM)).to_be_visible()
    key, demo.simulator.api.key = demo.simulator.api.key, "another-made-up-key-1111"
    await expect(desk.band).to_contain_text("no longer accepts the key")
    await expect(desk.band).not_to_contain_text("no answer")
    demo.simulator.api.key = key
    entry = await demo.home.entry()
    assert entry
    again = {"domain": "homeassistant", "service": "reload_config_entry"}
    await demo.home.ask({"type": "call_service", "service_data": {"entry_id": entry["entry_id"]}} | again)
    await expect(desk.person(TOM)).to_be_visible()
    await expect(desk.band).to_be_hidden()


async def test_what_the_pbx_does_not_answer_is_said_and_comes_back(demo: Demo, desk: Screen) -> None:
    """An empty list of callers would look like a quiet day while the PBX is down."""
    queues = desk.section("queues").locator("[data-queue]")
    await expect(queues.first).to_be_visible()
    demo.simulator.faults.order("status.queues", "server_error", None)
    await expect(desk.band).to_contain_text("no answer since")
    await expect(queues).to_have_count(0)
    await expect(desk.section("waiting")).to_contain_text("Unknown")
    demo.simulator.faults.clear()
    await expect(queues.first).to_be_visible()
    await expect(desk.band).to_be_hidden()
