"""Asterisk behind the vendor's API: live status over its manager interface, records from its logs.

The manager user needs these rights at least: `read = system,call,agent,reporting` and
`write = system,call,reporting,command`. `system` tells when Asterisk has come up or reloaded, and lists the phones;
`command` is for `fax show stats` alone, which the interface has no action for.
"""

from simulator.asterisk.pbx import AsteriskPbx
from simulator.asterisk.settings import Settings

__all__ = ["AsteriskPbx", "Settings"]
