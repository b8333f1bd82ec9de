"""Troubles: every fault, every quirk, each in every way that it has."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from simulator.control.commands import Control
from simulator.faults.orders import FaultKind
from tests.helpers.faults import FAULTS, WITHOUT_END
from tests.helpers.quirks import EVERY_QUIRK

# Quirks of how something is refused show only while something is.
_REFUSED_BY: Final[Mapping[str, FaultKind]] = {
    "error_status": FaultKind.ECHOED_KEY,
    "credentials_status": FaultKind.WRONG_KEY,
    "credentials_text": FaultKind.WRONG_KEY,
    "permission_status": FaultKind.NO_PERMISSION,
    "permission_text": FaultKind.NO_PERMISSION,
}
# With these the PBX says something else than what is: what is made of it cannot be what is made of the truth.
_SAYS_OTHERWISE: Final = frozenset(
    {"values", "characters", "consent_lists", "filters", "taken_calls", "report_reach", "marks", "rows", "page_cap"}
)


@dataclass(frozen=True, slots=True)
class Trouble:
    """One thing that can be wrong with an action: it fails, or it is read otherwise than the vendor's page has it."""

    name: str
    fault: FaultKind | None = None
    options: Mapping[str, Any] = field(default_factory=dict)
    quirk: Mapping[str, Any] = field(default_factory=dict)

    @property
    def row(self) -> str:
        """Return what it is a way of."""
        return next(iter(self.quirk), None) or str(self.fault)

    @property
    def takes_time(self) -> bool:
        """Whether its answers are waited for until they are given up."""
        return self.fault in WITHOUT_END

    @property
    def is_untrue(self) -> bool:
        """Whether the PBX says something else than what is, or nothing that anybody could count in."""
        return bool(self.quirk.keys() & _SAYS_OTHERWISE) or self.quirk.get("durations") == "words"

    @property
    def is_garbled(self) -> bool:
        """Whether it says in words that nobody knows what things are."""
        return self.quirk.get("values") == "odd_words"

    def begin(self, control: Control, action: str) -> None:
        """Let an action (`*`: all of them) have it until it is healed."""
        if self.quirk:
            control.quirk(action, **self.quirk)
        if self.fault:
            control.fail(action, self.fault, None, **self.options)


def end(control: Control) -> None:
    """Let everything be well again."""
    control.heal()
    control.plain()


def _named(name: str, options: Mapping[str, Any]) -> str:
    return " ".join([name, *(f"{key}={value}" for key, value in options.items())])


def _all() -> Iterator[Trouble]:
    for kind, options in FAULTS:
        yield Trouble(_named(kind, options), kind, options)
    for name, value in EVERY_QUIRK:
        yield Trouble(f"{name}={value}", _REFUSED_BY.get(name), quirk={name: value})


TROUBLES: Final = tuple(_all())
