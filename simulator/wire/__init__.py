"""The vendor's way of writing: requests read, models spelled, answers formatted."""
