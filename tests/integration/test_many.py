"""Many at once: fifty texts, two desks for one callback, ten browsers, three PBXs."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import CONF_API_KEY, CONF_URL, CONF_USERNAME, CONF_VERIFY_SSL, STATE_UNAVAILABLE
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.dls_pbx.const import DOMAIN, LOGGER
from simulator.app import Simulator
from simulator.pbx.past import Outcome
from simulator.pbx.simulated import SimulatedPbx
from tests.helpers.entities import all_states
from tests.helpers.front_desk import Connect, Desk
from tests.helpers.office import CALLER, KEY, USERNAME, small_office
from tests.helpers.service_calls import act, refusal, sent
from tests.integration.conftest import Poll

SEND = "sms.send_sms"
TEXTS = [f"Your order {number} is ready" for number in range(50)]
CUSTOMERS = [f"+1312555010{number}" for number in range(5)]
BROWSERS = 10


def _to(number: int) -> str:
    return CUSTOMERS[number % len(CUSTOMERS)]


async def _send_all(hass: HomeAssistant) -> list[Any]:
    """Send every text at once; returns what came of each."""
    sending = (act(hass, "send_sms", recipients=[_to(number)], message=text) for number, text in enumerate(TEXTS))
    return await asyncio.gather(*sending, return_exceptions=True)


async def test_fifty_texts_at_once_go_out_once_each_and_in_their_order(
    hass: HomeAssistant, simulator: Simulator, loaded: MockConfigEntry
) -> None:
    """A customer would be told "cancelled" before "moved", twice, or nothing."""
    under_way = _watch_overlaps(simulator)
    answers = await _send_all(hass)
    assert [request["body"] for request in sent(simulator, SEND)] == TEXTS
    assert [request["dst"] for request in sent(simulator, SEND)] == [[_to(number)] for number in range(len(TEXTS))]
    assert len({answer["message_id"] for answer in answers}) == len(TEXTS)
    assert under_way() == 1
    # For all of them the lists are read once, and no text costs more than a look at the record and itself.
    asked = Counter(request.action for request in simulator.requests)
    assert asked["subscribers.query_lists"] <= 2
    assert asked["sms.query_sms"] <= len(TEXTS) + 2


def _watch_overlaps(simulator: Simulator) -> Any:
    """Return what tells how many texts the PBX had to do with at a time."""
    most, now = 0, 0
    pbx = simulator.pbx
    assert isinstance(pbx, SimulatedPbx)
    send = pbx.send_sms

    def watched(*what: Any) -> Any:
        nonlocal most, now
        now = sum(request.status is None for request in simulator.requests.of(SEND))
        most = max(most, now)
        return send(*what)

    pbx.send_sms = watched  # type: ignore[method-assign]
    return lambda: most


async def test_fifty_texts_while_answers_get_lost_are_known_one_by_one(
    hass: HomeAssistant, simulator: Simulator, pbx: SimulatedPbx, loaded: MockConfigEntry
) -> None:
    """One lost answer would be taken for another text's, and somebody be texted again who had it already."""
    simulator.control.fail(SEND, "reset_after", 7)
    answers = await _send_all(hass)
    assert [answer["recipients"] for answer in answers] == [[_to(number)] for number in range(len(TEXTS))]
    assert [message.body for message in sorted(pbx.messages(), key=lambda one: one.id)] == TEXTS


async def test_fifty_texts_to_a_pbx_that_hangs_are_not_sent_later(
    hass: HomeAssistant, simulator: Simulator, frozen: FrozenDateTimeFactory, loaded: MockConfigEntry
) -> None:
    """Whoever was told that nothing was sent would send it again, and then all of them arrive."""
    hangs = simulator.control.fail(SEND, "slow")
    sending = asyncio.create_task(_send_all(hass))
    await hangs.held.wait()
    frozen.tick(46)
    answers = await sending
    said = Counter(getattr(answer, "translation_key", "sent") for answer in answers)
    await hass.async_block_till_done(wait_background_tasks=True)
    # The one that hung was done, as the PBX's record says; those behind it waited too long.
    assert said == {"sent": 1, "sending_busy": len(TEXTS) - 1}
    assert len(sent(simulator, SEND)) == 1


async def test_of_two_desks_that_take_a_callback_at_once_one_has_it_and_the_other_is_told(
    loaded: MockConfigEntry, pbx: SimulatedPbx, hass_ws_client: Connect, hass_admin_user: Any, poll: Poll
) -> None:
    """A customer would be called twice, by people who do not know of each other."""
    pbx.add_past_call(CALLER, "support", outcome=Outcome.UNANSWERED)
    await poll(61)
    desks = [await Desk.open(hass_ws_client) for _ in range(2)]
    (uid,) = desks[0].rows["missed"]
    answers = await asyncio.gather(*(desk.ask("callback", callback_id=uid, taken=True) for desk in desks))
    assert sorted(answer["success"] for answer in answers) == [False, True]
    (refused,) = [answer["error"]["code"] for answer in answers if not answer["success"]]
    assert refused == "already_taken"
    for desk in desks:
        await desk.news()
    assert desks[0].rows["missed"] == desks[1].rows["missed"]
    assert desks[0].rows["missed"][uid]["owner"]


