"""Filters of the report. The page names the types only; what each means here stands beside it in the tables.

Switches (`FLAGS`) take no value. Measures (`NUMBERS`) need an operator and numbers, in seconds or pages.
Choices (`CHOICES`) take one value or several; a record matches `=` (the default) if it has any of them, `!=` if none.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from operator import eq, ge, gt, le, lt, ne

from simulator.engine import PbxError
from simulator.models import CallRecord, Direction, Extension
from simulator.report.request import FilterGroup, Rule
from simulator.report.text import is_international, is_toll_free, us_digits

type Matches = Callable[[CallRecord], bool]
type Groups = Mapping[str, Collection[str]]  # name to auth ids

FLAGS: dict[str, Matches] = {
    "bridged": lambda call: call.bridged,
    "transferred": lambda call: call.transferred,
    "blind_transferred": lambda call: call.blind_transferred,
    "attended_transferred": lambda call: call.attended_transferred,
    "forwarded": lambda call: call.forwarded,
    "parked": lambda call: call.parked,
    # either end is a number outside North America
    "international": lambda call: is_international(call.src) or is_international(call.dst),
    # the call left the PBX for one: only that is charged
    "international_outbound": lambda call: _leaves(call) and is_international(call.dst),
    # either end, or what was dialed, is free for the caller
    "tollfree": lambda call: any(map(is_toll_free, (call.src, call.dst, call.dst_original))),
    # it came in on one of the PBX's toll free numbers, which pays for it
    "tollfree_inbound": lambda call: _comes_in(call) and is_toll_free(call.dst_original),
    "recorded": lambda call: bool(call.recording_link),
    "voicemail": lambda call: call.voicemail,
    "fax": lambda call: call.fax,
    "fax_successful": lambda call: call.fax and call.fax_successful is True,
    "fax_failed": lambda call: call.fax and call.fax_successful is False,
    "fax_detect_failed": lambda call: call.fax_detect_failed,
    "recorded_conference": lambda call: bool(call.conference and call.recording_link),
    "conference": lambda call: bool(call.conference),
    "otf_conference": lambda call: call.on_the_fly_conference,
}

NUMBERS: dict[str, Callable[[CallRecord], int]] = {
    "duration": lambda call: call.duration,  # of the whole call, ringing included
    "fax_page_count": lambda call: call.fax_pages,
}

CHOICES: dict[str, Callable[[CallRecord], set[str]]] = {
    "direction": lambda call: {call.direction},
    # a phone number at either end
    "tn": lambda call: {_digits(call.src), _digits(call.dst)},
    # a number of the PBX's own, dialed from outside
    "pbxtn": lambda call: {_digits(call.dst_original)} if _comes_in(call) else set(),
    # a user at either end or an agent, by auth id, extension or `extension@tenant`
    "users": lambda call: _auth_ids(call) | _extensions(call),
    # a user at either end, by the tenant's name
    "tenant_users": lambda call: {user.tenant for user in _users(call)},
    "conferences": lambda call: {call.conference} - {""},
}

# a user at either end or an agent, by a list that holds him; the PBX has groups of users and queues with members
LISTS = ("group_users", "groups", "queue_users")
_COMPARISONS: dict[str, Callable[[float, float], bool]] = {"=": eq, "!=": ne, ">": gt, ">=": ge, "<": lt, "<=": le}
_RANGES = {"between": True, "!between": False}
TYPES = (*FLAGS, *NUMBERS, *CHOICES, *LISTS)


def read_groups(groups: Iterable[FilterGroup], user_groups: Groups, queue_members: Groups) -> Matches:
    """Return whether a record is to be shown: every including group matches and no excluding one does."""
    include: list[Matches] = []
    exclude: list[Matches] = []
    for group in groups:
        if group.exclusivity not in ("include", "exclude"):
            raise PbxError(f"Unknown exclusivity of a filter group: {group.exclusivity}")
        (include if group.exclusivity == "include" else exclude).append(_group(group, user_groups, queue_members))
    return lambda call: all(matches(call) for matches in include) and not any(matches(call) for matches in exclude)


def _group(group: FilterGroup, user_groups: Groups, queue_members: Groups) -> Matches:
    if group.logical_operator not in ("and", "or"):
        raise PbxError(f"Unknown logical operator of a filter group: {group.logical_operator}")
    if not group.rules:
        raise PbxError("A filter group needs at least one rule")
    combine = all if group.logical_operator == "and" else any
    rules = [_rule(rule, queue_members if rule.type == "queue_users" else user_groups) for rule in group.rules]
    return lambda call: combine(matches(call) for matches in rules)


def _rule(rule: Rule, lists: Groups) -> Matches:
    if rule.type in FLAGS:
        if rule.operator or rule.value is not None:
            raise PbxError(f"The filter {rule.type} takes no operator and no value")
        return FLAGS[rule.type]
    if rule.type in NUMBERS:
        return _measure(rule, NUMBERS[rule.type])
    if rule.type in CHOICES:
        wanted = {_digits(value) for value in _values(rule)} if rule.type in ("tn", "pbxtn") else set(_values(rule))
        if rule.type == "direction" and (unknown := wanted - set(Direction)):
            raise PbxError(f"Unknown direction: {', '.join(sorted(unknown))}")
        return _choice(rule, wanted, CHOICES[rule.type])
    if rule.type in LISTS:
        return _choice(rule, _listed(rule, lists), _auth_ids)
    raise PbxError(f"Unknown filter type: {rule.type}")


def _measure(rule: Rule, value_fn: Callable[[CallRecord], int]) -> Matches:
    if rule.operator in _RANGES:
        low, high = _number(rule, rule.lower_value), _number(rule, rule.upper_value)
        return lambda call: (low <= value_fn(call) <= high) is _RANGES[rule.operator]
    if rule.operator not in _COMPARISONS:
        raise PbxError(f"Unknown operator of the filter {rule.type}: {rule.operator}")
    compare, wanted = _COMPARISONS[rule.operator], _number(rule, rule.value)
    return lambda call: compare(value_fn(call), wanted)


def _choice(rule: Rule, wanted: set[str], value_fn: Callable[[CallRecord], set[str]]) -> Matches:
    if rule.operator not in ("", "=", "!="):
        raise PbxError(f"Unknown operator of the filter {rule.type}: {rule.operator}")
    return lambda call: wanted.isdisjoint(value_fn(call)) is (rule.operator == "!=")


def _values(rule: Rule) -> list[str]:
    values = [rule.value] if isinstance(rule.value, str) else list(rule.value or ())
    if not any(values):
        raise PbxError(f"The filter {rule.type} needs a value")
    return values


def _listed(rule: Rule, lists: Groups) -> set[str]:
    if unknown := set(_values(rule)) - lists.keys():
        raise PbxError(f"Unknown value of the filter {rule.type}: {', '.join(sorted(unknown))}")
    return {auth_id for name in _values(rule) for auth_id in lists[name]}


def _number(rule: Rule, text: object) -> float:
    try:
        return float(str(text))
    except ValueError:
        raise PbxError(f"The filter {rule.type} needs a number") from None


def _digits(number: str) -> str:
    return us_digits(number) or number.removeprefix("+")


def _users(call: CallRecord) -> list[Extension]:
    return [user for user in (call.src_user, call.dst_user) if user]


def _auth_ids(call: CallRecord) -> set[str]:
    return {user.auth_id for user in _users(call)} | set(call.involved_agents)


def _extensions(call: CallRecord) -> set[str]:
    return {name for user in _users(call) for name in (user.ext, f"{user.ext}@{user.tenant}")}


def _comes_in(call: CallRecord) -> bool:
    return call.direction in (Direction.INBOUND, Direction.DIRECT_INBOUND, Direction.HAIRPIN)


def _leaves(call: CallRecord) -> bool:
    return call.direction in (Direction.OUTBOUND, Direction.HAIRPIN)
