"""The telephone exchange: one layer per file, each knowing only those below it; `simulator.pbx` puts them together."""
