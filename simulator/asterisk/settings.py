"""Settings: where an Asterisk is, and its logs."""

from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Where an Asterisk's manager interface (AMI) listens, who logs in there, and the logs of calls that were."""

    host: str = "127.0.0.1"
    port: int = 5038
    username: str
    secret: str = field(repr=False)
    queue_log: Path
    cdr: Path  # written by cdr_custom, with the columns of `simulator.asterisk.records`
