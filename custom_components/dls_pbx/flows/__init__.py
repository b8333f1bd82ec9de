"""Flows: forms that set up an account, its options and its recipients of texts."""
