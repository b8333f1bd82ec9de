"""Names that several modules share, and what the options are when nobody has chosen."""

from enum import StrEnum
import logging
from typing import Final

DOMAIN: Final = "dls_pbx"
LOGGER: Final = logging.getLogger(__package__)
MANUFACTURER: Final = "DLS Internet Services"

CONF_PHONES: Final = "phones"

CONF_SERVICE_LEVEL_THRESHOLD: Final = "service_level_threshold"  # seconds
CONF_SERVICE_LEVEL_GOAL: Final = "service_level_goal"  # per cent
CONF_SHORT_ABANDON_THRESHOLD: Final = "short_abandon_threshold"  # seconds
CONF_SMS_CONSENT: Final = "sms_consent"
CONF_BACKFILL_DAYS: Final = "backfill_days"

DEFAULT_SERVICE_LEVEL_THRESHOLD: Final = 20
DEFAULT_SERVICE_LEVEL_GOAL: Final = 80
DEFAULT_SHORT_ABANDON_THRESHOLD: Final = 5
DEFAULT_BACKFILL_DAYS: Final = 30


class SmsConsent(StrEnum):
    """Whom texts go to: everyone, all but those who opted out, or only those who opted in."""

    OFF = "off"
    NOT_OPTED_OUT = "not_opted_out"
    OPTED_IN = "opted_in"


DEFAULT_SMS_CONSENT: Final = SmsConsent.NOT_OPTED_OUT

SUBENTRY_SMS_RECIPIENT: Final = "sms_recipient"
CONF_RECIPIENTS: Final = "recipients"
CONF_ACCOUNT_CODE: Final = "account_code"
