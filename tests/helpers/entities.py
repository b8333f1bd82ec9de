"""What Home Assistant shows, found the way users' automations hold on to it: by unique id."""

from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er

from custom_components.dls_pbx.const import DOMAIN

ENTRY_ID = "01PBX"


def entity_of(hass: HomeAssistant, object_id: str, key: str, entry_id: str = ENTRY_ID) -> er.RegistryEntry | None:
    """Return the registered entity that shows `key` of an object (`queue_support`), or None."""
    registry = er.async_get(hass)
    for platform in ("sensor", "binary_sensor", "event"):
        if entity_id := registry.async_get_entity_id(platform, DOMAIN, f"{entry_id}_{object_id}_{key}"):
            return registry.async_get(entity_id)
    return None


def state_of(hass: HomeAssistant, object_id: str, key: str, entry_id: str = ENTRY_ID) -> str | None:
    """Return the state of `key` of an object, or None where there is no such entity."""
    entity = entity_of(hass, object_id, key, entry_id)
    state = hass.states.get(entity.entity_id) if entity else None
    return state.state if state else None


def states_of(hass: HomeAssistant, object_id: str, *keys: str) -> dict[str, str | None]:
    """Return the states of several keys of an object."""
    return {key: state_of(hass, object_id, key) for key in keys}


def all_states(hass: HomeAssistant, entry_id: str = ENTRY_ID) -> dict[str, str]:
    """Return the states of all entities of an entry by unique id, without the entry's part of it."""
    return {
        entity.unique_id.removeprefix(f"{entry_id}_"): state.state
        for entity in er.async_entries_for_config_entry(er.async_get(hass), entry_id)
        if (state := hass.states.get(entity.entity_id))
    }


def product_text(hass: HomeAssistant, platform: str, entry_id: str = ENTRY_ID) -> list[str]:
    """Return a line for each entity of a platform, as users meet it; those off by default have no state."""
    entities = er.async_entries_for_config_entry(er.async_get(hass), entry_id)
    return [_line(hass, entity) for entity in sorted(entities, key=_by_id) if entity.domain == platform]


def _by_id(entity: er.RegistryEntry) -> str:
    return entity.entity_id


def _line(hass: HomeAssistant, entity: er.RegistryEntry) -> str:
    state = hass.states.get(entity.entity_id)
    shown = [state.state, entity.unit_of_measurement] if state else ["(off by default)"]
    kind = [entity.original_device_class, (entity.capabilities or {}).get("state_class"), entity.entity_category]
    return " | ".join((
        entity.entity_id,
        state.name if state else entity.original_name or "",
        " ".join(filter(None, shown)),
        ", ".join(filter(None, kind)),
    ))  # fmt: skip
