"""Vendor API: its actions, the checks that each request passes, and the log of what was asked."""
