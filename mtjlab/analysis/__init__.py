"""What measurements tell of the junctions: critical currents, switching probabilities, maps. Pure science, no bench."""
