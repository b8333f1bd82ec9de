"""Notice that says how far the history is filled back."""

from datetime import date

from homeassistant.components import persistent_notification
from homeassistant.core import HomeAssistant, callback

from ..const import DOMAIN
from ..texts import async_text


class Notice:
    """One notification for each PBX: it says how far it is, and at the end what has come of it."""

    def __init__(self, hass: HomeAssistant, entry_id: str, title: str) -> None:
        self._hass = hass
        self._title = title
        self._id = f"{DOMAIN}_{entry_id}_statistics"
        self._shown = ""
        self._over = False

    async def async_running(self, percent: int) -> None:
        """Say how far it is."""
        await self._async_show("backfill_running", percent=percent)

    async def async_waiting(self, percent: int) -> None:
        """Say that it has to wait for the PBX."""
        await self._async_show("backfill_waiting", percent=percent)

    async def async_done(self, first: date, calls: int, *, all_wanted: bool) -> None:
        """Say what was found, since when, and whether the PBX gives no more; this stays until somebody has read it."""
        found = "backfill_done" if all_wanted else "backfill_limited"
        await self._async_show(found if calls else "backfill_nothing", first=first, calls=calls)
        self._over = True

    @callback
    def async_dismiss(self) -> None:
        """Take back what is true no longer."""
        if self._shown and not self._over:
            persistent_notification.async_dismiss(self._hass, self._id)

    async def _async_show(self, key: str, **values: date | int) -> None:
        message = await async_text(self._hass, key, **values)
        # One that has been closed comes back only with something new to say.
        if message != self._shown:
            self._shown = message
            title = await async_text(self._hass, "backfill_title", name=self._title)
            persistent_notification.async_create(self._hass, message, title, self._id)
