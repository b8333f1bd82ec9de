"""Constants that several modules share."""

import logging
from typing import Final

DOMAIN: Final = "dls_pbx"
NAME: Final = "DLS Hosted PBX"
LOGGER: Final = logging.getLogger(__package__)
# Of the config entry: 2 = the statistics of phones' sensors are gone.
MINOR_VERSION: Final = 2
MANUFACTURER: Final = "DLS Internet Services"

SUBENTRY_SMS_RECIPIENT: Final = "sms_recipient"
CONF_RECIPIENTS: Final = "recipients"
CONF_ACCOUNT_CODE: Final = "account_code"

SUBENTRY_ADDRESS_BOOK: Final = "address_book"
CONF_BOOK_ID: Final = "book_id"  # of the file that holds it
# How much of an address book could be read.
CONF_CONTACTS: Final = "contacts"
CONF_NUMBERS: Final = "numbers"
CONF_SKIPPED: Final = "skipped"
