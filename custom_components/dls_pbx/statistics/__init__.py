"""Statistics: hours of calls in Home Assistant's long-term statistics, filled back and continued."""
