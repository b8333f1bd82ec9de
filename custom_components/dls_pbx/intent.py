"""Intents, for Assist without a language model; the sentences that lead to them are in custom_sentences."""

from typing import override

from homeassistant.components.notify import DOMAIN as NOTIFY_DOMAIN
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers import intent
import voluptuous as vol

from . import assist


async def async_setup_intents(hass: HomeAssistant) -> None:
    """Register the intents."""
    for handler in (CallersWaiting(), WhoIsOnThePhone(), SendText()):
        intent.async_register(hass, handler)


class CallersWaiting(intent.IntentHandler):
    """How many callers are waiting; in all queues, or in one."""

    intent_type = "DlsPbxCallersWaiting"
    description = "Tells how many callers are waiting in the telephone queues"

    @property
    @override
    def slot_schema(self) -> dict[vol.Marker, object]:
        return {vol.Optional("queue"): intent.non_empty_string}

    @override
    async def async_handle(self, intent_obj: intent.Intent) -> intent.IntentResponse:
        slots = self.async_validate_slots(intent_obj.slots)
        hass, assistant = intent_obj.hass, intent_obj.assistant
        asked: str | None = slots["queue"]["value"].strip() if "queue" in slots else None
        queues = assist.waiting(hass, assistant)
        total = assist.total_waiting(hass, assistant)
        if asked is not None:
            queues = [queue for queue in queues if queue.queue.casefold() == asked.casefold()]
            total = queues[0].callers if queues else None
        if not (queues if asked else assist.tells_waiting(hass, assistant)):
            raise _not_found(Platform.SENSOR, asked, assistant)
        waits = [queue.longest_wait for queue in queues if queue.callers and queue.longest_wait is not None]
        return _answer(
            intent_obj,
            total=total,
            longest_wait=max(waits, default=None),
            busy=[{"queue": queue.queue, "callers": queue.callers} for queue in queues if queue.callers],
        )


class WhoIsOnThePhone(intent.IntentHandler):
    """Whose phones are in use."""

    intent_type = "DlsPbxWhoIsOnThePhone"
    description = "Tells who is on the phone, and whose phone rings"

    @override
    async def async_handle(self, intent_obj: intent.Intent) -> intent.IntentResponse:
        use = assist.phone_use(intent_obj.hass, intent_obj.assistant)
        if use is None:
            raise _not_found(Platform.BINARY_SENSOR, None, intent_obj.assistant)
        return _answer(intent_obj, in_call=list(use.in_call), ringing=list(use.ringing), unknown=use.unknown)


class SendText(intent.IntentHandler):
    """A text to somebody whom the user has named in the integration."""

    intent_type = "DlsPbxSendText"
    description = "Sends a text message to a named recipient"

    @property
    @override
    def slot_schema(self) -> dict[vol.Marker, object]:
        return {vol.Required("name"): intent.non_empty_string, vol.Required("message"): intent.non_empty_string}

    @override
    async def async_handle(self, intent_obj: intent.Intent) -> intent.IntentResponse:
        slots = self.async_validate_slots(intent_obj.slots)
        name, message = slots["name"]["value"], slots["message"]["value"].strip()
        result, words = await assist.async_text(
            intent_obj.hass, intent_obj.assistant, name, message, intent_obj.context
        )
        if result is assist.SendResult.NO_RECIPIENT:
            raise _not_found(NOTIFY_DOMAIN, name, intent_obj.assistant)
        response = _answer(intent_obj, name=name)
        if result is assist.SendResult.FAILED:
            response.async_set_error(intent.IntentResponseErrorCode.FAILED_TO_HANDLE, words)
        else:
            response.response_type = intent.IntentResponseType.ACTION_DONE
        return response


def _answer(intent_obj: intent.Intent, **slots: object) -> intent.IntentResponse:
    """Return what the sentences' responses are filled with."""
    response = intent_obj.create_response()
    response.response_type = intent.IntentResponseType.QUERY_ANSWER
    response.async_set_speech_slots(slots)
    return response


def _not_found(domain: str, name: str | None, assistant: str | None) -> intent.MatchFailedError:
    """Return the error that Assist has words for in every language."""
    reason = intent.MatchFailedReason.NAME if name else intent.MatchFailedReason.DOMAIN
    return intent.MatchFailedError(
        result=intent.MatchTargetsResult(is_match=False, no_match_reason=reason),
        constraints=intent.MatchTargetsConstraints(name=name, domains={domain}, assistant=assistant),
    )
