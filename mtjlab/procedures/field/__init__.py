"""Resistance loops against the magnetic field, critical inputs against it, and a field to work in."""
