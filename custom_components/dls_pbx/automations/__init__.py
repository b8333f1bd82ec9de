"""Automations: what the triggers and conditions of trigger.py and condition.py are made of."""
