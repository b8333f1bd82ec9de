"""Stand-in for the DLS Hosted PBX, written from the vendor's page."""
