"""Records: calls and messages, which the PBX keeps under ids. Each is told once, whatever restarts or fails."""
