"""A thousand phones: Home Assistant starts with them without an error, and nobody waits for their turn."""

from homeassistant.const import EVENT_HOMEASSISTANT_STARTED
from homeassistant.core import CoreState, HomeAssistant
from homeassistant.helpers import entity_registry as er
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.dls_pbx.const import DOMAIN
from simulator.pbx.simulated import SimulatedPbx
from tests.helpers.entities import ENTRY_ID, state_of


def _crowd(pbx: SimulatedPbx, phones: int) -> list[str]:
    """Let so many people have a phone; returns their auth IDs."""
    people = [f"p{number}" for number in range(10_000, 10_000 + phones)]
    for auth_id in people:
        pbx.add_extension(auth_id[1:], auth_id.upper(), auth_id=auth_id)
    return people


@pytest.mark.usefixtures("no_error")
async def test_a_thousand_phones_at_the_start_are_no_trouble(
    hass: HomeAssistant, pbx: SimulatedPbx, entry: MockConfigEntry
) -> None:
    """Thousands of errors in the log, one for each entity that Assist could not look at."""
    crowd = _crowd(pbx, 1000)
    hass.set_state(CoreState.starting)
    assert await async_setup_component(hass, "homeassistant", {})
    assert await async_setup_component(hass, "conversation", {})
    assert await async_setup_component(hass, DOMAIN, {})
    await hass.async_block_till_done()
    # What there is but once does not wait for anything.
    assert state_of(hass, "pbx", "phones_registered") == str(len(crowd) + 4)
    hass.set_state(CoreState.running)
    hass.bus.async_fire(EVENT_HOMEASSISTANT_STARTED)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert {state_of(hass, f"phone_{auth_id}", "call_state") for auth_id in crowd} == {"idle"}
    entities = er.async_entries_for_config_entry(er.async_get(hass), ENTRY_ID)
    assert all("conversation" in one.options for one in entities if not one.disabled)


async def test_phones_that_are_known_do_not_wait_for_the_start(
    hass: HomeAssistant, pbx: SimulatedPbx, entry: MockConfigEntry
) -> None:
    """After a restart automations look at phones as soon as Home Assistant has started."""
    crowd = _crowd(pbx, 100)
    assert await async_setup_component(hass, DOMAIN, {})
    await hass.async_block_till_done(wait_background_tasks=True)
    assert await hass.config_entries.async_unload(entry.entry_id)
    hass.set_state(CoreState.starting)
    assert await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done()
    assert {state_of(hass, f"phone_{auth_id}", "call_state") for auth_id in crowd} == {"idle"}
