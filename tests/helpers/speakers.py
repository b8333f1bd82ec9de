"""Speakers in the office: media players that remember what they played, a voice, and a voice assistant."""

from typing import Any, override
from urllib.parse import parse_qs, urlsplit

from homeassistant.components.media_player import MediaPlayerEntity, MediaPlayerEntityFeature, MediaPlayerState
from homeassistant.components.tts import TextToSpeechEntity, TtsAudioType
from homeassistant.components.tts.const import DATA_COMPONENT as TTS
from homeassistant.core import HomeAssistant, ServiceCall
from homeassistant.setup import async_setup_component
from pytest_homeassistant_custom_component.common import setup_test_component_platform

_PLAYS = (
    MediaPlayerEntityFeature.PLAY
    | MediaPlayerEntityFeature.PAUSE
    | MediaPlayerEntityFeature.STOP
    | MediaPlayerEntityFeature.PLAY_MEDIA
)


class Speaker(MediaPlayerEntity):
    """A speaker with music, which can say something in between."""

    _attr_supported_features = _PLAYS
    _attr_state = MediaPlayerState.IDLE

    def __init__(self, room: str) -> None:
        self._attr_name = room
        self._attr_unique_id = room
        self.said: list[str] = []
        self.announced: list[str] = []

    @override
    async def async_media_play(self) -> None:
        self._attr_state = MediaPlayerState.PLAYING

    @override
    async def async_media_pause(self) -> None:
        self._attr_state = MediaPlayerState.PAUSED

    @override
    async def async_media_stop(self) -> None:
        self._attr_state = MediaPlayerState.IDLE

    @override
    async def async_play_media(self, media_type: str, media_id: str, **_: Any) -> None:
        self.said += parse_qs(urlsplit(media_id).query)["message"]


class _Voice(TextToSpeechEntity):
    _attr_name = "Voice"
    _attr_unique_id = "voice"
    _attr_default_language = "en"
    _attr_supported_languages = ["en"]  # noqa: RUF012 - Home Assistant's own form

    @override
    async def async_get_tts_audio(self, message: str, language: str, options: dict[str, Any]) -> TtsAudioType:
        return "wav", b""


async def speakers(hass: HomeAssistant) -> tuple[Speaker, Speaker]:
    """Set up a speaker at reception and one in the lobby, `tts.voice`, and a voice assistant beside the first one."""
    rooms = Speaker("Reception"), Speaker("Lobby")
    setup_test_component_platform(hass, "media_player", rooms)
    assert await async_setup_component(hass, "scene", {})
    assert await async_setup_component(hass, "media_player", {"media_player": {"platform": "test"}})
    assert await async_setup_component(hass, "tts", {})
    await hass.data[TTS].async_add_entities([_Voice()])

    # The real one asks for a whole pipeline of speech.
    def announce(call: ServiceCall) -> None:
        assert call.data["entity_id"] == ["assist_satellite.hall"]
        rooms[0].announced.append(call.data["message"])

    hass.services.async_register("assist_satellite", "announce", announce)
    await hass.async_block_till_done()
    return rooms
