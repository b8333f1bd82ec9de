"""Triggers on phones, through real automations: a phone that goes off the network, and one that comes back."""

from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from simulator.app import Simulator
from simulator.models import Registration
from simulator.pbx.simulated import SimulatedPbx
from tests.helpers.automations import automate, entity, is_on, on_device, switch
from tests.helpers.office import JERRY, TOM, ZOE
from tests.integration.conftest import Poll

OFF, ON, UNSEEN = Registration.UNREACHABLE, Registration.OK, Registration.UNMONITORED


async def test_a_phone_that_goes_off_the_network_is_told(
    hass: HomeAssistant, pbx: SimulatedPbx, loaded: MockConfigEntry, poll: Poll
) -> None:
    """The front desk's unplugged phone is noticed before the first caller is."""
    runs = await automate(hass, "phone_unregistered", on_device(hass, f"phone_{TOM}"))
    await poll(60)
    assert runs == []
    pbx.set_registration(TOM, OFF)
    await poll(60)
    await poll(60)
    (run,) = runs
    assert run["description"] == "phone 630 unregistered"
    assert {key: run[key] for key in ("entity_id", "extension", "name", "time")} == {
        "entity_id": "binary_sensor.tom_630_registered",
        "extension": "630",
        "name": "Tom",
        "time": "2026-11-23T09:02:00-06:00",
    }
    pbx.set_registration(TOM, ON, 3)
    await poll(60)
    assert len(runs) == 1
    pbx.set_registration(TOM, OFF)
    await poll(60)
    assert len(runs) == 2


async def test_a_phone_that_comes_back_is_told(
    hass: HomeAssistant, pbx: SimulatedPbx, loaded: MockConfigEntry, poll: Poll
) -> None:
    """All clear; a phone that was there all along comes back from nowhere."""
    runs = await automate(hass, "phone_registered", on_device(hass, f"phone_{TOM}", f"phone_{ZOE}"))
    pbx.set_registration(ZOE, ON, 40)
    await poll(60)
    pbx.set_registration(TOM, Registration.LAGGED, 2500)
    await poll(60)
    assert [run["entity_id"] for run in runs] == [entity(hass, "binary_sensor", f"phone_{ZOE}", "registered")]


@pytest.mark.parametrize("trouble", ["outage", "reload", "unwatched"])
@pytest.mark.parametrize("after", [ON, OFF])
async def test_an_outage_says_nothing_by_itself_of_a_phone(
    hass: HomeAssistant,
    simulator: Simulator,
    pbx: SimulatedPbx,
    loaded: MockConfigEntry,
    poll: Poll,
    trouble: str,
    after: Registration,
) -> None:
    """When the Internet is back, a hundred phones are not; the one that went off meanwhile is."""
    runs = await automate(hass, "phone_unregistered", on_device(hass, f"phone_{TOM}"))
    if trouble == "unwatched":
        pbx.set_registration(TOM, UNSEEN)
    elif trouble == "outage":
        simulator.control.fail("status.users", "html", None)
    else:
        assert await hass.config_entries.async_unload(loaded.entry_id)
    await poll(60)
    await poll(60)
    assert runs == []
    pbx.set_registration(TOM, after, 3 if after is ON else None)
    simulator.control.heal()
    if trouble == "reload":
        assert await hass.config_entries.async_setup(loaded.entry_id)
    await poll(60)
    assert len(runs) == (after is OFF)


async def test_a_phone_has_to_stay_away_for_as_long_as_asked(
    hass: HomeAssistant, pbx: SimulatedPbx, loaded: MockConfigEntry, poll: Poll
) -> None:
    """A phone that restarts is back in two minutes, and nobody wants to know."""
    runs = await automate(hass, "phone_unregistered", on_device(hass, f"phone_{TOM}"), **{"for": "00:05:00"})
    pbx.set_registration(TOM, OFF)
    await poll(60)
    await poll(60)
    pbx.set_registration(TOM, ON, 3)
    for _ in range(6):
        await poll(60)
    assert runs == []
    pbx.set_registration(TOM, OFF)
    await poll(60)
    for _ in range(4):
        await poll(60)
    await poll(59)
    assert runs == []
    await poll(1)
    assert len(runs) == 1
    await poll(60)
    assert len(runs) == 1


