"""Triggers of the automation editor."""

from typing import Final

from homeassistant.core import HomeAssistant
from homeassistant.helpers.trigger import Trigger

from .automations.event_triggers import CallEnded, CallMissed, FaxFailed, IncomingCall, SmsReceived, VoicemailLeft
from .automations.phone_triggers import PhoneRegistered, PhoneUnregistered
from .automations.queue_triggers import CallerWaitExceeded, QueueLeftUnattended

TRIGGERS: Final[dict[str, type[Trigger]]] = {
    "call_ended": CallEnded,
    "call_missed": CallMissed,
    "caller_wait_exceeded": CallerWaitExceeded,
    "fax_failed": FaxFailed,
    "incoming_call": IncomingCall,
    "phone_registered": PhoneRegistered,
    "phone_unregistered": PhoneUnregistered,
    "queue_left_unattended": QueueLeftUnattended,
    "sms_received": SmsReceived,
    "voicemail_left": VoicemailLeft,
}


async def async_get_triggers(hass: HomeAssistant) -> dict[str, type[Trigger]]:
    """Return the triggers."""
    return TRIGGERS
