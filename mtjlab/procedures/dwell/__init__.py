"""Telegraph noise: junctions held at given currents, and for how long each stays in each state."""
