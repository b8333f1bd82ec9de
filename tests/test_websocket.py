"""The rows of the front desk over Home Assistant's own websocket."""

from collections.abc import Awaitable, Callable
from typing import Any

from homeassistant.core import HomeAssistant
from pytest_homeassistant_custom_component.common import MockConfigEntry

from simulator.pbx import SimulatedPbx
from tests.conftest import Poll
from tests.office import CALLER

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