async def test_ten_browsers_cost_the_pbx_no_more_than_one_and_show_the_same(
    loaded: MockConfigEntry,
    simulator: Simulator,
    pbx: SimulatedPbx,
    hass_ws_client: Connect,
    poll: Poll,
) -> None:
    """Each screen on a wall would slow the PBX down, or tell a story of its own."""

    async def ten_minutes_ask(desks: list[Desk]) -> Counter[str]:
        simulator.requests.clear()
        for number in range(20):
            if number in (0, 4):
                call = pbx.call_in(CALLER, to="night")
            if number in (3, 9):
                pbx.hang_up(call)
            await poll(30)
            for desk in desks:
                await desk.news()
        return Counter(request.action for request in simulator.requests)

    desks = [await Desk.open(hass_ws_client) for _ in range(BROWSERS)]
    await ten_minutes_ask(desks)  # the first of them are like no others
    asked_by_ten = await ten_minutes_ask(desks)
    assert len(desks[0].messages) > 4
    for desk in desks[1:]:
        assert desk.rows == desks[0].rows
        assert desk.messages[1:] == desks[0].messages[1:]
        await desk.client.close()
    asked_by_one = await ten_minutes_ask(desks[:1])
    assert asked_by_ten.keys() == asked_by_one.keys()
    # Ten minutes may have one poll more or less of each; each browser's own would be nine.
    assert all(abs(asked_by_ten[action] - asked_by_one[action]) <= 2 for action in asked_by_one)


@dataclass(slots=True)
class Branch:
    """A PBX of its own, and its config entry."""

    simulator: Simulator
    entry: MockConfigEntry

    def states(self, hass: HomeAssistant) -> dict[str, str]:
        """Return what is shown of it, but for what it does not tell."""
        states = all_states(hass, self.entry.entry_id)
        return {key: state for key, state in states.items() if not key.startswith(("pbx_connected", "pbx_callbacks"))}


@pytest.fixture
async def branches(
    hass: HomeAssistant, enable_custom_integrations: None, socket_enabled: None, frozen: FrozenDateTimeFactory
) -> AsyncIterator[list[Branch]]:
    """Set up three PBXs."""
    async with AsyncExitStack() as stack:
        found: list[Branch] = []
        for name in ("EAST", "WEST", "NORTH"):
            simulator = await stack.enter_async_context(Simulator(small_office()))
            entry = MockConfigEntry(
                domain=DOMAIN,
                title=name.title(),
                unique_id=f"127.0.0.1:{simulator.port}_{USERNAME}",
                entry_id=f"01{name}",
                data={CONF_URL: simulator.url, CONF_USERNAME: USERNAME, CONF_API_KEY: KEY, CONF_VERIFY_SSL: True},
            )
            entry.add_to_hass(hass)
            found.append(Branch(simulator, entry))
        await hass.config_entries.async_setup(found[0].entry.entry_id)
        await hass.async_block_till_done(wait_background_tasks=True)
        assert [branch.entry.state for branch in found] == [ConfigEntryState.LOADED] * 3
        yield found


async def test_of_three_pbxs_one_is_down_and_the_others_do_not_notice(
    hass: HomeAssistant, branches: list[Branch], poll: Poll, caplog: pytest.LogCaptureFixture
) -> None:
    """One branch without power would take the others' phones off the wall."""
    east, west, north = branches
    before = [branch.states(hass) for branch in branches]
    await west.simulator.stop()
    caplog.clear()
    await poll()
    assert set(west.states(hass).values()) == {STATE_UNAVAILABLE}
    assert [branch.states(hass) for branch in (east, north)] == [before[0], before[2]]
    said = [record.getMessage() for record in caplog.records if record.name == LOGGER.name]
    assert [line.partition(":")[0] for line in said if "failed" in line] == ["West"]
    for branch in (east, north):
        asked = len(branch.simulator.requests)
        await act(hass, "send_sms", config_entry_id=branch.entry.entry_id, recipients=["630"], message="Hello")
        assert len(branch.simulator.requests) > asked
        assert len(sent(branch.simulator, SEND)) == 1
    await refusal(
        hass, HomeAssistantError, "send_sms", config_entry_id="01WEST", recipients=[f"+1{CALLER}"], message="Hello"
    )
    await refusal(hass, ServiceValidationError, "send_sms", recipients=["630"], message="To whom?")
    assert [len(sent(branch.simulator, SEND)) for branch in branches] == [1, 0, 1]


async def test_the_one_that_is_down_can_be_unloaded_and_comes_back(
    hass: HomeAssistant, branches: list[Branch], poll: Poll
) -> None:
    """Whoever takes a dead PBX out of Home Assistant would have to restart it."""
    east, west, north = branches
    before = [branch.states(hass) for branch in branches]
    await west.simulator.stop()
    await poll()
    assert await hass.config_entries.async_unload(west.entry.entry_id)
    assert west.entry.state is ConfigEntryState.NOT_LOADED
    await poll()
    assert [branch.states(hass) for branch in (east, north)] == [before[0], before[2]]
    await act(hass, "send_sms", config_entry_id=east.entry.entry_id, recipients=["630"], message="Hello")
    await west.simulator.start()
    assert await hass.config_entries.async_setup(west.entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert [branch.states(hass) for branch in branches] == before
    assert [len(sent(branch.simulator, SEND)) for branch in branches] == [1, 0, 0]
