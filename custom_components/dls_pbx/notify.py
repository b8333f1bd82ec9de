"""Notify entities: one for each recipient that the user has named."""

from typing import override

from homeassistant.components.notify import NotifyEntity, NotifyEntityFeature
from homeassistant.config_entries import ConfigSubentry
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .actions.sms import async_send_sms
from .const import CONF_ACCOUNT_CODE, CONF_RECIPIENTS, SUBENTRY_SMS_RECIPIENT
from .data import DlsPbxConfigEntry
from .devices import recipient_device_info
from .identity import unique_id

# The door out lets one text through at a time.
PARALLEL_UPDATES = 0


async def async_setup_entry(
    hass: HomeAssistant, entry: DlsPbxConfigEntry, async_add_entities: AddConfigEntryEntitiesCallback
) -> None:
    """Add an entity per recipient."""
    for subentry in entry.get_subentries_of_type(SUBENTRY_SMS_RECIPIENT):
        async_add_entities([SmsRecipient(entry, subentry)], config_subentry_id=subentry.subentry_id)


class SmsRecipient(NotifyEntity):
    """Somebody who gets texts.

    Never unavailable: Home Assistant leaves such entities out without a word, and a text that does not go out is an
    error.
    """

    _attr_has_entity_name = True
    _attr_name = None
    _attr_translation_key = "notify"
    _attr_supported_features = NotifyEntityFeature.TITLE

    def __init__(self, entry: DlsPbxConfigEntry, subentry: ConfigSubentry) -> None:
        self._entry = entry
        self._subentry = subentry
        self._attr_unique_id = unique_id(entry.entry_id, subentry.subentry_id)
        self._attr_device_info = recipient_device_info(entry, subentry)

    @override
    async def async_send_message(self, message: str, title: str | None = None) -> None:
        """Send a text; a title becomes its first line, as texts have none."""
        await async_send_sms(
            self.hass,
            self._entry,
            self._subentry.data[CONF_RECIPIENTS],
            f"{title}\n{message}" if title else message,
            self._subentry.data.get(CONF_ACCOUNT_CODE),
        )
