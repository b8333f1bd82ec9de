"""Breaks of the code on purpose: whether the tests notice each."""
