"""Recipients as people write them, and numbers as the PBX's lists hold them."""

from collections.abc import Callable, Iterable

from homeassistant.const import CONF_USERNAME
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError

from .. import phone_numbers
from ..data import DlsPbxConfigEntry
from ..errors import wrong_input
from .written import Bare, quoted

_PHONE_NUMBER = "phone_number"


def listed_number(hass: HomeAssistant, written: str) -> str:
    """Return a phone number as the consent lists hold it; raises ServiceValidationError."""
    number = phone_numbers.listed(quoted(_PHONE_NUMBER, written), phone_numbers.region(hass.config.country))
    if number is None:
        raise wrong_input("invalid_phone_number", field=_PHONE_NUMBER)
    return number


def sought_number(hass: HomeAssistant, written: str) -> str:
    """Return a phone number to be looked for, in E.164; raises ServiceValidationError."""
    number = phone_numbers.outside(quoted(_PHONE_NUMBER, written), phone_numbers.region(hass.config.country))
    if number is None or not number.startswith("+"):
        raise wrong_input("invalid_phone_number", field=_PHONE_NUMBER)
    return number


def addressees(hass: HomeAssistant, entry: DlsPbxConfigEntry, written: Iterable[str]) -> list[str]:
    """Return whom a text goes to: each number (in E.164), extension, `extension@tenant` or auth ID once, in order.

    Raises ServiceValidationError for what is none of them, and if there is nobody.
    """
    users, region = entry.runtime_data.users, phone_numbers.region(hass.config.country)

    def addressee(position: str, text: str) -> str:
        party = _party(entry, region, position, text)
        known = users.snapshot is None or users.directory.has_extension(party)
        if phone_numbers.is_extension(party) and not known:
            raise _wrong("unknown_extension", position)
        return party

    if to := _each_once(written, addressee):
        return to
    raise wrong_input("no_recipient")


def correspondents(hass: HomeAssistant, entry: DlsPbxConfigEntry, written: Iterable[str]) -> list[str]:
    """Return whose texts are looked for, as the PBX's filters want them: each number in E.164, or auth ID, once.

    Raises ServiceValidationError for what is neither, and for an extension that nobody has, or two.
    """
    users, region = entry.runtime_data.users, phone_numbers.region(hass.config.country)

    def correspondent(position: str, text: str) -> str:
        party = phone_numbers.outside(text, region)
        if party is None or not party.startswith("+") or isinstance(text, Bare):
            party = _party(entry, region, position, text)
        if party.startswith("+") or users.snapshot is None:
            return party
        if auth_id := user_at(entry, party):
            return auth_id
        known = users.directory.has_extension(party)
        raise _wrong("ambiguous_extension" if known else "unknown_extension", position)

    return _each_once(written, correspondent)


def user_at(entry: DlsPbxConfigEntry, party: str) -> str | None:
    """Return the auth ID of an addressee; a bare extension leads to the key's own tenant, if somebody has it there."""
    users = entry.runtime_data.users
    own = users.directory.auth_id(entry.data[CONF_USERNAME])
    if users.snapshot and own and phone_numbers.is_extension(party):
        neighbor = users.directory.auth_id(f"{party}@{users.snapshot.rows[own].tenant}")
        return neighbor or users.directory.auth_id(party)
    return users.directory.auth_id(party)


def _party(entry: DlsPbxConfigEntry, region: str, position: str, text: str) -> str:
    users = entry.runtime_data.users

    def is_auth_id(text: str) -> bool:
        return users.snapshot is None or text.casefold() == (users.directory.auth_id(text) or "").casefold()

    if isinstance(text, Bare) and not phone_numbers.is_extension(text):
        raise _wrong("unquoted_entry", position)
    if party := phone_numbers.party(text, region, is_auth_id):
        return party
    raise _wrong("invalid_recipient", position)


def _wrong(key: str, position: str) -> ServiceValidationError:
    """Return the refusal of an entry: by its place in the list, where there is one."""
    return wrong_input(f"{key}_in_list", position=position) if position else wrong_input(key)


def _each_once(written: Iterable[str], read: Callable[[str, str], str]) -> list[str]:
    """Read each entry with its place; what stands alone has none."""
    entries = list(written)
    are_several = len(entries) > 1
    read_entries = (read(str(place) if are_several else "", entry) for place, entry in enumerate(entries, 1))
    return list(dict.fromkeys(read_entries))
