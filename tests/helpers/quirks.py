"""Quirks, each with every value that it can have; and which of them are not about how an answer is written."""

from typing import Any, get_args, get_type_hints

from simulator.quirks.switches import CREDENTIALS_TEXTS, PERMISSION_TEXTS, Quirks

_WORDS: dict[str, tuple[Any, ...]] = {
    "content_type": ("text/html; charset=ISO-8859-1", "text/plain", ""),
    "never": ("never", "Never used", "N/A", "0"),
    "credentials_text": CREDENTIALS_TEXTS,
    "permission_text": PERMISSION_TEXTS,
    "values_of": (),  # means nothing without `values`
}


def _values(name: str, hint: Any) -> tuple[Any, ...]:
    """Return what a quirk can be, but for its default."""
    values = _WORDS[name] if name in _WORDS else (True,) if hint is bool else get_args(hint)
    return tuple(value for value in values if value != getattr(Quirks(), name))


EVERY_QUIRK = tuple((name, value) for name, hint in get_type_hints(Quirks).items() for value in _values(name, hint))

# They change requests, refusals or records, or spoil what is said: the same facts can't come out.
NOT_ABOUT_ANSWERS = frozenset(
    {
        "credentials_status",
        "permission_status",
        "credentials_text",
        "permission_text",
        "repeated_message_id",
        "rows",
        "ties",
        "page_cap",
        "cap_cuts_pages",
        "unique_ids",
        "report_columns",
        "late_failures",
        "marks",
        "hidden_number",
        "time_zones",
        "report_reach",
        "filters",
        "taken_calls",
        "totals",
        "order",
        "repeated_rows",
        "tables",
        "stray_rows",
        "consent_lists",
        "values",
        "values_of",
        "characters",
        "array_names",
        "body_encodings",
    }
)
