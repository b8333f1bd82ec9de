"""Coordinators: each polls one action of the PBX, keeps its models, and tells whoever listens what changed."""
