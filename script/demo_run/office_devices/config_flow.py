"""Config flow: an entry without any question."""

from typing import Any

from homeassistant.config_entries import ConfigFlow, ConfigFlowResult

from . import DOMAIN


class OfficeDevicesFlow(ConfigFlow, domain=DOMAIN):
    """Makes the one entry."""

    async def async_step_import(self, _: dict[str, Any]) -> ConfigFlowResult:
        """Make it at the first start."""
        return self.async_create_entry(title="Office devices", data={})
