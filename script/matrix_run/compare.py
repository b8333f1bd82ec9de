"""Comparison with the twin: what is false, doubled, lost or still down."""

from collections import Counter
from collections.abc import Iterator
from typing import Final

from script.matrix_run.lives import Case, Moment, Outcome
from script.matrix_run.office import ANYWHERE

_UNAVAILABLE: Final = "unavailable"
# These follow what was told, or what was done: later, where that was not possible sooner.
_OWED: Final = ("pbx_callbacks", "pbx_callbacks_owed")
_FOLLOW: Final = ("pbx_connected", *_OWED, "_subscribers", "_unsubscribers")
# Seconds that pass while an answer is waited for.
_GROW: Final = ("longest_wait",)
# What only a poll can see is not seen by one that fails; what is on record is told all the same.
_SEEN: Final = ("queue:", "ring:", "call:started", "call:answered", "fax:queued")
_OVER: Final = ("call:ended", "call:missed")
_RECORDS: Final = frozenset({"reports.report", "sms.query_sms", ANYWHERE})


def complaints(case: Case, twin: Outcome, outcome: Outcome) -> Iterator[str]:
    """Yield what must not have come out of a case."""
    yield from outcome.wrong
    if not any(trouble.is_untrue for trouble, _ in case.wrong):
        yield from _made_up(case, twin.meanwhile, outcome.meanwhile)
    garbled = _is_garbled(case)
    for key in sorted(twin.after.keys() | outcome.after.keys()):
        if garbled and key.endswith(_OWED):
            continue
        if twin.after.get(key) != outcome.after.get(key):
            yield f"in the end {key} is {outcome.after.get(key)}, not {twin.after.get(key)}"
    told, told_twin = (_counted(one.told) if garbled else one.told for one in (outcome, twin))
    for what, times in (told - told_twin).items():
        yield f"told {times} times too often: {what}"
    for what, times in (told_twin - told).items():
        if not what.startswith(_SEEN) and not _is_history(case):
            yield f"told {times} times too seldom: {what}"
    for what, times in (outcome.done - twin.done).items():
        yield f"done {times} times too often: {what}"
    for what, times in (twin.done - outcome.done).items():
        yield f"done {times} times too seldom: {what}"


def _is_garbled(case: Case) -> bool:
    """Tell whether calls were told while nobody could read what kind of calls they were: once, and not again."""
    return any(trouble.is_garbled and action in _RECORDS for trouble, action in case.wrong)


def _counted(told: Counter[str]) -> Counter[str]:
    """Return how many calls were told as over, whoever called and whatever came of it."""
    found = Counter[str]()
    for what, times in told.items():
        found["call over" if what.startswith(_OVER) else what] += times
    return found


def _is_history(case: Case) -> bool:
    """Tell whether the first whole look at a record was late: what it shows was there before us."""
    return case.moment is Moment.SET_UP and any(action in _RECORDS for _, action in case.wrong)


def _made_up(case: Case, twin: dict[str, str], shown: dict[str, str]) -> Iterator[str]:
    """Yield what was shown meanwhile, and neither was so nor said to be unavailable."""
    for key, state in sorted(shown.items()):
        if state in (twin.get(key), _UNAVAILABLE) or key.endswith(_FOLLOW):
            continue
        if key.endswith(_GROW) and any(trouble.takes_time for trouble, _ in case.wrong) and state != "0":
            continue
        yield f"meanwhile {key} was {state}, not {twin.get(key)}"
