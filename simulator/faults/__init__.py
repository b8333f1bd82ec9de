"""Faults: which requests fail, and what a failure looks like to the one who asked."""
