"""Resistance curves at one set of control currents, and critical currents of each junction."""
