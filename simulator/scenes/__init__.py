"""Scenes: what people do on an office day, to be played on every engine; and the simulated office's stage."""
