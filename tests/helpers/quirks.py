"""Quirks that are not about what an answer says: they change requests, refusals or records."""

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
        "array_names",
        "body_encodings",
    }
)
