"""Triggers on queues, through real automations: they fire when they should, once, and are silent otherwise."""

from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.helpers import area_registry as ar, device_registry as dr, label_registry as lr
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from simulator.app import Simulator
from simulator.pbx.simulated import SimulatedPbx
from tests.helpers.automations import Runs, automate, device, entity, is_on, on_device, switch
from tests.helpers.office import ANNE_MARIE, CALLER, OTHER_CALLER, TOM
from tests.integration.conftest import Poll

ANONYMOUS = "anonymous"


def told(runs: Runs, *keys: str) -> list[tuple[Any, ...]]:
    """Return what each run was told."""
    return [tuple(run.get(key) for key in keys) for run in runs]


async def reload(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """Reload the integration."""
    assert await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)


# --- queue_left_unattended -----------------------------------------------------------------------------------------


async def test_a_queue_without_agents_is_left_unattended_once(
    hass: HomeAssistant, pbx: SimulatedPbx, loaded: MockConfigEntry, poll: Poll
) -> None:
    """The alert must come, and must not come again with every further caller."""
    runs = await automate(hass, "queue_left_unattended", on_device(hass, "queue_night"))
    call = pbx.call_in(CALLER, to="night")
    await poll(15)
    assert told(runs, "platform", "queue", "callers_waiting", "wait", "entity_id", "time") == [
        ("dls_pbx.queue_left_unattended", "night", 1, 15, "sensor.night_callers_waiting", "2026-11-23T09:00:15-06:00")
    ]
    other = pbx.call_in(OTHER_CALLER, to="night")
    await poll(60)
    pbx.abandon(call)
    await poll(60)
    assert len(runs) == 1
    pbx.abandon(other)
    await poll(60)
    pbx.call_in(CALLER, to="night")
    await poll(15)
    assert len(runs) == 2


async def test_an_attended_queue_is_not_left(
    hass: HomeAssistant, pbx: SimulatedPbx, loaded: MockConfigEntry, poll: Poll
) -> None:
    """While a call is offered to them, the phones of free agents ring: each call would raise an alarm."""
    runs = await automate(hass, "queue_left_unattended", on_device(hass, "queue_support", "queue_night"))
    call = pbx.call_in(CALLER, to="support")
    await poll(15)
    pbx.answer(call, by=TOM)
    await poll(15)
    pbx.pause_agent(None, TOM)
    pbx.pause_agent(None, ANNE_MARIE)
    await poll(15)
    assert runs == []


async def test_a_queue_is_left_by_the_last_agent(
    hass: HomeAssistant, pbx: SimulatedPbx, loaded: MockConfigEntry, poll: Poll
) -> None:
    """Everyone went to lunch with a caller in the queue; once somebody is back, it may happen anew."""
    runs = await automate(hass, "queue_left_unattended", on_device(hass, "queue_support"))
    pbx.call_in(CALLER, to="support")
    await poll(15)
    pbx.pause_agent(None, TOM)
    await poll(5)
    assert runs == []
    pbx.pause_agent(None, ANNE_MARIE)
    await poll(5)
    assert len(runs) == 1
    pbx.resume_agent(None, TOM)
    await poll(5)
    assert len(runs) == 1
    pbx.pause_agent(None, TOM)
    await poll(5)
    assert told(runs, "queue", "callers_waiting") == [("support", 1), ("support", 1)]


async def test_how_a_queue_was_found_is_no_news(
    hass: HomeAssistant, pbx: SimulatedPbx, loaded: MockConfigEntry, poll: Poll
) -> None:
    """Saving an automation would raise the alarm that it is about."""
    call = pbx.call_in(CALLER, to="night")
    await poll(15)
    runs = await automate(hass, "queue_left_unattended", on_device(hass, "queue_night"))
    await poll(15)
    assert runs == []
    pbx.abandon(call)
    await poll(15)
    pbx.call_in(CALLER, to="night")
    await poll(15)
    assert len(runs) == 1


