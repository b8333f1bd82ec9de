"""Options of an entry: their names, what they are when nobody has chosen, and how they are read."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, Self

from homeassistant.const import CONF_TIME_ZONE

CONF_PHONES: Final = "phones"
CONF_SERVICE_LEVEL_THRESHOLD: Final = "service_level_threshold"
CONF_SERVICE_LEVEL_GOAL: Final = "service_level_goal"
CONF_SHORT_ABANDON_THRESHOLD: Final = "short_abandon_threshold"
CONF_SMS_CONSENT: Final = "sms_consent"
CONF_BACKFILL_DAYS: Final = "backfill_days"
CONF_AGENT_FIGURES: Final = "agent_figures"


class SmsConsent(StrEnum):
    """Whom texts go to: everyone, all but those who opted out, or only those who opted in."""

    OFF = "off"
    NOT_OPTED_OUT = "not_opted_out"
    OPTED_IN = "opted_in"


# What the form shows, and what counts, where nobody has chosen.
DEFAULTS: Final[Mapping[str, Any]] = {
    CONF_SMS_CONSENT: SmsConsent.NOT_OPTED_OUT.value,
    CONF_SERVICE_LEVEL_THRESHOLD: 20,  # s
    CONF_SERVICE_LEVEL_GOAL: 80,  # per cent
    CONF_SHORT_ABANDON_THRESHOLD: 5,  # s
    CONF_BACKFILL_DAYS: 30,
    CONF_AGENT_FIGURES: False,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds:
    """Seconds: within the first a call counts as answered in time, before the second giving up does not count."""

    service_level: int
    short_abandon: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """Options of one entry."""

    phones: tuple[str, ...]  # auth IDs of the phones that have devices; all of them if empty
    time_zone: str | None  # the PBX's; None = Home Assistant's
    thresholds: Thresholds
    service_level_goal: float  # per cent
    sms_consent: SmsConsent
    backfill_days: int  # 0 = none
    agent_figures: bool  # whether there are figures of people's work

    @classmethod
    def of(cls, chosen: Mapping[str, Any]) -> Self:
        """Read an entry's options."""
        options = {**DEFAULTS, **chosen}
        return cls(
            phones=tuple(options.get(CONF_PHONES, ())),
            time_zone=options.get(CONF_TIME_ZONE) or None,
            thresholds=Thresholds(
                service_level=options[CONF_SERVICE_LEVEL_THRESHOLD],
                short_abandon=options[CONF_SHORT_ABANDON_THRESHOLD],
            ),
            service_level_goal=options[CONF_SERVICE_LEVEL_GOAL],
            sms_consent=SmsConsent(options[CONF_SMS_CONSENT]),
            backfill_days=options[CONF_BACKFILL_DAYS],
            agent_figures=options[CONF_AGENT_FIGURES],
        )
