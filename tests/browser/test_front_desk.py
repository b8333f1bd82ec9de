"""The front desk as a receptionist sees it, while things happen at the PBX."""

import re

from playwright.async_api import expect

from tests.browser.conftest import Open
from tests.helpers.browser.demo import Demo
from tests.helpers.browser.screen import CALLER_SHOWN, Screen
from tests.helpers.office import ANNE_MARIE, CALLER, TOM


async def test_a_caller_waits_turns_amber_and_red_is_answered_and_gone(demo: Demo, desk: Screen) -> None:
    """A receptionist would let callers hang, or look for ones who were answered long ago."""
    call = demo.pbx.call_in(CALLER, to="support")
    caller = desk.caller(CALLER_SHOWN)
    await expect(caller).to_have_attribute("data-level", "ok")
    # To the PBX they are in a call from the first moment.
    await expect(desk.section("calls").locator("[data-call]")).to_have_attribute("data-state", "waiting")
    first = await caller.locator("[data-since]").inner_text()
    await expect(caller.locator("[data-since]")).not_to_have_text(first)
    await expect(caller).to_have_attribute("data-level", "amber")
    await expect(caller).to_have_attribute("data-level", "red")

    demo.pbx.answer(call, TOM)
    await expect(caller).to_have_count(0)
    await expect(desk.person(TOM)).to_have_attribute("data-state", "on_call")
    await expect(desk.person(TOM)).to_contain_text(CALLER_SHOWN)
    await expect(desk.person(TOM)).to_contain_text(re.compile("waited 0:[2-5]"))
    await expect(desk.section("calls").locator("[data-call]")).to_have_attribute("data-state", "connected")

    demo.pbx.hang_up(call)
    await expect(desk.person(TOM)).to_have_attribute("data-state", "available")


async def test_an_agent_pauses_with_a_reason(demo: Demo, desk: Screen) -> None:
    """Nobody would know whether a colleague is at lunch or has left."""
    demo.pbx.pause_agent("support", ANNE_MARIE, "Lunch")
    await expect(desk.person(ANNE_MARIE)).to_have_attribute("data-state", "paused")
    await expect(desk.person(ANNE_MARIE)).to_contain_text("Lunch")
    demo.pbx.resume_agent("support", ANNE_MARIE)
    await expect(desk.person(ANNE_MARIE)).to_have_attribute("data-state", "available")


async def test_a_phone_is_found_by_its_name_without_accents(desk: Screen) -> None:
    """In an office of hundreds nobody finds a phone by scrolling."""
    phones = desk.section("people")
    await phones.get_by_role("searchbox").fill("zoe")
    await expect(phones.locator("[data-person]")).to_have_count(1)
    await expect(phones.locator("[data-person]")).to_contain_text("Zoë @ Home")


async def test_what_people_type_is_shown_as_text_and_never_run(demo: Demo, desk: Screen) -> None:
    """Anybody who may type a reason for a pause could take over the browser at reception."""
    reason = '<img src=x onerror="window.hacked = true">'
    demo.pbx.pause_agent("support", ANNE_MARIE, reason)
    await expect(desk.person(ANNE_MARIE)).to_contain_text(reason)
    await expect(desk.card.locator("img")).to_have_count(0)
    assert await desk.page.evaluate("window.hacked") is None
    demo.pbx.resume_agent("support", ANNE_MARIE)
    await expect(desk.person(ANNE_MARIE)).to_have_attribute("data-state", "available")


async def test_a_spanish_user_reads_spanish(open_screen: Open) -> None:
    """A colleague whose Home Assistant is in Spanish would find one card in English."""
    desk = await open_screen(language="es")
    await expect(desk.section("callbacks")).to_contain_text("Llamadas por devolver")
    await expect(desk.section("people")).to_contain_text("Libre")
