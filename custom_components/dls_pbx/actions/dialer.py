"""Dialer: contact lists and contacts are added here (`dialer.php`)."""

from collections.abc import Mapping
from datetime import date
import re
from typing import Final

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.generated.countries import COUNTRIES

from .. import phone_numbers
from ..data import DlsPbxConfigEntry
from ..errors import filled, wrong_input
from .request import Ask, async_ask
from .written import quoted

REQUIRED_OF_CONTACT: Final = ("first_name", "last_name", "phone_number", "address", "city", "state", "zip_code")
ZIP_CODES: Final = {
    "US": re.compile(r"\d{5}(?:[- ]?\d{4})?", re.ASCII),
    "CA": re.compile(r"[a-z]\d[a-z][- ]?\d[a-z]\d", re.ASCII | re.IGNORECASE),
}


async def async_add_contact_list(hass: HomeAssistant, entry: DlsPbxConfigEntry, name: str) -> int | None:
    """Make a dialer contact list and return its id (`dialer.php add_contact_list`). Raises as `sms.async_send_sms`."""
    named = filled("name", name)
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

    `contact` has the vendor's fields. Raises as `sms.async_send_sms`.
    """
    target = filled("contact_list", contact_list)
    fields = _contact(contact)
    custom = {
        filled("custom_fields", name.removeprefix("custom:")): value for name, value in (custom_fields or {}).items()
    }
    return await _async_dial(hass, entry, lambda client: client.add_contact(target, fields, custom, dial_on_date))


async def _async_dial(hass: HomeAssistant, entry: DlsPbxConfigEntry, change: Ask[int | None]) -> int | None:
    made = await async_ask(hass, entry, change, lost="maybe_done")
    if entry.state is ConfigEntryState.LOADED:
        entry.async_create_task(hass, entry.runtime_data.campaigns.async_request_refresh())
    return made


def _contact(contact: Mapping[str, str]) -> dict[str, str]:
    quoted("phone_number", contact["phone_number"])
    fields = {name: filled(name, contact.get(name, "")) for name in REQUIRED_OF_CONTACT}
    fields |= {name: text for name in contact.keys() - fields.keys() if (text := contact[name].strip())}
    # The dialer calls within North America only, wherever this Home Assistant stands.
    number = phone_numbers.ten_digits(phone_numbers.e164(fields["phone_number"], phone_numbers.DEFAULT_REGION) or "")
    if number is None:
        raise wrong_input("not_us_number")
    state, country = fields["state"].upper(), fields.get("country", "US").upper()
    if len(state) != 2 or not (state.isascii() and state.isalpha()):  # noqa: PLR2004 - the postal codes' length
        raise wrong_input("invalid_state")
    if country not in COUNTRIES:
        raise wrong_input("invalid_country")
    _check_zip_code(contact["zip_code"], country)
    fields |= {"phone_number": number, "state": state}
    return fields | ({"country": country} if "country" in fields else {})


def _check_zip_code(zip_code: str, country: str) -> None:
    """Raise ServiceValidationError for a code that a country cannot have; of most we do not know what it can."""
    form = ZIP_CODES.get(country)
    if form is None or form.fullmatch(zip_code.strip()):
        return
    # Of 02134 YAML makes 1116.
    quoted("zip_code", zip_code)
    raise wrong_input("invalid_zip_code", country=country)
