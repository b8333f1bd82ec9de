"""Control interface: what a test or a person orders the PBX to do, from Python and over HTTP."""
