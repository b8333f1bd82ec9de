"""Readers of the PBX's rows, one per status action; a row that did not change is not read again.

A reader takes the answer's value, the snapshot before (or None) and the circumstances, and makes the next snapshot, in
steps.
"""

from .calls import calls
from .merging import Reading, Steps
from .office import campaign_logs, campaigns, conferences, faxes, provisioning
from .queues import queues
from .users import users

__all__ = [
    "Reading",
    "Steps",
    "calls",
    "campaign_logs",
    "campaigns",
    "conferences",
    "faxes",
    "provisioning",
    "queues",
    "users",
]
