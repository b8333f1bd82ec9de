"""Contacts: address books that an office has elsewhere, read once and looked up by number."""
