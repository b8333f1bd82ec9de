"""Rooms of the office: what stands where, what Assist may know of, and which page one sees first."""

from typing import Final

from script.demo_run.home_assistant import HomeAssistant
from script.demo_run.registry import Registry

# Those of a home, which Home Assistant makes with its first account.
_RECEPTION: Final = "Reception"
_ROOMS: Final = {_RECEPTION: "mdi:bell-ring", "Lobby": "mdi:sofa", "Meeting room": "mdi:presentation"}
_PHONES: Final = {"Front Desk": _RECEPTION, "Lobby": "Lobby", "Meeting Room": "Meeting room"}
_DEVICES: Final = {
    "light.reception_light": _RECEPTION,
    "media_player.reception_speaker": _RECEPTION,
    "light.lobby_light": "Lobby",
    "cover.gate": "Lobby",
    "light.meeting_room_light": "Meeting room",
}
_QUEUES: Final = ("queue_sales", "queue_support", "queue_billing", "queue_after_hours")


async def arrange_rooms(home: HomeAssistant, registry: Registry) -> None:
    """Make rooms and put everything in its place, unless an earlier run did."""
    (known,) = await home.ask("config/area_registry/list")
    if _RECEPTION in [area["name"] for area in known]:
        return
    await home.ask(
        *({"type": "config/area_registry/delete", "area_id": area["area_id"]} for area in known),
    )
    made = await home.ask(
        *({"type": "config/area_registry/create", "name": name, "icon": icon} for name, icon in _ROOMS.items())
    )
    rooms = {area["name"]: area["area_id"] for area in made}
    await home.ask(
        *(
            {"type": "config/device_registry/update", "device_id": registry.phone(name)[0], "area_id": rooms[room]}
            for name, room in _PHONES.items()
        ),
        *(
            {"type": "config/entity_registry/update", "entity_id": entity_id, "area_id": rooms[room]}
            for entity_id, room in _DEVICES.items()
        ),
        {
            "type": "homeassistant/expose_entity",
            "assistants": ["conversation"],
            "should_expose": True,
            "entity_ids": [
                *(registry.entity(queue, key) for queue in _QUEUES for key in ("callers_waiting", "longest_wait")),
                *(registry.entity(registry.phone(name)[1], "call_state") for name in _PHONES),
            ],
        },
    )
