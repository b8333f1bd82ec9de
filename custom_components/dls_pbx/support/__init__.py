"""Support: what a user may send to strangers, so that they can play that user's PBX and meet nobody of the office."""
