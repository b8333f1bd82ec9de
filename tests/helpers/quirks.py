"""Quirks that are not about how an answer is written.

They change requests, refusals or records, or spoil what is said: the same facts can't come out.
"""

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
