"""Consent to text messages: the PBX itself does not look at its consent lists, so we do, or it stays here.

The law is on the side of who wants no texts: where nobody can tell, nothing is sent.
"""

from collections.abc import Iterable, Sequence

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError

from .. import phone_numbers
from ..api import DlsPbxDoubtedKeyError, DlsPbxError, DlsPbxPermissionError
from ..api.models import ConsentList, ConsentLists, ListedNumber
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
        never_meant = not isinstance(err, DlsPbxDoubtedKeyError) and not lists.were_readable
        if consent is SmsConsent.NOT_OPTED_OUT and never_meant:
            # An office whose key was never meant to read lists keeps its own; the response and a repair say so.
            return False
        raise _unreadable(str(err)) from err
    except DlsPbxError as err:
        raise _unreadable(str(err)) from err
    _check(found, numbers, phone_numbers.region(hass.config.country), opted_in=consent is SmsConsent.OPTED_IN)
    return True


def _check(lists: ConsentLists, numbers: Iterable[str], region: str, *, opted_in: bool) -> None:
    if unsure := [one for one in lists.opt_out if not is_sure(one)]:
        raise _unreadable(
            f"the PBX does not say of all numbers on the opt-out list of {_name(unsure[0])} which they are"
        )
    for number in numbers:
        # First: who is on both kinds of list has opted out.
        if out := next((one for one in lists.opt_out if listed(one, number, region)), None):
            raise _refusal("opted_out", number, list=_name(out))
        if opted_in and not any(listed(one, number) for one in lists.opt_in):
            if not all(map(is_sure, lists.opt_in)):
                raise _unreadable("the PBX does not say of all numbers on its opt-in lists which they are")
            raise _refusal("not_opted_in", number)


def listed(one: ConsentList, number: str, opt_out_of: str | None = None) -> list[ListedNumber]:
    """Return what a list has of a number in E.164, however it is written there.

    `opt_out_of` is the region of an opt-out list: what may stand for the number counts there. On an opt-in list counts
    only what can be no other number.
    """
    spellings = phone_numbers.opted_out(number, opt_out_of) if opt_out_of else phone_numbers.opted_in(number)
    return [row for row in one.numbers if phone_numbers.listed_digits(row.number) in spellings]


def is_sure(one: ConsentList) -> bool:
    """Tell whether all of a list is known: every number on it, and which it is."""
    return one.complete and all(phone_numbers.listed_digits(row.number) for row in one.numbers)


def _name(one: ConsentList) -> str:
    return one.name or one.id


def _refusal(key: str, number: str, **placeholders: str) -> ServiceValidationError:
    """Refuse a number by name: of fifty recipients one has to be taken out. It is whom the user wrote to, no caller."""
    return wrong_input(key, number=number, **placeholders)


def _unreadable(reason: str) -> HomeAssistantError:
    return HomeAssistantError(
        translation_domain=DOMAIN, translation_key="consent_unreadable", translation_placeholders={"reason": reason}
    )
