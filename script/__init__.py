"""The scripts that are written in Python; run them by their names in this folder."""
