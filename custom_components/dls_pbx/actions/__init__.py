"""Actions: the one door out. What changes the PBX is checked here, asked once, and its errors translated once."""
