"""Conditions, through real automations: they pass when they should, and only then."""

from datetime import timedelta
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.helpers import condition, device_registry as dr, label_registry as lr
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.dls_pbx.const import DOMAIN
from simulator.app import Simulator
from simulator.pbx.simulated import SimulatedPbx
from tests.helpers.automations import Runs, automate_on, device, entity, is_on, on_device
from tests.helpers.office import ANNE_MARIE, CALLER, JERRY, OTHER_CALLER, TOM
from tests.integration.conftest import Poll

type Target = dict[str, Any]


class Checked:
    """An automation with one of our conditions, and whether it runs."""

    def __init__(self, hass: HomeAssistant, runs: Runs) -> None:
        self._hass = hass
        self._runs = runs

    async def passes(self) -> bool:
        """Return whether the condition is fulfilled now."""
        before = len(self._runs)
        self._hass.bus.async_fire("check")
        await self._hass.async_block_till_done()
        return len(self._runs) > before


async def check(hass: HomeAssistant, name: str, target: Target, **options: Any) -> Checked:
    """Set up an automation with a condition of ours."""
    condition = {"condition": f"{DOMAIN}.{name}", "target": target} | ({"options": options} if options else {})
    return Checked(hass, await automate_on(hass, [{"trigger": "event", "event_type": "check"}], [condition]))


# --- is_in_call ----------------------------------------------------------------------------------------------------


async def test_a_phone_is_in_a_call_from_answer_to_hang_up(
    hass: HomeAssistant, pbx: SimulatedPbx, loaded: MockConfigEntry, poll: Poll
) -> None:
    """Nobody's vacuum cleaner starts while they are talking; a phone that only rings does not talk."""
    checked = await check(hass, "is_in_call", on_device(hass, f"phone_{TOM}"))
    assert not await checked.passes()
    call = pbx.call_in(CALLER, to="630")
    await poll(15)
    assert not await checked.passes()
    pbx.answer(call)
    await poll(5)
    assert await checked.passes()
    pbx.hang_up(call)
    await poll(15)
    assert not await checked.passes()


@pytest.mark.parametrize(("behavior", "passes"), [("any", [False, True, True]), ("all", [False, False, True])])
async def test_any_phone_or_all(
    hass: HomeAssistant, pbx: SimulatedPbx, loaded: MockConfigEntry, poll: Poll, behavior: str, passes: list[bool]
) -> None:
    """Somebody is on the phone, or everybody is."""
    target = on_device(hass, f"phone_{TOM}", f"phone_{JERRY}")
    checked = await check(hass, "is_in_call", target, behavior=behavior)
    found = [await checked.passes()]
    for number, extension in ((CALLER, "630"), (OTHER_CALLER, "69")):
        pbx.answer(pbx.call_in(number, to=extension))
        await poll(15)
        found.append(await checked.passes())
    assert found == passes


async def test_a_call_has_to_last_as_long_as_asked(
    hass: HomeAssistant, pbx: SimulatedPbx, loaded: MockConfigEntry, poll: Poll
) -> None:
    """A red light for a meeting, not for every short call."""
    checked = await check(hass, "is_in_call", on_device(hass, f"phone_{TOM}"), **{"for": "00:01:00"})
    pbx.answer(pbx.call_in(CALLER, to="630"))
    await poll(15)
    assert not await checked.passes()
    await poll(59)
    assert not await checked.passes()
    await poll(1)
    assert await checked.passes()


async def test_the_pbx_means_all_of_its_phones(
    hass: HomeAssistant, pbx: SimulatedPbx, loaded: MockConfigEntry, poll: Poll
) -> None:
    """Somebody is on the phone in this house, whoever it is."""
    checked = await check(hass, "is_in_call", on_device(hass, "pbx"))
    assert not await checked.passes()
    pbx.answer(pbx.call_in(CALLER, to="69"))
    await poll(15)
    assert await checked.passes()


# --- is_holding_callers --------------------------------------------------------------------------------------------


