"""Pseudonyms for an answer of the PBX: whom it is about is replaced, one for one; how it is written stays.

A name becomes letters of the same alphabet and case, a phone number another one of its region, an address another
address of its kind; whatever was equal stays equal, in all answers together. What stays is the PBX's own: the fields'
names, its words for states, counts, times and spans, so that a reader meets what it met at the office.
"""

from collections.abc import Callable, Collection, Mapping
import re
from secrets import SystemRandom
from typing import Any, Final
from unicodedata import category

from .. import phone_numbers

# Fields in which the PBX speaks of itself: states, counts, times.
_PLAIN: Final = frozenset({
    "admins", "agent_queue_id", "attempt", "avail", "billable_duration", "bridged", "call_ratio",
    "callcount", "calls_in", "calls_out", "columns", "complete", "context_id", "date", "device", "direction",
    "display_contacts_form", "elapsed", "fax_stats", "hangup_on_disposition",
    "hide_number_in_caller_id", "holdtime", "hunt", "id", "last_provision_delta", "last_provisioned",
    "lastcall", "locked", "lost", "machine_context_id", "machine_rule_id", "machine_step_id", "max_attempts",
    "min_callback_time", "next_retry", "page", "paused", "penalty", "port", "priority", "provisioned",
    "queue_hold_duration", "queue_talk_duration", "result", "results_limit", "results_offset", "rule_id",
    "script_id", "status", "step_id", "subscribed_at", "tid", "timestamp", "total_results",
    "total_subscribers", "total_unsubscribers", "type", "unsubscribed_at", "users", "vmail", "wait_time",
    "waiting",
})  # fmt: skip
# Maps whose keys are names of the office and not the PBX's.
_NAMED: Final = frozenset({"agents", "queues"})
# Maps whose every value is a count.
_COUNTERS: Final = frozenset({"fax_stats"})
# Lists that a PBX may also send as a map, with an id for a key.
_LISTED: Final = frozenset({"conferences", "dialer", "logs", "provisioning", "results", "users"})
# Of the PBX's own words none is longer; what is may be somebody's sentence.
_LONGEST_WORDS: Final = 40
# Words that a text about somebody shares with all others.
_WORDS: Final = frozenset({
    "ago", "call", "calls", "day", "days", "disabled", "dynamic", "enabled", "fax", "hour", "hours", "http",
    "https", "in", "iax2", "internal", "local", "login", "min", "mins", "minute", "minutes", "none", "null",
    "paused", "pjsip", "queue", "ringinuse", "sec", "second", "seconds", "secs", "sip", "unset", "was", "week",
    "weeks",
})  # fmt: skip
_LONGEST_COUNT: Final = 6  # digits: a longer number may be somebody's wherever it stands
_TRIES: Final = 200

_PART = re.compile(
    r"""
    (?P<id>(?<!\d)1\d{9}\.\d{1,6}(?!\d))  # of a call: a time and a count
    | (?P<time>(?<!\d)\d{4}-\d\d-\d\d(?:[ T]\d\d:\d\d(?::\d\d)?)?(?!\d))
    | (?P<span>(?<!\d)\d{1,5}(?=\ ?(?:s|sec|secs|seconds?|mins?|minutes?|hours?|days?|weeks?)\b))
    | (?P<address>(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?![\d.]))
    | (?P<mac>(?<![0-9A-Za-z])(?=\d*[A-Fa-f]|..[:-])[0-9A-Fa-f]{2}(?:[:-]?[0-9A-Fa-f]{2}){5}(?![0-9A-Za-z]))
    | (?P<number>\+?\(?\d(?:[ ().-]{0,2}\d){6,})
    | (?P<digits>\d{2,})
    | (?P<word>[^\W\d_]{2,})
    """,
    re.VERBOSE,
)


