"""Resistance curves under one set of control currents, and where each junction switches."""
