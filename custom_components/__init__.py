"""Package, so that Home Assistant's test harness finds the integration in it."""
