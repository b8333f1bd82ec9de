"""Text messages: each is checked, and sent once (`sms.php send_sms`)."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Final

from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import CONF_USERNAME
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.util.hass_dict import HassKey

from .. import phone_numbers
from ..const import DOMAIN
from ..data import DlsPbxConfigEntry
from ..errors import wrong_input
from . import consent
from .lost_answer import Sending
from .recipients import addressees, user_at
from .request import async_ask
from .written import quoted, whole

LONGEST_MESSAGE: Final = 200
# Whoever waits for longer behind a PBX that does not answer should know that nothing was sent, and do something else.
LONGEST_WAIT: Final = 45  # s

# One text at a time per PBX: the look-up of a lost one takes any new row of the same text for it.
_SENDING: HassKey[defaultdict[str, asyncio.Lock]] = HassKey(f"{DOMAIN}_sending")


@dataclass(frozen=True, slots=True, kw_only=True)
class SentText:
    """A text that went out, and whether all its numbers were looked for on the consent lists."""

    message_id: str | None
    recipients: tuple[str, ...] = field(repr=False)
    consent_checked: bool


async def async_send_sms(
    hass: HomeAssistant,
    entry: DlsPbxConfigEntry,
    recipients: Iterable[str],
    message: str,
    account_code: str | None = None,
) -> SentText:
    """Send a text of 1 to 200 characters to numbers and extensions (`sms.php send_sms`).

    Raises ServiceValidationError for what cannot be sent or is not wanted, HomeAssistantError for what went wrong. If
    the PBX's answer gets lost, its record of messages decides; a text is never sent twice.
    """
    to = addressees(hass, entry, recipients)
    message, account_code = whole("message", message), quoted("account_code", account_code or "").strip() or None
    if not message.strip() or len(message) > LONGEST_MESSAGE:
        raise wrong_input("message_length", limit=str(LONGEST_MESSAGE))
    await consent.async_check(hass, entry, to)
    async with _async_turn(hass, entry):
        _see_loaded(entry)
        # Again, which costs nothing within a minute: the texts in front may have taken longer than that.
        checked = await consent.async_check(hass, entry, to)
        _see_loaded(entry)
        # Made now: the key, and with it the client, may be another one by now.
        directory = entry.runtime_data.users.directory
        sending = Sending(
            client=entry.runtime_data.client,
            directory=directory,
            region=phone_numbers.region(hass.config.country),
            sender=directory.auth_id(entry.data[CONF_USERNAME]),
            recipients={party: None if party.startswith("+") else user_at(entry, party) for party in to},
            message=message,
            account_code=account_code,
        )
        sent = await async_ask(hass, entry, lambda _: sending.async_send(), lost="maybe_sent")
    # Unloaded meanwhile: then it is in the PBX's record when somebody reads that again.
    if entry.state is ConfigEntryState.LOADED and entry.runtime_data.callbacks.texted(to):
        await entry.runtime_data.async_save_callbacks()
    return SentText(message_id=sent.message_id, recipients=sent.recipients, consent_checked=checked)


def _see_loaded(entry: DlsPbxConfigEntry) -> None:
    if entry.state is not ConfigEntryState.LOADED:
        raise HomeAssistantError(translation_domain=DOMAIN, translation_key="not_loaded")


def _tenant(entry: DlsPbxConfigEntry) -> str | None:
    """Return the tenant of the user whose key we have."""
    user = entry.runtime_data.users.user(entry.data[CONF_USERNAME])
    return user.tenant if user else None


@asynccontextmanager
async def _async_turn(hass: HomeAssistant, entry: DlsPbxConfigEntry) -> AsyncIterator[None]:
    """Wait for the texts in front; raises HomeAssistantError where that takes too long, and nothing was sent."""
    turn = hass.data.setdefault(_SENDING, defaultdict(asyncio.Lock))[entry.entry_id]
    try:
        async with asyncio.timeout(LONGEST_WAIT):
            await turn.acquire()
    except TimeoutError:
        raise HomeAssistantError(translation_domain=DOMAIN, translation_key="sending_busy") from None
    try:
        yield
    finally:
        turn.release()
