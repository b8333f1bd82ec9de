"""The statistics in the databases that Home Assistant can be given."""
