"""Consent to text messages: the PBX itself does not look at its consent lists, so we do, or it stays here.

The law is on the side of who wants no texts: where nobody can tell, nothing is sent.
"""

from collections.abc import Iterable, Sequence

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError

from .. import phone_numbers
from ..api import DlsPbxError, DlsPbxPermissionError
from ..api.models import ConsentList, ConsentLists
from ..const import DOMAIN
from ..data import DlsPbxConfigEntry
from ..errors import wrong_input
from ..options import SmsConsent


async def async_check(hass: HomeAssistant, entry: DlsPbxConfigEntry, to: Sequence[str]) -> bool:
    """Refuse a text to a number that does not want it; returns whether all numbers were checked.

    `to` as `recipients.parties` gives it; what is no number (an extension, an auth ID) is never checked. Raises
    ServiceValidationError for a number, HomeAssistantError where the lists cannot be read (`subscribers.php
    query_lists`) and nobody can tell.
    """
    consent = entry.runtime_data.options.sms_consent
    numbers = [party for party in to if party.startswith("+")]
    if consent is SmsConsent.OFF or not numbers:
        return consent is not SmsConsent.OFF
    lists = entry.runtime_data.consent
    try:
        found = await lists.async_lists()
    except DlsPbxPermissionError as err:
        if consent is SmsConsent.NOT_OPTED_OUT and not lists.were_readable:
            # An office whose key was never meant to read lists keeps its own; the response and a repair say so.
            return False
        raise _unreadable(str(err)) from err
    except DlsPbxError as err:
        raise _unreadable(str(err)) from err
    _check(found, numbers, phone_numbers.region(hass.config.country), opted_in=consent is SmsConsent.OPTED_IN)
    return True


def _check(lists: ConsentLists, numbers: Iterable[str], region: str, *, opted_in: bool) -> None:
    if any(one.total and not one.numbers for one in lists.opt_out):
        raise _unreadable("the PBX says how many opted out, and not who")
    out = [(one, _digits(one)) for one in lists.opt_out]
    agreed = frozenset[str]().union(*map(_digits, lists.opt_in))
    for number in numbers:
        # First: who is on both kinds of list has opted out.
        spellings = phone_numbers.spellings(number, region)
        for one, digits in out:
            if spellings & digits:
                raise _refusal("opted_out", number, list=one.name or one.id)
        if opted_in and not phone_numbers.clear_spellings(number) & agreed:
            raise _refusal("not_opted_in", number)


def _digits(one: ConsentList) -> frozenset[str]:
    return frozenset(phone_numbers.listed_digits(listed.number) for listed in one.numbers)


def _refusal(key: str, number: str, **placeholders: str) -> ServiceValidationError:
    """Refuse a number by name: of fifty recipients one has to be taken out. It is whom the user wrote to, no caller."""
    return wrong_input(key, number=number, **placeholders)


def _unreadable(reason: str) -> HomeAssistantError:
    return HomeAssistantError(
        translation_domain=DOMAIN, translation_key="consent_unreadable", translation_placeholders={"reason": reason}
    )