async def test_a_queue_holds_callers_while_somebody_waits(
    hass: HomeAssistant, pbx: SimulatedPbx, loaded: MockConfigEntry, poll: Poll
) -> None:
    """Who is being spoken to does not wait any more."""
    checked = await check(hass, "is_holding_callers", on_device(hass, "queue_support"))
    assert not await checked.passes()
    call = pbx.call_in(CALLER, to="support")
    await poll(15)
    assert await checked.passes()
    pbx.answer(call, by=TOM)
    await poll(5)
    assert not await checked.passes()


async def test_callers_have_to_be_held_as_long_as_asked(
    hass: HomeAssistant, pbx: SimulatedPbx, loaded: MockConfigEntry, poll: Poll
) -> None:
    """One caller after the other, without a break: one more caller does not begin a new time."""
    checked = await check(hass, "is_holding_callers", on_device(hass, "queue_night"), **{"for": 60})
    first = pbx.call_in(CALLER, to="night")
    await poll(15)
    pbx.call_in(OTHER_CALLER, to="night")
    await poll(30)
    pbx.abandon(first)
    await poll(29)
    assert not await checked.passes()
    await poll(1)
    assert await checked.passes()


# --- is_attended ---------------------------------------------------------------------------------------------------


async def test_a_queue_is_attended_while_an_agent_is_there(
    hass: HomeAssistant, pbx: SimulatedPbx, loaded: MockConfigEntry, poll: Poll
) -> None:
    """Also while the only free phone rings for a caller; not during a break or another call."""
    checked = await check(hass, "is_attended", on_device(hass, "queue_support"))
    assert await checked.passes()
    pbx.pause_agent(None, ANNE_MARIE)
    await poll(15)
    assert await checked.passes()
    call = pbx.call_in(CALLER, to="support")
    await poll(15)
    assert hass.states.is_state(entity(hass, "sensor", "queue_support", "agents_available"), "0")
    assert await checked.passes()
    pbx.answer(call, by=TOM)
    await poll(15)
    assert not await checked.passes()
    pbx.resume_agent(None, ANNE_MARIE)
    await poll(15)
    assert await checked.passes()


@pytest.mark.parametrize(("behavior", "passes"), [("any", True), ("all", False)])
async def test_any_queue_of_the_pbx_or_all(
    hass: HomeAssistant, loaded: MockConfigEntry, poll: Poll, behavior: str, passes: bool
) -> None:
    """The night queue has no agents."""
    checked = await check(hass, "is_attended", on_device(hass, "pbx"), behavior=behavior)
    assert await checked.passes() is passes


async def test_how_long_a_queue_has_been_attended_is_not_asked(hass: HomeAssistant, loaded: MockConfigEntry) -> None:
    """It could not be answered."""
    await check(hass, "is_attended", on_device(hass, "queue_support"), **{"for": "00:01:00"})
    assert not is_on(hass)


# --- all -----------------------------------------------------------------------------------------------------------

CONDITIONS = (("is_attended", "queue_support"), ("is_holding_callers", "queue_night"), ("is_in_call", f"phone_{JERRY}"))


@pytest.fixture
async def busy(hass: HomeAssistant, pbx: SimulatedPbx, loaded: MockConfigEntry, poll: Poll) -> None:
    """Have all three conditions fulfilled."""
    pbx.call_in(CALLER, to="night")
    pbx.answer(pbx.call_in(OTHER_CALLER, to="69"))
    await poll()


