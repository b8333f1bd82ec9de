"""Switches for what the vendor's page leaves open: each reading of it can be played, everywhere or per action.

The defaults are the page's samples to the letter.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, Literal, get_args, get_origin, get_type_hints

from simulator.engine import PbxError

# Words in which a PBX may refuse a key. The page has none; the first is our default.
CREDENTIALS_TEXTS = (
    "Invalid API user or key",
    "Authentication failed",
    "Access denied: unknown api_key",
    "The api_key is not valid",
    "Login incorrect",
    "Invalid user",
    "User not found",
    "Account locked",
)
# Words that may stand for a wrong key as well as for a missing right: only what else the PBX answers tells which.
EITHER_TEXTS = ("Access denied", "Permission denied", "Forbidden", "Not allowed", "You are not authorized")
# Words in which a PBX may keep an action from a user whose key is good.
PERMISSION_TEXTS = (
    "You do not have permission to use this API method",
    "Permission denied",
    "Insufficient privileges",
    "You are not allowed to use this method",
    "Forbidden",
)

ANYWHERE = "*"

HttpStatus = Literal[200, 400, 401, 403, 404, 422, 500]


@dataclass(frozen=True, slots=True, kw_only=True)
class Quirks:
    """One action's way of answering."""

    error_status: HttpStatus = 200  # of a refused request
    credentials_status: HttpStatus = 200  # of a wrong user or key
    permission_status: HttpStatus = 200  # of an action the user may not use
    credentials_text: str = CREDENTIALS_TEXTS[0]
    permission_text: str = PERMISSION_TEXTS[0]
    content_type: str | None = None  # None = the format's own, "" = no header at all
    packing: Literal["none", "gzip", "deflate"] = "none"  # on the wire, for clients that say they can read it
    byte_order_mark: bool = False
    leading_whitespace: bool = False
    whitespace: Literal["compact", "pretty", "ragged"] = "compact"
    php_escapes: bool = False  # JSON with \/ and \u00e4, as PHP writes it unasked
    shuffled_keys: bool = False
    extra_fields: bool = False  # fields of a later version
    empty_maps: Literal["list", "object", "null", "blank", "absent"] = "list"  # page: "agents": []
    sequential_maps: Literal["list", "object"] = "list"  # a map keyed 0..n-1, such as a lone queue "0"
    empties: Literal["page", "shown", "absent"] = "page"  # keys with nothing in them; page: some are left out
    numbers: Literal["page", "strings", "numbers", "numeric_check"] = "page"  # page: nearly all are strings
    zeros: Literal["page", "blank", "null"] = "page"
    blanks: Literal["page", "null", "absent"] = "page"  # page: ""
    durations: Literal[
        "page", "seconds", "suffixed", "ago", "waiting", "lettered", "clock", "delta", "retry", "words"
    ] = "page"
    never: str = ""  # `lastcall` of an agent who has taken no call
    other_data: Literal["full", "page", "none"] = "full"  # page: neither pause nor login
    avail_ignores_pause: bool = False
    waiting_count: Literal["callers", "zero"] = "callers"  # page: "0" beside one who waits
    consent_keys: Literal["page", "json", "xml"] = "page"  # page: the JSON sample and the XML sample disagree
    repeated_message_id: bool = False
    rows: Literal["prompt", "late", "ragged"] = "prompt"  # a record's row is there at once, after 90 s, or up to 90 s
    ties: Literal["steady", "shuffled"] = "steady"  # records of the same second, from one answer to the next
    page_cap: Literal[0, 20, 100] = 0  # the most rows of an answer, whatever was asked for; 0 = no such limit
    cap_cuts_pages: bool = False  # page 1 of 1,000 then begins at row 1,000, and what the cap cut off is on no page
    unique_ids: Literal["page", "digits", "padded", "named"] = "page"  # page: 1438187640.11
    report_columns: Literal["asked", "fewer", "reordered"] = "asked"
    late_failures: bool = False  # a text that failed reads "success" for a minute
    marks: Literal["prompt", "late"] = "prompt"  # voicemail and fax are known with the row, or 90 s after it
    hidden_number: Literal[
        "page", "0000000000", "+10000000000", "1000000000", "266696687", "7378742833", "86282452253", "-1"
    ] = "page"  # a caller without a number in the CDR: words, zeros, or ANONYMOUS, RESTRICTED, UNAVAILABLE as keys
    time_zones: Literal["any", "country_city"] = "any"  # a report's; the stricter one refuses UTC and GMT
    report_reach: Literal["all", "cut", "refused", "span"] = "all"  # 90 days back: no older rows, no such `from`;
    # span: no range longer than that
    filters: Literal["page", "left_messages", "billable", "overseas", "numbers_at_ends", "users_at_ends"] = "page"
    # what a report's filters mean: `voicemail` a message, not a visit; `duration` no ringing; `international` not the
    # Caribbean, but unanswered calls too; numbers and users at the ends of a call only, none dialed or shown, no agents
    taken_calls: Literal["queue", "agent"] = "queue"  # the destination of a queue's call that an agent took
    totals: Literal["all", "page"] = "all"  # what `total_results` counts
    order: Literal["asked", "newest_first"] = "asked"  # whatever was asked for
    repeated_rows: bool = False  # a page's first row is also its last one
    tables: Literal["whole", "empty_results", "no_results", "empty_columns", "no_columns"] = "whole"
    stray_rows: Literal["no", "null", "text", "number"] = "no"  # one that is no row, after the first of each list
    consent_lists: Literal["whole", "part", "unknown_key", "no_numbers"] = "whole"  # part: 500 counted, one listed
    values: Literal[
        "page", "huge_durations", "far_dates", "odd_dates", "long_statuses", "odd_words", "capitals", "no_ids"
    ] = "page"
    values_of: str = ""  # the ids of the rows that have such values, a comma list; none = all rows
    characters: Literal["utf8", "latin1", "halves", "control"] = "utf8"  # JSON with a byte per accented letter, with
    # emoji cut in half (a lone \ud83d), with control characters as they are
    array_names: Literal["both", "bare", "brackets"] = "both"  # which of `columns` and `columns[]` is read
    body_encodings: Literal["any", "json", "xml", "form"] = "any"  # fields in any other body are not seen

    def changed(self, values: Mapping[str, Any]) -> Quirks:
        """Return these with other values; PbxError for a switch or a value that does not exist."""
        for name, value in values.items():
            _check(name, value)
        return replace(self, **values)


