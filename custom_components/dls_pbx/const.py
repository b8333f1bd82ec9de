"""Names that several modules share."""

import logging
from typing import Final

DOMAIN: Final = "dls_pbx"
LOGGER: Final = logging.getLogger(__package__)
MANUFACTURER: Final = "DLS Internet Services"

CONF_PHONES: Final = "phones"