@pytest.mark.parametrize("trouble", ["outage", "reload"])
async def test_an_outage_or_reload_says_nothing_by_itself_of_a_queue(
    hass: HomeAssistant, simulator: Simulator, pbx: SimulatedPbx, loaded: MockConfigEntry, poll: Poll, trouble: str
) -> None:
    """An unattended queue is not left again because the Internet was gone; one left meanwhile is news."""

    async def have_trouble() -> None:
        if trouble == "reload":
            await reload(hass, loaded)
            return
        simulator.control.fail("status.queues", "html")
        await poll(15)

    runs = await automate(hass, "queue_left_unattended", on_device(hass, "queue_night"))
    call = pbx.call_in(CALLER, to="night")
    await poll(15)
    assert len(runs) == 1
    await have_trouble()
    await poll(15)
    assert len(runs) == 1
    pbx.abandon(call)
    await poll(15)
    pbx.call_in(CALLER, to="night")
    await have_trouble()
    await poll(15)
    assert len(runs) == 2


# --- caller_wait_exceeded ------------------------------------------------------------------------------------------


async def test_a_caller_who_waits_too_long_is_told_at_that_very_second(
    hass: HomeAssistant, pbx: SimulatedPbx, loaded: MockConfigEntry, poll: Poll
) -> None:
    """Between two looks too: somebody who may wait a minute is not told of after a minute and four seconds."""
    runs = await automate(hass, "caller_wait_exceeded", on_device(hass, "queue_night"), seconds=60)
    pbx.call_in(CALLER, name="Ada", to="night")
    await poll(15)
    await poll(44)
    assert runs == []
    await poll(1)
    assert told(runs, "queue", "number", "tel", "wait", "time", "entity_id") == [
        ("night", "+18155550123", "tel:+18155550123", 60, "2026-11-23T09:01:00-06:00", "sensor.night_longest_wait")
    ]
    assert "8155550123" not in runs[0]["description"]
    for _ in range(10):
        await poll(15)
    assert len(runs) == 1


async def test_each_caller_who_waits_too_long_is_told_once(
    hass: HomeAssistant, pbx: SimulatedPbx, loaded: MockConfigEntry, poll: Poll
) -> None:
    """The longest wait alone would hide everyone behind the first; hidden numbers are several people."""
    runs = await automate(hass, "caller_wait_exceeded", on_device(hass, "queue_night"), seconds=30)
    pbx.call_in(ANONYMOUS, to="night")
    pbx.call_in(ANONYMOUS, to="night")
    await poll(10)
    pbx.call_in(CALLER, to="night")
    for _ in range(20):
        await poll(5)
    assert told(runs, "number") == [(None,), (None,), ("+18155550123",)]


async def test_a_caller_who_left_in_time_has_not_waited_too_long(
    hass: HomeAssistant, pbx: SimulatedPbx, loaded: MockConfigEntry, poll: Poll
) -> None:
    """Who was answered or hung up is not waiting any more; their next call is another wait."""
    runs = await automate(hass, "caller_wait_exceeded", on_device(hass, "queue_support", "queue_night"), seconds=30)
    call, other = pbx.call_in(CALLER, to="support"), pbx.call_in(OTHER_CALLER, to="night")
    await poll(15)
    pbx.answer(call, by=TOM)
    pbx.abandon(other)
    await poll(5)
    await poll(60)
    assert runs == []
    pbx.call_in(OTHER_CALLER, to="night")
    await poll(15)
    await poll(15)
    assert len(runs) == 1


@pytest.mark.parametrize("trouble", ["outage", "reload"])
async def test_a_caller_is_not_told_again_after_an_outage_or_reload(
    hass: HomeAssistant, simulator: Simulator, pbx: SimulatedPbx, loaded: MockConfigEntry, poll: Poll, trouble: str
) -> None:
    """One caller, one alert."""
    runs = await automate(hass, "caller_wait_exceeded", on_device(hass, "queue_night"), seconds=30)
    pbx.call_in(CALLER, to="night")
    await poll(15)
    await poll(15)
    assert len(runs) == 1
    if trouble == "reload":
        await reload(hass, loaded)
    else:
        simulator.control.fail("status.queues", "html", 3)
    for _ in range(6):
        await poll(15)
    assert len(runs) == 1