@pytest.mark.parametrize("still_away", [True, False])
async def test_during_an_outage_nobody_knows_whether_a_phone_is_still_away(
    hass: HomeAssistant, simulator: Simulator, pbx: SimulatedPbx, loaded: MockConfigEntry, poll: Poll, still_away: bool
) -> None:
    """The alarm waits for the PBX's word."""
    runs = await automate(hass, "phone_unregistered", on_device(hass, f"phone_{TOM}"), **{"for": {"minutes": 5}})
    pbx.set_registration(TOM, OFF)
    await poll(60)
    simulator.control.fail("status.users", "html", None)
    for _ in range(6):
        await poll(60)
    assert runs == []
    if not still_away:
        pbx.set_registration(TOM, ON, 3)
    simulator.control.heal()
    await poll(60)
    assert len(runs) == still_away


@pytest.mark.parametrize("key", ["registered", "in_call", "pbx"])
async def test_a_phone_is_meant_by_its_entities_and_by_the_pbx(
    hass: HomeAssistant, pbx: SimulatedPbx, loaded: MockConfigEntry, poll: Poll, key: str
) -> None:
    """Nobody picks a hundred phones one by one."""
    meant = ("pbx", "connected") if key == "pbx" else (f"phone_{TOM}", key)
    runs = await automate(hass, "phone_unregistered", {"entity_id": entity(hass, "binary_sensor", *meant)})
    pbx.set_registration(TOM, OFF)
    await poll(60)
    assert [run["extension"] for run in runs] == ["630"]


async def test_the_pbxs_device_means_its_phones_too(
    hass: HomeAssistant, pbx: SimulatedPbx, loaded: MockConfigEntry, poll: Poll
) -> None:
    """A phone that is removed at the PBX has not gone off the network, and a new one has not come back."""
    runs = await automate(hass, "phone_unregistered", on_device(hass, "pbx"))
    pbx.set_registration(TOM, OFF)
    await poll(60)
    assert [run["extension"] for run in runs] == ["630"]
    pbx.remove_extension(TOM)
    pbx.add_extension("700", "New", auth_id="newby700", registration=OFF)
    await poll(60)
    assert len(runs) == 1
    pbx.set_registration("newby700", ON, 3)
    await poll(60)
    pbx.set_registration("newby700", OFF)
    await poll(60)
    assert [run["extension"] for run in runs] == ["630", "700"]


@pytest.mark.parametrize("hold", [0, 120])
async def test_a_phone_that_is_set_up_anew_is_another_phone(
    hass: HomeAssistant, pbx: SimulatedPbx, loaded: MockConfigEntry, poll: Poll, hold: int
) -> None:
    """What was known of the one before is no news of the next: the day on which a desk changes hands is no alarm."""
    runs = await automate(hass, "phone_unregistered", on_device(hass, "pbx"), **{"for": hold})
    if hold:
        pbx.set_registration(JERRY, OFF)
        await poll(60)
    pbx.remove_extension(JERRY)
    await poll(60)
    pbx.add_extension("69", "Jane", auth_id=JERRY, registration=OFF)
    for _ in range(3):
        await poll(60)
    assert runs == []


async def test_a_phones_automation_that_is_off_waits_for_nothing(
    hass: HomeAssistant, pbx: SimulatedPbx, loaded: MockConfigEntry, poll: Poll
) -> None:
    """Nothing fires from a timer that was left behind."""
    runs = await automate(hass, "phone_unregistered", on_device(hass, f"phone_{TOM}"), **{"for": 120})
    pbx.set_registration(TOM, OFF)
    await poll(60)
    await switch(hass, on=False)
    await poll(120)
    await switch(hass, on=True)
    await poll(120)
    assert runs == []


async def test_a_wrong_duration_is_refused(hass: HomeAssistant, loaded: MockConfigEntry) -> None:
    """Home Assistant says what is wrong."""
    await automate(hass, "phone_unregistered", on_device(hass, f"phone_{TOM}"), **{"for": "a while"})
    assert not is_on(hass)
