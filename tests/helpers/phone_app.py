"""A phone with the Home Assistant app: registers itself, gets notifications, and tells which button was pressed."""

from typing import Any

from homeassistant.components.mobile_app.const import DOMAIN
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr
from homeassistant.setup import async_setup_component
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator, WebSocketGenerator

from tests.helpers.blueprints import settle

_REGISTRATION = {
    "app_id": "io.homeassistant.companion.android",
    "app_name": "Home Assistant",
    "app_version": "2026.10.0",
    "app_data": {"push_websocket_channel": True},
    "device_id": "pixel",
    "device_name": "Ann's phone",
    "manufacturer": "Google",
    "model": "Pixel",
    "os_name": "Android",
    "os_version": "17",
}


class PhoneApp:
    """The app on one phone, over the same HTTP and websocket connections as the real one."""

    def __init__(self, hass: HomeAssistant, client: Any, socket: Any, webhook_id: str, device_id: str) -> None:
        self._hass = hass
        self._client = client
        self._socket = socket
        self._webhook_id = webhook_id
        self.device_id = device_id

    @classmethod
    async def register(
        cls, hass: HomeAssistant, hass_client: ClientSessionGenerator, hass_ws_client: WebSocketGenerator
    ) -> PhoneApp:
        """Sign in, and wait for notifications."""
        assert await async_setup_component(hass, DOMAIN, {})
        client = await hass_client()
        answer = await client.post("/api/mobile_app/registrations", json=_REGISTRATION)
        webhook_id = (await answer.json())["webhook_id"]
        await settle(hass)
        socket = await hass_ws_client()
        await socket.send_json_auto_id({"type": "mobile_app/push_notification_channel", "webhook_id": webhook_id})
        assert (await socket.receive_json())["success"]
        (entry,) = hass.config_entries.async_entries(DOMAIN)
        (device,) = dr.async_entries_for_config_entry(dr.async_get(hass), entry.entry_id)
        return cls(hass, client, socket, webhook_id, device.id)

    async def notification(self) -> dict[str, Any]:
        """Return the next notification."""
        event: dict[str, Any] = (await self._socket.receive_json())["event"]
        return event

    async def press(self, action: str, **data: Any) -> None:
        """Press a button of a notification; what was written with it is its `reply_text`."""
        pressed = {"event_type": "mobile_app_notification_action", "event_data": {"action": action, **data}}
        answer = await self._client.post(
            f"/api/webhook/{self._webhook_id}", json={"type": "fire_event", "data": pressed}
        )
        assert answer.ok
        await settle(self._hass)
