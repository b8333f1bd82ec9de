"""DLS Hosted PBX."""
