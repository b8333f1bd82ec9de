"""Blueprints: automations made from them as their forms do, and what came of it in the house and at the PBX."""

from typing import Any, cast

from homeassistant.components import persistent_notification
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component

from simulator.app import Simulator
from tests.helpers.paths import ROOT
from tests.helpers.service_calls import sent

FOLDER = ROOT / "blueprints" / "automation"
_SEND = "sms.send_sms"


async def use(hass: HomeAssistant, blueprint: str, /, **inputs: Any) -> None:
    """Make an automation from a blueprint, as its form does."""
    config = {"id": "ours", "alias": "ours", "use_blueprint": {"path": f"dls_pbx/{blueprint}.yaml", "input": inputs}}
    assert await async_setup_component(hass, "persistent_notification", {})
    assert await async_setup_component(hass, "automation", {"automation": [config]})
    await hass.async_block_till_done()
    state = hass.states.get("automation.ours")
    assert state is not None
    assert state.state == "on"


def texts(simulator: Simulator) -> list[tuple[Any, Any]]:
    """Return recipients and words of the texts that the PBX was asked to send."""
    return [(request["dst"], request["body"]) for request in sent(simulator, _SEND)]


def told(hass: HomeAssistant) -> list[str]:
    """Return the messages among Home Assistant's own notifications."""
    notifications = hass.data.get(persistent_notification.DOMAIN, {})
    return [cast("str", one["message"]) for one in notifications.values()]


async def lamps(hass: HomeAssistant) -> None:
    """Set up a lobby lamp that shows colours and a sign that is on or off, both real entities that remember."""
    light = {"name": "Lobby", "turn_on": [], "turn_off": [], "set_rgb": [], "set_level": []}
    sign = {"name": "Sign", "turn_on": [], "turn_off": []}
    assert await async_setup_component(hass, "scene", {})
    assert await async_setup_component(hass, "template", {"template": [{"light": [light], "switch": [sign]}]})
    await hass.async_block_till_done()
    await hass.services.async_call("light", "turn_off", {"entity_id": "light.lobby"}, blocking=True)


def color(hass: HomeAssistant, lamp: str = "light.lobby") -> Any:
    """Return the color of a lamp; None is off."""
    state = hass.states.get(lamp)
    assert state is not None
    return state.attributes["rgb_color"] if state.state == "on" else None


def switch(hass: HomeAssistant) -> str:
    """Return whether the sign is on."""
    state = hass.states.get("switch.sign")
    assert state is not None
    return state.state


async def settle(hass: HomeAssistant) -> None:
    """Let automations run to their ends, requests to the PBX included."""
    for _ in range(5):
        await hass.async_block_till_done(wait_background_tasks=True)
