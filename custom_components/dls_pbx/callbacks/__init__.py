"""Callbacks: callers whom nobody spoke to, until somebody has."""
