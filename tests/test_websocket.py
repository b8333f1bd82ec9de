"""The rows of the front desk over Home Assistant's own websocket."""

from collections.abc import Awaitable, Callable
from typing import Any

from homeassistant.core import HomeAssistant
from pytest_homeassistant_custom_component.common import MockConfigEntry

from simulator.pbx import SimulatedPbx
from tests.conftest import Poll
from tests.office import CALLER, JERRY, TOM

type Connect = Callable[..., Awaitable[Any]]


async def subscribed(client: Any, **fields: Any) -> Any:
    """Subscribe, and return the snapshot."""
    await client.send_json_auto_id({"type": "dls_pbx/subscribe", **fields})
    answer = await client.receive_json()
    assert answer["success"], answer
    return (await client.receive_json())["event"]


async def test_a_caller_who_begins_to_wait_is_sent_at_once(
    hass: HomeAssistant, loaded: MockConfigEntry, hass_ws_client: Connect, pbx: SimulatedPbx, poll: Poll
) -> None:
    """A receptionist would see an empty queue while somebody waits."""
    client = await hass_ws_client(hass)
    snapshot = await subscribed(client)
    assert snapshot["type"] == "snapshot"
    assert snapshot["queues"]["support"]["callers"] == []
    pbx.call_in(CALLER, to="support")
    await poll(15)
    change = (await client.receive_json())["event"]
    assert change["type"] == "change"
    (caller,) = change["queues"]["support"]["callers"]
    assert (caller["number"], caller["tel"]) == ("(815) 555-0123", "+18155550123")


async def laid_out(client: Any, **fields: Any) -> Any:
    """Return what there is for a dashboard."""
    await client.send_json_auto_id({"type": "dls_pbx/layout", **fields})
    return (await client.receive_json())["result"]["entries"]


async def test_the_layout_names_what_there_is(
    hass: HomeAssistant, loaded: MockConfigEntry, hass_ws_client: Connect
) -> None:
    """The dashboard would be empty, or full of entities that are not there."""
    (pbx,) = await laid_out(await hass_ws_client(hass))
    assert (pbx["config_entry_id"], pbx["name"]) == (loaded.entry_id, loaded.title)
    assert pbx["pbx"]["entities"]["callbacks"] == "todo.127_0_0_1_callbacks"
    assert [queue["id"] for queue in pbx["queues"]] == ["night", "support"]
    assert pbx["queues"][1]["entities"]["callers_waiting"] == "sensor.support_callers_waiting"
    assert [(phone["id"], phone["name"], phone["extension"]) for phone in pbx["phones"]][2:4] == [
        (JERRY, "Jerry", "69"),
        (TOM, "Tom", "630"),
    ]
