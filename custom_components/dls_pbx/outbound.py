"""The one door out: everything that changes the PBX goes through here, once.

It checks what people wrote, asks the PBX a single time and turns what goes wrong into one translated error.
"""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import CONF_USERNAME
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.generated.countries import COUNTRIES
from homeassistant.util.hass_dict import HassKey

from . import consent, telephone
from .api import DlsPbxAuthenticationError, DlsPbxClient, DlsPbxError
from .const import DOMAIN
from .errors import action_error, wrong_input
from .lost_answers import Sending, may_have_been_done
from .runtime import DlsPbxConfigEntry

LONGEST_MESSAGE: Final = 200
REQUIRED_OF_CONTACT: Final = ("first_name", "last_name", "phone_number", "address", "city", "state", "zip_code")

type Ask[AnswerT] = Callable[[DlsPbxClient], Awaitable[AnswerT]]
type ListChange = Callable[[DlsPbxClient, str, str], Awaitable[None]]

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
    if not message.strip() or len(message) > LONGEST_MESSAGE:
        raise wrong_input("message_length", limit=str(LONGEST_MESSAGE))
    await consent.async_check(hass, entry, to)
    users = entry.runtime_data.users
    sending = Sending(entry.runtime_data.client, users.directory, _tenant(entry), to, message, account_code)
    async with hass.data.setdefault(_SENDING, defaultdict(asyncio.Lock))[entry.entry_id]:
        if entry.state is not ConfigEntryState.LOADED:
            raise HomeAssistantError(translation_domain=DOMAIN, translation_key="not_loaded")
        # Again, which costs nothing within a minute: the texts in front may have taken longer than that.
        checked = await consent.async_check(hass, entry, to)
        sent = await async_ask(hass, entry, lambda _: sending.async_send(), lost="maybe_sent")
    return SentText(message_id=sent.message_id, recipients=sent.recipients, consent_checked=checked)


async def async_add_contact_list(hass: HomeAssistant, entry: DlsPbxConfigEntry, name: str) -> int | None:
    """Make a dialer contact list and return its id (`dialer.php add_contact_list`). Raises as `async_send_sms`."""
    named = _filled("name", name)
    return await _async_dial(hass, entry, lambda client: client.add_contact_list(named))


async def async_add_contact(
    hass: HomeAssistant,
    entry: DlsPbxConfigEntry,
    contact_list: str,
    contact: Mapping[str, str],
    custom_fields: Mapping[str, str] | None = None,
    dial_on_date: date | None = None,
) -> int | None:
    """Put a contact on a list, by its name or id, and return the contact's id (`dialer.php add_contact`).

    `contact` has the vendor's fields. Raises as `async_send_sms`.
    """
    target = _filled("contact_list", contact_list)
    fields = _contact(contact)
    custom = {
        _filled("custom_fields", name.removeprefix("custom:")): value for name, value in (custom_fields or {}).items()
    }
    return await _async_dial(hass, entry, lambda client: client.add_contact(target, fields, custom, dial_on_date))


async def async_change_list(
    hass: HomeAssistant, entry: DlsPbxConfigEntry, change: ListChange, phone_number: str, list_id: str, id_field: str
) -> None:
    """Put a number on a consent list or take it off; `change` is the client's method. Raises as `async_send_sms`."""
    number = listed_number(hass, phone_number)
    owner = _filled(id_field, list_id)
    lists = entry.runtime_data.consent
    try:
        await async_ask(hass, entry, lambda client: change(client, number, owner), lost="maybe_done")
    finally:
        # Also where nobody knows whether it was done.
        lists.async_changed()


async def async_ask[AnswerT](
    hass: HomeAssistant, entry: DlsPbxConfigEntry, ask: Ask[AnswerT], *, lost: str | None = None
) -> AnswerT:
    """Ask the PBX once. What goes wrong is raised as HomeAssistantError; a refused key asks the user for a new one.

    `lost` is the error's key where no answer does not mean that nothing was done.
    """
    try:
        return await ask(entry.runtime_data.client)
    except DlsPbxError as err:
        if isinstance(err, DlsPbxAuthenticationError):
            entry.async_start_reauth(hass)
        if lost and may_have_been_done(err):
            raise HomeAssistantError(
                translation_domain=DOMAIN, translation_key=lost, translation_placeholders={"reason": str(err)}
            ) from err
        raise action_error(err) from err


def region(hass: HomeAssistant) -> str:
    """Return the country of numbers that name none."""
    return telephone.region(hass.config.country)


def listed_number(hass: HomeAssistant, written: str) -> str:
    """Return a phone number as the consent lists hold it."""
    if number := telephone.listed(written, region(hass)):
        return number
    raise wrong_input("invalid_phone_number", field="phone_number")


def addressees(hass: HomeAssistant, entry: DlsPbxConfigEntry, written: Iterable[str]) -> list[str]:
    """Return whom a text goes to, as `parties` does; there has to be somebody."""
    if to := parties(hass, entry, written):
        return to
    raise wrong_input("no_recipient")


def parties(hass: HomeAssistant, entry: DlsPbxConfigEntry, written: Iterable[str]) -> list[str]:
    """Return each number (in E.164), extension, `extension@tenant` or auth ID once, in the order given."""
    users = entry.runtime_data.users

    def is_auth_id(text: str) -> bool:
        return users.snapshot is None or text.casefold() == (users.directory.auth_id(text) or "").casefold()

    found: dict[str, None] = {}
    for position, text in enumerate(written, 1):
        if (party := telephone.party(text, region(hass), is_auth_id)) is None:
            raise wrong_input("invalid_recipient", position=str(position))
        found[party] = None
    return list(found)


def _tenant(entry: DlsPbxConfigEntry) -> str | None:
    """Return the tenant of the user whose key we have."""
    users = entry.runtime_data.users
    auth_id = users.directory.auth_id(entry.data[CONF_USERNAME])
    return users.snapshot.rows[auth_id].tenant if users.snapshot and auth_id else None


async def _async_dial(hass: HomeAssistant, entry: DlsPbxConfigEntry, change: Ask[int | None]) -> int | None:
    made = await async_ask(hass, entry, change, lost="maybe_done")
    entry.async_create_task(hass, entry.runtime_data.campaigns.async_request_refresh())
    return made


def _contact(contact: Mapping[str, str]) -> dict[str, str]:
    fields = {name: _filled(name, contact.get(name, "")) for name in REQUIRED_OF_CONTACT}
    fields |= {name: text for name in contact.keys() - fields.keys() if (text := contact[name].strip())}
    # The dialer calls within North America only, wherever this Home Assistant stands.
    number = telephone.ten_digits(telephone.e164(fields["phone_number"], telephone.DEFAULT_REGION) or "")
    if number is None:
        raise wrong_input("not_us_number")
    state, country = fields["state"].upper(), fields.get("country", "US").upper()
    if len(state) != 2 or not (state.isascii() and state.isalpha()):  # noqa: PLR2004 - the postal codes' length
        raise wrong_input("invalid_state")
    if country not in COUNTRIES:
        raise wrong_input("invalid_country")
    fields |= {"phone_number": number, "state": state}
    return fields | ({"country": country} if "country" in fields else {})


def _filled(field: str, written: str) -> str:
    if text := written.strip():
        return text
    raise wrong_input("blank_field", field=field)
