"""A real Asterisk behind the vendor's API."""