_HINTS = get_type_hints(Quirks)
NAMES = tuple(field.name for field in fields(Quirks))


def _check(name: str, value: Any) -> None:
    if name not in _HINTS:
        raise PbxError(f"Unknown quirk '{name}'. Known: {', '.join(NAMES)}")
    hint = _HINTS[name]
    if get_origin(hint) is Literal:
        if value not in get_args(hint):
            raise PbxError(f"Quirk '{name}' is one of: {', '.join(map(str, get_args(hint)))}")
    elif not isinstance(value, hint):
        raise PbxError(f"Quirk '{name}' has the wrong type")


def describe() -> str:
    """Return every quirk with its values, the default first, a line each."""
    return "\n".join(f"{field.name}: {_values(_HINTS[field.name], field.default)}" for field in fields(Quirks))


def _values(hint: Any, default: Any) -> str:
    if get_origin(hint) is Literal:
        return ", ".join(map(str, sorted(get_args(hint), key=lambda value: value != default)))
    return "false, true" if hint is bool else "any text"


class QuirkBoard:
    """The switches: for all actions, and for single ones (`status.users`), which win."""

    def __init__(self) -> None:
        self._set: dict[str, dict[str, Any]] = {}
        self._made: dict[str, Quirks] = {}

    def of(self, action: str) -> Quirks:
        """Return an action's quirks."""
        if action not in self._made:
            self._made[action] = Quirks().changed(self._set.get(ANYWHERE, {}) | self._set.get(action, {}))
        return self._made[action]

    def set(self, action: str, values: Mapping[str, Any]) -> None:
        """Turn switches for an action, or for all (`*`)."""
        Quirks().changed(values)
        self._set.setdefault(action, {}).update(values)
        self._made.clear()

    def clear(self, action: str | None = None) -> None:
        """Turn an action's switches back, or with None all of them."""
        if action is None:
            self._set.clear()
        else:
            self._set.pop(action, None)
        self._made.clear()

    def as_dict(self) -> dict[str, dict[str, Any]]:
        """Return what is switched, by action."""
        return {action: dict(values) for action, values in self._set.items()}
