"""Speaker with music, which shows what it was last told to say: the demo has no sound."""

from typing import Any, override
from urllib.parse import parse_qs, urlsplit

from homeassistant.components.media_player import MediaPlayerEntity, MediaPlayerEntityFeature, MediaPlayerState
from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from . import ROOMS


async def async_setup_entry(
    hass: HomeAssistant, entry: ConfigEntry, async_add_entities: AddConfigEntryEntitiesCallback
) -> None:
    """Add the speaker at reception."""
    async_add_entities([OfficeSpeaker(ROOMS[0])])


class OfficeSpeaker(MediaPlayerEntity):
    """A speaker of a room."""

    _attr_supported_features = (
        MediaPlayerEntityFeature.PLAY
        | MediaPlayerEntityFeature.PAUSE
        | MediaPlayerEntityFeature.STOP
        | MediaPlayerEntityFeature.PLAY_MEDIA
    )
    _attr_should_poll = False
    _attr_state = MediaPlayerState.PLAYING
    _attr_media_title = "Quiet music"

    def __init__(self, room: str) -> None:
        self._attr_name = f"{room} speaker"
        self._attr_unique_id = room
        self._attr_extra_state_attributes = {"last_announcement": None}

    @override
    async def async_media_play(self) -> None:
        self._turn(MediaPlayerState.PLAYING)

    @override
    async def async_media_pause(self) -> None:
        self._turn(MediaPlayerState.PAUSED)

    @override
    async def async_media_stop(self) -> None:
        self._turn(MediaPlayerState.IDLE)

    def _turn(self, state: MediaPlayerState) -> None:
        self._attr_state = state
        self.async_write_ha_state()

    @override
    async def async_play_media(self, media_type: str, media_id: str, **kwargs: Any) -> None:
        """Say something; the words are in the address under which a real speaker would fetch the sound."""
        (said,) = parse_qs(urlsplit(media_id).query).get("message", [media_id])
        self._attr_extra_state_attributes = {"last_announcement": said}
        self.async_write_ha_state()
