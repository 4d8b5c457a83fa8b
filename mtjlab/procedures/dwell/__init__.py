"""Telegraph noise: dwell times of junctions held at given currents."""
