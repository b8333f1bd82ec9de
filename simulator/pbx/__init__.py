"""PBX in memory: a part per file, each on the parts that it needs; `simulator.pbx.simulated` puts them together."""
