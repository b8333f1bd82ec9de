"""Quirks: the readings of the vendor's page that can be switched on, and what each changes of records and answers."""
