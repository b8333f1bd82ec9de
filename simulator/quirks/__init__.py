"""Quirks: what the vendor's page leaves open, as switches, and what each changes of records and answers."""
