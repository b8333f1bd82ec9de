"""Filters of the report. The page names the types only; what each means here stands beside it in the tables.

Switches (`FLAGS`) take no value. Measures (`NUMBERS`) need an operator and numbers, in seconds or pages.
Choices (`CHOICES`) take one value or several; a record matches `=` (the default) if it has any of them, `!=` if none.
Other meanings that the page's words allow stand in `READINGS`.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from operator import eq, ge, gt, le, lt, ne
from typing import Any

from simulator.engine import PbxError
from simulator.models import CallRecord, Direction, Extension
from simulator.report.request import FilterGroup, Rule
from simulator.report.text import is_caribbean, is_international, is_toll_free, us_digits

type Matches = Callable[[CallRecord], bool]
type Groups = Mapping[str, Collection[str]]  # name to auth ids
type Values = Callable[[CallRecord, "People"], set[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """Who is who: the PBX has groups of users, queues with members, tenants with users."""

    groups: Groups = field(default_factory=dict)
    members: Groups = field(default_factory=dict)
    users: Mapping[str, Extension] = field(default_factory=dict)  # by auth id
    tenants: Collection[str] = ()


FLAGS: dict[str, Matches] = {
    "bridged": lambda call: call.bridged,
    "transferred": lambda call: call.transferred,
    "blind_transferred": lambda call: call.blind_transferred,
    "attended_transferred": lambda call: call.attended_transferred,
    "forwarded": lambda call: call.forwarded,
    "parked": lambda call: call.parked,
    # either end is a number in another country; Canada is none to those who charge
    "international": lambda call: _abroad(call.src) or _abroad(call.dst),
    # the call left the PBX for one and was taken there: only that is charged
    "international_outbound": lambda call: _taken_outside(call) and _abroad(call.dst),
    # either end, or what was dialed, is free for the caller
    "tollfree": lambda call: any(map(is_toll_free, (call.src, call.dst, call.dst_original))),
    # it came in on one of the PBX's toll free numbers, which pays for it
    "tollfree_inbound": lambda call: _comes_in(call) and is_toll_free(call.dst_original),
    "recorded": lambda call: bool(call.recording_link),
    # also of those who hung up before they said a word
    "voicemail": lambda call: call.voicemail,
    "fax": lambda call: call.fax,
    "fax_successful": lambda call: call.fax and call.fax_successful is True,
    "fax_failed": lambda call: call.fax and call.fax_successful is False,
    "fax_detect_failed": lambda call: call.fax_detect_failed,
    "recorded_conference": lambda call: bool(call.conference and call.recording_link),
    "conference": lambda call: bool(call.conference),
    "otf_conference": lambda call: call.on_the_fly_conference,
}

NUMBERS: dict[str, Callable[[CallRecord], int | None]] = {
    "duration": lambda call: call.duration,  # of the whole call, ringing included
    "fax_page_count": lambda call: call.fax_pages if call.fax else None,  # a voice call has no pages, not even none
}

CHOICES: dict[str, Values] = {
    "direction": lambda call, _: {call.direction},
    # a phone number at either end, dialed at first, or shown to the other side
    "tn": lambda call, _: _numbers(call.src, call.dst, call.dst_original, call.shown_number),
    # a number of the PBX's own, dialed from outside or shown there
    "pbxtn": lambda call, _: _numbers(call.dst_original if _comes_in(call) else "", call.shown_number),
    # a user at either end or an agent, by auth id, extension or `extension@tenant`
    "users": lambda call, people: set(call.involved_agents) | _spellings(_everybody(call, people)),
    # a user at either end or an agent, by the tenant's name
    "tenant_users": lambda call, people: {user.tenant for user in _everybody(call, people)},
    # a user at either end or an agent, by a list that holds him
    "group_users": lambda call, _: _auth_ids(call),
    "groups": lambda call, _: _auth_ids(call),
    "queue_users": lambda call, _: _auth_ids(call),
    "conferences": lambda call, _: {call.conference} - {""},
}

# Other meanings of the names, each set by itself.
READINGS: Mapping[str, Mapping[str, Matches | Callable[[CallRecord], int | None] | Values]] = {
    "page": {},
    "left_messages": {"voicemail": lambda call: call.left_message},
    "billable": {"duration": lambda call: call.billable_duration},
    "overseas": {
        "international": lambda call: is_international(call.src) or is_international(call.dst),
        "international_outbound": lambda call: _leaves(call) and is_international(call.dst),
    },
    "numbers_at_ends": {
        "tn": lambda call, _: _numbers(call.src, call.dst),
        "pbxtn": lambda call, _: _numbers(call.dst_original if _comes_in(call) else ""),
    },
    "users_at_ends": {
        "users": lambda call, _: _spellings(_users(call)),
        "tenant_users": lambda call, _: {user.tenant for user in _users(call)},
        **dict.fromkeys(
            ("group_users", "groups", "queue_users"), lambda call, _: {one.auth_id for one in _users(call)}
        ),
    },
}
LISTS = ("group_users", "groups", "queue_users")
_COMPARISONS: dict[str, Callable[[float, float], bool]] = {"=": eq, "!=": ne, ">": gt, ">=": ge, "<": lt, "<=": le}
_RANGES = {"between": True, "!between": False}
TYPES = (*FLAGS, *NUMBERS, *CHOICES)


def read_groups(groups: Iterable[FilterGroup], people: People, reading: str = "page") -> Matches:
    """Return whether a record is to be shown: every including group matches and no excluding one does."""
    include: list[Matches] = []
    exclude: list[Matches] = []
    for group in groups:
        if group.exclusivity not in ("include", "exclude"):
            raise PbxError(f"Unknown exclusivity of a filter group: {group.exclusivity}")
        (include if group.exclusivity == "include" else exclude).append(_group(group, people, reading))
    return lambda call: all(matches(call) for matches in include) and not any(matches(call) for matches in exclude)


def _group(group: FilterGroup, people: People, reading: str) -> Matches:
    if group.logical_operator not in ("and", "or"):
        raise PbxError(f"Unknown logical operator of a filter group: {group.logical_operator}")
    if not group.rules:
        raise PbxError("A filter group needs at least one rule")
    combine = all if group.logical_operator == "and" else any
    rules = [_rule(rule, people, reading) for rule in group.rules]
    return lambda call: combine(matches(call) for matches in rules)


def _rule(rule: Rule, people: People, reading: str) -> Matches:
    meant: Mapping[str, Any] = {**FLAGS, **NUMBERS, **CHOICES, **READINGS[reading]}
    if rule.type in FLAGS:
        if rule.operator or rule.value is not None:
            raise PbxError(f"The filter {rule.type} takes no operator and no value")
        flag: Matches = meant[rule.type]
        return flag
    if rule.type in NUMBERS:
        return _measure(rule, meant[rule.type])
    if rule.type in CHOICES:
        return _choice(rule, _wanted(rule, people), people, meant[rule.type])
    raise PbxError(f"Unknown filter type: {rule.type}")


def _wanted(rule: Rule, people: People) -> set[str]:
    """Return what a choice looks for."""
    values = set(_values(rule))
    match rule.type:
        case "tn" | "pbxtn":
            return {_digits(value) for value in values}
        case "direction":
            _check_known(rule, values, set(Direction))
        case "tenant_users":
            _check_known(rule, values, people.tenants)
        case "group_users" | "groups":
            return _listed(rule, values, people.groups)
        case "queue_users":
            return _listed(rule, values, people.members)
    return values


def _measure(rule: Rule, value_fn: Callable[[CallRecord], int | None]) -> Matches:
    if rule.operator in _RANGES:
        low, high = _number(rule, rule.lower_value), _number(rule, rule.upper_value)
        return _where(value_fn, lambda value: (low <= value <= high) is _RANGES[rule.operator])
    if rule.operator not in _COMPARISONS:
        raise PbxError(f"Unknown operator of the filter {rule.type}: {rule.operator}")
    compare, wanted = _COMPARISONS[rule.operator], _number(rule, rule.value)
    return _where(value_fn, lambda value: compare(value, wanted))


def _where(value_fn: Callable[[CallRecord], int | None], fits: Callable[[float], bool]) -> Matches:
    """Return whether a record has a value, and a fitting one."""
    return lambda call: (value := value_fn(call)) is not None and fits(value)


def _choice(rule: Rule, wanted: set[str], people: People, value_fn: Values) -> Matches:
    if rule.operator not in ("", "=", "!="):
        raise PbxError(f"Unknown operator of the filter {rule.type}: {rule.operator}")
    return lambda call: wanted.isdisjoint(value_fn(call, people)) is (rule.operator == "!=")


def _values(rule: Rule) -> list[str]:
    values = [rule.value] if isinstance(rule.value, str) else list(rule.value or ())
    if not any(values):
        raise PbxError(f"The filter {rule.type} needs a value")
    return values


def _check_known(rule: Rule, values: set[str], known: Collection[str]) -> None:
    if unknown := values - set(known):
        what = "direction" if rule.type == "direction" else f"value of the filter {rule.type}"
        raise PbxError(f"Unknown {what}: {', '.join(sorted(unknown))}")


def _listed(rule: Rule, values: set[str], lists: Groups) -> set[str]:
    _check_known(rule, values, lists.keys())
    return {auth_id for name in values for auth_id in lists[name]}


def _number(rule: Rule, text: object) -> float:
    try:
        return float(str(text))
    except ValueError:
        raise PbxError(f"The filter {rule.type} needs a number") from None


def _digits(number: str) -> str:
    """Return a number in one spelling, whatever its punctuation; a name stays what it is."""
    digits = number.translate(str.maketrans("", "", "+-(). "))
    if us_digits(number) or not digits.isdecimal():
        return us_digits(number) or number
    return f"+{digits}" if number.startswith("+") and len(digits) == len("8475550100") else digits


def _numbers(*numbers: str) -> set[str]:
    return {_digits(number) for number in numbers} - {""}


def _users(call: CallRecord) -> list[Extension]:
    return [user for user in (call.src_user, call.dst_user) if user]


def _everybody(call: CallRecord, people: People) -> list[Extension]:
    return _users(call) + [people.users[agent] for agent in call.involved_agents if agent in people.users]


def _auth_ids(call: CallRecord) -> set[str]:
    return {user.auth_id for user in _users(call)} | set(call.involved_agents)


def _spellings(users: Iterable[Extension]) -> set[str]:
    return {name for user in users for name in (user.auth_id, user.ext, f"{user.ext}@{user.tenant}")}


def _abroad(number: str) -> bool:
    return is_international(number) or is_caribbean(number)


def _taken_outside(call: CallRecord) -> bool:
    """Tell whether somebody outside took it; the PBX itself answers what comes in, and that is charged to nobody."""
    return _leaves(call) and call.billable_duration > 0 and (call.bridged or call.direction is Direction.OUTBOUND)


def _comes_in(call: CallRecord) -> bool:
    return call.direction in (Direction.INBOUND, Direction.DIRECT_INBOUND, Direction.HAIRPIN)


def _leaves(call: CallRecord) -> bool:
    return call.direction in (Direction.OUTBOUND, Direction.HAIRPIN)