class Pseudonyms:
    """The replacements of one download; another one has others. `region` is that of numbers without a country."""

    def __init__(self, region: str) -> None:
        self._region = region
        self._random = SystemRandom()
        self._given: dict[str, str] = {}
        self._taken: set[str] = set()
        self._real: set[str] = set()
        self._hosts = [str(host) for host in range(1, 255)]

    def answers(self, documents: Mapping[str, Any]) -> dict[str, Any]:
        """Return answers, parsed JSON of any shape, without whom they are about."""
        # Twice: nobody is to get the name of somebody whom a later answer tells of.
        for document in documents.values():
            self._answer(document)
        self._real = set(self._given)
        # Neither is one of them to look like somebody's extension.
        self._hosts = [host for host in map(str, range(1, 255)) if host not in self._real] or self._hosts
        self._given.clear()
        self._taken.clear()
        return {name: self._answer(document) for name, document in documents.items()}

    def _answer(self, document: Any) -> Any:
        columns = document.get("columns") if isinstance(document, dict) else None
        return self._value("", document, columns if isinstance(columns, list) else ())

    def _text(self, text: str) -> str:
        """Return a text about somebody, about somebody else."""
        if phone_numbers.hides(text):
            return text
        return _PART.sub(self._part, text)

    def _value(self, field: str, value: Any, columns: Collection[Any] = ()) -> Any:
        match value:
            case dict():
                named = field in _NAMED or (field in _LISTED and all(isinstance(row, dict) for row in value.values()))
                return {
                    self._text(key) if named or not key.isidentifier() else key: self._value(
                        # The rows of such a map are rows of its kind, and no fields.
                        f"{field} row" if named else field if field in _COUNTERS else key,
                        item,
                        columns,
                    )
                    for key, item in value.items()
                }
            case list() if field == "results" and columns:
                return [self._row(row, columns) for row in value]
            case list():
                return [self._value(field, item) for item in value]
            case bool() | None:
                return value
            case str():
                return value if self._is_plain(field, value) else self._text(value)
        return self._number(field, value)

    def _row(self, row: Any, columns: Collection[Any]) -> Any:
        """Return a row of a report, whose cells are named by the columns."""
        if not isinstance(row, list):
            return self._value("", row)
        names = [*map(str, columns), *[""] * len(row)]
        return [self._value(name, cell) for name, cell in zip(names, row, strict=False)]

    def _is_plain(self, field: str, text: str) -> bool:
        if field not in _PLAIN or len(text) > _LONGEST_WORDS or "@" in text:
            return False
        return not any(_is_somebodys(match) for match in _PART.finditer(text))

    def _number(self, field: str, value: Any) -> Any:
        """Return a JSON number; a whole one may be a phone's, or that of an extension."""
        if isinstance(value, float) and not value.is_integer():
            return value
        written = str(int(value))
        if field in _PLAIN and len(written) <= _LONGEST_COUNT:
            return value
        return type(value)(self._text(written))

    def _part(self, match: re.Match[str]) -> str:
        text = match[0]
        match match.lastgroup:
            case "number":
                return self._phone_number(text)
            case "address":
                return self._new(text, lambda: f"192.0.2.{self._random.choice(self._hosts)}")
            case "mac":
                plain = text.casefold()
                return _like(text, self._new(plain, lambda: self._digits(plain, "0123456789abcdef")))
            case "digits":
                return self._new(text, lambda: self._digits(text, "0123456789"))
            case "word" if text.casefold() not in _WORDS and not phone_numbers.hides(text):
                plain = text.casefold()
                return _like(text, self._new(plain, lambda: "".join(map(self._letter, plain))))
        return text

    def _phone_number(self, written: str) -> str:
        """Return another number of the same region, as valid as this one, in the same spelling."""
        if phone_numbers.hides(written):
            return written
        digits = phone_numbers.digits(written)
        ours = _without_country(digits)
        kept = 3 if len(ours) == phone_numbers.TEN else len(ours) // 2

        def another() -> str:
            tail = "".join(self._random.choices("0123456789", k=len(ours) - kept - 1))
            return f"{ours[:kept]}{self._random.choice('23456789')}{tail}"

        kind = self._kind(digits)
        new = self._new(ours, another, lambda one: self._kind(digits.removesuffix(ours) + one) == kind)
        left = iter(digits.removesuffix(ours) + new)
        return "".join(next(left) if char.isdecimal() else char for char in written)

    def _kind(self, digits: str) -> tuple[object, ...]:
        """Return how a number is read: in how many digits, with which country, or not at all."""
        number = phone_numbers.outside(digits, self._region)
        return phone_numbers.hides(digits), number and (len(number), number[:2])

    def _new(self, plain: str, another: Callable[[], str], fits: Callable[[str], bool] = lambda _: True) -> str:
        """Return a text's pseudonym: nobody else's, and no one's own name."""
        if plain not in self._given:
            for tried in range(2 * _TRIES):
                new = another()
                good = new != plain and new not in self._real and fits(new)
                # There may be no good one: of two digits there are but ninety.
                if new not in self._taken and (good or tried > _TRIES):
                    break
            self._taken.add(new)
            self._given[plain] = new
        return self._given[plain]

    def _digits(self, text: str, alphabet: str) -> str:
        """Return as many digits; one that begins with a zero goes on doing so, for it is no number otherwise."""
        first = "0" if text[0] == "0" else self._random.choice("123456789")
        return first + "".join(self._random.choice(alphabet) if char in alphabet else char for char in text[1:])

    def _letter(self, letter: str) -> str:
        """Return another letter of the same alphabet: they lie side by side in Unicode."""
        begin = ord(letter) & ~0x1F
        near = [char for char in map(chr, range(begin, begin + 0x20)) if category(char) == category(letter)]
        return self._random.choice([char for char in near if len(char.casefold()) == 1 == len(char.upper())] or near)


def _is_somebodys(match: re.Match[str]) -> bool:
    return match.lastgroup in ("address", "mac", "number")


def _like(written: str, new: str) -> str:
    """Return a pseudonym in the case of what it stands for."""
    if len(written) != len(new):
        return new
    return "".join(char.upper() if old.isupper() else char for old, char in zip(written, new, strict=True))


def _without_country(digits: str) -> str:
    """Return the part of a number that its spellings share: with a country or without, dialed from abroad or not."""
    ours = re.sub(r"^(?:011|00)(?=\d{8})", "", digits)
    return ours[1:] if len(ours) == phone_numbers.TEN + 1 and ours[0] == "1" else ours