@pytest.mark.parametrize("still_there", [True, False])
async def test_during_an_outage_nobody_knows_who_still_waits(
    hass: HomeAssistant,
    simulator: Simulator,
    pbx: SimulatedPbx,
    loaded: MockConfigEntry,
    poll: Poll,
    label_registry: lr.LabelRegistry,
    device_registry: dr.DeviceRegistry,
    still_there: bool,
) -> None:
    """A caller may have left: it is told when the PBX answers again, and only if they are still there."""
    label = label_registry.async_create("Phones").label_id
    device_registry.async_update_device(device(hass, "queue_night"), labels={label})
    runs = await automate(hass, "caller_wait_exceeded", {"label_id": label}, seconds=30)
    call = pbx.call_in(CALLER, to="night")
    await poll(15)
    simulator.control.fail("status.queues", "html", None)
    await poll(5)
    await poll(25)
    assert runs == []
    # The target changes, so that everything is looked at afresh; what is known of the queue is old.
    device_registry.async_update_device(device(hass, "queue_support"), labels={label})
    await hass.async_block_till_done()
    assert runs == []
    if not still_there:
        pbx.abandon(call)
    simulator.control.heal()
    await poll(15)
    assert told(runs, "wait") == ([(60,)] if still_there else [])


async def test_a_wait_that_ends_while_the_entry_is_unloaded_is_told_after(
    hass: HomeAssistant, pbx: SimulatedPbx, loaded: MockConfigEntry, poll: Poll
) -> None:
    """Changing an option must not lose a caller, nor fire for a PBX that nobody watches."""
    runs = await automate(hass, "caller_wait_exceeded", on_device(hass, "queue_night"), seconds=30)
    pbx.call_in(CALLER, to="night")
    await poll(15)
    assert await hass.config_entries.async_unload(loaded.entry_id)
    await poll(30)
    assert runs == []
    assert await hass.config_entries.async_setup(loaded.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert told(runs, "wait") == [(45,)]


async def test_who_had_waited_too_long_before_the_automation_was_loaded_is_no_news(
    hass: HomeAssistant, pbx: SimulatedPbx, loaded: MockConfigEntry, poll: Poll
) -> None:
    """Saving an automation must not alert for everyone in the queue; whose time is still to come counts."""
    pbx.call_in(CALLER, to="night")
    await poll(31)
    pbx.call_in(OTHER_CALLER, to="night")
    await poll(5)
    runs = await automate(hass, "caller_wait_exceeded", on_device(hass, "queue_night"), seconds=30)
    for _ in range(10):
        await poll(5)
    assert told(runs, "number") == [("+18475550199",)]


# --- targets -------------------------------------------------------------------------------------------------------


@pytest.fixture
def area(hass: HomeAssistant, area_registry: ar.AreaRegistry) -> ar.AreaEntry:
    """Return an area, on a floor."""
    return area_registry.async_create("Back office")


@pytest.mark.parametrize("kind", ["device", "entity", "any sensor", "area", "label", "pbx"])
async def test_a_queue_can_be_meant_in_every_way(
    hass: HomeAssistant,
    pbx: SimulatedPbx,
    loaded: MockConfigEntry,
    poll: Poll,
    area: ar.AreaEntry,
    label_registry: lr.LabelRegistry,
    device_registry: dr.DeviceRegistry,
    kind: str,
) -> None:
    """The editor offers devices, entities, areas and labels: each choice must do what it seems to."""
    label = label_registry.async_create("Phones")
    night = device(hass, "queue_night")
    device_registry.async_update_device(night, area_id=area.id, labels={label.label_id})
    target = {
        "device": {"device_id": night},
        "entity": {"entity_id": entity(hass, "sensor", "queue_night", "longest_wait")},
        "any sensor": {"entity_id": entity(hass, "sensor", "queue_night", "completed_calls")},
        "area": {"area_id": area.id},
        "label": {"label_id": label.label_id},
        "pbx": {"device_id": device(hass, "pbx")},
    }[kind]
    runs = await automate(hass, "queue_left_unattended", target)
    pbx.call_in(CALLER, to="night")
    await poll(15)
    assert told(runs, "queue") == [("night",)]


async def test_what_is_not_meant_is_silent(
    hass: HomeAssistant, pbx: SimulatedPbx, loaded: MockConfigEntry, poll: Poll
) -> None:
    """A target without a queue of ours is no error, and no queue."""
    hass.states.async_set("sensor.other", "1")
    target = {
        "entity_id": ["sensor.other", "light.gone", entity(hass, "binary_sensor", "pbx", "connected")],
        "device_id": ["gone", device(hass, f"phone_{TOM}"), device(hass, "queue_support")],
        "label_id": ["gone"],
    }
    runs = await automate(hass, "queue_left_unattended", target)
    pbx.call_in(CALLER, to="night")
    await poll(15)
    assert runs == []


async def test_a_target_grows_and_shrinks_with_its_label(
    hass: HomeAssistant,
    pbx: SimulatedPbx,
    loaded: MockConfigEntry,
    poll: Poll,
    label_registry: lr.LabelRegistry,
    device_registry: dr.DeviceRegistry,
) -> None:
    """Labelling one more queue must be enough, without touching the automation."""
    label = label_registry.async_create("Phones").label_id
    runs = await automate(hass, "caller_wait_exceeded", {"label_id": label}, seconds=30)
    device_registry.async_update_device(device(hass, "queue_night"), labels={label})
    await hass.async_block_till_done()
    pbx.call_in(CALLER, to="night")
    await poll(15)
    await poll(15)
    assert len(runs) == 1
    pbx.call_in(OTHER_CALLER, to="night")
    await poll(5)
    device_registry.async_update_device(device(hass, "queue_night"), labels=set())
    await hass.async_block_till_done()
    await poll(60)
    assert len(runs) == 1


async def test_a_new_queue_is_one_of_its_pbx(
    hass: HomeAssistant, pbx: SimulatedPbx, loaded: MockConfigEntry, poll: Poll
) -> None:
    """Who watches the whole PBX also watches the queue that is added next month; a queue that goes says nothing."""
    runs = await automate(hass, "queue_left_unattended", on_device(hass, "pbx"))
    pbx.add_queue("sales")
    await poll(15)
    call = pbx.call_in(CALLER, to="sales")
    await poll(15)
    assert told(runs, "queue", "entity_id") == [("sales", "sensor.sales_callers_waiting")]
    pbx.abandon(call)
    pbx.remove_queue("sales")
    await poll(15)
    assert len(runs) == 1


async def test_an_automation_that_is_off_listens_to_nothing(
    hass: HomeAssistant, pbx: SimulatedPbx, loaded: MockConfigEntry, poll: Poll
) -> None:
    """Neither while it is off, nor twice after it was turned on again."""
    coordinator = loaded.runtime_data.queues
    before = len(coordinator._listeners)  # noqa: SLF001 - what is left behind is nowhere else to be seen
    runs = await automate(hass, "caller_wait_exceeded", on_device(hass, "queue_night"), seconds=30)
    assert len(coordinator._listeners) > before  # noqa: SLF001
    pbx.call_in(CALLER, to="night")
    await poll(15)
    await switch(hass, on=False)
    assert len(coordinator._listeners) == before  # noqa: SLF001
    await poll(60)
    assert runs == []
    await switch(hass, on=True)
    pbx.call_in(OTHER_CALLER, to="night")
    await poll(15)
    await poll(15)
    assert told(runs, "number") == [("+18475550199",)]


@pytest.mark.parametrize("options", [{}, {"seconds": 0}, {"seconds": "soon"}, {"seconds": 30, "minutes": 1}])
async def test_an_automation_with_wrong_options_is_refused(
    hass: HomeAssistant, loaded: MockConfigEntry, options: dict[str, Any]
) -> None:
    """Home Assistant says what is wrong, instead of an automation that never runs."""
    await automate(hass, "caller_wait_exceeded", on_device(hass, "queue_night"), **options)
    assert not is_on(hass)


async def test_an_automation_without_a_target_says_so(
    hass: HomeAssistant, loaded: MockConfigEntry, caplog: pytest.LogCaptureFixture
) -> None:
    """Nobody waits for ever for an alarm that is about nothing."""
    await automate(hass, "queue_left_unattended", {})
    assert "does not have any selectors defined" in caplog.text
