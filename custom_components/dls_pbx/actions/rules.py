"""Rules of the call report's filters: each has what its type compares with, or the PBX is not asked."""

from collections.abc import Mapping
from math import isfinite
from typing import Any

from ..api import cdr
from ..errors import wrong_input
from ..phone_numbers import LONGEST_EXTENSION
from .written import Bare, quoted


def checked_rule(rule: Mapping[str, Any]) -> dict[str, Any]:
    """Return a rule as the PBX takes it; raises ServiceValidationError for one that makes no sense."""
    kind, value = rule["type"], rule.get("value")
    # The UI makes a list of a single value too; a comparison takes just the value.
    value = value[0] if isinstance(value, list) and len(value) == 1 else value
    value = None if value in ("", []) else value
    if kind in cdr.MEASURES:
        _check_measure(rule, value)
    elif kind in cdr.CHOICES:
        _check_choice(rule, value)
    elif rule.get("operator") or value is not None:
        # `value: false` would find the very calls that are not wanted.
        raise wrong_input("rule_takes_nothing", type=kind)
    return {name: given for name, given in {**rule, "value": value}.items() if given not in (None, "")}


def _check_measure(rule: Mapping[str, Any], value: Any) -> None:
    kind, operator = rule["type"], rule.get("operator")
    if operator is None:
        raise wrong_input("rule_needs_operator", type=kind)
    if operator in cdr.RANGES:
        lower, upper = _figure(rule.get("lower_value")), _figure(rule.get("upper_value"))
        if lower is None or upper is None or lower > upper:
            raise wrong_input("rule_needs_range", type=kind)
    elif value is None:
        raise wrong_input("rule_needs_value", type=kind)
    elif _figure(value) is None:
        raise wrong_input("rule_needs_figure", type=kind)


def _check_choice(rule: Mapping[str, Any], value: Any) -> None:
    if rule.get("operator") not in (None, *cdr.EQUALITIES):
        raise wrong_input("rule_cannot_compare", type=rule["type"])
    if value is None or (isinstance(value, list) and not all(str(one).strip() for one in value)):
        raise wrong_input("rule_needs_value", type=rule["type"])
    if rule["type"] in cdr.NUMBERS:
        for one in value if isinstance(value, list) else [value]:
            if isinstance(one, int | float) and len(str(int(one))) > LONGEST_EXTENSION:
                # Its plus may be lost.
                quoted("value", Bare(one))


def _figure(value: Any) -> float | None:
    try:
        figure = float(value)
    except TypeError, ValueError:
        return None
    return figure if isfinite(figure) else None
