"""Real automations, and what they were run with."""

import json
from typing import Any

from homeassistant.core import Event, HomeAssistant, callback
from homeassistant.helpers import device_registry as dr, entity_registry as er
from homeassistant.setup import async_setup_component

from custom_components.dls_pbx.const import DOMAIN
from tests.helpers.entities import ENTRY_ID

type Runs = list[dict[str, Any]]


async def automate(
    hass: HomeAssistant,
    trigger: str,
    target: dict[str, Any],
    /,
    **options: Any,
) -> Runs:
    """Set up an automation on one of our triggers; returns the `trigger` variable of each run, as it runs."""
    triggers = [{"trigger": f"{DOMAIN}.{trigger}", "target": target} | ({"options": options} if options else {})]
    return await automate_on(hass, triggers)


async def automate_on(
    hass: HomeAssistant, triggers: list[dict[str, Any]], conditions: list[dict[str, Any]] | None = None
) -> Runs:
    """Set up an automation on triggers of anybody's; returns what each run was told."""
    runs: Runs = []

    @callback
    def ran(event: Event) -> None:
        told = event.data["trigger"]
        told = json.loads(told) if isinstance(told, str) else told
        del told["event"]
        runs.append(told)

    hass.bus.async_listen("ran", ran)
    automation = {
        "id": "ours",
        "alias": "ours",
        "mode": "parallel",
        "max": 100,
        "triggers": triggers,
        "conditions": conditions or [],
        "actions": [{"event": "ran", "event_data": {"trigger": "{{ dict(trigger, event=None) | to_json }}"}}],
    }
    assert await async_setup_component(hass, "automation", {"automation": [automation]})
    await hass.async_block_till_done()
    return runs


def is_on(hass: HomeAssistant) -> bool:
    """Tell whether the automation works; one whose configuration is refused is unavailable."""
    state = hass.states.get("automation.ours")
    assert state is not None
    assert state.state in ("on", "unavailable")
    return state.state == "on"


async def switch(hass: HomeAssistant, on: bool) -> None:
    """Turn the automation on or off."""
    await hass.services.async_call(
        "automation", "turn_on" if on else "turn_off", {"entity_id": "automation.ours"}, blocking=True
    )
    await hass.async_block_till_done()


def entity(hass: HomeAssistant, domain: str, object_: str, key: str) -> str:
    """Return an entity ID of ours."""
    entity_id = er.async_get(hass).async_get_entity_id(domain, DOMAIN, f"{ENTRY_ID}_{object_}_{key}")
    assert entity_id is not None
    return entity_id


def device(hass: HomeAssistant, object_: str) -> str:
    """Return the ID of a device of ours."""
    found = dr.async_get(hass).async_get_device_by_identifier((DOMAIN, f"{ENTRY_ID}_{object_}"), ENTRY_ID)
    assert found is not None
    return found.id


def on_device(hass: HomeAssistant, *objects: str) -> dict[str, Any]:
    """Return a target of devices of ours."""
    return {"device_id": [device(hass, object_) for object_ in objects]}
