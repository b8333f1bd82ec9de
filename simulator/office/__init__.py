"""Offices to put into the PBX: their people, their day, their past; `simulator.scenarios` builds them."""
