"""Facts with an id, which the PBX keeps: call records and messages. Each is told once, whatever restarts or fails."""
