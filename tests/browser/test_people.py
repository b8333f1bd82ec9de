"""People and queues at the front desk: one person has one state, and no sum hides a queue."""

from playwright.async_api import expect

from tests.browser.conftest import PHONE, WALL, Open
from tests.helpers.browser.demo import Demo
from tests.helpers.browser.screen import CALLER_SHOWN, Screen
from tests.helpers.office import ANNE_MARIE, CALLER, TOM


async def test_who_takes_a_break_on_the_phone_is_paused_everywhere(demo: Demo, desk: Screen) -> None:
    """The same colleague would be "Paused" in one list and "On a call" in the next."""
    call = demo.call_in(CALLER, to="support", seconds_ago=5)
    demo.pbx.answer(call, TOM)
    await expect(desk.person(TOM)).to_have_attribute("data-state", "on_call")
    demo.pbx.pause_agent(None, TOM, "Lunch")
    await expect(desk.person(TOM)).to_have_attribute("data-state", "paused")
    await expect(desk.person(TOM)).to_contain_text("Lunch")
    await expect(desk.person(TOM)).to_contain_text(CALLER_SHOWN)
    await expect(desk.card.locator(f'[data-person="{TOM}"]')).to_have_count(1)
    demo.pbx.hang_up(call)
    demo.pbx.resume_agent(None, TOM)
    await expect(desk.person(TOM)).to_have_attribute("data-state", "available")


async def test_people_are_filtered_by_what_they_do(demo: Demo, desk: Screen) -> None:
    """A receptionist would have to read hundreds of names to see who is free."""
    people = desk.section("people")
    demo.pbx.pause_agent(None, ANNE_MARIE, "Meeting")
    await people.locator('[data-filter="off"]').click()
    await expect(desk.person(ANNE_MARIE)).to_be_visible()
    await expect(people.locator("[data-state=available]")).to_have_count(0)
    await people.locator('[data-filter="free"]').click()
    await expect(desk.person(ANNE_MARIE)).to_have_count(0)
    demo.pbx.resume_agent(None, ANNE_MARIE)
    await expect(desk.person(ANNE_MARIE)).to_be_visible()


async def test_a_queue_in_which_nobody_is_free_is_red_though_others_are(demo: Demo, desk: Screen) -> None:
    """A green sum would stand over five people who wait."""
    call = demo.call_in(CALLER, to="night", seconds_ago=2)
    night = desk.section("queues").locator('[data-queue="night"]')
    await expect(night).to_have_attribute("data-level", "red")
    free = desk.card.locator("[data-figure=free_agents]")
    await expect(free).to_have_attribute("data-level", "red")
    await expect(desk.section("queues").locator("tfoot tr")).to_have_attribute("data-level", "red")
    demo.pbx.abandon(call)
    await expect(night).to_have_attribute("data-level", "ok")
    # Nobody waiting takes no room.
    await expect(desk.section("waiting")).to_be_hidden()


async def test_a_phone_has_tabs_in_place_of_one_endless_page(demo: Demo, open_screen: Open) -> None:
    """Whoever is on their way would scroll for screens to see whom to call back."""
    screen = await open_screen(viewport=PHONE)
    await expect(screen.section("queues")).to_be_visible()
    await expect(screen.section("people")).to_be_hidden()
    await screen.card.locator('[data-tab="people"]').click()
    await expect(screen.person(TOM)).to_be_visible()
    await expect(screen.section("queues")).to_be_hidden()
    scrolling = await screen.card.evaluate("""card => {
        const within = (one) => [one, ...[...(one.shadowRoot ?? one).children].flatMap(within)];
        return within(card).filter((one) => /auto|scroll/.test(getComputedStyle(one).overflowY)
            && one.scrollHeight > one.clientHeight + 1).map((one) => one.outerHTML.slice(0, 80));
    }""")
    assert scrolling == []


async def test_the_longest_wait_is_read_from_across_the_room(demo: Demo, open_screen: Open) -> None:
    """Nobody at five metres would see that somebody has been waiting for minutes."""
    await demo.add_dashboard("wall-desk", {"strategy": {"type": "custom:dls-pbx"}})
    call = demo.call_in(CALLER, to="support", seconds_ago=125)
    screen = await open_screen("/wall-desk/wall", viewport=WALL)
    await expect(screen.caller(CALLER_SHOWN)).to_be_visible()
    figure = screen.card.locator("[data-figure=longest_wait] strong")
    assert await figure.evaluate("figure => figure.getBoundingClientRect().height") > WALL["height"] / 10
    await expect(screen.card.locator(".clock")).not_to_be_empty()
    await expect(screen.card.get_by_role("textbox")).to_have_count(0)
    await expect(screen.section("calls")).to_have_count(0)
    demo.pbx.abandon(call)
    await expect(screen.section("waiting")).to_be_hidden()
