"""Events: what happens at a PBX, seen while it lasts or read from a record, on its way to entities and triggers."""
