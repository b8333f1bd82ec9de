"""What the triggers and conditions of the automation editor are made of; trigger.py and condition.py list them."""
