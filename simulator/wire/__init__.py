"""The vendor's way of writing: requests read, facts spelled, answers formatted."""
