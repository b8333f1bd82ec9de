"""Faults, each in the ways in which it can be ordered."""

from typing import Any

from simulator.faults.orders import FaultKind

# An answer that does not come until somebody gives it up.
HELD_BACK = (FaultKind.SLOW, FaultKind.STALLED)
# An answer that somebody has to give up, or that is given up when it is too large.
WITHOUT_END = (*HELD_BACK, FaultKind.ENDLESS)
# What is refused may have been meant for the key: these have tests of their own.
ABOUT_THE_KEY = (
    FaultKind.WRONG_KEY,
    FaultKind.UNAUTHORIZED_HTML,
    FaultKind.SESSION_DOWN,
    FaultKind.FORBIDDEN_EMPTY,
    FaultKind.LOGIN_FAILED,
)
# What takes no options, or has more than one way.
_WAYS: dict[FaultKind, tuple[dict[str, Any], ...]] = {
    FaultKind.RATE_LIMITED: ({}, {"retry_after": 20}, {"retry_after": "Mon, 23 Nov 2026 15:10:00 GMT"}),
    FaultKind.REDIRECT: ({"to": "same_origin"}, {"to": "other_origin"}, {"to": "http", "status": 301}),
    FaultKind.OVERSIZED: ({}, {"compressed": True}),
    FaultKind.ENDLESS: ({}, {"compressed": True}),
}
FAULTS: tuple[tuple[FaultKind, dict[str, Any]], ...] = tuple(
    (kind, options) for kind in FaultKind for options in _WAYS.get(kind, ({},))
)
