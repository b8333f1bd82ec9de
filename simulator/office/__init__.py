"""Offices to put into the PBX: their people, their day, their past, and the scenarios that build them."""
