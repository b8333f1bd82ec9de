"""Tools of language models that serve Assist; each is offered only if something it needs is exposed."""

from typing import Final, override

from homeassistant.components.llm import LLMTools
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.llm import (
    LLM_API_ASSIST,
    LLMContext,
    Tool,
    ToolAnnotations,
    ToolInput,
    ToolResult,
)
from homeassistant.util.json import JsonValueType
import voluptuous as vol

from . import assist
from .actions.sms import LONGEST_MESSAGE
from .const import DOMAIN

_READS: Final = ToolAnnotations(read_only=True, destructive=False, idempotent=True, open_world=False)


@callback
def async_get_tools(hass: HomeAssistant, llm_context: LLMContext, api_id: str) -> LLMTools | None:
    """Return what the assistant that asks may use."""
    if api_id != LLM_API_ASSIST:
        return None
    assistant = llm_context.assistant
    tools: list[Tool] = []
    if assist.tells_waiting(hass, assistant):
        tools.append(CallersWaitingTool())
    if assist.phone_use(hass, assistant):
        tools.append(PhonesInUseTool())
    if names := assist.recipients(hass, assistant):
        tools.append(SendTextTool(sorted(names)))
    return LLMTools(tools=tools) if tools else None


class CallersWaitingTool(Tool):
    """Callers waiting."""

    name = f"{DOMAIN}__callers_waiting"
    title = "Get waiting callers"
    description = (
        "Tells how many callers are waiting in the office's telephone queues right now, in total and by queue, and how "
        "many seconds the first of each queue has been waiting. Null means that it is not known."
    )
    annotations = _READS
    integration = DOMAIN

    @override
    async def async_call(self, hass: HomeAssistant, tool_input: ToolInput, llm_context: LLMContext) -> ToolResult:
        queues: list[JsonValueType] = [
            {"queue": one.queue, "callers_waiting": one.callers, "longest_wait_seconds": one.longest_wait}
            for one in assist.waiting(hass, llm_context.assistant)
        ]
        total = assist.total_waiting(hass, llm_context.assistant)
        return ToolResult(data={"callers_waiting": total, "queues": queues})


class PhonesInUseTool(Tool):
    """Phones in use."""

    name = f"{DOMAIN}__phones_in_use"
    title = "Get phones in use"
    description = (
        "Tells who is on the phone in the office right now, and whose phone is ringing. Nobody else is, but for phones "
        "of which nothing is known; it tells how many those are."
    )
    annotations = _READS
    integration = DOMAIN

    @override
    async def async_call(self, hass: HomeAssistant, tool_input: ToolInput, llm_context: LLMContext) -> ToolResult:
        use = assist.phone_use(hass, llm_context.assistant)
        if use is None:
            return ToolResult(data={"error": "No phone is exposed"}, error=True)
        return ToolResult(data={"in_call": [*use.in_call], "ringing": [*use.ringing], "unknown_phones": use.unknown})


class SendTextTool(Tool):
    """A text message. It goes to recipients that the user has named, and never to a number that a model made up."""

    name = f"{DOMAIN}__send_text"
    title = "Send text message"
    description = (
        "Sends a text message (SMS) to one of the named recipients. Use it only when the user asked for a message to "
        f"be sent. At most {LONGEST_MESSAGE} characters. A message cannot be taken back; after an error, do not send "
        "it again unless the user says so."
    )
    # What has been sent is out of our hands, and costs: the least safe kind.
    annotations = ToolAnnotations()
    integration = DOMAIN

    def __init__(self, names: list[str]) -> None:
        self.parameters = vol.Schema(  # type: ignore[assignment]  # probatio's, served as vol
            {
                vol.Required("recipient"): vol.In(names),
                vol.Required("message"): vol.All(str, vol.Length(min=1, max=LONGEST_MESSAGE)),
            }
        )

    @override
    async def async_call(self, hass: HomeAssistant, tool_input: ToolInput, llm_context: LLMContext) -> ToolResult:
        # Checked anew: who is exposed may have changed since the model was told.
        asked = self.parameters(tool_input.tool_args)
        result, words = await assist.async_text(
            hass, llm_context.assistant, asked["recipient"], asked["message"], llm_context.context
        )
        if result is assist.SendResult.SENT:
            return ToolResult(data={"sent": True})
        return ToolResult(data={"error": words or "There is no such recipient"}, error=True)