@pytest.mark.parametrize(("name", "object_"), CONDITIONS)
async def test_nothing_is_so_while_the_pbx_does_not_answer(
    hass: HomeAssistant,
    simulator: Simulator,
    loaded: MockConfigEntry,
    busy: None,
    poll: Poll,
    name: str,
    object_: str,
) -> None:
    """Nobody knows. When the PBX is back, or the entry is, it is so again."""
    checked = await check(hass, name, on_device(hass, object_))
    assert await checked.passes()
    for action in ("status.queues", "status.calls"):
        simulator.control.fail(action, "html", None)
    await poll(15)
    assert not await checked.passes()
    simulator.control.heal()
    await poll(15)
    assert await checked.passes()
    assert await hass.config_entries.async_unload(loaded.entry_id)
    assert not await checked.passes()
    assert await hass.config_entries.async_setup(loaded.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert await checked.passes()


@pytest.mark.parametrize("kind", ["entity", "any", "label"])
@pytest.mark.parametrize(
    ("name", "object_", "domain", "key", "any_key"),
    [
        ("is_attended", "queue_support", "sensor", "agents_available", "longest_wait"),
        ("is_holding_callers", "queue_night", "sensor", "callers_waiting", "hold_time"),
        ("is_in_call", f"phone_{JERRY}", "binary_sensor", "in_call", "registered"),
    ],
)
async def test_an_object_can_be_meant_in_every_way(  # noqa: PLR0917 - five of them are one row of the table
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    busy: None,
    label_registry: lr.LabelRegistry,
    device_registry: dr.DeviceRegistry,
    kind: str,
    name: str,
    object_: str,
    domain: str,
    key: str,
    any_key: str,
) -> None:
    """Whatever the editor lets people pick must do what it seems to; a label may be put on later."""
    label = label_registry.async_create("Watched").label_id
    target = {
        "entity": {"entity_id": entity(hass, domain, object_, key)},
        "any": {"entity_id": entity(hass, domain, object_, any_key)},
        "label": {"label_id": label},
    }[kind]
    checked = await check(hass, name, target)
    assert await checked.passes() is (kind != "label")
    device_registry.async_update_device(device(hass, object_), labels={label})
    assert await checked.passes()


@pytest.mark.parametrize(("name", "object_"), CONDITIONS)
async def test_what_is_not_meant_is_not_so(
    hass: HomeAssistant, loaded: MockConfigEntry, busy: None, name: str, object_: str
) -> None:
    """A target without an object of ours is no error."""
    hass.states.async_set("sensor.other", "1")
    hass.states.async_set("binary_sensor.other", "on")
    target = {
        "entity_id": ["sensor.other", "binary_sensor.other", "sensor.gone"],
        "device_id": ["gone", device(hass, "campaign_1")],
    }
    assert not await (await check(hass, name, target)).passes()


async def test_a_queue_of_a_pbx_that_was_taken_out_is_not_attended(
    hass: HomeAssistant, loaded: MockConfigEntry, poll: Poll
) -> None:
    """Callers would be sent to agents of whom nothing is known; and the PBX comes back as it was."""
    checked = await check(hass, "is_attended", on_device(hass, "queue_support"))
    assert await hass.config_entries.async_unload(loaded.entry_id)
    hass.states.async_set(entity(hass, "sensor", "queue_support", "agents_available"), "2")
    assert not await checked.passes()
    assert await hass.config_entries.async_setup(loaded.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert await checked.passes()


@pytest.mark.parametrize(("name", "object_"), CONDITIONS)
async def test_whoever_watches_a_condition_is_told_that_it_changed(
    hass: HomeAssistant,
    pbx: SimulatedPbx,
    loaded: MockConfigEntry,
    poll: Poll,
    frozen: FrozenDateTimeFactory,
    name: str,
    object_: str,
) -> None:
    """Home Assistant looks at a condition again when it hears of a change, whichever entity people picked."""
    key = {"is_attended": "lost_calls", "is_holding_callers": "hold_time", "is_in_call": "registered"}[name]
    domain = "binary_sensor" if name == "is_in_call" else "sensor"
    config = {"condition": f"{DOMAIN}.{name}", "target": {"entity_id": entity(hass, domain, object_, key)}}
    checker = await condition.async_from_config(hass, await condition.async_validate_condition_config(hass, config))
    heard: list[bool | None] = []
    stop = await checker.async_track_changes(lambda: heard.append(checker.async_check()))
    assert heard == []
    pbx.call_in(CALLER, to="night")
    pbx.answer(pbx.call_in(OTHER_CALLER, to="69"))
    pbx.pause_agent(None, TOM)
    pbx.pause_agent(None, ANNE_MARIE)
    await poll(15)
    assert heard[-1] is (name != "is_attended")
    stop()
    checker.async_unload()
    count = len(heard)
    frozen.tick(timedelta(seconds=15))
    pbx.resume_agent(None, TOM)
    await poll()
    assert len(heard) == count
