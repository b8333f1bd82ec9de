"""A clock that stands still: what pauses by it would do so for ever."""

from collections.abc import Callable
from types import ModuleType
from typing import Any, Final

from custom_components.dls_pbx.api import transport
from custom_components.dls_pbx.statistics import series

# Modules, the names of their pauses, and what these are instead: a refusal in doubt is asked again at once, and who
# waits for the recorder waits for a thread, which no stopped clock holds up.
_NO_PAUSES: Final[tuple[tuple[ModuleType, str, Any], ...]] = (
    (transport, "PAUSE", 0),
    (series, "PATIENCE", (0,) * 1000),
)


def forget_pauses(change: Callable[[ModuleType, str, Any], None] = setattr) -> None:
    """Let nothing pause any more: in this process, or as long as what changes the modules wants it."""
    for pause in _NO_PAUSES:
        change(*pause)
