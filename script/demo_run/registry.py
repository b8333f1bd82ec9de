"""Registry of the demo's Home Assistant: what is called how there, and where it stands."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Self

from script.demo_run.home_assistant import DOMAIN, HomeAssistant
from script.demo_run.processes import DemoError


@dataclass(frozen=True, slots=True)
class Registry:
    """Entities and devices, by what they are."""

    entities: Iterable[dict[str, Any]]
    devices: Iterable[dict[str, Any]]

    @classmethod
    async def of(cls, home: HomeAssistant) -> Self:
        """Ask Home Assistant."""
        return cls(*await home.ask("config/entity_registry/list", "config/device_registry/list"))

    def entity(self, object_id: str, key: str, domain: str = "sensor") -> str:
        """Return the ID of an entity of the PBX's: `queue_sales` and `longest_wait`, say."""
        wanted = f"{object_id}_{key}"
        for entity in self.entities:
            entity_id: str = entity["entity_id"]
            ours = entity["platform"] == DOMAIN and entity_id.startswith(f"{domain}.")
            if ours and entity["unique_id"].partition("_")[2] == wanted:
                return entity_id
        raise DemoError(f"Home Assistant has no {domain} {wanted}")

    def pbx(self) -> str:
        """Return the ID of the PBX's device."""
        return self._device("pbx")[0]

    def phone(self, name: str) -> tuple[str, str]:
        """Return the ID of the device of somebody's phone, and what it is at the PBX (`phone_abc12345`)."""
        return self._device("phone_", name)

    def _device(self, kind: str, name: str = "") -> tuple[str, str]:
        for device in self.devices:
            object_id = next((one.partition("_")[2] for domain, one in device["identifiers"] if domain == DOMAIN), "")
            if object_id.startswith(kind) and (device["name"] or "").startswith(name):
                return device["id"], object_id
        raise DemoError(f"Home Assistant has no device {kind} {name}")
