"""Recipients as people write them, and numbers as the PBX's lists hold them."""

from collections.abc import Iterable

from homeassistant.core import HomeAssistant

from .. import phone_numbers
from ..data import DlsPbxConfigEntry
from ..errors import wrong_input


def listed_number(hass: HomeAssistant, written: str) -> str:
    """Return a phone number as the consent lists hold it; raises ServiceValidationError."""
    if number := phone_numbers.listed(written, phone_numbers.region(hass.config.country)):
        return number
    raise wrong_input("invalid_phone_number", field="phone_number")


def addressees(hass: HomeAssistant, entry: DlsPbxConfigEntry, written: Iterable[str]) -> list[str]:
    """Return whom a text goes to, as `parties` does; there has to be somebody."""
    if to := parties(hass, entry, written):
        return to
    raise wrong_input("no_recipient")


def parties(hass: HomeAssistant, entry: DlsPbxConfigEntry, written: Iterable[str]) -> list[str]:
    """Return each number (in E.164), extension, `extension@tenant` or auth ID once, in the order given.

    Raises ServiceValidationError for what is none of them.
    """
    users, region = entry.runtime_data.users, phone_numbers.region(hass.config.country)

    def is_auth_id(text: str) -> bool:
        return users.snapshot is None or text.casefold() == (users.directory.auth_id(text) or "").casefold()

    found: dict[str, None] = {}
    for position, text in enumerate(written, 1):
        if (party := phone_numbers.party(text, region, is_auth_id)) is None:
            raise wrong_input("invalid_recipient", position=str(position))
        found[party] = None
    return list(found)
