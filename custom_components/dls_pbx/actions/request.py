"""Request to the PBX that an action makes: once, with what goes wrong turned into one translated error."""

from collections.abc import Awaitable, Callable

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.service import async_get_config_entry

from ..api import DlsPbxAuthenticationError, DlsPbxClient, DlsPbxError
from ..const import DOMAIN
from ..data import DlsPbxConfigEntry
from ..errors import action_error
from .lost_answer import may_have_been_done

type Ask[AnswerT] = Callable[[DlsPbxClient], Awaitable[AnswerT]]


async def async_ask[AnswerT](
    hass: HomeAssistant, entry: DlsPbxConfigEntry, ask: Ask[AnswerT], *, lost: str | None = None
) -> AnswerT:
    """Ask the PBX once. What goes wrong is raised as HomeAssistantError; a refused key asks the user for a new one.

    `lost` is the error's key where no answer does not mean that nothing was done; what has none only reads. Of an entry
    that is unloaded meanwhile nothing is asked any more, and an answer has nothing left to be shown with.
    """
    async_get_config_entry(hass, DOMAIN, entry.entry_id)
    try:
        answer = await ask(entry.runtime_data.client)
    except DlsPbxError as err:
        if isinstance(err, DlsPbxAuthenticationError):
            entry.async_start_reauth(hass)
        if lost and may_have_been_done(err):
            raise HomeAssistantError(
                translation_domain=DOMAIN, translation_key=lost, translation_placeholders={"reason": str(err)}
            ) from err
        raise action_error(err) from err
    if lost is None:
        async_get_config_entry(hass, DOMAIN, entry.entry_id)
    return answer
