"""The second engine: a real Asterisk behind the vendor's API."""
