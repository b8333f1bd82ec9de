"""Actions, called the way automations call them, and what of it reached the PBX."""

from typing import Any

from homeassistant.core import HomeAssistant, SupportsResponse
from homeassistant.exceptions import HomeAssistantError
import pytest

from custom_components.dls_pbx.const import DOMAIN
from simulator.app import Simulator


async def act(hass: HomeAssistant, action: str, /, **fields: Any) -> dict[str, Any]:
    """Call an action to its end; returns the response of those that have one."""
    responds = hass.services.supports_response(DOMAIN, action) is not SupportsResponse.NONE
    answer = await hass.services.async_call(DOMAIN, action, fields, blocking=True, return_response=responds)
    return dict(answer or {})


async def refusal[ErrorT: HomeAssistantError](
    hass: HomeAssistant, kind: type[ErrorT], action: str, /, **fields: Any
) -> ErrorT:
    """Call an action that must fail with exactly this kind of error; returns the error."""
    with pytest.raises(kind) as raised:
        await act(hass, action, **fields)
    assert type(raised.value) is kind
    return raised.value


def sent(simulator: Simulator, action: str) -> list[dict[str, Any]]:
    """Return the parameters of each request of an action (`sms.send_sms`) that reached the PBX."""
    return [
        {name: value for name, value in request.params.items() if name != "api_user"}
        for request in simulator.requests.of(action)
    ]
